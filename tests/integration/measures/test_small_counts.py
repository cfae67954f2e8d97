"""What people who may not see single records can learn of small counts: from tables, charts, periods, explanations."""

from __future__ import annotations

import pytest

from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import recompute
from openpbc.kernel.suppressed import Suppressed
from openpbc.measures import offers, reads
from openpbc.measures.pages import pictures
from openpbc.measures.pages.sheet_tables import Sight, months_table, providers_table
from openpbc.measures.reads import Period
from openpbc.measures.reads.addresses import Address
from openpbc.measures.reads.small import RULE, hidden
from openpbc.measures.rules.declaring import Shown
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import PUBLIC
from openpbc.rulebook.disclosure import profile_for
from tests.integration.measures.attacked_pages import attack_pages
from tests.integration.site.conftest import as_role, people, quick_hashing

pytestmark = pytest.mark.one_database

__all__ = ["as_role", "people", "quick_hashing"]

BLIND, SEEING = Sight(records=False, act=False, agree=False), Sight(records=True, act=True, agree=True)
CUTS = ("provider", "unit", "tfc")


def test_small_counts_of_a_measured_county(measured: str, as_role) -> None:
    book, period = organisations.book(measured), reads.period(measured)
    assert period is not None
    assert period.length == 2
    computed = [each for each in reads.measures(book) if each.computed]
    _two_periods_give_no_small_count_away(book, computed, period)
    _a_hidden_row_holds_nothing_else(book, computed, period)
    _explanations_show_no_more_than_pages(book, computed, period)
    _thresholds_list_no_hidden_peer(book, computed, period)
    _nothing_that_pages_and_explanations_show_narrows_a_small_count(book, computed, period)
    _a_hidden_month_of_the_place_is_hidden_everywhere(book, computed, period)
    _pages_say_that_counts_are_hidden(book, computed, period, as_role)


def _two_periods_give_no_small_count_away(book, computed, period: Period) -> None:
    """What a reader gets by taking one month's shown count from the two months' is never a hidden count."""
    differed = 0
    profile = profile_for(book, "no-records")
    for measure in computed:
        for cut in CUTS:
            over = hidden(book, measure, period, cut)
            for state in period.months:
                month = Period((state,))
                assert hidden(book, measure, month, cut) <= over
                for code, value in reads.values(measure, month, cut).items():
                    assert not profile.is_small(value.sums.numerator) or code in over
            differed += sum(
                not profile.is_small(value.sums.numerator) and code in over
                for code, value in reads.values(measure, period, cut).items()
            )
    assert differed > 0


def _nothing_that_pages_and_explanations_show_narrows_a_small_count(book, computed, period: Period) -> None:
    """The attack on the tables as they stand on pages: every cut, both months and both together, with their totals."""
    small = 0
    for measure in computed:
        for cut in CUTS if measure.code != "M-READM" else (*CUTS, "hrg"):
            small += attack_pages(book, measure, period, cut, BLIND)
    assert small > 100
    seen = next(each for each in computed if each.shown is Shown.PERCENT and hidden(book, each, period, "tfc"))
    with pytest.raises(AssertionError, match="can be narrowed"):
        attack_pages(book, seen, period, "tfc", SEEING)


def _a_hidden_row_holds_nothing_else(book, computed, period: Period) -> None:
    checked = 0
    titles = reads.names(book, "provider")
    for measure in computed:
        hide = hidden(book, measure, period, "provider")
        table = providers_table(book, measure, period, BLIND)
        for code, row in zip(reads.values(measure, period, "provider"), table.rows, strict=True):
            if code in hide:
                rest = [cell for cell in row.cells[1:] if not isinstance(cell, Suppressed)]
                assert not any(rest), (measure.code, rest)
                checked += 1
        drawn = {
            point.x for each in pictures.charts(book, measure, period, sees_records=False) for point in each.points
        }
        assert not drawn & {titles.get(code, code) for code in hide}
    assert checked > 0


def _explanations_show_no_more_than_pages(book, computed, period: Period) -> None:
    merged = refused = 0
    for measure in computed:
        for span in (period, *(Period((state,)) for state in period.months)):
            hide = hidden(book, measure, span, "provider")
            for figure in ("value", "numerator", "denominator"):
                address = str(Address(book.place.id, str(span), measure.code, "place", "", figure))
                try:
                    told = offers.EXPLAIN["measure"](address, PUBLIC)
                except UserError:
                    refused += 1
                    continue
                assert recompute(told) == told.value
                assert not any(f"/provider/{code}/" in step.address for step in told.steps for code in hide if code)
                merged += any("too small" in step.label for step in told.steps)
            for code in hide:
                address = str(Address(book.place.id, str(span), measure.code, "provider", code, "case-mix"))
                with pytest.raises(UserError):
                    offers.EXPLAIN["measure"](address, PUBLIC)
    assert merged > 0
    assert refused > 0


