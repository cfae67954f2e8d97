"""Facts and marks told by the statements are those of the law for one record, on generated records of every kind."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from openpbc.measures.flow.law import computed, declared, fact_law, lay_law
from openpbc.measures.flow.measuring import count
from openpbc.measures.rules.counting import mark
from openpbc.measures.rules.declaring import FIELDS, measure
from openpbc.measures.rules.facts import appointment_facts, spell_facts, stay_of
from openpbc.rulebook.reader import open_book
from openpbc.warehouse.session import Session
from openpbc.warehouse.subset import breaches

BOOK = open_book("west-herts-2008")
WATCHED_FROM = date(2008, 4, 1)
LAW = fact_law(BOOK, WATCHED_FROM, date(2008, 6, 30))
CODES = ("J100", "D570", "J45", "I110", "K40", "E101", "J201", "J441", "I200", "A01", "D501", "N10", "L031", "R02X", "")
TEXT = (
    "file provider spell_no tfc adm_method dis_method dis_dest diagnoses proc_01 procedures person"
    " attended_or_dna first_attendance source_of_referral priority_type"
).split()
ADMITTED: Mapping[str, str] = {
    **dict.fromkeys(TEXT[:11], "VARCHAR"), "line": "BIGINT", "age": "INTEGER", "epi_no": "INTEGER",
    **dict.fromkeys(("adm_date", "dis_date", "epi_start", "operated_on"), "DATE"),
}  # fmt: skip
OUTPATIENT: Mapping[str, str] = {
    **dict.fromkeys(("file", "provider", "tfc", *TEXT[11:]), "VARCHAR"), "line": "BIGINT", "age": "INTEGER",
}  # fmt: skip
PRICED: Mapping[str, str] = {
    **dict.fromkeys("stream file key provider practice unit hrg status commissioner pod".split(), "VARCHAR"),
    **dict.fromkeys("line charge long_stay excess_bed_days".split(), "BIGINT"),
}
Row = dict[str, Any]


class Records:
    """Seeded episodes, appointments and what pricing made of them."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.episodes: list[Row] = []
        self.appointments: list[Row] = []
        self.priced: list[Row] = []

    def pick(self, *values: Any) -> Any:
        return self.chance.choice(values)

    def spells(self, number: int) -> None:
        line = 0
        for at in range(number):
            start = date(2008, 5, 1) + timedelta(days=self.chance.randint(-40, 60))
            days = self.pick(0, 0, 1, 2, 9, 200)
            open_ = self.chance.random() < 0.1
            person = self.pick("", f"p{self.chance.randint(1, 40)}", f"p{self.chance.randint(1, 40)}")
            first = line + 1
            provider = self.pick("RWG", "RVL")
            for episode in range(self.pick(1, 1, 2, 3)):
                line += 1
                self.episodes.append(self._episode(line, at, episode, start, None if open_ else days, person, provider))
            self.priced.append(self._priced("apc", first, f"{provider}/S{at}", provider, self.pick(
                "DC", "EL", "NEL", "NEL", "NELST", "NELNE", "RADAY", "OTHER")))  # fmt: skip

    def _episode(
        self, line: int, spell: int, episode: int, start: date, days: int | None, person: str, provider: str
    ) -> Row:
        operation = self.pick("", "", "K401", "A041", "X021", "S121", "D151")
        return {
            "file": "f1", "line": line, "provider": provider, "spell_no": f"S{spell}",
            "tfc": self.pick("100", "424", "501", None), "adm_method": self.pick("11", "21", "31"),
            "dis_method": self.pick("1", "2", "4", "5", None), "dis_dest": self.pick("19", "51", None),
            "diagnoses": self.pick(None, *(self.coded(self.pick(*CODES), CODES) for _ in range(3))),
            "proc_01": operation or None, "procedures": self.coded(operation, ("K501", "W821")), "person": person,
            "age": self.pick(3, 17, 18, 80, None), "epi_no": episode + 1, "adm_date": start,
            "dis_date": None if days is None else start + timedelta(days=days),
            "epi_start": start + timedelta(days=episode) if self.chance.random() < 0.95 else None,
            "operated_on": self.pick(None, start, start + timedelta(days=1), start - timedelta(days=1)),
        }  # fmt: skip

    def coded(self, first: str, others: Sequence[str]) -> str:
        """Thirteen codes in their places: the first and at most one more, in any of the others."""
        further = [""] * 12
        further[self.chance.randrange(12)] = self.pick("", *others)
        return ";".join((first, *further))

    def visits(self, number: int) -> None:
        for line in range(1, number + 1):
            provider = self.pick("RWG", "RVL")
            self.appointments.append({
                "file": "f2", "line": line, "provider": provider, "tfc": self.pick("100", "501", "560", None),
                "attended_or_dna": self.pick(*"0234567", None), "first_attendance": self.pick(*"12345", None),
                "source_of_referral": self.pick("03", "03", "04", "05", None),
                "priority_type": self.pick("1", "3", None), "age": self.pick(5, 40, None),
            })  # fmt: skip
            pod = self.pick("OPFASPCL", "OPFUPSPCL", "OPPROCFA", "OTHER")
            self.priced.append(self._priced("op", line, f"O{line}", provider, pod))

    def _priced(self, stream: str, line: int, key: str, provider: str, pod: str) -> Row:
        status = self.pick("PRICED", "PRICED", "PRICED", "EXCLUDED", "UNPRICED")
        return {
            "stream": stream, "file": "f1" if stream == "apc" else "f2", "key": key, "line": line,
            "provider": provider, "practice": self.pick("E82901", "E82902", None), "unit": self.pick("WATCOM", None),
            "hrg": self.pick("A01", "B01", "PB03Z", ""), "status": status,
            "commissioner": self.pick("5P4", "5P4", "5P4", "5P3"), "pod": pod,
            "charge": None if status == "UNPRICED" else self.chance.randint(0, 90_000),
            "long_stay": None if status == "UNPRICED" else self.pick(0, 23_000),
            "excess_bed_days": self.pick(None, 0, 0, 4),
        }  # fmt: skip

    def lay(self, session: Session) -> None:
        for name, columns, rows in (
            ("accepted_apc", ADMITTED, self.episodes),
            ("person_apc", ADMITTED, self.episodes),
            ("accepted_op", OUTPATIENT, self.appointments),
            ("priced", PRICED, self.priced),
        ):
            kept = {k: v for k, v in columns.items() if name != "accepted_apc" or k not in ("person", "operated_on")}
            session.table(name, kept, [[row[column] for column in kept] for row in rows])


