"""Forms that ask: fields read from the query, each mistake told beside its field and in the summary above.

A form that asks writes nothing, so it is a GET form and its address can be kept and sent to somebody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from openpbc.kernel import money
from openpbc.kernel.problems import UserError

Reader = Callable[[str], Any]
_LONGEST = 30


@dataclass(frozen=True)
class Field:
    """One field: its name in the query, its label, and the function that reads it or raises the sentence to show."""

    name: str
    label: str
    read: Reader
    hint: str = ""
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True)
class Filled:
    """A field with what was written in it, and the mistake in it if there is one."""

    field: Field
    raw: str
    error: str = ""


@dataclass(frozen=True)
class Answer:
    """A form as it was sent: its fields with their mistakes, and the values that could be read."""

    fields: tuple[Filled, ...]
    values: Mapping[str, Any]

    @property
    def errors(self) -> list[dict[str, str]]:
        """The mistakes for the summary above the form, each leading to its field."""
        return [{"text": each.error, "href": f"#{each.field.name}"} for each in self.fields if each.error]

    @property
    def asked(self) -> bool:
        """Whether anything was written in any field."""
        return any(each.raw for each in self.fields)


@dataclass(frozen=True)
class Form:
    """The fields of a form that asks."""

    fields: tuple[Field, ...]

    def read(self, query: QueryDict | Mapping[str, str]) -> Answer:
        """Read each field that is not empty; a field with a mistake has no value."""
        filled, values = [], {}
        for field in self.fields:
            raw = str(query.get(field.name) or "").strip()
            error = ""
            if raw:
                try:
                    values[field.name] = field.read(raw[:_LONGEST])
                except UserError as problem:
                    error = f"{field.label}: {problem.sentence}"
            filled.append(Filled(field, raw, error))
        return Answer(tuple(filled), values)


def thousand_pounds(text: str) -> int:
    """Read thousands of pounds as pence: not negative, to the penny."""
    pence = money.scaled_from_text(text, 5)
    if pence < 0:
        raise UserError("the sum may not be negative", do="Give nought or more, in thousands of pounds.")
    return pence


def percentage(text: str) -> int:
    """Read a percentage as parts per million: from 0 to 100."""
    ppm = money.ppm_from_percent(text)
    if not 0 <= ppm <= money.PPM:
        raise UserError("the rate must lie between 0 and 100", do="Give a percentage, such as 4.5.")
    return ppm


def plain_percentage(ppm: int) -> str:
    """Write parts per million as a percentage to be edited: no sign and no trailing zeros."""
    return money.percent_text(ppm, 4).removesuffix("%").rstrip("0").removesuffix(".")
