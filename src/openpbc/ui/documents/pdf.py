"""Papers as PDF for everybody (PDF/UA-1): tagged, in one language, with repeated header rows and text for pictures.

The layout is one file of typst, ``paper.typ``; the document goes in as data and is never read as markup, so nothing
that a person wrote can become code. Only fonts that come with typst are used, so that the same figures give the same
bytes on every machine.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from openpbc.ui.documents.layout import layout
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
from openpbc.ui.exports import CREATED
from openpbc.ui.figures import Cell, Figure, Missing, Tag
from openpbc.ui.tables import Row, Table

_LAYOUT = Path(__file__).with_name("paper.typ")
_POUND = "£"
# What the fonts can show: a paper for everybody may not hold a character without a drawing.
_DRAWN = (
    (0x20, 0x7E),
    (0xA0, 0xAC),
    (0xAE, 0x2FF),
    (0x388, 0x38A),
    (0x38E, 0x3A1),
    (0x3A3, 0x482),
    (0x48A, 0x4FF),
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x2030, 0x203E),
    (0x2070, 0x2070),
    (0x2074, 0x208E),
    (0x20A0, 0x20BF),
    (0x2153, 0x215F),
    (0x2190, 0x22FF),
    (0x2460, 0x2473),
    (0x25A0, 0x25FF),
)


def pdf_bytes(document: Document) -> bytes:
    """Print a document as PDF; equal documents give equal bytes."""
    made = typst.compile(
        _LAYOUT.read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(paper(document))},
        pdf_standards="ua-1",
        timestamp=CREATED,  # papers carry no clock, so that equal figures give equal bytes
    )
    assert isinstance(made, bytes)
    return made


def paper(document: Document) -> dict[str, Any]:
    """Give a document as the data that the layout prints."""
    language, _, region = document.language.partition("-")
    return {
        "title": drawn(document.title),
        "subtitle": drawn(document.subtitle),
        "running": drawn(document.place),
        "footer": drawn(" · ".join(each for each in (document.title, document.footer) if each)),
        "marks": list(document.marks),
        "facts": [{"name": drawn(name), "text": drawn(text)} for name, text in document.facts],
        "language": language,
        "region": region or "GB",
        "landscape": document.landscape,
        "compact": document.compact,
        "parts": [_part(part, document.landscape) for part in document.parts],
    }


def _part(part: Part, landscape: bool) -> dict[str, Any]:
    return {"kind": part.kind, **_content(part, landscape)}


def _content(part: Part, landscape: bool) -> dict[str, Any]:
    match part:
        case Heading(text, level):
            return {"text": drawn(text), "level": level}
        case Paragraph(text) | Note(text):
            return {"text": _run(text)}
        case Bullets(items):
            return {"items": [_run(item) for item in items]}
        case Grid(table):
            return _grid(table, landscape)
        case Picture(chart):
            return {"caption": drawn(chart.title), "sentence": drawn(chart.sentence), "pixels": list(png(chart))}
        case PageBreak():
            return {}


def _run(text: Text) -> list[dict[str, str]]:
    """Words and figures; the sign of the pound stays with its figure, since a line may break before any figure."""
    run: list[dict[str, str]] = []
    for piece in (text,) if isinstance(text, str) else text:
        made = _cell(piece)
        if made["kind"] == "number" and run and run[-1]["text"].endswith(_POUND):
            run[-1] = run[-1] | {"text": run[-1]["text"].removesuffix(_POUND)}
            made["text"] = _POUND + made["text"]
        run.append(made)
    return run


def _grid(table: Table, landscape: bool) -> dict[str, Any]:
    laid_out = layout(table, landscape=landscape)
    return {
        "caption": drawn(table.caption),
        "size": float(laid_out.points),
        "widths": list(laid_out.widths),
        "groups": [{"name": drawn(name), "span": span} for name, span in table.groups],
        "head": [
            {"title": drawn(column.title), "unit": drawn(column.unit), "right": column.numeric}
            for column in table.columns
        ],
        "rows": [_row(row) for row in table.rows],
        "notes": [drawn(note) for note in table.notes],
        "empty": drawn(table.empty),
    }


def _row(row: Row) -> dict[str, Any]:
    return {"total": row.total, "cells": [_cell(cell) for cell in row.cells]}


def _cell(cell: Cell) -> dict[str, str]:
    kind = {Figure: "number", int: "number", Missing: "missing", Tag: "tag"}.get(type(cell), "text")
    return {"kind": kind, "text": drawn(cell_text(cell))}


def drawn(text: str) -> str:
    """Write a text with what the fonts can show; any other character is named by its number."""
    return "".join(letter if _is_drawn(ord(letter)) else f"[U+{ord(letter):04X}]" for letter in clean(text))


@lru_cache(maxsize=4096)
def _is_drawn(code: int) -> bool:
    return any(first <= code <= last for first, last in _DRAWN)
