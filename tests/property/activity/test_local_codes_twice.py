"""Local codes are mapped twice, in Python for one record and in SQL for all: any records come out the same."""

from __future__ import annotations

import random
from datetime import date, timedelta

from openpbc.activity.flow.canonical import CARE_DATE, EVERY, FIELDS
from openpbc.activity.flow.local_codes import lay_local_codes, mapped_select
from openpbc.activity.rules.local_codes import KINDS, LocalCode, believed, mapped, of_month
from openpbc.kernel.periods import Month
from openpbc.warehouse.session import Session

JUNE = Month(2008, 6)
CODES = ["A", "B", "C", "110", "", None]
NATIONAL = ["300", "410", ""]
PROVIDERS = ["RWG", "RWG00", "RWH", None]
DAYS = [*(f"2008-0{month}-{day:02}" for month in (5, 6, 7) for day in (1, 11, 30)), "2008-06-31", "", None]


def invented_records(seed: int, number: int) -> list[LocalCode]:
    """Invent what people recorded, one after another."""
    chance = random.Random(seed)
    found = []
    for _ in range(number):
        first = date(2008, 4, 1) + timedelta(days=chance.randrange(120))
        last = chance.choice([date.max, first + timedelta(days=chance.randrange(60))])
        kind, provider = chance.choice(list(KINDS)), chance.choice(["RWG", "RWH"])
        found.append(LocalCode(kind, provider, chance.choice("ABC"), first, last, chance.choice(NATIONAL)))
    return found


def test_what_is_believed_is_what_was_said_last_of_each_day():
    for seed in range(60):
        recorded = invented_records(seed, 25)
        spans = believed(recorded)
        for at in range(0, 240, 3):
            day = date(2008, 3, 20) + timedelta(days=at)
            for kind, provider, code in {(one.kind, one.provider, one.code) for one in recorded}:
                same = [r for r in recorded if (r.kind, r.provider, r.code) == (kind, provider, code) and r.holds(day)]
                own = [s for s in spans if (s.kind, s.provider, s.code) == (kind, provider, code)]
                said = [s.national for s in own if s.holds(day)]
                assert said == ([same[-1].national] if same and same[-1].national else [])


def test_sql_maps_what_the_law_maps():
    chance = random.Random(4)
    changed = 0
    with Session(threads=1) as session:
        for stream in EVERY:
            spans = of_month(believed(invented_records(len(stream), 40)), JUNE)
            lay_local_codes(session, spans)
            field = CARE_DATE.get(stream, "activity_date")
            held = [name for names in KINDS.values() for name in names if name in FIELDS[stream]]
            for month in (JUNE, None):
                rows = [
                    {name: chance.choice(CODES) for name in held}
                    | {"provider": chance.choice(PROVIDERS), field: chance.choice(DAYS)}
                    for _ in range(400)
                ]
                found = by_sql(session, stream, rows, spans, month)
                for row, said in zip(rows, found, strict=True):
                    own = date.fromisoformat(row[field]) if row[field] and row[field] != "2008-06-31" else None
                    expected = row | mapped(row, month, own, spans)
                    assert said == expected, (stream, row)
                    changed += expected != row
    assert changed > 500


def by_sql(session: Session, stream: str, rows: list[dict], spans: list[LocalCode], month: Month | None) -> list[dict]:
    """Map rows in the warehouse, and give back what a row was told with."""
    names = [*FIELDS[stream], "notes", "sender", "period_first", "period_last"]
    days = (month.first.isoformat(), month.last.isoformat()) if month else (None, None)
    session.table(
        "told",
        {
            "file": "VARCHAR",
            "line": "BIGINT",
            "by_place": "BOOLEAN",
            "of_changes": "BOOLEAN",
            **dict.fromkeys(names, "VARCHAR"),
        },
        [
            ("f", at, True, False, *(row.get(name) for name in FIELDS[stream]), None, None, *days)
            for at, row in enumerate(rows, start=1)
        ],
    )
    found = session.records(
        f"select * from ({mapped_select(stream, 'select * from told', spans, FIELDS[stream])}) order by line"
    )
    return [{name: each[name] for name in row} for row, each in zip(rows, found, strict=True)]
