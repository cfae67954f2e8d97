"""Whoever edits, removes, inserts, reorders or cuts events is found out, by the standard library alone."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from openpbc.audit import chain
from openpbc.audit.chain import FIELDS, GENESIS, Head, event_hash, verify

Row = dict[str, object]
# That many ways of tampering at every push, and ten times as many before a release.
ATTACKS = 10_000


def made(count: int) -> list[Row]:
    """Make an intact chain."""
    rows: list[Row] = []
    previous = GENESIS
    for number in range(1, count + 1):
        row: Row = {name: f"{name}-{number}" for name in FIELDS} | {"sequence": number, "previous_hash": previous}
        row["hash"] = previous = event_hash(row, previous)
        rows.append(row)
    return rows


CHAIN = made(60)
HEAD = Head(60, str(CHAIN[-1]["hash"]))


def edit(rows: list[Row], chance: random.Random) -> None:
    row = chance.choice(rows)
    field = chance.choice([*FIELDS, "hash", "previous_hash"])
    row[field] = chance.randrange(10**6) if field == "sequence" else f"{row[field]}!"


def edit_and_rehash(rows: list[Row], chance: random.Random) -> None:
    row = chance.choice(rows)
    row["reason"] = "forged"
    row["hash"] = event_hash(row, str(row["previous_hash"]))


def rewrite_from_there(rows: list[Row], chance: random.Random) -> None:
    at = chance.randrange(len(rows))
    rows[at]["after"] = "forged"
    previous = str(rows[at]["previous_hash"])
    for row in rows[at:]:
        row["previous_hash"] = previous
        row["hash"] = previous = event_hash(row, previous)


def delete(rows: list[Row], chance: random.Random) -> None:
    del rows[chance.randrange(len(rows))]


def delete_and_renumber(rows: list[Row], chance: random.Random) -> None:
    del rows[chance.randrange(len(rows))]
    previous = GENESIS
    for number, row in enumerate(rows, start=1):
        row["sequence"], row["previous_hash"] = number, previous
        row["hash"] = previous = event_hash(row, previous)


def insert(rows: list[Row], chance: random.Random) -> None:
    at = chance.randrange(len(rows))
    rows.insert(at, dict(rows[at]))


def reorder(rows: list[Row], chance: random.Random) -> None:
    first, second = chance.sample(range(len(rows)), 2)
    rows[first], rows[second] = rows[second], rows[first]


def swap_contents(rows: list[Row], chance: random.Random) -> None:
    first, second = chance.sample(range(len(rows)), 2)
    for field in ("actor_id", "after"):
        rows[first][field], rows[second][field] = rows[second][field], rows[first][field]


def cut_tail(rows: list[Row], chance: random.Random) -> None:
    del rows[chance.randrange(len(rows)) :]


def drop_a_field(rows: list[Row], chance: random.Random) -> None:
    del chance.choice(rows)[chance.choice([*FIELDS, "hash", "previous_hash"])]


ALL = (
    edit,
    edit_and_rehash,
    rewrite_from_there,
    delete,
    delete_and_renumber,
    insert,
    reorder,
    swap_contents,
    cut_tail,
    drop_a_field,
)


def test_the_untouched_chain_is_intact() -> None:
    assert verify(CHAIN, HEAD, [Head(7, str(CHAIN[6]["hash"]))]).intact
    assert verify([], Head()).intact


@pytest.mark.parametrize("attacks", [ATTACKS, pytest.param(10 * ATTACKS, marks=pytest.mark.soak)])
@pytest.mark.parametrize("attack", ALL)
def test_every_attack_is_detected(attack, attacks: int) -> None:
    for seed in range(attacks // len(ALL)):
        rows = [dict(row) for row in CHAIN]
        attack(rows, random.Random(f"{attack.__name__}/{seed}"))
        assert not verify(rows, HEAD).intact, (attack.__name__, seed)


def test_a_chain_rewritten_with_its_head_is_found_by_an_anchor() -> None:
    rows = [dict(row) for row in CHAIN]
    rewrite_from_there(rows, random.Random("0"))
    forged = Head(60, str(rows[-1]["hash"]))
    assert verify(rows, forged).intact
    assert not verify(rows, forged, [HEAD]).intact


def test_heads_are_written_and_read() -> None:
    assert Head.parse(str(HEAD)) == HEAD
    for text in ("", "5", "5:xyz", "x:" + GENESIS, "5:" + GENESIS[:-1] + "G"):
        with pytest.raises(ValueError):
            Head.parse(text)


def test_the_verifier_runs_alone_without_the_product(tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    events.write_text("".join(json.dumps(row) + "\n" for row in CHAIN))
    command = [sys.executable, "-I", "-S", chain.__file__, str(events), "--head", str(HEAD)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["events"]) == (0, 60)
    events.write_text("".join(json.dumps(row) + "\n" for row in CHAIN[:-1]))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


def test_main_gives_its_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = tmp_path / "events.jsonl"
    events.write_text("".join(json.dumps(row) + "\n" for row in CHAIN))
    assert chain.main([str(events)]) == 0
    assert json.loads(capsys.readouterr().out) == {"events": 60, "head": str(HEAD), "problem": ""}
