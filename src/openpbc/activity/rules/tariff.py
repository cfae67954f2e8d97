"""The tariff: rows as the price workbook prints them, and how their cells are read.

A dash (or nothing) means that there is no price; 0 is a price of nothing. Numbers carry thousands commas, and headings
carry stray spaces and line breaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from openpbc.activity.rules.classing import AdmissionClass
from openpbc.kernel.citations import Citation
from openpbc.kernel.money import PPM, pence_from_text, ppm_from_percent, ppm_from_text, scaled_from_text
from openpbc.kernel.problems import UserError

NO_PRICE = ("", "-")
BEST_PRACTICE_SETTINGS = ("DC", "EL", "NEL", "OPPROC")

# Headings of the published workbook, without spaces, signs and capitals, beside the column names used here.
_HEADINGS = {
    "hrgcode": "hrg_code",
    "hrgname": "hrg_name",
    "outpatientproceduretariff": "op_procedure_price",
    "combineddaycaseordinaryelectivespelltariff": "combined_dc_el_price",
    "daycasespelltariff": "dc_price",
    "ordinaryelectivespelltariff": "el_price",
    "ordinaryelectivelongstaytrimpointdays": "el_trim",
    "nonelectivespelltariff": "nel_price",
    "nonelectivelongstaytrimpointdays": "nel_trim",
    "perdaylongstaypaymentfordaysexceedingtrimpoint": "per_day_long_stay",
    "reducedshortstayemergencytariffapplicable": "sse_applies",
    "appliedincalculationofreducedshortstayemergencytariff": "sse_pct",
    "reducedshortstayemergencytariff": "sse_price",
}


@dataclass(frozen=True)
class AdmittedPrice:
    """One resource group's prices (pence; None = no price), trim points (days) and short-stay reduction."""

    hrg: str
    name: str = ""
    op_procedure: int | None = None
    combined: int | None = None
    day_case: int | None = None
    elective: int | None = None
    el_trim: int | None = None
    non_elective: int | None = None
    nel_trim: int | None = None
    per_day: int | None = None
    sse_applies: bool = False
    sse_ppm: int | None = None
    sse_price: int | None = None

    @property
    def day_case_price(self) -> int | None:
        """The price of a day case: the combined one, else its own."""
        return self.day_case if self.combined is None else self.combined

    @property
    def elective_price(self) -> int | None:
        """The price of an ordinary elective spell: the combined one, else its own."""
        return self.elective if self.combined is None else self.combined


@dataclass(frozen=True)
class BestPractice:
    """A best practice price: ``how`` it meets the plain one (REPLACE or ADD), and the amount in pence."""

    how: str
    amount: int


@dataclass(frozen=True)
class TopUps:
    """Specialist top-ups: rate by area (ppm), the areas of each provider, and (code, area) triggers."""

    rates: Mapping[str, int] = field(default_factory=dict)
    providers: frozenset[tuple[str, str]] = frozenset()
    triggers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Tariff:
    """All prices of a year.

    Out-patient keys are (function, FIRST|FOLLOW_UP|TELE_FIRST|TELE_FOLLOW_UP, SINGLE|MULTI, ADULT|CHILD), those of best
    practice (resource group, DC|EL|NEL|OPPROC, flag of the record or empty for every record).
    """

    admitted: Mapping[str, AdmittedPrice] = field(default_factory=dict)
    attendances: Mapping[tuple[str, str, str, str], int | None] = field(default_factory=dict)
    ae_bands: Mapping[str, str] = field(default_factory=dict)
    band_prices: Mapping[str, int | None] = field(default_factory=dict)
    unbundled: Mapping[str, int | None] = field(default_factory=dict)
    best_practice: Mapping[tuple[str, str, str], BestPractice] = field(default_factory=dict)
    topups: TopUps = field(default_factory=TopUps)
    sources: Mapping[str, Citation] = field(default_factory=dict)

    def source(self, table: str) -> Citation | None:
        """Say where a table of prices comes from."""
        return self.sources.get(table)

    def best_practice_of(self, hrg: str, setting: str, flag: str) -> BestPractice | None:
        """Find the best practice price that a record earns: by its own flag, else the one that needs none."""
        return self.best_practice.get((hrg, setting, flag)) or self.best_practice.get((hrg, setting, ""))


def heading(text: str) -> str:
    """Give the column that a workbook heading (or a column name) stands for; an unknown one stays as it is."""
    plain = text.strip()
    return _HEADINGS.get(re.sub(r"[^a-z]", "", plain.lower().replace("(£)", "")), plain)


def money(cell: str) -> int | None:
    """Read pounds as pence; a dash or an empty cell is no price."""
    return None if cell.strip() in NO_PRICE else pence_from_text(cell)


def days(cell: str) -> int | None:
    """Read a number of days; a dash or an empty cell is none."""
    return None if cell.strip() in NO_PRICE else scaled_from_text(cell, 0)


