"""Reads the law of pricing and attribution of a place's year out of the rulebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

from openpbc.activity.rules import tariff as sheets
from openpbc.activity.rules.attribution import Dated, Geography, Hosting, Membership, Practice
from openpbc.activity.rules.exclusions import ReasonRule
from openpbc.activity.rules.law import PricingLaw
from openpbc.activity.rules.scheme import (
    CHOICES,
    Codes,
    ContractLine,
    ContractTerms,
    ExclusionRule,
    PaymentScheme,
    Period,
    Unbundling,
)
from openpbc.activity.rules.tariff import BestPractice, Tariff, TopUps
from openpbc.kernel.findings import Level
from openpbc.kernel.money import ppm_from_text
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table, Value

_BOOKS = 8

Terms = Mapping[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]
"""Contract terms by table name: ``contract_lines`` with columns provider, stream, pod, code, arrangement (LOCAL or
BLOCK), price (pence or None); ``contract_terms`` with columns provider, multi_professional, left_before_treatment (both
yes or no as booleans, None where the contract is silent); ``contract_unbundlings`` with columns provider, hrg, element,
deduction (pence). Any may be missing."""


def pricing_law(book: Book, terms: Terms | None = None, mff: Mapping[str, int] | None = None) -> PricingLaw:
    """Fill the whole law of pricing; a missing setting stops with the sentence that names its file.

    ``mff`` is by provider in ten-millionths; without it the place's table of providers is read.
    """
    return replace(
        _law_without_places(book),
        mff=_mff(book) if mff is None else mff,
        terms=contract_terms(terms or {}),
    )


@lru_cache(maxsize=_BOOKS)
def _law_without_places(book: Book) -> PricingLaw:
    """Read what the book says of prices once: a book never changes, and a changed file makes another book."""
    return PricingLaw(
        period=Period.of(book.place.year),
        scheme=payment_scheme(book),
        codes=_codes(book),
        exclusions=tuple(
            ExclusionRule(row["field"], row["first"], row["last"], row["reason"])
            for row in book.need_table("payment.exclusions")
        ),
        tariff=tariff_of(book),
        mff={},
        terms=ContractTerms(),
        reasons=reason_rules(book),
    )


def payment_scheme(book: Book) -> PaymentScheme:
    """Fill the single values, and refuse a word that the scheme does not know."""
    scheme = book.fill(PaymentScheme)
    for name, allowed in CHOICES.items():
        if getattr(scheme, name) not in allowed:
            where = book.need(f"payment.{name}").path
            raise UserError(
                f"'{getattr(scheme, name)}' is not a choice", where=where, do=f"Use {' or '.join(allowed)}."
            )
    return scheme


def _column(book: Book, subject: str, value: str, key: str = "code") -> dict[str, str]:
    return {code: row[value] for code, row in book.need_table(f"payment.{subject}").keyed(key).items()}


def _set(book: Book, subject: str) -> frozenset[str]:
    return frozenset(row["code"] for row in book.need_table(f"payment.{subject}"))


def _codes(book: Book) -> Codes:
    return Codes(
        admission_methods=_column(book, "admission_methods", "class"),
        patient_classes=_column(book, "patient_classes", "class"),
        attendance=_column(book, "attendance_codes", "class"),
        first_attendance=_column(book, "first_attendance_codes", "class"),
        not_consultant_led=_set(book, "not_consultant_led"),
        child_functions=_set(book, "child_functions"),
        multi_professional=_set(book, "multi_professional_codes"),
        ae_departments=_column(book, "ae_departments", "band"),
        ae_left=_set(book, "ae_left_codes"),
    )


def tariff_of(book: Book) -> Tariff:
    """Read every sheet of prices of the year, with its source."""
    admitted, attendances = book.need_table("payment.tariff_apc"), book.need_table("payment.tariff_op")
    emergency, unbundled = book.need_table("payment.tariff_ae"), book.need_table("payment.tariff_unbundled")
    bands, band_prices = sheets.read_bands(emergency, emergency.path)
    by_contact = sheets.read_prices(attendances, ("tfc", "attendance", "professionals", "age"), attendances.path)
    elements = sheets.read_prices(unbundled, ("hrg_code",), unbundled.path)
    return Tariff(
        admitted=sheets.read_admitted(admitted, admitted.path),
        attendances={(key[0], key[1], key[2], key[3]): price for key, price in by_contact.items()},
        ae_bands=bands,
        band_prices=band_prices,
        unbundled={key[0]: price for key, price in elements.items()},
        best_practice=_best_practice(book),
        topups=_topups(book),
        sources={
            "admitted": admitted.citation,
            "attendances": attendances.citation,
            "emergency": emergency.citation,
            "unbundled": unbundled.citation,
            "best_practice": book.need_table("payment.best_practice").citation,
        },
    )


def _best_practice(book: Book) -> dict[tuple[str, str, str], BestPractice]:
    table = book.need_table("payment.best_practice")
    return sheets.read_best_practice(table, table.path)


def _topups(book: Book) -> TopUps:
    rates = {row["area"]: ppm_from_text(row["rate"]) for row in book.need_table("payment.topups")}
    providers, triggers = book.need_table("payment.topup_providers"), book.need_table("payment.topup_triggers")
    for table in (providers, triggers):
        for row in table:
            if row["area"] not in rates:
                raise UserError(f"the area '{row['area']}' has no rate in payment.topups", where=table.path)
    return TopUps(
        rates,
        frozenset((row["provider"], row["area"]) for row in providers),
        tuple((row["code"], row["area"]) for row in triggers),
    )


def _mff(book: Book) -> dict[str, int]:
    providers = book.need_table("organisations.providers")
    return {row["code"]: int(row["mff_e7"]) for row in providers if row.get("mff_e7")}


def statuses(book: Book) -> tuple[str, ...]:
    """Say how firm the law is: every status that the settings and tables of the year's payment scheme have.

    A rule that the year does not have, such as a marginal rate, is not set and makes no figure less firm.
    """
    found = set()
    for id, subject in book.subjects.items():
        if id.startswith("payment."):
            answer = book.table(id) if subject.kind == "table" else book.value(id)
            if answer.is_set:
                found.add(answer.status.value)
    return tuple(sorted(found))


def reason_rules(book: Book) -> dict[str, ReasonRule]:
    """Read how each reason is told; no level means that it is no finding."""
    return {
        row["code"]: ReasonRule(row["code"], Level(row["level"]) if row["level"] else None, row["sentence"])
        for row in book.need_table("payment.reasons")
    }


def contract_terms(terms: Terms) -> ContractTerms:
    """Read the contract terms that were handed over as tables."""
    lines = tuple(
        ContractLine(
            row["provider"], row["stream"], row["pod"] or "", row["code"] or "", row["arrangement"], row["price"]
        )
        for row in _records(terms, "contract_lines")
    )
    seen: set[tuple[str, ...]] = set()
    for line in lines:
        key = (line.provider, line.stream, line.pod, line.code)
        if key in seen:
            raise UserError(f"the contract lines name '{' '.join(key)}' twice", do="Keep one line for each service.")
        seen.add(key)
    flags = _records(terms, "contract_terms")
    unbundlings = tuple(
        Unbundling(row["provider"], row["hrg"], row["element"], row["deduction"])
        for row in _records(terms, "contract_unbundlings")
    )
    if len({(x.provider, x.hrg, x.element) for x in unbundlings}) < len(unbundlings):
        raise UserError("the contracts leave one element out of a price twice", do="Keep one deduction for each.")
    return ContractTerms(
        lines,
        unbundlings,
        frozenset(row["provider"] for row in flags if row["multi_professional"]),
        {row["provider"]: row["left_before_treatment"] for row in flags if row["left_before_treatment"] is not None},
    )


def _records(terms: Terms, name: str) -> list[dict[str, Any]]:
    columns, rows = terms.get(name, ((), ()))
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _dated(row: Mapping[str, str]) -> Dated:
    days = (_day(row.get(name, "")) for name in ("valid_from", "valid_to", "known_from", "known_to"))
    return Dated(*days)


def _keyed(book: Book, subject: str, key: str) -> dict[str, dict[str, str]]:
    # The place's tables of organisations may be missing: attribution then falls through to its later steps.
    found = book.table(subject)
    return found.keyed(key) if isinstance(found, Table) else {}


class Member(Protocol):
    """A dated membership as one day's knowledge has it (``organisations.reads.Membership``); both days included."""

    @property
    def practice(self) -> str: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date: ...
    @property
    def unit(self) -> str: ...
    @property
    def budget_line(self) -> str: ...
    @property
    def commissioner(self) -> str: ...


