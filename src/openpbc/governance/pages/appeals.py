"""Appeals: who appealed against what, where each stands and how long it takes, and the forms that move one on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.governance import actions
from openpbc.governance.pages.meeting_parts import at, body_name, on_day
from openpbc.governance.reads import appeals as reads
from openpbc.governance.reads.appeals import DAYS, DECISION_DAYS, Appeal
from openpbc.governance.reads.decisions import decision
from openpbc.governance.reads.gate import barred_appeal, barred_decision, seen_appeals
from openpbc.governance.reads.seats import all_bodies, names, seats
from openpbc.governance.rules.appeals import ALLOWED, HEARD, LODGED, TAKEN_BACK, WAITING, may_hear, number_of
from openpbc.governance.rules.voting import DECIDES
from openpbc.kernel.problems import Withheld
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Tag
from openpbc.ui.forms import AREA, Field, Form, choice, line, lines
from openpbc.ui.offers import Work
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

COLOURS = {LODGED: "orange", WAITING: "yellow", HEARD: "green", TAKEN_BACK: "grey"}
SECRETARIES = frozenset({"committee_secretary", "committee_chair"})


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """Every appeal that the reader may see, with its clock."""
    book = open_book(place)
    found = seen_appeals(book, request.viewer)
    still = sum(each.is_open for each in found)
    told = f"{still} of {len(found)} appeals wait for their decision." if found else "Nobody has appealed yet."
    page = Page(
        template="openpbc/sheet.jinja",
        title="Appeals",
        book=book,
        trail=(Crumb("Decisions", at("decisions", place)),),
        tables=(appeals_table(book, found),),
        synthetic=any(each.decision.synthetic for each in found),
        rests_on=(book.value(DAYS), book.value(DECISION_DAYS)),
        context={
            "lead": told,
            "notes": ["To appeal, open the decision in the register. Another body hears it, and nobody who took part."],
        },
    )
    return respond(request, page)


def appeals_table(book: Book, found: tuple[Appeal, ...]) -> Table:
    """Appeals one a row, the latest first."""
    rows: list[list[Cell]] = [
        [
            Link(f"Appeal {each.number}: {each.decision.title}", at("appeal", book.place.id, each.number)),
            each.appellant_name,
            on_day(timezone.localdate(each.lodged_at)),
            Tag(each.result or each.state, COLOURS[each.state]),
            capital(body_name(book, each.body)) if each.body else "",
            Figure(each.clock.days),
            _due(each),
        ]
        for each in found
    ]
    columns = [
        tables.text("Appeal"), tables.text("Of"), tables.text("Lodged"), tables.text("State"),
        tables.text("Heard by"), tables.number("Clock", "days", additive=False), tables.text("Due"),
    ]  # fmt: skip
    return tables.table("appeals", "Appeals", columns, rows, cards=True, empty="Nobody has appealed yet.")


def _due(each: Appeal) -> Cell:
    if each.clock.due is None:
        return Missing(why="No time is set within which an appeal is decided.")
    return Tag(f"{on_day(each.clock.due)}{', late' if each.clock.late else ''}", "red" if each.clock.late else "grey")


def appeal(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """One appeal: its grounds, who hears it, who may not, and what became of it."""
    book = open_book(place)
    found = _opened(book, request.viewer, number)
    page = Page(
        template="openpbc/sheet.jinja",
        title=f"Appeal {number}: {found.decision.title}",
        book=book,
        trail=(Crumb("Appeals", at("appeals", place)),),
        tables=(facts_table(book, found), out_table(found)),
        synthetic=found.decision.synthetic,
        rests_on=(book.value(DECISION_DAYS),),
        context={"lead": _told(book, found), "links": _links(request, found)},
    )
    return respond(request, page)


def _opened(book: Book, viewer: Viewer, number: int) -> Appeal:
    """Give an appeal to somebody from whom neither it nor what is behind it is withheld."""
    found = reads.appeal(book, number)
    if why := barred_appeal(viewer, found):
        raise Withheld(why)
    return found


def _told(book: Book, found: Appeal) -> str:
    if found.state == TAKEN_BACK:
        return f"It was taken back: {found.taken_back}"
    if found.settled:
        after = "The decision has to be taken again." if found.result == ALLOWED else "The decision stands."
        return f"The {body_name(book, found.settled.body)} has {found.result} it. {after}"
    if found.item:
        return f"It waits for the {body_name(book, found.body)}."
    return "It cannot be heard yet: no body is named. The secretary names one that did not decide."


def _links(request: HttpRequest, found: Appeal) -> list[tuple[str, str]]:
    place, links = found.place, []
    if found.state == LODGED and request.may("governance:appeal-hear", "POST", place=place):
        links.append(("Name who hears it", at("appeal-hear", place, found.number)))
    if found.state == LODGED and found.appellant in reads.speaks_for(request.viewer, place):
        links.append(("Take it back", at("appeal-back", place, found.number)))
    if found.item:
        links.append(("Its item", at("item", place, found.item)))
    return [*links, ("The decision that is appealed", at("decision", place, found.decision.id))]


def facts_table(book: Book, found: Appeal) -> Table:
    """What is known of an appeal."""
    taken = found.decision
    rows: list[list[Cell]] = [
        ["Of", found.appellant_name],
        ["Grounds", found.grounds],
        ["Lodged", f"{found.lodged_by}, {on_day(timezone.localdate(found.lodged_at))}"],
        ["Against", f"{capital(body_name(book, taken.body))}, {taken.when.name}: {taken.outcome}. {taken.text}"],
        ["Days since", Figure(found.clock.days)],
        ["Due", _due(found)],
    ]
    if found.settled:
        rows.append(["Decision", Link(found.settled.text, at("decision", found.place, found.settled.id))])
    return tables.table("appeal", "The appeal", [tables.text("What"), tables.text("Told")], rows, cards=True)


def out_table(found: Appeal) -> Table:
    """Who leaves the room when the appeal is heard, whichever body hears it."""
    called = names()
    rows: list[list[Cell]] = [
        [called.get(person, person), capital(why)] for person, why in sorted(reads.kept_out(found.matter).items())
    ]
    columns = [tables.text("Who"), tables.text("Why")]
    notes = ("They count neither for the quorum nor in a vote on it, under any of their accounts.",)
    return tables.table("kept-out", "Who may not hear it", columns, rows, cards=True, notes=notes)


def bodies_table(found: Appeal, fit: tuple[tuple[str, str], ...]) -> Table:
    """The bodies that may hear an appeal, with how many of their voters would be left."""
    today, away = organisations.today(), reads.kept_out(found.matter)
    voting = [each for each in seats(found.place, on=today) if each.votes]
    voters = Counter(each.body for each in voting)
    leave = Counter(each.body for each in voting if each.person in away)
    rows: list[list[Cell]] = [[name, Figure(voters[code]), Figure(leave[code])] for code, name in fit]
    columns = [
        tables.text("Body"), tables.number("Members who vote", additive=False),
        tables.number("Of them leave", additive=False),
    ]  # fmt: skip
    return tables.table("bodies", "Bodies that may hear it", columns, rows, cards=True)


def new(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Appeal against a decision."""
    book, against = open_book(place), decision(number, place)
    if why := barred_decision(request.viewer, against):
        raise Withheld(why)
    own = tuple(reads.speaks_for(request.viewer, place).items())

    def act(values: Mapping[str, Any]) -> str:
        made = actions.lodge_appeal(
            by=request.viewer.actor, place=place, against=number, appellant=values["appellant"],
            grounds=values["grounds"],
        )  # fmt: skip
        return at("appeal", place, made)

    def check(values: Mapping[str, Any]) -> Checked:
        rows = (("Against", against.title), ("For", dict(own)[values["appellant"]]), ("Grounds", values["grounds"]))
        return Checked(rows, ("An appeal cannot be changed afterwards. It can be taken back until a body is named.",))

    form = Form(
        (
            choice("appellant", "For", own, "Choose for whom you appeal."),
            Field("grounds", "Grounds", lines, required="Write why the decision is wrong.", kind=AREA, longest=4000),
        )
    )
    refused = reads.refusal(book, against)
    writing = Writing(
        title=f"Appeal against: {against.title}", form=form, submit="Appeal", act=act, check=check, book=book,
        trail=(Crumb("Decisions", at("decisions", place)), Crumb(f"Record {number}", at("decision", place, number))),
        lead=capital(refused) + "." if refused else "Another body hears it, and nobody who took part in this decision.",
        first={"appellant": own[0][0]} if len(own) == 1 else {},
    )  # fmt: skip
    return write(request, writing)


