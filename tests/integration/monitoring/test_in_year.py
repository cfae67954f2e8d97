"""The position in the year: sums to the penny, nothing missing counted as nought, every figure explained."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.finance import reads as finance
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.steps import recompute
from openpbc.monitoring import actions, reads
from openpbc.monitoring.reads.holders import GROUP, HELD, PCT, PRACTICE, UNDISTRIBUTED, Holder
from openpbc.monitoring.reads.ingredients import ingredients
from openpbc.monitoring.reads.lines import ALL_LINES
from openpbc.monitoring.reads.reckoning import Reckoning
from openpbc.organisations import reads as organisations
from tests.integration.monitoring.invented import unit

PLACE = "west-herts-2008"
APRIL, MAY, JUNE = Month(2008, 4), Month(2008, 5), Month(2008, 6)
FINANCE = Actor("finance@demo", "A finance manager", frozenset({"finance_manager"}))
PRESCRIBING = {"unit": "WATCOM", "service_line": "prescribing", "kind": "actual"}
SUMMED = ("budget", "budget-to-date", "actual-to-date", "forecast")

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def several(month: int) -> list[dict[str, object]]:
    return [
        unit(1, charge=60_000 + month),
        unit(2, charge=40_000, pod="NEL", practice="E82902"),
        unit(3, charge=20_000, unit="DATCOM", budget_line="DATCOM", practice="E82921", provider="RC9"),
        unit(4, charge=9_900, stream="op", pod="OPFASPCL", unit="PCT-held", budget_line="PCT-held", practice="V81997"),
        unit(5, charge=12_345, commissioner="5P3"),
    ]


@pytest.fixture
def county(publish):
    publish("2008-04", several(4))
    publish("2008-05", several(5))


def enter(month: Month, pence: int, **facts: str) -> actions.Made:
    told = {**PRESCRIBING, "source": "prescribing statement", **facts}
    return actions.enter(by=FINANCE, place=PLACE, month=month, pence=pence, **told)


def values(month: Month, holder: Holder, line: str = ALL_LINES):
    return Reckoning(ingredients(PLACE, month)).values(holder, line)


def check_sums(month: Month) -> None:
    reckoning = Reckoning(ingredients(PLACE, month))
    lines = (*reckoning.codes(Holder(PCT)), ALL_LINES)

    def added(parts, line: str, measure: str) -> int:
        return sum(reckoning.values(part, line)[measure] or 0 for part in parts)

    for line in lines:
        for measure in SUMMED:
            whole = reckoning.values(Holder(PCT), line)[measure] or 0
            assert added(reckoning.found.holders.top, line, measure) == whole, (line, measure)
            for code in reckoning.found.holders.groups:
                if line in (*reckoning.codes(Holder(GROUP, code)), ALL_LINES):
                    own = reckoning.values(Holder(GROUP, code), line)[measure] or 0
                    members = reckoning.found.holders.members(code)
                    assert added(members, line, measure) == own, (code, line, measure)


def check_explanations(month: Month) -> set[str]:
    reckoning, further = Reckoning(ingredients(PLACE, month)), set()
    holders = [Holder(PCT), *reckoning.found.holders.top, *reckoning.found.holders.members("WATCOM")]
    for holder in holders:
        found = reads.in_year(PLACE, month, holder)
        for row in (*found.rows, found.total):
            for figure in row.figures.values():
                if figure.value is not None:
                    explained = reads.explain_in_year(figure.address)
                    assert (explained.value, explained.unit) == (figure.value, figure.unit), figure.address
                    assert recompute(explained) == figure.value, figure.address
                    further |= {step.address for step in explained.steps if step.address}
    return further


def test_an_activity_line_takes_its_actual_from_the_published_months(county):
    assert values(MAY, Holder(GROUP, "WATCOM"), "emergency")["actual-to-date"] == 80_000
    assert values(MAY, Holder(GROUP, "WATCOM"), "acute")["actual-to-date"] == 120_009
    assert values(MAY, Holder(HELD), "acute")["actual-to-date"] == 19_800
    assert values(MAY, Holder(PRACTICE, "E82902"), "emergency")["actual-to-date"] == 80_000


def test_what_nobody_entered_is_named_and_not_nought(county):
    found = reads.in_year(PLACE, MAY, Holder(GROUP, "WATCOM"))
    prescribing = next(row for row in found.rows if row.line == "prescribing")
    assert prescribing.figures["actual-to-date"].value is None
    assert "Nothing is entered" in prescribing.figures["actual-to-date"].why
    assert any("Prescribing: nothing is entered up to May 2008" in gap for gap in found.gaps)
    enter(APRIL, 5_000)
    again = reads.in_year(PLACE, MAY, Holder(GROUP, "WATCOM"))
    assert any(gap == "Prescribing: nothing is entered for May 2008." for gap in again.gaps)


def test_a_forecast_counts_the_months_with_figures(county):
    enter(APRIL, 5_000)
    assert values(MAY, Holder(GROUP, "WATCOM"), "prescribing")["forecast"] == 60_000
    enter(MAY, 7_000)
    assert values(MAY, Holder(GROUP, "WATCOM"), "prescribing")["forecast"] == 72_000
    enter(MAY, 1_000_000, kind="forecast", source="a new drug")
    assert values(MAY, Holder(GROUP, "WATCOM"), "prescribing")["forecast"] == 1_000_000


def test_the_parts_of_a_month_add_up_to_the_penny(county):
    enter(APRIL, 5_001)
    enter(MAY, 333, practice="E82901")
    enter(MAY, 77, unit="", service_line="community")
    check_sums(MAY)


AMOUNTS = {"acute": 70_000_001, "emergency": 40_000_003, "prescribing": 24_000_000, "community": 10_000_000}


def divide(stamp: int | None = None, **amounts: int) -> int:
    told = {"by": FINANCE, "place": PLACE, "unit": "WATCOM", "on": date(2008, 4, 1), "reason": "as the plan has it"}
    return actions.divide_budget(**told, amounts=amounts or AMOUNTS, stamp=stamp)


@pytest.mark.usefixtures("budgeted")
class TestWithLedger:
    """Budgets are balances of the ledger."""

    def test_budgets_are_those_of_the_ledger(self, county):
        found = reads.in_year(PLACE, MAY)
        assert found.funds.source == "ledger"
        assert found.total.figures["budget"].value == 120_000_007 + 36_000_001 + 60_000_000 + 7_108_000 + 500_000
        assert [fund.pence for fund in found.deposits] == [1_000_000]
        assert found.funds.risk_pool.pence == 500_000
        watcom = next(row for row in found.rows if row.holder.code == "WATCOM")
        budget = watcom.figures["budget"]
        assert budget.value == finance.budget_of(organisations.book(PLACE), unit="WATCOM").pence
        assert watcom.figures["variance"].value is None

    def test_a_division_holds_to_the_penny_for_the_group_and_every_account(self, county):
        number = divide()
        assert number == 3
        for line, pence in AMOUNTS.items():
            assert values(MAY, Holder(GROUP, "WATCOM"), line)["budget"] == pence
        assert values(MAY, Holder(GROUP, "WATCOM"))["budget"] == 156_000_008
        assert values(MAY, Holder(PRACTICE, "E82901"))["budget"] == 20_000_003
        assert divide() == 0
        moved = divide(acute=70_000_000, emergency=40_000_004)
        assert moved == 4
        assert values(MAY, Holder(GROUP, "WATCOM"), "emergency")["budget"] == 40_000_004
        assert values(MAY, Holder(GROUP, "WATCOM"), "prescribing")["budget"] == 0

    def test_a_division_above_the_budget_or_of_an_old_look_is_refused(self, county):
        stamp = reads.division(organisations.book(PLACE), "WATCOM").stamp
        with pytest.raises(UserError, match="the budget is £1,560,000.08"):
            divide(acute=156_000_009)
        with pytest.raises(UserError, match="there is no service line 'dental'"):
            divide(dental=1)
        divide(stamp)
        with pytest.raises(Stale, match="posted journal 3 since you looked: as the plan has it"):
            divide(stamp, acute=1)

    def test_variance_and_outlook_compare_the_same_months(self, county):
        divide()
        enter(APRIL, 3_000_000)
        found = values(MAY, Holder(GROUP, "WATCOM"), "prescribing")
        assert (found["budget-to-date"], found["compared"]) == (4_000_002, 2_000_001)  # each account by itself
        assert (found["variance"], found["variance-rate"]) == (999_999, 499_999)
        assert (found["forecast"], found["outlook"]) == (36_000_000, 12_000_000)

    def test_the_parts_of_every_month_add_up_to_the_penny(self, county):
        divide()
        enter(APRIL, 3_000_001)
        enter(MAY, 50_007, practice="E82901")
        check_sums(MAY)

    def test_every_figure_is_the_sum_of_its_steps_down_to_the_ledger(self, county):
        divide()
        enter(APRIL, 3_000_001)
        further = check_explanations(MAY)
        ledger = {address for address in further if address.startswith("ledger/")}
        assert any("/practice/E82901/" in address for address in ledger) and len(ledger) > 5
        from openpbc.site import rooms

        for address in ledger:
            assert recompute(rooms.explain(address, organisations.Viewer(FINANCE)))

    def test_a_profile_spreads_the_budget_and_its_forecast(self, county):
        divide()
        enter(APRIL, 3_000_000)
        points = [2_000, *[800] * 10, 0]
        actions.set_profile(
            by=FINANCE, place=PLACE, service_line="prescribing", method="entered", points=points, seen=0
        )
        found = values(MAY, Holder(GROUP, "WATCOM"), "prescribing")
        assert (found["compared"], found["budget-to-date"]) == (4_800_000, 6_720_000)
        assert found["forecast"] == 15_000_000
        with pytest.raises(UserError, match="add up to 99.99%"):
            actions.set_profile(
                by=FINANCE, place=PLACE, service_line="acute", method="entered", points=[9_999, *[0] * 11], seen=0
            )
        with pytest.raises(Stale, match="A finance manager set another profile"):
            actions.set_profile(by=FINANCE, place=PLACE, service_line="prescribing", method="twelfths", seen=0)

    def test_a_lock_keeps_the_budgets_whatever_is_posted_later(self, county):
        divide()
        actions.lock_position(by=FINANCE, place=PLACE, month=MAY)
        before = values(MAY, Holder(GROUP, "WATCOM"), "acute")
        divide(acute=1)
        assert values(MAY, Holder(GROUP, "WATCOM"), "acute") == before
        assert values(JUNE, Holder(GROUP, "WATCOM"), "acute")["budget"] == 1
        check_explanations(MAY)

    def test_an_underspend_in_forecast_is_called_at_risk(self, county):
        divide()
        notes = reads.in_year(PLACE, MAY, Holder(GROUP, "WATCOM")).notes
        assert any("at risk" in note for note in notes)


def test_every_figure_is_the_sum_of_its_steps(county):
    enter(APRIL, 5_001)
    enter(MAY, 333, practice="E82901")
    enter(APRIL, 4_000, service_line="community", kind="accrual", source="invoice to come")
    for month in ("2007-04", "2007-05"):
        enter(Month.parse(month), 4_500, source="accounts of the year before")
    further = {address for address in check_explanations(MAY) if address.startswith("position/")}
    assert further
    for address in further:
        explained = reads.explain(address)
        assert recompute(explained) == explained.value, address


def test_an_accrual_goes_back_by_itself_next_month(county):
    enter(APRIL, 4_000, kind="accrual", source="invoice to come")
    assert values(APRIL, Holder(GROUP, "WATCOM"), "prescribing")["actual-to-date"] == 4_000
    enter(MAY, 9_500)
    assert values(MAY, Holder(GROUP, "WATCOM"), "prescribing")["actual-to-date"] == 9_500
    assert values(MAY, Holder(GROUP, "WATCOM"), "prescribing")["accruals"] == 0


def test_last_year_is_not_set_until_every_month_of_it_is_entered(county):
    enter(APRIL, 5_000)
    enter(MAY, 5_000)
    enter(Month(2007, 4), 4_000)
    assert values(MAY, Holder(GROUP, "WATCOM"), "prescribing")["last-year"] is None
    enter(Month(2007, 5), 4_100)
    assert values(MAY, Holder(GROUP, "WATCOM"), "prescribing")["last-year"] == 8_100


def test_an_entry_is_corrected_by_a_further_entry(county):
    enter(APRIL, 5_000)
    facts = {**PRESCRIBING, "source": "corrected statement"}
    with pytest.raises(UserError, match="already has £50.00: A finance manager entered it"):
        enter(APRIL, 5_000)
    made = actions.correct_entry(by=FINANCE, place=PLACE, month=APRIL, pence=4_200, seen=1, **facts)
    assert (made.number, made.pence, made.total) == (2, -800, 4_200)
    with pytest.raises(UserError, match="already has £42.00"):
        actions.correct_entry(by=FINANCE, place=PLACE, month=APRIL, pence=4_300, seen=1, **facts)
    assert values(APRIL, Holder(GROUP, "WATCOM"), "prescribing")["actual-to-date"] == 4_200


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"service_line": "acute"}, "comes from the published months"),
        ({"service_line": "dental"}, "there is no service line 'dental'"),
        ({"unit": "NOWHERE"}, "there is no group 'NOWHERE'"),
        ({"practice": "E82921"}, "is not in the group"),
        ({"kind": "guess"}, "is no kind of entry"),
        ({"source": "  "}, "needs a source"),
        ({"month": Month(2010, 4)}, "lies outside"),
        ({"month": Month(2007, 4), "kind": "accrual"}, "only actuals are entered for 2007/08"),
        ({"pence": 10**14}, "larger than any budget"),
    ],
)
def test_a_wrong_entry_is_refused_in_a_sentence(county, facts, told):
    given = {"month": APRIL, "pence": 100, **facts}
    month, pence = given.pop("month"), given.pop("pence")
    with pytest.raises(UserError, match=told):
        enter(month, pence, **given)


def test_a_locked_month_refuses_entries_and_keeps_its_figures(county, publish):
    enter(APRIL, 5_000)
    assert actions.lock_position(by=FINANCE, place=PLACE, month=APRIL).number == 1
    assert actions.lock_position(by=FINANCE, place=PLACE, month=APRIL).already
    with pytest.raises(UserError, match="April 2008 is locked by A finance manager.*finance manager can reopen"):
        enter(APRIL, 100, service_line="community")
    with pytest.raises(UserError, match="is locked"):
        enter(Month(2007, 4), 100)
    publish("2008-04", several(400))
    assert values(APRIL, Holder(GROUP, "WATCOM"), "acute")["actual-to-date"] == 60_004
    with pytest.raises(UserError, match="needs a reason"):
        actions.reopen_position(by=FINANCE, place=PLACE, month=APRIL, reason=" ")
    actions.reopen_position(by=FINANCE, place=PLACE, month=APRIL, reason="a late statement")
    assert values(APRIL, Holder(GROUP, "WATCOM"), "acute")["actual-to-date"] == 60_400
    enter(APRIL, 100, service_line="community")
    actions.lock_position(by=FINANCE, place=PLACE, month=APRIL)
    told = {(each.holder, each.line, each.measure): each for each in reads.lock_differences(PLACE, APRIL)}
    changed = told["WatCom", "acute", "Actual to date"]
    assert (changed.first, changed.second) == (60_004, 60_400)


def test_only_the_last_locked_month_is_reopened(county):
    actions.lock_position(by=FINANCE, place=PLACE, month=APRIL)
    actions.lock_position(by=FINANCE, place=PLACE, month=MAY)
    with pytest.raises(UserError, match="Reopen May 2008 first"):
        actions.reopen_position(by=FINANCE, place=PLACE, month=APRIL, reason="late")
    actions.reopen_position(by=FINANCE, place=PLACE, month=MAY, reason="late")
    assert reads.period(PLACE, "2008-09").locked_through == APRIL
    with pytest.raises(UserError, match="somebody changed the periods since you looked"):
        actions.lock_position(by=FINANCE, place=PLACE, month=MAY, revision=1)


def test_a_figure_that_is_not_there_has_no_explanation(county):
    for address in (
        f"in-year/{PLACE}/2008-05/group/WATCOM/all/colour",
        f"in-year/{PLACE}/2008-05/group/WATCOM/prescribing/actual-to-date",
        f"in-year/{PLACE}/2008-05/group/NOWHERE/all/budget",
        f"in-year/{PLACE}/2008-05/group/WATCOM",
    ):
        with pytest.raises(UserError, match="names no figure|holds no budget"):
            reads.explain_in_year(address)


def test_entries_are_audited(county):
    from openpbc.audit.models import AuditEvent

    enter(APRIL, 5_000)
    event = AuditEvent.objects.order_by("-sequence").first()
    assert (event.action, event.subject) == (
        "monitoring.enter",
        f"entry/{PLACE}/2008-04/WATCOM/prescribing/actual",
    )
    assert SYSTEM.name != event.actor_name


def test_the_undistributed_rest_is_the_group_less_its_practices(county):
    enter(APRIL, 5_000)
    enter(APRIL, 700, practice="E82901")
    group = values(APRIL, Holder(GROUP, "WATCOM"), "prescribing")
    rest = values(APRIL, Holder(UNDISTRIBUTED, "WATCOM"), "prescribing")
    own = values(APRIL, Holder(PRACTICE, "E82901"), "prescribing")
    assert (group["actual-to-date"], rest["actual-to-date"], own["actual-to-date"]) == (5_700, 5_000, 700)
    assert rest["forecast"] == group["forecast"] - own["forecast"]
