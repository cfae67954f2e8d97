"""SYNTHETIC agreements for a demonstration: one held alone, a joint one, one that lapsed, and a draft in its place."""

from __future__ import annotations

from datetime import date

from openpbc import audit
from openpbc.contracts import models
from openpbc.contracts.actions.agreements import activate_agreement, record_of_agreement, write_agreement
from openpbc.contracts.rules.agreements import COMPACT, JOINT, MEETING, OWN, REVIEW, STATUTORY, VOLUNTARY
from openpbc.kernel.actor import Actor
from openpbc.organisations import reads as organisations
from openpbc.rulebook.values import Table

HELD_WITH = "Adult Care Services"


@audit.action("contracts.demonstrate_agreements")
def demonstrate_agreements(*, by: Actor, place: str) -> int:
    """Fill the register of a place that has contracts, and give how many agreements it holds; once only."""
    book = organisations.book(place)
    has_contracts = isinstance(book.table("contracts.register"), Table)
    if not has_contracts or models.Agreement.objects.filter(place=place).exists():
        audit.nothing_changed()
        return 0
    year = book.place.year
    ended = year.first.replace(month=9, day=30)
    begins = year.first.replace(month=10, day=1)
    three_years = year.next.next.last
    carers = write_agreement(
        by=by, place=place, title="SYNTHETIC support for carers", partner="SYNTHETIC carers' centre", sector=VOLUNTARY,
        holder=JOINT, held_with=HELD_WITH, starts=year.first, ends=three_years, pence_a_year=186_000_00,
    )  # fmt: skip
    advice = write_agreement(
        by=by, place=place, title="SYNTHETIC advice in practices", partner="SYNTHETIC advice bureau", sector=VOLUNTARY,
        holder=OWN, starts=year.previous.first, ends=ended, pence_a_year=54_500_00,
        term_reason="SYNTHETIC: a trial, agreed for eighteen months",
    )  # fmt: skip
    transport = write_agreement(
        by=by, place=place, title="SYNTHETIC transport to day care", partner="SYNTHETIC volunteer drivers",
        sector=VOLUNTARY, holder=OWN, starts=year.previous.first, ends=ended, pence_a_year=31_250_00,
        term_reason="SYNTHETIC: run on until the routes were reviewed",
    )  # fmt: skip
    equipment = write_agreement(
        by=by, place=place, title="SYNTHETIC community equipment", partner=HELD_WITH, sector=STATUTORY, holder=JOINT,
        held_with=HELD_WITH, starts=year.first, ends=three_years,
    )  # fmt: skip
    _looked_at(by, place, (carers, advice, transport), year.previous.first.replace(month=11, day=20))
    for code in (carers, advice, transport, equipment):
        _activate(by, place, code)
    later = write_agreement(
        by=by, place=place, title="SYNTHETIC advice in practices, new form of contract",
        partner="SYNTHETIC advice bureau", sector=VOLUNTARY, holder=OWN, starts=begins, ends=three_years,
        pence_a_year=57_000_00,
    )  # fmt: skip
    _replace(by, place, advice, later)
    audit.note(subject=f"place/{place}", after={"agreements": 5})
    return 5


def _looked_at(by: Actor, place: str, codes: tuple[str, ...], on: date) -> None:
    for code in codes:
        record_of_agreement(by=by, place=place, code=code, kind=COMPACT, on=on, in_order=True,
                            note="SYNTHETIC: checked against each principle")  # fmt: skip
    for code in codes[:2]:
        record_of_agreement(by=by, place=place, code=code, kind=REVIEW, on=on, in_order=True,
                            note="SYNTHETIC: reviewed with those who use it")  # fmt: skip
    record_of_agreement(by=by, place=place, code=codes[0], kind=MEETING, on=on.replace(month=12), in_order=True,
                        note="SYNTHETIC: met, and nothing is open")  # fmt: skip


def _activate(by: Actor, place: str, code: str) -> None:
    revision = models.Agreement.objects.get(place=place, code=code).revision
    activate_agreement(by=by, place=place, code=code, revision=revision)


def _replace(by: Actor, place: str, code: str, by_code: str) -> None:
    row = models.Agreement.objects.get(place=place, code=code)
    names = ("title", "partner", "sector", "holder", "held_with", "starts", "ends", "pence_a_year", "term_reason")
    facts = {name: getattr(row, name) for name in names}
    write_agreement(by=by, place=place, code=code, revision=row.revision, replaced_by=by_code, **facts)
