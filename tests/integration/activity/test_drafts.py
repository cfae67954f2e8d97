"""A file on its way: looked at, checked, priced, compared; then received or taken back, and nothing is left behind."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from openpbc.activity import actions, models, reads
from openpbc.activity.actions import drafts, receiving
from openpbc.activity.actions.drafts import plain_name
from openpbc.activity.flow import reading
from openpbc.activity.flow.canonical import CONTRACT, EVERY, FIELDS
from openpbc.activity.flow.comparing import FALLBACK_KEYS
from openpbc.activity.flow.receiving import Claim
from openpbc.activity.reads.mending import to_mend
from openpbc.activity.rules.versions import WAITING, Change
from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.warehouse import landing
from tests.integration.activity.test_contract_monitoring import TOTAL, contract_file
from tests.unit.activity.rows import PLACE, rows, write

pytestmark = pytest.mark.django_db
# What is left in folders goes when the database has said that it may: a test that looks at them waits for that.
Kept = Callable[[], AbstractContextManager[Any]]
ANALYST = Actor("1", "An analyst")


@pytest.fixture(autouse=True)
def here(settings, place) -> None:
    settings.DRAFTS_WORK_HERE = True


@pytest.fixture
def kept(django_capture_on_commit_callbacks) -> Kept:
    return lambda: django_capture_on_commit_callbacks(execute=True)


def opened(path: Path, **said: Any) -> reads.Draft:
    scope = said.pop("scope", "")
    code = actions.open_draft(
        by=said.pop("by", ANALYST), place=PLACE, scope=scope, name=path.name, content=[path.read_bytes()], **said
    )
    return reads.draft(PLACE, scope, code)


def everything() -> tuple[list[str], list[Any], list[Any]]:
    home = reads.store().root.parent
    files = sorted(str(path.relative_to(home)) for path in home.rglob("*"))
    return files, list(models.Submission.objects.values()), list(models.Draft.objects.values())


def test_a_draft_says_what_would_become_of_a_file(receive, tmp_path: Path) -> None:
    receive(write(tmp_path, "op", rows("op", 4)))
    changed = rows("op", 5)[1:]
    changed[0] = {**changed[0], "first_attendance": "2"}
    found = opened(write(tmp_path, "op", changed))
    assert found.state == "ready" and found.look is not None and found.preview is not None
    assert (found.look.provider, found.look.month, found.look.stream, found.look.lines) == ("RWG", "2008-06", "op", 4)
    shown = found.preview
    assert (shown.lines, shown.accepted, shown.rejected, shown.excluded) == (4, 4, 0, 0)
    assert shown.records is not None
    assert (shown.records.new, shown.records.changed, shown.records.removed, shown.records.unchanged) == (1, 1, 1, 2)
    assert shown.records.fields == (("first_attendance", 1),)
    (seen,) = shown.records.changes
    assert (seen.line, seen.present_line, seen.field, seen.was, seen.now) == (
        1,
        2,
        "first_attendance",
        "1",
        "2",
    )
    assert not shown.unpriced
    assert reads.submissions(PLACE)[0].superseded is False, "nothing counts yet"


def test_what_is_cancelled_leaves_nothing_but_the_logs_word(tmp_path: Path, kept: Kept) -> None:
    before = everything()
    found = opened(write(tmp_path, "op"))
    assert found.folder.is_dir()
    with kept():
        actions.cancel_draft(by=ANALYST, place=PLACE, scope="", code=found.code)
        assert found.folder.is_dir(), "what may still be rolled back is not deleted"
    files, *held = everything()
    assert held == list(before[1:])
    assert [path for path in files if path != "drafts"] == before[0]
    assert [event.action for event in audit.events(action="activity.")] == [
        "activity.cancel_draft",
        "activity.open_draft",
    ]
    with pytest.raises(Stale, match="An analyst took it back on"):
        actions.cancel_draft(by=ANALYST, place=PLACE, scope="", code=found.code)


def test_what_is_received_counts_and_its_draft_is_gone(receive, tmp_path: Path, kept: Kept) -> None:
    first = receive(write(tmp_path, "op", rows("op", 3)))
    found = opened(write(tmp_path, "op", rows("op", 4)))
    assert found.preview is not None and found.preview.present == first.sha256
    with kept():
        receipt = actions.receive_draft(by=ANALYST, place=PLACE, scope="", code=found.code, seen=first.sha256)
        assert found.folder.is_dir(), "what may still be rolled back is not deleted"
    assert (receipt.superseded, receipt.lines) == (first.sha256, 4)
    assert landing.landed(reads.store(), receipt.sha256) is not None
    assert not found.folder.exists() and reads.drafts(PLACE, "") == []
    assert reads.checked(PLACE, receipt.sha256).accepted == 4
    events = audit.events(limit=2)
    assert {event.action for event in events} == {"activity.receive_draft", "activity.receive_accepted"}
    assert len({event.root_id for event in events}) == 1
    with pytest.raises(UserError, match="not waiting any more"):
        actions.receive_draft(by=ANALYST, place=PLACE, scope="", code=found.code, seen="")


def test_a_file_that_was_overtaken_is_told_by_whom(receive, tmp_path: Path) -> None:
    found = opened(write(tmp_path, "op", rows("op", 4)))
    receive(write(tmp_path, "op", rows("op", 2)))
    with pytest.raises(Stale, match=r"OpenPBC itself sent RWG_2008-06_op.csv on .*, after this one was checked"):
        actions.receive_draft(by=ANALYST, place=PLACE, scope="", code=found.code, seen="")
    assert len(reads.submissions(PLACE)) == 1 and len(reads.drafts(PLACE, "")) == 1
    actions.check_again(by=ANALYST, place=PLACE, scope="", code=found.code)
    again = reads.draft(PLACE, "", found.code)
    assert again.preview is not None and again.preview.records is not None and again.preview.records.unchanged == 2
    actions.receive_draft(by=ANALYST, place=PLACE, scope="", code=found.code, seen=again.preview.present)
    assert len(reads.submissions(PLACE)) == 2


def test_a_file_that_comes_in_after_the_question_was_asked_is_seen_too(receive, tmp_path: Path, monkeypatch) -> None:
    found = opened(write(tmp_path, "op", rows("op", 4)))
    other = receive(write(tmp_path, "op", rows("op", 2)))
    monkeypatch.setattr(drafts, "current", lambda *asked: None)  # as it was when the question was asked
    with pytest.raises(Stale, match=r"OpenPBC itself sent RWG_2008-06_op.csv on .*, after this one was checked"):
        actions.receive_draft(by=ANALYST, place=PLACE, scope="", code=found.code, seen="")
    (standing,) = reads.submissions(PLACE)
    assert (standing.sha256, standing.current) == (other.sha256, True) and len(reads.drafts(PLACE, "")) == 1


def test_a_file_that_waits_for_a_decision_replaces_nothing_and_is_taken(receive, tmp_path: Path, monkeypatch) -> None:
    first = receive(write(tmp_path, "op", rows("op", 2)))
    found = opened(write(tmp_path, "op", rows("op", 4)))
    monkeypatch.setattr(receiving, "received", lambda *asked: Change(WAITING))
    receipt = actions.receive_draft(by=ANALYST, place=PLACE, scope="", code=found.code, seen=first.sha256)
    assert receipt.waits and reads.submission(PLACE, first.sha256).current


def test_a_draft_says_whether_the_file_would_wait_as_receiving_it_then_does(receive, tmp_path: Path) -> None:
    """The freeze of June 2008 is long over: a first file counts all the same, and one after it waits."""
    book = organisations.book(PLACE)
    for number, waits in ((2, False), (4, True)):
        if waits:
            arrived = datetime(2008, 8, 20, 9, tzinfo=UTC)
            receive(write(tmp_path, "ae", rows("ae", 1)), arrived=arrived)
        found = opened(write(tmp_path, "ae" if waits else "op", rows("ae" if waits else "op", number)))
        assert found.preview is not None and reads.would_wait(book, found.preview) is waits
        receipt = actions.receive_draft(by=ANALYST, place=PLACE, scope="", code=found.code, seen=found.preview.present)
        assert receipt.waits is waits


def test_a_draft_counts_the_care_that_gets_no_price(receive, tmp_path: Path) -> None:
    """A price that is missing adds nothing to the sums, and so is said beside them."""
    listed = rows("apc", 4)
    listed[0]["hrg_spell"], listed[1]["hrg_spell"], listed[1]["hrg_fce"] = "f71", "", ""
    found = opened(write(tmp_path, "apc", listed))
    assert found.preview is not None and found.preview.accepted == 4
    assert found.preview.without_price == (("X-NOPRICE", 2), ("N-FORMAT", 1), ("N-HRG", 1))


def test_no_transaction_is_open_while_a_file_is_read(tmp_path: Path, monkeypatch) -> None:
    found = opened(write(tmp_path, "op"))
    outer, read = len(connection.savepoint_ids), []
    surveyed = reading.surveyed

    def watched(path: Path) -> Any:
        read.append(len(connection.savepoint_ids) - outer)
        return surveyed(path)

    monkeypatch.setattr(reading, "surveyed", watched)
    actions.receive_draft(by=ANALYST, place=PLACE, scope="", code=found.code, seen="")
    assert read == [0]


def test_what_is_sent_lies_in_folders_of_its_own(tmp_path: Path) -> None:
    found = opened(write(tmp_path, "op"))
    for folder in (found.folder.parent, found.folder, found.sent.parent):
        assert folder.stat().st_mode & 0o777 == 0o700, folder


def test_strays_that_another_request_clears_meanwhile_are_no_mistake(tmp_path: Path, monkeypatch, kept: Kept) -> None:
    stray = opened(write(tmp_path, "op")).folder.parent / "0123456789ab"
    stray.mkdir()

    def cleared(folder: Path) -> bool:
        if folder == stray:
            folder.rmdir()
        return False

    monkeypatch.setattr(drafts, "is_working", cleared)
    with kept():
        actions.sweep_drafts(by=SYSTEM)
    assert not stray.exists()


@pytest.mark.parametrize("stream", CONTRACT)
def test_files_of_contract_monitoring_are_checked_too(receive, tmp_path: Path, stream: str) -> None:
    line = TOTAL | {"pod": "COMM", "tfc": "650", "activity": "2", "price": "60", "mff": "3.50", "total_cost": "12"}
    line |= {"activity_date": "2008-06-05", "item_name": "an item"}
    first = receive(contract_file(tmp_path, stream, [line, line | {"pod": "DRUG", "item_name": "another"}]))
    later = line | {"created_at": "2008-08-10T09:00:00", "price": "70", "total_cost": "13"}
    named = contract_file(tmp_path, stream, [later])
    found = opened(named.rename(tmp_path / "june.csv"))  # its lines tell whose it is
    assert found.look is not None and (found.look.provider, found.look.month) == ("RWG", "2008-06")
    assert found.state == "ready" and found.preview is not None, found.sentence
    assert found.preview.present == first.sha256 and found.preview.records is not None
    compared = found.preview.records
    assert (compared.new, compared.changed, compared.removed, compared.unchanged) == (0, 1, 1, 0)
    assert to_mend(PLACE, first.sha256).known_by, "and its lines can be mended"


def test_records_of_every_stream_are_known_by_something() -> None:
    assert FALLBACK_KEYS.keys() == set(EVERY)
    assert all(set(keys) <= set(FIELDS[stream]) for stream, keys in FALLBACK_KEYS.items())


def test_a_provider_sends_its_own_files_only(tmp_path: Path) -> None:
    with_others = opened(write(tmp_path, "op", rows("op", provider="RWH"), "RWH_2008-06_op.csv"), scope="RWG")
    assert with_others.state == "refused" and "no line names the provider RWG" in with_others.sentence
    own = opened(write(tmp_path, "op"), scope="RWG")
    assert own.state == "ready"
    for scope in ("", "RWH"):
        with pytest.raises(UserError, match="not waiting any more"):
            reads.draft(PLACE, scope, own.code)


def test_everybody_has_so_many_slots_and_old_drafts_go(settings, tmp_path: Path, kept: Kept) -> None:
    settings.DRAFTS_EACH = 2
    first = opened(write(tmp_path, "op"))
    opened(write(tmp_path, "ae"))
    with pytest.raises(UserError, match="2 files of yours wait already"):
        opened(write(tmp_path, "apc"))
    assert opened(write(tmp_path, "apc"), by=Actor("2", "Another")).state == "ready"
    assert len(list(first.folder.parent.iterdir())) == 3, "the refused one left no folder"
    settings.DRAFT_HOURS = 0
    assert reads.drafts(PLACE, "") == []
    with kept():
        assert actions.sweep_drafts(by=SYSTEM) == 3
    assert not models.Draft.objects.exists() and list(first.folder.parent.iterdir()) == []
    assert actions.sweep_drafts(by=SYSTEM) == 0


def test_names_that_senders_give_are_only_names(tmp_path: Path) -> None:
    content = write(tmp_path, "op").read_bytes()
    for name in ("../../RWG_2008-06_op.csv", "C:\\data\\RWG_2008-06_op.csv", "/etc/RWG_2008-06_op.csv"):
        code = actions.open_draft(by=ANALYST, place=PLACE, scope="", name=name, content=[content], claim=Claim())
        assert reads.draft(PLACE, "", code).file_name == "RWG_2008-06_op.csv"
    assert (plain_name(".."), plain_name("\0")) == ("file.csv", "_")


@pytest.mark.parametrize("measure", ["activity", "charge", "price"])
def test_every_figure_of_the_effect_is_explained(receive, tmp_path: Path, measure: str) -> None:
    from openpbc.activity.reads import draft_effect
    from openpbc.kernel.steps import recompute
    from openpbc.organisations.reads import Assignment, Viewer

    receive(write(tmp_path, "op", rows("op", 4)))
    changed = [{**row, "first_attendance": "2" if row["cds_unique_id"] == "K2" else "1"} for row in rows("op", 6)]
    found = opened(write(tmp_path, "op", changed))
    analyst = Viewer(ANALYST, (Assignment("analyst", PLACE),), signed_in=True)
    assert found.preview is not None and found.preview.effect
    for figure in draft_effect.FIGURES:
        for pod, unit in [("all", "all"), *((row.pod, row.unit) for row in found.preview.effect)]:
            where = draft_effect.address(found, pod, unit, f"{figure}{measure}")
            told = draft_effect.explain_effect(where, analyst)
            assert recompute(told) == told.value
    assert draft_effect.total(found, "effect-activity") == 2
    stranger = Viewer(Actor("3", "x"), (Assignment("provider_lead", PLACE, "provider", "RWG"),), signed_in=True)
    with pytest.raises(UserError, match="names no figure"):
        draft_effect.explain_effect(draft_effect.address(found, "all", "all", "price"), stranger)
