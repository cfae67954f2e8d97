"""The ground's words: periods, codes, problems, steps, suppressed values."""

from datetime import date

import pytest

from openpbc.kernel import codes, texts
from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.periods import FinancialYear, Month, working_day, working_day_index, working_days
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation, Ratio, Step, recompute
from openpbc.kernel.suppressed import Suppressed

HOLIDAYS = {
    date.fromisoformat(day)
    for day in (
        "2008-01-01 2008-03-21 2008-03-24 2008-05-05 2008-05-26 2008-08-25 2008-12-25 2008-12-26 "
        "2009-01-01 2009-04-10 2009-04-13 2009-05-04 2009-05-25 2009-08-31 2009-12-25 2009-12-28"
    ).split()
}

WORKING_DAYS = """
2008-04 | 2008-05-08 | 2008-05-15 | 2008-05-22 | 2008-05-30
2008-05 | 2008-06-06 | 2008-06-13 | 2008-06-20 | 2008-06-27
2008-06 | 2008-07-07 | 2008-07-14 | 2008-07-21 | 2008-07-28
2008-07 | 2008-08-07 | 2008-08-14 | 2008-08-21 | 2008-08-29
2008-08 | 2008-09-05 | 2008-09-12 | 2008-09-19 | 2008-09-26
2008-09 | 2008-10-07 | 2008-10-14 | 2008-10-21 | 2008-10-28
2008-10 | 2008-11-07 | 2008-11-14 | 2008-11-21 | 2008-11-28
2008-11 | 2008-12-05 | 2008-12-12 | 2008-12-19 | 2008-12-30
2008-12 | 2009-01-08 | 2009-01-15 | 2009-01-22 | 2009-01-29
2009-01 | 2009-02-06 | 2009-02-13 | 2009-02-20 | 2009-02-27
2009-02 | 2009-03-06 | 2009-03-13 | 2009-03-20 | 2009-03-27
2009-03 | 2009-04-07 | 2009-04-16 | 2009-04-23 | 2009-04-30
""".strip().splitlines()


@pytest.mark.parametrize("line", WORKING_DAYS)
def test_the_published_working_days(line):
    month, *days = (cell.strip() for cell in line.split("|"))
    for n, day in zip((5, 10, 15, 20), days, strict=True):
        assert working_day(Month.parse(month), n, HOLIDAYS).isoformat() == day
        assert working_day_index(Month.parse(month), date.fromisoformat(day), HOLIDAYS) == n


def test_a_weekend_counts_as_the_next_working_day_and_an_early_file_as_day_nought():
    april = Month.parse("2008-04")
    saturday, monday = date(2008, 5, 10), date(2008, 5, 12)
    assert working_day_index(april, saturday, HOLIDAYS) == working_day_index(april, monday, HOLIDAYS)
    assert working_day_index(april, date(2008, 4, 30), HOLIDAYS) == 0
    with pytest.raises(ValueError):
        working_day(april, 0, HOLIDAYS)


def test_a_month_counts_its_working_days():
    assert working_days(Month.parse("2008-05"), HOLIDAYS) == 20
    assert working_days(Month.parse("2008-12"), HOLIDAYS) == 21


def test_a_financial_year_knows_its_months():
    year = FinancialYear.parse("2008/09")
    assert (str(year), year.label, str(year.previous), str(year.next)) == ("2008-09", "2008/09", "2007-08", "2009-10")
    assert (year.first, year.last) == (date(2008, 4, 1), date(2009, 3, 31))
    assert [str(month) for month in year.months][::11] == ["2008-04", "2009-03"]
    assert all(month.year_of == year and month.number == n for n, month in enumerate(year.months, start=1))
    assert str(FinancialYear.parse("1999-00")) == "1999-00"


def test_a_month_knows_its_neighbours_and_days():
    december = Month.parse("2008-12")
    assert (str(december.next()), str(Month.parse("2009-01").previous())) == ("2009-01", "2008-12")
    assert (december.first, december.last, december.name) == (date(2008, 12, 1), date(2008, 12, 31), "December 2008")
    assert date(2008, 12, 31) in december and date(2009, 1, 1) not in december
    assert Month.of(date(2008, 12, 9)) == december
    assert [str(m) for m in Month.parse("2008-11").through(Month.parse("2009-01"))] == ["2008-11", "2008-12", "2009-01"]


@pytest.mark.parametrize("text", ["2008-10", "2008", "08-09", "2008-9", "", "2008-09x"])
def test_what_is_no_financial_year_is_refused(text):
    with pytest.raises(UserError, match="is not a financial year"):
        FinancialYear.parse(text)


