"""Readmissions found in received files, across months, once a year's rulebook has the rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.rulebook import files as pack_files
from tests.unit.activity.rows import PLACE, rows, text_of, write

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
JUNE, JULY = Month.parse("2008-06"), Month.parse("2008-07")
PAYMENT = "england/2008-09/payment"


@pytest.fixture
def with_the_rule(settings, tmp_path: Path) -> None:
    """Lay the readmission rule of 2011/12 over the year of the files."""
    settings.RULEBOOK = tmp_path / "book"
    folder = settings.RULEBOOK / PAYMENT
    folder.mkdir(parents=True)
    for name in ("readmission_applies", "readmission_days", "readmission_exclusions"):
        shipped = pack_files.SHIPPED / "england/2011-12/payment" / f"{name}.yaml"
        (folder / f"{name}.yaml").write_text(shipped.read_text("utf-8").replace("2011-12", "2008-09"), encoding="utf-8")


def _stay(spell: str, **given: str) -> dict[str, str]:
    (one,) = rows("apc", 1, **{"hrg_spell": "A01", **given})
    return {**one, "cds_unique_id": spell, "spell_no": spell}


def _emergency(spell: str, first: str, last: str, **given: str) -> dict[str, str]:
    dates = {
        "adm_date": first,
        "epi_start": first,
        "dis_date": last,
        "epi_end": last,
        "proc_01": "",
        "proc_01_date": "",
    }
    return _stay(spell, **{"adm_method": "21", "dta_date": "", "diag_01": "J180", **dates, **given})


def _publish(receive, folder: Path, month: Month, records: list[dict[str, str]]) -> tuple[str, str]:
    from openpbc.activity import actions

    receive(write(folder, "apc", records, f"RWG_{month}_apc.csv"))
    return str(month), actions.run(by=SYSTEM, place=PLACE, month=month).run_id


def test_found_across_months_and_settled(place, receive, with_the_rule, tmp_path: Path) -> None:
    from openpbc.activity import reads

    june = [
        _stay("S1"),  # elective, out on 5 June
        _emergency("S2", "2008-06-20", "2008-06-22"),  # back after 15 days: after elective care
        _emergency("S9", "2008-06-20", "2008-06-22", nhs_number="9990000026", dob="2005-06-01"),
    ]
    july = [
        _emergency("S3", "2008-07-01", "2008-07-02"),  # back after 9 days: after an emergency
        _emergency("S4", "2008-07-03", "2008-07-04", diag_01="C509"),  # cancer is paid all the same
        _emergency("S5", "2008-07-03", "2008-07-04", nhs_number="9990000026", dob="2005-06-01"),  # a child of three
    ]
    published = [_publish(receive, tmp_path, JUNE, june), _publish(receive, tmp_path, JULY, july)]
    found = reads.readmissions_to_date(PLACE, published, {"RWG": 250_000})
    assert [(one.index_kind, one.days, one.reason) for one in found.lines] == [
        ("EL", 15, ""), ("EM", 9, ""), ("EM", 1, "cancer"), ("EM", 11, "a child under four"),
    ]  # fmt: skip
    settled = (found.by_provider or {})["RWG"]
    # five non-elective stays allow one readmission in four of them
    assert (settled.cases, settled.allowed, settled.beyond, settled.after_non_elective) == (1, 1, 0, 0)
    assert settled.after_elective == found.lines[0].charge > 0
    explained = reads.explain(found.lines[0].address)
    assert explained.value == sum(step.effect for step in explained.steps)
    strict = reads.readmissions_to_date(PLACE, published, {"RWG": 0})
    assert (strict.by_provider or {})["RWG"].after_non_elective == found.lines[1].charge


def test_how_the_first_stay_ended_is_what_its_last_episode_says(place, receive, with_the_rule, tmp_path: Path) -> None:
    from openpbc.activity import reads

    first = _emergency("S1", "2008-06-02", "2008-06-05", epi_end="2008-06-03", last_epi="2", dis_method="2")
    last = {**first, "cds_unique_id": "S1b", "epi_no": "2", "epi_start": "2008-06-03", "epi_end": "2008-06-05"}
    last |= {"last_epi": "1", "dis_method": "1"}
    published = [_publish(receive, tmp_path, JUNE, [first, last, _emergency("S2", "2008-06-20", "2008-06-22")])]
    found = reads.readmissions_to_date(PLACE, published, {})
    assert [(one.days, one.reason) for one in found.lines] == [(15, "")]


def test_any_of_the_thirteen_diagnoses_may_take_one_out(place, receive, with_the_rule, tmp_path: Path) -> None:
    from openpbc.activity import actions, reads

    june = [_emergency("S1", "2008-06-02", "2008-06-05"), _emergency("S2", "2008-06-20", "2008-06-22")]
    header, *lines = text_of("apc", june).splitlines()
    path = tmp_path / "RWG_2008-06_apc.csv"
    path.write_text("\n".join([f"{header},diag_13", f"{lines[0]},", f"{lines[1]},V89.2", ""]), encoding="utf-8")
    receive(path)
    run_id = actions.run(by=SYSTEM, place=PLACE, month=JUNE).run_id
    found = reads.readmissions_to_date(PLACE, [(str(JUNE), run_id)], {"RWG": 0})
    assert [one.reason for one in found.lines] == ["a transport accident"]


def test_what_has_no_price_is_no_case(place, receive, with_the_rule, tmp_path: Path) -> None:
    from openpbc.activity import reads

    june = [
        _emergency("S1", "2008-06-02", "2008-06-05"),
        _emergency("S2", "2008-06-20", "2008-06-22", hrg_spell="U01"),
    ]
    found = reads.readmissions_to_date(PLACE, [_publish(receive, tmp_path, JUNE, june)], {"RWG": 0})
    assert [(one.reason, one.charge) for one in found.lines] == [("no price", 0)]
    assert found.by_provider == {}


def test_a_year_without_the_rule_opens_nothing(place, receive, tmp_path: Path) -> None:
    from openpbc.activity import reads

    found = reads.readmissions_to_date(PLACE, [("2008-06", "no such run")], {})
    assert (found.lines, found.by_provider) == ((), {})
