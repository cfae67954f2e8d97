"""Who answers to whom on a day: from the bodies of the place, their seats, and the links between organisations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from openpbc.governance.reads import seats
from openpbc.governance.rules.accountability import ACCOUNTS, BELONGS, Layers, Line, layers, one_each
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import bodies as register
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

_DRAWN = {"accounts_to": ACCOUNTS, "part_of": BELONGS}
_DUTIES = ("inspected_by", "consults")


@dataclass(frozen=True)
class Standing:
    """Somebody in the lines: name, whether a body of the place or an organisation, and the seats held on the day."""

    code: str
    name: str
    body: bool
    seats: int | None


@dataclass(frozen=True)
class Accountability:
    """The lines of account of a place on a day, in layers; ``duties`` are to be inspected by and to consult.

    ``over`` says why the bodies of the place are not drawn, where its commissioner had ended by the day.
    """

    lines: tuple[Line, ...]
    layers: Layers
    standing: dict[str, Standing]
    duties: tuple[register.Tie, ...]
    called: dict[str, str]
    over: str


def accountability(book: Book, on: date, known_on: date | None = None) -> Accountability:
    """Give who answers to whom in a place on a day, as known on a day.

    Bodies of the place are its commissioner's: they answer to nobody once it has ended.
    """
    place = book.place.id
    called = register.names(place, on, known_on)
    ties, endings = register.who_and_until(place, on, known_on)
    ending = endings.get(book.place.commissioner)
    over = ending.because if ending and ending.day < on else ""
    believed = book if known_on is None else organisations.book(place, known_on)
    own = seats.all_bodies(believed)
    drawn = [tie for tie in ties if not (over and {tie.member, tie.holder} & set(own))]
    lines = one_each((*(() if over else _of_bodies(believed, own, ending)), *_of_links(drawn)))
    lines = tuple(line for line in lines if line.how == ACCOUNTS or _answers(line, lines))
    held = Counter(seat.body for seat in seats.seats(place, on=on))
    standing = {}
    for code in sorted({code for line in lines for code in (line.who, line.whom)}):
        name = own[code].name if code in own else called.get(code, code)
        standing[code] = Standing(code, name, code in own, held[code] if code in own else None)
    duties = tuple(tie for tie in ties if tie.kind in _DUTIES)
    return Accountability(lines, layers(lines), standing, duties, called, over)


def _of_bodies(book: Book, own: Mapping[str, seats.Body], ending: register.Ending | None) -> Iterator[Line]:
    """A body answers to the one that oversees it; one that nobody oversees is the commissioner's own."""
    table = book.table(seats.BODIES)
    source = "" if isinstance(table, NotSet) else str(table.citation)
    until = register.told(ending.day, ending.because) if ending else register.told(None)
    for body in own.values():
        whom, how = (body.under, ACCOUNTS) if body.under else (book.place.commissioner, BELONGS)
        yield Line(body.code, whom, how, source=source, until=until)


def _of_links(ties: list[register.Tie]) -> Iterator[Line]:
    for tie in ties:
        if tie.kind in _DRAWN:
            until = register.told(tie.valid_to, tie.because)
            yield Line(tie.member, tie.holder, _DRAWN[tie.kind], tie.about, tie.source, until)


def _answers(part: Line, lines: tuple[Line, ...]) -> bool:
    """Whether lines of account run to or from a part or its whole: other parts are not drawn."""
    ends = {part.who, part.whom}
    return any(line.how == ACCOUNTS and ends & {line.who, line.whom} for line in lines)
