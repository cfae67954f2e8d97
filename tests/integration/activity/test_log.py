"""The submission log: judged by the first complete file, whatever comes later; and how good the fields are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import openpbc
from openpbc.activity import actions, models, reads
from openpbc.activity.flow import checking
from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.organisations import actions as organisations_actions
from openpbc.organisations import reads as organisations
from tests.integration.site.conftest import as_role, people, quick_hashing
from tests.unit.activity.rows import PLACE, rows, write

pytestmark = pytest.mark.django_db
__all__ = ["as_role", "people", "quick_hashing"]
JUNE, JULY = Month(2008, 6), Month(2008, 7)
# Working day 10 of June 2008 is 14 July, 15 is 21 July.
DAY_10, DAY_11, DAY_16 = (datetime(2008, 7, *at, tzinfo=UTC) for at in ((14, 15, 59), (14, 16, 0), (22, 9)))


def sent(receive, folder: Path, number: int, arrived: datetime, without: int = 0, month: Month = JUNE) -> str:
    """Outpatients of RWG for a month, ``without`` of them without an NHS number."""
    records = rows("op", number, appointment_date=f"{month}-02")
    for record in records[:without]:
        record |= {"nhs_number": "", "nhs_number_status": "03"}
    own = folder / f"{month}-{number}-{without}"
    own.mkdir()
    return receive(write(own, "op", records, f"RWG_{month}_op.csv"), arrived=arrived).sha256


def result(provider: str = "RWG", month: Month = JUNE):
    book = organisations.book(PLACE)
    log = reads.month_log(book, month)
    return next(r for r in reads.results(book, log) if (r.slot.provider, r.slot.stream) == (provider, "op"))


def test_a_better_second_file_does_not_change_the_first_result(receive, tmp_path):
    sent(receive, tmp_path, 40, DAY_10, without=3)
    first = result()
    assert (first.judged.working_day, first.judged.timely, first.judged.nhs_number_ok) == (10, "large", False)
    assert (first.judged.nhs_number.part, first.judged.nhs_number.whole, first.paid) == (37, 40, "none")
    sent(receive, tmp_path, 40, DAY_11)
    again = result()
    assert (again.judged, again.paid, again.amount) == (first.judged, "none", 0)
    assert [(each.kind, each.working_day) for each in again.slot.files] == [("first", 10), ("revised", 11)]
    assert again.slot.current.working_day == 11


@pytest.mark.parametrize(("without", "paid"), [(2, "large"), (3, "none")])
def test_exactly_95_per_cent_passes(receive, tmp_path, without, paid):
    sent(receive, tmp_path, 40, DAY_10, without=without)
    assert result().paid == paid


def test_amounts_are_not_set_until_somebody_fills_them(receive, tmp_path, settings):
    sent(receive, tmp_path, 20, DAY_11)
    assert (result().paid, result().amount) == ("small", None)
    own = tmp_path / "rulebook" / "england" / "common" / "submissions"
    own.mkdir(parents=True)
    for name, pounds in (("larger", "1000"), ("smaller", "400.50")):
        (own / f"incentive_{name}.yaml").write_text(
            f"id: submissions.incentive_{name}\nmeaning: SYNTHETIC amount\nunit: pounds\nvalues:\n  always:\n"
            f'    value: "{pounds}"\n    status: assumed\n'
            "    source: {document: synthetic-county, section: amounts, mark: SYN}\n"
        )
    settings.RULEBOOK = tmp_path / "rulebook"
    assert (result().paid, result().amount) == ("small", 400_50)


def test_a_first_file_that_is_not_complete_is_not_judged(receive, tmp_path):
    sent(receive, tmp_path, 100, DAY_10)
    august = datetime(2008, 8, 10, tzinfo=UTC)
    sent(receive, tmp_path, 89, august, month=JULY)
    assert result(month=JULY).judged is None and not result(month=JULY).slot.files[0].complete
    sent(receive, tmp_path, 90, datetime(2008, 8, 14, 9, tzinfo=UTC), month=JULY)
    found = result(month=JULY)
    assert (found.judged.working_day, found.slot.first.submission.lines) == (10, 90)


def test_what_is_expected_and_did_not_come_is_in_the_log(receive, tmp_path):
    sent(receive, tmp_path, 3, DAY_16)
    log = reads.month_log(organisations.book(PLACE), JUNE)
    assert (log.due, log.came, log.waiting) == (12, 1, 0)
    assert {slot.provider for slot in log.slots} == {"RWG", "RWH", "RVL", "RC9"}  # RWR is no acute provider
    assert len(log.overdue(datetime(2008, 7, 21, 15, 59, tzinfo=UTC))) == 0
    assert len(log.overdue(datetime(2008, 7, 21, 16, 0, tzinfo=UTC))) == 11


def test_quality_is_measured_once_and_stays(receive, tmp_path):
    sha256 = sent(receive, tmp_path, 20, DAY_10, without=1)
    lazily = reads.measured(PLACE, reads.submission(PLACE, sha256))
    assert not lazily.kept and lazily.fields["nhs_number"].missing == 1
    assert actions.measure_quality(by=SYSTEM, place=PLACE, month=JUNE) == 1
    assert actions.measure_quality(by=SYSTEM, place=PLACE, month=JUNE) == 0
    kept = reads.measured(PLACE, reads.submission(PLACE, sha256))
    assert kept.kept and kept.fields == lazily.fields
    (event,) = audit.events(action="activity.measure_quality")
    assert event.after["files"] == [sha256]
    assert models.FileQuality.objects.get().book == organisations.book(PLACE).hash


def test_a_run_counts_the_quality_of_its_files_as_if_each_were_measured_by_itself(receive, tmp_path):
    files = [sent(receive, tmp_path, 20, DAY_10, without=2), sent(receive, tmp_path, 25, DAY_11, without=1)]
    files.append(receive(write(tmp_path, "ae", rows("ae", 5, postcode=""))).sha256)
    alone = [reads.measured(PLACE, reads.submission(PLACE, sha256)).fields for sha256 in files]
    run = actions.run(by=SYSTEM, place=PLACE, month=JUNE)
    assert set(run.manifest["quality"]) == {sha256[:12] for sha256 in files[1:]}  # the first was replaced
    assert actions.measure_quality(by=SYSTEM, place=PLACE, month=JUNE, counted=run.manifest["quality"]) == 3
    kept = [reads.measured(PLACE, reads.submission(PLACE, sha256)) for sha256 in files]
    assert all(each.kept for each in kept) and [each.fields for each in kept] == alone
    assert [fields["nhs_number"].missing for fields in alone] == [2, 1, 0] and alone[2]["postcode"].missing == 5


def test_files_measured_together_count_as_if_each_were_measured_by_itself(receive, tmp_path, monkeypatch):
    files = [sent(receive, tmp_path, 20, DAY_10, without=2), sent(receive, tmp_path, 25, DAY_11, without=1)]
    files.append(receive(write(tmp_path, "apc", rows("apc", 4, postcode=""))).sha256)
    files.append(receive(write(tmp_path, "ae", rows("ae", 5, disposal="01"))).sha256)
    alone = [reads.measured(PLACE, reads.submission(PLACE, sha256)).fields for sha256 in files]
    checked = []
    check = checking.check

    def told(session, store, book, layouts, files, members):
        checked.append(sorted(each.stream for each in files))
        check(session, store, book, layouts, files, members)

    monkeypatch.setattr(checking, "check", told)
    assert actions.measure_quality(by=SYSTEM, place=PLACE, month=JUNE) == 4
    kept = [reads.measured(PLACE, reads.submission(PLACE, sha256)) for sha256 in files]
    assert all(each.kept for each in kept) and [each.fields for each in kept] == alone
    assert sorted(checked) == [["ae", "apc", "op"], ["op"]], "of one data set one at a time"


def test_a_run_counts_no_file_of_a_provider_whose_own_codes_it_maps(receive, tmp_path):
    sent(receive, tmp_path, 20, DAY_10)
    for provider, counted in (("RWH", True), ("RWG", False)):
        mapping = actions.CodeMapping("tfc", provider, "OWN1", "100", JUNE.first, None, "as its list says")
        actions.map_code(by=SYSTEM, place=PLACE, mapping=mapping)
        run = actions.run(by=SYSTEM, place=PLACE, month=JUNE)
        assert bool(run.manifest["quality"]) is counted, provider


def test_a_providers_month_has_an_index_and_flags_unknown_practices(receive, tmp_path):
    records = rows("op", 100)
    for record in records[:2]:
        record["practice"] = "V81999"
    for record in records[2:5]:
        record["practice"] = "Z99999"
    receive(write(tmp_path, "op", records), arrived=DAY_10)
    found = reads.provider_quality(organisations.book(PLACE), "RWG", JUNE)
    assert (found.unmatched.whole, found.unmatched.not_valid, found.unmatched.stand_in) == (100, 5, 2)
    assert (found.unknown.stand_in, found.flagged) == (2, False), "exactly 2 per cent is within the limit"
    streams = {each.stream: each for each in found.streams}
    assert (streams["apc"].index, streams["ae"].index) == (0, 0), "what was due and did not come counts as nought"
    assert found.index == streams["op"].index // 3
    folder = tmp_path / "more"
    folder.mkdir()
    records[5]["practice"] = "V81999"
    receive(write(folder, "op", records), arrived=DAY_11)
    assert reads.provider_quality(organisations.book(PLACE), "RWG", JUNE).flagged


def test_another_place_shows_what_is_not_set(db):
    organisations_actions.load_place(by=SYSTEM, place="blmk-2023")
    book = organisations.book("blmk-2023")
    log = reads.month_log(book, Month(2023, 4))
    assert log.dates.basis == "fallback" and log.due == 6 and log.came == 0
    assert all(each.judged is None for each in reads.results(book, log))


def test_the_log_and_the_quality_from_the_shell_and_explained(receive, tmp_path, capsys):
    from openpbc.kernel.steps import recompute
    from openpbc.site.cli import main

    sent(receive, tmp_path, 20, DAY_10, without=1)
    assert main(["activity", "measure", str(JUNE), "--place", PLACE]) == 0
    assert main(["activity", "log", str(JUNE), "--place", PLACE]) == 0
    told = capsys.readouterr().out
    assert "1 of 12 are in" in told and "day 10  large  good  large: not set" in told and "fallback" in told
    assert main(["activity", "log", str(JUNE), "--place", PLACE, "--json"]) == 0
    assert main(["activity", "quality", str(JUNE), "--place", PLACE, "--provider", "RWG"]) == 0
    assert "NHS number" in capsys.readouterr().out
    for address, value in (
        (f"first-result/{PLACE}/RWG/{JUNE}/op/working-day", 10),
        (f"first-result/{PLACE}/RWG/{JUNE}/op/nhs-number", 950_000),
        (f"data-quality/{PLACE}/RWG/{JUNE}/op/nhs_number/missing", 1),
        (f"data-quality/{PLACE}/RWG/{JUNE}/op/nhs_number/share", 950_000),
    ):
        explained = explained_at(address)
        assert explained.value == value == recompute(explained)
        assert main(["explain", address]) == 0
    assert main(["explain", f"first-result/{PLACE}/RWG/{JUNE}/op/amount"]) == 2, (
        "an amount that is not set has no steps"
    )
    assert main(["explain", f"data-quality/{PLACE}/RWG/{JUNE}/op/nose/share"]) == 2


def explained_at(address: str):
    from openpbc.activity.offers import EXPLAIN
    from openpbc.organisations.reads import PUBLIC

    return EXPLAIN[address.partition("/")[0]](address, PUBLIC)


def text_of(browser, path: str) -> str:
    return " ".join(browser.get(path).content.decode().split())


def due(now: datetime, provider: str = "RWG") -> list[tuple[str, str, date | None, bool]]:
    found = reads.next_due(organisations.book(PLACE), provider, now)
    return [(each.stream, str(each.month), each.by, each.overdue) for each in found]


def test_what_is_due_next_is_the_first_month_of_each_data_set_that_did_not_come(receive, tmp_path):
    by = reads.dates(organisations.book(PLACE), Month(2008, 4)).flex
    assert by is not None
    on_time, late = (datetime(by.year, by.month, by.day, hour, tzinfo=UTC) for hour in (9, 20))
    assert due(on_time) == [(stream, "2008-04", by, False) for stream in ("apc", "op", "ae")]
    assert due(late) == [(stream, "2008-04", by, True) for stream in ("apc", "op", "ae")]
    sent(receive, tmp_path, 5, DAY_10, month=Month(2008, 4))
    then = reads.dates(organisations.book(PLACE), Month(2008, 5)).flex
    assert due(late)[-1] == ("op", "2008-05", then, False)
    assert due(late, "RWR") == [], "nothing is expected of it every month"


def test_a_day_that_is_not_set_is_said_to_be_so(tmp_path, settings):
    own = tmp_path / "rulebook" / "england" / "common" / "submissions"
    own.mkdir(parents=True)
    shipped = Path(openpbc.__file__).parent / "rulebook/packs/england/common/submissions"
    for name in ("flex_working_day", "freeze_working_day"):
        head = (shipped / f"{name}.yaml").read_text().split("values:")[0]
        (own / f"{name}.yaml").write_text(f"{head}values:\n  always:\n    status: not set\n    note: SYNTHETIC\n")
    settings.RULEBOOK = tmp_path / "rulebook"
    assert {(by, overdue) for _, _, by, overdue in due(DAY_16)} == {(None, False)}


def test_the_provider_reads_on_its_home_page_what_is_due_next(as_role):
    browser = as_role("provider_lead")
    (own,) = organisations.viewer_by_sign_in("provider@demo").codes(PLACE, "provider")
    by = reads.dates(organisations.book(PLACE), Month(2008, 4)).flex
    assert f"Overdue: Admitted care of April 2008, due by {by:%-d %B %Y}" in text_of(browser, f"/p/{PLACE}")
    for page in ("submissions", "log"):
        shown = text_of(browser, f"/p/{PLACE}/providers/{own}/{page}")
        assert "What is due next" in shown and f"{by:%-d %B %Y}" in shown and "overdue" in shown
    assert "What is due next" not in text_of(as_role("contract_manager"), f"/p/{PLACE}/submissions")
