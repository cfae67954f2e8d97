"""The joint group: who sits for what, which seats are empty or waived, and the forms that change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.governance import reads as governance
from openpbc.kernel.periods import day_text
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Person
from openpbc.organisations.reads import book as open_book
from openpbc.redesign import actions
from openpbc.redesign.pages.fields import pairs
from openpbc.redesign.pages.listing import SHEET, case_crumb, crumb
from openpbc.redesign.pages.opening import opened
from openpbc.redesign.pages.separation import leads_table
from openpbc.redesign.reads.cases import Case, Member, is_open, rule_members, rule_waived
from openpbc.redesign.reads.interests import constraints
from openpbc.redesign.reads.seating import seats_fault, waives_fault
from openpbc.redesign.rules.membership import (
    BOTH,
    CLINICIAN,
    COMMISSIONS,
    KINDS,
    NOT_LABELLED,
    PROVIDES,
    SIDES,
    SUB_KINDS,
    kind_name,
    label_faults,
    lead_faults,
    missing_kinds,
    wanted_kinds,
)
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Tag
from openpbc.ui.forms import REVISION, YES_NO, Field, Form, choice, day, line
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write

# What a member is chosen as: a clinician of one of the three kinds, or one of the other kinds.
_SIDE = (
    "Both: they commission and may take part in a bid beyond what a practice is contracted for; then the group names"
    " another person to lead the commissioning. A patient sits with those who commission"
)
_SIDE_COLOURS = {COMMISSIONS: "blue", PROVIDES: "purple", BOTH: "orange"}
SEATS = {seat: kind_name(seat) for seat in wanted_kinds()}


def team(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Who is in the joint group, and what it lacks before it may begin."""
    book = open_book(place)
    known = opened(request, place, number)
    empty = missing_kinds(rule_members(known), rule_waived(known))
    may = request.may("redesign:member-add", "POST", place=place) and not seats_fault(request.viewer, known)
    at = [place, number]
    links = [("Take somebody in", reverse("redesign:member-add", args=at))] if may else []
    if not waives_fault(request.viewer, known):
        links.append(("Do without a seat", reverse("redesign:waive", args=at)))
    page = Page(
        template=SHEET,
        title=f"Joint group: {known.title}",
        book=book,
        trail=(crumb(book), case_crumb(known)),
        tables=(
            members_table(known, may=may),
            leads_table(book, known, links=_leads(request, known)),
            seats_table(known),
            left_table(known),
        ),
        synthetic=known.synthetic,
        context={
            "lead": _lead(known, empty),
            "links": links,
            "notes": (
                "Somebody who has no account is invited first: interests are declared by those who sign in.",
                *lead_faults(rule_members(known)),
                *label_faults(rule_members(known)),
                *(constraints(book, known, ("K3",))["K3"] if is_open(known) else ()),
            ),
        },
    )
    return respond(request, page)


def _leads(request: HttpRequest, known: Case) -> dict[str, str]:
    """The form in which each group names who leads the commissioning, for the groups for which the viewer speaks."""
    if not is_open(known):
        return {}
    return {
        each.unit: reverse("redesign:lead", args=[known.place, known.number, each.unit])
        for each in known.groups
        if request.may("redesign:lead", "POST", place=known.place, unit=each.unit)
    }


def _lead(known: Case, empty: tuple[str, ...]) -> str:
    if not empty:
        return "Every seat is filled or waived."
    return f"{len(empty)} of {len(SEATS)} seats are empty: {', '.join(kind_name(seat).lower() for seat in empty)}."


def members_table(known: Case, *, may: bool) -> Table:
    """Members with their seat, who leads, and when each last declared interests."""
    today = organisations.today()
    rows: list[list[Cell]] = []
    for each in known.present:
        declared = governance.declared(each.person, known.place, today)
        rows.append(
            [
                each.name,
                SUB_KINDS.get(each.sub_kind) or KINDS[each.kind],
                each.organisation,
                Tag("leads", "blue") if each.leads else "",
                side_tag(each),
                day_text(declared) if declared else Tag("not declared", "orange"),
                *(
                    [Link("Left", reverse("redesign:member-end", args=[known.place, known.number, each.id]))]
                    if may
                    else []
                ),
            ]
        )
    names = (
        "Member",
        "Sits for",
        "Works for",
        "Lead",
        "Takes part as",
        "Interests declared",
        *(("Change",) if may else ()),
    )
    columns = [tables.text(name) for name in names]
    return tables.table("members", "Members", columns, rows, cards=True, empty="Nobody is in the group yet.")


def side_tag(member: Member) -> Tag:
    """What somebody is in the case, in a box; one who was never labelled says so, and whether they may bid."""
    if member.side:
        return Tag(SIDES[member.side].lower(), _SIDE_COLOURS[member.side])
    return Tag(f"{NOT_LABELLED}, may bid" if member.may_bid else NOT_LABELLED, "grey")


def seats_table(known: Case) -> Table:
    """Every seat that has to be filled or waived, and by whom it is."""
    waived = {each.kind: each for each in known.waived}
    rows: list[list[Cell]] = []
    for seat, title in SEATS.items():
        kind, _, sub = seat.partition("/")
        held = [each.name for each in known.present if (each.kind, each.sub_kind) == (kind, sub)]
        without = waived.get(seat)
        state = Tag("filled", "green") if held else Tag("waived", "yellow") if without else Tag("empty", "red")
        told = f"{without.waived_by}, {day_text(without.waived_on)}: {without.reason}" if without and not held else ""
        rows.append([title, state, ", ".join(held) or told])
    columns = [tables.text(name) for name in ("Seat", "State", "Who, or why not")]
    return tables.table("seats", "Seats", columns, rows, cards=True)


