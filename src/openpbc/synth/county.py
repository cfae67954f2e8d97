"""What the rulebook says of the invented county, read once into whole numbers. A place without it cannot be made up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openpbc.kernel.money import apply_ppm, pence_from_text, ppm_from_percent
from openpbc.kernel.periods import FinancialYear, Month
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table

KINDS = {"planned": "apc", "unplanned": "apc", "appointments": "op", "walk_in": "ae"}
STREAMS = ("apc", "op", "ae")
NO_PRACTICE = "P99999"  # of the right shape, and in no list

Row = Mapping[str, str]


@dataclass(frozen=True)
class Practice:
    """A practice as it stands in one stretch of days; ``outward`` is the first half of its postcode."""

    code: str
    unit: str
    commissioner: str
    outward: str
    people: int
    first: date
    last: date

    def open_through(self, month: Month) -> bool:
        """Tell whether the practice stands like this on every day of the month."""
        return self.first <= month.first and month.last <= self.last


@dataclass(frozen=True)
class Group:
    """A resource group of the tariff: prices in pence and trim points in days, None where there is none."""

    code: str
    day_case: int | None
    ordinary: int | None
    unplanned: int | None
    procedure: int | None
    ordinary_trim: int | None
    unplanned_trim: int | None
    per_day: int
    short_stay: int | None  # the reduced price of a short emergency stay, where it applies


@dataclass(frozen=True)
class County:
    """Everything that the generator needs; ``tables`` holds the pack's rows by their short name."""

    place: str
    commissioner: str
    neighbours: tuple[str, ...]
    year: FinancialYear
    holidays: frozenset[date]
    practices: tuple[Practice, ...]
    providers: tuple[str, ...]
    groups: tuple[Group, ...]
    tables: Mapping[str, tuple[Row, ...]]
    prices: Mapping[str, tuple[Row, ...]]  # op and ae tariffs, local prices and contracts
    mff: Mapping[str, int]  # ten-millionths by provider, where the commissioner pays it
    limits: Mapping[str, int]  # ages and days at which the payment scheme changes its price

    def numbers(self, table: str, key: str, column: str) -> dict[str, int]:
        """Give one column of a pack table as whole numbers by another column."""
        return {row[key]: int(row[column]) for row in self.tables[table]}

    @property
    def rates(self) -> dict[str, int]:
        """The shares of records with a feature, in parts per million."""
        return self.numbers("rates", "code", "ppm")

    @property
    def flows(self) -> dict[tuple[str, str], Row]:
        """Where the people of each unit go: (unit, provider) -> row of per-thousand shares by stream."""
        return {(row["unit"], row["provider"]): row for row in self.tables["flows"]}

    def closed_before(self, month: Month) -> str:
        """Give a practice that has closed by the month's first day, or a code that no practice has."""
        still = {practice.code for practice in self.practices if practice.last >= month.first}
        closed = sorted({practice.code for practice in self.practices} - still)
        return closed[0] if closed else NO_PRACTICE

    @property
    def fingerprint(self) -> str:
        """Give a checksum of everything in the rulebook that shapes the files."""
        body = [
            [self.place, self.commissioner, self.neighbours, str(self.year), self.providers],
            [dict(self.tables), dict(self.prices), dict(self.mff), dict(self.limits)],
            [sorted(map(str, self.holidays)), [str(thing) for thing in (*self.practices, *self.groups)]],
        ]
        return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()

    def practices_in(self, month: Month) -> tuple[Practice, ...]:
        """Give the practices that stand unchanged through a month, by code."""
        return tuple(practice for practice in self.practices if practice.open_through(month))


_PACK = (
    "volumes flows seasons week rates people chapters stay clinics referrals attendances ethnicity quality faults "
    "negotiation"
).split()
_LIMITS = ("sse_age_from", "sse_below_days", "child_below_age")


