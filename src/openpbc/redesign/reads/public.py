"""What the public is told of cases, failures among them; nothing but what somebody published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import arrangements
from openpbc.redesign import models
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.versions import Version, latest, latest_of
from openpbc.redesign.rules import public as rule
from openpbc.redesign.rules.completeness import SUMMARY
from openpbc.redesign.rules.transitions import MEASURED, TRANSITIONS
from openpbc.rulebook.reader import Book


@dataclass(frozen=True)
class Published:
    """A case as the public sees it."""

    case: int
    number: int
    version: int
    title: str
    area: str
    groups: tuple[str, ...]
    text: str
    state: str
    published_at: datetime
    synthetic: bool
    lead: str
    reason: str


def published(place: str) -> tuple[Published, ...]:
    """Every case that is on the public page, the latest published first."""
    rows = models.PublicSummary.objects.filter(case__place=place).select_related("case", "end", "why")
    names = {unit.code: unit.name for unit in organisations.units(place)}
    last = {row.case_id: row for row in rows.order_by("number")}
    shown = [row for row in last.values() if getattr(row, "end", None) is None]
    ways = _last_ways(row.case for row in shown)
    return tuple(
        _published(row, ways.get(row.case_id, ""), names)
        for row in sorted(shown, key=lambda row: row.published_at, reverse=True)
    )


def published_case(place: str, number: int) -> Published:
    """One published case; one that is not published looks as if there were none."""
    found = next((each for each in published(place) if each.case == number), None)
    if found is None:
        raise UserError("there is no such change of services", where=place, do="Choose one from the list.")
    return found


def on_public_page(known: Case) -> models.PublicSummary | None:
    """The summary of a case that is on the public page now."""
    return _on_public_page((known,)).get(known.id)


def _on_public_page(cases: Iterable[Case]) -> dict[int, models.PublicSummary]:
    rows = models.PublicSummary.objects.filter(case_id__in=[each.id for each in cases]).select_related("end", "why")
    last = {row.case_id: row for row in rows.order_by("number")}
    return {case: row for case, row in last.items() if getattr(row, "end", None) is None}


def is_public(known: Case) -> bool:
    """Whether a case is on the public page now."""
    return on_public_page(known) is not None


def plain_summary(known: Case) -> tuple[Version | None, str]:
    """The version that was approved, which is the latest handed in, and its plain summary."""
    version = latest(known)
    return version, _summary(version)


def _summary(version: Version | None) -> str:
    parts = version.body.get("parts", {}) if version else {}
    return str(parts.get(SUMMARY, {}).get("text", ""))


def refusal(known: Case) -> str:
    """Say why the plain summary of a case may not be published now; empty where it may."""
    return refusals((known,))[known.id]


def refusals(cases: Iterable[Case]) -> dict[int, str]:
    """Say of each of several cases, by id, why its plain summary may not be published now; empty where it may."""
    known = tuple(cases)
    asked = [each for each in known if each.stage in rule.PUBLISHABLE]  # else it is refused whatever its summary says
    versions, rows = (latest_of(asked), _on_public_page(asked)) if asked else ({}, {})
    found = {}
    for each in known:
        version, row = versions.get(each.id), rows.get(each.id)
        same = row is not None and version is not None and row.version == version.number
        found[each.id] = rule.refusal(each.stage, _summary(version), is_published=same)
    return found


def ending_refusals(cases: Iterable[Case]) -> dict[int, str]:
    """Say of each of several cases, by id, why the public may not be told how it ended; empty where it may."""
    known = tuple(cases)
    ended = [each for each in known if each.stage in rule.FAILURES]
    rows = _on_public_page(ended) if ended else {}
    said = {case: why.stage for case, row in rows.items() if (why := getattr(row, "why", None)) is not None}
    return {each.id: rule.ending_refusal(each.stage, is_told=said.get(each.id) == each.stage) for each in known}


def ending_refusal(known: Case) -> str:
    """Say why the public may not be told how one case ended; empty where it may."""
    return ending_refusals((known,))[known.id]


def regions(book: Book) -> dict[str, frozenset[str]]:
    """The areas of a place, by name, in which each group has practices, by the group's name as the registers stand."""
    areas = arrangements.subjects(book, arrangements.PRIORITIES)
    of = {home: areas[code] for code, home in arrangements.homes(book).items()}
    names = {unit.code: unit.name for unit in organisations.units(book.place.id)}
    found: dict[str, set[str]] = defaultdict(set)
    for each in organisations.practices(book.place.id, organisations.standing_day(book)):
        if each.unit in names and each.commissioner in of:
            found[names[each.unit]].add(of[each.commissioner])
    return {name: frozenset(own) for name, own in found.items()}


def _published(row: models.PublicSummary, way: str, names: Mapping[str, str]) -> Published:
    case = row.case
    why, lead = getattr(row, "why", None), case.lead_group or case.proposed_by
    state = rule.told(case.stage, case.held_from, way)
    return Published(
        case.number, row.number, row.version, row.title, row.area, tuple(row.groups), row.text, state,
        row.published_at, case.synthetic, names.get(lead, lead),
        why.reason if why is not None and why.stage == (case.held_from or case.stage) else "",
    )  # fmt: skip


def _last_ways(cases: Iterable[models.Case]) -> dict[int, str]:
    """The step that each measured case took last, which tells whether what was measured is what was expected."""
    measured = [each.pk for each in cases if MEASURED in (each.stage, each.held_from)]
    rows = models.Passage.objects.filter(case_id__in=measured, way__in=TRANSITIONS).order_by("pk")
    return dict(rows.values_list("case_id", "way"))  # the last one counts
