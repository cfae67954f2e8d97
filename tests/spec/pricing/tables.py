"""Reads the specification pages of pricing: what is given in every example, and the tables of cases."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from openpbc.activity.flow.pricing_law import contract_terms, geography, pricing_law
from openpbc.activity.rules import tariff as sheets
from openpbc.activity.rules.attribution import Dated, Geography, Hosting, Membership, Practice, as_known
from openpbc.activity.rules.law import PricingLaw
from openpbc.activity.rules.tariff import Tariff, TopUps
from openpbc.kernel.money import ppm_from_text, scaled_from_text
from openpbc.rulebook.reader import open_book
from tests.property.pricing.engines import COLUMNS, Row, row

HERE = Path(__file__).parent
PAGES = sorted((HERE / "rules").glob("*.md"))
CONTRACT_PAGES = sorted((HERE / "contracts").glob("*.md"))
_MONEY = {"base", "topup", "long_stay", "unbundled", "pre_mff", "mff_amount", "price", "charge"}
_COUNTS = {"los", "excess_bed_days", "episodes"}
# A contact elsewhere on a spell's pathway: the columns of the page that describe it.
_ELSEWHERE = ("pathway_id", "elsewhere_provider", "elsewhere_hrg", "elsewhere_attended")
_DAY = timedelta(days=1)
_ADMITTED = date(2008, 6, 2)


@dataclass(frozen=True)
class Case:
    """One unit of a page: its accepted rows, the choices it is priced under, and the columns it must give."""

    page: str
    name: str
    stream: str
    rows: tuple[Row, ...]
    scheme: tuple[tuple[str, Any], ...]
    known_on: date | None
    expected: dict[str, Any]
    elsewhere: Row | None = None


def cells(line: str) -> list[str]:
    """Split one line of a Markdown table."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def tables(text: str) -> dict[str, list[dict[str, str]]]:
    """Give every table of a page by the heading above it."""
    found: dict[str, list[dict[str, str]]] = {}
    heading, header = "", []
    for line in text.splitlines():
        if line.startswith("#"):
            heading, header = line.lstrip("# "), []
        elif line.startswith("|") and not header:
            header = cells(line)
        elif line.startswith("|") and not set(line) <= set("|-: "):
            found.setdefault(heading, []).append(dict(zip(header, cells(line), strict=True)))
    return found


def given() -> dict[str, list[dict[str, str]]]:
    """The tables that hold in every example."""
    return tables((HERE / "given.md").read_text(encoding="utf-8"))


def law() -> PricingLaw:
    """The shipped scheme and code lists, with the prices, factors and contracts of the specification."""
    at = given()
    bands, band_prices = sheets.read_bands(
        [{"hrg_code": r["hrg_code"], **r} for r in at["Prices of A&E attendances"]], "given"
    )
    contacts = sheets.read_prices(
        at["Prices of out-patient attendances"], ("tfc", "attendance", "professionals", "age"), "given"
    )
    elements = sheets.read_prices(at["Prices of unbundled elements"], ("hrg_code",), "given")
    topups = at["Specialist top-ups"]
    prices = Tariff(
        admitted=sheets.read_admitted(at["Prices of admitted care and out-patient procedures"], "given"),
        attendances={(key[0], key[1], key[2], key[3]): price for key, price in contacts.items()},
        ae_bands=bands,
        band_prices=band_prices,
        unbundled={key[0]: price for key, price in elements.items()},
        best_practice=sheets.read_best_practice(at["Best practice prices"], "given"),
        topups=TopUps(
            {r["area"]: ppm_from_text(r["rate"]) for r in topups},
            frozenset((r["provider"], r["area"]) for r in topups),
            tuple({(r["code"], r["area"]) for r in topups}),
        ),
    )
    mff = {r["provider"]: scaled_from_text(r["factor"], 7) for r in at["Market forces factors"]}
    return replace(pricing_law(open_book("west-herts-2008")), tariff=prices, mff=mff, terms=contract_terms(_terms(at)))


def _terms(at: dict[str, list[dict[str, str]]]) -> dict[str, Any]:
    yes = {"yes": True, "no": False, "": None}
    lines = [
        [r["provider"], r["stream"], r["pod"], r["code"], r["arrangement"], sheets.money(r["price"])]
        for r in at["Contract lines"]
    ]
    terms = [
        [r["provider"], yes[r["multi_professional"]], yes[r["left_before_treatment"]]] for r in at["Terms of contracts"]
    ]
    unbundled = [
        [r["provider"], r["hrg"], r["element"], sheets.money(r["deduction"])]
        for r in at["Elements left out of a price"]
    ]
    return {
        "contract_unbundlings": (("provider", "hrg", "element", "deduction"), unbundled),
        "contract_lines": (("provider", "stream", "pod", "code", "arrangement", "price"), lines),
        "contract_terms": (("provider", "multi_professional", "left_before_treatment"), terms),
    }


def _dated(at: dict[str, str]) -> Dated:
    days = (at.get(name, "") for name in ("valid_from", "valid_to", "known_from", "known_to"))
    return Dated(*(date.fromisoformat(day) if day else None for day in days))


