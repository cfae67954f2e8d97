"""A demonstration's meetings: two bodies with SYNTHETIC seats and terms, meetings held and to come, and what waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from openpbc import audit
from openpbc.governance.actions.deciding import decide_item
from openpbc.governance.actions.interests import declare_none
from openpbc.governance.actions.items import add_item, list_items, put_on_agenda
from openpbc.governance.actions.meetings import call_meeting, close_meeting, open_meeting, record_attendance
from openpbc.governance.actions.minutes import agree_action, note_item
from openpbc.governance.actions.seats import SECRETARY_ROLE, record_seat, record_terms
from openpbc.governance.actions.sitting import declare_at_item, declare_none_at_item, record_votes
from openpbc.governance.models import Seat
from openpbc.governance.reads import items as items_read
from openpbc.governance.reads.criteria import criteria
from openpbc.governance.reads.interests import declared
from openpbc.governance.reads.seats import all_bodies, seats
from openpbc.governance.rules.meetings import DISCUSSION, MINUTES
from openpbc.governance.rules.quorum import CHAIR, CLINICIAN, DIRECTOR, LAY, MEMBER, SECRETARY, VICE
from openpbc.governance.rules.voting import AGAINST, APPROVED, FOR, REFUSED
from openpbc.governance.rules.withholding import LEAVES
from openpbc.kernel.actor import Actor
from openpbc.organisations import reads as organisations

_SECRETARY = "secretary@demo"
BODY, BOARD = "governance_committee", "board"
# Bodies meet here only near the year's end, so that a demonstration also shows what was written into the register.
_MONTHS_BEFORE_END = 2
_SEATS = (
    (_SECRETARY, SECRETARY, "other", False),
    ("chair@demo", CHAIR, LAY, True),
    ("finance@demo", VICE, DIRECTOR, True),
    ("gp@demo", MEMBER, CLINICIAN, True),
    ("conclave@demo", MEMBER, CLINICIAN, True),
    ("analyst@demo", MEMBER, "public health", True),
)
_TERMS = "SYNTHETIC terms of reference, invented for demonstration.\n"
_VOTERS = tuple(person for person, *_, votes in _SEATS if votes)


@audit.action("governance.demonstrate_meetings")
def demonstrate_meetings(*, by: Actor, place: str) -> None:
    """Hold one SYNTHETIC meeting, call two more and let something wait; a second run changes nothing."""
    book = organisations.book(place)
    known = all_bodies(book)
    people = {each.sign_in for each in organisations.people()}
    units = [each.code for each in organisations.units(place)]
    missing = not {BODY, BOARD} <= set(known) or not set(_VOTERS) <= people or len(units) < 2
    if missing or Seat.objects.filter(place=place).exists():
        audit.nothing_changed()
        return
    by = Actor(_SECRETARY, "Demo committee secretary", frozenset({SECRETARY_ROLE}), acting_for=by.id)
    _declare(by, place, _VOTERS)
    first = _months_back(book.place.year.last, _MONTHS_BEFORE_END)
    for body in (BODY, BOARD):
        _seat(by, place, body, units, first)
    held = _held(by, place, units, first + timedelta(days=20))
    _to_come(by, place, held, units)
    _open_now(by, place, book.place.year.last - timedelta(days=6))
    audit.note(subject=f"place/{place}", after={"meeting": held}, reason="SYNTHETIC: meetings for demonstration")


def _months_back(last: date, months: int) -> date:
    return date(last.year, last.month - months, 1)


def _declare(by: Actor, place: str, voters: tuple[str, ...]) -> None:
    """Let whoever votes and declared nothing yet declare that there is nothing, as nobody votes without."""
    for person in voters:
        if declared(person, place, organisations.today()) is None:
            declare_none(by=by, place=place, person=person, synthetic=True)


def _seat(by: Actor, place: str, body: str, units: list[str], first: date) -> None:
    of = {"gp@demo": units[0], "conclave@demo": units[1]}
    for person, capacity, kind, votes in _SEATS:
        record_seat(
            by=by, place=place, body=body, person=person, capacity=capacity, kind=kind, of=of.get(person, ""),
            votes=votes, valid_from=first, synthetic=True,
        )  # fmt: skip
    record_terms(
        by=by, place=place, body=body, in_force_from=first, name="terms_of_reference.txt", content=_TERMS.encode(),
        note="SYNTHETIC", synthetic=True,
    )  # fmt: skip


def _held(by: Actor, place: str, units: list[str], on: date) -> int:
    """One meeting with a decision in which somebody left for an interest, and an action that is agreed."""
    clinic = put_on_agenda(
        by=by, place=place, body=BODY, matter="", title="SYNTHETIC: breathlessness clinic in the community",
        papers=(("case.txt", b"SYNTHETIC case for change, invented for demonstration.\n"),), proposing=units[0],
        synthetic=True,
    )  # fmt: skip
    meeting = call_meeting(
        by=by, place=place, body=BODY, held_on=on, starts_at="14:00", venue="SYNTHETIC meeting room", synthetic=True
    )
    list_items(by=by, place=place, meeting=meeting, items=(clinic,))
    talk = add_item(
        by=by, place=place, meeting=meeting, title="SYNTHETIC: waiting times", kind=DISCUSSION, synthetic=True
    )
    open_meeting(by=by, place=place, meeting=meeting)
    there = {person: ("present", "") for person, *_ in _SEATS}
    record_attendance(by=by, place=place, meeting=meeting, there=there)
    declare_at_item(
        by=by, place=place, item=clinic, person="gp@demo", what="SYNTHETIC: partner in a company that may bid",
        ruling=LEAVES,
    )  # fmt: skip
    for item in (clinic, talk):
        declare_none_at_item(by=by, place=place, item=item)
    left = tuple(person for person in _VOTERS if person != "gp@demo")
    record_votes(by=by, place=place, item=clinic, votes=dict.fromkeys(left, FOR))
    note_item(by=by, place=place, item=clinic, note="SYNTHETIC: the committee asked how patients will travel there.")
    decide_item(
        by=by, place=place, item=clinic, outcome=APPROVED, reasons="SYNTHETIC: it fits the plan and the money is there."
    )
    agree_action(
        by=by, place=place, meeting=meeting, item=clinic, text="SYNTHETIC: ask patients about transport",
        owner="group@demo", due=on + timedelta(days=28),
    )  # fmt: skip
    close_meeting(by=by, place=place, meeting=meeting)
    return meeting


def _to_come(by: Actor, place: str, held: int, units: list[str]) -> None:
    """The committee's next meeting with the minutes to confirm, and what waits for an agenda."""
    day = organisations.book(place).place.year.last
    for title, private in (("SYNTHETIC: minor surgery in practices", False), ("SYNTHETIC: a lease", True)):
        put_on_agenda(
            by=by, place=place, body=BODY, matter="", title=title, proposing=units[1], private=private, synthetic=True
        )
    next_one = call_meeting(
        by=by, place=place, body=BODY, held_on=day - timedelta(days=13), starts_at="14:00",
        venue="SYNTHETIC meeting room", synthetic=True,
    )  # fmt: skip
    add_item(
        by=by, place=place, meeting=next_one, title="SYNTHETIC: minutes of meeting 1", kind=MINUTES, minutes_of=held,
        synthetic=True,
    )  # fmt: skip
    case = put_on_agenda(
        by=by, place=place, body=BODY, matter="", title="SYNTHETIC: telephone advice before referral",
        papers=(("case.txt", b"SYNTHETIC case, invented for demonstration.\n"),), proposing=units[1], synthetic=True,
    )  # fmt: skip
    list_items(by=by, place=place, meeting=next_one, items=(case,))


