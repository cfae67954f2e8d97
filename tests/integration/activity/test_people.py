"""Keys, opt-outs and linking: per purpose, counted, and never a number of anybody kept or said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openpbc.activity import actions, models, reads
from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.kernel.pseudonyms import pseudonym
from openpbc.site.cli import main
from openpbc.warehouse.session import Session
from tests.unit.activity.rows import PLACE, rows, write

pytestmark = pytest.mark.django_db
JUNE = Month(2008, 6)
# SYNTHETIC: valid numbers of the range that is given to nobody
ONE, TWO, THREE = "9990000018", "9990000026", "9990000034"


@pytest.fixture
def keys(place) -> list[str]:
    return actions.make_keys(by=SYSTEM, place=place)


@pytest.fixture
def june(receive, tmp_path: Path) -> None:
    """Outpatients: four records, of two people, one without a number, one withheld by its wrong number."""
    numbers = (ONE, TWO, "", "9990000019")
    given = [{**rows("op", 4)[at], "nhs_number": number} for at, number in enumerate(numbers)]
    receive(write(tmp_path, "op", given))


def register(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "SYNTHETIC register.csv"
    path.write_text("\n".join(("nhs_number", *lines)) + "\n", encoding="utf-8")
    return path


def test_without_a_key_a_sentence_says_what_to_do(place, june, capsys) -> None:
    assert main(["people", "link", "--place", PLACE, "--month", "2008-06", "--purpose", "care"]) == 2
    assert "openpbc people key make" in capsys.readouterr().err
    with pytest.raises(UserError, match="no file with the keys"):
        reads.key_of(PLACE, "care")


def test_keys_are_made_once_for_the_owner_alone_and_outside_the_warehouse(keys) -> None:
    assert keys == [f"{PLACE}/{purpose}" for purpose in ("care", "measures", "payment", "release")]
    path = reads.key_file()
    assert path.stat().st_mode & 0o077 == 0
    assert reads.store().root not in path.parents
    before = path.read_bytes()
    assert actions.make_keys(by=SYSTEM, place=PLACE) == [] and path.read_bytes() == before
    held = {reads.key_of(PLACE, purpose) for purpose in ("care", "measures")}
    assert len(held) == 2
    (event,) = audit.events(action="activity.make_keys")
    assert all(one.hex() not in str(event) for one in held)


def test_keys_whose_event_was_lost_are_noted_by_the_next_call(place) -> None:
    names = [reads.key_name(PLACE, code) for code in ("care", "measures", "payment", "release")]
    from openpbc.warehouse import keys as key_file

    key_file.make(reads.key_file(), names)
    assert actions.make_keys(by=SYSTEM, place=place) == []
    (event,) = audit.events(action="activity.make_keys")
    assert sorted(event.after["made"]) == names


@pytest.mark.parametrize(
    "content", ["", "{}", '{"format": 1, "keys": {"a": "zz"}}', '{"format": 1, "keys": {"a": "00"}}']
)
def test_a_damaged_or_open_key_file_is_a_sentence(keys, content: str) -> None:
    path = reads.key_file()
    path.chmod(0o640)
    with pytest.raises(UserError, match="read by others"):
        reads.key_of(PLACE, "care")
    path.chmod(0o600)
    path.write_text(content)
    with pytest.raises(UserError, match="cannot be read"):
        reads.key_of(PLACE, "care")


def test_lines_in_are_linked_or_left_out_for_a_reason(keys, june) -> None:
    found = reads.linked(PLACE, JUNE, "payment")
    assert (found.lines, found.linked) == (4, 2)
    assert dict(found.left_out) == {"withheld": 0, "restricted": 0, "no valid number": 2, "opted out": 0}
    assert found.lines == found.linked + sum(lines for _, lines in found.left_out)


def test_opt_outs_count_where_the_purpose_asks_for_them(keys, june, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no register of opt-outs"):
        reads.linked(PLACE, JUNE, "measures")
    loaded = actions.load_opt_outs(by=SYSTEM, place=PLACE, path=register(tmp_path, TWO, "999 000 0034", "not a number"))
    assert (loaded.people, loaded.unreadable) == (2, 1)
    measures, care = reads.linked(PLACE, JUNE, "measures"), reads.linked(PLACE, JUNE, "care")
    assert (measures.linked, dict(measures.left_out)["opted out"]) == (1, 1)
    assert (care.linked, dict(care.left_out)["opted out"]) == (2, 0)
    with Session() as session:
        reads.lay_people(session, PLACE, JUNE, "measures")
        pids = [pid for (pid,) in session.rows("select pid from people")]
    assert pids == [pseudonym(reads.key_of(PLACE, "measures"), ONE)]


def test_a_new_register_replaces_the_former_whole(keys, june, tmp_path: Path) -> None:
    actions.load_opt_outs(by=SYSTEM, place=PLACE, path=register(tmp_path, ONE, TWO))
    assert reads.linked(PLACE, JUNE, "release").linked == 0
    actions.load_opt_outs(by=SYSTEM, place=PLACE, path=register(tmp_path))
    assert reads.linked(PLACE, JUNE, "release").linked == 2
    first, second = audit.events(action="activity.load_opt_outs")
    assert {event.action for event in (first, second)} == {"activity.load_opt_outs"}


def test_the_register_holds_pseudonyms_alone(keys, tmp_path: Path) -> None:
    actions.load_opt_outs(by=SYSTEM, place=PLACE, path=register(tmp_path, ONE))
    stored = list(models.OptOut.objects.values_list("purpose", "pid").order_by("purpose"))
    assert stored == [(purpose, pseudonym(reads.key_of(PLACE, purpose), ONE)) for purpose in ("measures", "release")]


def test_a_register_of_another_key_is_refused(keys, june, tmp_path: Path) -> None:
    actions.load_opt_outs(by=SYSTEM, place=PLACE, path=register(tmp_path, ONE))
    reads.key_file().unlink()
    actions.make_keys(by=SYSTEM, place=PLACE)
    with pytest.raises(UserError, match="another key"):
        reads.linked(PLACE, JUNE, "measures")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00\xff"])
def test_a_register_that_is_no_text_is_refused_and_the_former_stays(keys, tmp_path: Path, content: bytes) -> None:
    actions.load_opt_outs(by=SYSTEM, place=PLACE, path=register(tmp_path, ONE))
    bad = tmp_path / "bad.csv"
    bad.write_bytes(content)
    with pytest.raises(UserError, match="no plain text"):
        actions.load_opt_outs(by=SYSTEM, place=PLACE, path=bad)
    with pytest.raises(UserError, match="no such file"):
        actions.load_opt_outs(by=SYSTEM, place=PLACE, path=tmp_path / "missing.csv")
    assert reads.opt_outs(PLACE).people == 1


def test_from_the_shell(keys, june, tmp_path: Path, capsys) -> None:
    assert main(["people", "key", "make", "--place", PLACE]) == 0
    assert "nothing changed" in capsys.readouterr().out
    assert main(["people", "optouts", "show", "--place", PLACE]) == 0
    assert "No register" in capsys.readouterr().out
    assert main(["people", "optouts", "load", str(register(tmp_path, ONE)), "--place", PLACE]) == 0
    assert main(["people", "optouts", "show", "--place", PLACE]) == 0
    assert "1 people" in capsys.readouterr().out
    asked = ["people", "link", "--place", PLACE, "--month", "2008-06", "--purpose"]
    assert main([*asked, "measures", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["linked"] == 1
    assert main([*asked, "measures"]) == 0
    assert "opted out" in capsys.readouterr().out
    assert main([*asked, "advertising"]) == 2
    assert "no purpose" in capsys.readouterr().err


def test_a_file_whose_name_holds_a_number_is_refused_without_saying_it(receive, tmp_path: Path) -> None:
    path = write(tmp_path, "op", name=f"letters about {ONE[:3]} {ONE[3:6]} {ONE[6:]}.csv")
    with pytest.raises(UserError) as refused:
        receive(path)
    assert "NHS number" in str(refused.value) and "0018" not in str(refused.value)
