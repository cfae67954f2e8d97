"""Anybody may keep the head of each day, and what was kept shows whether the log was cut or written anew since."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from openpbc import audit
from openpbc.audit import reads, recording
from openpbc.audit.chain import FIELDS, GENESIS, Head, event_hash, verify
from openpbc.audit.models import AuditEvent, ChainHead
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.site.cli import main
from tests.integration.audit.conftest import guards_off

__all__ = ["guards_off"]
pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
TODAY = datetime.now(UTC).date()


@audit.action("test.note_down")
def note_down(*, by: Actor, what: str) -> None:
    audit.note(subject=f"note/{what}", after={"what": what})


@pytest.fixture
def three_days(monkeypatch: pytest.MonkeyPatch) -> dict[date, Head]:
    """Two events on each of two days, then one today; the head at the end of each day."""
    ends = {}
    for ago in (9, 1, 0):
        day = TODAY - timedelta(days=ago)

        class Then(datetime):
            @classmethod
            def now(cls, tz=None, day=day):
                return datetime(day.year, day.month, day.day, 23, 59, 59, 999_999, tzinfo=tz)

        monkeypatch.setattr(recording, "datetime", Then)
        for number in range(2 if ago else 1):
            note_down(by=SYSTEM, what=f"{ago} {number}")
        ends[day] = reads.head()
    return ends


def test_each_day_that_is_over_has_its_last_event(three_days: dict[date, Head]) -> None:
    first, second, today = three_days
    told = [(each.day, each.head) for each in reads.daily_heads(TODAY, 31)]
    assert told == [(second, three_days[second]), (first, three_days[first])], "today may still change"
    assert [each.day for each in reads.daily_heads(TODAY, 3)] == [second]
    assert reads.daily_heads(TODAY + timedelta(days=1), 1)[0].head == three_days[today] == reads.head()


def test_days_are_found_without_reading_the_whole_log(three_days: dict[date, Head]) -> None:
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, AuditEvent._meta.db_table)
    assert any(each["index"] and each["columns"] == ["at"] for each in indexes.values())


def test_page_and_feed_tell_everybody_the_same_heads(client, three_days: dict[date, Head]) -> None:
    first, second, _ = three_days
    page = client.get("/log/heads")
    feed = client.get("/log/heads.atom")
    assert page.status_code == feed.status_code == 200
    assert feed["Content-Type"] == "application/atom+xml; charset=utf-8"
    entries = ET.fromstring(feed.content).findall(f"{ATOM}entry")
    assert [each.findtext(f"{ATOM}summary") for each in entries] == [str(three_days[second]), str(three_days[first])]
    assert all(str(three_days[day]) in page.content.decode() for day in (first, second))
    ids = [each.findtext(f"{ATOM}id") for each in entries]
    assert len(set(ids)) == 2 and ids[1].endswith(f"#{first.isoformat()}")
    assert feed.content == client.get("/log/heads.atom").content, "an entry never changes"


def test_a_kept_feed_shows_a_cut_that_the_log_itself_does_not(
    client, three_days: dict[date, Head], tmp_path: Path, guards_off, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "heads.atom"
    kept.write_bytes(client.get("/log/heads.atom").content)
    assert main(["audit", "verify", "--kept", str(kept)]) == 0
    with guards_off():
        AuditEvent.objects.filter(sequence__gte=4).delete()
        left = AuditEvent.objects.get(sequence=3)
        ChainHead.objects.update(sequence=3, hash=left.hash)
        assert main(["audit", "verify"]) == 0, "an operator who moves the head as well leaves a chain that fits"
        with pytest.raises(SystemExit) as broken:
            main(["audit", "verify", "--kept", str(kept)])
    assert broken.value.code == 1
    assert "the anchored event 4 is missing" in capsys.readouterr().out


def test_a_file_without_heads_is_a_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.txt").write_text("nothing 12:abc")
    assert main(["audit", "verify", "--kept", str(tmp_path / "empty.txt")]) == 2
    assert "the file holds no head" in capsys.readouterr().err


def test_the_shell_tells_the_same(three_days: dict[date, Head], capsys: pytest.CaptureFixture[str]) -> None:
    first, second, _ = three_days
    assert main(["audit", "heads"]) == 0
    told = capsys.readouterr().out.split()
    assert told == [second.isoformat(), str(three_days[second]), first.isoformat(), str(three_days[first])]


def test_two_heads_kept_for_one_event_must_both_be_its_own() -> None:
    event = dict.fromkeys(FIELDS, "x") | {"sequence": 1, "previous_hash": GENESIS}
    event["hash"] = event_hash(event, GENESIS)
    true, false = Head(1, str(event["hash"])), Head(1, "f" * 64)
    assert verify([event], true, [true, true]).intact
    assert not verify([event], true, [false, true]).intact
    assert not verify([event], true, [true, false]).intact


def test_heads_are_found_in_any_text() -> None:
    digest = "ab" * 32
    assert Head.found_in(f"<summary>12:{digest}</summary> 12:{digest} 7:{digest}") == (
        Head(7, digest),
        Head(12, digest),
    )
    assert Head.found_in(f"x12:{digest} 12:{digest}0 12:{digest.upper()}") == ()