def _by_sql(records: Records) -> tuple[dict[str, list[Row]], list[Row], list[Row]]:
    with Session(threads=1) as session:
        records.lay(session)
        lay_law(session, LAW)
        session.script("openpbc.measures.sql", "stays.sql")
        session.execute("create or replace view other_stay as select * from stay where person <> ''")
        session.script("openpbc.measures.sql", "spell_facts.sql")
        count(session, computed(declared(BOOK)))
        facts = {stream: session.records(f"select * from facts_{stream} order by line") for stream in ("apc", "op")}
        return facts, session.records("select * from mark"), session.records("select * from measured")


def _by_law(records: Records) -> dict[str, dict[int, Row]]:
    spells: dict[str, list[Row]] = defaultdict(list)
    for row in records.episodes:
        spells[f"{row['provider']}/{row['spell_no']}"].append(row)
    for rows in spells.values():
        rows.sort(key=lambda r: (r["epi_start"] is None, r["epi_start"] or date.max, r["epi_no"], r["line"]))
    priced = {(row["stream"], row["key"]): row for row in records.priced}
    stays = {key: stay_of(rows, priced["apc", key], LAW) for key, rows in spells.items()}
    apc = {
        priced["apc", key]["line"]: spell_facts(rows, priced["apc", key], list(stays.values()), LAW)
        for key, rows in spells.items()
    }
    op = {row["line"]: appointment_facts(row, priced["op", f"O{row['line']}"], LAW) for row in records.appointments}
    return {"apc": apc, "op": op}


