"""Workbooks that may not be opened, each made here from a good one, and the words with which each is refused."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

from openpbc.ui.workbooks import FormSheet, Line, form_bytes

SHEET, BOOK, TYPES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"
RELS = "xl/_rels/workbook.xml.rels"
LINK = (
    '<Relationship Id="rId9" Target="file:///etc/passwd" TargetMode="External" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
)
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


def good() -> bytes:
    """A small workbook that is in order."""
    return form_bytes("Good", [FormSheet("Plan", (Line(("Code", "Amount")), Line(("one", 1))))])


def parts_of(body: bytes) -> dict[str, bytes]:
    """Take a workbook apart."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Put parts together."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def changed(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The good workbook with one part changed."""
    parts = parts_of(good())
    return packed(parts | {name: change(parts[name])})


def replaced(name: str, old: str, new: str) -> bytes:
    """The good workbook with words of one part replaced."""
    return changed(name, lambda body: _swap(body, old, new))


def _swap(body: bytes, old: str, new: str) -> bytes:
    assert old.encode() in body, f"{old} is not there to be replaced"
    return body.replace(old.encode(), new.encode())


def with_part(name: str, content: bytes = b"x") -> bytes:
    """The good workbook with one part more."""
    return packed(parts_of(good()) | {name: content})


def without(name: str) -> bytes:
    """The good workbook with one part missing."""
    return packed({each: content for each, content in parts_of(good()).items() if each != name})


def cut(body: bytes) -> bytes:
    """A file that was cut off on its way."""
    return body[: len(body) * 2 // 3]


def twins() -> bytes:
    """Two parts of one name."""
    return with_part("xl/worksheets/sheet2.xml").replace(b"sheet2.xml", b"sheet1.xml")


def locked_parts() -> bytes:
    """Every part's flag says that it is encrypted."""
    body = bytearray(good())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = body.find(mark)
        while at >= 0:
            (flags,) = struct.unpack_from("<H", body, at + offset)
            struct.pack_into("<H", body, at + offset, flags | 1)
            at = body.find(mark, at + 4)
    return bytes(body)


def damaged() -> bytes:
    """A bit of the packed content has flipped."""
    body = bytearray(good())
    at = body.find(b"PK\x03\x04") + 60
    body[at] ^= 0xFF
    return bytes(body)


def rows(count: int, cells: str = '<c r="A{n}"><v>{n}</v></c>') -> bytes:
    """A sheet of many rows."""
    lines = "".join(f'<row r="{n}">{cells.format(n=n)}</row>' for n in range(1, count + 1))
    return _sheet_data(lines)


def _sheet_data(lines: str) -> bytes:
    def change(body: bytes) -> bytes:
        start, _, rest = body.partition(b"<sheetData>")
        return start + b"<sheetData>" + lines.encode() + b"</sheetData>" + rest.partition(b"</sheetData>")[2]

    return changed(SHEET, change)


def wide() -> bytes:
    """A row of thousands of columns."""
    return _sheet_data('<row r="1"><c r="XFD1"><v>1</v></c></row>')


def many_sheets() -> bytes:
    """More sheets than a workbook of ours has."""
    return form_bytes("Many", [FormSheet(f"S{n}", (Line(("x",)),)) for n in range(60)])


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# name -> (the file, words of the sentence)
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "is empty"),
    "csv": (lambda: b"Code,Amount\r\none,1\r\n", "not a workbook"),
    "pdf": (lambda: b"%PDF-1.7\n", "not a workbook"),
    "html": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", "not a workbook"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n", "not a workbook"),
    "old-xls": (lambda: _OLE + bytes(2_000), "old kind"),
    "password": (lambda: _OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password"),
    "too-large": (lambda: b"PK\x03\x04" + bytes(11 << 20), "larger than 10 MB"),
    "zip-of-something": (lambda: packed({"notes.txt": b"x"}), "not a workbook"),
    "word": (lambda: packed({TYPES: b"<Types/>", "word/document.xml": b"<d/>"}), "text document"),
    "slides": (lambda: packed({TYPES: b"<Types/>", "ppt/presentation.xml": b"<d/>"}), "presentation"),
    "opendocument": (lambda: packed({"mimetype": b"x", "content.xml": b"<d/>"}), "OpenDocument"),
    "binary-workbook": (lambda: packed({TYPES: b"<Types/>", "xl/workbook.bin": b"x"}), "binary workbook"),
    "cut-off": (lambda: cut(good()), "damaged"),
    "damaged": (damaged, "damaged"),
    "twin-parts": (twins, "named as in no workbook"),
    "climbing-part": (lambda: with_part("../../etc/cron.d/x"), "named as in no workbook"),
    "absolute-part": (lambda: with_part("/etc/passwd"), "named as in no workbook"),
    "locked-parts": (locked_parts, "password"),
    "thousand-parts": (lambda: packed(parts_of(good()) | {f"xl/x{n}": b"" for n in range(1_100)}), "parts"),
    "bomb-by-size": (lambda: with_part("xl/media/image1.png", bytes(40 << 20)), "unpacks to 40 MB"),
    "bomb-by-ratio": (lambda: with_part("xl/media/image1.png", bytes(8 << 20)), "unpacks to 8 MB"),
    "macros": (lambda: with_part("xl/vbaProject.bin"), "macros"),
    "macro-sheet": (lambda: with_part("xl/macrosheets/sheet1.xml", b"<x/>"), "macros"),
    "macro-type": (lambda: replaced(TYPES, "sheet.main+xml", "sheet.macroEnabled.main+xml"), "macros"),
    "controls": (lambda: with_part("xl/activeX/activeX1.bin"), "controls"),
    "embedded-file": (lambda: with_part("xl/embeddings/oleObject1.bin"), "other files"),
    "links-elsewhere": (lambda: with_part("xl/externalLinks/externalLink1.xml", b"<x/>"), "links to other"),
    "link-in-relations": (
        lambda: replaced(RELS, "</Relationships>", LINK.format(kind="externalLink")),
        "links to other",
    ),
    "ole-in-relations": (lambda: replaced(RELS, "</Relationships>", LINK.format(kind="oleObject")), "links to other"),
    "data-connection": (lambda: with_part("xl/connections.xml", b"<connections/>"), "fetches data"),
    "billion-laughs": (
        lambda: changed(SHEET, lambda body: body.replace(b"<worksheet", LAUGHS.encode() + b"<worksheet", 1)),
        "instructions",
    ),
    "entity-in-texts": (
        lambda: changed("xl/sharedStrings.xml", lambda body: body.replace(b"<sst", LAUGHS.encode() + b"<sst", 1)),
        "instructions",
    ),
    "outside-entity": (
        lambda: changed(
            BOOK,
            lambda body: body.replace(
                b"<workbook", b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><workbook', 1
            ),
        ),
        "instructions",
    ),
    "hidden-entity": (
        lambda: changed(SHEET, lambda body: ("<?xml version='1.0'?>" + LAUGHS + "<x>&c;</x>").encode("utf-16")),
        "instructions",
    ),
    "strange-encoding": (
        lambda: changed(SHEET, lambda body: b'<?xml version="1.0" encoding="UTF-7"?><x/>'),
        "unknown encoding",
    ),
    "broken-sheet": (lambda: changed(SHEET, lambda body: body[: len(body) // 2]), "cannot be read"),
    "broken-texts": (lambda: changed("xl/sharedStrings.xml", lambda body: body[:-30]), "cannot be read"),
    "broken-book": (lambda: changed(BOOK, lambda body: b"<workbook"), "cannot be read"),
    "text-that-is-not-there": (
        lambda: replaced(SHEET, "<v>0</v>", "<v>99999</v>"),
        "cannot be read",
    ),
    "sheet-that-is-not-there": (
        lambda: packed({n: c for n, c in parts_of(good()).items() if n != SHEET}),
        "holds no sheet",
    ),
    "too-many-rows": (lambda: rows(21_000), "more than 20,000 rows"),
    "a-million-rows": (lambda: rows(1_048_576, "<c><v>1</v></c>"), "unpacks to"),
    "a-million-empty-rows": (
        lambda: _sheet_data(
            '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
        ),
        "empty rows",
    ),
    "too-many-columns": (wide, "16,384 columns"),
    "too-many-sheets": (many_sheets, "60 sheets"),
}
