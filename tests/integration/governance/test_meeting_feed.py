"""The private feed of meetings: it tells the time with its zone, keeps back what the gate keeps, and can be ended."""

from __future__ import annotations

import logging
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from openpbc.audit.models import AuditEvent
from openpbc.governance import actions
from openpbc.governance.models import Item, MeetingFeed
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations.models import RoleAssignment
from openpbc.site.tokens import NoTokens
from tests.integration.site.conftest import HERE, As, send
from tests.integration.site.forms.meetings import planned

PAGE = f"/p/{HERE}/meetings/feed"


@pytest.fixture(autouse=True)
def shown(people: None) -> None:
    actions.demonstrate_meetings(by=SYSTEM, place=HERE)


def address(client) -> str:
    assert send(client, PAGE, {"change": "open"}).status_code == 302
    found = re.search(r'id="feed-address">http://localhost(/feeds/meetings/[^<]+)<', client.get(PAGE).content.decode())
    assert found
    return found[1]


def told(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    return answer.content.decode().replace("\r\n ", "")


def test_it_tells_the_time_of_a_meeting_in_its_zone_in_summer_and_winter(as_role: As) -> None:
    browser, nobody = as_role("committee_secretary"), as_role("public")
    for held_on, offset in (("1/7/2009", 1), ("2/12/2009", 0)):
        seen = "0" if offset else "1"
        assert (
            send(browser, f"{planned()}/move", {"held_on": held_on, "starts_at": "15:00", "seen": seen}).status_code
            == 302
        )
        calendar = Calendar.from_ical(told(nobody, address(browser)))
        [zone] = [str(each["TZID"]) for each in calendar.walk("VTIMEZONE")]
        starts = [each.start for each in calendar.walk("VEVENT") if isinstance(each.start, datetime)]
        day = date(2009, 7, 1) if offset else date(2009, 12, 2)
        at = datetime(day.year, day.month, day.day, 15, tzinfo=ZoneInfo("Europe/London"))
        assert zone == "Europe/London" and at in starts
        assert at.utcoffset() == timedelta(hours=offset)


def test_it_keeps_back_what_an_interest_and_a_private_part_keep_back(as_role: As) -> None:
    nobody = as_role("public")
    open_ = told(nobody, address(as_role("committee_chair")))
    assert "1. SYNTHETIC: breathlessness" in open_
    kept = told(nobody, address(as_role("gp_lead")))
    assert "breathlessness" not in kept and "1.\\n2. SYNTHETIC: waiting times" in kept
    Item.objects.filter(title__contains="waiting times").update(private=True)
    assert "waiting times" not in told(nobody, address(as_role("committee_chair")))  # though the chair may see it


def test_many_meetings_ask_no_more_than_few_and_the_feed_holds_a_year_and_what_comes(
    as_role: As, django_assert_max_num_queries
) -> None:
    nobody = as_role("public")
    path = address(as_role("committee_chair"))
    first = told(nobody, path)
    with CaptureQueriesContext(connection) as few:
        told(nobody, path)
    for held_on in (date(2007, 1, 10), *(date(2009, month, 7) for month in range(1, 9))):
        actions.call_meeting(by=SYSTEM, place=HERE, body="governance_committee", held_on=held_on)
    with django_assert_max_num_queries(len(few)):
        later = told(nobody, path)
    assert later.count("BEGIN:VEVENT") == first.count("BEGIN:VEVENT") + 8 and "20070110" not in later


def test_a_request_that_failed_is_logged_without_its_token() -> None:
    found = "Internal Server Error: /feeds/meetings/abc-DEF_1.ics and /invitation/xyz?a=b"
    record = logging.LogRecord("django.request", 40, "", 0, "%s", (found,), None)
    assert NoTokens().filter(record)
    assert record.getMessage() == "Internal Server Error: /feeds/meetings/[cut] and /invitation/[cut]?a=b"


def test_a_new_address_ends_the_old_one_and_all_end_with_the_role(as_role: As) -> None:
    browser, nobody = as_role("committee_chair"), as_role("public")
    first = address(browser)
    second = address(browser)
    assert first != second and nobody.get(first).status_code == 404
    assert "feed-address" not in browser.get(PAGE).content.decode()  # shown once
    assert MeetingFeed.objects.get().token_hash not in second
    RoleAssignment.objects.filter(user__sign_in="chair@demo").update(
        valid_to=date(2000, 1, 1), valid_from=date(1999, 1, 1)
    )
    assert nobody.get(second).status_code == 404
    RoleAssignment.objects.filter(user__sign_in="chair@demo").update(valid_to=None)
    assert nobody.get(second).status_code == 404  # it ended for good
    ended = AuditEvent.objects.get(action="governance.end_meeting_feed")
    assert ended.subject == f"meeting-feed/{HERE}/chair@demo"
    third = address(browser)
    assert nobody.get(third).status_code == 200
    assert send(browser, PAGE, {"change": "close"}).status_code == 302
    assert nobody.get(third).status_code == 404 and nobody.get("/feeds/meetings/x.ics").status_code == 404
    assert as_role("provider_lead").get(PAGE).status_code == 403
