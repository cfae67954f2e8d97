"""A paper is printed for Word and as PDF from the same values: safe with any text, equal for equal figures."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile

import docx
import pytest
from django.test import RequestFactory
from docx.oxml.ns import qn

from openpbc.rulebook.reader import open_book
from openpbc.ui import tables
from openpbc.ui.charts import Chart, Point
from openpbc.ui.documents import (
    Bullets,
    Document,
    Grid,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Picture,
    docx_bytes,
    pdf_bytes,
    plain_text,
)
from openpbc.ui.documents.layout import LANDSCAPE_WIDTH, PORTRAIT_WIDTH, layout
from openpbc.ui.documents.pdf import drawn, paper
from openpbc.ui.figures import Figure, Missing, Style, Tag
from openpbc.ui.pages import Page, respond

BOOK = open_book("west-herts-2008")
HOSTILE = (
    '#panic("x")',
    "#{sys.inputs}",
    "$x^2$ \\ \" ' // /* */ <label> @ref [b] `raw` *b* _e_ ~ = - + 1.",
    '"); #import "@preview/evil:1.0.0": *',
    '#read("/etc/passwd")',
    "</w:t></w:r><w:r><w:instrText>DDEAUTO</w:instrText>",
    "<script>alert(1)</script>&amp;",
    "=cmd|' /C calc'!A0",
    "{{ 7*7 }} {% raw %}",
    "\x00\x01\x1f\x7f\ud800\uffff",
    "a\u202e1234\u202cb",
    "中文 \U0001f600 \u0301 \ue000",
    "x" * 400,
    "-1,687 and +5",
    "",
)


def grid(rows: int = 3, text: str = "Acute") -> Grid:
    columns = [
        tables.text("Line"),
        tables.number("Amount", "£000", group="Money"),
        tables.number("Growth", "%", group="Money"),
        tables.text("State"),
        tables.text("Note"),
    ]
    body = [
        [f"{text} {number}", Figure(-168_700_000, Style.THOUSANDS), Figure(70_000, Style.PERCENT), Tag("exact"), None]
        for number in range(rows)
    ]
    total = tables.Row(("Total", Figure(1, Style.PENCE), None, Missing("a.yaml"), text), total=True)
    return Grid(tables.table("plan", "Plan", columns, [*body, total], notes=("A note.",)))


def picture() -> Picture:
    points = (Point("WatCom", "Now", 1.5), Point("DatCom", "Now", 2.5))
    return Picture(Chart("bars", "Budgets", "WatCom 1.5, DatCom 2.5.", "plan", points, "£ million"))


def document(text: str = "Plain words", **more) -> Document:
    parts = (
        Heading(text or "Heading"),
        Paragraph(("It is £", Figure(1_367_500_000, Style.THOUSANDS), " thousand; ", Missing("x.yaml"), f". {text}")),
        Bullets((text, "two")),
        grid(text=text),
        picture(),
        Note(text),
        PageBreak(),
        Heading("Under it", 2),
        Grid(tables.table("none", "Nothing", [tables.text(text)], [], empty=f"Not set. {text}")),
    )
    facts = (("Place", "West Hertfordshire, 2008/09"), ("Rulebook", BOOK.hash))
    return Document(text or "Title", text, facts, parts, **more)


def word(made: bytes):
    return docx.Document(io.BytesIO(made))


def test_a_part_prints_the_figure_as_the_page_does():
    assert plain_text(("£", Figure(-168_700_000, Style.THOUSANDS), " or ", Missing("x.yaml"))) == "£-1,687 or not set"
    read = word(docx_bytes(document()))
    rows = [[cell.text for cell in row.cells] for row in read.tables[0].rows]
    assert rows[0] == ["", "Money", "Money", "", ""]
    assert rows[1] == ["Line", "Amount £000", "Growth %", "State", "Note"]
    assert rows[2] == ["Plain words 0", "-1,687", "7.00%", "exact", ""]
    assert rows[-1][1] == "£0.01"
    assert rows[-1][3] == "not set"


def test_word_has_headings_header_rows_alt_text_and_language():
    read = word(docx_bytes(document()))
    styles = [line.style.name for line in read.paragraphs]
    assert styles[0] == "Title"
    assert {"Heading 1", "Heading 2", "List Bullet", "Caption", "Small print"} <= set(styles)
    heads = [
        row
        for row in read.tables[0].rows
        if row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None
    ]
    assert len(heads) == 2
    assert read.inline_shapes[0]._inline.docPr.get("descr") == "WatCom 1.5, DatCom 2.5."
    assert {held.get(qn("w:val")) for held in read.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    assert "NUMPAGES" in read.sections[0].footer._element.xml
    assert read.core_properties.title == "Plain words"


@pytest.mark.parametrize(
    ("more", "marks"), [({"draft": True}, ["DRAFT"]), ({"synthetic": True}, ["SYNTHETIC"]), ({}, [])]
)
def test_what_is_draft_or_invented_says_so_on_every_page(more, marks):
    shown = document(**more)
    header = word(docx_bytes(shown)).sections[0].header.paragraphs[0].text
    assert [mark for mark in ("DRAFT", "SYNTHETIC") if mark in header] == marks
    assert [mark.partition(":")[0] for mark in paper(shown)["marks"]] == marks


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_inert_in_both_prints(text):
    shown = document(text)
    assert pdf_bytes(shown).startswith(b"%PDF-")
    made = docx_bytes(shown)
    read = word(made)
    body = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").decode()
    assert "<w:instrText" not in body
    assert body.count("<w:fldSimple") == 0
    assert len(read.tables) == 1
    assert plain_text(text) in [line.text for line in read.paragraphs]


def test_what_the_fonts_cannot_show_is_named():
    assert drawn("a中\u202e£–é½") == "a[U+4E2D][U+FFFD]£–é½"
    assert pdf_bytes(Document("Everything", parts=(Paragraph(all_drawn()),))).startswith(b"%PDF-")


def all_drawn() -> str:
    return "".join(drawn(chr(code)) for code in range(0x20, 0x3000))


def test_a_document_of_another_language_or_shape_prints():
    made = document(language="cy-GB", landscape=True, footer="Book 123")
    assert b"/Lang" in pdf_bytes(made)
    section = word(docx_bytes(made)).sections[0]
    assert section.page_width > section.page_height


@pytest.mark.parametrize("level", [0, 4])
def test_a_heading_has_a_level_that_printers_have(level):
    with pytest.raises(ValueError, match="level"):
        Heading("x", level)


def test_a_page_offers_its_paper_under_its_own_address():
    shown = Page("openpbc/base.jinja", "My plan", BOOK, document=document())
    for kind, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        answer = respond(RequestFactory().get(f"/p?download=paper.{kind}"), shown)
        assert answer["Content-Disposition"] == f'attachment; filename="west-herts-2008_my_plan.{kind}"'
        assert answer.content.startswith(start)


@pytest.mark.parametrize("columns", [1, 4, 9, 13])
@pytest.mark.parametrize("landscape", [False, True])
def test_numbers_have_room_and_the_sheet_is_used(columns, landscape):
    heads = [tables.text("Group"), *(tables.number("Amount", "£000") for _ in range(columns))]
    shown = tables.table(
        "t", "T", heads, [["Some long words about a group", *[Figure(71_094_900_000, Style.THOUSANDS)] * columns]]
    )
    laid_out = layout(shown, landscape=landscape)
    assert sum(laid_out.widths) == 1000
    sheet = LANDSCAPE_WIDTH if landscape else PORTRAIT_WIDTH
    # a digit of the narrower print is about half as wide as the print is tall
    assert all(share * sheet * 4 >= 7 * laid_out.size * 500 for share in laid_out.widths[1:])


MAKER = """
import sys, hashlib
sys.path[:0] = {path!r}
import django
django.setup()
from tests.unit.ui.test_documents import document
from openpbc.ui.documents import docx_bytes, pdf_bytes
shown = document(draft=True)
print(hashlib.sha256(pdf_bytes(shown)).hexdigest(), hashlib.sha256(docx_bytes(shown)).hexdigest())
"""


def test_equal_figures_give_equal_bytes_in_any_process():
    found = set()
    for number, (zone, tongue) in enumerate(
        [
            ("UTC", "C"),
            ("Asia/Tokyo", "C.UTF-8"),
            ("America/Lima", "POSIX"),
            ("Europe/London", "en_GB.UTF-8"),
            ("Pacific/Apia", "tr_TR.UTF-8"),
        ]
    ):
        env = os.environ | {"PYTHONHASHSEED": str(number + 1), "TZ": zone, "LC_ALL": tongue, "LANG": tongue}
        made = subprocess.run(
            [sys.executable, "-c", MAKER.format(path=json.loads(json.dumps(sys.path)))],
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(made.stdout)
    assert len(found) == 1
