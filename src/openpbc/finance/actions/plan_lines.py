"""Adding, changing, removing and replacing the lines of a plan's draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Max

from openpbc import audit
from openpbc.finance import models
from openpbc.finance.actions.plan_claim import Claim, PlanChanged, claim, record
from openpbc.finance.actions.plan_versions import LINE_FIELDS, write_lines
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.reads.plan_rates import rate_source
from openpbc.finance.rules import plan_versions as rule
from openpbc.finance.rules.plan_line import COMPUTED, NON_RECURRENT, PlanLine, amount_of
from openpbc.kernel.actor import Actor
from openpbc.kernel.findings import Finding
from openpbc.kernel.money import percent_text, pounds
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book

_MONEY = ("amount", "base")


@audit.action("finance.add_line")
def add_line(*, by: Actor, place: str, version: int, revision: int, line: PlanLine) -> PlanChanged:
    """Add a line to a draft; where its method computes the amount, base and rate make it."""
    claimed = claim(place, version, revision, (rule.DRAFT,))
    added = _completed(claimed.book, line)
    _refuse_faults(claimed.book, (*claimed.before.lines, added), added.code)
    last = claimed.row.lines.aggregate(last=Max("position"))["last"] or 0
    models.PlanVersionLine.objects.create(version=claimed.row, position=last + 1, **_columns(added))
    _note(claimed, None, added)
    return record(by, claimed, f"added {added.label}, {pounds(added.amount)}", added.effect)


@audit.action("finance.change_line")
def change_line(*, by: Actor, place: str, version: int, revision: int, line: PlanLine) -> PlanChanged:
    """Change the line of a draft that has the same code; what differs is written down with its effect."""
    claimed = claim(place, version, revision, (rule.DRAFT,))
    before, after = claimed.before.line(line.code), _completed(claimed.book, line)
    if before == after:
        raise UserError(f"{before.label} is already so", do="Change something, or go back.")
    _refuse_faults(claimed.book, tuple(after if each == before else each for each in claimed.before.lines), after.code)
    claimed.row.lines.filter(code=line.code).update(**_columns(after))
    _note(claimed, before, after)
    return record(by, claimed, _told(before, after), after.effect - before.effect)


@audit.action("finance.remove_line")
def remove_line(*, by: Actor, place: str, version: int, revision: int, code: str) -> PlanChanged:
    """Take a line out of a draft; the change stays on record with its effect."""
    claimed = claim(place, version, revision, (rule.DRAFT,))
    before = claimed.before.line(code)
    claimed.row.lines.filter(code=code).delete()
    _note(claimed, before, None)
    return record(by, claimed, f"removed {before.label}, {pounds(before.amount)}", -before.effect)


@audit.action("finance.replace_lines")
def replace_lines(
    *, by: Actor, place: str, version: int, revision: int, lines: Sequence[PlanLine], source: str
) -> PlanChanged:
    """Put a whole set of lines in the place of a draft's own, as a workbook brings them; ``source`` names it.

    Lines that are at fault refuse the whole set. A set that changes nothing is refused with that sentence.
    """
    claimed = claim(place, version, revision, (rule.DRAFT,))
    faults = reads.faults(reads.findings(claimed.book, lines))
    if faults:
        more = f" ({len(faults) - 1} more)" if len(faults) > 1 else ""
        raise UserError(f"row {faults[0].place.line}: {faults[0].sentence}{more}", source[:80])
    found = rule.changed(rule.differences(claimed.before.lines, tuple(lines)))
    if not found:
        raise UserError("every line is as it was; nothing was changed", source[:80])
    claimed.row.lines.all().delete()
    write_lines(claimed.row, lines)
    counts = {kind: sum(each.kind == kind for each in found) for kind in (rule.ADDED, rule.CHANGED, rule.REMOVED)}
    audit.note(subject=_subject(claimed), before=_amounts(claimed.before.lines), after=_amounts(lines), reason=source)
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return record(by, claimed, f"took the lines of {source[:200]}: {told}", sum(each.effect for each in found))


def _amounts(lines: Sequence[PlanLine]) -> dict[str, int]:
    return {line.code: line.amount for line in lines}


def _columns(line: PlanLine) -> dict[str, object]:
    return {name: getattr(line, name) for name in LINE_FIELDS}


def _completed(book: Book, line: PlanLine) -> PlanLine:
    """Take the rate from its source, unless the line is non-recurrent, and make the amount of a computed line."""
    if line.method not in COMPUTED:
        # An entered line may still say which kind of price it pays for.
        return replace(line, base=None, rate=None, rate_source=line.rate_source if line.method == "entered" else "")
    if line.rate_source and line.recurrence != NON_RECURRENT:
        line = replace(line, rate=rate_source(book, line.rate_source).ppm)
    return replace(line, amount=amount_of(line))


def _refuse_faults(book: Book, lines: Sequence[PlanLine], code: str) -> None:
    """Refuse what is at fault in one line; what is at fault elsewhere stays a finding on its page."""
    at = {number for number, line in enumerate(lines, start=1) if line.code == code}
    fault: Finding | None = next(
        (each for each in reads.faults(reads.findings(book, lines)) if each.place.line in at), None
    )
    if fault is not None:
        raise UserError(fault.sentence.removesuffix("."), fault.place.field)


def _subject(claimed: Claim) -> str:
    return f"{reads.PREFIX}/{claimed.row.place}/{claimed.row.year}/{claimed.row.number}"


def _note(claimed: Claim, before: PlanLine | None, after: PlanLine | None) -> None:
    told = [
        None if line is None else {name: value for name, value in _columns(line).items() if value not in (None, "")}
        for line in (before, after)
    ]
    audit.note(subject=_subject(claimed), before=told[0], after=told[1])


def _told(before: PlanLine, after: PlanLine) -> str:
    names = rule.Difference(after.code, before, after).fields
    told = [f"{name.replace('_', ' ')} {_value(before, name)} to {_value(after, name)}" for name in names]
    return f"changed {after.label}: {'; '.join(told)}"


def _value(line: PlanLine, name: str) -> str:
    value = getattr(line, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value in (None, ""):
        return "nothing"
    if name in _MONEY:
        return pounds(value)
    return percent_text(value, 4) if name == "rate" else f"'{value}'"
