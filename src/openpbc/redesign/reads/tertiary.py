"""Which cases change a tertiary flow, and which of them nobody entitled to it is said to require."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.timezone import localtime

from openpbc.kernel.periods import day_text
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.rules.tertiary import ASKED_BY, tertiary_fault
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table

__all__ = ["ASKED_BY"]

INTENTIONS = "redesign.tertiary_intentions"


def tertiary_keys(book: Book) -> frozenset[str]:
    """The intentions that are about tertiary flows, as the rulebook lists them."""
    listed = book.table(INTENTIONS)
    return frozenset(row["key"] for row in listed) if isinstance(listed, Table) else frozenset()


def changes_tertiary(case: Case, keys: Iterable[str]) -> bool:
    """Whether a case changes a tertiary flow: as was said last, else where it serves an intention about one."""
    return case.tertiary[-1].changes if case.tertiary else not frozenset(keys).isdisjoint(case.intentions)


def fault(case: Case, keys: Iterable[str]) -> str:
    """The flag of a case, in a sentence; empty where it has none."""
    return tertiary_fault(changes_tertiary(case, keys), case.tertiary[-1].asked_by if case.tertiary else "")


def told(case: Case, keys: Iterable[str]) -> str:
    """What is known of a case and tertiary flows, in words; empty where it changes none and nobody said so."""
    if wrong := fault(case, keys):
        return wrong
    if not case.tertiary:
        return ""
    last = case.tertiary[-1]
    start = ASKED_BY[last.asked_by] if last.changes else "It changes no tertiary flow"
    return f"{start}. {last.reason} ({last.by}, {day_text(localtime(last.at))})"
