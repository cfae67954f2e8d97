"""Time stamps of the log's head: what an authority may answer, what is kept, and which attacks on the log they show."""

from __future__ import annotations

import json
import random
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from openpbc import audit
from openpbc.audit import actions, asking, reads, stamps, tokens
from openpbc.audit.chain import GENESIS, Head, event_hash
from openpbc.audit.models import AuditEvent, ChainHead, Stamp, StampTrouble
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError
from openpbc.site import portable, stamping
from openpbc.site.cli import main
from tests.integration.audit.authority import Authority, Said, answering, authority, replace
from tests.integration.audit.conftest import guards_off

__all__ = ["guards_off"]
pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@audit.action("test.close_something")
def close_something(*, by: Actor, what: str) -> None:
    audit.note(subject=f"month/{what}", after={"closed": what})


@audit.action("test.write_something")
def write_something(*, by: Actor, what: str) -> None:
    audit.note(subject=f"note/{what}", after={"what": what})


@cache
def made(name: str = "SYNTHETIC time stamps", **how: object) -> Authority:
    return authority(name, **how)  # type: ignore[arg-type]


@dataclass
class Site:
    """An installation that knows an authority."""

    authority: Authority
    folder: Path


@pytest.fixture
def site(settings, tmp_path: Path) -> Iterator[Site]:
    signs = replace(made(), asked=[])
    with answering(signs) as address:
        settings.TSA, settings.TSA_CERTIFICATES = address, str(signs.trusted_in(tmp_path))
        settings.TSA_MINUTES, settings.STAMPED_ACTS = 60, ("test.close_something",)
        write_something(by=SYSTEM, what="first")
        yield Site(signs, tmp_path)


def stamped_at(head: Head, at: datetime, signs: Authority | None = None) -> None:
    """Keep a stamp that was given at another time than now."""
    said = Said(tokens.imprint(head), None, at)
    answer = (signs or made()).response(said)
    assert actions.keep_stamp(by=SYSTEM, head=head, at=at, authority="127.0.0.1", answer=answer)


# --- a good stamp


def test_a_stamp_is_kept_with_one_event_and_holds(site: Site) -> None:
    before = reads.head()
    given = asking.stamp(SYSTEM)
    assert given and given.head == before and abs(given.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert len(site.authority.asked) == 1
    event = reads.events(limit=1)[0]
    assert (event.action, event.subject) == ("audit.keep_stamp", f"stamp/{before.sequence}")
    assert reads.head().sequence == before.sequence + 1, "the stamp's own event follows the head that was stamped"
    found = stamps.check()
    assert (found.count, found.signatures, found.problems, found.gaps) == (1, True, (), ())
    assert reads.verify().intact


def test_a_run_is_one_question_and_its_own_event_asks_for_none(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "stamp", "--due"]) == 0
    for _ in range(3):
        assert main(["audit", "stamp", "--due"]) == 0
    assert len(site.authority.asked) == 1
    assert capsys.readouterr().out.count("Nothing is to be stamped.") == 3
    assert main(["audit", "stamp"]) == 0
    assert len(site.authority.asked) == 2, "without --due a quiet hour is stamped as well"
    assert Stamp.objects.count() == 2


def test_another_run_that_was_first_keeps_its_stamp(site: Site) -> None:
    head = reads.head()
    stamped_at(head, datetime.now(UTC).replace(microsecond=0))
    at = datetime.now(UTC)
    after = reads.head()
    assert not actions.keep_stamp(by=SYSTEM, head=head, at=at, authority="x", answer=b"later")
    assert reads.head() == after, "nothing changed, so there is no event"
    assert stamps.answer(head.sequence) != b"later"


def test_an_empty_log_has_nothing_to_stamp(settings, tmp_path: Path) -> None:
    signs = replace(made(), asked=[])
    with answering(signs) as address:
        settings.TSA, settings.TSA_CERTIFICATES = address, str(signs.trusted_in(tmp_path))
        assert asking.stamp(SYSTEM) is None
    assert signs.asked == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not on PATH")
