"""The scope register: which budget items fair shares are about, proposals of the groups, and what each would change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import actions
from openpbc.finance.pages import scope_tables
from openpbc.finance.pages.compare import shares_crumb
from openpbc.finance.pages.shares import behind, what_if_address
from openpbc.finance.reads.scenarios import SHARES
from openpbc.finance.reads.scope_register import (
    ATTACHMENTS,
    BASIS,
    WORDS,
    Effect,
    Item,
    agreed,
    effect,
    effect_of,
    item,
    items,
    missing_attachments,
    settings_of,
)
from openpbc.finance.rules.scope_moves import IN, OUT, ItemAmounts
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table as Values
from openpbc.ui.forms import (
    AREA,
    HIDDEN,
    LONGEST_TEXT,
    Field,
    Form,
    choice,
    lines,
    thousand_pounds,
    whole_number,
    words,
)
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

REVISION = Field("revision", "Revision", whole_number, kind=HIDDEN, required="Open the item again")
REASON = Field("reason", "Why", lines, required="Say in a few words why", kind=AREA, longest=LONGEST_TEXT)
WHERE = ((OUT, "out of scope"), (IN, "in scope"))
OUTCOMES = (("agreed", "Agree: it stands so from now on"), ("refused", "Refuse: it stays as it is"))


def register(request: HttpRequest, place: str) -> HttpResponse:
    """Every item with where it stands, and what the moves agreed so far change for each group."""
    book = open_book(place)
    found = items(book)
    changes = agreed(book)
    moved = effect(book, changes) if changes else None
    shown = [scope_tables.items_table(book, found)]
    if isinstance(moved, Effect):
        shown.append(scope_tables.effect_table(book, moved, "What the moves agreed so far change"))
    settings = settings_of(changes, moved.after.scenario.code if isinstance(moved, Effect) else "")
    saving = reverse("finance:scenario-save", args=[place])
    page = Page(
        template="finance/scope.jinja",
        title="Scope register",
        book=book,
        trail=(shares_crumb(book),),
        draft=True,
        tables=tuple(shown),
        rests_on=(*behind(book), book.value(BASIS), book.table(ATTACHMENTS)),
        context={
            "items": found,
            "missing": missing_attachments(book),
            "what_if": what_if_address(book, settings) if changes else "",
            "saving": f"{saving}?{urlencode({'query': settings.query})}" if changes else "",
        },
    )
    return respond(request, page)


def _crumb(book: Book) -> Crumb:
    return Crumb("Scope register", reverse("finance:scope", args=[book.place.id]))


def _trail(book: Book, one: Item | None = None) -> tuple[Crumb, ...]:
    above = (shares_crumb(book), _crumb(book))
    return (*above, Crumb(one.title, _address(book, one))) if one else above


def _address(book: Book, one: Item) -> str:
    return reverse("finance:scope-item", args=[book.place.id, one.number])


def _names(book: Book) -> dict[str, str]:
    shares = book.table(SHARES)
    return {row["code"]: row["name"] for row in shares} if isinstance(shares, Values) else {}


def shown(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """One item: its amounts by group, its proposals, and what the one that waits would change."""
    book = open_book(place)
    one, names = item(book, number), _names(book)
    listed = [scope_tables.amounts_table(book, one, names), *_waiting(book, one)]
    page = Page(
        template="finance/scope_item.jinja",
        title=one.title,
        book=book,
        trail=_trail(book),
        draft=True,
        tables=(*listed, scope_tables.proposals_table(one, names)),
        rests_on=(book.value(BASIS),),
        context={
            "item": one,
            "tag": scope_tables.scope_tag(one),
            "basis": scope_tables.basis_words(one),
            "at": scope_tables.moment(one.changed_at),
        },
    )
    return respond(request, page)


def _waiting(book: Book, one: Item) -> tuple[Table, ...]:
    waiting = one.open
    found = effect_of(book, one, waiting.wanted) if waiting else None
    if waiting is None or not isinstance(found, Effect):
        return ()
    return (scope_tables.effect_table(book, found, f"What it changes to {waiting.words}"),)


def add(request: HttpRequest, place: str) -> HttpResponse:
    """Enter an item as the draft budgets have it."""
    book = open_book(place)
    names = _names(book)

    def act(values: Mapping[str, Any]) -> str:
        amounts = {
            unit: ItemAmounts(values.get(f"last-{at}", 0), values.get(f"this-{at}", 0)) for at, unit in enumerate(names)
        }
        given = {name: values[name] for name in ("title", "scope", "note") if name in values}
        number = actions.add_scope_item(by=request.viewer.actor, place=place, amounts=amounts, **given)
        return reverse("finance:scope-item", args=[place, number])

    writing = Writing(
        title="Enter an item",
        form=_item_form(book, names),
        submit="Enter it",
        act=act,
        book=book,
        trail=_trail(book),
        lead="Enter the item as the draft budgets have it; move it afterwards by a proposal that shows its effect.",
    )
    return write(request, writing)


def _item_form(book: Book, names: Mapping[str, str]) -> Form:
    before, now = book.place.year.previous.label, book.place.year.label
    amounts = [
        Field(f"{year}-{at}", f"{name}, {label}", thousand_pounds, prefix="£000", width="10")
        for at, name in enumerate(names.values())
        for year, label in (("last", before), ("this", now))
    ]
    return Form(
        (
            Field("title", "Item", words, "As the budgets name it", required="Name the item", width="20", longest=120),
            choice("scope", "It stands", WHERE, "Say where the item stands"),
            *amounts,
            Field("note", "Note", lines, "Where the amounts are from", kind=AREA, longest=LONGEST_TEXT),
        )
    )


def propose(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Propose to move an item, or to share it on another basis."""
    book = open_book(place)
    one = item(book, number)
    wanted = tuple((each, WORDS[each].capitalize()) for each in one.may_be)
    own = request.viewer.codes(place, "unit")

    def act(values: Mapping[str, Any]) -> str:
        unit = own[0] if len(own) == 1 else ""
        actions.propose_scope(by=request.viewer.actor, place=place, number=number, unit=unit, **values)
        return _address(book, one)

    def check(values: Mapping[str, Any]) -> Checked:
        found = effect_of(book, one, values["wanted"])
        table = scope_tables.effect_table(book, found, "What it would change") if isinstance(found, Effect) else None
        return Checked(
            rows=(("Item", one.title), ("Proposal", WORDS[values["wanted"]].capitalize()), ("Why", values["reason"])),
            consequences=("It waits until finance decides; nothing changes before.",),
            tables=(table,) if table else (),
        )

    field = choice("wanted", "Proposal", wanted, "Choose what to propose")
    writing = Writing(
        title=f"Propose a change of '{one.title}'",
        form=Form((field, REASON, REVISION)),
        submit="Propose it",
        act=act,
        check=check,
        book=book,
        trail=_trail(book, one),
        first={"revision": str(one.revision)},
    )
    return write(request, writing)


