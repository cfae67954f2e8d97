"""The clock from referral to treatment, case by case: status and day of each contact, and what clocks come of it.

A contact is day:status, with a for an admission, w for an urgent cancer referral, p and days for a pause.
A clock is start-end in days from the first day of the table, with A for admitted, N for not admitted, I for incomplete
(still running) and X for nullified.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction

import pytest

from openpbc.kernel.periods import FinancialYear, Month
from openpbc.measures.rules.clock import Clock, ClockLaw, Event, Stage, clocks, share_met, stages_met
from openpbc.measures.rules.waits import HALF, NINETY_TWO, Waits, weeks_of
from openpbc.rulebook.reader import open_book
from openpbc.rulebook.values import Value

FIRST = date(2008, 4, 1)
BOOK = open_book("west-herts-2008")
EFFECTS = {row["code"]: row["effect"] for row in BOOK.need_table("measures.waiting_statuses")}
LAW = ClockLaw(EFFECTS, BOOK.need("measures.waiting_pauses").flag, BOOK.need("measures.waiting_weeks").int)
LETTERS = {"admitted": "A", "non-admitted": "N", "incomplete": "I", "": "X"}
CONTACT = re.compile(r"(\d+):(\d\d)(a?)(w?)(?:p(\d+))?")

# referral (empty: none known) | contacts | clocks
CASES = """
0 |                           | 0-:I             | referred and nothing since
0 | 20:10                     | 0-:I             | a first visit goes on with the clock
0 | 20:10 60:30               | 0-60:N           | treated as an out-patient
0 | 20:10 60:20 90:30a        | 0-90:A           | admitted for first treatment
  | 20:10 60:30               | 20-60:N          | the first visit starts it
0 | 20:33                     | 0-20:X           | first visit missed
0 | 20:33 40:10 60:34         | 0-20:X 40-60:N   | rebooked: a new clock
0 | 20:33w 40:30              | 0-40:N           | two-week wait: a miss stops nothing
0 | 20:31 99:90               | 0-20:N           | the patient waits and is watched
0 | 20:32 99:91 200:11 220:30 | 0-20:N 200-220:N | back from active monitoring
0 | 20:30 40:90 60:12 70:35   | 0-20:N 60-70:N   | a separate condition
0 | 20:36                     | 0-20:N           | died
0 | 20:21 50:92 60:98 70:99   | 0-:I             | moved, tests, not applicable, not known
  | 20:20 30:90               |                  | nothing started a clock
0 | 10:10 20:12               | 0-:I             | a start while it runs goes on with it
"""


def _events(text: str) -> list[Event]:
    found = []
    for day, status, admission, urgent, pause in CONTACT.findall(text):
        found.append(Event(FIRST + timedelta(days=int(day)), status, bool(admission), bool(urgent), int(pause or 0)))
    return found


def _written(clock: Clock) -> str:
    ended = "" if clock.ended is None else str((clock.ended - FIRST).days)
    return f"{(clock.started - FIRST).days}-{ended}:{LETTERS[clock.part]}"


@pytest.mark.parametrize("case", CASES.strip("\n").splitlines())
def test_a_pathway(case: str) -> None:
    referred, contacts, expected, _ = (cell.strip() for cell in case.split("|"))
    start = FIRST + timedelta(days=int(referred)) if referred else None
    assert " ".join(_written(clock) for clock in clocks(start, _events(contacts), LAW)) == expected


@pytest.mark.parametrize(("day", "within"), [(126, True), (127, False)])
def test_eighteen_weeks_are_a_hundred_and_twenty_six_days(day: int, within: bool) -> None:
    (clock,) = clocks(FIRST, _events(f"{day}:30"), LAW)
    assert clock.within(FIRST, LAW) is within


@pytest.mark.parametrize(
    ("year", "told"), [("2008-09", True), ("2014-15", True), ("2015-16", None), ("2016-17", False), ("2023-24", False)]
)
def test_pauses_came_off_until_2015_only(year: str, told: bool | None) -> None:
    held = BOOK.value("measures.waiting_pauses", FinancialYear.parse(year))
    assert (held.flag if isinstance(held, Value) else None) is told


def test_a_standard_that_is_dated_by_its_year_holds_from_its_first_month() -> None:
    dated = {row["code"]: row["standard_from"] for row in BOOK.need_table("measures.waiting_parts") if row["standard"]}
    assert dated == {"Part_1A": "2008", "Part_1B": "2008", "Part_2": "2012-04"}
    assert str(Month.parse("2007-12")) < dated["Part_1A"] <= str(Month.parse("2008-01"))


def test_pauses_come_off_admitted_waits_where_the_law_says_so() -> None:
    (admitted,) = clocks(FIRST, _events("10:10 140:30ap20"), LAW)
    (other,) = clocks(FIRST, _events("10:10 140:30p20"), LAW)
    without = ClockLaw(EFFECTS, False, 18)
    assert [admitted.days(FIRST, law) for law in (LAW, without)] == [120, 140]
    assert other.days(FIRST, LAW) == 140


def test_stages_of_treatment() -> None:
    rows = BOOK.need_table("measures.waiting_stages")
    stages = [Stage(row["code"], row["title"], int(row["weeks"])) for row in rows]
    assert sum(stage.weeks for stage in stages) == 18
    met = stages_met({"first": 28, "decision": 29, "treatment": None}, stages)
    assert met == {"first": True, "decision": False, "treatment": None}
    assert share_met(met.values()) == Fraction(1, 2)
    assert share_met([None]) is None


def test_weeks_are_found_by_proportion_within_their_band() -> None:
    waits = Waits((10, 10, 0, 5, 0))
    assert weeks_of(waits, HALF) == Fraction(5, 4)
    assert weeks_of(waits, NINETY_TWO) == 3 + Fraction(3, 5)
    assert weeks_of(Waits((0, 0, 1)), HALF) is None  # the last band has no end
    assert weeks_of(Waits((0, 0)), HALF) is None