def test_openssl_verifies_what_is_exported(site: Site, client) -> None:
    given = asking.stamp(SYSTEM)
    assert given
    folder = site.folder / "kept"
    assert main(["audit", "stamps", "--export", str(folder)]) == 0
    number = given.head.sequence
    assert (folder / f"{number}.txt").read_text() == str(given.head)
    page = client.get(f"/log/stamps/{number}.tsr")
    assert page.content == (folder / f"{number}.tsr").read_bytes()
    assert page["Content-Type"] == "application/timestamp-reply"
    command = [
        "openssl",
        "ts",
        "-verify",
        "-in",
        str(folder / f"{number}.tsr"),
        "-CAfile",
        str(site.folder / "authority.pem"),
    ]
    good = run([*command, "-data", str(folder / f"{number}.txt")])
    assert good.returncode == 0 and "Verification: OK" in good.stdout + good.stderr, good.stderr
    (folder / "other.txt").write_text(f"{number}:{'0' * 64}")
    assert run([*command, "-data", str(folder / "other.txt")]).returncode != 0


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True)


# --- what an authority may answer instead


def says(**wrong: object) -> Callable[[Authority], Authority]:
    return lambda signs: replace(signs, change=lambda said: replace(said, **wrong))


def sends(answer: Callable[[bytes, Authority], bytes]) -> Callable[[Authority], Authority]:
    def changed(signs: Authority) -> Authority:
        plain = replace(signs)
        return replace(signs, answer=lambda asked: answer(asked, plain))

    return changed


