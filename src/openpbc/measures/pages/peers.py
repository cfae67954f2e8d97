"""The peer group: who is in it, over which months, how the quartile is found, and every version of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.kernel.periods import Month, day_text
from openpbc.measures import actions, reads
from openpbc.measures.pages.listing import behind
from openpbc.measures.reads import Peers
from openpbc.measures.rules.quartiles import METHODS
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell
from openpbc.ui.forms import HIDDEN, INCOMPLETE, Field, Form, choice, whole_number, words
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

CODES = 400


def peers(request: HttpRequest, place: str) -> HttpResponse:
    """The versions of the peer group, the one in use first."""
    book = organisations.book(place)
    page = Page(
        template="measures/peers.jinja",
        title="Peer group",
        book=book,
        trail=(Crumb("Measures", reverse("measures:listing", kwargs={"place": place})),),
        tables=(_table(book, reads.peer_versions(place)),),
        rests_on=behind(book),
        context={"group": reads.peers(book), "method": METHODS[reads.peers(book).method]},
    )
    return respond(request, page)


def _table(book: Book, versions: tuple[Peers, ...]) -> Table:
    titles = reads.names(book, "provider")
    columns = [
        tables.text(n) for n in ("Version", "Group", "Providers", "Compared over", "Quartile", "Reason", "Agreed")
    ]
    rows: list[list[Cell]] = [
        [
            str(each.version),
            each.title,
            ", ".join(titles.get(code, code) for code in each.providers),
            f"{each.first} to {each.last}" if each.first else "the months shown",
            each.method,
            each.reason,
            f"{each.by}, {day_text(timezone.localtime(each.at))}" if each.at else each.by,
        ]
        for each in versions
    ]
    return tables.table("versions", "Versions", columns, rows, cards=True, empty="No group is agreed yet.")


def change(request: HttpRequest, place: str) -> HttpResponse:
    """Agree a peer group, as the next version."""
    book = organisations.book(place)
    now = reads.peers(book)

    def act(values: Mapping[str, Any]) -> str:
        actions.agree_peers(
            by=request.viewer.actor, place=place, title=values["title"], providers=values["providers"].split(","),
            method=values["method"], reason=values["reason"], seen=values["seen"], first=values.get("first"),
            last=values.get("last"),
        )  # fmt: skip
        return reverse("measures:peers", kwargs={"place": place})

    listed = now.providers or tuple(each.code for each in organisations.providers(place))
    writing = Writing(
        title="Agree a peer group",
        form=_form(),
        submit="Agree",
        act=act,
        check=lambda values: Checked(
            (
                ("Group", values["title"]),
                ("Providers", values["providers"]),
                ("Quartile", METHODS[values["method"]]),
                ("Reason", values["reason"]),
            ),
            ("Every threshold and opportunity changes with it. The version before is kept.",),
        ),
        book=book,
        trail=(
            Crumb("Measures", reverse("measures:listing", kwargs={"place": place})),
            Crumb("Peer group", reverse("measures:peers", kwargs={"place": place})),
        ),
        lead="Peers outside the place's own files take part with the values that are entered for them.",
        first={
            "title": now.title if now.agreed else "",
            "providers": ", ".join(listed),
            "method": now.method,
            "first": now.first,
            "last": now.last,
            "seen": str(now.version),
        },
    )
    return write(request, writing)


def _form() -> Form:
    methods = tuple(METHODS.items())
    return Form(
        (
            Field("title", "Name", words, required="Give the group a name.", width="20", longest=200),
            Field("providers", "Providers", words, "Codes with commas between", required="Give the providers.",
                  width="20", longest=CODES),
            Field("first", "First month", Month.parse, "Such as 2007-04; empty for the months shown", width="10"),
            Field("last", "Last month", Month.parse, "Such as 2008-03", width="10"),
            choice("method", "Quartile", methods, "Choose how."),
            Field("reason", "Reason", words, "Who agreed it and when", required="Say why.", width="20", longest=300),
            Field("seen", "", whole_number, kind=HIDDEN, required=INCOMPLETE),
        )
    )  # fmt: skip
