"""Declarations by the calendar: all who attend are in the meeting's extract; without one that counts nobody votes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openpbc.governance import actions, reads
from openpbc.governance.reads import meetings as meetings_read
from openpbc.governance.reads.attending import Attending, attending
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations.models import User
from openpbc.site.cli import main
from tests.integration.governance.committee import (
    BODY,
    BY,
    DIRECTOR,
    LAY,
    SEATS,
    SECRETARY,
    VISITOR,
    VOTERS,
    called,
    decide,
    put,
    ready,
    terms,
)
from tests.integration.site.conftest import HERE, As

pytestmark = [pytest.mark.usefixtures("people"), pytest.mark.one_database]
# When somebody declared, the last day on which that counts, and the day after: also about the end of February.
YEARS = (
    (date(2027, 1, 15), date(2028, 1, 15), date(2028, 1, 16)),
    (date(2028, 2, 29), date(2029, 2, 28), date(2029, 3, 1)),
    (date(2027, 2, 28), date(2028, 2, 28), date(2028, 2, 29)),
    (date(2027, 3, 1), date(2028, 3, 1), date(2028, 3, 2)),
    (date(2027, 10, 31), date(2028, 10, 31), date(2028, 11, 1)),
)
KINDS = ("nil return", "declared", "missing")
ATTENDEES = (*(person for person, *_ in SEATS), VISITOR)  # everybody with a seat, and who sits in for one of them


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch):
    """Set the clock by which people declare, vote and read to noon of a day."""

    def set_to(day: date) -> None:
        monkeypatch.setattr(timezone, "now", lambda: datetime.combine(day, time(12), UTC))

    return set_to


def seated() -> None:
    """Give the body its people and seats; nobody has declared anything."""
    for who in ATTENDEES:
        User.objects.get_or_create(sign_in=who, defaults={"display_name": who.title()})
    for who, capacity, kind, of, votes in SEATS:
        actions.record_seat(
            by=SYSTEM, place=HERE, body=BODY, person=who, capacity=capacity, kind=kind, of=of, votes=votes,
            valid_from=date(2008, 4, 1),
        )  # fmt: skip
    terms(deputies=True)


def declare(who: str, kind: str) -> None:
    if kind == "nil return":
        actions.declare_none(by=SYSTEM, place=HERE, person=who)
    elif kind == "declared":
        actions.declare_interest(
            by=SYSTEM, place=HERE, person=who, organisation=f"SYNTHETIC of {who}", nature="financial-personal",
            role="Owner", held_from=date(2020, 1, 1),
        )  # fmt: skip


def sat(day: date) -> tuple[int, int]:
    """Open a meeting with an item; the visitor sits in for the director."""
    there = tuple(who for who, *_ in SEATS if who != DIRECTOR)
    item = put()
    meeting = called(on=day)
    actions.list_items(by=BY, place=HERE, meeting=meeting, items=[item])
    actions.open_meeting(by=BY, place=HERE, meeting=meeting)
    roll = dict.fromkeys(there, ("present", "")) | {DIRECTOR: ("apologies", VISITOR)}
    actions.record_attendance(by=BY, place=HERE, meeting=meeting, there=roll)
    actions.declare_none_at_item(by=BY, place=HERE, item=item)
    return meeting, item


def extract(meeting: int) -> dict[str, Attending]:
    found = attending(meetings_read.meeting(HERE, meeting))
    assert len({each.person for each in found}) == len(found)
    return {each.person: each for each in found}


def refusal(item: int, who: str) -> str:
    """Let somebody vote; give why they could not, or nothing."""
    try:
        actions.record_votes(by=BY, place=HERE, item=item, votes={who: "for"})
    except UserError as problem:
        return str(problem)
    return ""


@pytest.mark.parametrize(("declared_on", "last", "after"), YEARS)
def test_everybody_who_attends_is_in_the_extract_and_votes_while_the_declaration_counts(
    declared_on: date, last: date, after: date, at
) -> None:
    """Each attendee by each kind of declaration, on the last day and on the day after: each cell is looked at."""
    seated()
    at(declared_on)
    kinds = dict(zip(ATTENDEES, (KINDS * 3)[: len(ATTENDEES)], strict=True))
    for who, kind in kinds.items():
        declare(who, kind)
    at(last)
    meeting, item = sat(last)
    cells = 0
    for day, who in product((last, after), ATTENDEES):
        at(day)
        found, kind = extract(meeting), kinds[who]
        assert set(found) == set(ATTENDEES), "the extract covers everybody who attends"
        counts = kind != "missing" and day == last
        assert (found[who].last, found[who].due) == ((None, None) if kind == "missing" else (declared_on, last))
        assert bool(found[who].why) != counts
        assert [each.organisation for each in found[who].interests] == (
            [f"SYNTHETIC of {who}"] if kind == "declared" else []
        )
        if who in {*VOTERS, VISITOR} - {DIRECTOR}:
            told = refusal(item, who)
            ran_out = "has never declared" if kind == "missing" else f"ran out on {last:%-d %B %Y}"
            assert (told == "") if counts else (ran_out in told and "declares now, or the secretary" in told)
        cells += 1
    assert cells == 2 * len(ATTENDEES) == 16
    at(after)
    for who in ATTENDEES:
        declare(who, "nil return") if kinds[who] != "declared" else _confirm(who)
    assert not any(each.why for each in extract(meeting).values()), "declaring anew opens the vote again"
    assert all(refusal(item, who) == "" for who in {*VOTERS, VISITOR} - {DIRECTOR})


def _confirm(who: str) -> None:
    actions.confirm_interests(by=Actor(who, who), place=HERE, person=who)


def test_before_a_meeting_is_opened_the_extract_covers_who_would_sit_there(at) -> None:
    seated()
    meeting = called()
    assert set(extract(meeting)) == {person for person, *_ in SEATS}
    assert all("has never declared" in each.why for each in extract(meeting).values())


def test_the_extract_of_a_meeting_that_ended_stays_as_it_was(at) -> None:
    seated()
    at(date(2027, 1, 15))
    for who in ATTENDEES:
        declare(who, "nil return")
    meeting, item = sat(date(2027, 1, 15))
    decide(item, "deferred")
    actions.close_meeting(by=BY, place=HERE, meeting=meeting)
    before = extract(meeting)
    at(date(2028, 6, 1))
    declare(LAY, "declared")
    assert extract(meeting) == before and not any(each.why for each in before.values())


def test_the_page_and_the_shell_show_the_extract_to_those_who_may_read_the_register(
    as_role: As, capsys: pytest.CaptureFixture[str], django_assert_max_num_queries
) -> None:
    seated()
    meeting, _ = ready()
    path = f"/p/{HERE}/meetings/{meeting}"
    shown = as_role("finance_manager").get(path).content.decode()
    assert "Register of interests of who attends" in shown and "missing: cannot vote" in shown
    assert f"0 of {len(SEATS)} have a declaration that counts" in shown
    assert "Register of interests of who attends" not in as_role("gp_lead").get(path).content.decode()
    assert main(["governance", "attending", str(meeting), "--place", HERE]) == 0
    told = capsys.readouterr().out
    assert all(f"{person}  " in told for person, *_ in SEATS) and told.count("missing") == len(SEATS)
    found = meetings_read.meeting(HERE, meeting)
    with CaptureQueriesContext(connection) as few:
        attending(found)
    for who, *_ in SEATS:
        declare(who, "declared")
    with django_assert_max_num_queries(len(few) + 2):  # what was said of interests is read once there are any
        attending(found)


def test_the_public_register_of_a_month_is_what_was_known_at_its_end(as_role: As, at) -> None:
    seated()
    at(date(2027, 1, 15))
    declare(LAY, "declared")
    at(date(2027, 3, 2))
    declare(SECRETARY, "declared")
    (first,) = reads.declarations(HERE, LAY)
    actions.end_interest(
        by=SYSTEM, place=HERE, number=first.id, last_day=date(2027, 1, 31), reason="Sold, and told only now."
    )  # fmt: skip
    at(date(2027, 4, 10))
    nobody = as_role("public")

    def register(month: str) -> set[str]:
        answer = nobody.get(f"/p/{HERE}/interests/public", {"month": month} if month else {})
        assert answer.status_code == 200
        return {who for who in (LAY, SECRETARY) if f"SYNTHETIC of {who}" in answer.content.decode()}

    assert [register(month) for month in ("2027-01", "2027-02", "2027-03", "")] == [
        {LAY}, {LAY}, {SECRETARY}, {SECRETARY},
    ]  # fmt: skip
    for month in ("2026-12", "2027-04", "nonsense"):
        assert nobody.get(f"/p/{HERE}/interests/public", {"month": month}).status_code == 422
