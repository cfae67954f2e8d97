"""The news of a body as Atom: valid, blank where the gate closes, ended with the role, and nothing but the public."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from openpbc.audit.models import AuditEvent
from openpbc.governance import actions, reads
from openpbc.governance.models import BodyFeed, Item, Meeting
from openpbc.governance.reads import seats
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.organisations import reads as organisations
from openpbc.organisations.models import RoleAssignment
from openpbc.site.tokens import without_token
from openpbc.ui.news import Entry, atom
from tests.integration.site.conftest import HERE, As, send
from tests.integration.site.forms.meetings import BODY, closed

PAGE = f"/p/{HERE}/bodies/{BODY}/feed"
PUBLIC = f"/p/{HERE}/bodies/{{}}/public.atom"
MEETING = "PBC Governance Committee, meeting 2"
ATOM = "{http://www.w3.org/2005/Atom}"
# RFC 3339 with a zone, as RFC 4287 (3.3) asks.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@pytest.fixture(autouse=True)
def shown(people: None) -> None:
    actions.demonstrate_meetings(by=SYSTEM, place=HERE)


def address(client, page: str = PAGE) -> str:
    assert send(client, page, {"change": "open"}).status_code == 302
    found = re.search(r'id="feed-address">http://localhost(/feeds/bodies/[^<]+)<', client.get(page).content.decode())
    assert found
    return found[1]


def only(parent: ET.Element, name: str) -> str:
    found = parent.findall(f"{ATOM}{name}")
    assert len(found) == 1, f"{name} stands {len(found)} times"
    return found[0].text or ""


def valid(content: bytes) -> dict[str, ET.Element]:
    """Hold a feed against the rules of RFC 4287 that it can break; give its entries by title."""
    feed = ET.fromstring(content)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert feed.find(f"{ATOM}author/{ATOM}name").text  # 4.1.1: an author of the feed stands for all entries
    for each in (feed, *entries):
        assert re.match(r"[a-z]+://|tag:", only(each, "id")), "4.2.6: an absolute IRI"
        assert only(each, "title") and MOMENT.fullmatch(only(each, "updated"))
        links = [link.get("rel") for link in each.findall(f"{ATOM}link")]
        assert links.count("alternate") == 1, "4.1.2: an entry without content has one"
    ids = [only(each, "id") for each in entries]
    assert len(set(ids)) == len(ids), "4.1.1: no two entries are the same"
    moments = [only(each, "updated") for each in entries]
    assert moments == sorted(moments, reverse=True)
    assert not moments or only(feed, "updated") == moments[0]
    return {only(each, "title"): each for each in entries}


def read(client, path: str) -> dict[str, ET.Element]:
    answer = client.get(path)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return valid(answer.content)


def words(entries: dict[str, ET.Element]) -> str:
    return "\n".join(title + only(each, "summary") for title, each in entries.items())


def test_it_is_valid_for_every_body_and_the_same_at_each_reading(as_role: As) -> None:
    closed()
    browser, nobody = as_role("committee_chair"), as_role("public")
    for code in seats.all_bodies(organisations.book(HERE)):
        path = address(browser, PAGE.replace(BODY, code))
        found = read(nobody, path)
        assert nobody.get(path).content == nobody.get(path).content
        assert path.split("/")[-1] not in nobody.get(path).content.decode(), "a copy gives its address away"
        assert code != BODY or any(MEETING in title for title in found)
        read(nobody, PUBLIC.format(code))


def test_it_tells_meetings_agendas_and_decisions_and_a_change_moves_its_time_and_not_its_id(as_role: As) -> None:
    closed()
    browser, nobody = as_role("committee_secretary"), as_role("public")
    path = address(browser)
    first = read(nobody, path)
    said = words(first)
    assert "1. SYNTHETIC: breathlessness" in said and "telephone advice" in said
    assert any(title.startswith("Decision ") for title in first)
    [title] = [each for each in first if each.startswith(MEETING)]
    row = Meeting.objects.get(place=HERE, body=BODY, number=2)
    assert only(first[title], "id") == f"http://localhost/p/{HERE}/meetings/{row.pk}"
    later = row.changed_at + timedelta(hours=1)
    Item.objects.filter(meeting=row, number=1).update(changed_at=later)
    again = read(nobody, path)
    assert {only(each, "id") for each in again.values()} == {only(each, "id") for each in first.values()}
    assert datetime.fromisoformat(only(again[title], "updated")) == later


def test_it_keeps_back_what_an_interest_and_a_private_part_keep_back(as_role: As) -> None:
    closed()
    nobody = as_role("public")
    chair, conflicted = address(as_role("committee_chair")), address(as_role("gp_lead"))
    assert "breathlessness" in words(read(nobody, chair))
    kept = read(nobody, conflicted)
    assert "breathlessness" not in words(kept) and "<br>1.<br>" in words(kept)
    private = Item.objects.exclude(decision=None).order_by("-pk")[0]
    taken = reads.decision(private.decision_id)
    assert f"Decision {taken.id}: {taken.title}" in read(nobody, chair)
    Item.objects.filter(pk=private.pk).update(private=True)
    blank = read(nobody, chair)  # though the chair may see it on the site
    assert not only(blank[f"Decision {taken.id}"], "summary") and taken.title not in words(blank)


def test_a_withheld_item_does_not_tell_when_it_changed(as_role: As) -> None:
    nobody = as_role("public")
    path = address(as_role("gp_lead"))
    before = nobody.get(path).content
    Item.objects.filter(title__contains="breathlessness").update(changed_at=datetime(2030, 1, 1, tzinfo=UTC))
    assert nobody.get(path).content == before


def test_a_new_address_ends_the_old_one_and_all_end_with_the_role(as_role: As) -> None:
    browser, nobody = as_role("committee_chair"), as_role("public")
    first = address(browser)
    other = address(browser, PAGE.replace(BODY, "board"))
    second = address(browser)
    assert first != second and nobody.get(first).status_code == 404
    assert nobody.get(other).status_code == 200, "the address of another body stays"
    assert "feed-address" not in browser.get(PAGE).content.decode()  # shown once
    assert all(row.token_hash not in second for row in BodyFeed.objects.all())
    held = RoleAssignment.objects.filter(user__sign_in="chair@demo")
    held.update(valid_to=date(2000, 1, 1), valid_from=date(1999, 1, 1))
    assert nobody.get(second).status_code == 404
    held.update(valid_to=None)
    assert nobody.get(second).status_code == 404  # it ended for good
    ended = AuditEvent.objects.get(action="governance.end_body_feed")
    assert ended.subject == f"body-feed/{HERE}/{BODY}/chair@demo"
    assert send(browser, PAGE.replace(BODY, "board"), {"change": "close"}).status_code == 302
    assert nobody.get(other).status_code == 404 and nobody.get("/feeds/bodies/x.atom").status_code == 404
    assert as_role("provider_lead").get(PAGE).status_code == 403
    assert without_token(f"GET {second}") == "GET /feeds/bodies/[cut]"


def test_many_meetings_and_decisions_ask_no_more_than_few(as_role: As, django_assert_max_num_queries) -> None:
    closed()
    nobody = as_role("public")
    path = address(as_role("committee_chair"))
    first = read(nobody, path)
    with CaptureQueriesContext(connection) as few:
        nobody.get(path)
    for month in range(1, 9):
        day = date(2009, month, 7)
        actions.call_meeting(by=SYSTEM, place=HERE, body=BODY, held_on=day)
    Item.objects.filter(meeting__isnull=False).exclude(title__contains="breathlessness").update(private=True)
    with django_assert_max_num_queries(len(few)):
        later = read(nobody, path)
    assert len(later) == len(first) + 8


def test_the_public_feed_holds_what_the_public_page_of_route_maps_holds_and_nothing_else(as_role: As) -> None:
    closed()
    commissioner = organisations.book(HERE).place.commissioner
    actions.record_route_map(
        by=SYSTEM, place=HERE, commissioner=commissioner, signed_on=date(2008, 4, 1), name="map.txt",
        content=b"SYNTHETIC", for_commissioner="board",
        for_groups={organisations.units(HERE)[0].code: "gp_lead"},
    )  # fmt: skip
    nobody = as_role("public")
    found = read(nobody, PUBLIC.format("board"))
    assert found and all("Route map for innovation" in title for title in found)
    assert read(nobody, PUBLIC.format(BODY)) == {}, "its meetings and decisions are on no public page"
    page = nobody.get(f"/p/{HERE}/route-map").content.decode()
    named = f'title="What everybody may read of the Board" href="{PUBLIC.format("board")}">'
    assert f'<link rel="alternate" type="application/atom+xml" {named}' in page
    assert f'<a href="{PUBLIC.format("board")}">' in page
    body = as_role("committee_chair").get(PAGE.removesuffix("/feed")).content.decode()
    assert f'<a href="{PAGE}">' in body and f'href="{PUBLIC.format(BODY)}">' in body and "application/atom+xml" in body


def test_what_stands_in_a_title_cannot_break_the_feed() -> None:
    odd = 'A <b>&amp; "quoted" \x0b\x00 title ]]>'
    at = datetime(2026, 1, 1, tzinfo=UTC)
    answer = atom(
        odd, odd, "http://x/", [Entry("http://x/1", odd, f"{odd}\nmore", at, "http://x/1")], id="http://x/", own=None
    )
    [(title, found)] = valid(answer.content).items()
    assert title == 'A <b>&amp; "quoted"    title ]]>'
    assert only(found, "summary") == f"{escape(title)}<br>more".replace("&#x27;", "'")
    assert valid(atom("None", "", "http://x/", [], id="http://x/", own=None).content) == {}


def test_the_log_tells_who_made_an_address(as_role: As) -> None:
    actions.open_body_feed(by=Actor("chair@demo", "The chair"), place=HERE, body=BODY)
    assert AuditEvent.objects.get(action="governance.open_body_feed").subject == f"body-feed/{HERE}/{BODY}/chair@demo"
