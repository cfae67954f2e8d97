"""Writes of the incentive scheme: its competencies, what groups have shown, and crediting what they earned."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from openpbc import audit
from openpbc.finance import models
from openpbc.finance.actions.ledger import post
from openpbc.finance.actions.posting import Posted, one_writer
from openpbc.finance.actions.revisions import added, change, signed, written
from openpbc.finance.reads import incentives as reads
from openpbc.finance.rules.incentives import BASES, LEVELS
from openpbc.finance.rules.ledger import UNALLOCATED, Entry
from openpbc.kernel.actor import Actor
from openpbc.kernel.money import pounds
from openpbc.kernel.problems import UserError
from openpbc.kernel.texts import one_of
from openpbc.organisations import reads as organisations


@audit.action("finance.write_competency")
def write_competency(
    *,
    by: Actor,
    place: str,
    title: str,
    basis: str,
    amount: int | None,
    part_pays: bool,
    code: str = "",
    revision: int = 0,
) -> str:
    """Add a competency to the scheme, or change the one with a code; an empty amount means that it is not set."""
    year, words = str(organisations.book(place).place.year), written("title", title)
    one_of("basis", basis, BASES)
    if amount is not None and amount < 0:
        raise UserError("an incentive may not be below nought", where="amount", do="Give nought or more.")
    facts = {"title": words, "basis": basis, "amount": amount, "part_pays": part_pays}
    rows = models.SchemeCompetency.objects.filter(place=place, year=year)
    if code:
        change(rows.filter(code=code), f"competency {code}", by=by, revision=revision, **facts)
    else:
        code = added(rows, "C", rows.count(), place=place, year=year, revision=1, **signed(by), **facts)
    audit.note(subject=f"incentive-scheme/{place}/{year}/{code}", after=facts)
    return code


@audit.action("finance.record_achievement")
def record_achievement(*, by: Actor, place: str, unit: str, code: str, level: str, evidence: str) -> None:
    """Record what a unit has shown of a competency, with its evidence; earlier records stay."""
    book = organisations.book(place)
    row = models.SchemeCompetency.objects.filter(place=place, year=str(book.place.year), code=code).first()
    if row is None:
        raise UserError(f"the scheme has no competency '{code[:20]}'", where="code", do="Choose one from the list.")
    reads.unit_of(book, unit)
    one_of("level", level, LEVELS)
    models.Achievement.objects.create(
        competency=row,
        unit=unit,
        level=level,
        evidence=written("evidence", evidence),
        recorded_by=by.name[:200],
        recorded_at=timezone.now(),
    )
    audit.note(subject=f"incentive-scheme/{place}/{row.year}/{code}/{unit}", after={"level": level}, reason=evidence)


@audit.action("finance.credit_incentive")
def credit_incentive(
    *, by: Actor, place: str, unit: str, pence: int, on: date, source: str = UNALLOCATED, seen: int | None = None
) -> Posted:
    """Credit a unit with what it earned, out of money that is held; never more than it earned and was not credited."""
    book = organisations.book(place)
    one_writer(place, str(book.place.year))  # what is earned is credited once, also when two do it at once
    result = reads.result_of(book, reads.unit_of(book, unit))
    if pence <= 0:
        raise UserError("nothing would be credited", where="pence", do="Give a sum in pounds.")
    if pence > result.to_credit:
        raise UserError(
            f"{result.unit.name} has earned {pounds(result.to_credit)} that is not credited yet",
            where="pence",
            do=f"Credit at most {pounds(result.to_credit)}.",
        )
    account = reads.account_of(unit)
    return post(
        by=by,
        place=place,
        kind="incentive",
        entries=(Entry(source, -pence), Entry(account, pence)),
        on=on,
        reason=f"Incentive scheme: {result.unit.name} earned {pounds(result.earned)}",
        source=reads.source_of(unit),
        seen=None if seen is None else {account: seen},
    )
