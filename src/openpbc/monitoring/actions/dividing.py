"""Divides a group's budget over service lines: ledger journals that move each of its accounts, to the penny."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from openpbc import audit
from openpbc.finance import actions as finance
from openpbc.finance import reads as finance_reads
from openpbc.finance.actions import Entry
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.monitoring.reads.division import Division, check_division, division
from openpbc.monitoring.reads.lines import service_lines
from openpbc.organisations import reads as organisations


@audit.action("monitoring.divide_budget")
def divide_budget(
    *,
    by: Actor,
    place: str,
    unit: str,
    amounts: Mapping[str, int],
    on: date,
    reason: str,
    stamp: int | None = None,
    key: str = "",
) -> int:
    """Make each service line of a group come to an amount; practices' accounts are divided in the same proportion.

    What is divided already is moved by the difference alone. ``stamp`` is that of the division as
    the person saw it. The journal's number is given; nought when nothing had to move.
    """
    book = organisations.book(place)
    listed = {line.code for line in service_lines(book)}
    unknown = sorted(set(amounts) - listed)
    if unknown:
        raise UserError(
            f"there is no service line '{unknown[0][:40]}'", do=f"Choose one of {', '.join(sorted(listed))}."
        )
    now = division(book, unit)
    if stamp is not None and stamp != now.stamp:
        last = finance_reads.journals(place, str(book.place.year), limit=1)[0]
        raise Stale(f"{last.by_name} posted journal {last.number} since you looked: {last.reason}", do="Look again.")
    entries = _entries(now, amounts)
    if not entries:
        audit.nothing_changed()
        return 0
    posted = finance.post(
        by=by, place=place, kind="division", entries=entries, on=on, reason=reason, seen=now.seen, key=key
    )
    audit.note(
        subject=f"division/{place}/{unit}",
        before=dict(now.by_line),
        after=dict(amounts),
        reason=reason,
    )
    return posted.number


def _entries(now: Division, amounts: Mapping[str, int]) -> tuple[Entry, ...]:
    """Say for every account what it gets or gives, so that each line comes to its amount."""
    wanted = check_division(now, amounts)
    moves: dict[str, int] = {}
    for base, lines in wanted.items():
        for line in {*lines, *now.lines_of(base)}:
            move = lines.get(line, 0) - now.held(base, line)
            if move:
                moves[f"{base}/{line}"] = move
                moves[base] = moves.get(base, 0) - move
    return tuple(Entry(account, pence) for account, pence in sorted(moves.items()) if pence)
