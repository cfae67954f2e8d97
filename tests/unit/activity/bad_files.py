"""Files that cannot be received: each is written by a function, with a word that its one sentence must hold."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.unit.activity.rows import GOOD, rows, text_of

GOOD_TEXT = text_of("op", rows("op"))
HEADER, *LINES = GOOD_TEXT.splitlines()
NAME = "RWG_2008-06_op.csv"
WIDTH = len(GOOD["op"])


def _bytes(content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / NAME
        path.write_bytes(content)
        return path

    return make


def _text(content: str, name: str = NAME) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content.encode())
        return path

    return make


def _lines(*lines: str, end: str = "\n") -> str:
    return end.join(lines) + end


def _zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("op.csv", GOOD_TEXT)
    return held.getvalue()


def _folder(folder: Path) -> Path:
    (folder / "a folder").mkdir()
    return folder / "a folder"


def _unreadable(folder: Path) -> Path:
    # a link to itself cannot be read, not even by root
    path = folder / NAME
    path.symlink_to(path)
    return path


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / NAME)
    return folder / NAME


def _with(column: str, value: str) -> str:
    return text_of("op", rows("op", **{column: value}))


_SECOND_TWIN = HEADER.replace("outcome", "TFC", 1)

# name -> (how it is made, a word of the sentence)
BAD_FILES: dict[str, tuple[Callable[[Path], Path], str]] = {
    "not there": (lambda folder: folder / "nothing.csv", "cannot be read"),
    "a folder": (_folder, "not a file"),
    "a pipe": (_pipe, "not a file"),
    "unreadable": (_unreadable, "cannot be read"),
    "empty": (_bytes(b""), "empty"),
    "only a byte order mark": (_bytes(b"\xef\xbb\xbf"), "first line is empty"),
    "only line ends": (_bytes(b"\n\n\n"), "first line is empty"),
    "only a header": (_text(HEADER + "\n"), "no line of data"),
    "a header without line end": (_text(HEADER), "no line of data"),
    "a blank first line": (_text("\n" + GOOD_TEXT), "first line is empty"),
    "utf-16 little end first": (_bytes(GOOD_TEXT.encode("utf-16")), "UTF-16"),
    "utf-16 big end first": (_bytes(b"\xfe\xff" + GOOD_TEXT.encode("utf-16-be")), "UTF-16"),
    "utf-16 without a mark": (_bytes(GOOD_TEXT.encode("utf-16-le")), "NUL"),
    "windows-1252": (_bytes(GOOD_TEXT.replace("P1", "Pé").encode("cp1252")), "line 2: the text is not UTF-8"),
    "windows-1252 in the header": (_bytes(GOOD_TEXT.replace("site", "sité", 1).encode("cp1252")), "not UTF-8"),
    "a nul byte": (_bytes(GOOD_TEXT.replace("K2", "K\0").encode()), "line 3: the file holds NUL"),
    "nul bytes at the end": (_bytes(GOOD_TEXT.encode() + b"\0" * 512), "NUL"),
    "half a character at the end": (_bytes(GOOD_TEXT.encode() + "é".encode()[:1]), "inside a character"),
    "a workbook": (_bytes(_zip()), "workbook"),
    "an old workbook": (_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x01" * 100), "old workbook"),
    "compressed": (_bytes(gzip.compress(GOOD_TEXT.encode())), "compressed"),
    "a pdf": (_bytes(b"%PDF-1.7\n" + b"x\n" * 20), "PDF"),
    "parquet": (_bytes(b"PAR1" + b"x" * 50 + b"PAR1"), "Parquet"),
    "cut off in a line": (_text(GOOD_TEXT[: GOOD_TEXT.rindex("E82901")]), "cut off"),
    "cut off after a few letters": (_text(GOOD_TEXT + "K4,RW"), "cut off"),
    "a twin column": (_text(_lines(HEADER.replace("outcome", "tfc", 1), *LINES)), "twice"),
    "a twin column in capitals": (_text(_lines(_SECOND_TWIN, *LINES)), "twice"),
    "a column without a name": (_text(_lines(HEADER + ",", *(f"{line}," for line in LINES))), "no name"),
    "ten thousand columns": (
        _text(_lines(",".join(f"c{at}" for at in range(10_000)), ",".join("x" * 10_000))),
        "more than 2,000",
    ),
    "a field of a million characters": (_text(GOOD_TEXT.replace("K2", "K" * 1_000_000)), "longer than"),
    "a million characters without a line end": (_text("x" * 1_000_000), "longer than"),
    "bare carriage returns": (_text(_lines(HEADER, *LINES, end="\r")), "carriage return"),
    "one bare carriage return": (_text(GOOD_TEXT.replace("K2", "K\r2")), "line 3: the line holds a bare carriage"),
    "an open quote": (_text(GOOD_TEXT.replace("K2,", '"K2,')), "line 3: a quote is opened"),
    "an open quote at the end": (_text(GOOD_TEXT + LINES[0].replace("K1", '"K4')), "quote is opened"),
    "a line break in quotes": (_text(GOOD_TEXT.replace("K2,", '"K\n2",')), "line 3: a quote is opened"),
    "another layout": (_text("a,b,c\n1,2,3\n"), "fits no layout"),
    "another delimiter": (_text(GOOD_TEXT.replace(",", "|")), "parted by upright strokes"),
    "semicolons": (_text(GOOD_TEXT.replace(",", ";")), "parted by semicolons. Save it with commas"),
    "a title above the header": (_text("Outpatients of June\n\n" + GOOD_TEXT), "Put the column names into the first"),
    "names of columns in capitals": (
        _text(_lines(HEADER.upper(), *LINES)),
        "openpbc-cds (outpatients) but for capitals: it has no",
    ),
    "rows without a header": (_text(_lines(*LINES)), "twice|no name|fits no layout"),
    "a column too few everywhere": (_text(_lines(HEADER, *(line[:-1] for line in LINES))), "do not fit the header"),
    "most lines too long": (_text(_lines(HEADER, LINES[0], *(f"{line},x" for line in LINES[1:]))), "do not fit"),
    "a needed column missing": (
        _text(_lines(HEADER.replace("attended_or_dna", "attended"), *LINES)),
        "needs also: attended_or_dna",
    ),
    "an unknown provider in the name": (_text(GOOD_TEXT, "RXX_2008-06_op.csv"), "no provider 'RXX'"),
    "another provider's lines": (_text(_with("provider", "RWH")), "no line names the provider RWG"),
    "nobody's lines": (_text(_with("provider", ""), "op.csv"), "do not name one provider"),
    "lines of two providers": (
        _text(text_of("op", [*rows("op"), *rows("op", provider="RWH")]), "op.csv"),
        "do not name one provider",
    ),
    "a month out of range in the name": (_text(GOOD_TEXT, "RWG_2008-13_op.csv"), "is not a month"),
    "a month of another year in the name": (_text(GOOD_TEXT, "RWG_2009-06_op.csv"), "lies outside 2008/09"),
    "another month in the lines": (_text(GOOD_TEXT, "RWG_2008-07_op.csv"), "no line has its date of activity in July"),
    "a year of its own": (_text(_with("appointment_date", "2007-06-02"), "op.csv"), "lies outside 2008/09"),
    "no date at all": (
        _text(_with("appointment_date", ""), "op.csv"),
        "column appointment_date that reads as YYYY-MM-DD",
    ),
    "days as people write them": (
        _text(_with("appointment_date", "02/06/2008"), "op.csv"),
        "column appointment_date that reads as YYYY-MM-DD",
    ),
    "lines of three months": (
        _text(
            text_of("op", [row for month in (4, 5, 6) for row in rows("op", 1, appointment_date=f"2008-0{month}-02")]),
            "op.csv",
        ),
        "several months",
    ),
}

# what is said of a good file -> a word of the sentence
BAD_CLAIMS: dict[str, tuple[dict[str, str], str]] = {
    "an unknown place": ({"place": "nowhere"}, "no place 'nowhere'"),
    "an unknown provider": ({"provider": "RXX"}, "no provider 'RXX'"),
    "a provider that is none": ({"provider": "'; drop table"}, "no provider"),
    "a provider whose lines these are not": ({"provider": "RWH"}, "no line names the provider RWH"),
    "a month out of range": ({"month": "2008-13"}, "is not a month"),
    "a month in words": ({"month": "June"}, "is not a month"),
    "a month before the year": ({"month": "2008-03"}, "lies outside 2008/09"),
    "a month after the year": ({"month": "2009-04"}, "lies outside 2008/09"),
    "a month without lines": ({"month": "2008-08"}, "no line has its date"),
    "an unknown layout": ({"layout": "cds-7"}, "no layout 'cds-7'"),
    "another layout": ({"layout": "hes-op"}, "fits no layout"),
}  # fmt: skip
