"""Providers' own codes: unmapped ones by volume, mapped ones priced, closed months left alone, nothing overwritten."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from openpbc.activity import actions, models, reads
from openpbc.activity.actions import CodeMapping
from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import actions as organisations
from tests.integration.at_once import at_once
from tests.unit.activity.rows import PLACE, rows, write

JUNE = Month(2008, 6)
ORTHO = CodeMapping("tfc", "RWG", "ORTH1", "110", date(2008, 4, 1), None, "The trust's letter of 2 July")


def local_file(folder: Path, number: int = 4) -> Path:
    """Write a month of outpatients in which all but the last record hold a code of the trust's own."""
    made = rows("op", number)
    return write(folder, "op", [*(row | {"tfc": "ORTH1"} for row in made[:-1]), made[-1]])


def unmapped() -> list[tuple[str, str, int]]:
    return [(one.kind, one.code, one.records) for one in reads.unmapped(PLACE, JUNE)]


@pytest.mark.django_db
def test_what_is_unmapped_is_listed_by_volume_until_it_is_mapped(receive, tmp_path):
    sent = receive(local_file(tmp_path)).sha256
    assert unmapped() == [("tfc", "ORTH1", 3)]
    assert ("V-ALL-11", "tfc", 3) in {(r.rule, r.field, r.count) for r in reads.checked(PLACE, sent).rules}
    assert actions.map_code(by=SYSTEM, place=PLACE, mapping=ORTHO)
    assert unmapped() == []
    assert "V-ALL-11" not in {rule.rule for rule in reads.checked(PLACE, sent).rules}
    (event,) = audit.events(action="activity.map_code")
    assert (event.reason, event.after["national"]) == ("The trust's letter of 2 July", "110")
    assert not actions.map_code(by=SYSTEM, place=PLACE, mapping=ORTHO)
    assert len(audit.events(action="activity.map_code")) == 1


@pytest.mark.django_db
def test_a_mapped_record_is_priced_and_the_run_says_which_mappings_counted(receive, tmp_path):
    from openpbc.warehouse import runs

    receive(local_file(tmp_path))
    before = actions.run(by=SYSTEM, place=PLACE, month=JUNE)
    assert reads.unmapped(PLACE, JUNE)[0].price is None
    actions.map_code(by=SYSTEM, place=PLACE, mapping=ORTHO)
    after = actions.run(by=SYSTEM, place=PLACE, month=JUNE)

    def priced(run: str) -> int:
        return runs.query(reads.store(), [run], "select count(price) as n from priced")[0]["n"]

    assert priced(after.run_id) == priced(before.run_id) + 3
    assert before.manifest["local_codes"] == []
    (kept,) = after.manifest["local_codes"]
    assert (kept["code"], kept["national"]) == ("ORTH1", "110")
    again = actions.run(by=SYSTEM, place=PLACE, month=JUNE, codes=())
    assert again.run_id == before.run_id and not again.fresh


@pytest.mark.django_db
def test_figures_of_unmapped_codes_explain_themselves(receive, tmp_path):
    from openpbc.kernel.steps import recompute

    receive(local_file(tmp_path))
    (found,) = reads.unmapped(PLACE, JUNE)
    told = reads.explain_code(reads.code_address(PLACE, JUNE, found, "records"))
    assert told.value == recompute(told) == 3
    with pytest.raises(UserError, match="names no unmapped code"):
        reads.explain_code(reads.code_address(PLACE, JUNE, found, "price"))


