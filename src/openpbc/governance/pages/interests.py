"""One's own declarations: what stands, and the short forms that declare, confirm and end an interest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.governance import actions, reads
from openpbc.governance.pages.interest_tables import SHEET, crumb, own_table, say_day
from openpbc.governance.reads import Declared
from openpbc.kernel.periods import months_after
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui.figures import Cell
from openpbc.ui.forms import AREA, HIDDEN, INCOMPLETE, Field, Form, choice, day, lines, words
from openpbc.ui.pages import Page, capital, respond
from openpbc.ui.writing import Checked, Writing, write

FOR_OTHERS = "governance:interest-for"
LASTING = "What is declared can never be changed or removed. When the interest ends, you say so, and both stay."
ON = "As 1 April 2008 or 1/4/2008"


def mine(request: HttpRequest, place: str) -> HttpResponse:
    """What the reader declared, whether it is current, and what to do next."""
    book, person = open_book(place), request.viewer.actor.id
    found = reads.declarations(place, person)
    page = Page(
        template=SHEET,
        title="My interests",
        book=book,
        tables=(own_table(book, found),),
        synthetic=any(each.synthetic for each in found),
        rests_on=(book.value("governance.declaration_months"), book.table("governance.interest_natures")),
        context={
            "lead": _standing(book, person),
            "links": _links(request, book, found),
            "notes": (
                "An interest keeps you out of a matter only where an organisation in which you have it, or one that it"
                " owns, is concerned. You are told on the page of the matter.",
            ),
        },
    )
    return respond(request, page)


def _standing(book: Book, person: str) -> str:
    """Say in one sentence whether the reader's declaration is current, and until when."""
    last, months = reads.declared(person, book.place.id, organisations.today()), reads.settings(book).months
    if last is None:
        return "You have not declared anything yet. It takes a minute: declare an interest, or that you have none."
    if months is None:
        return f"You last declared on {say_day(last)}. How long that lasts is not set here."
    due = months_after(last, months)
    if due < organisations.today():
        return f"You last declared on {say_day(last)}; that ran out on {say_day(due)}. Renew it, or you cannot vote."
    return f"You last declared on {say_day(last)}. Renew it by {say_day(due)}, and whenever something changes."


def _links(request: HttpRequest, book: Book, found: tuple[Declared, ...]) -> list[tuple[str, str]]:
    stands = any(each.stands for each in found)
    steps = (
        ("Declare an interest", "governance:interest-new", True),
        ("Confirm that nothing has changed", "governance:interest-confirm", stands),
        ("Declare that I have none", "governance:interest-none", not stands),
        ("Somebody who lives with me takes part here too", "governance:household", True),
        ("Declare for somebody else", FOR_OTHERS, True),
        ("Register of interests", "governance:interest-register", True),
        ("Late declarations", "governance:interest-breaches", True),
        ("Whom matters concern", "governance:matters", True),
        ("What everybody can see", "governance:interest-public", True),
    )
    place = book.place.id
    return [(text, reverse(name, args=[place])) for text, name, on in steps if on and request.may(name, place=place)]


def _fields(book: Book, more: tuple[Field, ...] = ()) -> Form:
    stated = reads.settings(book)
    natures = tuple((code, f"{words_}: {stated.hints[code]}") for code, words_ in stated.words.items())
    return Form(
        (
            *more,
            Field("organisation", "Organisation", words, "Its name or code", required="Name the organisation.",
                  longest=200, width="20"),
            Field("role", "What you are there", words, "Such as partner, director or adviser. Everybody can see this",
                  required="Say what you are there.", longest=100, width="20"),
            choice("nature", "Kind of interest", natures, "Choose the kind of interest."),
            Field("held_from", "Since", day, ON, required="Say since when.", width="10"),
            Field("held_to", "Until", day, "Leave it empty if it goes on", width="10"),
            Field("detail", "Anything else", lines, "The secretary and the chair can see this; nobody else can",
                  kind=AREA, longest=2000),
        )
    )  # fmt: skip


def declare(request: HttpRequest, place: str) -> HttpResponse:
    """Declare an interest of one's own."""
    return _declare(request, open_book(place), "Declare an interest", (), lambda values: request.viewer.actor.id)


def declare_for(request: HttpRequest, place: str) -> HttpResponse:
    """Declare an interest that somebody else told, such as a patient member without an account in use."""
    people = tuple((each.sign_in, f"{each.name} ({each.sign_in})") for each in organisations.people())
    who = choice("person", "Whose interest", people, "Choose the person.")
    title = "Declare for somebody else"
    return _declare(request, open_book(place), title, (who,), lambda values: str(values["person"]))