def share(cell: str) -> int | None:
    """Read ``25%`` or ``0.25`` as parts per million; a dash or an empty cell is none."""
    bare = cell.strip()
    if bare in NO_PRICE:
        return None
    ppm = ppm_from_percent(bare) if bare.endswith("%") else ppm_from_text(bare)
    if not 0 <= ppm <= PPM:
        raise UserError(f"'{bare[:20]}' is not a share of the price", do="Write 25% or 0.25.")
    return ppm


def yes(cell: str) -> bool:
    """Read the workbook's Yes or No; a dash or an empty cell is No."""
    word = cell.strip().lower()
    if word not in ("yes", "no", *NO_PRICE):
        raise UserError(f"'{cell[:20]}' is neither Yes nor No")
    return word == "yes"


def _admitted(row: Mapping[str, str]) -> AdmittedPrice:
    return AdmittedPrice(
        hrg=row["hrg_code"].strip(),
        name=row["hrg_name"].strip(),
        op_procedure=money(row["op_procedure_price"]),
        combined=money(row["combined_dc_el_price"]),
        day_case=money(row.get("dc_price", "")),
        elective=money(row.get("el_price", "")),
        el_trim=days(row["el_trim"]),
        non_elective=money(row["nel_price"]),
        nel_trim=days(row["nel_trim"]),
        per_day=money(row["per_day_long_stay"]),
        sse_applies=yes(row["sse_applies"]),
        sse_ppm=share(row["sse_pct"]),
        sse_price=money(row["sse_price"]),
    )


def read_admitted(rows: Iterable[Mapping[str, str]], where: str) -> dict[str, AdmittedPrice]:
    """Read the tab of admitted care and out-patient procedures; ``where`` names the file in messages."""
    found: dict[str, AdmittedPrice] = {}
    for line, raw in enumerate(rows, start=1):
        row = {heading(name): cell for name, cell in raw.items()}
        try:
            price = _admitted(row)
        except UserError as error:
            raise UserError(error.what, where=f"{where} row {line}", do=error.do) from error
        except KeyError as error:
            raise UserError(f"the column {error.args[0]} is missing", where=where) from error
        if price.hrg in found:
            raise UserError(f"'{price.hrg}' has two rows", where=where, do="Keep one price for each resource group.")
        found[price.hrg] = price
    return found


def read_prices(
    rows: Iterable[Mapping[str, str]], keys: tuple[str, ...], where: str
) -> dict[tuple[str, ...], int | None]:
    """Read a table of one price a row, keyed by columns; the same key twice is a mistake in the table."""
    found: dict[tuple[str, ...], int | None] = {}
    for row in rows:
        key = tuple(row[name].strip() for name in keys)
        if key in found:
            raise UserError(f"'{' '.join(key)}' has two rows", where=where, do="Keep one price for each.")
        found[key] = money(row["price"])
    return found


def read_best_practice(rows: Iterable[Mapping[str, str]], where: str) -> dict[tuple[str, str, str], BestPractice]:
    """Read the table of best practice prices; an unknown setting or manner is a mistake in the table."""
    found: dict[tuple[str, str, str], BestPractice] = {}
    for row in rows:
        key = (row["hrg_code"].strip(), row["setting"].strip(), row["flag"].strip())
        how, amount = row["how"].strip(), money(row["price"])
        if key[1] not in BEST_PRACTICE_SETTINGS or how not in ("REPLACE", "ADD") or amount is None:
            raise UserError(
                f"the best practice price of '{key[0]}' is not complete",
                where=where,
                do=f"Give a setting ({', '.join(BEST_PRACTICE_SETTINGS)}), REPLACE or ADD, and an amount.",
            )
        if key in found:
            raise UserError(f"'{' '.join(key).strip()}' has two rows", where=where, do="Keep one price for each.")
        found[key] = BestPractice(how, amount)
    return found


def read_bands(rows: Iterable[Mapping[str, str]], where: str) -> tuple[dict[str, str], dict[str, int | None]]:
    """Read the A&E tab: band by resource group, and the one price of each band."""
    bands: dict[str, str] = {}
    prices: dict[str, int | None] = {}
    for row in rows:
        hrg, band, price = row["hrg_code"].strip(), row["band"].strip(), money(row["price"])
        if hrg in bands or prices.setdefault(band, price) != price:
            raise UserError(f"'{hrg}' is listed twice, or band '{band}' has two prices", where=where)
        bands[hrg] = band
    return bands, prices


def setting_price(kind: AdmissionClass, row: AdmittedPrice) -> int | None:
    """Give the spell price of a resource group in the setting of the class, or None where the tariff has none."""
    if kind is AdmissionClass.DAY_CASE:
        return row.day_case_price
    if kind is AdmissionClass.ELECTIVE:
        return row.elective_price
    return row.non_elective if kind in (AdmissionClass.EMERGENCY, AdmissionClass.NON_EMERGENCY) else None


def trim_point(kind: AdmissionClass, row: AdmittedPrice) -> int | None:
    """Give the days after which a stay of the class is long; a day case has no trim point."""
    if kind is AdmissionClass.ELECTIVE:
        return row.el_trim
    return row.nel_trim if kind in (AdmissionClass.EMERGENCY, AdmissionClass.NON_EMERGENCY) else None
