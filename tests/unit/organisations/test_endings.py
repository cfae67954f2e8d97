"""Ties end with their sides: by an end that a source gives, or by who came after, unless something lives on."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.organisations.rules.clocks import Belief
from openpbc.organisations.rules.following import Ending, Tie, endings, within_lives

EARLY, MIDDLE, LATE = date(2008, 4, 1), date(2013, 4, 1), date(2022, 7, 1)
CAME_AFTER = Tie("succeeded_by", "A", "B", MIDDLE)
SPLIT = Tie("succeeded_by", "A", "C", LATE)


@pytest.mark.parametrize(
    ("spells", "ties", "ending"),
    [
        ([], [CAME_AFTER], Ending(date(2013, 3, 31), "A was succeeded by B")),
        ([Belief("A")], [CAME_AFTER], Ending(date(2013, 3, 31), "A was succeeded by B")),
        ([Belief("A")], [CAME_AFTER, SPLIT], Ending(date(2022, 6, 30), "A was succeeded by C")),
        ([Belief("A", EARLY, date(2012, 1, 1))], [CAME_AFTER], Ending(date(2012, 1, 1), "A ended")),
        ([Belief("A"), Belief("A", LATE)], [CAME_AFTER], None),  # only a part of it went
        ([Belief("A", EARLY, MIDDLE), Belief("A", LATE)], [], None),  # it is there again
        ([Belief("A")], [Tie("succeeded_by", "A", "B")], None),  # on which day is not known
        ([Belief("A")], [], None),
    ],
)
def test_an_organisation_ends_when_a_source_says_or_when_the_last_came_after_it(
    spells: list[Belief[str]], ties: list[Tie], ending: Ending | None
) -> None:
    assert endings(ties, {"A": spells}).get("A") == ending


def test_a_tie_ends_with_the_side_that_ends_first_and_never_before_it_began() -> None:
    ended = {"A": Ending(MIDDLE, "A ended"), "B": Ending(LATE, "B ended")}
    open_tie, closed = Tie("within", "A", "B", EARLY), Tie("within", "A", "B", EARLY, date(2010, 1, 1))
    begun_later, after = Tie("within", "A", "B", LATE), Tie("succeeded_by", "A", "B", EARLY)
    cut, *rest = within_lives([open_tie, closed, begun_later, after], ended)
    assert (cut.valid_to, cut.because) == (MIDDLE, "A ended")
    assert rest == [closed, begun_later, after]
