"""The checks that hold the episodes of one spell together (V-APC-06, V-APC-07)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from openpbc.activity.rules.checks.record import Broken, FileFacts, Lists, Record

_LAST = "1"
_NOBODY = Lists({}, frozenset(), {})


def broken_in_spell(episodes: Sequence[Mapping[str, str | None]]) -> list[set[Broken]]:
    """Give what each episode of one spell breaks, in the order given.

    The episodes are put in the order of their numbers (then of start and content; missing ones last). Each must bear
    its place as number and start on the day on which the one before it ended; one flag marks the last of a finished
    spell.
    """
    records = [Record("apc", fields, _NOBODY, FileFacts()) for fields in episodes]
    order = sorted(range(len(records)), key=lambda at: _key(records[at], at))
    found: list[set[Broken]] = [set() for _ in records]
    flagged = 0
    finished = any(record.has("dis_date") for record in records)
    ended: date | None = None
    for place, at in enumerate(order, start=1):
        record = records[at]
        number, begun = record.number("epi_no"), record.day("epi_start")
        if number is not None and number != place:
            found[at].add(("V-APC-06", "epi_no"))
        if begun is not None and ended is not None and begun != ended:
            found[at].add(("V-APC-06", "epi_start"))
        flag = record.one_of("last_epi", (_LAST,))
        flagged += flag
        if (flag and flagged > 1) or (place == len(records) and not flagged and finished):
            found[at].add(("V-APC-07", "last_epi"))
        ended = record.day("epi_end")
    return found


def _key(record: Record, at: int) -> tuple[bool, int, bool, date, str, int]:
    number, begun = record.number("epi_no"), record.day("epi_start")
    content = record.text("content") or ""
    return number is None, number or 0, begun is None, begun or date.min, content, at
