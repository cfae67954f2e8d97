"""Lists of practices: every row is a member or a finding that names it, and what is written reads back."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from openpbc.finance.rules.practice_groups import Member, overlapping, read_members, written

KNOWN = frozenset({"E81001", "E81002", "E81003"})
STARTS = date(2023, 4, 1)


def test_a_list_with_every_kind_of_row() -> None:
    text = """Practice_Code
E81001
e81002, 2023-05-01
E81003; 2023-05-01; 2023-06-30

E81003\t2023-07-01
E81001, 2023-06-01
E99999
nonsense
E81002, soon
E81003, 2024-02-01, 2024-01-01
E81003, 2023-01-01, 2023-01-31, more
"""
    found = read_members(text, STARTS, KNOWN)
    assert found.members == (
        Member("E81001", STARTS),
        Member("E81002", date(2023, 5, 1)),
        Member("E81003", date(2023, 5, 1), date(2023, 6, 30)),
        Member("E81003", date(2023, 7, 1)),
    )
    assert [(each.rule, each.place.line, each.place.field) for each in found.findings] == [
        ("PG-03", 7, "practice"),
        ("PG-02", 8, "practice"),
        ("PG-01", 9, "practice"),
        ("PG-01", 10, "from"),
        ("PG-01", 11, "to"),
        ("PG-01", 12, "practice"),
    ]
    assert (found.rows, found.headings, found.rejected) == (11, 1, 6)
    assert found.rows == len(found.members) + found.rejected + found.headings


def test_what_is_written_reads_back() -> None:
    chance = random.Random("lists of practices")
    for _ in range(300):
        members = []
        for code in sorted(KNOWN):
            first = STARTS + timedelta(days=chance.randint(0, 300))
            last = chance.choice([None, first + timedelta(days=chance.randint(0, 60))])
            members.append(Member(code, first, last))
        chance.shuffle(members)
        assert read_members(written(members), date(1999, 1, 1), KNOWN).members == tuple(sorted(members))


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", '"><script>', "E81001" * 500, "\u202eE81001", ",,,", "A1,B2"])
def test_hostile_rows_are_findings(text: str) -> None:
    found = read_members(f"E81001\n{text}", STARTS, KNOWN)
    assert len(found.members) == 1
    assert [each.place.line for each in found.findings] == [2]
    assert len(found.findings[0].sentence) < 120


def test_overlaps_with_other_groups_are_named() -> None:
    member = Member("E81001", STARTS, date(2023, 12, 31))
    others = [
        ("Later", Member("E81001", date(2024, 1, 1))),
        ("Same days", Member("E81001", date(2023, 12, 31))),
        ("Other practice", Member("E81002", STARTS)),
    ]
    (found,) = overlapping([member], others)
    assert "E81001 is also in Same days:" in found.sentence
    assert not overlapping([Member("E81003", STARTS)], others)


def test_a_member_holds_on_both_ends() -> None:
    member = Member("E81001", STARTS, date(2023, 4, 30))
    days = [date(2023, 3, 31), STARTS, date(2023, 4, 30), date(2023, 5, 1)]
    assert [member.holds_on(day) for day in days] == [False, True, True, False]
