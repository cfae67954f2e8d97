"""What people settle about measures: peer groups, entered values, targets with a provider, actions about a miss."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import FinancialYear, Month
from openpbc.kernel.problems import Stale, UserError
from openpbc.measures.models import EnteredValue, LocalTarget, PeerGroup, VarianceTask
from openpbc.measures.reads.entered import PPM, entered_value
from openpbc.measures.reads.peers import MAIN, peer_versions
from openpbc.measures.reads.values import measure_of
from openpbc.measures.rules.declaring import Measure, Shown
from openpbc.measures.rules.quartiles import METHODS
from openpbc.measures.rules.rates import WILSON
from openpbc.measures.rules.targets import BEST_QUARTER, KINDS, WAIVED
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

FEWEST_PEERS = 2


@audit.action("measures.agree_peers")
def agree_peers(
    *,
    by: Actor,
    place: str,
    title: str,
    providers: Sequence[str],
    method: str,
    reason: str,
    seen: int,
    first: Month | None = None,
    last: Month | None = None,
) -> int:
    """Agree a peer group as its next version; ``seen`` is the version that the person saw (0: none)."""
    codes = tuple(dict.fromkeys(code.strip().upper() for code in providers if code.strip()))
    if len(codes) < FEWEST_PEERS:
        raise UserError("a peer group needs two providers at least", where="providers", do="Give their codes.")
    if method not in METHODS:
        raise UserError("this is no way of finding a quartile", where="method", do=f"Use {' or '.join(METHODS)}.")
    if (first is None) != (last is None) or (first and last and last < first):
        raise UserError("a period needs a first and a last month in order", where="first", do="Give both, or neither.")
    held = peer_versions(place)
    if (held[0].version if held else 0) != seen:
        raise _overtaken(f"{held[0].by} agreed version {held[0].version} meanwhile: {held[0].reason}", "title")
    facts = {"title": title, "providers": list(codes), "method": method, "reason": reason}
    facts |= {"first": str(first or ""), "last": str(last or "")}
    try:
        PeerGroup.objects.create(place=place, code=MAIN, version=seen + 1, by=by.name[:200], at=timezone.now(), **facts)
    except IntegrityError as error:
        raise _overtaken("somebody else agreed a version meanwhile", "title") from error
    before = {"version": seen, "providers": list(held[0].providers)} if held else None
    audit.note(subject=f"peers/{place}/{seen + 1}", before=before, after=facts, reason=reason)
    return seen + 1


def _overtaken(what: str, where: str) -> Stale:
    return Stale(what, where=where, do="Look again; nothing of yours was kept.")


@audit.action("measures.enter_value")
def enter_value(
    *,
    by: Actor,
    place: str,
    measure: str,
    period: str,
    numerator: int,
    denominator: int,
    source: str,
    provider: str = "",
    seen: int = 0,
) -> int:
    """Enter a value for a provider (or the place) and a month or year; ``seen`` is the number that it corrects."""
    book = organisations.book(place)
    declared = _declared(book, measure)
    period = _period(period)
    _check_provider(place, provider)
    _check_numbers(declared, numerator, denominator)
    held = entered_value(place, measure, provider, period)
    if (held.number if held else 0) != seen:
        told = (
            f"{held.by} entered {held.numerator:,} out of {held.denominator:,} ({held.source})" if held else "none is"
        )
        raise _overtaken(f"there is a value for {period} already: {told}", "numerator")
    try:
        EnteredValue.objects.create(
            place=place, measure=measure, provider=provider, period=period, number=seen + 1, numerator=numerator,
            denominator=denominator, source=source, by=by.name[:200], at=timezone.now(),
        )  # fmt: skip
    except IntegrityError as error:
        raise _overtaken("somebody else entered a value meanwhile", "numerator") from error
    audit.note(
        subject=f"measure-value/{place}/{measure}/{provider or 'place'}/{period.replace('/', '-')}",
        before={"numerator": held.numerator, "denominator": held.denominator} if held else None,
        after={"numerator": numerator, "denominator": denominator, "source": source},
    )
    return seen + 1


def _declared(book: Book, measure: str) -> Measure:
    found = measure_of(book, measure)
    if found is None:
        raise UserError(f"there is no measure '{measure[:20]}'", do="Choose one from the list of measures.")
    return found


def _period(text: str) -> str:
    """Read a month (2008-04) or, with a stroke, a year (2007/08)."""
    try:
        return FinancialYear.parse(text).label if "/" in text else str(Month.parse(text))
    except UserError as error:
        raise UserError(error.what, where="period", do="Write a month as 2008-04 or a year as 2007/08.") from error


def _check_provider(place: str, provider: str) -> None:
    if provider and provider not in {each.code for each in organisations.providers(place)}:
        raise UserError(f"there is no provider '{provider[:20]}'", where="provider", do="Choose one from the list.")


def _check_numbers(measure: Measure, numerator: int, denominator: int) -> None:
    if measure.shown is not Shown.COUNT and denominator == 0:
        raise UserError("a rate needs something to be counted out of", where="denominator", do="Give the denominator.")
    if measure.interval == WILSON and numerator > denominator:
        raise UserError("the part is larger than the whole", where="numerator", do="Check both numbers.")


@audit.action("measures.agree_target")
def agree_target(
    *, by: Actor, place: str, measure: str, provider: str, kind: str, rate: Fraction | None, reason: str, seen: int
) -> int:
    """Agree a target with a provider, or waive it for a reason; ``seen`` is the number of what was agreed before."""
    _declared(organisations.book(place), measure)
    _check_provider(place, provider)
    if kind not in KINDS:
        raise UserError("this is no kind of target", where="kind", do="Choose one from the list.")
    if (rate is None) != (kind in (BEST_QUARTER, WAIVED)):
        need = "takes no number" if rate is not None else "needs a number"
        raise UserError(f"a target of this kind {need}", where="rate", do="Change the kind or the number.")
    rows = LocalTarget.objects.filter(place=place, measure=measure, provider=provider)
    last = rows.order_by("-number").first()
    if (last.number if last else 0) != seen:
        raise _overtaken(f"{last.by if last else 'somebody'} agreed another target meanwhile", "kind")
    ppm = None if rate is None else _ppm(rate)
    try:
        LocalTarget.objects.create(
            place=place, measure=measure, provider=provider, number=seen + 1, kind=kind, ppm=ppm, reason=reason,
            by=by.name[:200], at=timezone.now(),
        )  # fmt: skip
    except IntegrityError as error:
        raise _overtaken("somebody else agreed a target meanwhile", "kind") from error
    audit.note(
        subject=f"measure-target/{place}/{measure}/{provider}",
        before={"kind": last.kind, "ppm": last.ppm} if last else None,
        after={"kind": kind, "ppm": ppm},
        reason=reason,
    )
    return seen + 1


def _ppm(rate: Fraction) -> int:
    scaled = rate * PPM
    if scaled.denominator != 1:
        raise UserError("the number is finer than a millionth", where="rate", do="Give at most six decimals.")
    return int(scaled)


@audit.action("measures.set_task")
def set_task(
    *, by: Actor, place: str, measure: str, provider: str, month: str, what: str, owner: str, due: date
) -> int:
    """Open an action about a provider that misses a target."""
    _declared(organisations.book(place), measure)
    _check_provider(place, provider)
    rows = VarianceTask.objects.filter(place=place, measure=measure, provider=provider)
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        VarianceTask.objects.create(
            place=place, measure=measure, provider=provider, number=number, month=month, what=what, owner=owner,
            due=due, by=by.name[:200], at=timezone.now(),
        )  # fmt: skip
    except IntegrityError as error:
        raise _overtaken("somebody else opened an action meanwhile", "what") from error
    audit.note(
        subject=f"measure-task/{place}/{measure}/{provider}/{number}",
        after={"what": what, "owner": owner, "due": due.isoformat()},
    )
    return number


@audit.action("measures.end_task")
def end_task(*, by: Actor, place: str, measure: str, provider: str, number: int, outcome: str) -> None:
    """End an action with what came of it; whoever ends it second is told who was first."""
    rows = VarianceTask.objects.filter(place=place, measure=measure, provider=provider, number=number)
    ended = rows.filter(ended_at__isnull=True).update(outcome=outcome, ended_by=by.name[:200], ended_at=timezone.now())
    if not ended:
        last = rows.first()
        if last is None:
            raise UserError("there is no such action", do="Look at the measure again.")
        raise _overtaken(f"{last.ended_by} has ended it already: {last.outcome}", "outcome")
    audit.note(subject=f"measure-task/{place}/{measure}/{provider}/{number}", after={"outcome": outcome})