def _thresholds_list_no_hidden_peer(book, computed, period: Period) -> None:
    listed = refused = 0
    titles = reads.names(book, "provider")
    for measure in computed:
        if hidden(book, measure, period) or reads.standing(book, measure, period).threshold is None:
            continue
        address = str(Address(book.place.id, str(period), measure.code, "place", "", "threshold"))
        hide = hidden(book, measure, period, "provider")
        if reads.standing(book, measure, period, hide).threshold is None:
            with pytest.raises(UserError):
                reads.explain(address, sees_records=False)
            refused += 1
            continue
        names = {titles[code] for code in hide if code in titles}
        blind, seeing = (
            dict(reads.explain(address, sees_records=sees).steps[0].inputs)["values"] for sees in (False, True)
        )
        assert not any(name in blind for name in names)
        listed += any(name in seeing for name in names)
    assert listed + refused > 0


def _a_hidden_month_of_the_place_is_hidden_everywhere(book, computed, period: Period) -> None:
    small = next(each for each in computed if hidden(book, each, period))
    blind, seeing = (months_table(book, small, period, sight) for sight in (BLIND, SEEING))
    assert any(isinstance(row.cells[2], Suppressed) for row in blind.rows)
    assert not any(isinstance(row.cells[2], Suppressed) for row in seeing.rows)
    assert pictures.charts(book, small, period, sees_records=False) == ()
    with pytest.raises(UserError, match="too small"):
        offers.EXPLAIN["measure"](str(Address(book.place.id, str(period), small.code, figure="numerator")), PUBLIC)


def _pages_say_that_counts_are_hidden(book, computed, period: Period, as_role) -> None:
    small = next(each for each in computed if hidden(book, each, period))
    wide = next(each for each in computed if hidden(book, each, period, "provider") and not hidden(book, each, period))
    unit = organisations.units(book.place.id)[0].code
    here = f"/p/{book.place.id}"
    asked = [f"{here}/measures", f"{here}/measures/{small.code}", f"{here}/measures/{wide.code}"]
    asked += [f"{here}/measures/{wide.code}?by=unit", f"{here}/units/{unit}/measures"]
    for path in asked:
        blind = as_role("committee_chair").get(path)
        assert blind.status_code == 200, path
        assert RULE in blind.content.decode(), path
    assert RULE not in as_role("analyst").get(asked[2]).content.decode()
    sheet = as_role("committee_chair").get(f"{asked[2]}?download=by-provider.csv").content.decode()
    assert ",*," in sheet


def test_a_month_that_is_measured_again_is_held_against_what_was_shown(measured: str, monkeypatch, as_role) -> None:
    from openpbc.measures.models import MeasuredMonth
    from openpbc.measures.reads import small

    book, period = organisations.book(measured), reads.period(measured, "2008-05")
    first = MeasuredMonth.objects.get(place=measured, month="2008-05")
    measure = next(each for each in reads.measures(book) if each.computed)
    before = hidden(book, measure, period, "provider")
    counts = {code: value.sums for code, value in reads.values(measure, period, "provider").items()}
    moved = max(counts, key=lambda code: counts[code].numerator)
    again = MeasuredMonth.objects.create(
        place=measured, month="2008-05", number=2, source_run=first.source_run, run_id="again", by="x", at=first.at
    )

    def sums(runs, name, cut="place"):
        more = {code: one.numerator + 2 * (code == moved and runs == ("again",)) for code, one in counts.items()}
        return {code: type(one)(one.records, more[code], one.denominator) for code, one in counts.items()}

    monkeypatch.setattr(small, "sums", sums)
    found = hidden(book, measure, reads.period(measured, "2008-05"), "provider")
    assert moved not in before and before | {moved} <= found and len(found) > 1
    assert [one.number for one in reads.releases(measured) if str(one.month) == "2008-05"] == [1, 2]
    again.delete()
    page = as_role("analyst").get(f"/p/{measured}/measures/releases").content.decode()
    assert first.run_id in page and as_role("gp_lead").get(f"/p/{measured}/measures/releases").status_code == 403
