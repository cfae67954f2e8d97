"""Need on two clocks: moves, mergers and closures change the units, and never the total."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from openpbc.finance import reads
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import recompute
from openpbc.organisations import actions
from openpbc.organisations import reads as organisations
from openpbc.rulebook.values import NotSet

PLACE = "blmk-2023"
ENDED, HEIR = "E81001", "E81002"  # a practice of Luton, and one of Central Bedfordshire
DAY = date(2023, 10, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def merged(tmp_path: Path, settings) -> Path:
    """A rulebook of one's own that tells of a merger on 1 October, known from 1 September on."""
    folder = tmp_path / "places" / PLACE / "organisations"
    folder.mkdir(parents=True)
    (folder / "successions.yaml").write_text(
        "id: organisations.successions\nmeaning: SYNTHETIC merger\nunit: table\ntables:\n"
        '  "2023-24":\n    status: assumed\n    source: {document: synthetic-county, section: tests, mark: SYN}\n'
        "    rows:\n"
        f"      - {{predecessor: {ENDED}, successor: {HEIR}, valid_from: 2023-10-01, known_from: 2023-09-01}}\n"
    )
    settings.RULEBOOK = tmp_path
    return folder


@pytest.fixture
def loaded() -> None:
    actions.load_place(by=SYSTEM, place=PLACE)


def sums(report) -> dict[str, int]:
    return {place.place: place.population for place in report.shares.places}


def test_the_day_before_and_the_day_of_a_merger(merged, loaded) -> None:
    book = organisations.book(PLACE)
    before, after = (reads.need_on(book, day) for day in (DAY - timedelta(days=1), DAY))
    assert before.shares.selection == after.shares.selection
    assert sums(before) == sums(reads.need_shares(book))
    luton, bedfordshire = "E06000032", "E06000056"
    assert sums(before)[luton] - sums(after)[luton] in (3411, 3412)
    assert sums(after)[bedfordshire] - sums(before)[bedfordshire] in (3411, 3412)
    assert [finding.rule for finding in after.findings] == ["NS-05"]
    assert f"{ENDED} had ended; its people count with {HEIR}" in after.findings[0].sentence


def test_what_was_not_yet_known_did_not_count(merged, loaded) -> None:
    book = organisations.book(PLACE)
    early = reads.need_on(book, DAY, known_on=date(2023, 8, 31))
    assert not early.findings
    assert early.shares == reads.need_on(book, DAY - timedelta(days=1)).shares


def test_every_figure_of_a_day_is_explained(merged, loaded) -> None:
    book = organisations.book(PLACE)
    report = reads.need_on(book, DAY, known_on=DAY)
    for place in (*report.shares.places, report.shares.selection):
        for figure, number, value in (
            ("population", None, place.population),
            ("weighted", 6, place.components[6].weighted),
            ("index", 6, place.components[6].index * 1000),
        ):
            explained = reads.explain(book, report.figure_address(place.place, figure, number))
            assert explained.value == recompute(explained) == value


def test_moves_and_mergers_in_any_order_keep_the_totals(merged, loaded) -> None:
    chance = random.Random("moves")
    book = organisations.book(PLACE)
    units = [unit.code for unit in organisations.units(PLACE)]
    practices = [practice.code for practice in organisations.practices(PLACE)]
    whole = reads.need_shares(book).shares.selection
    for number in range(12):
        moved = chance.choice(practices)
        actions.record_membership(
            by=SYSTEM, place=PLACE, practice=moved, unit=chance.choice(units),
            valid_from=date(2023, 4, 1) + timedelta(days=chance.randint(0, 360)),
            known_from=date(2023, 4, 2) + timedelta(days=number), reason="SYNTHETIC move",
        )  # fmt: skip
        day = date(2023, 4, 1) + timedelta(days=chance.randint(0, 365))
        report = reads.need_on(book, day, known_on=chance.choice([None, date(2023, 4, 8)]))
        assert report.shares.selection == whole
        assert sum(place.practices for place in report.shares.places) == whole.practices
        assert sum(place.components[6].share for place in report.shares.places) == 1_000_000


def test_a_day_on_which_nobody_belonged_anywhere_is_a_sentence(merged) -> None:
    with pytest.raises(UserError, match="no practice belonged to any place on 2023-10-01"):
        reads.need_on(organisations.book(PLACE), DAY)


def test_a_place_without_weights_is_not_set(loaded) -> None:
    assert isinstance(reads.need_on(organisations.book("west-herts-2008"), date(2008, 4, 1)), NotSet)


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("{predecessor: A, successor: B, valid_from: soon}", "cannot be read"),
        ("{predecessor: A, valid_from: 2023-10-01}", "cannot be read"),
        ("{predecessor: A, successor: A, valid_from: 2023-10-01}", "becomes itself"),
    ],
)
def test_a_succession_that_cannot_be_is_told(merged: Path, row: str, what: str) -> None:
    file = merged / "successions.yaml"
    text = file.read_text()
    file.write_text(text[: text.index("      - {")] + f"      - {row}\n")
    with pytest.raises(UserError, match=what):
        organisations.successions(organisations.book(PLACE))