@pytest.mark.django_db
def test_a_correction_is_a_further_record_and_what_was_believed_stays(place):
    actions.map_code(by=SYSTEM, place=place, mapping=ORTHO)
    later = CodeMapping("tfc", "RWG", "ORTH1", "410", date(2008, 7, 1), date(2008, 7, 31), "Rheumatology in July")
    actions.map_code(by=SYSTEM, place=place, mapping=later)
    spans = [(one.national, one.valid_from, one.valid_to) for one in reads.local_codes(place)]
    assert spans == [
        ("110", date(2008, 4, 1), date(2008, 6, 30)),
        ("410", date(2008, 7, 1), date(2008, 7, 31)),
        ("110", date(2008, 8, 1), date.max),
    ]
    assert [one.national for one in reads.local_codes(place, JUNE)] == ["110"]
    assert [one.number for one in reads.code_history(place, "tfc", "RWG", "ORTH1")] == [1, 2]
    assert reads.local_codes(place, known_on=date(2008, 1, 1)) == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"kind": "drug"}, "no kind of code"),
        ({"provider": "XXX"}, "no provider"),
        ({"code": "110"}, "is a national code"),
        ({"code": "A" * 41}, "has 41 characters"),
        ({"national": "999"}, "not in the national list"),
        ({"national": ""}, "was never mapped"),
        ({"valid_to": date(2008, 3, 31)}, "lies before the first"),
        ({"reason": " "}, "the reason is empty"),
    ],
)
def test_what_cannot_be_a_mapping_is_refused(place, said, why):
    with pytest.raises(UserError, match=why):
        actions.map_code(by=SYSTEM, place=place, mapping=CodeMapping(**vars(ORTHO) | said))
    assert not models.LocalCodeRecord.objects.exists()


@pytest.mark.django_db
def test_a_closed_month_takes_a_mapping_in_only_when_it_is_reopened(receive, tmp_path):
    from openpbc.monitoring import actions as monitoring

    receive(write(tmp_path, "op"))
    closed = monitoring.close(by=SYSTEM, place=PLACE, month=JUNE)
    actions.map_code(by=SYSTEM, place=PLACE, mapping=CodeMapping(**vars(ORTHO) | {"valid_from": date(2008, 7, 1)}))
    assert monitoring.close(by=SYSTEM, place=PLACE, month=JUNE).run_id == closed.run_id
    actions.map_code(by=SYSTEM, place=PLACE, mapping=ORTHO)
    with pytest.raises(UserError, match="what local codes stand for changed"):
        monitoring.close(by=SYSTEM, place=PLACE, month=JUNE)


@pytest.mark.django_db
def test_from_the_shell_a_file_out_and_in_again(receive, tmp_path, capsys):
    from openpbc.site.cli import main

    receive(local_file(tmp_path))
    at = ["--place", PLACE]

    def said(*words: str) -> str:
        assert main(["activity", "codes", *words, *at]) == 0
        return capsys.readouterr().out

    assert "ORTH1" in said("unmapped", "2008-06") and '"records": 3' in said("unmapped", "2008-06", "--json")
    said("map", "tfc", "RWG", "ORTH1", "110", "--from", "2008-04-01", "--reason", "x")
    assert "Every code is" in said("unmapped", "2008-06")
    sheet = tmp_path / "codes.csv"
    sheet.write_text(said("list"), encoding="utf-8")
    assert "Nothing changed" in said("load", str(sheet))
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("ORTH1", "ORTH2"), encoding="utf-8")
    assert "1 mappings are new" in said("load", str(sheet))
    assert "110, 2008-04-01 to now: x" in said("history", "tfc", "RWG", "ORTH2")


HEAD = b"kind,provider,code,national,valid_from,valid_to,reason\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff\xfe", "not comma-separated text"),
        (b"a,b\n", "does not name the columns"),
        (HEAD + b"tfc,RWG,A\n", "line 2 has 3 fields"),
        (HEAD + b"tfc,RWG,A,110,yesterday,,x\n", "line 2: a day is none"),
        (HEAD + b"tfc,RWG,A,110,2008-04-01,,x\ntfc,RWG,B,999,2008-04-01,,x\n", "line 3: '999' is not"),
    ],
)
def test_a_file_with_a_wrong_line_is_not_taken_in(place, content, why):
    with pytest.raises(UserError, match=why):
        actions.load_codes(by=SYSTEM, place=place, content=content)
    assert not models.LocalCodeRecord.objects.exists() and not audit.events(action="activity.load_codes")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_map_one_code_at_once_one_is_told(settings, tmp_path):
    settings.HOME = tmp_path / "home"
    organisations.load_place(by=SYSTEM, place=PLACE)

    def mapping(national: str):
        said = CodeMapping(**vars(ORTHO) | {"national": national})
        return lambda: actions.map_code(by=SYSTEM, place=PLACE, mapping=said, seen=0)

    told = at_once(mapping("110"), mapping("410"))
    assert sorted(map(type, told), key=str) == [bool, str], told
    assert models.LocalCodeRecord.objects.count() == len(audit.events(action="activity.map_code")) == 1
    with pytest.raises(Stale, match="mapped it to"):
        mapping("300")()