def geography(book: Book, members: Sequence[Member] | None = None) -> Geography:
    """Fill what attribution looks things up in.

    ``members`` are the memberships as known on the day of the run; without them the book's own rows are taken, whenever
    they were known (choose among them with ``rules.attribution.as_known``).
    """
    practices, memberships = _of_book(book) if members is None else _of_members(members)
    return Geography(
        practices=practices,
        memberships=memberships,
        postcodes={
            prefix: row["commissioner"] for prefix, row in _keyed(book, "organisations.postcodes", "prefix").items()
        },
        hosts={
            code: row["coordinator"]
            for code, row in _keyed(book, "organisations.providers", "code").items()
            if row.get("coordinator")
        },
        commissioners=frozenset(_keyed(book, "organisations.commissioners", "code")),
        hostings=tuple(Hosting(row["site"], row["host"], _dated(row)) for row in book.need_table("payment.ae_hosting")),
        specialised=_column(book, "specialised_services", "commissioner", "tfc"),
        special=_column(book, "commissioner_codes", "code", "purpose"),
        private_categories=_set(book, "private_categories"),
        unregistered=_set(book, "unregistered_practices"),
        not_applicable=_not_applicable(book),
        prison_sources=_set(book, "prison_sources"),
        held=held(book),
    )


def _of_book(book: Book) -> tuple[tuple[Practice, ...], tuple[Membership, ...]]:
    found = book.table("organisations.practices")
    rows = found.rows if isinstance(found, Table) else ()
    units = {code: row["budget_line"] for code, row in _keyed(book, "organisations.units", "code").items()}
    return (
        tuple(Practice(row["code"], row["commissioner"], _dated(row)) for row in rows),
        tuple(
            Membership(row["code"], row["unit"], units.get(row["unit"], ""), _dated(row)) for row in rows if row["unit"]
        ),
    )


def _of_members(members: Sequence[Member]) -> tuple[tuple[Practice, ...], tuple[Membership, ...]]:
    dated = [(member, Dated(member.valid_from, member.valid_to)) for member in members]
    return (
        tuple(Practice(member.practice, member.commissioner, days) for member, days in dated),
        tuple(
            Membership(member.practice, member.unit, member.budget_line, days) for member, days in dated if member.unit
        ),
    )


def _not_applicable(book: Book) -> str:
    found = book.value("payment.practice_not_applicable")
    return found.text if isinstance(found, Value) else ""


def held(book: Book) -> str:
    """Give the place's word for care of patients in no unit, which the commissioner holds itself."""
    return f"{book.word('commissioner_short')}-held"
