"""Records what providers' own codes stand for; a correction is a further record, and nothing is overwritten."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.activity import reads
from openpbc.activity.flow.local_codes import is_national
from openpbc.activity.models import LocalCodeRecord
from openpbc.activity.reads import CodeRecord
from openpbc.activity.rules.local_codes import KINDS, WORDS, believed
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import moment_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

COLUMNS = ("kind", "provider", "code", "national", "valid_from", "valid_to", "reason")
LARGEST, MOST_LINES, LONGEST_CODE = 1_000_000, 10_000, 40


@dataclass(frozen=True)
class CodeMapping:
    """What is to be recorded: a code of a provider stands for a national one (for nothing, if empty) from a day."""

    kind: str
    provider: str
    code: str
    national: str
    valid_from: date
    valid_to: date | None
    reason: str


@audit.action("activity.map_code")
def map_code(*, by: Actor, place: str, mapping: CodeMapping, seen: int | None = None) -> bool:
    """Record what a code stands for; tells whether that is new. The same as was said last changes nothing.

    ``seen`` is the number of the last record that the person saw. Months that are closed take the mapping in only when
    they are reopened by a recorded decision.
    """
    fresh = _record(by, place, organisations.book(place), mapping, seen)
    if fresh is None:
        audit.nothing_changed()
        return False
    before = reads.code_history(place, fresh.kind, fresh.provider, fresh.code)[:-1]
    audit.note(
        subject=f"local-code/{place}/{fresh.kind}/{fresh.provider}/{fresh.code}",
        before=_said(before[-1]) if before else None,
        after=_said(fresh),
        reason=fresh.reason,
    )
    return True


@audit.action("activity.load_codes")
def load_codes(*, by: Actor, place: str, content: bytes) -> int:
    """Record a file of mappings, whole or not at all; gives how many were new."""
    book, new = organisations.book(place), []
    for line, mapping in enumerate(_read(content), start=2):
        try:
            fresh = _record(by, place, book, mapping, None)
        except UserError as problem:
            raise UserError(f"line {line}: {problem.what}", "file", problem.do) from problem
        if fresh is not None:
            new.append(f"{fresh.kind} {fresh.provider} {fresh.code} {fresh.number}: {fresh.national or 'nothing'}")
    if not new:
        audit.nothing_changed()
        return 0
    audit.note(subject=f"local-codes/{place}", after={"mappings": new[:500], "count": len(new)})
    return len(new)


def _record(by: Actor, place: str, book: Book, said: CodeMapping, seen: int | None) -> LocalCodeRecord | None:
    mapping = _checked(book, said)
    history = reads.code_history(place, mapping.kind, mapping.provider, mapping.code)
    last = history[-1] if history else None
    number = last.number if last else 0
    if seen is not None and seen != number:
        raise _overtaken(last)
    if last is None and not mapping.national:
        raise UserError(f"'{mapping.code}' was never mapped", "national", "Give the national code that it stands for.")
    if last is not None and _says(history, mapping):
        return None
    facts = {**vars(mapping), "number": number + 1, "known_from": timezone.now(), "recorded_by": by.name[:200]}
    try:
        with transaction.atomic():
            return LocalCodeRecord.objects.create(place=place, **facts)
    except IntegrityError as error:
        history = reads.code_history(place, mapping.kind, mapping.provider, mapping.code)
        raise _overtaken(history[-1] if history else None) from error


def _says(history: list[CodeRecord], mapping: CodeMapping) -> bool:
    """Tell whether what is believed says the same already."""
    first, last = mapping.valid_from, mapping.valid_to or date.max
    spans = [one for one in believed(each.span for each in history) if one.valid_from <= last and one.valid_to >= first]
    if not mapping.national:
        return not spans
    return any(one.national == mapping.national and one.valid_from <= first and one.valid_to >= last for one in spans)


def _checked(book: Book, said: CodeMapping) -> CodeMapping:
    if said.kind not in KINDS:
        raise UserError(f"there is no kind of code '{said.kind[:20]}'", "kind", f"Use {', '.join(KINDS)}.")
    if said.provider not in {each.code for each in organisations.providers(book.place.id)}:
        raise UserError(f"there is no provider '{said.provider[:20]}'", "provider", "Choose one of the place.")
    code = texts.line(said.code, "the provider's code", LONGEST_CODE, field="code")
    if said.kind != "site" and is_national(book, said.kind, code):
        raise UserError(f"'{code}' is a national code and stands for itself", "code", "Only local codes are mapped.")
    national = said.national.strip()
    if national and not is_national(book, said.kind, national):
        what = "of the shape of a site's code" if said.kind == "site" else "in the national list"
        raise UserError(f"'{national[:20]}' is not {what}", "national", f"Give a code for {WORDS[said.kind].lower()}.")
    if national == code:
        raise UserError("a code cannot stand for itself", "national", "Give another code.")
    if said.valid_to is not None and said.valid_to < said.valid_from:
        raise UserError("the last day lies before the first", "valid_to", "Give a later day, or none.")
    return replace(said, code=code, national=national, reason=texts.passage(said.reason, "the reason", field="reason"))


def _overtaken(last: CodeRecord | None) -> Stale:
    who = ""
    if last is not None:
        when = moment_text(timezone.localtime(last.known_from))
        who = f": {last.recorded_by} mapped it to {last.national or 'nothing'} on {when}"
    return Stale(f"somebody else recorded this code meanwhile{who}", "code", "Look again.")


def _said(record: LocalCodeRecord | CodeRecord) -> dict[str, str]:
    return {name: str(getattr(record, name) or "") for name in ("number", "national", "valid_from", "valid_to")}


def _read(content: bytes) -> list[CodeMapping]:
    """Read a file of mappings, by the names in its first line."""
    if len(content) > LARGEST:
        raise UserError("the file is larger than a file of mappings can be", "file", "Send the mappings alone.")
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UserError("the file is not comma-separated text in UTF-8", "file", "Save it as CSV in UTF-8.") from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise UserError("the first line does not name the columns", "file", f"It must be {','.join(COLUMNS)}.")
    if len(rows) > MOST_LINES:
        raise UserError(f"there are more than {MOST_LINES:,} lines", "file", "Send fewer at once.")
    return [_line(number, row) for number, row in enumerate(rows[1:], start=2)]


def _line(number: int, row: list[str]) -> CodeMapping:
    if len(row) != len(COLUMNS):
        raise UserError(f"line {number} has {len(row)} fields", "file", f"Give {len(COLUMNS)}.")
    said = dict(zip(COLUMNS, (text.strip() for text in row), strict=True))
    try:
        first = date.fromisoformat(said["valid_from"])
        last = date.fromisoformat(said["valid_to"]) if said["valid_to"] else None
    except ValueError as error:
        raise UserError(f"line {number}: a day is none", "file", "Write days as YYYY-MM-DD.") from error
    return CodeMapping(said["kind"], said["provider"], said["code"], said["national"], first, last, said["reason"])


@audit.action("activity.show_codes")
def show_codes(*, by: Actor, place: str) -> None:
    """Record a SYNTHETIC code of one provider and its correction, for a demonstration; again it changes nothing."""
    book = organisations.book(place)
    provider, first = organisations.providers(place)[0].code, book.place.year.first
    if reads.code_history(place, "tfc", provider, "SYN1"):
        audit.nothing_changed()
        return
    specialties = [row["code"] for row in book.need_table("data.codes.tfc")][:2]
    for national, why in zip(specialties, ("as the provider's list says", "its list was out of date"), strict=True):
        said = CodeMapping("tfc", provider, "SYN1", national, first, None, f"SYNTHETIC: {why}")
        _record(by, place, book, said, None)
    audit.note(subject=f"local-codes/{place}", after={"shown": specialties}, reason="SYNTHETIC demonstration")
