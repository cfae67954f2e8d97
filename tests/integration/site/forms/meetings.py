"""Bodies, meetings, items, votes and minutes: each form on the SYNTHETIC committee of the demonstration."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.core.files.uploadedfile import SimpleUploadedFile

from openpbc.governance import actions
from openpbc.governance.models import Item, Meeting, MeetingAction, Paper, Seat
from openpbc.governance.reads import items
from openpbc.kernel.actor import SYSTEM
from tests.integration.site.conftest import HERE, As, send

BODY = "governance_committee"
SECRETARY, CHAIR, MEMBER = "committee_secretary", "committee_chair", "conclave_chair"
VOTERS = ("chair@demo", "finance@demo", "gp@demo", "conclave@demo", "analyst@demo")
SURE = {"confirmed": "yes"}
AT = f"/p/{HERE}"


def _meeting(number: int) -> Meeting:
    return Meeting.objects.get(place=HERE, body=BODY, number=number)


def _item(title: str) -> Item:
    return Item.objects.get(place=HERE, title__contains=title)


def planned() -> str:
    """Where the planned meeting of the demonstration stands."""
    return f"{AT}/meetings/{_meeting(2).pk}"


def held() -> str:
    """Where the meeting that was held stands."""
    return f"{AT}/meetings/{_meeting(1).pk}"


def item(title: str = "telephone advice") -> str:
    """Where an item stands."""
    return f"{AT}/meeting-items/{_item(title).pk}"


def opened() -> None:
    """Open the planned meeting with everybody there."""
    meeting = _meeting(2).pk
    actions.open_meeting(by=SYSTEM, place=HERE, meeting=meeting)
    there = dict.fromkeys(("secretary@demo", *VOTERS), ("present", ""))
    actions.record_attendance(by=SYSTEM, place=HERE, meeting=meeting, there=there)


def asked() -> None:
    """Open it, and ask everybody for interests at every item."""
    opened()
    for each in Item.objects.filter(meeting=_meeting(2)):
        actions.declare_none_at_item(by=SYSTEM, place=HERE, item=each.pk)


def voted() -> None:
    """Let everybody vote for the item."""
    asked()
    actions.record_votes(by=SYSTEM, place=HERE, item=_item("telephone").pk, votes=dict.fromkeys(VOTERS, "for"))


def closed() -> None:
    """Take everything that the meeting has."""
    voted()
    actions.decide_item(by=SYSTEM, place=HERE, item=_item("telephone").pk, outcome="approved", reasons="SYNTHETIC")


def tried(
    role: str,
    path: Callable[[], str],
    given: Mapping[str, object] | Callable[[], Mapping[str, object]],
    ready: Callable[[], object] = lambda: None,
) -> Callable[[As], Callable[[], object]]:
    """A form on the demonstration's meetings; the address and the answers are looked up once all is ready."""

    def do(as_role: As) -> Callable[[], object]:
        browser = as_role(role)
        actions.demonstrate_meetings(by=SYSTEM, place=HERE)
        ready()
        answers = given() if callable(given) else given
        return lambda: send(browser, path(), dict(answers))

    return do


def _file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"SYNTHETIC text")


def _paper() -> str:
    return f"{item()}/papers/{Paper.objects.get(item=_item('telephone')).pk}/remove"


def _seat() -> str:
    return f"{AT}/bodies/{BODY}/members/{Seat.objects.get(body=BODY, person='analyst@demo').pk}/end"


def _agreed(what: str) -> str:
    return f"{AT}/meeting-actions/{MeetingAction.objects.get(meeting=_meeting(1)).pk}/{what}"


def _there() -> dict[str, object]:
    return {f"p{index}": "present" for index in range(6)} | {"seen": "0"}


def _only_opened() -> None:
    actions.open_meeting(by=SYSTEM, place=HERE, meeting=_meeting(2).pk)


def _papers_hash() -> str:
    return items.item(HERE, _item("telephone").pk).papers_hash