def hear(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Name the body that hears an appeal: one that decides, and did not decide this."""
    book = open_book(place)
    found = _opened(book, request.viewer, number)
    fit = tuple(
        (body.code, capital(body.name))
        for body in all_bodies(book).values()
        if not may_hear(body.code, found.decision.body, decides=body.power == DECIDES)
    )

    def act(values: Mapping[str, Any]) -> str:
        actions.hear_appeal(by=request.viewer.actor, place=place, number=number, body=values["body"])
        return at("appeal", place, number)

    writing = Writing(
        title=f"Who hears appeal {number}?", form=Form((choice("body", "Body", fit, "Choose a body."),)),
        submit="Put it to this body", act=act, book=book, trail=_trail(found),
        tables=(bodies_table(found, fit), out_table(found)),
        lead="It then waits for the body's next agenda. Those named below leave the item and do not count.",
    )  # fmt: skip
    return write(request, writing)


def take_back(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Take an appeal back."""
    book = open_book(place)
    found = _opened(book, request.viewer, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.take_back_appeal(by=request.viewer.actor, place=place, number=number, reason=values["reason"])
        return at("appeal", place, number)

    def check(values: Mapping[str, Any]) -> Checked:
        return Checked((("Appeal", found.decision.title), ("Why", values["reason"])), ("It cannot be lodged again.",))

    writing = Writing(
        title=f"Take back appeal {number}", form=Form((line("reason", "Why", "Say why.", longest=500),)),
        submit="Take it back", act=act, check=check, book=book, trail=_trail(found),
    )  # fmt: skip
    return write(request, writing)


def _trail(found: Appeal) -> tuple[Crumb, ...]:
    place = found.place
    return (Crumb("Appeals", at("appeals", place)), Crumb(f"Appeal {found.number}", at("appeal", place, found.number)))


def work(book: Book, viewer: Viewer) -> Iterator[Work]:
    """Appeals for which nobody has named a body yet: for those who keep committees."""
    if not viewer.roles_in(book.place.id) & SECRETARIES:
        return
    for each in seen_appeals(book, viewer):
        if each.state == LODGED:
            text = f"Name who hears appeal {each.number}: {each.decision.title}"
            reason = f"Cannot be heard yet: no body is named. Lodged {each.clock.days} days ago."
            # The title is that of a decision that may have been taken in private: it does not travel.
            yield Work(
                text, reason, at("appeal-hear", each.place, each.number), SECRETARIES, matter=each.matter,
                outside=f"Name who hears appeal {each.number}",
            )  # fmt: skip


def matter_page(address: str) -> str:
    """The page of the appeal at an address; none for an address that is no appeal's."""
    named = number_of(address)
    return reverse("governance:appeal", args=named) if named else ""
