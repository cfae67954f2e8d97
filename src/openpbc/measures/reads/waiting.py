"""Waits from referral to treatment: what was received, by provider and treatment function, and why a figure is so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from openpbc.kernel.citations import Citation
from openpbc.kernel.periods import Month
from openpbc.kernel.steps import Explanation, Ratio, Step
from openpbc.measures.models import WaitingFile, WaitingRow
from openpbc.measures.reads.addresses import nowhere
from openpbc.measures.rules.rates import millionths
from openpbc.measures.rules.waiting_file import WaitingLayout
from openpbc.measures.rules.waits import HALF, METHOD, NINETY_TWO, Waits, added, weeks_of
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

PREFIX = "waits"
ALL = "all"
FIGURES = ("total", "within", "beyond", "long", "share", "median", "centile-92")
Row = tuple[str, str, str, str, Waits]


def layout(book: Book) -> WaitingLayout:
    """Give the layout of the extract and the parts of the return."""
    columns = list(book.need_table("measures.waiting_layout"))
    return WaitingLayout(
        {row["field"]: row["column"] for row in columns if not row["field"].startswith(("band-", "other-"))},
        tuple(row["column"] for row in columns if row["field"].startswith("band-")),
        frozenset(row["code"] for row in book.need_table("measures.waiting_parts")),
    )


@dataclass(frozen=True)
class WaitingFound:
    """A received extract as it stands."""

    month: Month
    number: int
    file_name: str
    sha256: str
    lines: int
    accepted: int
    rejected: int
    excluded: int
    findings: tuple[Mapping[str, str | int], ...]
    by: str
    at: datetime


def waiting_files(place: str) -> tuple[WaitingFound, ...]:
    """List the extracts of a place, the last one of each month, newest month first."""
    latest = {row.month: row for row in WaitingFile.objects.filter(place=place).order_by("number")}
    return tuple(
        WaitingFound(
            Month.parse(key), r.number, r.file_name, r.sha256, r.lines, r.accepted, r.rejected, r.excluded,
            tuple(r.findings), r.by, r.at,
        )
        for key, r in sorted(latest.items(), reverse=True)
    )  # fmt: skip


@dataclass(frozen=True)
class WaitingLineFound:
    """Somebody's waits of one part: a provider's, a treatment function's, or all."""

    code: str
    name: str
    waits: Waits


def waiting(place: str, month: Month, part: str, by: str, provider: str = "") -> tuple[WaitingLineFound, ...]:
    """Give the waits of a month and part by provider or tfc, of one provider if said, added up band by band."""
    file = WaitingFile.objects.filter(place=place, month=str(month)).order_by("-number").first()
    if file is None:
        return ()
    rows = WaitingRow.objects.filter(file=file, part=part)
    rows = rows.filter(provider=provider) if provider else rows
    grouped: dict[tuple[str, str], list[Waits]] = {}
    for row in rows.order_by("provider", "tfc"):
        key = (row.provider, row.provider_name) if by == "provider" else (row.tfc, row.tfc_name)
        grouped.setdefault(key, []).append(Waits(tuple(row.bands), row.unknown))
    return tuple(WaitingLineFound(*key, together(parts)) for key, parts in sorted(grouped.items()))


def together(parts: Iterable[Waits]) -> Waits:
    """Add up waits."""
    listed = list(parts)
    return added(listed, len(listed[0].bands) if listed else 0)


@dataclass(frozen=True)
class WaitingLaw:
    """The limit and the length beyond which waits are named, in weeks."""

    weeks: int
    long_weeks: int


def waiting_law(book: Book) -> WaitingLaw:
    """Give the limits of the place."""
    return WaitingLaw(book.need("measures.waiting_weeks").int, book.need("measures.waiting_long_weeks").int)


def figure_value(waits: Waits, figure: str, law: WaitingLaw) -> int | None:
    """Give one figure of waits: a count, a share in parts per million, or weeks in millionths."""
    counts = {"total": waits.total, "within": waits.within(law.weeks), "beyond": waits.beyond(law.weeks),
              "long": waits.beyond(law.long_weeks)}  # fmt: skip
    if figure in counts:
        return counts[figure]
    if figure == "share":
        return millionths(Fraction(counts["within"], waits.total)) if waits.total else None
    weeks = weeks_of(waits, HALF if figure == "median" else NINETY_TWO)
    return None if weeks is None else millionths(weeks)


def waits_address(place: str, month: Month, part: str, provider: str, tfc: str, figure: str) -> str:
    """Give the address of a figure of waits."""
    return "/".join((PREFIX, place, str(month), part, provider or ALL, tfc or ALL, figure))


def explain_waits(address: str) -> Explanation:
    """Explain a figure of waits from the weeks of the extract."""
    parts = address.split("/")
    if len(parts) != 7 or parts[0] != PREFIX or parts[6] not in FIGURES:
        raise nowhere(address)
    place, month, part, figure = parts[1], Month.parse(parts[2]), parts[3], parts[6]
    provider, tfc = ("" if each == ALL else each for each in parts[4:6])
    book = organisations.book(place)
    law = waiting_law(book)
    lines = [each for each in waiting(place, month, part, "tfc", provider) if tfc in ("", each.code)]
    file = next((each for each in waiting_files(place) if each.month == month), None)
    if not lines or file is None:
        raise nowhere(address)
    whole = together(each.waits for each in lines)
    value = figure_value(whole, figure, law)
    if value is None:
        raise nowhere(address)
    words, formula, unit = _words(figure, law)
    return Explanation(
        address=address,
        title=f"{words}, {part}, {provider or 'all providers'}, {tfc or 'all specialties'}, {month.name}",
        value=value,
        unit=unit,
        formula=formula,
        steps=_steps(whole, figure, value, lines, law),
        ratio=Ratio(whole.within(law.weeks), whole.total) if figure == "share" else None,
        citations=(Citation("nhs-england-rtt", "full extract", "S"),),
        evidence=(("place", place), ("file", file.sha256), ("sent by", file.by)),
        notes=(f"{whole.unknown:,} pathways have no known start and are left out.",) if whole.unknown else (),
        statuses=(str(book.table("measures.waiting_parts").status),),
    )


def _words(figure: str, law: WaitingLaw) -> tuple[str, str, str]:
    told = {
        "total": ("Pathways", "the pathways of all weeks", "count"),
        "within": (f"Within {law.weeks} weeks", f"the pathways of the first {law.weeks} weeks", "count"),
        "beyond": (f"Beyond {law.weeks} weeks", f"the pathways after week {law.weeks}", "count"),
        "long": (f"Beyond {law.long_weeks} weeks", f"the pathways after week {law.long_weeks}", "count"),
        "share": (f"Share within {law.weeks} weeks", f"pathways within {law.weeks} weeks / all pathways", "ppm"),
        "median": ("Median wait in weeks", f"the week within which half of the pathways are; {METHOD}", "index"),
        "centile-92": ("92nd centile in weeks", f"the week within which 92% of the pathways are; {METHOD}", "index"),
    }
    return told[figure]


def _steps(
    whole: Waits, figure: str, value: int, lines: Iterable[WaitingLineFound], law: WaitingLaw
) -> tuple[Step, ...]:
    if figure == "share":
        return ()
    if figure in ("median", "centile-92"):
        inputs = (("pathways", f"{whole.total:,}"), ("whole weeks before", f"{value // 1_000_000}"))
        return (Step("measures.weeks", "Weeks", value, inputs),)
    return tuple(
        Step("measures.waits", f"{each.name} ({each.code})", figure_value(each.waits, figure, law) or 0)
        for each in lines
    )
