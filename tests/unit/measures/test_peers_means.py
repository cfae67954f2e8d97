"""A case-mix ratio compares with the peers alone, and a row on a small base is marked and not judged."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import pytest

from openpbc.measures.pages import sheet_tables
from openpbc.measures.reads import casemix
from openpbc.measures.reads.values import measure_of, small_base
from openpbc.rulebook.reader import open_book
from openpbc.ui.figures import Tag

ROWS = [
    ("A", "H1", 20, 10), ("B", "H1", 60, 10), ("C", "H1", 100, 10), ("A", "H2", 5, 5), ("C", "H2", 50, 5),
    ("C", "H3", 9, 1),
]  # fmt: skip
BOOK = open_book("west-herts-2008")


@pytest.mark.parametrize(
    ("group", "wanted"),
    [
        ((), {"A": Fraction(2, 7), "B": Fraction(1), "C": Fraction(318, 193)}),
        (("A", "B"), {"A": Fraction(25, 45), "B": Fraction(60, 40), "C": Fraction(150, 45)}),  # no peer has H3
    ],
)
def test_the_peers_make_what_is_expected(monkeypatch, group, wanted) -> None:
    found = [dict(zip(("provider", "hrg", "top", "below"), row, strict=True)) for row in ROWS]
    monkeypatch.setattr(casemix.runs, "query", lambda *_: found)
    monkeypatch.setattr(casemix, "store", lambda: None)
    monkeypatch.setattr(casemix, "peers", lambda book: SimpleNamespace(providers=group))
    measure = measure_of(BOOK, "M-ALOS-EL")
    assert casemix.case_mix(BOOK, measure, SimpleNamespace(runs=())) == wanted


def test_a_specialty_with_few_first_visits_is_marked(monkeypatch) -> None:
    measure = measure_of(BOOK, "M-NFU")
    assert (small_base(BOOK, measure, "tfc"), small_base(BOOK, measure, "provider")) == (50, 0)
    monkeypatch.setattr(sheet_tables, "against", lambda value, whole: "judged")
    told = [sheet_tables._against(SimpleNamespace(denominator=number), None, 50) for number in (49, 50)]
    assert told == [Tag("small base: fewer than 50", "grey"), "judged"]
