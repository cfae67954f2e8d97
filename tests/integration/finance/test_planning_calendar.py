"""The planning calendar: the documents' dates, what people record, and a private feed that ends with the role."""

from __future__ import annotations

import json
import re
from datetime import date
from urllib.parse import urlsplit

import icalendar
import pytest
from click.testing import CliRunner
from django.test import Client

from openpbc.audit import reads as audit
from openpbc.finance import actions, reads
from openpbc.finance.commands import finance
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions as people_actions
from openpbc.organisations.reads import book, person_by_sign_in
from tests.integration.site.conftest import HERE, as_role, people, quick_hashing, send

__all__ = ["as_role", "people", "quick_hashing"]
PAGE = f"/p/{HERE}/calendar"
NEW = {"event": "Plans are due", "owner": "WatCom", "kind": "deadline", "sort_date": "27 March 2008",
       "precision": "day", "ends": "", "remind_days": "14"}  # fmt: skip


def test_every_date_of_the_documents_is_listed_in_order(as_role):
    text = as_role("group_manager").get(PAGE).content.decode()
    assert "45 dates, 45 shown" in text
    entries = reads.calendar(book(HERE))
    assert len(entries) == 45
    assert [each.sort_date for each in entries] == sorted(each.sort_date for each in entries)


def test_dates_may_be_chosen_by_owner_source_and_kind_and_counted_from_a_day(as_role):
    client = as_role("sha_manager")
    text = client.get(PAGE, {"owner": "Monitor", "on": "2005-09-01"}).content.decode()
    assert "45 dates, 3 shown" in text
    assert "in 29 days" in text, "the middle of September is known to the month, whose last day is the 30th"
    assert "autumn 2008" in client.get(PAGE, {"source": "west-herts-intentions-2008-09"}).content.decode()
    assert client.get(PAGE, {"on": "soon"}).status_code == 422


def test_an_added_date_is_kept_with_its_event_and_reminds(as_role):
    client = as_role("finance_manager")
    answer = send(client, f"{PAGE}/add", NEW)
    assert answer.status_code == 302
    assert answer["Location"].endswith("/calendar/entries/OWN-01")
    event = audit.events(action="finance.add_calendar_entry")[0]
    assert event.subject == f"calendar/{HERE}/OWN-01"
    assert [each.code for each in reads.reminders(book(HERE), date(2008, 3, 14))] == ["OWN-01"]
    assert "27 March 2008: Plans are due" in client.get(f"/p/{HERE}").content.decode(), (
        "it is late, and work for somebody"
    )


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"event": ""}, "Say what happens."),
        ({"sort_date": "31 June 2008"}, "is not a day"),
        ({"precision": "period"}, "A period ends on or after its first day"),
        ({"remind_days": "400"}, "That is no number of days"),
        ({"kind": "party"}, "not one of the choices"),
        ({"sort_date": "9999-12-31", "precision": "mid-month"}, "is too far away"),
        ({"sort_date": "1 January 0001"}, "is too far away"),
        ({"event": "x" * 301}, "longer than 300 characters"),
    ],
)
def test_a_date_that_cannot_be_is_refused_in_a_sentence(as_role, change, sentence):
    answer = send(as_role("finance_manager"), f"{PAGE}/add", NEW | change)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert len(reads.calendar(book(HERE))) == 45


def test_only_those_who_keep_the_calendar_may_change_it(as_role):
    assert as_role("gp_lead").get(f"{PAGE}/add").status_code == 403
    assert "Add a date" not in as_role("gp_lead").get(PAGE).content.decode()
    assert as_role("provider_lead").get(PAGE).status_code == 403


def test_what_became_of_a_date_is_recorded_with_what_shows_it(as_role):
    form = f"{PAGE}/entries/CAL-28/outcome"
    client = as_role("finance_manager")
    assert send(client, form, {"happened_on": "14 February 2008", "evidence": "", "revision": "0"}).status_code == 422
    done = send(client, form, {"happened_on": "14 February 2008", "evidence": "SYNTHETIC note", "revision": "0"})
    assert done.status_code == 302
    found = reads.calendar_entry(book(HERE), "CAL-28")
    assert (found.happened_on, found.evidence, found.revision) == (date(2008, 2, 14), "SYNTHETIC note", 1)
    stale = send(client, form, {"happened_on": "15 February 2008", "evidence": "another", "revision": "0"})
    assert stale.status_code == 409
    assert "Demo finance manager changed CAL-28" in stale.content.decode()
    back = send(client, form, {"happened_on": "", "evidence": "", "revision": "1"})
    assert back.status_code == 302
    assert reads.calendar_entry(book(HERE), "CAL-28").happened_on is None


