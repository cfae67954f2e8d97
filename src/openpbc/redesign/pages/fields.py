"""Fields that several forms of the room share."""

from __future__ import annotations

from collections.abc import Mapping

from openpbc.ui.forms import AREA, Field, lines

Pairs = tuple[tuple[str, str], ...]
LONG = 8_000


def pairs(known: Mapping[str, str]) -> Pairs:
    """The pairs of a list of codes and titles."""
    return tuple(known.items())


def prose(name: str, label: str, required: str = "", hint: str = "") -> Field:
    """A field of several lines."""
    return Field(name, label, lines, hint, kind=AREA, longest=LONG, required=required)
