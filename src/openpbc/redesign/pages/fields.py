"""Fields that several forms of the room share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from openpbc.ui.forms import AREA, CHOICE, HIDDEN, INCOMPLETE, Field, lines, one_of, whole_number, words

Pairs = tuple[tuple[str, str], ...]
YES_NO: Pairs = (("yes", "Yes"), ("no", "No"))
LONG = 8_000
REVISION = Field("revision", "Revision", whole_number, kind=HIDDEN, required=INCOMPLETE)


def choice(name: str, label: str, choices: Iterable[tuple[str, str]], required: str = "", hint: str = "") -> Field:
    """A field that takes one of a list."""
    pairs = tuple(choices)
    return Field(name, label, one_of(pairs), hint, kind=CHOICE, choices=pairs, required=required)


def pairs(known: Mapping[str, str]) -> Pairs:
    """The pairs of a list of codes and titles."""
    return tuple(known.items())


def prose(name: str, label: str, hint: str = "", required: str = "") -> Field:
    """A field of several lines."""
    return Field(name, label, lines, hint, kind=AREA, longest=LONG, required=required)


def line(name: str, label: str, hint: str = "", required: str = "", longest: int = 200) -> Field:
    """A field of one line."""
    return Field(name, label, words, hint, width="30", longest=longest, required=required)
