"""Files of changes: records of an earlier file are replaced and deleted, every line accounted for, and pounds move."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from openpbc.activity import actions, reads
from openpbc.activity.flow import cds_xml
from openpbc.activity.flow.receiving import Claim
from openpbc.activity.reads.previewing import previewed
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.warehouse import runs
from tests.integration.activity.test_cds_xml import AT, row
from tests.unit.activity.rows import GOOD, PLACE

pytestmark = pytest.mark.django_db
JUNE = Month(2008, 6)
BULK_HEADER = {
    "Transaction": cds_xml.BULK, "CDSProtocolIdentifierCode": "020", "CDSBulkReplacementGroupCode": "160",
    "CDSExtractDate": "2008-07-01", "CDSExtractTime": "08:00:00", "CDSReportPeriodStartDate": "2008-06-01",
    "CDSReportPeriodEndDate": "2008-06-30",
}  # fmt: skip
NET_HEADER = {"Transaction": cds_xml.NET, "CDSProtocolIdentifierCode": "010", "CDSApplicableTime": "23:00:00"}
OF_HEADER = {*BULK_HEADER, *NET_HEADER, "CDSUpdateType", "CDSApplicableDate"}


def record(number: int, header: dict[str, str]) -> cds_xml.Row:
    made = row(random.Random(number), number)
    return {name: text for name, text in made.items() if name not in OF_HEADER} | header


def whole(numbers: range) -> list[cds_xml.Row]:
    return [record(number, BULK_HEADER) for number in numbers]


def change(number: int, update: str = "9", day: str = "2008-07-02", **said: str) -> cds_xml.Row:
    return record(number, NET_HEADER | {"CDSUpdateType": update, "CDSApplicableDate": day}) | said


@pytest.fixture
def send(receive, tmp_path: Path):
    """Write an interchange and receive it."""

    def sent(name: str, listed: list[cds_xml.Row]):
        return receive(write(tmp_path / name, listed))

    return sent


def write(folder: Path, listed: list[cds_xml.Row]) -> Path:
    folder.mkdir()
    path = folder / "RWG_2008-06_ae.xml"
    cds_xml.write(path, listed, sender="RWG", receiver="SUS", reference="R1", at=AT)
    return path


def outcomes() -> dict[tuple[str, str], int]:
    run = actions.run(by=SYSTEM, place=PLACE, month=JUNE)
    rows = runs.query(
        reads.store(),
        [run.run_id],
        "select outcome, coalesce(reason, '') as reason, count(*) as n from rows_ae group by all",
    )
    return {(one["outcome"], one["reason"]): one["n"] for one in rows}


def test_a_file_of_changes_leaves_the_rest_standing_and_every_line_accounted_for(send):
    first = send("first", whole(range(1, 7)))
    again = send("again", [change(1, EmergencyCareDepartmentType="03"), change(2, "1"), change(9)])
    assert again.changes and not again.superseded and "single records" in again.sentence
    assert reads.submission(PLACE, first.sha256).current
    assert outcomes() == {
        ("accepted", ""): 6,  # four of the first file, a changed and a new one
        ("excluded", "X-NET"): 2,
        ("excluded", "X-DEL"): 1,
    }


def test_a_whole_file_takes_the_place_of_all_before_it(send):
    first, again = send("first", whole(range(1, 4))), send("again", [change(1)])
    last = send("last", whole(range(1, 5)))
    assert {one.sha256 for one in reads.submissions(PLACE) if one.superseded} == {first.sha256, again.sha256}
    assert reads.submission(PLACE, last.sha256).current
    assert outcomes() == {("accepted", ""): 4, ("excluded", "superseded"): 4}


def test_changes_alone_add_up(send):
    send("one", [change(1), change(2)])
    send("two", [change(2, day="2008-07-05"), change(3, day="2008-07-05")])
    assert outcomes() == {("accepted", ""): 3, ("excluded", "X-NET"): 1}


def test_the_preview_tells_what_would_be_replaced_and_deleted(send, tmp_path):
    first = send("first", whole(range(1, 7)))
    path = write(tmp_path / "again", [
        change(1, EmergencyCareDepartmentType="03"), change(2, "1"), change(3, "1"), change(9), change(4),
    ])  # fmt: skip
    shown = previewed(PLACE, path, Claim())
    assert shown.changes and shown.present == first.sha256
    held = shown.records
    assert (held.new, held.changed, held.removed, held.unchanged) == (1, 1, 2, 1)
    gone = previewed(PLACE, write(tmp_path / "gone", [change(number, "1") for number in range(1, 7)]), Claim())
    assert sum(one.present_activity for one in gone.effect) > 0 == sum(one.activity for one in gone.effect)
    assert (gone.lines, gone.accepted, gone.rejected, gone.excluded) == (6, 0, 0, 6)


def test_a_draft_of_changes_is_received_beside_the_file_that_it_changes(send, tmp_path):
    first = send("first", whole(range(1, 4)))
    path = write(tmp_path / "again", [change(2, "1")])
    code = actions.open_draft(by=SYSTEM, place=PLACE, scope="", name=path.name, content=[path.read_bytes()])
    assert reads.draft(PLACE, "", code).state == "ready"
    actions.receive_draft(by=SYSTEM, place=PLACE, scope="", code=code, seen=first.sha256)
    assert [one.changes for one in reads.submissions(PLACE) if one.current] == [False, True]


KEPT = "select outcome, coalesce(reason, '') as reason, count(*) as n from rows_{} group by all"


@pytest.mark.parametrize("stream", ["apc", "op"])
def test_our_own_csv_may_hold_changes_alone(receive, tmp_path, stream):
    """Admitted care and outpatients change record by record as A&E does: the layout says how a file tells it."""
    key = "spell_no" if stream == "apc" else "attendance_id"
    first = receive(
        csv_file(
            tmp_path / "first", stream, [GOOD[stream] | {"cds_unique_id": f"K{n}", key: f"S{n}"} for n in range(1, 5)]
        )
    )
    said = {"transaction": "005N", "applicable_at": "2008-07-02T08:00:00", "update_type": "9"}
    changed = GOOD[stream] | said
    again = receive(csv_file(tmp_path / "again", stream, [
        changed | {"cds_unique_id": "K1", key: "S1", "tfc": "110"},
        changed | {"cds_unique_id": "K2", key: "S2", "update_type": "1"},
        changed | {"cds_unique_id": "K9", key: "S9"},
    ]))  # fmt: skip
    assert again.changes and reads.submission(PLACE, first.sha256).current
    run = actions.run(by=SYSTEM, place=PLACE, month=JUNE)
    found = {
        (one["outcome"], one["reason"]): one["n"]
        for one in runs.query(reads.store(), [run.run_id], KEPT.format(stream))
    }
    assert found == {("accepted", ""): 4, ("excluded", "X-NET"): 2, ("excluded", "X-DEL"): 1}


@pytest.mark.parametrize("wrong", [{"applicable_at": "2/7/2008"}, {"update_type": ""}, {"cds_unique_id": ""}])
def test_a_change_that_does_not_say_of_what_and_from_when_is_refused(receive, tmp_path, wrong):
    said = {"transaction": "005N", "applicable_at": "2008-07-02T08:00:00", "update_type": "9"}
    lines = [GOOD["op"] | said | {"cds_unique_id": "K1"}, GOOD["op"] | said | {"cds_unique_id": "K2"} | wrong]
    with pytest.raises(UserError, match="line does not tell") as refused:
        receive(csv_file(tmp_path / "wrong", "op", lines))
    assert refused.value.where.endswith("line 2")
    assert reads.submissions(PLACE) == []


def csv_file(folder: Path, stream: str, listed: list[dict[str, str]]) -> Path:
    folder.mkdir()
    path = folder / f"RWG_2008-06_{stream}.csv"
    rows = [list(listed[0]), *([one[name] for name in listed[0]] for one in listed)]
    path.write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    return path
