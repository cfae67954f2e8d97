"""Records of a month linked to people for one purpose: by pseudonym, without those who opted out of it, all counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from openpbc.activity import models
from openpbc.activity.flow.layouts import layouts
from openpbc.activity.flow.linking import STATES, linked_path
from openpbc.activity.reads.submissions import submitted
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.kernel.pseudonyms import fingerprint
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.rulebook.reader import Book
from openpbc.warehouse import keys, landing
from openpbc.warehouse.session import Session, quoted

PURPOSES = "people.purposes"
KEYS_IN_HOME = "people-keys.json"
OPTED_OUT = "opted out"
_COLUMNS = "stream VARCHAR, file VARCHAR, line BIGINT, row_id BIGINT, pid VARCHAR, age INTEGER, sector VARCHAR"


@dataclass(frozen=True)
class Purpose:
    """What records of people are used for, and whether people may opt out of it."""

    code: str
    words: str
    opt_outs: bool


@dataclass(frozen=True)
class OptOuts:
    """The register of opt-outs of a place: how many people, when and by whom it was loaded."""

    people: int
    loaded_at: datetime
    loaded_by: str


@dataclass(frozen=True)
class Linked:
    """What became of a month's records for a purpose: lines = linked + the sum of what was left out, by reason."""

    purpose: str
    lines: int
    linked: int
    left_out: tuple[tuple[str, int], ...]


def purposes(book: Book) -> dict[str, Purpose]:
    """Give the purposes of a place by their code."""
    rows = book.need_table(PURPOSES)
    return {row["code"]: Purpose(row["code"], row["words"], row["opt_outs"] == "yes") for row in rows}


def purpose(book: Book, code: str) -> Purpose:
    """Give one purpose; an unknown one is a person's mistake."""
    known = purposes(book)
    if code not in known:
        raise UserError(f"there is no purpose '{code[:40]}'", do=f"Choose one of {', '.join(known)}.")
    return known[code]


def key_file() -> Path:
    """Give the file of the keys of pseudonyms of this installation."""
    return settings.PEOPLE_KEYS or Path(settings.HOME) / KEYS_IN_HOME


def key_name(place: str, code: str) -> str:
    """Name the key of a place and purpose."""
    return f"{place}/{code}"


def key_of(place: str, code: str) -> bytes:
    """Give the key of a place and purpose; without one nothing can be linked."""
    return keys.key(key_file(), key_name(place, code))


def opt_outs(place: str) -> OptOuts | None:
    """Give the register of opt-outs of a place, or None where none was loaded."""
    row = models.OptOutList.objects.filter(place=place).first()
    return OptOuts(row.people, row.loaded_at, row.loaded_by) if row else None


def linked(place: str, month: Month, code: str) -> Linked:
    """Link the records of a month for a purpose and count them."""
    with Session(temp_directory=store().spill) as session:
        return lay_people(session, place, month, code)


def lay_people(session: Session, place: str, month: Month, code: str) -> Linked:
    """Make the table ``people`` of a month's counting files: stream, file, line, row_id, pid, age, sector.

    It holds the records that may be linked for the purpose and no other. Where opt-outs apply, a register must have
    been loaded, under the key that counts now: an empty one is loaded, too, so that nobody takes a missing one for it.
    """
    book = organisations.book(place)
    asked, key = purpose(book, code), key_of(place, code)
    known = layouts(book)
    session.execute(f"create or replace table people ({_COLUMNS})")
    _lay_opted_out(session, place, asked, fingerprint(key))
    counts = dict.fromkeys((*STATES, OPTED_OUT), 0)
    for one in submitted(place, month):
        found = landing.landed(store(), one.sha256)
        if one.superseded or found is None:
            continue
        path = linked_path(store(), book, found, known[one.layout], one.stream, key)
        # only a linked record has a pseudonym that may stand in the register
        rows = (
            f"select l.*, case when o.pid is not null then '{OPTED_OUT}' else l.state end as fate "
            f"from read_parquet({quoted(path)}) as l left join opted_out as o on o.pid = l.pid"
        )
        for fate, lines in session.rows(f"select fate, count(*) as lines from ({rows}) group by fate"):
            counts[fate] += lines
        session.execute(
            f"insert into people select {quoted(one.stream)}, {quoted(one.file)}, line, row_id, pid, age, sector "
            f"from ({rows}) where fate = 'linked'"
        )
    left = tuple((fate, lines) for fate, lines in counts.items() if fate != STATES[0])
    return Linked(asked.code, sum(counts.values()), counts[STATES[0]], left)


def _lay_opted_out(session: Session, place: str, asked: Purpose, key: str) -> None:
    pids: list[tuple[str]] = []
    if asked.opt_outs:
        if opt_outs(place) is None:
            raise UserError(
                f"no register of opt-outs was loaded, and {asked.words} leave out people who opted out",
                place,
                "Load it with 'openpbc people optouts load'; an empty list counts as one.",
            )
        rows = models.OptOut.objects.filter(place=place, purpose=asked.code)
        if rows.exclude(key=key).exists():
            raise UserError(
                "the register of opt-outs was loaded under another key than the one that counts now",
                place,
                "Load it again with 'openpbc people optouts load'.",
            )
        pids = list(rows.values_list("pid"))
    session.table("opted_out", {"pid": "VARCHAR"}, pids)