def decide(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Decide on the proposal that waits, having seen what it changes."""
    book = open_book(place)
    one = item(book, number)
    waiting = one.open
    if waiting is None and request.method != "POST":
        raise UserError("no proposal waits for a decision", where=one.title, do="Open the item again.")
    proposal = waiting.number if waiting else 0

    def act(values: Mapping[str, Any]) -> str:
        actions.decide_scope(by=request.viewer.actor, place=place, number=number, **values)
        return _address(book, one)

    def check(values: Mapping[str, Any]) -> Checked:
        says = dict(OUTCOMES)[values["outcome"]]
        return Checked(
            rows=(
                ("Item", one.title),
                ("Proposal", waiting.words.capitalize() if waiting else ""),
                ("Decision", says),
                ("Why", values["reason"]),
            ),
            consequences=("Scenarios that were saved stay as they are; new ones can be saved with the moves agreed.",),
            tables=_waiting(book, one) if values["outcome"] == "agreed" else (),
        )

    hidden = Field("proposal", "Proposal", whole_number, kind=HIDDEN, required="Open the item again")
    outcome = choice("outcome", "Decision", OUTCOMES, "Choose one")
    writing = Writing(
        title=f"Decide on '{one.title}'",
        form=Form((outcome, REASON, hidden, REVISION)),
        submit="Decide",
        act=act,
        check=check,
        book=book,
        trail=_trail(book, one),
        lead=f"{waiting.by_name} asks to {waiting.words}: {waiting.reason}" if waiting else "",
        first={"revision": str(one.revision), "proposal": str(proposal)},
        tables=_waiting(book, one),
    )
    return write(request, writing)


def remove(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Take an item off the register."""
    book = open_book(place)
    one = item(book, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.remove_scope_item(by=request.viewer.actor, place=place, number=number, **values)
        return reverse("finance:scope", args=[place])

    writing = Writing(
        title=f"Take '{one.title}' off the register",
        form=Form((REASON, REVISION)),
        submit="Take it off",
        act=act,
        check=lambda values: Checked(
            rows=(("Item", one.title), ("Why", values["reason"])),
            consequences=("What was agreed on it no longer counts as a move.", "The log keeps what it was."),
        ),
        book=book,
        trail=_trail(book, one),
        first={"revision": str(one.revision)},
    )
    return write(request, writing)
