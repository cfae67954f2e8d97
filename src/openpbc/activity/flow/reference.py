"""Lays down, as small tables, what checks and attribution look up: code lists, registers, rules of the book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openpbc.activity.flow.canonical import LISTS
from openpbc.kernel.findings import Level
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value
from openpbc.warehouse.session import Session

_FIRST, _LAST = "0001-01-01", "9999-12-31"
EXCLUDES = "X"
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


@dataclass(frozen=True, order=True)
class ListedCode:
    """A code of a list with the days on which it is valid; ``stands_in`` marks one that stands for *not known*."""

    field: str
    code: str
    first_day: str = _FIRST
    last_day: str = _LAST
    stands_in: bool = False


def listed_codes(book: Book) -> list[ListedCode]:
    """Gather every list that a check looks up, sorted; stand-in codes are part of their lists."""
    stand_ins = {(row["field"], row["code"]) for row in book.need_table("data.checks.stand_ins")}
    found = {
        ListedCode(
            field, row["code"], row["valid_from"] or _FIRST, row["valid_to"] or _LAST, (field, row["code"]) in stand_ins
        )
        for field in LISTS
        for row in book.need_table(f"data.codes.{field}")
    }
    for row in book.need_table("data.codes.default"):
        if row["field"] == "practice":
            found.add(ListedCode("practice", row["code"], stands_in=True))
        if row["treatment"] == RESIDENCE_ONLY:
            found.add(ListedCode("commissioner", row["code"]))
    found |= {ListedCode(row["rule"], row["code"]) for row in book.need_table("data.checks.exclusions")}
    return sorted(found)


def provider_codes(book: Book) -> list[str]:
    """Give the codes of the place's providers; a place without a table of them cannot judge its files."""
    return sorted({row["code"] for row in book.need_table("organisations.providers")})


def ungrouped_shape(book: Book) -> str | None:
    """Give the shape of the year's codes for *ungrouped*, or None where the year has none."""
    found = book.value("payment.hrg_ungrouped")
    return f"^({found.text})$" if isinstance(found, Value) else None


def lay_check_tables(session: Session, book: Book, members: Sequence[MemberRow], *, by_place: bool) -> None:
    """Lay down what the checks look up; ``by_place`` when any file is judged by the place's registers."""
    codes = listed_codes(book)
    session.table(
        "check_code",
        {**_text("field", "code", "first_day", "last_day"), "stands_in": "BOOLEAN"},
        [(c.field, c.code, c.first_day, c.last_day, c.stands_in) for c in codes],
    )
    providers = provider_codes(book) if by_place else []
    session.table("check_provider", _text("provider"), [(code,) for code in providers])
    session.table(
        "check_practice",
        _text("practice", "first_day", "last_day"),
        sorted({(m.practice, m.valid_from.isoformat(), m.valid_to.isoformat()) for m in members}),
    )
    session.table("check_ungrouped", _text("shape"), [(ungrouped_shape(book),)])
    rules = check_rules(book)
    session.table("check_rule", _text("rule", "level"), [(rule.code, rule.level) for rule in rules.values()])


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