@pytest.fixture(scope="module")
def records() -> Records:
    made = Records(20081)
    made.spells(1_500)
    made.visits(1_500)
    return made


@pytest.fixture(scope="module")
def told(records: Records) -> tuple[dict[str, list[Row]], list[Row], list[Row]]:
    return _by_sql(records)


def test_facts_are_the_same_both_ways(records: Records, told: Any) -> None:
    law = _by_law(records)
    for stream, rows in told[0].items():
        assert len(rows) == len(law[stream]) >= 1_500
        for row in rows:
            assert {name: row[name] for name in FIELDS[stream]} == law[stream][row["line"]], row["line"]
    apc = told[0]["apc"]
    for name in ("readmission", "watched", "index", "followed", "readmitted"):
        assert {row[name] for row in apc} == {"yes", "no"}, name
    assert len({row["condition"] for row in apc}) >= 10


def test_marks_are_the_same_both_ways(records: Records, told: Any) -> None:
    law, marks = _by_law(records), told[1]
    found = {(row["measure"], row["line"]): (row["reason"], row["numerator"], row["denominator"]) for row in marks}
    expected = {}
    for one in computed(declared(BOOK)):
        for line, facts in law[one.stream].items():
            if (judged := mark(one, facts)) is not None:
                expected[one.code, line] = (judged.reason, judged.numerator, judged.denominator)
    assert found == expected
    reasons = {row["reason"] for row in marks}
    assert reasons >= {"", "OTHER-COMMISSIONER", "UNFINISHED", "MATERNITY", "FROM-AE", "TWO-WEEK", "VERY-LONG"}
    assert reasons >= {
        "NO-DATE",
        "DIED",
        "MOVED",
        "UNKNOWN-PERSON",
        "NOT-WATCHED",
        "NO-VALUE",
        "NOT-INDEX",
        "NOT-FOLLOWED",
    }


def test_nothing_is_lost_between_marks_and_counts(told: Any) -> None:
    _, marks, measured = told
    for name in ("numerator", "denominator", "priced_units", "pence"):
        assert sum(row[name] for row in marks) == sum(row[name] for row in measured)
    assert len(marks) == sum(row["records"] for row in measured)


def test_a_place_declares_a_measure_of_its_own(records: Records) -> None:
    row = BOOK.need_table("measures.measures").keyed("code")["M-SSE"] | {
        "code": "X-OWN", "looks_at": "kind!=DC,EL age=18..", "exclusions": "CHILD: age=..17; LONG: los=30..",
        "numerator": "sum los procedure=yes", "denominator": "count kind=EM",
    }  # fmt: skip
    own = measure(row, {}, 10)
    facts = _by_law(records)["apc"]
    expected = {line: judged for line, f in facts.items() if (judged := mark(own, f)) is not None}
    with Session(threads=1) as session:
        records.lay(session)
        lay_law(session, LAW)
        session.script("openpbc.measures.sql", "stays.sql")
        session.execute("create or replace view other_stay as select * from stay where person <> ''")
        session.script("openpbc.measures.sql", "spell_facts.sql")
        count(session, [own])
        found = session.records("select * from mark")
    assert {row["line"]: (row["reason"], row["numerator"], row["denominator"]) for row in found} == {
        line: (judged.reason, judged.numerator, judged.denominator) for line, judged in expected.items()
    }


def test_statements_stay_in_the_shared_subset() -> None:
    from openpbc.measures.flow.statements import looked_at, marks

    for one in computed(declared(BOOK)):
        assert breaches(marks(one)) == []
        assert breaches(looked_at(one)) == []
