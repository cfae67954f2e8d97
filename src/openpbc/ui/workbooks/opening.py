"""Refuses what only claims to be a workbook, before anything in it is read.

A workbook that somebody sends is a zip archive from outside. Its size, the number and the total of its parts and how
far they unpack are looked at first; macros, links to other files, data connections and document types are refused.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from openpbc.kernel.csv_rows import MEGABYTE
from openpbc.kernel.problems import UserError

LARGEST_FILE = 10 * MEGABYTE
LARGEST_CONTENT = 32 * MEGABYTE
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_PARTS = 1_000
# Real sheets shrink to a twentieth or a fiftieth; only content made for the purpose shrinks to a fivehundredth.
LARGEST_RATIO = 500
RATIO_COUNTS_FROM = 2 * MEGABYTE

_SAVE = "Save it as an Excel workbook (.xlsx) and send that."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']""")
_ENCODINGS = (b"utf-8", b"utf-16", b"us-ascii", b"ascii", b"utf8")
_LINKED = re.compile(rb"relationships/(externalLink|oleObject|attachedTemplate|frame|subDocument)\b")
_FOREIGN = (
    ("xl/vbaproject.bin", "it holds macros", "Save it without macros (.xlsx)."),
    ("xl/macrosheets/", "it holds macros", "Save it without macros (.xlsx)."),
    ("xl/dialogsheets/", "it holds macros", "Save it without macros (.xlsx)."),
    ("xl/activex/", "it holds controls that run programs", "Take them out and save it again."),
    ("xl/embeddings/", "it holds other files", "Take them out and save it again."),
    ("xl/externallinks/", "it holds links to other workbooks", "Break the links (Data, Edit links) and save it again."),
    ("xl/connections.xml", "it fetches data from elsewhere", "Take out its data connections and save it again."),
)
_OTHERS = (
    ("word/", "it is a text document, not a workbook"),
    ("ppt/", "it is a presentation, not a workbook"),
    ("content.xml", "it is an OpenDocument file"),
    ("xl/workbook.bin", "it is a binary workbook (.xlsb)"),
)


def refuse_unless_safe(content: bytes, name: str) -> None:
    """Refuse content that is no workbook, or one that we do not open, with what to do about it."""
    if len(content) > LARGEST_FILE:
        what = f"the file is larger than {LARGEST_FILE // MEGABYTE} MB"
        raise UserError(what, name, "Take out sheets and pictures that do not belong to it.")
    _refuse_other_kinds(content, name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _look_at(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise UserError("the file is damaged or cut off", name, "Open it, save it anew, and send that.") from error


def _refuse_other_kinds(content: bytes, name: str) -> None:
    if not content:
        raise UserError("the file is empty", name, "Choose the workbook itself.")
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise UserError("the workbook is protected by a password", name, "Take the password off and send it again.")
        raise UserError("it is a workbook of the old kind (.xls)", name, _SAVE)
    if not content.startswith(b"PK"):
        raise UserError("the file is not a workbook", name, _SAVE)


def _look_at(archive: zipfile.ZipFile, name: str) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise UserError(f"it has {len(parts):,} parts, and no plan needs more than {MOST_PARTS:,}", name, _SAVE)
    whole, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if whole > LARGEST_CONTENT or (whole > RATIO_COUNTS_FROM and whole > LARGEST_RATIO * max(packed, 1)):
        what = f"it unpacks to {whole / MEGABYTE:,.0f} MB"
        raise UserError(what, name, "Delete empty rows, columns and sheets that do not belong to it.")
    _refuse_strange_names(parts, name)
    _refuse_foreign_parts([part.filename.casefold() for part in parts], name)
    for part in parts:
        _look_into(archive, part, name)


def _refuse_strange_names(parts: list[zipfile.ZipInfo], name: str) -> None:
    names = [part.filename for part in parts]
    outside = [each for each in names if each.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", each)]
    if outside or len(set(names)) != len(names):
        raise UserError("its parts are named as in no workbook", name, _SAVE)
    if any(part.flag_bits & 1 for part in parts):
        raise UserError("its parts are protected by a password", name, "Take the password off and send it again.")


def _refuse_foreign_parts(names: list[str], name: str) -> None:
    for start, what, do in _FOREIGN:
        if any(each.startswith(start) for each in names):
            raise UserError(what, name, do)
    for start, what in _OTHERS:
        if any(each.startswith(start) for each in names):
            raise UserError(what, name, _SAVE)
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise UserError("it is an archive, not a workbook", name, _SAVE)


def _look_into(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    if not part.filename.casefold().endswith((".xml", ".rels", ".vml")):
        return
    body = archive.read(part)
    encoding = _ENCODING.match(body[:200].removeprefix(b"\xef\xbb\xbf"))
    if encoding and encoding[1].lower() not in _ENCODINGS:
        raise UserError("a part of it is written in an unknown encoding", name, _SAVE)
    if _DOCTYPE.search(body.replace(b"\0", b"")):
        raise UserError("a part of it holds instructions of a kind that no workbook has", name, _SAVE)
    if part.filename.casefold().endswith(".rels") and _LINKED.search(body):
        raise UserError("it holds links to other files", name, "Break the links (Data, Edit links) and save it again.")
    if part.filename.casefold() == "[content_types].xml" and b"macroEnabled" in body:
        raise UserError("it is a workbook with macros", name, "Save it without macros (.xlsx).")
