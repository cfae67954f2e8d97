"""Texts that people write: trimmed, of a bounded length, and made of letters that every database and file can hold."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection

from openpbc.kernel.problems import UserError

LINE = 200
PASSAGE = 4000
LONGEST_NAME = 120
_KEPT = "\n\t"


def line(text: str, what: str, longest: int = LINE, *, field: str = "") -> str:
    """Give one line without blanks at its ends; none at all, or too much, is a person's mistake.

    ``field`` is the name under which a form asks for it: there the mistake is shown.
    """
    return _checked(" ".join(text.split()), what, longest, field)


def passage(text: str, what: str, longest: int = PASSAGE, *, field: str = "") -> str:
    """Give a text of one or more lines without blanks at its ends; none at all, or too much, is a mistake.

    ``field`` is as for a line.
    """
    return _checked("\n".join(each.rstrip() for each in text.splitlines()).strip(), what, longest, field)


def plain_name(name: str, otherwise: str) -> str:
    """Give a file's name without folders and without what cannot be printed; another where nothing is left."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:LONGEST_NAME].strip() or otherwise


def _checked(text: str, what: str, longest: int, field: str) -> str:
    if not text:
        raise UserError(f"{what} is empty", field, "Write it.")
    if len(text) > longest:
        raise UserError(f"{what} has {len(text):,} characters", field, f"Write at most {longest:,}.")
    odd = next((sign for sign in text if sign not in _KEPT and unicodedata.category(sign) in ("Cc", "Cs")), "")
    if odd:
        raise UserError(f"{what} holds a character that cannot be kept (U+{ord(odd):04X})", field, "Take it out.")
    return text


def one_of(name: str, value: str, known: Collection[str]) -> str:
    """Give a value that is one of those known."""
    if value not in known:
        raise UserError(f"'{value[:30]}' is not one of the choices", where=name, do=f"Choose {', '.join(known)}.")
    return value
