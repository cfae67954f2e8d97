"""Agreements with partners and the voluntary sector: how long they run, where they stand, what they still lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from openpbc.kernel.findings import Finding, Level, Place

OWN, JOINT = "own", "joint"
HOLDERS = (OWN, JOINT)
VOLUNTARY, STATUTORY = "voluntary", "statutory"
SECTORS: Mapping[str, str] = {VOLUNTARY: "Voluntary sector", STATUTORY: "Statutory partner"}
DRAFT, ACTIVE = "draft", "active"
STATES = (DRAFT, ACTIVE)
REVIEW, MEETING, COMPACT = "review", "meeting", "compact"
RECORDS: Mapping[str, str] = {REVIEW: "Review", MEETING: "Monitoring meeting", COMPACT: "Compact check"}
NOT_BEGUN, IN_FORCE, EXPIRED, FOLLOWED = "not begun", "in force", "expired", "followed"


@dataclass(frozen=True)
class Terms:
    """What an agreement says of itself, and when it was last looked at; what nobody has said is None or empty.

    ``compact`` says whether the last check found that it follows the Compact's principles, None where none was made.
    """

    title: str
    sector: str
    state: str
    starts: date | None
    ends: date | None
    term_reason: str
    last_review: date | None
    last_meeting: date | None
    compact: bool | None
    followed: bool


def months_of(starts: date, ends: date) -> int:
    """Give the whole months from the first day to the last, both counted: a year from 1 April has twelve."""
    after = ends + timedelta(days=1)
    months = (after.year - starts.year) * 12 + after.month - starts.month
    return months - (after.day < starts.day)


def is_short(starts: date | None, ends: date | None, least_months: int | None) -> bool:
    """Whether a term is shorter than what the place holds right; without dates or such a rule nothing is."""
    if starts is None or ends is None or least_months is None:
        return False
    return months_of(starts, ends) < least_months


def standing(terms: Terms, on: date) -> str:
    """Say where an agreement stands on a day; it is followed once another one is in force in its place."""
    if terms.state == DRAFT:
        return DRAFT
    if terms.ends is not None and terms.ends < on:
        return FOLLOWED if terms.followed else EXPIRED
    return NOT_BEGUN if terms.starts is not None and terms.starts > on else IN_FORCE


def obstacles(terms: Terms, least_months: int | None) -> tuple[Finding, ...]:
    """Say what keeps an agreement from being made active: the Compact, its dates, a short term without a reason."""
    found = []
    if terms.sector == VOLUNTARY and terms.compact is None:
        found.append(_finding("AG-01", Level.ERROR, "compact", "No check against the Compact's principles was made."))
    if terms.sector == VOLUNTARY and terms.compact is False:
        found.append(_finding("AG-01", Level.ERROR, "compact", "The last check found that it breaks the Compact."))
    if terms.starts is None or terms.ends is None:
        found.append(_finding("AG-02", Level.ERROR, "ends", "It does not say from when until when it runs."))
    if is_short(terms.starts, terms.ends, least_months) and not terms.term_reason:
        sentence = f"It runs for less than {least_months} months, and nobody has said why."
        found.append(_finding("AG-03", Level.ERROR, "term_reason", sentence))
    return tuple(found)


def lacks(terms: Terms, least_months: int | None, on: date) -> tuple[Finding, ...]:
    """Say what an agreement lacks on a day: what keeps a draft back, and of one in force what was never looked at."""
    stands = standing(terms, on)
    if stands == EXPIRED:
        return (_finding("AG-04", Level.ERROR, "replaced_by", "It has run out, and no other one is in its place."),)
    if stands == FOLLOWED:
        return ()
    found = list(obstacles(terms, least_months))
    if stands == IN_FORCE and terms.last_review is None:
        found.append(_finding("AG-05", Level.WARNING, REVIEW, "It was never reviewed."))
    if stands == IN_FORCE and terms.last_meeting is None:
        found.append(_finding("AG-06", Level.WARNING, MEETING, "No monitoring meeting was held."))
    return tuple(found)


def _finding(rule: str, level: Level, field: str, sentence: str) -> Finding:
    return Finding(rule, level, Place(field=field), sentence)