def left_table(known: Case) -> Table:
    """Those who left, and the seats that members had before."""
    rows: list[list[Cell]] = [
        [
            each.name,
            SUB_KINDS.get(each.sub_kind) or KINDS[each.kind],
            side_tag(each),
            day_text(each.joined_on),
            day_text(each.left_on),
        ]
        for each in known.members
        if each.left_on
    ]
    columns = [tables.text(name) for name in ("Member", "Sat for", "Took part as", "From", "To")]
    return tables.table(
        "left", "Those who left, and earlier seats", columns, rows, cards=True, empty="Nobody has left."
    )


def _people(place: str) -> tuple[tuple[str, str], ...]:
    return _named(
        each
        for each in organisations.people()
        if not each.assignments or any(held.applies_in(place) for held in each.assignments)
    )


def _named(people: Iterable[Person]) -> tuple[tuple[str, str], ...]:
    return tuple((each.sign_in, f"{each.name} ({each.sign_in})") for each in people)


def member_add(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Take somebody into the joint group, or change for what they sit."""
    book = open_book(place)
    known = opened(request, place, number)
    form = Form(
        (
            choice("person", "Who", _people(place), "Choose somebody."),
            choice("seat", "Sits for", pairs(SEATS), "Choose for which seat they sit."),
            line("organisation", "Works for"),
            choice("leads", "Leads the group?", YES_NO, "Say yes or no.", "The lead is a clinician who commissions"),
            choice(
                "side", "Takes part as", pairs(SIDES), "Say whether they are commissioner, provider or both.", _SIDE
            ),
            REVISION,
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        kind, _, sub = values["seat"].partition("/")
        actions.add_member(
            by=request.viewer.actor, place=place, number=number, revision=values["revision"], person=values["person"],
            kind=kind, sub_kind=sub if kind == CLINICIAN else "", organisation=values.get("organisation", ""),
            leads=values["leads"] == "yes", side=values["side"], on=organisations.today(),
        )  # fmt: skip
        return _address(known) + ("#table-leads" if values["side"] == BOTH else "")

    first = {"leads": "no", "revision": str(known.revision)}
    return write(request, Writing("Take somebody into the joint group", form, "Take in", act, book=book,
                                  trail=_trail(book, known), first=first))  # fmt: skip


def member_end(request: HttpRequest, place: str, number: int, member: int) -> HttpResponse:
    """Note that a member left."""
    book = open_book(place)
    known = opened(request, place, number)
    name = next((each.name for each in known.present if each.id == member), "The member")
    form = Form((Field("on", "Last day", day, required="Give the day.", width="20"), REVISION))

    def act(values: Mapping[str, Any]) -> str:
        actions.end_member(by=request.viewer.actor, place=place, number=number, member=member, **values)
        return _address(known)

    lead = f"{name} leaves the joint group. The record stays."
    first = {"revision": str(known.revision), "on": day_text(organisations.today())}
    return write(request, Writing("A member leaves", form, "Save", act, None, book, _trail(book, known), lead, first))


def waive(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Let the group do without a seat, for a reason."""
    book = open_book(place)
    known = opened(request, place, number)
    empty = missing_kinds(rule_members(known), rule_waived(known)) or tuple(SEATS)
    form = Form(
        (
            choice("kind", "Seat", tuple((seat, SEATS[seat]) for seat in empty), "Choose a seat."),
            line("reason", "Why the group can do without", required="Say why the group can do without.", longest=500),
            REVISION,
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        actions.waive_seat(by=request.viewer.actor, place=place, number=number, on=organisations.today(), **values)
        return _address(known)

    lead = "A waiver is dated and everybody can read its reason."
    return write(request, Writing("Do without a seat", form, "Waive it", act, None, book, _trail(book, known), lead,
                                  {"revision": str(known.revision)}))  # fmt: skip


def lead(request: HttpRequest, place: str, number: int, unit: str) -> HttpResponse:
    """Name who leads the commissioning for a group, beside whoever may bid."""
    book = open_book(place)
    known = opened(request, place, number)
    name, now = organisations.unit_by_alias(place, unit).name, known.leads_now.get(unit)
    people = _named(
        each
        for each in organisations.people()
        if each.active and any(held.applies_in(place) for held in each.assignments)
    )
    why = (line("reason", "Why somebody else takes over", "Say why somebody else takes over.", longest=500),)
    form = Form((choice("person", "Who", people, "Choose somebody."), *(why if now else ()), REVISION))

    def act(values: Mapping[str, Any]) -> str:
        actions.name_lead(by=request.viewer.actor, place=place, number=number, unit=unit, **values)
        return _address(known) + "#table-leads"

    told = (
        f"Whoever leads the commissioning speaks for {name} from here into procurement."
        " It is nobody who may bid, and nobody who works for those who provide."
    )
    first = {"person": now.person if now else "", "revision": str(known.revision)}
    return write(request, Writing(f"Who leads the commissioning for {name}", form, "Name them", act, None, book,
                                  _trail(book, known), told, first))  # fmt: skip


def _address(known: Case) -> str:
    return reverse("redesign:team", args=[known.place, known.number])


def _trail(book: Book, known: Case) -> tuple[Crumb, ...]:
    return crumb(book), case_crumb(known), Crumb("Joint group", _address(known))
