"""A process that posts into a ledger and may be killed at a named moment: ``python posting.py MOMENT``."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import django

PLACE = "west-herts-2008"
DAY = date(2008, 4, 1)
SOURCE, TARGET = "group/WATCOM/in-scope", "group/DATCOM/in-scope"


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_before(module: Any, name: str) -> None:
    setattr(module, name, die)


def killed_after(module: Any, name: str) -> None:
    original: Callable[..., Any] = getattr(module, name)

    def act(*arguments: Any, **named: Any) -> Any:
        original(*arguments, **named)
        return die()

    setattr(module, name, act)


def killed_after_writing(model: Any) -> None:
    """Die when the rows of a model are written and the transaction is still open."""
    original = model.objects.bulk_create

    def write(*arguments: Any, **named: Any) -> Any:
        original(*arguments, **named)
        return die()

    model.objects.bulk_create = write


def killed_after_some(model: Any) -> None:
    """Die when a part of the rows of a model is written: rows go in batch by batch within one transaction."""
    original = model.objects.bulk_create

    def write(rows: Any, **named: Any) -> Any:
        original(list(rows)[: len(rows) // 2], **named)
        return die()

    model.objects.bulk_create = write


def arm(moment: str) -> None:
    """Lay the trap of a moment."""
    from openpbc.audit import recording
    from openpbc.finance import actions
    from openpbc.finance.actions import posting
    from openpbc.finance.models import LedgerJournal, LedgerLine

    traps: dict[str, Callable[[], None]] = {
        "none": lambda: None,
        "before anything is written": lambda: killed_before(posting, "_write"),
        "with the lines written and no journal": lambda: killed_after_writing(LedgerLine),
        "with the journal written and no event": lambda: killed_after_writing(LedgerJournal),
        "just before the commit": lambda: killed_after(recording, "_append"),
        "just after the commit": lambda: killed_after(actions, "virement"),
        "with some of many lines written": lambda: killed_after_some(LedgerLine),
    }
    traps[moment]()


def set_up() -> None:
    """Make the database and give a group a budget."""
    from openpbc.finance import actions
    from openpbc.finance.rules.ledger import Entry
    from openpbc.kernel.actor import SYSTEM
    from openpbc.organisations import actions as organisations
    from openpbc.site.cli import main

    assert main(["migrate"]) == 0
    organisations.load_place(by=SYSTEM, place=PLACE)
    entries = (Entry("allocation", -100_000_00), Entry(SOURCE, 100_000_00))
    actions.post(by=SYSTEM, place=PLACE, kind="budget", entries=entries, on=DAY, reason="SYNTHETIC budget")


def post(key: str, pence: int) -> None:
    """Move some pence under a key, and say what the ledger then is."""
    from openpbc.audit import reads as audit
    from openpbc.finance import actions, reads
    from openpbc.kernel.actor import SYSTEM

    posted = actions.virement(
        by=SYSTEM, place=PLACE, source=SOURCE, target=TARGET, pence=pence, on=DAY, reason="SYNTHETIC", key=key
    )
    found = reads.ledger_check(PLACE, "2008-09")
    assert found.intact and found.total == 0, found.problems
    moved = reads.balance(PLACE, "2008-09", TARGET).pence
    events = len(audit.events(action="finance.virement", limit=10_000))
    print(posted.number, moved, found.journals, events, audit.verify().intact)


MANY = 1_500


def post_many(key: str) -> None:
    """Move pennies by many journals in one act under keys of their own, and say what the ledger then is."""
    from openpbc.audit import reads as audit
    from openpbc.finance import actions, reads
    from openpbc.finance.rules.ledger import Draft, virement_entries
    from openpbc.kernel.actor import SYSTEM

    moved = virement_entries(SOURCE, TARGET, 1)
    drafts = tuple(Draft("virement", moved, DAY, "SYNTHETIC", key=f"{key}/{at}") for at in range(MANY))
    actions.post_many(by=SYSTEM, place=PLACE, journals=drafts)
    found = reads.ledger_check(PLACE, "2008-09")
    assert found.intact and found.total == 0, found.problems
    events = len(audit.events(action="finance.post_many", limit=10_000))
    print(reads.balance(PLACE, "2008-09", TARGET).pence, found.journals, events, audit.verify().intact)


def post_for_long(first: int) -> None:
    """Post one after the other, saying each when it is acknowledged, until somebody kills the process."""
    from openpbc.finance import actions
    from openpbc.kernel.actor import SYSTEM

    for number in range(first, first + 10_000):
        given = {"by": SYSTEM, "place": PLACE, "on": DAY, "reason": "SYNTHETIC", "key": f"long/{number}"}
        actions.virement(**given, source=SOURCE, target=TARGET, pence=1)
        print(number, flush=True)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "set up":
        set_up()
    elif sys.argv[1] == "for long":
        post_for_long(int(sys.argv[2]))
    elif sys.argv[2] == "many":
        arm(sys.argv[1])
        post_many(sys.argv[2])
    else:
        arm(sys.argv[1])
        post(sys.argv[2], int(sys.argv[3]))
