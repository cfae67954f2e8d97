"""Receiving files: once each, the later one counts, and nothing is left of what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from openpbc.activity import models, reads
from openpbc.audit import reads as audit
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.warehouse import landing
from tests.unit.activity import bad_files
from tests.unit.activity.rows import PLACE, rows, write

pytestmark = pytest.mark.django_db
JUNE = Month(2008, 6)


def state() -> tuple[list[str], list[dict], list[str]]:
    """Everything that receiving may change: the warehouse, the database, the log."""
    root = reads.store().root
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return files, list(models.Submission.objects.order_by("id").values()), [e.action for e in audit.events()]


def test_a_file_is_told_by_its_name_and_header(receive, tmp_path: Path) -> None:
    receipt = receive(write(tmp_path, "op"))
    assert (receipt.provider, receipt.month, receipt.stream, receipt.layout) == ("RWG", "2008-06", "op", "openpbc-cds")
    assert (receipt.lines, receipt.unparsed, receipt.already, receipt.superseded) == (3, 0, False, "")
    (held,) = reads.submissions(PLACE, JUNE)
    assert (held.sha256, held.file_name, held.superseded) == (receipt.sha256, "RWG_2008-06_op.csv", False)
    (event,) = audit.events(action="activity.")
    assert (event.action, event.subject) == ("activity.receive", f"submission/{PLACE}/{receipt.sha256}")


@pytest.mark.parametrize("stream", ["apc", "op", "ae"])
def test_a_file_with_another_name_is_told_by_its_lines(receive, tmp_path: Path, stream: str) -> None:
    receipt = receive(write(tmp_path, stream, name="extract.csv"))
    assert (receipt.provider, receipt.month, receipt.stream) == ("RWG", "2008-06", stream)


def test_what_the_sender_says_comes_first(receive, tmp_path: Path) -> None:
    mixed = [*rows("op"), {**rows("op", 1)[0], "cds_unique_id": "K9", "appointment_date": "2008-05-30"}]
    receipt = receive(write(tmp_path, "op", mixed), provider="RWG00", month=Month(2008, 5), layout="openpbc-cds")
    assert (receipt.provider, receipt.month) == ("RWG", "2008-05")


def test_the_same_file_twice_changes_nothing_and_says_so(receive, tmp_path: Path) -> None:
    first = receive(write(tmp_path, "op"))
    before = state()
    again = receive(write(tmp_path, "op", name="RWG_2008-06_op.csv"))
    assert again.already and again.sha256 == first.sha256 and again.received_at == first.received_at
    assert "received before; nothing changed" in again.sentence
    assert state() == before


def test_the_same_file_under_another_month_is_refused(receive, tmp_path: Path) -> None:
    path = write(tmp_path, "op")
    receive(path)
    before = state()
    for said in ({"month": Month(2008, 7)}, {"provider": "RWH"}, {"layout": "hes-op"}):
        with pytest.raises(UserError, match="was received before with the"):
            receive(path, **said)
    assert state() == before


def test_a_later_file_supersedes_the_former_and_its_retry_does_not(receive, tmp_path: Path) -> None:
    first = receive(write(tmp_path, "op", rows("op", 3)))
    second = receive(write(tmp_path, "op", rows("op", 4)))
    assert second.superseded == first.sha256
    assert receive(write(tmp_path, "op", rows("op", 3))).already
    held = {one.sha256: one for one in reads.submissions(PLACE, JUNE)}
    assert held[first.sha256].superseded_by == second.sha256
    assert not held[second.sha256].superseded
    found = reads.checked(PLACE, first.sha256)
    assert (found.lines, found.excluded) == (3, 3)
    assert found.reasons == (("excluded", "superseded", 3),)


def test_other_providers_months_and_streams_stand_beside_each_other(receive, tmp_path: Path) -> None:
    receive(write(tmp_path, "op"))
    receive(write(tmp_path, "ae"))
    receive(write(tmp_path, "op", rows("op", provider="RWH"), "RWH_2008-06_op.csv"))
    receive(write(tmp_path, "op", rows("op", appointment_date="2008-07-02"), "RWG_2008-07_op.csv"))
    assert [one.superseded for one in reads.submissions(PLACE)] == [False] * 4


def test_two_current_files_of_one_kind_are_refused_by_the_database(receive, tmp_path: Path) -> None:
    from django.db import IntegrityError, transaction

    receive(write(tmp_path, "op"))
    row = models.Submission.objects.get()
    row.pk, row.sha256 = None, "0" * 64
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_a_landed_file_that_was_lost_is_landed_again(receive, tmp_path: Path) -> None:
    import shutil

    path = write(tmp_path, "op")
    first = receive(path)
    shutil.rmtree(reads.store().landed / first.sha256)
    assert receive(path).already
    assert landing.landed(reads.store(), first.sha256) is not None


def test_a_landed_file_that_was_never_remembered_is_remembered(receive, tmp_path: Path) -> None:
    path = write(tmp_path, "op")
    receive(path)
    models.Submission.objects.all().delete()
    assert not receive(path).already
    assert len(reads.submissions(PLACE)) == 1


@pytest.mark.parametrize("kind", bad_files.BAD_FILES)
def test_a_bad_file_is_refused_in_one_sentence_and_leaves_nothing(receive, tmp_path: Path, kind: str) -> None:
    make, word = bad_files.BAD_FILES[kind]
    folder = tmp_path / "sent"
    folder.mkdir()
    path, before = make(folder), state()
    with pytest.raises(UserError) as raised:
        receive(path)
    said = raised.value
    assert any(part in said.sentence for part in word.split("|")), said.sentence
    assert said.where or "place" in said.sentence, "where it is must be said"
    assert said.do, "what to do must be said"
    assert "\n" not in said.sentence and len(said.sentence) < 400
    assert state() == before


@pytest.mark.parametrize("kind", bad_files.BAD_CLAIMS)
def test_a_bad_claim_is_refused_in_one_sentence_and_leaves_nothing(receive, tmp_path: Path, kind: str) -> None:
    claim, word = bad_files.BAD_CLAIMS[kind]
    path, before = write(tmp_path, "op"), state()
    with pytest.raises(UserError) as raised:
        month = claim.get("month")
        receive(path, **{**claim, **({"month": Month.parse(month)} if month else {})})
    assert word in raised.value.sentence and raised.value.do
    assert state() == before


def test_another_place_knows_other_providers(receive, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no provider 'RWG' in Bedfordshire, Luton and Milton Keynes"):
        receive(write(tmp_path, "op"), place="blmk-2023")


def test_lines_that_do_not_fit_are_rejected_with_findings_and_can_be_read(receive, tmp_path: Path) -> None:
    path = write(tmp_path, "op", rows("op", 5))
    lines = path.read_text().splitlines()
    lines[2] = lines[2] + ",one more"
    lines[4] = ""
    path.write_text("\n".join(lines))
    receipt = receive(path)
    assert (receipt.lines, receipt.unparsed) == (5, 2)
    found = reads.checked(PLACE, receipt.sha256)
    assert (found.accepted, found.rejected, found.excluded) == (3, 2, 0)
    assert found.reasons == (("rejected", "L-01", 1), ("rejected", "L-02", 1))
    marks = [(one.rule, one.place.line, one.level.value) for one in reads.findings(PLACE, receipt.sha256)]
    assert marks == [("L-04", 0, "W"), ("L-02", 2, "F"), ("L-01", 4, "F")]
    odd, good = reads.records(PLACE, receipt.sha256, [1, 2], identities=True)[::-1]
    assert odd == {"line": 2, "problem": "wrong number of columns", "text": lines[2]}
    assert good["line"] == 1 and good["attendance_id"] == "N1"


def test_unknown_columns_are_kept(receive, tmp_path: Path) -> None:
    path = write(tmp_path, "op")
    header, *lines = path.read_text().splitlines()
    path.write_text("\n".join([f"{header},local note", *(f"{line},kept" for line in lines)]) + "\n")
    receipt = receive(path)
    assert reads.records(PLACE, receipt.sha256, [2], identities=True)[0]["local note"] == "kept"


def test_a_file_is_found_by_the_start_of_its_hash(receive, tmp_path: Path) -> None:
    receipt = receive(write(tmp_path, "op"))
    assert reads.submission(PLACE, receipt.sha256[:12]).sha256 == receipt.sha256
    for wrong in ("abc", "zzzzzz", "f" * 64, "../etc"):
        with pytest.raises(UserError):
            reads.submission(PLACE, wrong)
