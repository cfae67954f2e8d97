"""Measures a month: lays its run and those before it open, tells facts, marks and counts, and publishes the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpbc.kernel.periods import Month
from openpbc.measures.flow import statements
from openpbc.measures.flow.law import computed, declared, fact_law, lay_law
from openpbc.measures.rules.declaring import Measure
from openpbc.rulebook.reader import Book
from openpbc.warehouse import runs
from openpbc.warehouse.runs import Run
from openpbc.warehouse.session import ENGINE, Session
from openpbc.warehouse.store import Store

SQL = "openpbc.measures.sql"
MEMORY = "2GB"
PUBLISHED: Mapping[str, tuple[str, str]] = {
    "marks": ("mark", "measure, file, line"),
    "measured": ("measured", "measure, provider, tfc, hrg, practice, unit, reason"),
    "people": ("people", "practice"),
}
_STAY = "key, person, adm_date, dis_date, hrg, tfc, kind"

Lay = Callable[[Session, str], None]


@dataclass(frozen=True)
class Source:
    """The published run of a month, and the runs of months just before it and after it, by month, oldest first."""

    run_id: str
    earlier: tuple[tuple[Month, str], ...] = ()
    later: tuple[tuple[Month, str], ...] = ()


class RecordsLost(RuntimeError):
    """A measure lost or doubled records between what it looks at and what it counts: a fault of the program."""


def measure(
    store: Store,
    book: Book,
    month: Month,
    source: Source,
    lay: Lay,
    people: Sequence[tuple[str, str, int]],
    *,
    threads: int | None = None,
) -> Run:
    """Measure a published month and keep the result as a run of its own; the same arguments give the same run.

    ``lay`` opens a run in a session; ``people`` are practice, unit and how many are registered.
    """
    measures = computed(declared(book))
    identity = {
        "place": book.place.id,
        "month": str(month),
        "measures_of": source.run_id,
        "earlier": [[str(each), run_id] for each, run_id in source.earlier],
        "later": [[str(each), run_id] for each, run_id in source.later],
        "book": {"hash": book.hash},
        "lists": [list(row) for row in sorted(people)],
        **runs.made_by(ENGINE, "activity", "measures"),
    }

    def build(folder: Path) -> Mapping[str, Any]:
        with Session(memory_limit=MEMORY, threads=threads, temp_directory=store.spill) as session:
            _lay(session, book, month, source, lay)
            columns = {"practice": "VARCHAR", "unit": "VARCHAR", "people": "BIGINT"}
            session.table("people", columns, sorted(people))
            facts = count(session, measures)
            for name, (relation, order) in PUBLISHED.items():
                session.write(relation, folder / f"{name}.parquet", order)
        return {"measures": facts}

    return runs.publish(store, identity, build)


def _lay(session: Session, book: Book, month: Month, source: Source, lay: Lay) -> None:
    """Lay law and stays: those of the other months first, then the month's own, which stay open.

    While no later month is at hand, no stay is followed: whoever came back may still be in hospital, and is not seen.
    """
    first = min((each for each, _ in source.earlier), default=month)
    followed_to = max((each.last for each, _ in source.later), default=month.first)
    lay_law(session, fact_law(book, first.first, followed_to))
    session.execute(
        "create or replace table kept_stay (key varchar, person varchar, adm_date date, dis_date date,"
        " hrg varchar, tfc varchar, kind varchar)"
    )
    for run_id in (*(run_id for _, run_id in (*source.earlier, *source.later)), source.run_id):
        lay(session, run_id)
        session.script(SQL, "stays.sql")
        session.execute(f"insert into kept_stay select {_STAY} from stay where person <> ''")
    session.execute("create or replace view other_stay as select * from kept_stay")
    session.script(SQL, "spell_facts.sql")


def count(session: Session, measures: Sequence[Measure]) -> dict[str, Any]:
    """Make ``mark`` and ``measured`` from the facts, and say for each measure what was looked at and left out."""
    session.execute(f"create or replace table mark as {' union all '.join(statements.marks(one) for one in measures)}")
    session.script(SQL, "counts.sql")
    found: dict[str, Any] = {}
    for one in measures:
        rows = session.rows(
            "select reason, cast(sum(records) as bigint) as n from measured where measure = $measure "
            "group by reason order by reason",
            {"measure": one.code},
        )
        reasons = {reason: int(n) for reason, n in rows}
        looked_at = session.number(statements.looked_at(one))
        if looked_at != sum(reasons.values()):
            raise RecordsLost(f"{one.code}: {looked_at} records are looked at, {sum(reasons.values())} are marked.")
        found[one.code] = {"looked_at": looked_at, "counted": reasons.pop("", 0), "left_out": reasons}
    return found
