"""Lays down, as small tables, what checks and attribution look up: code lists, registers, rules of the book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openpbc.activity.flow.canonical import LISTS
from openpbc.activity.flow.code_lists import lay_code_lists
from openpbc.activity.rules.checks import EXCLUDES, Lists, Span
from openpbc.kernel.findings import Level
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value
from openpbc.warehouse.session import Session

RESIDENCE_ONLY = "residence only"
LEVELS: tuple[str, ...] = (*(level.value for level in Level), EXCLUDES)


@dataclass(frozen=True)
class MemberRow:
    """One dated membership as attribution needs it; dates are included at both ends."""

    practice: str
    valid_from: date
    valid_to: date
    unit: str
    budget_line: str
    commissioner: str
    postcode: str


@dataclass(frozen=True)
class CheckRule:
    """One rule of ``data.checks``: its weight (F, E, W, or X for one that excludes) and its sentence."""

    code: str
    level: str
    stream: str
    sentence: str


def check_rules(book: Book) -> dict[str, CheckRule]:
    """Read the rules by code; a weight that is none names the file."""
    table = book.need_table("data.checks")
    rules = {row["code"]: CheckRule(row["code"], row["severity"], row["stream"], row["sentence"]) for row in table}
    for rule in rules.values():
        if rule.level not in LEVELS:
            raise UserError(
                f"'{rule.level}' is not a severity", f"{table.path} {rule.code}", f"Use {', '.join(LEVELS)}."
            )
    return rules


def lists_of(book: Book, members: Sequence[MemberRow], *, by_place: bool) -> Lists:
    """Gather everything that checks look up; ``by_place`` when any file is judged by the place's registers."""
    stand_ins = {(row["field"], row["code"]) for row in book.need_table("data.checks.stand_ins")}
    codes: dict[str, dict[str, Span]] = {
        field: {
            row["code"]: Span(
                _day(row["valid_from"], date.min), _day(row["valid_to"], date.max), (field, row["code"]) in stand_ins
            )
            for row in book.need_table(f"data.codes.{field}")
        }
        for field in LISTS
    }
    for row in book.need_table("data.codes.default"):
        if row["field"] == "practice":
            codes.setdefault("practice", {})[row["code"]] = Span(stands_in=True)
        if row["treatment"] == RESIDENCE_ONLY:
            codes.setdefault("commissioner", {})[row["code"]] = Span()
    for row in book.need_table("data.checks.exclusions"):
        codes.setdefault(row["rule"], {})[row["code"]] = Span()
    for row in book.need_table("data.contract.pods"):
        codes.setdefault(f"pod.{row['kind']}", {})[row["code"]] = Span()
    practices: dict[str, tuple[Span, ...]] = {}
    for member in sorted(members, key=lambda m: (m.practice, m.valid_from)):
        practices[member.practice] = (*practices.get(member.practice, ()), Span(member.valid_from, member.valid_to))
    return Lists(codes, _providers(book) if by_place else frozenset(), practices, _ungrouped(book), _group(book))


def provider_codes(book: Book) -> list[str]:
    """Give the codes of the place's providers; a place without a table of them cannot judge its files."""
    return sorted(_providers(book))


def _providers(book: Book) -> frozenset[str]:
    return frozenset(row["code"] for row in book.need_table("organisations.providers"))


def _ungrouped(book: Book) -> str | None:
    found = book.value("payment.hrg_ungrouped")
    return found.text if isinstance(found, Value) else None


def _group(book: Book) -> str | None:
    """Give the shape with which a tariff code starts: that of any resource group of the year."""
    shapes = [book.value(f"payment.{name}") for name in ("hrg_format", "ae_hrg_format")]
    told = [shape.text for shape in shapes if isinstance(shape, Value)]
    return "|".join(told) or None


def _day(text: str, otherwise: date) -> date:
    return date.fromisoformat(text) if text else otherwise


def lay_check_tables(session: Session, lists: Lists, levels: Mapping[str, str]) -> None:
    """Lay down what the checks look up, with days as the texts that the checks compare; ``levels`` weigh the rules."""
    lay_code_lists(session, lists)
    session.table(
        "check_code",
        {**_text("field", "code", "first_day", "last_day"), "stands_in": "BOOLEAN"},
        [
            (field, code, span.first.isoformat(), span.last.isoformat(), span.stands_in)
            for field, codes in sorted(lists.codes.items())
            for code, span in sorted(codes.items())
        ],
    )
    session.table("check_provider", _text("provider"), [(code,) for code in sorted(lists.providers)])
    session.table(
        "check_practice",
        _text("practice", "first_day", "last_day"),
        [
            (practice, span.first.isoformat(), span.last.isoformat())
            for practice, spans in sorted(lists.practices.items())
            for span in spans
        ],
    )
    shape = None if lists.ungrouped is None else f"^({lists.ungrouped})$"
    session.table("check_ungrouped", _text("shape"), [(shape,)])
    session.table("check_group", _text("shape"), [(None if lists.group is None else f"^({lists.group})",)])
    session.table("check_rule", _text("rule", "level"), sorted(levels.items()))


def lay_places(session: Session, book: Book, members: Sequence[MemberRow]) -> None:
    """Lay down the reference tables of the place, with the columns that ``flow`` describes."""
    dated = {"valid_from": "DATE", "valid_to": "DATE"}
    ordered = sorted(members, key=lambda m: (m.practice, m.valid_from))
    session.table(
        "memberships",
        _text("practice", "unit", "budget_line") | dated,
        [(m.practice, m.unit, m.budget_line, m.valid_from, m.valid_to) for m in ordered if m.unit],
    )
    session.table(
        "practices",
        _text("practice", "commissioner", "postcode") | dated,
        [(m.practice, m.commissioner, m.postcode, m.valid_from, m.valid_to) for m in ordered],
    )
    session.table(
        "providers",
        {**_text("provider", "name"), "mff_e7": "BIGINT", "coordinator": "VARCHAR"},
        [
            (row["code"], row["name"], int(row["mff_e7"]) if row.get("mff_e7") else None, row.get("coordinator", ""))
            for row in _rows(book, "organisations.providers")
        ],
    )
    session.table(
        "postcodes",
        _text("prefix", "commissioner"),
        [(row["prefix"], row["commissioner"]) for row in _rows(book, "organisations.postcodes")],
    )
    session.table(
        "commissioners",
        _text("commissioner", "name"),
        [(row["code"], row["name"]) for row in _rows(book, "organisations.commissioners")],
    )


def _rows(book: Book, subject: str) -> Iterable[Mapping[str, str]]:
    found = book.table(subject)
    return () if isinstance(found, NotSet) else found.rows


def _text(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "VARCHAR")