def places(known_on: date | None) -> Geography:
    """The geography of the specification as known on a day, with the shipped code lists of attribution."""
    at = given()
    rows = at["Practices and units"]
    return replace(
        geography(open_book("west-herts-2008")),
        practices=as_known((Practice(r["practice"], r["commissioner"], _dated(r)) for r in rows), known_on),
        memberships=as_known(
            (Membership(r["practice"], r["unit"], r["budget_line"], _dated(r)) for r in rows if r["unit"]), known_on
        ),
        postcodes={r["prefix"]: r["commissioner"] for r in at["Postcodes"]},
        hosts={r["site"]: r["commissioner"] for r in at["Hosts of sites"]},
        hostings=tuple(Hosting(r["site"], r["host"], _dated(r)) for r in at["Hosted A&E"]),
        specialised={r["tfc"]: r["commissioner"] for r in at["Specialised services"]},
        commissioners=frozenset(("5AA", "5BB", "5HH", "Y54")),
    )


def cases(page: Path) -> list[Case]:
    """Read the cases of one page; rows that share a unit are its episodes, the first of them says what to expect."""
    text = page.read_text(encoding="utf-8")
    (listed,) = tables(text).values()
    settled = {"stream": _setting(text, "stream")}
    for pair in _setting(text, "given").split(","):
        name, _, value = pair.strip().partition(" ")
        settled |= {name: value} if name else {}
    units: dict[str, list[dict[str, str]]] = {}
    for number, own in enumerate(listed):
        units.setdefault(own.get("unit") or f"#{number}", []).append(settled | own)
    return [_case(page.stem, name, rows) for name, rows in units.items()]


def _setting(text: str, name: str) -> str:
    found = re.search(rf"^{name}: (.*)$", text, re.MULTILINE)
    return found[1].strip() if found else ""


def _case(page: str, unit: str, rows: list[dict[str, str]]) -> Case:
    first = rows[0]
    stream = first["stream"]
    made = tuple(_row(stream, one, f"{page}/{unit}", at) for at, one in enumerate(rows, start=1))
    scheme = tuple(
        (name.removeprefix("scheme."), _choice(v)) for name, v in first.items() if name.startswith("scheme.")
    )
    known_on = date.fromisoformat(first["known_on"]) if first.get("known_on") else None
    expected = {name[3:]: _answer(name[3:], v) for name, v in first.items() if name.startswith("=> ")}
    return Case(page, first["case"], stream, made, scheme, known_on, expected, _elsewhere(first, f"{page}/{unit}"))


def _elsewhere(one: dict[str, str], unit: str) -> Row | None:
    """Make the out-patient contact that somebody had on the pathway of the unit, if the page tells of one."""
    if not one.get("elsewhere_hrg"):
        return None
    pathway, provider, hrg, attended = (one[name] for name in _ELSEWHERE)
    return row(
        "op", 1, file=f"{unit}/elsewhere", provider=provider, pathway_id=pathway, hrg=hrg, attended_or_dna=attended,
        appointment_date=_ADMITTED,
    )  # fmt: skip


def _choice(text: str) -> Any:
    return {"yes": True, "no": False}.get(text, text)


def _answer(name: str, text: str) -> Any:
    if name in _MONEY:
        return sheets.money(text)
    return sheets.days(text) if name in _COUNTS else text


def _row(stream: str, one: dict[str, str], unit: str, at: int) -> Row:
    columns = COLUMNS[stream]
    own: dict[str, Any] = {name: one[name] for name in columns if name in one and name not in ("stream", "line")}
    own |= {name: int(one[name]) for name in own if columns[name] == "INTEGER" and one[name]}
    own |= {"apc": _stay, "op": _appointment, "ae": _arrival}[stream](one, unit)
    return row(stream, at, **({"file": unit, "provider": one.get("provider") or "RAA"} | own))


def _stay(one: dict[str, str], unit: str) -> dict[str, Any]:
    start = date.fromisoformat(one["day"]) if one.get("day") else _ADMITTED
    days = one.get("days", "2")
    end = None if days == "open" else start + int(days) * _DAY
    own: dict[str, Any] = {"spell_no": unit, "adm_date": start, "dis_date": end, "epi_no": int(one.get("epi_no", "1"))}
    if one.get("delay"):
        assert end is not None
        own["ready_date"] = end - int(one["delay"]) * _DAY
    own |= {name: usual for name, usual in (("patient_class", "1"), ("age", 50)) if name not in one}
    own["epi_start"] = start
    own["epi_end"] = start + int(one["epi_days"]) * _DAY if one.get("epi_days") else end
    return own


def _appointment(one: dict[str, str], unit: str) -> dict[str, Any]:
    return {"attendance_id": unit, "appointment_date": date.fromisoformat(one["day"])}


def _arrival(one: dict[str, str], unit: str) -> dict[str, Any]:
    return {"attendance_id": unit, "arrival_date": date.fromisoformat(one["day"])}