def _declare(request: HttpRequest, book: Book, title: str, more: tuple[Field, ...], whose: Any) -> HttpResponse:
    place, stated = book.place.id, reads.settings(book)

    def act(values: Mapping[str, Any]) -> str:
        told = {name: value for name, value in values.items() if name != "person"}
        actions.declare_interest(by=request.viewer.actor, place=place, person=whose(values), **told)
        return reverse("governance:interests", args=[place])

    def check(values: Mapping[str, Any]) -> Checked:
        material = stated.material[values["nature"]]
        rows: tuple[tuple[str, Cell], ...] = (
            ("Organisation", values["organisation"]),
            ("What you are there", values["role"]),
            ("Kind", stated.words[values["nature"]]),
            ("Since", say_day(values["held_from"])),
            ("Until", say_day(values.get("held_to"), "it goes on")),
            ("Anything else", values.get("detail", "")),
        )
        meaning = (
            "Where this organisation is concerned you will see no papers and have no vote."
            if material
            else "Where this organisation is concerned it is recorded; you may stay unless the chair rules otherwise."
        )
        return Checked(
            rows, (meaning, "Organisation, what you are there and the kind are shown to everybody.", LASTING)
        )

    writing = Writing(
        title=title,
        form=_fields(book, more),
        submit="Declare",
        act=act,
        check=check,
        book=book,
        trail=(crumb(book),),
        lead="Declare what could make somebody think that you decide for yourself.",
        ways=(("I have no interest to declare", reverse("governance:interest-none", args=[place])),),
    )
    return write(request, writing)


def none(request: HttpRequest, place: str) -> HttpResponse:
    """Declare that one has no interest."""
    book = open_book(place)

    def act(values: Mapping[str, Any]) -> str:
        actions.declare_none(by=request.viewer.actor, place=place, person=request.viewer.actor.id)
        return reverse("governance:interests", args=[place])

    writing = Writing(
        title="Declare that I have no interest",
        form=Form(()),
        submit="I have no interest to declare",
        act=act,
        book=book,
        trail=(crumb(book),),
        lead="Say so only if neither you nor anybody close to you gains from what is decided here.",
        ways=(("I have one to declare", reverse("governance:interest-new", args=[place])),),
    )
    return write(request, writing)


def confirm(request: HttpRequest, place: str) -> HttpResponse:
    """Confirm that all that stands is still so, and all there is."""
    book, person = open_book(place), request.viewer.actor.id
    stands = tuple(each for each in reads.declarations(place, person) if each.stands)

    def act(values: Mapping[str, Any]) -> str:
        numbers = tuple(int(each) for each in values["seen"].split())
        actions.confirm_interests(by=request.viewer.actor, place=place, person=person, seen=numbers)
        return reverse("governance:interests", args=[place])

    seen = Field("seen", "What was seen", _numbers, kind=HIDDEN, required=INCOMPLETE, longest=2000)
    writing = Writing(
        title="Confirm that nothing has changed",
        form=Form((seen,)),
        submit="These are all of my interests",
        act=act,
        book=book,
        trail=(crumb(book),),
        lead="These stand as you declared them. If one has ended or one is missing, say so first.",
        first={"seen": " ".join(str(each.id) for each in stands) or "0"},
        tables=(own_table(book, stands),),
    )
    return write(request, writing)


def _numbers(text: str) -> str:
    if not all(each.isdecimal() and each.isascii() for each in text.split()):
        raise UserError(INCOMPLETE, do="Open the form again and send it from there.")
    return text


def end(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Say that an interest has ended: one's own, or, for the secretary and the chair, anybody's."""
    book, known = open_book(place), reads.declaration(number, place)
    own = organisations.same_person(request.viewer.actor.id, known.person)
    if not own and not request.may(FOR_OTHERS, place=place):
        mend = "Its holder ends it, or the secretary; it stands until then."
        raise UserError("this interest is somebody else's", do=mend).for_the_log()

    def act(values: Mapping[str, Any]) -> str:
        actions.end_interest(by=request.viewer.actor, place=place, number=number, **values)
        return reverse("governance:interests", args=[place])

    def check(values: Mapping[str, Any]) -> Checked:
        rows = (("Organisation", known.organisation), ("Last day", say_day(values["last_day"])))
        return Checked(
            (*rows, ("Why", values["reason"])), ("It counts until the end of today, and stays readable.", LASTING)
        )

    form = Form(
        (
            Field("last_day", "Last day on which you had it", day, ON, required="Give the last day.", width="10"),
            Field("reason", "What ended it", words, required="Say what ended it.", longest=500, width="20"),
        )
    )
    title = f"End the interest in {capital(known.organisation)}"
    writing = Writing(title, form, "It has ended", act, check, book, (crumb(book),))
    return write(request, writing)
