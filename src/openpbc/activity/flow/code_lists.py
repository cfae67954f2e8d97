"""Writes what asks a list of codes as macros: a pattern of its codes, where a join a list would be one a field.

A record has some twenty coded fields, and every join carries all columns of the record with it. Nor is it one long
``in``, of which engines make such a join: a short list is asked four codes at a time, which takes a fraction of the
time of a pattern, and a long one is a pattern. For each list ``<list>``, in small letters:

``listed_<list>(code)``           whether the list has the code, on whatever day
``wrong_<list>(code, day)``       whether the list does not have the code on that day; never without both
``stands_in_<list>(code, day)``   whether the code stands for something not known on that day
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from openpbc.activity.rules.checks import Lists, Span
from openpbc.warehouse.session import Session, quoted

# How many codes are a short list, and how many of them an engine compares one by one.
_FEW, _TOGETHER = 24, 4
_EVERY_DAY = (date.min, date.max)


def lay_code_lists(session: Session, lists: Lists) -> None:
    """Make the macros of every list."""
    for name, codes in sorted(lists.codes.items()):
        asked = re.sub("[^a-z0-9]", "_", name.lower())
        undated = {code: Span() for code in codes}
        not_known = {code: span for code, span in codes.items() if span.stands_in}
        for macro, test in {
            f"listed_{asked}(code)": f"code is not null and ({_any(undated)})",
            f"wrong_{asked}(code, day)": f"code is not null and day is not null and {_none(codes)}",
            f"stands_in_{asked}(code, day)": f"code is not null and day is not null and ({_any(not_known)})",
        }.items():
            session.execute(f"create or replace macro {macro} as ({test})")


def _any(codes: Mapping[str, Span]) -> str:
    """Write the test that a code is one of these on its day."""
    tests = []
    for (first, last), among in _spans(codes):
        test = " or ".join(_among(among))
        tests.append(f"({test})" if (first, last) == _EVERY_DAY else f"(({test}) and {_within(first, last)})")
    return " or ".join(tests) or "false"


def _none(codes: Mapping[str, Span]) -> str:
    """Write the test that a code is none of these on its day, so that each part is asked of what the last one left."""
    tests = []
    for (first, last), among in _spans(codes):
        test = " and ".join(f"not {one}" for one in _among(among))
        tests.append(test if (first, last) == _EVERY_DAY else f"(({test}) or not {_within(first, last)})")
    return " and ".join(tests) or "true"


def _spans(codes: Mapping[str, Span]) -> list[tuple[tuple[date, date], list[str]]]:
    """Give the codes by their first and last day, those that hold longest first, which most records have."""
    spans: dict[tuple[date, date], list[str]] = {}
    for code, span in sorted(codes.items()):
        spans.setdefault((span.first, span.last), []).append(code)
    return sorted(spans.items(), key=lambda each: (-each[0][1].toordinal(), each[0][0]))


def _within(first: date, last: date) -> str:
    return f"(day between {quoted(first.isoformat())} and {quoted(last.isoformat())})"


def _among(codes: Sequence[str]) -> list[str]:
    """Write tests, one of which is true of each of these codes."""
    if len(codes) > _FEW:
        pattern = f"^({'|'.join(map(re.escape, codes))})$"
        return [f"regexp_matches(code, {quoted(pattern)})"]
    fours = (codes[at : at + _TOGETHER] for at in range(0, len(codes), _TOGETHER))
    return [f"(code in ({_texts(four)}))" for four in fours]


def _texts(codes: Sequence[str]) -> str:
    return ", ".join(map(quoted, codes))
