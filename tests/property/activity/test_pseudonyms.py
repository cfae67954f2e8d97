"""Pseudonyms by the engine are those of the law; and only who holds the key can find people by trying numbers."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest

from openpbc.activity.flow import linking
from openpbc.activity.flow.layouts import layouts
from openpbc.kernel.codes import nhs_number_ok
from openpbc.kernel.pseudonyms import fingerprint, pseudonym, pseudonym_of
from openpbc.rulebook.reader import Book, open_book
from openpbc.warehouse import landing
from openpbc.warehouse.landing import Landed
from openpbc.warehouse.session import Session
from openpbc.warehouse.store import Store
from openpbc.warehouse.survey import survey

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
PEOPLE = 10_000
DIAGNOSES = ("I10X", "B20.1", "Z21X", "N97.0", "", "A50", "A40")
LAYOUT = "openpbc-cds"


def synthetic_numbers(count: int, dice: random.Random) -> list[str]:
    """Valid NHS numbers of the range that is given to nobody."""
    found: list[str] = []
    while len(found) < count:
        number = f"999{dice.randrange(10**7):07}"
        if nhs_number_ok(number):
            found.append(number)
    return found


def landed_with(folder: Path, book: Book, rows: list[dict[str, str]]) -> tuple[Store, Landed]:
    layout, store = layouts(book)[LAYOUT], Store(folder / "warehouse")
    columns = list(layout.fields["apc"].values())
    lines = [",".join(row.get(column, "") for column in columns) for row in rows]
    (folder / "SYNTHETIC.csv").write_text("\n".join([",".join(columns), *lines]) + "\n", encoding="utf-8")
    return store, landing.land(store, survey(folder / "SYNTHETIC.csv"), ",", shown=layout.shown("apc"))


@pytest.fixture(scope="module")
def book() -> Book:
    return open_book("west-herts-2008")


def test_the_engine_gives_the_pseudonyms_of_the_law(book: Book, tmp_path: Path) -> None:
    dice = random.Random(999)
    rows = []
    for number in synthetic_numbers(PEOPLE, dice):
        written = dice.choice((number, f"{number[:3]} {number[3:6]} {number[6:]}", number[:9] + "0", "", number[:8]))
        rows.append(
            {
                "nhs_number": written,
                "withheld_reason": dice.choice(("", "", "", "01")),
                "diag_01": dice.choice(DIAGNOSES),
                "diag_02": dice.choice(DIAGNOSES),
                "dob": f"19{dice.randrange(10, 99)}-0{dice.randrange(1, 9)}-11",
                "adm_date": "2008-05-11",
                "postcode": dice.choice(("ZZ99 3WZ", "AL11AA", "WD17 2BB", "UNKNOWN", "")),
            }
        )
    store, one = landed_with(tmp_path, book, rows)
    layout = layouts(book)[LAYOUT]
    rows = rows if "withheld_reason" in layout.fields["apc"] else [{**row, "withheld_reason": ""} for row in rows]
    path = linking.linked_path(store, book, one, layout, "apc", KEY)
    with Session() as session:
        found = session.records(f"select * from read_parquet('{path}') order by line")
        ids = session.rows(f"select row_id from read_parquet('{store.landed / one.sha256 / 'rows.parquet'}')")
    starts = linking.restricted(book)
    for row, engine, (row_id,) in zip(rows, found, ids, strict=True):
        diagnoses = [row["diag_01"].replace(".", ""), row["diag_02"].replace(".", "")]
        pid, state = pseudonym_of(KEY, row["nhs_number"], row["withheld_reason"], diagnoses, starts)
        assert (engine["pid"], engine["state"], engine["row_id"]) == (pid, state, row_id)
        sector = {"ZZ99 3WZ": "ZZ99 3", "AL11AA": "AL1 1", "WD17 2BB": "WD17 2"}.get(row["postcode"])
        assert engine["sector"] == sector
        assert engine["age"] == 2008 - int(row["dob"][:4]) - (row["dob"][5:] > "05-11")
    assert {engine["state"] for engine in found} >= {"linked", "restricted", "no valid number"}
    assert linking.linked_path(store, book, one, layout, "apc", KEY) == path
    assert linking.linked_path(store, book, one, layout, "apc", OTHER) != path


def steal_and_try(stolen: set[str], hashed: list[tuple[str, str]]) -> int:
    """Count the people whom a thief finds, who tries every number of the range against what was stolen."""
    return len({number for number, tried in hashed if tried in stolen})


def attack(count: int) -> tuple[int, int]:
    """Try the numbers against pseudonyms and against plain hashes of them; give how many each attack recovers.

    The thief has the code and every stolen value, and tries without a key what the code would do: the plain hash, keys
    that are nought, names of places and purposes, and what names the key itself.
    """
    numbers = synthetic_numbers(count, random.Random(7))
    stolen = {pseudonym(KEY, number) for number in numbers}
    guesses = [bytes(32), b"west-herts-2008/measures".ljust(32, b"\0"), fingerprint(KEY).encode().ljust(32, b"\0")]
    recovered = steal_and_try(stolen, [(number, hashlib.sha256(number.encode()).hexdigest()) for number in numbers])
    for guess in guesses:
        recovered += steal_and_try(stolen, [(number, pseudonym(guess, number)) for number in numbers])
    plain = {hashlib.sha256(number.encode()).hexdigest() for number in numbers}
    tried = [(number, hashlib.sha256(number.encode()).hexdigest()) for number in numbers]
    return recovered, count_distinct(numbers) - steal_and_try(plain, tried)


def count_distinct(numbers: list[str]) -> int:
    return len(set(numbers))


def test_a_thief_without_the_key_finds_nobody_where_a_plain_hash_gives_everybody_away() -> None:
    recovered, missed_with_plain_hash = attack(PEOPLE)
    assert (recovered, missed_with_plain_hash) == (0, 0)


@pytest.mark.soak
def test_a_thief_finds_none_of_a_million() -> None:
    assert attack(1_000_000) == (0, 0)


def test_pseudonyms_of_two_purposes_do_not_meet() -> None:
    numbers = synthetic_numbers(1_000, random.Random(1))
    assert not {pseudonym(KEY, number) for number in numbers} & {pseudonym(OTHER, number) for number in numbers}