def _open_now(by: Actor, place: str, on: date) -> None:
    """A meeting of the Board that is going on, with everybody there and asked for interests."""
    item = put_on_agenda(
        by=by, place=place, body=BOARD, matter="", title="SYNTHETIC: winter beds", synthetic=True,
        papers=(("beds.txt", b"SYNTHETIC paper on winter beds, invented for demonstration.\n"),),
    )  # fmt: skip
    meeting = call_meeting(
        by=by, place=place, body=BOARD, held_on=on, starts_at="10:00", venue="SYNTHETIC boardroom", synthetic=True
    )
    list_items(by=by, place=place, meeting=meeting, items=(item,))
    open_meeting(by=by, place=place, meeting=meeting)
    there = {person: ("present", "") for person, *_ in _SEATS}
    record_attendance(by=by, place=place, meeting=meeting, there=there)
    declare_none_at_item(by=by, place=place, item=item)


@audit.action("governance.demonstrate_sitting")
def demonstrate_sitting(
    *, by: Actor, place: str, decided: Mapping[int, tuple[str, str]], body: str = BODY, starts_at: str = "09:30"
) -> int:
    """Let a body decide today what waits for it: for each item the outcome with its SYNTHETIC reasons."""
    by = Actor(_SECRETARY, "Demo committee secretary", frozenset({SECRETARY_ROLE}), acting_for=by.id)
    today = organisations.today()
    seated = seats(place, body, today)
    voters = tuple(each.person for each in seated if each.votes)
    _declare(by, place, voters)
    meeting = call_meeting(
        by=by, place=place, body=body, held_on=today, starts_at=starts_at, venue="SYNTHETIC meeting room",
        synthetic=True,
    )  # fmt: skip
    list_items(by=by, place=place, meeting=meeting, items=tuple(decided))
    open_meeting(by=by, place=place, meeting=meeting)
    record_attendance(by=by, place=place, meeting=meeting, there={each.person: ("present", "") for each in seated})
    for item, (outcome, reasons) in decided.items():
        declare_none_at_item(by=by, place=place, item=item)
        votes = dict.fromkeys(voters, AGAINST if outcome == REFUSED else FOR) | {"gp@demo": FOR}
        record_votes(by=by, place=place, item=item, votes=votes)
        tests = criteria(organisations.book(place), body, items_read.item(place, item).matter)
        notes = {each.code: f"SYNTHETIC: {each.title.lower()}, as the paper shows." for each in tests}
        decide_item(by=by, place=place, item=item, outcome=outcome, reasons=reasons, notes=notes)
    close_meeting(by=by, place=place, meeting=meeting)
    audit.note(subject=f"place/{place}", after={"meeting": meeting}, reason="SYNTHETIC: decided for demonstration")
    return meeting
