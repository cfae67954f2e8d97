"""Files of the national register of organisations (ODS) and of the maps made from it: each row read by itself.

Four layouts are known. Whatever a file is, it is refused whole in a sentence, or each of its rows is accepted, rejected
or excluded, and says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from openpbc.kernel.csv_rows import LONGEST_CELL, MEGABYTE, CsvRow, csv_rows
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations.rules.links import COMMISSIONED, NETWORK, SUCCEEDED, WITHIN
from openpbc.organisations.rules.told import Held, Named, ToldLink, ToldOrganisation, ToldRow

LARGEST_FILE = 8 * MEGABYTE
MOST_ROWS = 30_000
LONGEST_CODE, LONGEST_NAME = 12, 200
PRACTICES, TRUSTS, MAP, BOARDS, SUCCESSIONS = "practices", "trusts", "map", "boards", "successions"
CODE = re.compile(r"[A-Z0-9]{2,12}")
_STATES = {"A": "", "P": "proposed", "C": "closed", "D": "dormant"}
_GENERAL = "4"  # the prescribing setting of a general practice; the file also lists clinics, prisons and the like
_ODS_CELLS = 27
_UNALLOCATED = ("", "-", "U")
_KINDS = {"practice": "practice", "pcn": "network", "ccg": "commissioner", "stp": "board", "comm_region": "region"}
_PAIRS = (
    ("practice", "pcn", NETWORK),
    ("practice", "ccg", COMMISSIONED),
    ("ccg", "stp", WITHIN),
    ("stp", "comm_region", WITHIN),
)


@dataclass(frozen=True)
class Layout:
    """How a file is laid out: what people call it, and its headings (none: a fixed number of cells, no headings)."""

    title: str
    headings: tuple[str, ...]
    read: Callable[[Mapping[str, str], date], ToldRow]
    cells: Mapping[int, str]


@dataclass(frozen=True)
class RegisterRead:
    """What a file told: rows = accepted + rejected + excluded, each row in the order of the file."""

    rows: tuple[ToldRow, ...]

    @property
    def accepted(self) -> tuple[ToldRow, ...]:
        """The rows that count."""
        return tuple(each for each in self.rows if not each.rejected and not each.excluded)

    @property
    def rejected(self) -> tuple[ToldRow, ...]:
        """The rows that are wrong, each with its sentence."""
        return tuple(each for each in self.rows if each.rejected)

    @property
    def excluded(self) -> tuple[ToldRow, ...]:
        """The rows that are right and are left out, each with its sentence."""
        return tuple(each for each in self.rows if each.excluded)


def read_register(
    content: bytes, name: str, layout: str, as_at: date, only: frozenset[str] = frozenset()
) -> RegisterRead:
    """Read a file as it stood on a day; with ``only``, rows of other commissioners or boards are left out."""
    shape = LAYOUTS[layout]
    rows = csv_rows(content, name, largest=LARGEST_FILE, most=MOST_ROWS)
    place = _places(rows[0], shape, name)
    body = rows[1:] if shape.headings else rows
    if not body:
        raise UserError("the file has headings and no row", name, "Send the file as it was published.")
    width = len(rows[0].cells) if shape.headings else _ODS_CELLS
    told = [_row(row, shape, place, width, as_at) for row in body]
    return RegisterRead(_without_repeats(_left_out(each, only) for each in told))


def _places(first: CsvRow, shape: Layout, name: str) -> Mapping[int, str]:
    """Say which cell holds what: by the headings, or by the fixed places of a file that has none."""
    if not shape.headings:
        if len(first.cells) != _ODS_CELLS:
            what = f"the first row has {len(first.cells)} cells and a file of {shape.title} {_ODS_CELLS}"
            raise UserError(what, name, "Choose the layout that the file has, and send it as it was published.")
        return shape.cells
    heads = [cell.casefold() for cell in first.cells]
    for wanted in shape.headings:
        if heads.count(wanted) != 1:
            what = f"the headings need '{wanted}' once"
            raise UserError(what, name, f"The headings are {', '.join(shape.headings)}, in any order.")
    return {heads.index(wanted): wanted for wanted in shape.headings}


def _row(row: CsvRow, shape: Layout, place: Mapping[int, str], width: int, as_at: date) -> ToldRow:
    if len(row.cells) != width:
        return ToldRow(row.line, row.cells[0][:LONGEST_CODE], rejected=f"It has {len(row.cells)} cells, not {width}.")
    cells = {title: row.cells[at] for at, title in place.items()}
    try:
        for title, text in cells.items():
            if len(text) > LONGEST_CELL or not text.isprintable():
                raise UserError(f"the {title.replace('_', ' ')} is too long or holds what cannot be printed")
        return replace(shape.read(cells, as_at), line=row.line)
    except UserError as problem:
        told = problem.sentence
        return ToldRow(row.line, row.cells[0][:LONGEST_CODE], rejected=told[:1].upper() + told[1:])


def _left_out(row: ToldRow, only: frozenset[str]) -> ToldRow:
    """Leave out a row that belongs to none of the organisations asked for."""
    if not only or row.rejected or row.excluded:
        return row
    about = {each.said.holder for each in row.links} | {each.member for each in row.links} | {row.code, *row.about}
    return row if about & only else replace(row, excluded="It belongs to none of the organisations asked for.")


def _without_repeats(rows: Iterable[ToldRow]) -> tuple[ToldRow, ...]:
    """Keep the first that is said of each organisation and link; a row that contradicts it is rejected."""
    organisations: dict[str, ToldOrganisation] = {}
    links: dict[tuple[str, str], ToldLink] = {}
    return tuple(row if row.rejected or row.excluded else _compared(row, organisations, links) for row in rows)


def _compared(
    row: ToldRow, organisations: dict[str, ToldOrganisation], links: dict[tuple[str, str], ToldLink]
) -> ToldRow:
    for each in row.organisations:
        before = organisations.get(each.code, each)
        if before != each:
            return replace(
                row, rejected=f"{each.code} is told in two ways: '{before.said.name}' and '{each.said.name}'."
            )
    for link in row.links:
        first = links.get(_once(link), link)
        if first != link:
            told = f"{link.member} is given to {first.said.holder} and to {link.said.holder}."
            return replace(row, rejected=told)
    new = tuple(each for each in row.organisations if each.code not in organisations)
    tied = tuple(each for each in row.links if _once(each) not in links)
    organisations.update({each.code: each for each in new})
    links.update({_once(each): each for each in tied})
    return replace(row, organisations=new, links=tied)


def _once(link: ToldLink) -> tuple[str, str]:
    """What may stand once in a file: one holder of a kind, or one link to each successor."""
    return (link.kind, f"{link.member}/{link.said.holder}" if link.kind == SUCCEEDED else link.member)


def _ods(cells: Mapping[str, str], kind: str) -> tuple[str, ToldOrganisation]:
    code = _code(cells["code"], "code")
    opened = _day(cells["open_date"], "open date")
    if opened is None:
        raise UserError(f"{code} has no open date")
    closed = _day(cells["close_date"], "close date")
    if closed is not None and closed < opened:
        raise UserError(f"{code} closes before it opens")
    said = Named(_name(cells["name"], code), kind, cells["postcode"][:10])
    return code, ToldOrganisation(code, said, True, opened, closed)


def _practice(cells: Mapping[str, str], as_at: date) -> ToldRow:
    """A practice, and since when its present commissioner has had it."""
    state = cells["status"]
    if state not in _STATES:
        raise UserError(f"'{state[:20]}' is no status", do="It is A, C, D or P.")
    code, organisation = _ods(cells, "practice")
    if cells["prescribing_setting"] != _GENERAL:
        return ToldRow(0, code, excluded="It is no general practice.")
    if state == "C" and organisation.valid_to is None:
        raise UserError(f"{code} is closed without a close date")
    if not cells["commissioner"]:
        return ToldRow(0, code, (organisation,))
    holder = _code(cells["commissioner"], "commissioner")
    joined = _day(cells["join_date"], "join date")
    left = _day(cells["left_date"], "left date") or organisation.valid_to
    if joined is None and left is not None and left < as_at:
        note = f"It was with {holder} until {day_text(left)}; no day is given on which it joined, so that is left out."
        return ToldRow(0, code, (organisation,), note=note, about=(holder,))
    first = joined or as_at
    if left is not None and left < first:
        raise UserError(f"{code} leaves {holder} before it joins it")
    link = ToldLink(COMMISSIONED, code, Held(holder, seen=joined is None), joined is not None, first, left)
    return ToldRow(0, code, (organisation,), (link,))


def _trust(cells: Mapping[str, str], as_at: date) -> ToldRow:
    code, organisation = _ods(cells, "trust")
    if organisation.valid_from > as_at:
        return ToldRow(0, code, excluded=f"It opens on {day_text(organisation.valid_from)}, after the file's day.")
    return ToldRow(0, code, (organisation,))


def _mapped(cells: Mapping[str, str], as_at: date) -> ToldRow:
    """A practice with its network, commissioner, board and region, all as they stood on one day."""
    made = cells["extract_date"]
    if made.casefold() != f"{as_at:%d%b%Y}".casefold():
        raise UserError(f"the row is of {made[:20]}, not of {day_text(as_at)}")
    parts = [each for each in _KINDS if cells[f"{each}_code"] not in _UNALLOCATED]
    codes = {each: _code(cells[f"{each}_code"], f"{each} code") for each in parts}
    if "practice" not in codes:
        raise UserError("the practice code is empty")
    organisations = tuple(
        ToldOrganisation(code, _named(cells, each, code), dated=False, valid_from=as_at) for each, code in codes.items()
    )
    links = tuple(
        ToldLink(kind, codes[member], Held(codes[holder], seen=True), dated=False, valid_from=as_at)
        for member, holder, kind in _PAIRS
        if member in codes and holder in codes
    )
    return ToldRow(0, codes["practice"], organisations, links)


def _named(cells: Mapping[str, str], part: str, code: str) -> Named:
    postcode = cells["practice_postcode"][:10] if part == "practice" else ""
    return Named(_name(cells[f"{part}_name"], code), _KINDS[part], postcode)


def _boarded(cells: Mapping[str, str], as_at: date) -> ToldRow:
    """A part of a board's area that keeps a code of its own, and the board."""
    board = _code(cells["icb_code"], "icb code")
    boards = ToldOrganisation(board, Named(_name(cells["icb_name"], board), "board"), False, as_at)
    if not cells["organisation_code"]:
        return ToldRow(0, board, (boards,))
    part = _code(cells["organisation_code"], "organisation code")
    named = Named(_name(cells["organisation_name"], part), "commissioner")
    link = ToldLink(WITHIN, part, Held(board, seen=True), False, as_at)
    return ToldRow(0, part, (ToldOrganisation(part, named, False, as_at), boards), (link,))


