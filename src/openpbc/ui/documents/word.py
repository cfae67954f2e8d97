"""Papers for Word: real headings, repeated header rows, alt text, page numbers, and no clock.

Text goes in as text nodes, never as fields or markup. The package is written anew with fixed dates, so that equal
documents give equal bytes.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from openpbc.ui.documents.model import (
    Bullets,
    Document,
    Grid,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Part,
    Picture,
    Text,
    cell_text,
    clean,
)
from openpbc.ui.documents.pictures import png
from openpbc.ui.documents.word_tables import write_table
from openpbc.ui.exports import CREATED
from openpbc.ui.figures import Missing

FONT = "Arial"
BLUE, DARK = RGBColor(0x00, 0x5E, 0xB8), RGBColor(0x00, 0x30, 0x87)
INK, QUIET = RGBColor(0x21, 0x2B, 0x32), RGBColor(0x4C, 0x62, 0x72)
_SMALL, _SHEET = "Small print", (210, 297)
_ZIP_DATE = CREATED.timetuple()[:6]
_LOOKS = {
    "Title": (22, DARK, True),
    "Subtitle": (13, QUIET, False),
    "Heading 1": (15, BLUE, True),
    "Heading 2": (12, BLUE, True),
    "Heading 3": (11, DARK, True),
    "Caption": (10, DARK, True),
}


def docx_bytes(document: Document) -> bytes:
    """Print a document for Word; equal documents give equal bytes."""
    word = docx.Document()
    _properties(word, document)
    _styles(word, document.language)
    _sheet(word, document)
    _head(word, document)
    for part in document.parts:
        _write(word, part, document)
    out = io.BytesIO()
    word.save(out)
    return _dateless(out.getvalue())


def _dateless(package: bytes) -> bytes:
    """Write a package again with one fixed date for all of its members."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name in read.namelist():
            member = zipfile.ZipInfo(name, _ZIP_DATE)
            member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            written.writestr(member, read.read(name))
    return out.getvalue()


def _properties(word: WordDocument, document: Document) -> None:
    held = word.core_properties
    held.title, held.subject, held.author = clean(document.title)[:255], clean(document.subtitle)[:255], "OpenPBC"
    held.last_modified_by, held.comments, held.keywords = "OpenPBC", "", " ".join(document.marks)
    held.created = held.modified = CREATED
    held.language, held.revision = document.language, 1


def _styles(word: WordDocument, language: str) -> None:
    normal = word.styles["Normal"]
    _look(normal, 10.5, INK, False)
    normal.paragraph_format.space_after = Pt(6)
    for name, (size, colour, bold) in _LOOKS.items():
        _look(word.styles[name], size, colour, bold)
    small = word.styles.add_style(_SMALL, WD_STYLE_TYPE.PARAGRAPH)
    small.base_style = normal
    _look(small, 8.5, QUIET, False)
    word.styles["Caption"].paragraph_format.keep_with_next = True
    for spoken in word.styles.element.iter(qn("w:lang")):
        spoken.set(qn("w:val"), language)
    for spoken in word.settings.element.iter(qn("w:themeFontLang")):
        spoken.set(qn("w:val"), language)


def _look(style: Any, size: float, colour: RGBColor, bold: bool) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(size), bold, False
    style.font.color.rgb = colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), FONT)


def _sheet(word: WordDocument, document: Document) -> None:
    section = word.sections[0]
    short, long = _SHEET
    wide, tall = (long, short) if document.landscape else (short, long)
    section.orientation = WD_ORIENT.LANDSCAPE if document.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(wide), Mm(tall)
    section.left_margin = section.right_margin = Mm(19)
    section.top_margin, section.bottom_margin = Mm(24), Mm(22)
    _small_line(section.header.paragraphs[0], clean(document.place), document.marks)
    foot = section.footer.paragraphs[0]
    _small_line(foot, " · ".join(clean(each) for each in (document.title, document.footer) if each), ())
    foot.add_run(" · Page ")
    _field(foot, "PAGE")
    foot.add_run(" of ")
    _field(foot, "NUMPAGES")
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _small_line(line: WordParagraph, text: str, marks: tuple[str, ...]) -> None:
    line.style = _SMALL
    line.add_run(text)
    if marks:
        line.add_run(" · " + " · ".join(marks)).bold = True


def _field(line: WordParagraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run, shown = OxmlElement("w:r"), OxmlElement("w:t")
    shown.text = "1"
    run.append(shown)
    field.append(run)
    line._p.append(field)


def _head(word: WordDocument, document: Document) -> None:
    word.add_paragraph(clean(document.title), style="Title")
    if document.subtitle:
        word.add_paragraph(clean(document.subtitle), style="Subtitle")
    for mark in document.marks:
        word.add_paragraph().add_run(mark).bold = True
    for name, text in document.facts:
        line = word.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        line.add_run(f"{clean(name)}: ").bold = True
        line.add_run(clean(text))


def _write(word: WordDocument, part: Part, document: Document) -> None:
    match part:
        case Heading(text, level):
            word.add_heading(clean(text), level)
        case Paragraph(text):
            _run(word.add_paragraph(), text)
        case Bullets(items):
            for item in items:
                _run(word.add_paragraph(style="List Bullet"), item)
        case Grid(table):
            word.add_paragraph(clean(table.caption), style="Caption")
            write_table(word, table, landscape=document.landscape)
            for note in table.notes or ("",):
                word.add_paragraph(clean(note), style=_SMALL)
        case Picture():
            _picture(word, part, document.landscape)
        case Note(text):
            _run(word.add_paragraph(style=_SMALL), text)
        case PageBreak():
            word.add_page_break()


def _run(line: WordParagraph, text: Text) -> None:
    for piece in (text,) if isinstance(text, str) else text:
        run = line.add_run(cell_text(piece))
        run.italic = isinstance(piece, Missing) or None


def _picture(word: WordDocument, part: Picture, landscape: bool) -> None:
    chart = part.chart
    word.add_paragraph(clean(chart.title), style="Caption")
    shape = word.add_picture(io.BytesIO(png(chart)), width=Mm(200 if landscape else 145))
    named = shape._inline.docPr
    named.set("descr", clean(chart.sentence))
    named.set("title", clean(chart.title))
    word.add_paragraph(clean(chart.sentence), style=_SMALL)