def read_county(book: Book) -> County:
    """Read the county of a place; what the rulebook leaves open stops it with the sentence that names the file."""
    tables = {name: book.need_table(f"synth.{name}").rows for name in _PACK}
    holidays = frozenset(date.fromisoformat(row["date"]) for row in book.need_table("calendar.bank_holidays").rows)
    known = {row["code"] for row in book.need_table("organisations.providers").rows}
    providers = tuple(sorted({row["provider"] for row in tables["flows"]}))
    strange = [code for code in providers if code not in known]
    if strange:
        raise UserError(
            f"the provider {strange[0]} is not among the place's providers",
            where=book.need_table("synth.flows").path,
            do="Use the codes of organisations/providers.",
        )
    return County(
        place=book.place.id,
        commissioner=book.place.commissioner,
        neighbours=tuple(code for code in _commissioners(book) if code != book.place.commissioner),
        year=book.place.year,
        holidays=holidays,
        practices=_practices(book.need_table("organisations.practices")),
        providers=providers,
        groups=_groups(book.need_table("payment.tariff_apc")),
        tables=tables,
        prices={
            "op": book.need_table("payment.tariff_op").rows,
            "ae": book.need_table("payment.tariff_ae").rows,
            "local": book.need_table("contracts.local_prices").rows,
            "contracts": book.need_table("contracts.register").rows,
        },
        mff=_factors(book),
        limits={
            name: book.need(f"payment.{name}").int for name in ("sse_age_from", "sse_below_days", "child_below_age")
        },
    )


def _factors(book: Book) -> dict[str, int]:
    if book.need("payment.mff_payer").text != "COMMISSIONER":
        return {}
    return {row["code"]: int(row["mff_e7"]) for row in book.need_table("organisations.providers").rows if row["mff_e7"]}


def _commissioners(book: Book) -> list[str]:
    return sorted(row["code"] for row in book.need_table("organisations.commissioners").rows)


def _practices(table: Table) -> tuple[Practice, ...]:
    current = [row for row in table.rows if not row["known_to"]]
    return tuple(
        sorted(
            (
                Practice(
                    code=row["code"],
                    unit=row["unit"],
                    commissioner=row["commissioner"],
                    outward=row["postcode"].split(" ")[0],
                    people=int(row["list_size"]),
                    first=date.fromisoformat(row["valid_from"] or "0001-01-01"),
                    last=date.fromisoformat(row["valid_to"] or "9999-12-31"),
                )
                for row in current
            ),
            key=lambda practice: (practice.code, practice.first),
        )
    )


def _groups(table: Table) -> tuple[Group, ...]:
    return tuple(_group(row) for row in sorted(table.rows, key=lambda row: row["hrg_code"]))


def _group(row: Row) -> Group:
    combined, unplanned = pence(row, "combined_dc_el_price"), pence(row, "nel_price")
    return Group(
        code=row["hrg_code"],
        day_case=combined if combined is not None else pence(row, "dc_price"),
        ordinary=combined if combined is not None else pence(row, "el_price"),
        unplanned=unplanned,
        procedure=pence(row, "op_procedure_price"),
        ordinary_trim=_days(row, "el_trim"),
        unplanned_trim=_days(row, "nel_trim"),
        per_day=pence(row, "per_day_long_stay") or 0,
        short_stay=_short_stay(row, unplanned),
    )


def _short_stay(row: Row, unplanned: int | None) -> int | None:
    if row["sse_applies"] != "Yes" or unplanned is None:
        return None
    fixed, share = pence(row, "sse_price"), row["sse_pct"].strip()
    return fixed if fixed is not None or share in ("", "-") else apply_ppm(unplanned, ppm_from_percent(share))


def pence(row: Row, column: str) -> int | None:
    """Read a price of a pack table in pence; a dash or an empty cell is no price."""
    text = row.get(column, "").strip()
    return None if text in ("", "-") else pence_from_text(text)


def _days(row: Row, column: str) -> int | None:
    text = row.get(column, "").strip()
    return None if text in ("", "-") else int(text)
