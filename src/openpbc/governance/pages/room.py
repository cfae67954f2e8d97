"""The meeting room: who is there, and each item in turn: interests, quorum, votes, outcome. Made for a telephone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from openpbc.governance import actions
from openpbc.governance.pages.agenda import quorum_figure
from openpbc.governance.pages.items import open_item
from openpbc.governance.pages.meeting_parts import (
    SEEN,
    at,
    item_crumbs,
    item_tag,
    mark_tag,
    may,
    meeting_crumb,
    meeting_name,
    meetings_crumb,
    people_choices,
)
from openpbc.governance.reads import items as items_read
from openpbc.governance.reads import meetings as reads
from openpbc.governance.reads import seats
from openpbc.governance.reads.criteria import Criterion, criteria
from openpbc.governance.reads.items import Item
from openpbc.governance.reads.marks import mark, marks
from openpbc.governance.reads.meetings import Meeting
from openpbc.governance.reads.seats import names
from openpbc.governance.reads.sitting import barred, barred_items, counted_or_not_set, left, recused
from openpbc.governance.rules.meetings import LISTED, MINUTES
from openpbc.governance.rules.quorum import PRESENCES, PRESENT, Quorum
from openpbc.governance.rules.voting import (
    ABSTAINS,
    AGAINST,
    AGREED,
    APPROVED,
    CHOICES,
    DEFERRED,
    FOR,
    NOTED,
    RECOMMENDS,
    REFUSED,
    RETURNED,
)
from openpbc.governance.rules.withholding import LEAVES, RULINGS
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.values import NotSet
from openpbc.ui.figures import Cell
from openpbc.ui.forms import AREA, HIDDEN, Field, Form, choice, line, lines, words
from openpbc.ui.pages import Page, capital, respond
from openpbc.ui.writing import Checked, Writing, write

OUTCOMES = {APPROVED: "Approved", AGREED: "Agreed and recommended", RETURNED: "Returned with reasons",
            REFUSED: "Refused", NOTED: "Noted", DEFERRED: "Deferred to a later meeting"}  # fmt: skip

# What a member taps; each opens the vote with that choice made.
BALLOT = {FOR: "Vote for", AGAINST: "Vote against", ABSTAINS: "Abstain"}


def room(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """The room of a meeting: who is there, and its items with the next one to take first."""
    book, found = open_book(place), reads.meeting(place, number)
    listed = items_read.items(place, number)
    roll, closed = reads.roll(number), barred_items(request.viewer, place, listed)
    marked = marks(place, listed)
    page = Page(
        template="governance/room.jinja",
        title=f"Room: {meeting_name(book, found)}",
        book=book,
        trail=(meetings_crumb(book), meeting_crumb(book, found)),
        synthetic=found.synthetic,
        context={
            "meeting": found,
            "keeps": _keeps(request, found),
            "there": [each.name for each in roll if each.member.presence == PRESENT],
            "deputies": [f"{each.deputy_name} for {each.name}" for each in roll if each.member.deputy],
            "away": [f"{each.name}: {PRESENCES[each.member.presence].lower()}"
                     for each in roll if found.roll_version and each.member.presence != PRESENT
                     and not each.member.deputy],
            "items": [
                {"number": each.number, "withheld": closed.get(each.id, ""), "title": each.title,
                 "tag": item_tag(each), "mark": mark_tag(marked.get(each.id, "")),
                 "href": at("room-item", place, each.id)}
                for each in listed
            ],
        },
    )  # fmt: skip
    return respond(request, page)


def _keeps(request: HttpRequest, meeting: Meeting) -> bool:
    held = seats.officers(meeting.place, meeting.body, meeting.held_on)
    return request.viewer.actor.id in held and may(request, "item-decide", meeting.place)


def room_item(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """One item in the room: what comes next for who keeps the meeting, and for a member the own vote."""
    book = open_book(place)
    found, meeting = _in_meeting(request, place, number)
    count, away, called = counted_or_not_set(found, meeting), recused(found, meeting), names()
    me, void = request.viewer.actor.id, _void(found, away, count)
    keeps = _keeps(request, meeting)
    page = Page(
        template="governance/room_item.jinja",
        title=f"{found.number}. {found.title}",
        book=book,
        trail=(meetings_crumb(book), meeting_crumb(book, meeting)),
        synthetic=found.synthetic or meeting.synthetic,
        rests_on=(book.table(seats.RULES),),
        context={
            "item": found,
            "meeting": meeting,
            "tag": item_tag(found),
            "mark": mark_tag(mark(found)),
            "papers": [(each.name, at("paper", place, number, each.id)) for each in found.current_papers],
            "asked": found.said,
            "declared": [f"{each.name}: {each.what} ({RULINGS[each.ruling]})" for each in found.declared],
            "away": [f"{called.get(person, person)}: {why}" for person, why in away.items()
                     if person in left(found, meeting)],
            "quorum": count.sentence if isinstance(count, Quorum) else count.problem.sentence,
            "holds": isinstance(count, Quorum) and count.holds,
            "figure": quorum_figure(found, count) if isinstance(count, Quorum) else None,
            "chair": called.get(count.chair, count.chair) if isinstance(count, Quorum) else "",
            "votes": _votes(found, void, called),
            "void": [f"{called.get(person, person)} ({why})" for person, why in void.items()],
            "is_open": found.state == LISTED and meeting.state == reads.OPEN,
            "keeps": keeps,
            "ballot": BALLOT.items(),
            "may_vote": isinstance(count, Quorum) and me in count.counted and found.kind != MINUTES,
            "own": CHOICES.get(found.votes.get(me, ""), ""),
            "on_roll": any(me in (each.member.person, each.member.deputy) for each in reads.roll(meeting.id)),
            "minutes": found.kind == MINUTES,
            "next": _next(request, place, found, meeting),
        },
    )  # fmt: skip
    return respond(request, page)


def _void(found: Item, away: Mapping[str, str], count: Quorum | NotSet) -> dict[str, str]:
    """The votes that count no more, with why: of who has left the item, and a second one of one person."""
    twice = dict(count.twice) if isinstance(count, Quorum) else {}
    told = {person: "that person counts under another account" for person in found.votes if person in twice}
    return told | {person: "they have left this item" for person in found.votes if person in away}


def _votes(found: Item, void: Mapping[str, str], called: Mapping[str, str]) -> list[str]:
    """The votes by name; one that counts no more is void, and says why."""
    return [
        f"{called.get(person, person)}: {CHOICES[vote].lower()}{f', void: {void[person]}' if person in void else ''}"
        for person, vote in found.votes.items()
    ]


def _in_meeting(request: HttpRequest, place: str, number: int) -> tuple[Item, Meeting]:
    found, meeting = open_item(request, place, number)
    if meeting is None:
        raise UserError("this item is on no agenda", found.title, "Put it on the agenda of a meeting first.")
    return found, meeting


def _next(request: HttpRequest, place: str, found: Item, meeting: Meeting) -> tuple[str, str] | None:
    """The next item that has no outcome."""
    for each in items_read.items(place, meeting.id):
        if (each.number or 0) > (found.number or 0) and each.state == LISTED:
            name = "withheld from you" if barred(request.viewer, each) else each.title
            return f"Next: {each.number}. {name}", at("room-item", place, each.id)
    return None


def attendance(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Record who is there; where deputies are allowed, who sits in for whom."""
    book, found = open_book(place), reads.meeting(place, number)
    roll = reads.roll(number)
    terms = seats.terms_in_force(place, found.body, found.held_on)
    deputies = terms is not None and terms.deputies

    def act(values: Mapping[str, Any]) -> str:
        there = {
            each.member.person: (values[f"p{index}"], values.get(f"d{index}", ""))
            for index, each in enumerate(roll)
            if values.get(f"p{index}")
        }
        actions.record_attendance(
            by=request.viewer.actor, place=place, meeting=number, there=there, seen=values.get("seen")
        )
        return at("room", place, number)

    fields: list[Field] = []
    first = {"seen": str(found.roll_version)}
    untouched = found.roll_version == 0
    for index, each in enumerate(roll):
        fields.append(
            choice(f"p{index}", f"{each.name} ({each.member.capacity})", PRESENCES.items(), "Say whether there.")
        )
        first[f"p{index}"] = PRESENT if untouched else each.member.presence
        if deputies and each.member.votes:
            fields.append(choice(f"d{index}", f"Deputy for {each.name}", people_choices(), blank="None"))
            first[f"d{index}"] = each.member.deputy
    writing = Writing(
        "Who is there", Form((*fields, SEEN)), "Record the attendance", act, book=book, first=first,
        trail=(meetings_crumb(book), meeting_crumb(book, found)),
        lead="Come back here when somebody arrives or leaves: quorum and votes follow."
        + ("" if deputies else " The terms of reference allow no deputies."),
    )  # fmt: skip
    return write(request, writing)