WRONG: dict[str, tuple[Callable[[Authority], Authority], str]] = {
    "a stamp of something else": (says(imprint=bytes(32)), "it is a stamp of something else"),
    "another hash": (says(hash="2.16.840.1.101.3.4.2.8"), "it is a stamp of something else"),
    "the answer to another question": (says(nonce=5), "it answers another question"),
    "an answer without the number of the question": (says(nonce=None), "it answers another question"),
    "a refusal": (says(status=2, words="no service\nafter hours"), "refused (rejection): no service after hours"),
    "a promise": (says(status=3), "refused (waiting)"),
    "a stamp with changes": (says(status=1), "refused (granted with mods)"),
    "an unknown status": (says(status=77), "no answer of the time-stamp protocol"),
    "a clock that is wrong": (says(at=datetime.now(UTC) - HOUR), "differ by more than 5 minutes"),
    "a foreign certificate": (lambda _: made("somebody else"), "its signature does not hold"),
    "an expired certificate": (
        sends(lambda asked, _: made(ends=timedelta(days=-1)).reply(asked)),
        "signature does not",
    ),
    "a certificate for servers": (
        sends(lambda asked, _: made(usage=ExtendedKeyUsageOID.SERVER_AUTH).reply(asked)),
        "signature does not",
    ),
    "no certificate": (lambda signs: replace(signs, sends_certificate=False), "its signature does not hold"),
    "a changed stamp": (
        sends(lambda asked, signs: signs.reply(asked).replace(b"\x18\x0f20", b"\x18\x0f19")),
        "its signature does not hold",
    ),
    "rubbish": (sends(lambda asked, _: b"<html>hello</html>"), "no answer of the time-stamp protocol"),
    "nothing": (sends(lambda asked, _: b""), "no answer of the time-stamp protocol"),
    "half an answer": (sends(lambda asked, signs: signs.reply(asked)[:700]), "no answer of the time-stamp protocol"),
    "an endless answer": (sends(lambda asked, _: bytes(1 << 19)), "too long or too slow"),
    "an error": (lambda signs: replace(signs, code=500), "answers with 500"),
    "the way to elsewhere": (lambda signs: replace(signs, code=302), "answers with 302"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_not_kept_and_told(name: str, settings, tmp_path: Path) -> None:
    change, told = WRONG[name]
    write_something(by=SYSTEM, what="first")
    settings.TSA_CERTIFICATES = str(made().trusted_in(tmp_path))
    with answering(change(replace(made(), asked=[]))) as address:
        settings.TSA = address
        for _ in range(2):
            with pytest.raises(UserError) as problem:
                asking.stamp(SYSTEM)
    assert told in problem.value.sentence
    assert problem.value.sentence.startswith("no stamp was given: ") and "run it again later" in problem.value.sentence
    assert not Stamp.objects.exists()
    assert StampTrouble.objects.count() == 1, "the same trouble is written down once"
    standing = stamps.standing(datetime.now(UTC))
    assert standing.late and told in " ".join(standing.sentences)


def test_an_authority_that_is_silent_costs_little_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.3)
    site.authority.delay = threading.Event()
    before = datetime.now(UTC)
    with pytest.raises(UserError, match="does not answer"):
        asking.stamp(SYSTEM)
    assert datetime.now(UTC) - before < timedelta(seconds=5)


def test_an_authority_that_is_not_there_is_told(site: Site, settings) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        settings.TSA = f"http://127.0.0.1:{held.getsockname()[1]}/tsa"
    with pytest.raises(UserError, match="127.0.0.1 does not answer"):
        asking.stamp(SYSTEM)


def test_trouble_is_over_with_the_next_stamp_and_may_come_again(site: Site) -> None:
    site.authority.code = 500
    with pytest.raises(UserError):
        asking.stamp(SYSTEM)
    site.authority.code = 200
    assert asking.stamp(SYSTEM)
    assert stamps.standing(datetime.now(UTC)).trouble == ""
    site.authority.code = 500
    with pytest.raises(UserError):
        asking.stamp(SYSTEM)
    assert StampTrouble.objects.count() == 2 and stamps.standing(datetime.now(UTC)).trouble


def test_changed_answers_never_say_something_else() -> None:
    """Thousands of random changes: each is refused, or the answer still says the same (some bytes mean nothing)."""
    signs, chance, refused, same = made(), random.Random(3161), 0, 0
    head = Head(12, "ab" * 32)
    good = signs.response(Said(tokens.imprint(head), None, datetime(2026, 11, 1, tzinfo=UTC)))
    token = tokens.check(good, tokens.imprint(head), signs.pem)
    for _ in range(1500):
        changed, place = bytearray(good), chance.randrange(len(good))
        match chance.randrange(4):
            case 0:
                changed[place] ^= 1 << chance.randrange(8)
            case 1:
                del changed[place]
            case 2:
                del changed[place:]
            case 3:
                changed.insert(place, chance.randrange(256))
        try:
            assert tokens.check(bytes(changed), tokens.imprint(head), signs.pem) == token
            same += 1
        except tokens.Refused:
            refused += 1
    assert refused + same == 1500 and refused > 1450


# --- nothing set


def test_without_an_authority_nothing_is_sent_and_everybody_is_told(settings, client, capsys) -> None:
    settings.TSA = settings.TSA_CERTIFICATES = ""
    write_something(by=SYSTEM, what="first")
    before = reads.head()
    for words in (["audit", "stamp"], ["audit", "stamp", "--due"]):
        assert main(words) == 2
        assert "OPENPBC_TSA, OPENPBC_TSA_CERTIFICATES not set" in capsys.readouterr().err
    standing = stamps.standing(datetime.now(UTC))
    assert not standing.late
    page = client.get("/log/heads").content.decode()
    assert "No time-stamping authority is asked: OPENPBC_TSA, OPENPBC_TSA_CERTIFICATES not set." in page
    assert "No head was stamped yet." in page
    assert reads.head() == before
    assert client.get("/log/stamps/1.tsr").status_code == 404


def test_an_authority_without_certificates_is_not_asked(site: Site, settings) -> None:
    settings.TSA_CERTIFICATES = ""
    with pytest.raises(UserError, match="OPENPBC_TSA_CERTIFICATES not set"):
        asking.stamp(SYSTEM)
    assert site.authority.asked == []


def test_certificates_that_cannot_be_read_are_a_mistake(site: Site, settings, client, capsys) -> None:
    assert asking.stamp(SYSTEM)
    for path in (site.folder / "none.pem", site.folder / "empty.pem"):
        if path.stem == "empty":
            path.write_text("nothing")
        settings.TSA_CERTIFICATES = str(path)
        assert main(["audit", "stamp"]) == 2
        assert f"{path}: the certificates of the time-stamping authority cannot be read" in capsys.readouterr().err
        page = client.get("/log/heads")
        assert page.status_code == 200 and "cannot be read" in page.content.decode()
        assert str(path) not in page.content.decode(), "where files lie is nobody else's business"
    assert len(site.authority.asked) == 1


@pytest.mark.parametrize(
    "text", ["tsa.example.org", "file:///etc/passwd", "https://", "https://a:b@c.org", "http://[x"]
)
def test_a_wrong_address_is_a_mistake(text: str) -> None:
    with pytest.raises(UserError, match="OPENPBC_TSA is no address"):
        stamping.address(text)
    assert stamping.address("https://tsa.example.org/tsr") and stamping.address("") == ""


@pytest.mark.parametrize("text", ["0", "-5", "1.5", "an hour", "9999999"])
def test_a_wrong_age_is_a_mistake(text: str) -> None:
    with pytest.raises(UserError, match="OPENPBC_TSA_MINUTES is no number"):
        stamping.minutes(text)
    assert (stamping.minutes(""), stamping.minutes("30")) == (60, 30)


# --- what waits for a stamp


def test_an_act_that_wants_a_stamp_waits_for_the_timer_and_never_for_the_authority(site: Site) -> None:
    assert asking.stamp(SYSTEM)
    site.authority.code = 500
    close_something(by=SYSTEM, what="2008-09")
    write_something(by=SYSTEM, what="ordinary")
    close_something(by=SYSTEM, what="2008-10")
    assert len(site.authority.asked) == 1, "an act asks nobody"
    standing = stamps.standing(datetime.now(UTC))
    assert (standing.due, standing.wanted, standing.late) == (2, True, False)
    assert any(sentence.startswith("2 acts wait for a stamp, since ") for sentence in standing.sentences)
    with pytest.raises(UserError):
        asking.stamp(SYSTEM)
    assert stamps.standing(datetime.now(UTC)).due == 2
    site.authority.code = 200
    assert main(["audit", "stamp", "--due"]) == 0
    standing = stamps.standing(datetime.now(UTC))
    assert (standing.due, standing.wanted) == (0, False)


@pytest.mark.parametrize(
    ("minutes", "wanted", "late"), [(29, False, False), (30, True, False), (60, True, False), (61, True, True)]
)
def test_the_newest_stamp_grows_old(site: Site, client, minutes: int, wanted: bool, late: bool) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    stamped_at(reads.head(), now - timedelta(minutes=minutes))
    standing = stamps.standing(now)
    assert (standing.wanted, standing.late) == (wanted, late)
    assert ("It may be 1 hour old at most." in standing.sentences) is late
    page = client.get("/log/heads").content.decode()
    assert (">Late</strong>" in page) is (late or minutes == 60), "a moment later, an hour has passed"


def test_lengths_of_time_are_told_in_words() -> None:
    told = {0: "0 minutes", 1: "1 minute", 60: "1 hour", 61: "1 hour and 1 minute", 150: "2 hours and 30 minutes"}
    assert {minutes: stamps.in_words(timedelta(minutes=minutes)) for minutes in told} == told
    assert stamps.in_words(timedelta(hours=49)) == "2 days" and stamps.in_words(timedelta(minutes=-3)) == "0 minutes"


# --- attacks on the log


def cut_to(sequence: int) -> None:
    """Cut the tail and move the head, as an operator who may do anything would."""
    AuditEvent.objects.filter(sequence__gt=sequence).delete()
    ChainHead.objects.update(sequence=sequence, hash=AuditEvent.objects.get(sequence=sequence).hash)


def written_anew(sequence: int) -> dict[int, str]:
    """Change an event and hash everything from it on anew, so that the chain fits together again; give the hashes."""
    previous, hashes = GENESIS, {}
    for row in AuditEvent.objects.order_by("sequence"):
        if row.sequence == sequence:
            row.reason = "another reason"
        row.previous_hash = previous
        event = {name: getattr(row, name) for name in vars(row) if not name.startswith("_")}
        row.hash = previous = hashes[row.sequence] = event_hash(event, previous)
        row.save()
    ChainHead.objects.update(hash=previous)
    return hashes


@pytest.fixture
def stamped_twice(site: Site) -> tuple[Site, Head, Head]:
    """Two stamps with events before, between and after them."""
    heads = []
    for name in ("one", "two"):
        write_something(by=SYSTEM, what=name)
        given = asking.stamp(SYSTEM)
        assert given
        heads.append(given.head)
    write_something(by=SYSTEM, what="after the last stamp")
    return site, heads[0], heads[1]


def broken(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        main(["audit", "verify", *words])
    assert stopped.value.code == 1
    return capsys.readouterr().out


def test_a_whole_log_with_its_stamps_verifies(stamped_twice, capsys) -> None:
    assert main(["audit", "verify"]) == 0
    assert "Time stamps kept: 2; 0 do not hold." in capsys.readouterr().out
    assert main(["audit", "verify", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["stamps"] == {"kept": 2, "signatures_checked": True, "problems": [], "gaps": []}


def test_a_cut_beyond_a_stamp_is_found(stamped_twice, capsys, guards_off) -> None:
    _, first, second = stamped_twice
    with guards_off():
        cut_to(second.sequence - 1)
        told = broken(capsys)
    assert f"the anchored event {second.sequence} is missing" in told
    assert f"The stamp of event {second.sequence} does NOT hold: the log no longer holds the event" in told
    assert stamps.check([first.sequence]).problems == ()


def test_a_cut_that_takes_its_stamps_along_is_found_by_a_stamp_kept_outside(stamped_twice, capsys, guards_off) -> None:
    site, first, second = stamped_twice
    kept = site.folder / "kept"
    assert main(["audit", "stamps", "--export", str(kept)]) == 0
    files = [str(kept / f"{head.sequence}.tsr") for head in (first, second)]
    words = [word for file in files for word in ("--stamp", file)]
    assert main(["audit", "verify", *words]) == 0
    assert "The log holds what was stamped in each of the files given (2)." in capsys.readouterr().out
    with guards_off():
        cut_to(second.sequence - 1)
        Stamp.objects.filter(sequence__gte=second.sequence).delete()
        assert main(["audit", "verify"]) == 0, "who takes everything along leaves a log that fits"
        told = broken(capsys, *words)
    assert f"BROKEN: {files[1]}: the log does not hold what was stamped on" in told and files[0] not in told


def test_a_cut_that_takes_its_stamps_along_leaves_a_gap_that_no_new_stamp_fills(site: Site, capsys, guards_off) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    for hours in (5, 4, 3, 2, 1):
        stamped_at(reads.head(), now - hours * HOUR)
    assert stamps.check().gaps == ()
    third = Stamp.objects.order_by("sequence")[2].sequence
    with guards_off():
        cut_to(third)
        Stamp.objects.filter(sequence__gt=third).delete()
    assert stamps.standing(now).late, "as long as nobody asks anew, the newest stamp is too old"
    write_something(by=SYSTEM, what="as if nothing had been")
    assert asking.stamp(SYSTEM)
    (gap,) = stamps.check().gaps
    assert (gap.after.head.sequence, gap.length >= 3 * HOUR) == (third, True)
    assert main(["audit", "verify"]) == 0
    assert "No stamp between" in capsys.readouterr().out


def test_a_cut_after_the_last_stamp_is_what_stamps_cannot_show(stamped_twice, guards_off) -> None:
    """The window: what is written and cut before the next stamp leaves none behind; it is an hour at most."""
    _, _, second = stamped_twice
    with guards_off():
        cut_to(second.sequence + 1)
    assert reads.verify().intact and stamps.check().problems == () and stamps.check().gaps == ()


def test_a_log_that_was_written_anew_before_a_stamp_is_found(stamped_twice, capsys, guards_off) -> None:
    _, first, second = stamped_twice
    with guards_off():
        written_anew(1)
        told = broken(capsys)
    assert f"event {first.sequence} is not the one that was anchored" in told
    assert f"The stamp of event {second.sequence} does NOT hold: the log was written anew before this stamp" in told


def test_stamps_that_are_made_to_fit_a_log_written_anew_do_not_hold(stamped_twice, capsys, guards_off) -> None:
    with guards_off():
        for sequence, hash_ in written_anew(1).items():
            Stamp.objects.filter(sequence=sequence).update(hash=hash_)
        assert reads.verify().intact, "the chain and the rows beside it fit together"
        told = broken(capsys)
    assert told.count("does NOT hold: it is a stamp of something else") == 2


def test_without_certificates_a_log_written_anew_is_still_found(stamped_twice, capsys, guards_off, settings) -> None:
    settings.TSA_CERTIFICATES = ""
    assert main(["audit", "verify"]) == 0
    assert "OPENPBC_TSA_CERTIFICATES is not set, so no signature was checked." in capsys.readouterr().out
    with guards_off():
        for sequence, hash_ in written_anew(1).items():
            Stamp.objects.filter(sequence=sequence).update(hash=hash_)
        assert "it is a stamp of something else" in broken(capsys)


def test_a_stamp_by_somebody_who_is_not_trusted_does_not_hold(site: Site, capsys) -> None:
    stamped_at(reads.head(), datetime.now(UTC).replace(microsecond=0), made("somebody else"))
    assert "its signature does not hold under the certificates" in broken(capsys)


def test_a_time_that_is_not_the_answers_is_found(stamped_twice, capsys, guards_off) -> None:
    _, first, _ = stamped_twice
    with guards_off():
        Stamp.objects.filter(sequence=first.sequence).update(at=datetime.now(UTC) - timedelta(minutes=30))
        assert "its time is not the one that is written beside it" in broken(capsys)


def test_times_run_with_the_log(site: Site, capsys) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    for minutes in (0, 3, 20):
        stamped_at(reads.head(), now - timedelta(minutes=minutes))
    assert broken(capsys).count("its time is before that of the stamp before it") == 1, "clocks may be a little apart"


def test_a_stamp_stays_good_when_the_certificate_ends(site: Site) -> None:
    ended = made("one whose certificate ended", ends=timedelta(days=-2))
    (site.folder / "authority.pem").write_bytes(ended.pem)
    stamped_at(reads.head(), datetime.now(UTC).replace(microsecond=0) - timedelta(days=3), ended)
    assert stamps.check().problems == ()


@pytest.mark.parametrize("name", ["rubbish", "empty"])
def test_a_file_that_is_no_stamp_is_told(name: str, site: Site, capsys) -> None:
    file = site.folder / f"{name}.tsr"
    file.write_bytes(b"rubbish" if name == "rubbish" else b"")
    assert f"{file}: it is no answer of the time-stamp protocol" in broken(capsys, "--stamp", str(file))


def test_a_foreign_stamp_from_outside_does_not_count(stamped_twice, capsys) -> None:
    site, first, _ = stamped_twice
    file = site.folder / "foreign.tsr"
    file.write_bytes(made("somebody else").response(Said(tokens.imprint(first), None, datetime.now(UTC))))
    assert "its signature does not hold" in broken(capsys, "--stamp", str(file))


@pytest.mark.parametrize(
    "attack",
    [
        lambda: Stamp.objects.update(hash="0" * 64),
        lambda: Stamp.objects.all().delete(),
        lambda: StampTrouble.objects.update(why="nothing"),
        lambda: StampTrouble.objects.all().delete(),
        lambda: Stamp.objects.create(sequence=999, hash="0" * 64, at=datetime.now(UTC), authority="x", answer=b"x"),
        lambda: Stamp.objects.create(sequence=2, hash="0" * 64, at=datetime.now(UTC), authority="x", answer=b"x"),
    ],
)
def test_the_database_refuses_every_change_of_stamps(attack, site: Site) -> None:
    assert asking.stamp(SYSTEM)
    site.authority.code = 500
    with pytest.raises(UserError):
        asking.stamp(SYSTEM)
    with pytest.raises(DatabaseError), transaction.atomic():
        attack()
    assert (Stamp.objects.count(), StampTrouble.objects.count()) == (1, 1)


# The copy begins a transaction of its own, which PostgreSQL allows at the beginning of one alone.
@pytest.mark.one_database
def test_a_backup_in_rows_brings_stamps_back_under_the_guards(stamped_twice, guards_off) -> None:
    site, _, second = stamped_twice
    rows = site.folder / "rows.jsonl"
    assert portable.dump(rows) >= 7
    before = stamps.answer(second.sequence)
    with guards_off():
        for model in (Stamp, AuditEvent, ChainHead):
            model.objects.all().delete()
    assert reads.verify().events == 0
    portable.load(rows)
    assert reads.verify().intact and stamps.answer(second.sequence) == before
    assert (stamps.check().count, stamps.check().problems) == (2, ())


# --- what people see


def test_everybody_sees_the_stamps_and_may_keep_them(stamped_twice, client) -> None:
    _, first, second = stamped_twice
    page = client.get("/log/heads").content.decode()
    assert str(first) in page and str(second) in page and page.count(">holds<") == 2
    assert "The newest stamp is 0 minutes old." in page and ">Late<" not in page
    rows = json.loads(client.get("/log/heads?download=stamps.json").content)
    assert str(second) in json.dumps(rows) and "holds" in json.dumps(rows)
    assert client.get("/log/heads?download=stamps.csv").content.decode().count("127.0.0.1") == 2
    assert client.get(f"/log/stamps/{first.sequence}.tsr").content == stamps.answer(first.sequence)


def test_the_page_says_what_does_not_hold_and_where_a_gap_is(site: Site, client, guards_off) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    stamped_at(reads.head(), now - 3 * HOUR)
    stamped_at(reads.head(), now)
    with guards_off():
        written_anew(1)
    page = client.get("/log/heads").content.decode()
    assert page.count("does not hold: the log was written anew before this stamp") == 2
    assert "No stamp for 3 hours after" in page


def test_the_page_asks_as_much_of_the_database_for_many_stamps(site: Site, client) -> None:
    counts = []
    now = datetime.now(UTC).replace(microsecond=0)
    for number in range(1, 61):
        stamped_at(reads.head(), now - timedelta(minutes=61 - number))
        if number in (5, 60):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                page = client.get("/log/heads").content.decode()
            counts.append(len(asked))
    assert counts[0] == counts[1]
    assert page.count(">holds<") == 50 and "Showing 1 to 50 of 60" in page
    assert client.get("/log/heads?page=2").content.decode().count(">holds<") == 10


def test_the_shell_lists_stamps_and_how_it_stands(stamped_twice, capsys) -> None:
    _, first, second = stamped_twice
    assert main(["audit", "stamps"]) == 0
    told = capsys.readouterr()
    assert told.out.index(str(second)) < told.out.index(str(first)) and "The newest stamp is 0 minutes old." in told.err
    assert main(["audit", "stamps", "--json", "--limit", "1"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert [each["head"] for each in facts["stamps"]] == [str(second)] and facts["late"] is False
