"""A page is its tables and charts plus a template; one address prints them as HTML, data, workbook, paper or picture.

``?download=ID.csv`` and ``?download=ID.json`` give one table as data, ``?download=ID.xlsx`` one table as a workbook,
``?download=page.xlsx`` all of them, ``?download=paper.docx`` and ``?download=paper.pdf`` the page's document,
``?chart=ID`` a picture for the page itself (``&size=narrow`` for phones), ``?download=ID.svg`` and
``?download=ID.png`` a picture to keep. The view has then read its query as for the page itself, so a download can
never differ from the screen, and it is guarded by the same row of the access matrix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from openpbc.kernel.periods import day_text
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Status, Table, Value
from openpbc.ui import charts, exports
from openpbc.ui import tables as shown_tables
from openpbc.ui.charts import Chart
from openpbc.ui.documents import DOCX_TYPE, PDF_TYPE, Document, docx_bytes, pdf_bytes
from openpbc.ui.exports import Sheet

WHOLE_PAGE = "page.xlsx"
INVENTED = "SYNTHETIC"  # the word that everything invented bears
TABLES = {
    "csv": (exports.csv_bytes, exports.CSV_TYPE),
    "json": (exports.json_bytes, exports.JSON_TYPE),
    "xlsx": (lambda sheet: exports.workbook_bytes([sheet]), exports.WORKBOOK_TYPE),
}
PAPERS = {"paper.docx": (docx_bytes, DOCX_TYPE), "paper.pdf": (pdf_bytes, PDF_TYPE)}
PICTURES = (SVG, PNG) = ("svg", "png")
NARROW = "narrow"
AS_AT = "As at"  # the fact that dates a page; a picture of a page without one bears the day on which it was taken
# What a page's address may carry for the page itself, beside what the page is about.
OWN_PARAMETERS = ("download", "chart", "size", "page")
Held = Value | Table | NotSet


@dataclass(frozen=True)
class Crumb:
    """One step of the breadcrumb."""

    text: str
    href: str


def home_of(book: Book) -> Crumb:
    """The place's own page: the address of everything about a place starts with it."""
    return Crumb(book.place.title, f"/p/{book.place.id}")


def capital(words: str) -> str:
    """Give words with their first letter as a capital and the rest as it is."""
    return words[:1].upper() + words[1:]


def first_sentence(text: str) -> str:
    """Give a text up to its first full stop or colon, on one line."""
    line = " ".join(text.split())
    return line.split(". ")[0].split(": ")[0].removesuffix(".")


