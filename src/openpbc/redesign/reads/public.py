"""What the public is told of approved cases; nothing but what somebody published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openpbc.kernel.problems import UserError
from openpbc.redesign import models
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.versions import Version, latest
from openpbc.redesign.rules import public as rule
from openpbc.redesign.rules.completeness import SUMMARY
from openpbc.redesign.rules.transitions import MEASURED, TRANSITIONS


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


def published(place: str) -> tuple[Published, ...]:
    """Every case that is on the public page, the latest published first."""
    rows = models.PublicSummary.objects.filter(case__place=place).select_related("case", "end")
    last = {row.case_id: row for row in rows.order_by("number")}
    shown = [row for row in last.values() if getattr(row, "end", None) is None]
    return tuple(_published(row) for row in sorted(shown, key=lambda row: row.published_at, reverse=True))


def published_case(place: str, number: int) -> Published:
    """One published case; one that is not published looks as if there were none."""
    found = next((each for each in published(place) if each.case == number), None)
    if found is None:
        raise UserError("there is no such change of services", where=place, do="Choose one from the list.")
    return found


def on_public_page(known: Case) -> models.PublicSummary | None:
    """The summary of a case that is on the public page now."""
    row = models.PublicSummary.objects.filter(case_id=known.id).select_related("end").order_by("-number").first()
    return row if row is not None and getattr(row, "end", None) is None else None


def is_public(known: Case) -> bool:
    """Whether a case is on the public page now."""
    return on_public_page(known) is not None


def plain_summary(known: Case) -> tuple[Version | None, str]:
    """The version that was approved, which is the latest handed in, and its plain summary."""
    version = latest(known)
    parts = version.body.get("parts", {}) if version else {}
    return version, str(parts.get(SUMMARY, {}).get("text", ""))


def refusal(known: Case) -> str:
    """Say why the plain summary of a case may not be published now; empty where it may."""
    if known.stage not in rule.PUBLISHABLE:
        return rule.refusal(known.stage, "", is_published=False)  # whatever its summary says
    version, text = plain_summary(known)
    row = on_public_page(known)
    same = row is not None and version is not None and row.version == version.number
    return rule.refusal(known.stage, text, is_published=same)


def _published(row: models.PublicSummary) -> Published:
    case = row.case
    way = _last_way(case) if MEASURED in (case.stage, case.held_from) else ""
    state = rule.told(case.stage, case.held_from, way)
    return Published(
        case.number, row.number, row.version, row.title, row.area, tuple(row.groups), row.text, state,
        row.published_at, case.synthetic,
    )  # fmt: skip


def _last_way(case: models.Case) -> str:
    """The step that a case took last, which tells whether what was measured is what was expected."""
    way = models.Passage.objects.filter(case_id=case.pk, way__in=TRANSITIONS).order_by("-pk").first()
    return way.way if way else ""