SEAT = {"person": "contracts@demo", "capacity": "member", "kind": "other", "votes": "yes", "valid_from": "1/2/2009"}
URGENT = {"title": "Beds", "reasons": "SYNTHETIC", "first": "finance@demo", "on": "1/2/2009"}
CALL = {"body": BODY, "held_on": "1/4/2009", "starts_at": "14:00", "kind": "ordinary"}
NOTE = {"note": "SYNTHETIC note"}
FORMS = {
    "governance:body-feed-address": tried(SECRETARY, lambda: f"{AT}/bodies/{BODY}/feed", {"change": "open"}),
    "governance:meeting-feed-address": tried(SECRETARY, lambda: f"{AT}/meetings/feed", {"change": "open"}),
    "governance:seat-add": tried(SECRETARY, lambda: f"{AT}/bodies/{BODY}/members/add", SEAT),
    "governance:seat-end": tried(SECRETARY, _seat, {"last_day": "31/3/2009", "reason": "left", "seen": "1"}),
    "governance:terms-add": tried(
        SECRETARY,
        lambda: f"{AT}/bodies/{BODY}/terms/add",
        lambda: {"file": _file("terms.txt"), "in_force_from": "1/3/2009", "deputies": "yes"},
    ),
    "governance:urgent": tried(CHAIR, lambda: f"{AT}/bodies/{BODY}/urgent", URGENT | SURE),
    "governance:meeting-call": tried(SECRETARY, lambda: f"{AT}/meetings/new", CALL),
    "governance:meeting-change": tried(
        SECRETARY, lambda: f"{planned()}/move", {"held_on": "20/3/2009", "starts_at": "15:00", "seen": "0"}
    ),
    "governance:meeting-cancel": tried(
        SECRETARY, lambda: f"{planned()}/cancel", {"reason": "snow", "seen": "0"} | SURE
    ),
    "governance:meeting-open": tried(SECRETARY, lambda: f"{planned()}/open", SURE),
    "governance:meeting-close": tried(SECRETARY, lambda: f"{planned()}/end", SURE, closed),
    "governance:agenda-add": tried(SECRETARY, lambda: f"{planned()}/agenda", {"item": "all"}),
    "governance:item-add": tried(
        CHAIR, lambda: f"{planned()}/items/add", {"title": "Talk", "kind": "discussion", "private": "no"}
    ),
    "governance:room-attendance": tried(SECRETARY, lambda: f"{planned()}/attendance", _there, _only_opened),
    "governance:meeting-note": tried(SECRETARY, lambda: f"{held()}/minutes/note", NOTE | {"seen": "0"}),
    "governance:agreed-add": tried(
        SECRETARY,
        lambda: f"{held()}/actions/add",
        {"text": "Write", "owner": "gp@demo", "due": "1/3/2009"},
    ),
    "governance:item-change": tried(
        SECRETARY,
        lambda: f"{item()}/change",
        {"title": "Advice", "private": "yes", "place_on_agenda": "1", "seen": "2"},
    ),
    "governance:item-take-back": tried(
        SECRETARY, lambda: f"{item()}/take-back", {"how": "wait", "reason": "late papers", "seen": "2"}
    ),
    "governance:paper-add": tried(SECRETARY, lambda: f"{item()}/papers/add", lambda: {"file": _file("finance.txt")}),
    "governance:paper-remove": tried(SECRETARY, _paper, {"reason": "wrong file"}),
    "governance:item-declare": tried(
        MEMBER, lambda: f"{item()}/declare", {"person": "conclave@demo", "what": "my employer may bid"}, opened
    ),
    "governance:item-ask": tried(SECRETARY, lambda: f"{item()}/asked", {"seen": "2"}, opened),
    "governance:item-votes": tried(
        SECRETARY, lambda: f"{item()}/votes", {f"v{index}": "for" for index in range(5)} | {"seen": "3"}, asked
    ),
    "governance:item-vote": tried(
        MEMBER, lambda: f"{item()}/vote", lambda: {"choice": "for", "papers": _papers_hash()}, asked
    ),
    "governance:item-decide": tried(
        SECRETARY,
        lambda: f"{item()}/decide",
        {"outcome": "approved", "reasons": "SYNTHETIC", "seen": "4"} | SURE,
        voted,
    ),
    "governance:item-confirm": tried(
        SECRETARY, lambda: f"{item('minutes of meeting')}/confirm", {"seen": "2"} | SURE, asked
    ),
    "governance:item-note": tried(SECRETARY, lambda: f"{item()}/note", NOTE | {"seen": "2"}),
    "governance:agreed-done": tried(
        "group_manager", lambda: _agreed("done"), {"outcome": "asked", "on": "10/2/2009", "seen": "1"}
    ),
    "governance:agreed-chase": tried(SECRETARY, lambda: _agreed("remind"), {"seen": "1"}),
}
