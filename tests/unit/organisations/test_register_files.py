"""Files of the register: every row accounted for, every mistake a sentence, and hostile files refused whole."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from openpbc.kernel.problems import UserError
from openpbc.organisations.rules.register_changes import Believed, Effect, changes
from openpbc.organisations.rules.register_files import (
    BOARDS,
    LAYOUTS,
    MAP,
    PRACTICES,
    SUCCESSIONS,
    TRUSTS,
    read_register,
)
from tests.unit.activity.bad_corpus import corpus

ODS = Path(__file__).parents[2] / "fixtures" / "ods"
SIGNS = b'",\n\r0AZ;\x00\xff\t'
PUBLISHED = {
    PRACTICES: ("epraccur_2019_extract.csv", date(2019, 10, 1)),
    MAP: ("practice_map_2022_extract.csv", date(2022, 1, 1)),
    TRUSTS: ("etr_extract.csv", date(2022, 1, 1)),
    BOARDS: ("boards_2026_extract.csv", date(2026, 4, 1)),
}


def published(layout: str) -> tuple[bytes, str, date]:
    name, as_at = PUBLISHED[layout]
    return (ODS / name).read_bytes(), name, as_at


def practice(**changes: str) -> bytes:
    cells = [""] * 27
    given = {0: "E82999", 1: "SYNTHETIC", 10: "19740401", 12: "A", 14: "06N", 15: "20130401", 25: "4"}
    for at, text in (given | {int(name[1:]): text for name, text in changes.items()}).items():
        cells[at] = text
    return ",".join(f'"{cell}"' for cell in cells).encode()


@pytest.mark.parametrize(
    ("layout", "rows", "accepted", "excluded"),
    [(PRACTICES, 372, 245, 127), (MAP, 202, 202, 0), (TRUSTS, 6, 6, 0), (BOARDS, 6, 6, 0)],
)
def test_published_files_are_read_to_the_last_row(layout: str, rows: int, accepted: int, excluded: int) -> None:
    content, name, as_at = published(layout)
    read = read_register(content, name, layout, as_at)
    assert (len(read.rows), len(read.accepted), len(read.excluded), read.rejected) == (rows, accepted, excluded, ())


def test_only_the_rows_asked_for_count() -> None:
    content, name, as_at = published(MAP)
    read = read_register(content, name, MAP, as_at, frozenset({"06N"}))
    assert len(read.accepted) == 54 and len(read.excluded) == 148


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"c12": "X"}, "'X' is no status"),
        ({"c0": "e 1"}, "no code of an organisation"),
        ({"c1": ""}, "has no name"),
        ({"c10": ""}, "has no open date"),
        ({"c10": "20081301"}, "'20081301' is no day"),
        ({"c11": "19700101"}, "closes before it opens"),
        ({"c12": "C"}, "closed without a close date"),
        ({"c16": "20100101"}, "leaves 06N before it joins it"),
        ({"c1": "A\u0007B"}, "cannot be printed"),
        ({"c1": "A" * 301}, "too long"),
    ],
)
def test_a_wrong_row_is_rejected_with_its_sentence(changes: dict[str, str], sentence: str) -> None:
    read = read_register(
        practice() + b"\r\n" + practice(**{"c0": "E82998"} | changes), "f.csv", PRACTICES, date(2019, 10, 1)
    )
    assert len(read.accepted) == 1
    (row,) = read.rejected
    assert sentence in row.rejected and row.line == 2


def test_a_practice_that_closed_keeps_its_life_when_no_day_is_given_on_which_it_joined() -> None:
    content = practice(c12="C", c11="20150331", c15="")
    (row,) = read_register(content, "f.csv", PRACTICES, date(2019, 10, 1), frozenset({"06N"})).accepted
    assert (row.organisations[0].valid_from, row.organisations[0].valid_to) == (date(1974, 4, 1), date(2015, 3, 31))
    assert row.links == () and "with 06N until 31 March 2015; no day is given" in row.note
    (change,) = changes([row], Believed(), date(2019, 10, 1))
    assert change.effect is Effect.NEW and change.sentence.endswith(f"closed on 31 March 2015. {row.note}")


def test_the_last_day_of_a_link_is_kept_even_when_its_first_is_only_seen() -> None:
    (row,) = read_register(practice(c15="", c16="20191231"), "f.csv", PRACTICES, date(2019, 10, 1)).accepted
    (change,) = changes([row], Believed(), date(2019, 10, 1))
    assert "E82999 is commissioned by 06N, seen on 1 October 2019 to 31 December 2019." in change.sentence
    (link,) = [each for each in change.written if each.kind]
    assert [(each.valid_from, each.valid_to) for each in link.beliefs] == [(date(2019, 10, 1), date(2019, 12, 31))]


def test_a_row_that_contradicts_another_is_rejected() -> None:
    content = (
        b"predecessor,successor,valid_from,reason\nA1,B1,2010-04-01,merger\nA1,C1,2010-04-01,split\nA1,A1,2010-04-01,\n"
    )
    read = read_register(content, "s.csv", SUCCESSIONS, date(2019, 1, 1))
    assert [row.links[0].said.holder for row in read.accepted] == ["B1", "C1"]  # a split has two
    assert "after itself" in read.rejected[0].rejected
    two = practice() + b"\n" + practice(c1="OTHER")
    assert "told in two ways" in read_register(two, "f.csv", PRACTICES, date(2019, 1, 1)).rejected[0].rejected


def test_hostile_files_are_refused_in_a_sentence_or_told_row_by_row() -> None:
    refused = 0
    for what, name, content in corpus():
        for layout in LAYOUTS:
            try:
                read = read_register(content, name, layout, date(2019, 10, 1))
            except UserError as problem:
                assert "\n" not in problem.sentence and problem.where and problem.do, (what, layout)
                refused += 1
            else:
                assert len(read.rows) == len(read.accepted) + len(read.rejected) + len(read.excluded), what
    assert refused > 500


def test_a_published_file_with_broken_bytes_never_raises_anything_else() -> None:
    chance = random.Random("register")
    for layout in PUBLISHED:
        content, name, as_at = published(layout)
        content = content[:6_000]
        for _ in range(40):
            broken = bytearray(content)
            for _ in range(chance.randint(1, 6)):
                at = chance.randrange(len(broken))
                broken[at : at + chance.randint(0, 3)] = bytes(
                    chance.choices(b'",\n\r0AZ;\x00\xff\t', k=chance.randint(0, 3))
                )
            try:
                read = read_register(bytes(broken), name, layout, as_at)
            except UserError:
                continue
            assert len(read.rows) == len(read.accepted) + len(read.rejected) + len(read.excluded)