def declare(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Declare an interest at an item: one's own, or as who keeps the meeting for anybody who is there."""
    book = open_book(place)
    found, meeting = _in_meeting(request, place, number)
    keeps, me = _keeps(request, meeting), request.viewer.actor.id
    there = [
        (person, name)
        for each in reads.roll(meeting.id)
        for person, name in ((each.member.person, each.name), (each.member.deputy, each.deputy_name))
        if person and (keeps or person == me)
    ]

    def act(values: Mapping[str, Any]) -> str:
        actions.declare_at_item(
            by=request.viewer.actor, place=place, item=number, person=values["person"], what=values["what"],
            ruling=values.get("ruling", LEAVES), seen=values.get("seen") if keeps else None,
        )  # fmt: skip
        return at("room", place, meeting.id) if values["person"] == me else at("room-item", place, number)

    ruling = choice("ruling", "The chair rules that the person", RULINGS.items(), "Choose the ruling.")
    form = Form((
        choice("person", "Who", there, "Choose who declares."),
        line("what", "What is declared", "Say what is declared.", longest=500),
        *((ruling,) if keeps else ()),
        SEEN,
    ))  # fmt: skip
    writing = Writing(
        "Declare an interest", form, "Record the declaration", act, book=book,
        trail=item_crumbs(book, found, meeting),
        first={"person": "" if keeps else me, "ruling": LEAVES, "seen": str(found.version)},
        lead="Who leaves an item sees none of its papers, does not count and does not vote; a vote already cast is"
        " void. Nobody rules on an interest of their own.",
    )  # fmt: skip
    return write(request, writing)


def declare_none(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Record that everybody was asked for interests at an item."""
    book = open_book(place)
    found, meeting = _in_meeting(request, place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.declare_none_at_item(by=request.viewer.actor, place=place, item=number, seen=values.get("seen"))
        return at("room-item", place, number)

    writing = Writing(
        "Everybody was asked for interests", Form((SEEN,)), "Record it", act, book=book,
        trail=item_crumbs(book, found, meeting), first={"seen": str(found.version)},
        lead="Record that everybody in the room was asked, and that nothing beside what is recorded was declared."
        " Who has an interest by the register leaves the item in any case.",
    )  # fmt: skip
    return write(request, writing)


def votes(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Record a show of hands; only who may vote is listed."""
    book = open_book(place)
    found, meeting = _in_meeting(request, place, number)
    count = counted_or_not_set(found, meeting)
    if isinstance(count, NotSet):
        raise count.problem
    called = names()

    def act(values: Mapping[str, Any]) -> str:
        cast = {person: values[f"v{index}"] for index, person in enumerate(count.counted) if values.get(f"v{index}")}
        actions.record_votes(by=request.viewer.actor, place=place, item=number, votes=cast, seen=values.get("seen"))
        return at("room-item", place, number)

    fields = [
        choice(f"v{index}", called.get(person, person), CHOICES.items(), blank="Does not vote")
        for index, person in enumerate(count.counted)
    ]
    still = {person: vote for person, vote in found.votes.items() if person in count.counted}
    given = still or dict.fromkeys(count.counted, FOR)
    first = {f"v{index}": given.get(person, "") for index, person in enumerate(count.counted)}
    writing = Writing(
        "Record the vote", Form((*fields, SEEN)), "Record the vote", act, book=book,
        trail=item_crumbs(book, found, meeting), first=first | {"seen": str(found.version)},
        lead=f"{count.sentence} Who has left the item is not listed.",
    )  # fmt: skip
    return write(request, writing)


def vote(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Cast one's own vote."""
    book = open_book(place)
    found, meeting = _in_meeting(request, place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.cast_vote(
            by=request.viewer.actor, place=place, item=number, choice=values["choice"], papers=values.get("papers", "")
        )
        return at("room-item", place, number)

    form = Form((
        choice("choice", "Your vote", CHOICES.items(), "Choose how you vote."),
        Field("papers", "Papers", words, kind=HIDDEN, longest=64),
    ))  # fmt: skip
    writing = Writing(
        "Vote", form, "Vote", act, book=book, trail=item_crumbs(book, found, meeting),
        first={"choice": found.votes.get(request.viewer.actor.id, ""), "papers": found.papers_hash},
        lead=found.title,
    )  # fmt: skip
    return write(request, writing)


def decide(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Record an item's outcome for good, after a look at everything that it will be kept with."""
    book = open_book(place)
    found, meeting = _in_meeting(request, place, number)
    power = seats.all_bodies(book)[found.body].power
    left_out = APPROVED if power == RECOMMENDS else AGREED
    outcomes = tuple((code, text) for code, text in OUTCOMES.items() if code != left_out)
    tests = criteria(book, found.body, found.matter)

    def act(values: Mapping[str, Any]) -> str:
        facts = {"casting": ""} | dict(values)
        notes = {each.code: facts.pop(each.code, "") for each in tests}
        actions.decide_item(by=request.viewer.actor, place=place, item=number, notes=notes, **facts)
        return at("item", place, number)

    form = Form((
        choice("outcome", "Outcome", outcomes, "Choose the outcome."),
        Field("reasons", "Reasons", lines, "As the minutes are to have them", kind=AREA, longest=4000,
              required="Give the reasons."),
        *(Field(each.code, each.title, lines, each.question, kind=AREA, longest=1000) for each in tests),
        choice("casting", "Casting vote of the chair", ((FOR, "For"), ("against", "Against")), blank="None",
               hint="Only where the vote is tied"),
        SEEN,
    ))  # fmt: skip
    writing = Writing(
        f"Decide: {found.title}", form, "Record the outcome", act, book=book,
        check=lambda values: _to_check(found, meeting, values, tests),
        trail=item_crumbs(book, found, meeting), first={"seen": str(found.version)},
        lead=" ".join(_to_say(mark(found), tests)),
    )  # fmt: skip
    return write(request, writing)


def _to_say(mark: str, tests: tuple[Criterion, ...]) -> Iterator[str]:
    if mark:
        yield f"This is marked '{mark}': whoever approves it all the same says why in the reasons."
    if tests:
        yield "A word on each test is needed unless the item is only noted or deferred."


def _to_check(found: Item, meeting: Meeting, values: Mapping[str, Any], tests: tuple[Criterion, ...]) -> Checked:
    count, called = counted_or_not_set(found, meeting), names()
    cast = [f"{called.get(person, person)} {CHOICES[vote].lower()}" for person, vote in found.votes.items()]
    away = [called.get(person, person) for person in left(found, meeting)]
    rows: tuple[tuple[str, Cell], ...] = (
        ("Outcome", OUTCOMES[values["outcome"]]),
        ("Reasons", values["reasons"]),
        *((each.title, values.get(each.code, "")) for each in tests),
        ("Quorum", count.sentence if isinstance(count, Quorum) else "The quorum of this body is not set."),
        ("Left the item", ", ".join(away) or "nobody"),
        ("Votes", ", ".join(cast) or "none"),
        ("Papers", ", ".join(f"{each.name}, version {each.version}" for each in found.current_papers) or "none"),
    )
    kept = "The decision is kept with all of this for good. It can only be withdrawn as a mistake, and decided again."
    return Checked(rows, (kept,))


def confirm(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Confirm the minutes for which an item is."""
    book = open_book(place)
    found, meeting = _in_meeting(request, place, number)
    if found.minutes_of is None:
        raise UserError("this item is not for minutes", found.title, "Decide it, or defer it.")
    earlier = reads.meeting(place, found.minutes_of)

    def act(values: Mapping[str, Any]) -> str:
        actions.confirm_minutes(by=request.viewer.actor, place=place, item=number, seen=values.get("seen"))
        return at("minutes", place, earlier.id)

    writing = Writing(
        "Confirm the minutes", Form((SEEN,)), "Confirm the minutes", act, book=book,
        check=lambda values: Checked(
            (("Minutes of", capital(meeting_name(book, earlier))),),
            ("They are fixed from then on: their text is kept with its hash, and no note can be changed.",),
        ),
        trail=item_crumbs(book, found, meeting), first={"seen": str(found.version)},
        ways=(("Read them first", at("minutes", place, earlier.id)),),
    )  # fmt: skip
    return write(request, writing)