def test_a_day_to_come_is_no_outcome(people):
    with pytest.raises(UserError, match="a day to come"):
        actions.record_calendar_outcome(
            by=SYSTEM, place=HERE, code="CAL-28", revision=0, happened_on=date(9999, 1, 1), evidence="none"
        )


def feed_address(client: Client) -> str:
    answer = send(client, f"{PAGE}/feed", {"change": "open"})
    assert answer.status_code == 302
    page = client.get(f"{PAGE}/feed").content.decode()
    return urlsplit(re.search(r'id="feed-address">([^<]+)<', page)[1]).path


def test_a_private_feed_needs_no_sign_in_and_ends_with_the_role(as_role):
    client = as_role("group_manager")
    address = feed_address(client)
    assert "feed-address" not in client.get(f"{PAGE}/feed").content.decode(), "it is shown once"
    answer = Client(SERVER_NAME="localhost").get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    assert len(list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))) == 45
    person = person_by_sign_in("group@demo")
    people_actions.disable_user(by=SYSTEM, user_id=person.id, reason="left")
    assert Client(SERVER_NAME="localhost").get(address).status_code == 404


def test_a_feed_ends_when_the_role_no_longer_opens_the_calendar(as_role):
    address = feed_address(as_role("gp_lead"))
    person = person_by_sign_in("gp@demo")
    for held in person.assignments:
        people_actions.end_role(by=SYSTEM, user_id=person.id, role=held.role, place=held.place, scope=held.scope,
                                code=held.code, last_day=date(2020, 1, 1), reason="moved")  # fmt: skip
    people_actions.assign_role(by=SYSTEM, user_id=person.id, role="provider_lead", place=HERE, scope="provider",
                               code="RWG", valid_from=date(2020, 1, 2), reason="moved")  # fmt: skip
    assert Client(SERVER_NAME="localhost").get(address).status_code == 404
    people_actions.end_role(by=SYSTEM, user_id=person.id, role="provider_lead", place=HERE, scope="provider",
                            code="RWG", last_day=date(2020, 1, 2), reason="moved back")  # fmt: skip
    people_actions.assign_role(by=SYSTEM, user_id=person.id, role="finance_manager", place=HERE, scope="place",
                               code="", valid_from=date(2020, 1, 3), reason="moved back")  # fmt: skip
    assert Client(SERVER_NAME="localhost").get(address).status_code == 404, "it ended for good"


def test_a_new_feed_ends_the_old_one_and_closing_ends_it(as_role):
    client = as_role("group_manager")
    old, new = feed_address(client), feed_address(client)
    anybody = Client(SERVER_NAME="localhost")
    assert anybody.get(old).status_code == 404
    assert anybody.get(new).status_code == 200
    send(client, f"{PAGE}/feed", {"change": "close"})
    assert anybody.get(new).status_code == 404


def test_the_shell_lists_and_writes_the_calendar(people, tmp_path):
    ask = CliRunner().invoke
    listed = ask(finance, ["calendar", "--place", HERE, "--owner", "Monitor", "--on", "2005-09-01", "--json"])
    assert [each["standing"] for each in json.loads(listed.output)][0] == "in 29 days"
    path = tmp_path / "dates.ics"
    assert ask(finance, ["calendar", "--place", HERE, "--ics", str(path)]).output.startswith("45 dates")
    assert len(list(icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT"))) == 45
    plans = json.loads(ask(finance, ["group-plans", "--place", HERE, "--scenario", "no_deposit", "--json"]).output)
    assert {each["state"] for each in plans["plans"]} == {"missing"}
    assert sum(each["left"] for each in plans["budgets"]) == 701_443_000_00


def test_a_place_without_dates_has_a_calendar_all_the_same(people):
    assert reads.calendar(book("blmk-2023")) == ()
