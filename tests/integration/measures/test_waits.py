"""Extracts of waits: which lines are taken in, what is found, and what the figures come to."""

from __future__ import annotations

from fractions import Fraction

import pytest

from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import recompute
from openpbc.measures import actions
from openpbc.measures.reads import waiting
from tests.integration.measures.extracts import extract, line

MAY = Month(2008, 5)
TOTAL = {"tfc": "C_999", "tfc_name": "Total"}


def receive(place: str, *lines: dict[str, str]) -> actions.WaitsReceived:
    return actions.receive_waits(by=SYSTEM, place=place, file_name="SYNTHETIC.csv", content=extract(*lines))


def test_every_line_is_accounted_for(place: str) -> None:
    made = receive(
        place,
        line({0: 5, 17: 5, 18: 2}),
        line({3: 1}, tfc="C_110", tfc_name="Orthopaedics"),
        line({0: 5, 17: 5, 18: 2, 3: 1}, **TOTAL),
        line({0: 9}, commissioner="5P3"),
        line({0: 9}, part="Part_9"),
        line({0: 9}, provider="RWH", **{"band-4": "many"}),
        line({0: 9}, period="RTT-June-2008", provider="RVL"),
        line({0: 1}),
    )
    assert (made.lines, made.accepted, made.rejected, made.excluded) == (8, 3, 4, 1)
    (file,) = waiting.waiting_files(place)
    assert [each["rule"] for each in file.findings] == ["W-PART", "W-NUMBER", "W-PART", "W-TWICE"]


def test_the_line_of_all_functions_is_held_against_their_sum(place: str) -> None:
    receive(place, line({0: 5}), line({1: 2}, tfc="C_110"), line({0: 5, 1: 2}, **TOTAL))
    assert waiting.waiting_files(place)[0].findings == ()
    receive(place, line({0: 5}), line({1: 2}, tfc="C_110"), line({0: 6, 1: 2}, **TOTAL))
    (finding,) = waiting.waiting_files(place)[0].findings
    assert finding["rule"] == "W-SUM"
    assert "has 8 pathways, its functions add up to 7" in str(finding["sentence"])
    # the total is no specialty: it is neither listed nor added
    assert {each.code for each in waiting.waiting(place, MAY, "Part_2", "tfc")} == {"C_100", "C_110"}
    assert sum(each.waits.total for each in waiting.waiting(place, MAY, "Part_2", "provider")) == 7


def test_a_total_that_is_not_the_sum_of_its_weeks_is_found(place: str) -> None:
    receive(place, line({0: 5}, total="6"))
    assert [each["rule"] for each in waiting.waiting_files(place)[0].findings] == ["W-TOTAL"]


def test_figures_are_explained(place: str) -> None:
    receive(place, line({0: 5, 17: 5, 18: 2, 60: 1}, unknown="3", total_all="16"))
    values = {}
    for figure in waiting.FIGURES:
        found = waiting.explain_waits(waiting.waits_address(place, MAY, "Part_2", "RWG", "", figure))
        assert recompute(found) == found.value
        values[figure] = found.value
    assert (values["total"], values["within"], values["beyond"], values["long"]) == (13, 10, 3, 1)
    assert values["share"] == round(Fraction(10, 13) * 1_000_000)
    assert values["median"] == 17_300_000  # 6.5 of 13: five before week 17, then 1.5 of its five
    with pytest.raises(UserError, match="names no figure"):
        waiting.explain_waits(waiting.waits_address(place, MAY, "Part_2", "RWH", "", "share"))


def test_the_same_file_again_changes_nothing(place: str) -> None:
    receive(place)
    before = audit.head().sequence
    assert receive(place).already
    assert audit.head().sequence == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a,b\n1,2\n", "the header lacks"),
        (b"\xff\xfe\x00", "not comma-separated text in UTF-8"),
        (b"", "the header lacks"),
        (extract(line({0: 1}, commissioner="5P3")), "no line of the file belongs to 5P4"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(place: str, content: bytes, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        actions.receive_waits(by=SYSTEM, place=place, file_name="bad.csv", content=content)
    assert waiting.waiting_files(place) == ()
