"""Saved scenarios: giving a what-if a name, reading one with all its wordings, changing and withdrawing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.finance import actions, reads
from openpbc.finance.pages import compare_tables
from openpbc.finance.pages.compare import shares_crumb
from openpbc.finance.pages.share_tables import plain_thousands
from openpbc.finance.pages.shares import behind, what_if_address
from openpbc.finance.reads import Comparison, Settings
from openpbc.finance.reads.comparing import described, words_of
from openpbc.finance.reads.scenario_library import Wording, saved_scenario, wordings
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.forms import (
    AREA,
    HIDDEN,
    LONGEST_TEXT,
    Field,
    Form,
    lines,
    percentage,
    plain_percentage,
    thousand_pounds,
    whole_number,
    words,
)
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

TITLE = Field(
    "title", "Name", words, hint="As people will look for it", required="Give it a name", width="20", longest=120
)
NOTE = Field("note", "Note", lines, hint="Why it is worth keeping; may be left empty", kind=AREA, longest=LONGEST_TEXT)
REASON = Field("reason", "Reason", words, required="Say why", width="20", longest=400)
REVISION = Field("revision", "Revision", whole_number, kind=HIDDEN, required="Open the page again")
QUERY = Field("query", "Settings", str, kind=HIDDEN, required="Start from a what-if", longest=4_000)
RATES = {"floor": "Minimum growth", "extra": "Extra growth at most", "cap": "Cap on growth"}
SUMS = {"deposit": "Deposit from money in scope", "pot": "Pot in scope"}
AS_IT_IS = "Empty: as in the scenario"
SETTINGS = (
    *(Field(name, label, percentage, AS_IT_IS, suffix="%") for name, label in RATES.items()),
    *(Field(name, label, thousand_pounds, AS_IT_IS, prefix="£000") for name, label in SUMS.items()),
)


def save(request: HttpRequest, place: str) -> HttpResponse:
    """Give the what-if of ``?query=`` a name."""
    book = open_book(place)
    query = request.POST.get("query", "") or request.GET.get("query", "")

    def act(values: Mapping[str, Any]) -> str:
        code = actions.save_scenario(by=request.viewer.actor, place=place, **values)
        return reverse("finance:scenario", args=[place, code])

    writing = Writing(
        title="Save this as a scenario",
        form=Form((TITLE, NOTE, QUERY)),
        submit="Save",
        act=act,
        book=book,
        trail=(shares_crumb(book),),
        lead="Everybody who plans with you will find it by its name, beside the scenarios of the papers.",
        notes=(f"It stands for: {reads.choice(book, query).title}.",) if query else (),
    )
    return write(request, writing)


def saved(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """One saved scenario: what it stands for, what it gives beside the scenarios of the papers, and its wordings."""
    book = open_book(place)
    found = saved_scenario(book, code)
    choice = reads.choice(book, code)
    compared = reads.compare(book, [reads.choices(book)[0], choice])
    comparison = compared if isinstance(compared, Comparison) else None
    shown = [_wordings_table(wordings(book, code))]
    if comparison:
        shown = [compare_tables.together_table(book, comparison), *_groups(book, comparison), *shown]
    here = reverse("finance:compare", kwargs={"place": place})
    page = Page(
        template="finance/scenario.jinja",
        title=found.title,
        book=book,
        trail=(shares_crumb(book),),
        draft=True,
        tables=tuple(shown),
        rests_on=behind(book),
        context={
            "scenario": found,
            "stands_for": described(book, found.settings),
            "at": _moment(found),
            "what_if": what_if_address(book, found.settings),
            "compare": f"{here}?with={reads.choices(book)[0].code}&with={code}",
            "is_latest": found.revision == found.latest and not found.withdrawn,
        },
    )
    return respond(request, page)


def _groups(book: Book, comparison: Comparison) -> tuple[Table, ...]:
    return compare_tables.group_tables(book, comparison, ())


def _moment(found: Wording) -> str:
    return timezone.localtime(found.at).strftime("%d %B %Y at %H:%M").removeprefix("0")


def _wordings_table(found: tuple[Wording, ...]) -> Table:
    columns = [
        tables.number("Revision", additive=False),
        *(tables.text(title) for title in ("Name", "Changes", "By", "When", "Reason")),
    ]
    rows = [
        (
            each.revision,
            f"{each.title} (withdrawn)" if each.withdrawn else each.title,
            words_of(each.settings) or "Nothing",
            each.by_name,
            _moment(each),
            each.reason,
        )
        for each in found
    ]
    return tables.table("wordings", "Every wording that it had", columns, rows, cards=True)


def _trail(book: Book, found: Wording) -> tuple[Crumb, ...]:
    return (shares_crumb(book), Crumb(found.title, reverse("finance:scenario", args=[book.place.id, found.code])))


def change(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Reword a saved scenario or change its settings."""
    book = open_book(place)
    found = saved_scenario(book, code)

    def act(values: Mapping[str, Any]) -> str:
        given = dict(values)
        changed = {name: given.pop(name, None) for name in (*RATES, *SUMS)}
        settings = Settings(found.settings.scenario, scope=found.settings.scope, **changed)
        actions.change_scenario(by=request.viewer.actor, place=place, code=code, query=settings.query, **given)
        return reverse("finance:scenario", args=[place, code])

    writing = Writing(
        title=f"Change '{found.title}'",
        form=Form((TITLE, NOTE, *SETTINGS, REVISION)),
        submit="Save the change",
        act=act,
        book=book,
        trail=_trail(book, found),
        lead="Whoever named it as it is now can still read it: every wording is kept.",
        first=_written(found),
    )
    return write(request, writing)


def _written(found: Wording) -> dict[str, str]:
    settings = found.settings
    rates = {name: plain_percentage(getattr(settings, name)) for name in RATES if getattr(settings, name) is not None}
    sums = {name: plain_thousands(getattr(settings, name)) for name in SUMS if getattr(settings, name) is not None}
    return {"title": found.title, "note": found.note, "revision": str(found.revision), **rates, **sums}


def withdraw(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Take a saved scenario off the list."""
    book = open_book(place)
    found = saved_scenario(book, code)

    def act(values: Mapping[str, Any]) -> str:
        actions.withdraw_scenario(by=request.viewer.actor, place=place, code=code, **values)
        return reverse("finance:fair-shares", kwargs={"place": place})

    writing = Writing(
        title=f"Withdraw '{found.title}'",
        form=Form((REASON, REVISION)),
        submit="Withdraw it",
        act=act,
        check=lambda values: Checked(
            rows=(("Scenario", found.title), ("Reason", values["reason"])),
            consequences=(
                "It is no longer offered for a comparison or a budget.",
                "Whoever named it can still read it.",
            ),
        ),
        book=book,
        trail=_trail(book, found),
        first={"revision": str(found.revision)},
    )
    return write(request, writing)
