"""Writes what asks a list of codes as macros: a pattern of its codes, where a join a list would be one a field.

A record has some twenty coded fields, and every join carries all columns of the record with it. Nor is it ``in``, of
which engines make such a join: patterns take the least time and memory. For each list ``<list>``, in small letters:

``listed_<list>(code)``           whether the list has the code, on whatever day
``wrong_<list>(code, day)``       whether the list does not have the code on that day; never without both
``stands_in_<list>(code, day)``   whether the code stands for something not known on that day
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from openpbc.activity.rules.checks import Lists, Span
from openpbc.warehouse.session import Session, quoted


def lay_code_lists(session: Session, lists: Lists) -> None:
    """Make the macros of every list."""
    for name, codes in sorted(lists.codes.items()):
        asked = re.sub("[^a-z0-9]", "_", name.lower())
        undated = {code: Span() for code in codes}
        not_known = {code: span for code, span in codes.items() if span.stands_in}
        for macro, test in {
            f"listed_{asked}(code)": f"code is not null and {_held(undated)}",
            f"wrong_{asked}(code, day)": f"code is not null and day is not null and not {_held(codes)}",
            f"stands_in_{asked}(code, day)": f"code is not null and day is not null and {_held(not_known)}",
        }.items():
            session.execute(f"create or replace macro {macro} as ({test})")


def _held(codes: Mapping[str, Span]) -> str:
    """Write the test that a code is one of these on its day: one pattern for all of the same first and last day."""
    spans: dict[tuple[date, date], list[str]] = {}
    for code, span in sorted(codes.items()):
        spans.setdefault((span.first, span.last), []).append(re.escape(code))
    tests = []
    for (first, last), among in spans.items():
        pattern = f"^({'|'.join(among)})$"
        test = f"regexp_matches(code, {quoted(pattern)})"
        if (first, last) != (date.min, date.max):
            test += f" and day between {quoted(first.isoformat())} and {quoted(last.isoformat())}"
        tests.append(f"({test})")
    return f"({' or '.join(tests) or 'false'})"
