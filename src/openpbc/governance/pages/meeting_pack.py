"""Everything of a meeting in one file, to be read without a connection: agenda, minutes, papers; for one reader."""

from __future__ import annotations

import html
import io
import zipfile

from django.http import HttpRequest, HttpResponse

from openpbc.governance import actions
from openpbc.governance.pages import agenda
from openpbc.governance.pages.meeting_parts import meeting_name, when
from openpbc.governance.reads import items as items_read
from openpbc.governance.reads import meetings as reads
from openpbc.governance.reads import minutes as minutes_read
from openpbc.governance.reads import papers
from openpbc.governance.reads.items import Item
from openpbc.governance.reads.marks import marks
from openpbc.governance.reads.sitting import barred_items
from openpbc.organisations.reads import book as open_book
from openpbc.ui.documents import docx_bytes, pdf_bytes
from openpbc.ui.pages import attachment

ZIP_TYPE = "application/zip"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same pack gives the same bytes


def pack(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """The pack of a meeting for whoever asks: what is withheld from them is not in it, and the index says so."""
    book, found = open_book(place), reads.meeting(place, number)
    listed = items_read.items(place, number)
    closed, marked = barred_items(request.viewer, place, listed), marks(place, listed)
    files: dict[str, bytes] = {}
    opened: list[tuple[str, str]] = []
    lines = [f"<h1>{html.escape(meeting_name(book, found))}</h1><p>{html.escape(when(found))}</p><ol>"]
    for each in listed:
        if why := closed.get(each.id):
            lines.append(f'<li value="{each.number}">Withheld from you. {html.escape(why)}</li>')
            continue
        own = _papers(each)
        files |= own
        links = ", ".join(f'<a href="{html.escape(name)}">{html.escape(name)}</a>' for name in own)
        told = html.escape(f"{each.title} ({marked[each.id]})" if each.id in marked else each.title)
        lines.append(f'<li value="{each.number}">{told} {links}</li>')
        opened += [(each.matter or each.address, f"{paper.name} (pack)") for paper in each.current_papers]
    actions.open_pack(by=request.viewer.actor, place=place, of=found.address, opened=opened)
    lines.append("</ol>")
    document = agenda.pack(book, found, listed, request.viewer)
    files["agenda.pdf"], files["agenda.docx"] = pdf_bytes(document), docx_bytes(document)
    sections = minutes_read.minutes(request.viewer, place, number)
    files["minutes.txt"] = "\n\n".join("\n".join((each.heading, *each.lines)) for each in sections).encode()
    files["index.html"] = _page(meeting_name(book, found), lines).encode()
    return attachment(_zipped(files), ZIP_TYPE, f"{place}_{found.body}_meeting_{found.number}.zip")


def _papers(item: Item) -> dict[str, bytes]:
    """The papers that count, each under the number of its item."""
    return {f"item-{item.number}/{each.name}": papers.content(each.sha256) for each in item.current_papers}


def _page(title: str, lines: list[str]) -> str:
    head = f'<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>{html.escape(title)}</title>'
    more = '<p><a href="agenda.pdf">Agenda (PDF)</a>, <a href="minutes.txt">minutes so far</a></p></html>'
    return "\n".join((head, *lines, more))


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(files):
            made.writestr(zipfile.ZipInfo(name, _EPOCH), files[name])
    return out.getvalue()
