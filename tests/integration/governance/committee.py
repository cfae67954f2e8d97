"""A SYNTHETIC committee: its people, seats and terms of reference, and a meeting with an item before it."""

from __future__ import annotations

from datetime import date

from openpbc.governance import actions, reads
from openpbc.governance.reads import items as items_read
from openpbc.governance.reads.criteria import criteria
from openpbc.governance.rules.interests import Party
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.organisations import reads as organisations
from openpbc.organisations.models import User
from tests.integration.site.conftest import HERE

BODY = "governance_committee"
DAY = date(2008, 11, 5)
SECRETARY, CHAIR, VICE, DIRECTOR = "secretary@x", "chair@x", "vice@x", "director@x"
WATCOM, STAHCOM, LAY, VISITOR = "watcom@x", "stahcom@x", "lay@x", "visitor@x"
SEATS = (
    (SECRETARY, "secretary", "other", "", False),
    (CHAIR, "chair", "lay", "", True),
    (VICE, "vice-chair", "director", "", True),
    (DIRECTOR, "member", "director", "", True),
    (WATCOM, "member", "clinician", "WATCOM", True),
    (STAHCOM, "member", "clinician", "STAHCOM", True),
    (LAY, "member", "lay", "", True),
)
VOTERS = tuple(person for person, *_, votes in SEATS if votes)
BY = Actor(SECRETARY, "The secretary")
MATTER = f"case/{HERE}/17"
PAPER = ("case.txt", b"SYNTHETIC case for change")


def person(sign_in: str, *, active: bool = True) -> None:
    """Make a person who may sign in, and who declared that they have no interest."""
    User.objects.get_or_create(sign_in=sign_in, defaults={"display_name": sign_in.title(), "is_active": active})
    if reads.declared(sign_in, HERE, organisations.today()) is None:
        actions.declare_none(by=SYSTEM, place=HERE, person=sign_in)


def seat_all(body: str = BODY) -> None:
    """Give the body its people, its seats and its terms of reference."""
    for who, capacity, kind, of, votes in SEATS:
        person(who)
        actions.record_seat(
            by=SYSTEM, place=HERE, body=body, person=who, capacity=capacity, kind=kind, of=of, votes=votes,
            valid_from=date(2008, 4, 1),
        )  # fmt: skip
    person(VISITOR)
    terms(body)


def terms(body: str = BODY, *, deputies: bool = False, on: date = date(2008, 4, 1)) -> None:
    """Put terms of reference in force."""
    actions.record_terms(
        by=SYSTEM, place=HERE, body=body, in_force_from=on, name="terms.txt",
        content=f"SYNTHETIC terms {deputies}".encode(), deputies=deputies,
    )  # fmt: skip


def called(body: str = BODY, on: date = DAY) -> int:
    """Call a meeting."""
    return actions.call_meeting(by=BY, place=HERE, body=body, held_on=on, starts_at="14:00", venue="Hemel Hempstead")


def put(matter: str = MATTER, body: str = BODY, *, proposing: str = "WATCOM", **more: object) -> int:
    """Put a matter to the body."""
    facts = {"title": "Diabetes case", "papers": (PAPER,), "proposing": proposing} | more
    return actions.put_on_agenda(by=SYSTEM, place=HERE, body=body, matter=matter, **facts)


def opened(*items: int, body: str = BODY, on: date = DAY, there: tuple[str, ...] = (SECRETARY, *VOTERS)) -> int:
    """Call and open a meeting with items on its agenda and people present."""
    meeting = called(body, on)
    if items:
        actions.list_items(by=BY, place=HERE, meeting=meeting, items=items)
    actions.open_meeting(by=BY, place=HERE, meeting=meeting)
    present(meeting, *there)
    return meeting


def present(meeting: int, *people: str, **others: tuple[str, str]) -> None:
    """Mark people as present."""
    actions.record_attendance(by=BY, place=HERE, meeting=meeting, there=dict.fromkeys(people, ("present", "")) | others)


def ready(there: tuple[str, ...] = (SECRETARY, *VOTERS), **more: object) -> tuple[int, int]:
    """An open meeting with an item for whose interests everybody was asked: the meeting and the item."""
    item = put(**more)
    meeting = opened(item, there=there)
    actions.declare_none_at_item(by=BY, place=HERE, item=item)
    return meeting, item


def conflicted(who: str, organisation: str = "Herts Diabetes Ltd", matter: str = MATTER) -> None:
    """Let somebody hold a material interest in an organisation that may bid for a matter."""
    actions.declare_interest(
        by=Actor(who, who), place=HERE, person=who, organisation=organisation, nature="financial-personal",
        role="shareholder", held_from=date(2008, 1, 1),
    )  # fmt: skip
    actions.set_parties(by=SYSTEM, place=HERE, matter=matter, parties=(Party(organisation, "possible-bidder"),))


def votes(item: int, choice: str = "for", people: tuple[str, ...] = VOTERS) -> None:
    """Record that people voted alike."""
    actions.record_votes(by=BY, place=HERE, item=item, votes=dict.fromkeys(people, choice))


def decide(item: int, outcome: str = "approved", **more: object) -> int:
    """Record an item's outcome, with a note on each test that is asked of such a matter."""
    known = seen(item)
    asked = criteria(organisations.book(HERE), known.body, known.matter)
    notes = {each.code: "SYNTHETIC" for each in asked}
    told = {"outcome": outcome, "reasons": "SYNTHETIC reasons", "notes": notes, **more}
    return actions.decide_item(by=BY, place=HERE, item=item, **told)


def seen(item: int) -> items_read.Item:
    """An item as it stands."""
    return items_read.item(HERE, item)
