"""A corpus of bad files, generated: what may come in place of a month's file, byte by byte.

Every file is bytes under a name; whatever it is, it is refused in a sentence, or every line of it is accounted for.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import stat
import tarfile
import zipfile
from collections.abc import Iterator

from tests.unit.activity.rows import GOOD, rows, text_of

STREAMS = ("apc", "op", "ae")
GOOD_TEXT = {stream: text_of(stream, rows(stream, 4)) for stream in STREAMS}
Bad = tuple[str, str, bytes]
XML = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'


def corpus() -> list[Bad]:
    """Give every file as (what it is, its name, its bytes)."""
    kinds = (_encodings, _strange_bytes, _headers, _delimiters, _cut, _flipped, _magic, _archives, _workbooks, _shapes)
    return [bad for kind in kinds for bad in kind()]


def _name(stream: str) -> str:
    return f"RWG_2008-06_{stream}.csv"


def _encodings() -> Iterator[Bad]:
    for stream in STREAMS:
        text = GOOD_TEXT[stream].replace("P1", "Pé£–")
        for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "cp1252", "cp037", "cp850"):
            yield f"{stream} in {encoding}", _name(stream), text.encode(encoding, "replace")
        yield f"{stream} with a mark in the middle", _name(stream), text.replace("P", "\ufeffP", 2).encode()
        yield f"{stream} with two marks", _name(stream), b"\xef\xbb\xbf" * 2 + text.encode()


def _strange_bytes() -> Iterator[Bad]:
    text = GOOD_TEXT["op"].encode()
    strange = {
        "nul": b"\0", "an open quote": b'"', "a bare carriage return": b"\r", "an escape": b"\x1b", "a bell": b"\a",
        "a vertical tab": b"\v", "a form feed": b"\f", "a line separator": "\u2028".encode(),
        "a next line": b"\xc2\x85",
        "half a character": b"\xc3", "a stray continuation": b"\x80", "an overlong nul": b"\xc0\x80",
        "a surrogate": b"\xed\xa0\x80", "beyond unicode": b"\xf5\x80\x80\x80", "byte 255": b"\xff",
        "a right-to-left mark": "\u202e".encode(), "a joiner": "\u200d".encode(), "an emoji": "🏥".encode(),
    }  # fmt: skip
    for word, bytes_ in strange.items():
        yield f"{word} in a field", _name("op"), text.replace(b"K2", b"K" + bytes_ + b"2", 1)
        yield f"{word} in the header", _name("op"), text.replace(b"outcome", b"out" + bytes_ + b"come", 1)
        yield f"{word} at the end", _name("op"), text + bytes_


def _headers() -> Iterator[Bad]:
    for stream in STREAMS:
        header, *lines = GOOD_TEXT[stream].splitlines()
        names = header.split(",")
        body = "\n".join(lines) + "\n"
        for word, changed in (
            ("in capitals", header.upper()),
            ("in quotes", ",".join(f'"{name}"' for name in names)),
            ("with spaces", ", ".join(names)),
            ("the other way round", ",".join(reversed(names))),
            ("with a twin", ",".join([*names[:-1], names[0]])),
            ("with a nameless column", ",".join(["", *names[1:]])),
            ("with one too few", ",".join(names[:-1])),
            ("with one too many", f"{header},more"),
            ("of numbers", ",".join(str(at) for at, _ in enumerate(names))),
            ("twice", f"{header}\n{header}"),
            ("after a title", f"Activity of June\n{header}"),
            ("with the name kept for ids", header.replace("consultant", "row_id")),
        ):
            yield f"{stream} with a header {word}", _name(stream), f"{changed}\n{body}".encode()
        for name in names[:6]:
            yield f"{stream} without the name {name}", _name(stream), GOOD_TEXT[stream].replace(name, "x", 1).encode()
    many = ",".join(f"c{at}" for at in range(10_000))
    yield "ten thousand columns", _name("op"), f"{many}\n{many}\n".encode()
    yield "ten thousand more columns", _name("op"), f"{GOOD_TEXT['op'].splitlines()[0]},{many}\n".encode()


def _delimiters() -> Iterator[Bad]:
    for stream in STREAMS:
        for word, bar in (("semicolons", ";"), ("bars", "|"), ("tabs", "\t"), ("carets", "^"), ("spaces", " ")):
            yield f"{stream} with {word}", _name(stream), GOOD_TEXT[stream].replace(",", bar).encode()
        for word, end in (("carriage returns", "\r"), ("both", "\r\n"), ("double ends", "\n\n"), ("odd ends", "\n\r")):
            yield f"{stream} with {word} as line ends", _name(stream), GOOD_TEXT[stream].replace("\n", end).encode()


def _cut() -> Iterator[Bad]:
    chance = random.Random(8)
    for stream in STREAMS:
        whole = GOOD_TEXT[stream].encode()
        for at in sorted(chance.sample(range(1, len(whole)), 12)):
            yield f"{stream} cut off at byte {at}", _name(stream), whole[:at]


def _flipped() -> Iterator[Bad]:
    chance = random.Random(9)
    for number in range(24):
        whole = bytearray(GOOD_TEXT[STREAMS[number % 3]].encode())
        for _ in range(6):
            whole[chance.randrange(len(whole))] = chance.randrange(256)
        yield f"six bytes changed by chance, {number}", _name(STREAMS[number % 3]), bytes(whole)


def _magic() -> Iterator[Bad]:
    text = GOOD_TEXT["op"].encode()
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("x.csv"), io.BytesIO())
    starts = {
        "gzip": gzip.compress(text), "bzip2": bz2.compress(text), "xz": lzma.compress(text), "a tape": tar.getvalue(),
        "7-zip": b"7z\xbc\xaf\x27\x1c" + text, "rar": b"Rar!\x1a\x07\x00" + text, "pdf": b"%PDF-1.7\n" + text,
        "png": b"\x89PNG\r\n\x1a\n" + text, "jpeg": b"\xff\xd8\xff\xe0" + text, "a program": b"\x7fELF\x02" + text,
        "old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "parquet": b"PAR1" + text + b"PAR1",
        "truncated parquet": b"PAR1\x15\x04", "sqlite": b"SQLite format 3\0" + text, "html": b"<html>\n<td>x\n</html>",
        "json": b'{"rows": [1, 2]}\n', "xml": b"<?xml version='1.0'?>\n<a>\n</a>\n", "laughs": XML, "outside": OUTSIDE,
        "mail": b"From: a\nTo: b\n\nhello\n", "a script": b"#!/bin/sh\nrm -rf /\n", "nothing": b"",
        "spaces": b"   \n  \n",
        "zeros": bytes(4096), "a lone bracket": b"PK\x03\x04", "half a magic": b"PK",
    }  # fmt: skip
    for word, content in starts.items():
        yield f"{word} named as CSV", _name("op"), content


def zipped(members: dict[str, bytes], **options: int) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def _archives() -> Iterator[Bad]:
    bomb = zipped({"0": bytes(30 << 20)})
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    linked = io.BytesIO()
    with zipfile.ZipFile(linked, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    listed = {
        "a file in an archive": zipped({"op.csv": GOOD_TEXT["op"].encode()}),
        "a bomb": bomb,
        "a nested bomb": zipped({f"{at}.zip": bomb for at in range(20)}),
        "a bomb as a workbook": zipped({"[Content_Types].xml": bytes(30 << 20), "xl/workbook.xml": b"<x/>"}),
        "a path outside": zipped({"../../etc/cron.d/x": b"x"}),
        "an absolute path": zipped({"/etc/x": b"x"}),
        "a link": linked.getvalue(),
        "a thousand parts": zipped({f"{at}.xml": b"" for at in range(1_100)}),
        "no parts": zipped({}),
        "a cut archive": bomb[: len(bomb) // 2],
        "an archive with a spoilt end": bomb[:-10] + b"x" * 10,
    }
    for word, content in listed.items():
        yield word, "RWG_2008-06_op.zip", content


def _workbooks() -> Iterator[Bad]:
    base = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
    parts: dict[str, dict[str, bytes]] = {
        "macros": {"xl/vbaProject.bin": b"x"},
        "sheets of macros": {"xl/macrosheets/s.xml": b"<x/>"},
        "links": {"xl/externalLinks/l.xml": b"<x/>"},
        "embedded files": {"xl/embeddings/x.bin": b"x"},
        "connections": {"xl/connections.xml": b"<x/>"},
        "controls": {"xl/activeX/a.xml": b"<x/>"},
        "laughs": {"xl/worksheets/sheet1.xml": XML},
        "outside entities": {"xl/sharedStrings.xml": OUTSIDE},
        "an odd encoding": {"xl/a.xml": b'<?xml version="1.0" encoding="utf-7"?><x/>'},
        "nothing else": {},
        "a text document": {"word/document.xml": b"<x/>"},
        "half a document": {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row>"},
    }
    for word, added in parts.items():
        yield f"a workbook with {word}", "lines.xlsx", zipped({**base, **added})


def _shapes() -> Iterator[Bad]:
    header, *lines = GOOD_TEXT["op"].splitlines()
    for word, body in (
        ("only a header", ""),
        ("a line of a million characters", "x" * 1_000_000),
        ("a field of a million characters", lines[0].replace("K1", "K" * 1_000_000)),
        ("most lines too short", "\n".join(["a,b"] * 9 + lines)),
        ("most lines empty", "\n" * 50 + lines[0]),
        ("a quote over lines", lines[0].replace("K1", '"K') + "\n" + lines[1]),
        ("quotes in quotes", lines[0].replace("K1", '"K"1"')),
        ("a line of commas", "," * (len(GOOD["op"]) - 1)),
        ("lines of blanks", "   \n\t\n" + lines[0]),
    ):
        yield word, _name("op"), f"{header}\n{body}\n".encode()
    odd = {
        "lost leading noughts": {"priority_type": "01", "tfc": "1", "nhs_number_status": "1", "main_spec": "0"},
        "scientific notation": {"nhs_number": "9.99E+09", "local_patient_id": "1E+05"},
        "dates of a spreadsheet": {"appointment_date": "02/06/2008", "dob": "18385"},
        "impossible dates": {"appointment_date": "2008-06-31", "dob": "0000-00-00"},
        "formulas": {"consultant": "=cmd|' /C calc'!A0", "postcode": "+1", "gp": "@x", "practice": "-1"},
        "markup": {"consultant": "<script>alert(1)</script>", "diag_01": "';drop table x;--"},
        "long codes": {"practice": "E" * 300, "provider": "RWG"},
        "full width digits": {"first_attendance": "１", "nhs_number": "９９９"},
    }
    for word, changes in odd.items():
        yield f"fields with {word}", _name("op"), text_of("op", [*rows("op", 2), *rows("op", 3, **changes)]).encode()