def _succeeded(cells: Mapping[str, str], as_at: date) -> ToldRow:
    before, after = _code(cells["predecessor"], "predecessor"), _code(cells["successor"], "successor")
    first = _day(cells["valid_from"], "valid_from")
    if first is None:
        raise UserError(f"no day is given on which {after} came after {before}")
    if before == after:
        raise UserError(f"{before} cannot come after itself")
    if first > as_at:
        return ToldRow(0, before, excluded=f"It is of {day_text(first)}, after the file's day.")
    about = cells["reason"][:60]
    return ToldRow(0, before, (), (ToldLink(SUCCEEDED, before, Held(after, about), True, first),))


def _code(text: str, what: str) -> str:
    if not CODE.fullmatch(text.upper()):
        raise UserError(f"'{text[:20]}' is no code of an organisation ({what})")
    return text.upper()


def _name(text: str, code: str) -> str:
    if not text:
        raise UserError(f"{code} has no name")
    return text[:LONGEST_NAME]


def _day(text: str, what: str) -> date | None:
    if not text:
        return None
    digits = text.replace("-", "")
    try:
        if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
            raise ValueError
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError as problem:
        raise UserError(f"'{text[:20]}' is no day ({what})", do="Write it as YYYYMMDD.") from problem


_ODS = {0: "code", 1: "name", 9: "postcode", 10: "open_date", 11: "close_date"}
_PRACTICE = _ODS | {12: "status", 14: "commissioner", 15: "join_date", 16: "left_date", 25: "prescribing_setting"}
_MAP = tuple(f"{each}_{part}" for each in _KINDS for part in ("code", "name"))
LAYOUTS: Mapping[str, Layout] = {
    PRACTICES: Layout("GP practices (epraccur: 27 cells, no headings)", (), _practice, _PRACTICE),
    TRUSTS: Layout("NHS trusts (etr: 27 cells, no headings)", (), _trust, _ODS),
    MAP: Layout(
        "practices with network, commissioner, board and region",
        (*_MAP, "practice_postcode", "extract_date"),
        _mapped,
        {},
    ),
    BOARDS: Layout(
        "commissioners with their integrated care board",
        ("organisation_code", "organisation_name", "icb_code", "icb_name"),
        _boarded,
        {},
    ),
    SUCCESSIONS: Layout("who came after whom", ("predecessor", "successor", "valid_from", "reason"), _succeeded, {}),
}
