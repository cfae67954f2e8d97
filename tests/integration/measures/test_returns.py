"""Returns: there by specialty, as totals alone or missing, and held against the waits."""

from __future__ import annotations

import pytest

from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.measures import actions
from openpbc.measures.reads.returns import compared, return_states
from openpbc.measures.rules.returns import compare, met
from openpbc.organisations import reads as organisations
from tests.integration.measures.extracts import extract, line

MAY = Month(2008, 5)
HEAD = "return,provider,month,specialty,band,count\n"


def receive(place: str, *lines: str) -> int:
    content = (HEAD + "\n".join(lines) + "\n").encode()
    return actions.receive_returns(by=SYSTEM, place=place, file_name="SYNTHETIC.csv", content=content)


def test_totals_alone_meet_the_national_duty_and_not_the_local_wish(place: str) -> None:
    assert receive(place, "KH07,RWG,2008-05,100,0-3,7", "KH07,RWH,2008-05,ALL,0-3,9", "QM08,RWG,2008-05,ALL,26+,1") == 3
    states = {(each.code, each.provider): each for each in return_states(organisations.book(place), MAY)}
    told = {key: (each.national, each.local) for key, each in states.items()}
    assert told["KH07", "RWG"] == (True, True)
    assert told["KH07", "RWH"] == (True, False)
    assert told["KH06", "RWG"] == (False, False)
    assert told["MMR", "RWG"] == (None, None), "nobody asks for it"
    assert states["KH07", "RWH"].total == 9
    assert states["KH07", "RWH"].came_at and not states["KH06", "RWG"].came_at


@pytest.mark.parametrize(
    ("told", "asked", "wanted"),
    [
        ("missing", "totals", False),
        ("totals only", "totals", True),
        ("by specialty", "totals", True),
        ("totals only", "specialty", False),
        ("by specialty", "specialty", True),
        ("by specialty", "", None),
    ],
)
def test_a_duty_is_met_by_the_detail_that_it_asks_for(told: str, asked: str, wanted: bool | None) -> None:
    assert met(told, asked) is wanted


def test_a_return_is_held_against_the_waits(place: str) -> None:
    decided = {"part": "Part_2A"}
    waits = extract(line({0: 100}, **decided), line({0: 50}, tfc="C_110", **decided))
    actions.receive_waits(by=SYSTEM, place=place, file_name="SYNTHETIC.csv", content=waits)
    receive(place, "KH07,RWG,2008-05,100,0-3,90", "KH07,RWG,2008-05,100,3-6,12", "KH07,RWG,2008-05,110,0-3,52")
    found = {each.specialty: each for each in compared(organisations.book(place), MAY)}
    assert (found["100"].returned, found["100"].derived, found["100"].verdict) == (102, 100, "agrees")
    assert (found["110"].returned, found["110"].derived, found["110"].verdict) == (52, 50, "differs")


def test_the_tolerance_includes_its_end() -> None:
    assert [compare(returned, 100, 20_000) for returned in (98, 102, 97, 103)] == ["agrees"] * 2 + ["differs"] * 2


def test_the_same_returns_again_change_nothing(place: str) -> None:
    assert receive(place, "KH07,RWG,2008-05,100,0-3,7") == 1
    before = audit.head().sequence
    assert receive(place, "KH07,RWG,2008-05,100,0-3,7") == 0
    assert audit.head().sequence == before


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ("KH99,RWG,2008-05,100,0-3,7", "line 2: there is no return 'KH99'"),
        ("KH07,RWG,2008-05,100,26+,7", "line 2: KH07 has no band"),
        ("KH07,RWG,2008-05,100,0-3,-7", "line 2: '-7' is not a whole number"),
        ("KH07,RWG,May,100,0-3,7", "line 2: 'May' is not a month"),
        ("KH07,RWG,2008-05,100,3-6,7", "line 2: the line stands twice"),
        ("KH07,RWG,2008-05", "line 2: 3 cells instead of 6"),
        ("KH07,XXX,2008-05,100,0-3,7", "there is no provider 'XXX'"),
    ],
)
def test_a_wrong_line_refuses_the_file(place: str, bad: str, sentence: str) -> None:
    before = audit.head().sequence
    with pytest.raises(UserError, match=sentence):
        receive(place, "KH07,RWG,2008-05,100,3-6,7", bad)
    assert audit.head().sequence == before