@dataclass(frozen=True)
class Page:
    """Everything that a page shows.

    ``facts`` are name and text pairs printed at the foot of the page and at the head of every download (as at, run,
    book). ``rests_on`` are the rulebook's values and tables behind the page: those that are not set name the file to
    fill, those that are assumed are listed, SYNTHETIC ones put the banner on the page, as ``synthetic`` does for data.
    ``document`` is the page as a paper, for Word and as PDF. ``feeds`` are titles and addresses
    of what a feed reader that is given the page finds by itself.
    """

    template: str
    title: str
    book: Book | None = None
    trail: tuple[Crumb, ...] = ()
    tables: tuple[shown_tables.Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    synthetic: bool = False
    draft: bool = False
    rests_on: tuple[Held, ...] = ()
    context: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    is_home: bool = False
    document: Document | None = None
    feeds: tuple[tuple[str, str], ...] = ()

    @property
    def full_trail(self) -> tuple[Crumb, ...]:
        """The breadcrumb with the place's own page first."""
        return (home_of(self.book), *self.trail) if self.book and not self.is_home else self.trail

    @property
    def to_fill(self) -> tuple[str, ...]:
        """Files of the rulebook that hold no value yet for something on the page."""
        return tuple(sorted({found.path for found in self.rests_on if isinstance(found, NotSet)}))

    @property
    def assumed(self) -> tuple[str, ...]:
        """What the page used that nobody has confirmed: the meaning of each value or table, and its source."""
        used = {found.id: found for found in self.rests_on if found.status is Status.ASSUMED}
        return tuple(f"{first_sentence(used[id].meaning)} ({id})" for id in sorted(used))

    @property
    def shows_synthetic(self) -> bool:
        """Whether anything on the page is invented."""
        cited = (found.citation.mark for found in self.rests_on if not isinstance(found, NotSet))
        return self.synthetic or "SYN" in cited or any(shown_tables.says(shown, INVENTED) for shown in self.tables)

    @property
    def file_stem(self) -> str:
        """The start of every download's name: the place and the title in lower case."""
        place = self.book.place.id if self.book else "openpbc"
        words = "".join(letter if letter.isalnum() else " " for letter in self.title.lower()).split()
        return "_".join([place, *words])[:80]

    @property
    def all_facts(self) -> tuple[tuple[str, str], ...]:
        """The facts with the place before and the book after them."""
        if self.book is None:
            return self.facts
        place = self.book.place
        named = {name for name, _ in self.facts}
        book = () if "Rulebook" in named else (("Rulebook", self.book.hash),)
        made = (("Data", "SYNTHETIC: invented, no real patient"),) if self.shows_synthetic else ()
        return (("Place", f"{place.title}, {place.year.label}"), *made, *self.facts, *book)


def respond(request: HttpRequest, page: Page) -> HttpResponse:
    """Answer with the page, or with the download or chart that the query asks for."""
    if wanted := request.GET.get("download"):
        return _download(page, wanted)
    if wanted := request.GET.get("chart"):
        return _chart(page, wanted, narrow=request.GET.get("size") == NARROW)
    context = dict(page.context) | {
        "page": page,
        "book": page.book,
        "table": {shown.id: shown for shown in page.tables},
        "chart": {shown.id: shown for shown in page.charts},
        "link": _Links(request),
    }
    return HttpResponse(render_to_string(page.template, context, request), status=page.status)


class _Links:
    """Addresses of this very page, with its query, as a download or a chart."""

    def __init__(self, request: HttpRequest) -> None:
        self._kept = [
            (name, value) for name, values in request.GET.lists() for value in values if name not in OWN_PARAMETERS
        ]

    def __call__(self, **changes: str) -> str:
        """Give the query string of this page with some parameters changed."""
        kept = [(name, value) for name, value in self._kept if name not in changes]
        return "?" + urlencode([*kept, *changes.items()])


def _download(page: Page, wanted: str) -> HttpResponse:
    if wanted == WHOLE_PAGE and page.tables:
        sheets = [Sheet(shown, page.all_facts) for shown in page.tables]
        return attachment(exports.workbook_bytes(sheets), exports.WORKBOOK_TYPE, f"{page.file_stem}.xlsx")
    if wanted in PAPERS and page.document:
        printer, kind = PAPERS[wanted]
        return attachment(printer(page.document), kind, f"{page.file_stem}.{wanted.rpartition('.')[2]}")
    id, _, kind = wanted.rpartition(".")
    if kind in PICTURES:
        return _picture(page, id, kind)
    for shown in page.tables:
        if shown.id != id:
            continue
        sheet, name = Sheet(shown, page.all_facts), f"{page.file_stem}_{id}.{kind}"
        if kind in TABLES:
            as_data, data_type = TABLES[kind]
            return attachment(as_data(sheet), data_type, name)
    raise Http404("This page has no such download.")


def _picture(page: Page, wanted: str, kind: str) -> HttpResponse:
    """A chart to keep: whoever sees it elsewhere reads in it what it shows, of what, and as at which day."""
    drawn = _chart_of(page, wanted)
    dated = any(name == AS_AT for name, _ in page.facts)
    facts = (*page.all_facts, *(() if dated else (("Taken on", day_text(timezone.localdate())),)))
    told = (drawn.sentence, "; ".join(f"{name}: {text}" for name, text in facts))
    name = f"{page.file_stem}_{wanted}.{kind}"
    if kind == PNG:
        from openpbc.ui.documents.pictures import png  # its libraries are loaded for a picture, not for every start

        return attachment(png(drawn, told), charts.PNG_TYPE, name)
    from openpbc.ui import drawing  # as above

    return attachment(drawing.svg(drawn, told=told).encode(), charts.SVG_TYPE, name)


def attachment(body: bytes, kind: str, name: str) -> HttpResponse:
    """Answer with a file to keep."""
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _chart(page: Page, wanted: str, *, narrow: bool) -> HttpResponse:
    from openpbc.ui import drawing  # its libraries are loaded for a picture, not for every start

    return HttpResponse(drawing.svg(_chart_of(page, wanted), narrow=narrow), content_type=charts.SVG_TYPE)


def _chart_of(page: Page, wanted: str) -> Chart:
    found = next((each for each in page.charts if each.id == wanted), None)
    if found is None:
        raise Http404("This page has no such chart.")
    return found