@pytest.mark.parametrize("text", ["2008-13", "2008-00", "2008", "April", "0000-04"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(UserError, match="is not a month"):
        Month.parse(text)


@pytest.mark.parametrize(
    "number", "1234567881 9434765919 1234512343 4000000004 4010232137 9990000018 943-476-5919".split()
)
def test_valid_nhs_numbers(number):
    assert codes.nhs_number_ok(number)


@pytest.mark.parametrize("number", ["1234567890", "1234567882", "9990000000", "1111111111", "", "123", "12345678811"])
def test_invalid_nhs_numbers(number):
    assert not codes.nhs_number_ok(number)


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        (codes.PRACTICE, ["E82001", "ALD001"], ["E8200", "I82001", "e82001", "E82001X"]),
        (codes.HRG4, ["AA22C"], ["A22", "AA22"]),
        (codes.HRG35, ["H80"], ["AA22C", "8H0"]),
        (codes.ICD10, ["I10X", "J440", "J4409"], ["I1", "110X", "J44"]),
        (codes.OPCS4, ["W371"], ["W37", "W3711"]),
        (codes.POSTCODE, ["WD18 0HB", "AL13JF", "ZZ99 3CZ"], ["WD18", "0HB WD18"]),
    ],
)
def test_the_shapes_of_codes(shape, good, bad):
    assert all(codes.matches(shape, code) for code in good)
    assert not any(codes.matches(shape, code) for code in bad)


def test_a_padded_trust_code_matches_its_trust():
    assert [codes.provider_match(code) for code in ("RWG00", "RWG", "5P400", "RWG01")] == [
        "RWG",
        "RWG",
        "5P400",
        "RWG01",
    ]
    assert codes.plain_clinical_code(" w37.1 ") == "W371"


def test_a_mistake_is_one_sentence_with_place_and_next_step():
    error = UserError("the file is empty", where="april.csv", do="Ask for it again.")
    assert str(error) == error.sentence == "april.csv: the file is empty. Ask for it again."
    assert UserError("no such place").sentence == "no such place."


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("april.csv", "april.csv"),
        ("../folder\\of mine/april.csv ", "april.csv"),
        ("C:\\a\\..\\b/plan\x00\n.xlsx", "plan.xlsx"),
        ("x" * 500, "x" * 120),
        ("/", "file.csv"),
        (" \t", "file.csv"),
        ("", "file.csv"),
    ],
)
def test_a_name_of_a_file_is_only_a_name(name, plain):
    assert texts.plain_name(name, "file.csv") == plain


@pytest.mark.parametrize("read", [texts.line, texts.passage])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (" \n ", "the reason is empty. Write it."),
        ("x" * 11, "the reason has 11 characters. Write at most 10."),
        ("a\0b", "the reason holds a character that cannot be kept (U+0000). Take it out."),
    ],
)
def test_a_text_that_cannot_be_kept_is_told_at_the_field_that_asks_for_it(read, text, told):
    with pytest.raises(UserError) as problem:
        read(text, "the reason", 10, field="why")
    assert (problem.value.where, problem.value.sentence) == ("why", f"why: {told}")
    with pytest.raises(UserError) as problem:
        read(text, "the reason", 10)
    assert (problem.value.where, problem.value.sentence) == ("", told)


def test_a_line_loses_its_breaks_and_a_passage_keeps_them():
    assert texts.line("  a\n b ", "it") == "a b"
    assert texts.passage("  a \n b ", "it") == "a\n b"


def test_findings_sort_and_compare_by_value():
    finding = Finding("V-ALL-01", Level.FATAL, Place("f", 2, "provider"), "The provider is missing.")
    assert finding == Finding("V-ALL-01", Level("F"), Place("f", 2, "provider"), "The provider is missing.")
    assert [level.word for level in Level] == ["fatal", "error", "warning"]


def test_steps_rebuild_the_figure():
    steps = (Step("base", "price", 1000), Step("long-stay", "3 days", 600))
    assert recompute(Explanation("price/x", "Price", 1600, "pence", "base + long stay", steps)) == 1600
    growth = Explanation("growth", "Growth", 88_526, "ppm", "new / old - 1", ratio=Ratio(710_949, 653_130, 1_000_000))
    assert recompute(growth) == growth.value


def test_a_suppressed_value_never_becomes_a_number():
    hidden = Suppressed("small-numbers")
    assert str(hidden) == "*"
    for attempt in (int, float, bool, lambda v: v + 1, lambda v: 1 + v, lambda v: sum([v]), lambda v: v < 3):
        with pytest.raises(TypeError):
            attempt(hidden)
