"""Reads papers back as people see them: the words of a PDF, of a Word file and of a page, in the order of reading.

The reader of PDF knows as much of the format as typst writes: marked content, fonts with a map to Unicode, no object
streams. It leaves out what is marked as an artifact, as a screen reader does: running heads and repeated headings.
"""

from __future__ import annotations

import io
import re
import zlib
from html.parser import HTMLParser

import docx

NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?%?")
_OBJECT = re.compile(rb"(\d+) 0 obj\n?(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"/Length (\d+).*?stream\r?\n", re.DOTALL)
_PAIRED = rb"(?:\\.|[^\\()])*"
for _ in range(16):  # brackets within a literal may stand as they are when they pair, however deep
    _PAIRED = rb"(?:\\.|[^\\()]|\(" + _PAIRED + rb"\))*"
_LITERAL = rb"\(" + _PAIRED + rb"\)"
_TOKEN = re.compile(
    rb"/Artifact\b[^\n]*?BDC|/Artifact\s*BMC|/Lang" + _LITERAL + rb"|BDC|BMC|EMC|/(f\d+) [\d.]+ Tf|"
    rb"(?P<text>" + _LITERAL + rb")|\bET\b",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def numbers(text: str) -> list[str]:
    """Every number of a text, in its order."""
    return NUMBER.findall(text)


def pdf_text(made: bytes) -> str:
    """The words of a PDF, page after page."""
    objects = {int(number): body for number, body in _OBJECT.findall(made)}
    pages = [body for body in objects.values() if b"/Type/Page/" in body]
    order = [int(each) for each in re.findall(rb"(\d+) 0 R", _kids(objects))]
    assert len(order) == len(pages)
    return "\n".join(_page(objects, objects[number]) for number in order)


def _kids(objects: dict[int, bytes]) -> bytes:
    return next(re.search(rb"/Kids\[(.*?)\]", b, re.DOTALL)[1] for b in objects.values() if b"/Type/Pages/" in b)


def _page(objects: dict[int, bytes], page: bytes) -> str:
    resources = objects[int(re.search(rb"/Resources (\d+) 0 R", page)[1])]
    fonts = {
        name: _unicode(objects, objects[int(number)])
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources.partition(b"/Font")[2])
    }
    content = _content(objects[int(re.search(rb"/Contents (\d+) 0 R", page)[1])])
    depth, artifact, font, out = 0, 0, {}, []
    for found in _TOKEN.finditer(content):
        token = found[0]
        if token.endswith((b"BDC", b"BMC")):
            depth += 1
            artifact = artifact or (depth if token.startswith(b"/Artifact") else 0)
        elif token == b"EMC":
            artifact = 0 if artifact == depth else artifact
            depth -= 1
        elif found[1]:
            font = fonts[found[1]]
        elif not artifact and not token.startswith(b"/Lang"):
            out.append("\n" if token == b"ET" else _shown(found["text"][1:-1], font))
    return "".join(out)


def _content(body: bytes) -> bytes:
    found = _STREAM.search(body)
    return zlib.decompress(body[found.end() : found.end() + int(found[1])])


def _unicode(objects: dict[int, bytes], font: bytes) -> dict[int, str]:
    table = _content(objects[int(re.search(rb"/ToUnicode (\d+) 0 R", font)[1])]).decode()
    pairs = re.findall(r"<([0-9A-F]{4})> <([0-9A-F]+)>\n", table)
    return {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs if code != "0000"}


def _shown(literal: bytes, font: dict[int, str]) -> str:
    raw = _ESCAPE.sub(_unescaped, literal)
    return "".join(font.get(int.from_bytes(raw[at : at + 2], "big"), "") for at in range(0, len(raw), 2))


def _unescaped(found: re.Match[bytes]) -> bytes:
    text = found[1]
    return bytes([int(text, 8)]) if text[:1].isdigit() else _PLAIN.get(text, text)


def docx_text(made: bytes) -> str:
    """The words of a Word file, tables in their place."""
    read = docx.Document(io.BytesIO(made))
    lines = []
    for held in read.iter_inner_content():
        if isinstance(held, docx.table.Table):
            for row in held.rows:
                cells = {id(cell._tc): cell.text for cell in row.cells}
                lines.append("\n".join(cells.values()))
        else:
            lines.append(held.text)
    return "\n".join(lines)


class _Page(HTMLParser):
    """Collects the words of the paper on a page: its title, and what stands within the paper itself."""

    LEFT_OUT = ("openpbc-label", "nhsuk-u-visually-hidden", "openpbc-downloads")
    BREAKS = frozenset("p h1 h2 h3 h4 li td th dt dd tr figcaption".split())
    VOID = frozenset("img source br input meta link".split())

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool, bool]] = []
        self.out: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Notice where the paper starts and what is left out of it."""
        if tag in self.VOID:
            return
        kinds = dict(attributes).get("class") or ""
        inside, silent = self.open[-1][1:] if self.open else (False, False)
        inside = inside or tag == "h1" or "openpbc-paper" in kinds.split()
        silent = silent or any(name in kinds for name in self.LEFT_OUT)
        self.open.append((tag, inside, silent))

    def handle_endtag(self, tag: str) -> None:
        """Close."""
        while self.open and self.open.pop()[0] != tag:
            continue
        if tag in self.BREAKS:
            self.out.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep the words of the paper."""
        if self.open and self.open[-1][1] and not self.open[-1][2]:
            self.out.append(data)


def html_text(page: str) -> str:
    """The words of the paper on a page."""
    reader = _Page()
    reader.feed(page)
    return "".join(reader.out)
