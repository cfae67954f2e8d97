"""Forms: fields read from what was sent, each mistake told beside its field and in the summary above.

A form that asks writes nothing, so it is a GET form and its address can be kept and sent to somebody. A form that
writes is a POST form (:mod:`openpbc.ui.writing`); it is read in the same way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from openpbc.kernel import money
from openpbc.kernel.dated import Dated
from openpbc.kernel.money import LARGEST_SUM
from openpbc.kernel.periods import NEAR_DAYS, NEAR_YEARS, Month
from openpbc.kernel.problems import UserError

Reader = Callable[[str], Any]
LONGEST = 30
INCOMPLETE = "The form was incomplete. Reload the page and try again."
LONGEST_TEXT = 2_000
TEXT, AREA, CHOICE, HIDDEN, FILE = "text", "area", "choice", "hidden", "file"
_DAY_FORMS = ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d/%m/%Y")
_MONTH_FORMS = ("%Y-%m", "%B %Y", "%b %Y", "%m/%Y")


@dataclass(frozen=True)
class Field:
    """One field: its name in the query, its label, and the function that reads it or raises the sentence to show.

    ``required`` is the sentence for a field that was left empty; without one it may be. ``kind`` is text, area (several
    lines), choice (of ``choices``, pairs of value and text), hidden or file. ``longest`` limits what is read, but never
    what is offered; ``blank`` is what a choice says while nothing is chosen.
    """

    name: str
    label: str
    read: Reader
    hint: str = ""
    prefix: str = ""
    suffix: str = ""
    required: str = ""
    kind: str = TEXT
    choices: tuple[tuple[str, str], ...] = ()
    width: str = "5"
    longest: int = LONGEST
    blank: str = "Choose one"


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
    def takes_files(self) -> bool:
        """Whether the form must be sent in parts, since one of its fields is for a file."""
        return any(each.field.kind == FILE for each in self.fields)

    @property
    def asked(self) -> bool:
        """Whether anything was written in any field."""
        return any(each.raw for each in self.fields)

    @property
    def raw(self) -> dict[str, str]:
        """What was written, by field."""
        return {each.field.name: each.raw for each in self.fields}

    def refused(self, problem: UserError) -> Answer:
        """Tell a mistake that only the action found: beside the field that it names, else beside the first one."""
        names = [each.field.name for each in self.fields if each.field.kind != HIDDEN]
        if not names:
            raise problem  # a form of a button alone has nothing to put right: the page of the problem tells it
        blamed = problem.where if problem.where in names else names[0]
        elsewhere = "" if problem.where in names else problem.where  # the name of a file stays as it is written
        sentence = UserError(problem.what, elsewhere, problem.do).sentence
        told = (
            replace(each, error=sentence if elsewhere else sentence[:1].upper() + sentence[1:])
            if each.field.name == blamed
            else each
            for each in self.fields
        )
        return replace(self, fields=tuple(told))

    def renewed(self, first: Mapping[str, str]) -> Answer:
        """Give the form with its hidden fields as they would be written now: they hold the version that is seen."""
        fresh = (
            replace(each, raw=first[each.field.name])
            if each.field.kind == HIDDEN and each.field.name in first
            else each
            for each in self.fields
        )
        return replace(self, fields=tuple(fresh))


@dataclass(frozen=True)
class Form:
    """The fields of a form that asks."""

    fields: tuple[Field, ...]

    def read(self, query: QueryDict | Mapping[str, str], files: Mapping[str, UploadedFile] | None = None) -> Answer:
        """Read each field that is not empty; a field with a mistake, or a required one left empty, has no value.

        What was sent in a field for a file is its value as it is, to be looked at by whoever takes it.
        """
        filled: list[Filled] = []
        values: dict[str, Any] = {}
        for field in self.fields:
            if field.kind == FILE:
                sent = (files or {}).get(field.name)
                values |= {field.name: sent} if sent else {}
                filled.append(Filled(field, "", "" if sent else field.required))
                continue
            raw = str(query.get(field.name) or "").strip()
            error = ""
            if raw:
                try:
                    values[field.name] = field.read(_taken(field, raw))
                except UserError as problem:
                    error = f"{field.label}: {problem.sentence}"
            elif field.required:
                error = field.required
            filled.append(Filled(field, raw, error))
        return Answer(tuple(filled), values)

    def filled(self, raw: Mapping[str, str]) -> Answer:
        """Give the form with something written in its fields and nothing read yet: what a person sees first."""
        return Answer(tuple(Filled(field, raw.get(field.name, "")) for field in self.fields), {})


def _taken(field: Field, raw: str) -> str:
    """Refuse what a choice does not offer, and what is longer than a field takes and than anything that it offers."""
    longest = max((field.longest, *(len(value) for value, _ in field.choices)))
    if len(raw) > longest:
        raise UserError(f"this is longer than {longest:,} characters", do="Shorten it.")
    return one_of(field.choices)(raw) if field.kind == CHOICE else raw


def whole(sent: UploadedFile, largest: int, otherwise: UserError) -> bytes:
    """Read a file that somebody sent; one that is too large is refused before it is read."""
    if sent.size is None or sent.size > largest:
        raise otherwise
    return sent.read()


def words(text: str) -> str:
    """Read words on one line: spaces and line ends become single spaces, control characters are refused."""
    found = " ".join(text.split())
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in found):
        raise UserError("there are characters that cannot be printed", do="Type the words again.")
    return found


def lines(text: str) -> str:
    """Read words over several lines, each without spaces at its end."""
    return "\n".join(words(line) for line in text.splitlines()).strip()


def one_of(choices: Sequence[tuple[str, str]]) -> Reader:
    """Make a reader that takes one of the values offered and nothing else."""
    known = dict(choices)

    def read(text: str) -> str:
        if text not in known:
            raise UserError("this is not one of the choices", do="Choose one from the list.")
        return text

    return read


def choice(
    name: str,
    label: str,
    choices: Iterable[tuple[str, str]],
    required: str = "",
    hint: str = "",
    blank: str = "Choose one",
    read: Reader = str,
) -> Field:
    """Make a field that takes one of the values offered, of pairs of value and text; ``read`` makes it what it is."""
    return Field(name, label, read, hint, required=required, kind=CHOICE, choices=tuple(choices), blank=blank)


def line(name: str, label: str, required: str = "", hint: str = "", longest: int = 200) -> Field:
    """Make a field for one line of words."""
    return Field(name, label, words, hint, required=required, width="30", longest=longest)


def whole_number(text: str) -> int:
    """Read a whole number from nought, with or without separators."""
    if not re.fullmatch(r"\d{1,9}|\d{1,3}(,\d{3}){1,2}", text, re.ASCII):
        raise UserError(f"'{text[:20]}' is not a whole number", do="Write digits, such as 12.")
    return int(text.replace(",", ""))


def pounds_and_pence(text: str) -> int:
    """Read pounds, to the penny and with a minus where there is one, as pence."""
    return _bounded(money.pence_from_text(text.removeprefix("£")))


def _bounded(pence: int) -> int:
    if abs(pence) > LARGEST_SUM:
        raise UserError("the sum is larger than any budget", do=f"Give at most {money.whole_pounds(LARGEST_SUM)}.")
    return pence


def day(text: str) -> date:
    """Read a day: 2008-03-27, 27 March 2008 or 27/3/2008."""
    found = _read_in(_DAY_FORMS, text)
    if found is None:
        raise UserError(f"'{text[:20]}' is not a day", do="Write it as 27 March 2008 or 2008-03-27.")
    return found


def day_or_month(text: str) -> Dated:
    """Read a day as :func:`day` does, or a month alone: March 2008, 2008-03 or 3/2008."""
    if (month := _read_in(_MONTH_FORMS, text)) is not None:
        return Dated.of(Month.of(month))
    found = _read_in(_DAY_FORMS, text)
    if found is None:
        do = "Write it as 27 March 2008, or as March 2008 where no day is known."
        raise UserError(f"'{text[:20]}' is neither a day nor a month", do=do)
    return Dated(found)


def _read_in(forms: Iterable[str], text: str) -> date | None:
    """Read a date that is written in one of some forms; one that is too far away is refused."""
    for form in forms:
        try:
            found = datetime.strptime(text, form)  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
        if found.year not in NEAR_YEARS:
            raise UserError(f"'{text[:20]}' is too far away", do=NEAR_DAYS)
        return found.date()
    return None


def thousand_pounds(text: str) -> int:
    """Read thousands of pounds as pence: not negative, to the penny."""
    pence = _bounded(money.scaled_from_text(text, 5))
    if pence < 0:
        raise UserError("the sum may not be negative", do="Give nought or more, in thousands of pounds.")
    return pence


def signed_thousand_pounds(text: str) -> int:
    """Read thousands of pounds as pence, to the penny; a minus is a saving or a reduction."""
    return _bounded(money.scaled_from_text(text, 5))


def plain_thousand_pounds(pence: int) -> str:
    """Write pence as thousands of pounds to be edited: to the penny, without separators and trailing zeros."""
    whole, rest = divmod(abs(pence), 100_000)
    text = f"{whole}.{rest:05d}".rstrip("0").removesuffix(".")
    return f"-{text}" if pence < 0 else text


def percentage(text: str) -> int:
    """Read a percentage as parts per million: from 0 to 100."""
    ppm = money.ppm_from_percent(text)
    if not 0 <= ppm <= money.PPM:
        raise UserError("the rate must lie between 0 and 100", do="Give a percentage, such as 4.5.")
    return ppm


def plain_percentage(ppm: int) -> str:
    """Write parts per million as a percentage to be edited: no sign and no trailing zeros."""
    return money.percent_text(ppm, 4).removesuffix("%").rstrip("0").removesuffix(".")


YES_NO = (("yes", "Yes"), ("no", "No"))
# The version of what is changed, as the form's reader saw it.
REVISION = Field("revision", "Revision", whole_number, kind=HIDDEN, required=INCOMPLETE)
