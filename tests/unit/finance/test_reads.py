"""Reads over books: gaps are answered, not raised; faulty packs and faulty what-ifs are one sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from openpbc.finance import reads
from openpbc.finance.commands.printing import number
from openpbc.finance.reads.assumptions import rate
from openpbc.finance.rules.allocation import bridge
from openpbc.finance.rules.need_shares import need_shares
from openpbc.finance.rules.settling import settle
from openpbc.kernel.problems import UserError
from openpbc.rulebook.files import SHIPPED
from openpbc.rulebook.reader import Book, open_book
from openpbc.rulebook.sealing import seal
from openpbc.rulebook.values import NotSet

PLACE = "west-herts-2008"
FINANCE = f"places/{PLACE}/finance"


@pytest.fixture(scope="module")
def book() -> Book:
    return open_book(PLACE)


def changed(tmp_path: Path, file: str, old: str, new: str) -> Book:
    """The book with one pack file overlaid by a changed copy."""
    target = tmp_path / file
    target.parent.mkdir(parents=True, exist_ok=True)
    text = (SHIPPED / file).read_text(encoding="utf-8")
    assert old in text
    target.write_text(text.replace(old, new), encoding="utf-8")
    for beside in (SHIPPED / file).parent.glob("*.csv"):
        shutil.copy(beside, target.parent / beside.name)
    return open_book(PLACE, overlay=tmp_path)


def unset(tmp_path: Path, subject: str) -> Book:
    """The book with one subject not set."""
    file = f"places/{PLACE}/{subject.replace('.', '/')}.yaml"
    target = tmp_path / file
    target.parent.mkdir(parents=True, exist_ok=True)
    unit = "rate" if not subject.endswith(("lines", "shares", "columns", "tables", "checks", "scenarios")) else "table"
    entries = "tables" if unit == "table" else "values"
    target.write_text(
        f'id: {subject}\nmeaning: x\nunit: {unit}\n{entries}:\n  "2008-09": {{value: null, status: not set}}\n'
    )
    return open_book(PLACE, overlay=tmp_path)


def test_a_place_without_figures_answers_not_set_everywhere() -> None:
    board = open_book("blmk-2023")
    answers = [
        reads.tables(board), reads.checks(board), reads.allocation(board), reads.plan(board),
        reads.plan(board, deposit=5), reads.plan_scenarios(board), reads.funding(board), reads.scenarios(board),
        reads.fair_shares(board), reads.fair_shares(board, reads.Settings(floor=1)), reads.group_budgets(board),
        reads.distance_report(board),
    ]  # fmt: skip
    for answer in answers:
        assert isinstance(answer, NotSet)
        assert answer.path.startswith("places/blmk-2023/")
    found = reads.assumptions(board)
    assert all(isinstance(rate, NotSet) for rate in found.rates.values())
    assert isinstance(found.real_growth, NotSet)
    assert reads.check_summary(board) == {"exact": 0, "rounding": 0, "unexplained": 0}


@pytest.mark.parametrize(
    "subject",
    [
        "fair_shares.minimum_growth", "fair_shares.extra_growth_limit", "fair_shares.growth_cap", "fair_shares.shares",
        "finance.scenarios", "finance.printed_tables", "finance.plan_lines", "finance.printed_columns",
        "finance.checks", "finance.deposit_assumed", "finance.national_growth", "finance.inflation_prescribing_growth",
        "finance.allocation_lines", "finance.minimum_planned_underspend",
    ],
)  # fmt: skip
def test_one_gap_stops_only_what_needs_it(tmp_path: Path, subject: str) -> None:
    book = unset(tmp_path, subject)
    for answer in (
        reads.tables(book), reads.checks(book), reads.allocation(book), reads.plan(book), reads.plan_scenarios(book),
        reads.funding(book), reads.fair_shares(book), reads.group_budgets(book, "deposit_as_budgeted"),
        reads.distance_report(book), reads.assumptions(book),
    ):  # fmt: skip
        assert answer is not None


def test_a_missing_cap_leaves_the_scenario_without_a_cap_as_it_is(tmp_path: Path) -> None:
    book = unset(tmp_path, "fair_shares.growth_cap")
    assert not isinstance(reads.fair_shares(book), NotSet)
    gap = reads.fair_shares(book, reads.Settings(scenario="deposit_as_budgeted"))
    assert isinstance(gap, NotSet)
    assert gap.id == "fair_shares.growth_cap"
    inexact = [check for check in reads.checks(book) if check.verdict is None]
    assert {check.id for check in inexact} == {f"A.T5.{name}" for name in ("WatCom", "DatCom", "St A & H", "Hertsmere")}
    assert reads.check_summary(book)["not set"] == 4


def test_a_changed_figure_changes_verdicts(tmp_path: Path) -> None:
    book = changed(tmp_path, f"{FINANCE}/allocation_lines.yaml", '"37123"', '"37223"')
    verdicts = {check.id: check.verdict for check in reads.checks(book)}
    assert verdicts["T1.sum"] == "unexplained"
    assert reads.allocation(book).statement.difference == -10_000_000
    assert sum(step.effect for step in reads.allocation(book).statement.steps) == 71_094_900_000


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("scenarios", '"T4.TOTAL.in08"', '"T4.NOBODY.in08"', "no cell"),
        ("scenarios", '"T4.TOTAL.in08"', '"T4"', "names no figure"),
        ("scenarios", '"T4.TOTAL.in08"', '"T9.TOTAL.in08"', "no published table"),
        ("inflation_combination", '"add"', '"multiply"', "combines nothing"),
    ],
)
def test_a_faulty_pack_is_one_sentence(tmp_path: Path, file: str, old: str, new: str, sentence: str) -> None:
    book = changed(tmp_path, f"{FINANCE}/{file}.yaml", old, new)
    with pytest.raises(UserError, match=sentence):
        reads.fair_shares(book)
        reads.assumptions(book)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (reads.Settings(scenario="none"), "no scenario"),
        (reads.Settings(pot=-1), "the pot may not be negative"),
        (reads.Settings(floor=-1), "minimum growth"),
        (reads.Settings(extra=-1), "extra growth"),
        (reads.Settings(cap=-1), "the cap"),
        (reads.Settings(deposit=-1), "no cap on growth releases"),
        (reads.Settings(deposit=10**15), "no cap on growth releases"),
    ],
)
def test_a_faulty_what_if_is_one_sentence(book: Book, settings: reads.Settings, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        reads.fair_shares(book, settings)


def test_settings_travel_in_the_address(book: Book) -> None:
    settings = reads.Settings("deposit_as_asked", floor=0, extra=1, cap=2, deposit=3, pot=4)
    assert reads.Settings.parse(settings.query) == settings
    assert reads.Settings.parse("") == reads.Settings()


def test_a_cap_beside_a_deposit_is_compared_with_it(book: Book) -> None:
    both = reads.fair_shares(book, reads.Settings(cap=70_000, deposit=1_370_000_000))
    assert both.released == 1_361_832_000
    assert [finding.rule for finding in both.findings] == ["FS-07"]
    assert "less than the deposit" in both.findings[0].sentence
    agreed = reads.fair_shares(book, reads.Settings(cap=70_000, deposit=1_361_832_000))
    assert not agreed.findings


def test_an_unknown_group_is_one_sentence(book: Book) -> None:
    with pytest.raises(UserError, match="no group 'NOBODY'"):
        reads.fair_shares(book).group("NOBODY")
    with pytest.raises(UserError, match="no 'NOBODY'"):
        reads.need_shares(open_book("blmk-2023")).place("NOBODY")


def test_a_table_that_is_not_filled_says_so(tmp_path: Path) -> None:
    book = unset(tmp_path, "finance.allocation_lines")
    table = reads.tables(book)[0]
    assert not table.is_set
    with pytest.raises(UserError, match="allocation_lines"):
        table.row("total")
    assert {check.id for check in reads.checks(book) if check.verdict is None} >= {"T1.sum", "T1.pct", "T1.growth"}


def test_words_of_columns_fall_back_to_their_names(tmp_path: Path) -> None:
    book = unset(tmp_path, "finance.printed_columns")
    assert {column.heading for column in reads.tables(book)[4].columns} >= {"ex07", "total"}
    title = reads.explain(book, f"finance/{PLACE}/T4/WATCOM/in08").title
    assert title.endswith("in08")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("T1.total.amount,sum,T1.allocation_0708", "T1.total.amount,guess,T1.allocation_0708", "no check can"),
        ("pounds_thousand,0,2,\nT1.pct", "shillings,0,2,\nT1.pct", "has no unit"),
        ("T1.total.amount,sum,T1.allocation_0708", "T1.nothing.amount,sum,T1.allocation_0708", "no cell"),
    ],
)
def test_a_faulty_check_is_one_sentence(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    text = (SHIPPED / FINANCE / "checks.csv").read_text(encoding="utf-8")
    assert old in text
    folder = tmp_path / FINANCE
    folder.mkdir(parents=True)
    (folder / "checks.csv").write_text(text.replace(old, new), encoding="utf-8")
    shutil.copy(SHIPPED / FINANCE / "checks.yaml", folder)
    seal(f"{FINANCE}/checks.yaml", tmp_path)
    with pytest.raises(UserError, match=sentence):
        reads.checks(open_book(PLACE, overlay=tmp_path))


def test_weights_without_the_column_of_units_are_one_sentence(tmp_path: Path) -> None:
    file = "places/blmk-2023/fair_shares/need_unit_column.yaml"
    (tmp_path / file).parent.mkdir(parents=True)
    text = (SHIPPED / file).read_text(encoding="utf-8")
    (tmp_path / file).write_text(text.replace('"LA21"', '"LA99"'), encoding="utf-8")
    with pytest.raises(UserError, match="no column 'LA99'"):
        reads.need_shares(open_book("blmk-2023", overlay=tmp_path))


def test_practices_outside_the_register_are_findings(tmp_path: Path) -> None:
    file = "places/blmk-2023/organisations/practices.yaml"
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_text(
        "id: organisations.practices\nmeaning: x\nunit: table\ntables:\n  always:\n    status: assumed\n"
        "    source: {document: openpbc-domain-notes, mark: P}\n    rows: [{code: E81001}]\n"
    )
    report = reads.need_shares(open_book("blmk-2023", overlay=tmp_path))
    assert {finding.rule for finding in report.findings} == {"NS-02"}
    assert len(report.findings) == report.counted - 1


def test_rates_that_nobody_knows_are_refused(book: Book) -> None:
    with pytest.raises(UserError, match="no rate 'tea'"):
        rate(book, "tea")


def test_rules_refuse_what_callers_must_not_pass() -> None:
    with pytest.raises(ValueError, match="at least"):
        bridge(())
    with pytest.raises(ValueError, match="at least one practice"):
        need_shares([], 1)
    with pytest.raises(ValueError, match="lies outside"):
        settle({"A": 1}, 2, 2)
    with pytest.raises(ValueError, match="more digits"):
        number(10**17 + 1, 2)
