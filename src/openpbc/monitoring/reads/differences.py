"""Two runs of one month side by side: flex against freeze, or a month before and after it was reopened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.monitoring.reads.actuals import COLUMNS, stated
from openpbc.monitoring.reads.months import Closing, history
from openpbc.monitoring.reads.positions import names_of
from openpbc.monitoring.rules.counting import COUNTED
from openpbc.monitoring.rules.differences import CAUSES
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.warehouse import runs
from openpbc.warehouse.session import Session, quoted
from openpbc.warehouse.store import Store

SQL = "openpbc.monitoring.sql"
CUTS = ("unit", "provider", "pod", "practice")
REOPENED, CLOSED = "reopened", "closed"
ACTIVITY, CHARGE = "activity", "charge"


@dataclass(frozen=True)
class Moved:
    """Units of activity and pence, signed."""

    activity: int = 0
    charge: int = 0

    def __add__(self, other: Moved) -> Moved:
        """Add two."""
        return Moved(self.activity + other.activity, self.charge + other.charge)

    def __sub__(self, other: Moved) -> Moved:
        """Take one from the other."""
        return Moved(self.activity - other.activity, self.charge - other.charge)


@dataclass(frozen=True)
class DifferenceRow:
    """One line before and after, and what each cause did to it; the causes add up to the difference."""

    code: str
    name: str
    before: Moved
    after: Moved
    causes: Mapping[str, Moved] = field(default_factory=dict)

    @property
    def difference(self) -> Moved:
        """After less before, signed."""
        return self.after - self.before

    @property
    def holds(self) -> bool:
        """Whether the causes explain the difference to the penny."""
        return sum(self.causes.values(), Moved()) == self.difference


@dataclass(frozen=True)
class Side:
    """One of two runs, with the checksum of its table of what is monitored, and how it came about."""

    run_id: str
    sha256: str
    closing: Closing


@dataclass(frozen=True)
class Difference:
    """Two runs of a month: what differs by line, and in all; ``opened`` is the reopening between them, if one was."""

    place: str
    month: Month
    by: str
    before: Side
    after: Side
    opened: Closing | None
    rows: tuple[DifferenceRow, ...]
    total: DifferenceRow

    @property
    def conserved(self) -> bool:
        """Whether lines add up to the total and causes to each line, to the penny."""
        lines = sum((row.difference for row in self.rows), Moved())
        return lines == self.total.difference and all(row.holds for row in (*self.rows, self.total))


def pairs(place: str, month: Month) -> list[tuple[Closing, Closing]]:
    """List the closes of a month that can be held against each other: each with the one before it, the last first."""
    closes = [each for each in history(place, month) if each.state == CLOSED]
    return list(reversed(list(zip(closes, closes[1:], strict=False))))


def difference(place: str, month: Month, by: str = "unit", number: int | None = None) -> Difference:
    """Hold a close against the one before it: the last one, or the one with this number in the month's history."""
    if by not in CUTS:
        raise UserError(f"'{by[:20]}' is no way to cut a difference", do=f"Use one of {', '.join(CUTS)}.")
    found = pairs(place, month)
    chosen = next((each for each in found if number is None or each[1].number == number), None)
    if chosen is None:
        what = f"entry {number} of its history is no second close" if number is not None else "it was closed only once"
        raise UserError(f"{month.name} has nothing to compare: {what}", where=place, do="Look at the month's history.")
    return between(place, month, by, *chosen)


def flex_and_freeze(place: str, month: Month, by: str = "unit") -> Difference:
    """Hold the last close at flex against the last one at freeze."""
    last = {each.point: each for each in history(place, month) if each.state == CLOSED}
    lacking = [point for point in ("flex", "freeze") if point not in last]
    if lacking:
        raise UserError(
            f"{month.name} was not closed at {' and at '.join(lacking)}",
            where=place,
            do=f"Run 'openpbc month close {month} --place {place} --at {lacking[0]}' when its day has passed.",
        )
    return between(place, month, by, last["flex"], last["freeze"])


def between(place: str, month: Month, by: str, before: Closing, after: Closing) -> Difference:
    """Give what differs between two closes of a month, by one column."""
    book = organisations.book(place)
    own, names = book.place.commissioner, names_of(book, by)
    root = store().root
    sums = [_sums(root, each.run_id, own, by) for each in (before, after)]
    causes = _causes(root, before.run_id, after.run_id, own, by)
    codes = sorted({*sums[0], *sums[1], *(code for code, _ in causes)})
    rows = tuple(
        DifferenceRow(
            code,
            names.get(code, code),
            sums[0].get(code, Moved()),
            sums[1].get(code, Moved()),
            {cause: causes.get((code, cause), Moved()) for cause in CAUSES},
        )
        for code in codes
    )
    opened = [
        each for each in history(place, month) if each.state == REOPENED and before.number < each.number < after.number
    ]
    return Difference(place, month, by, _side(before), _side(after), opened[-1] if opened else None, rows, _total(rows))


def _total(rows: Iterable[DifferenceRow]) -> DifferenceRow:
    listed = list(rows)
    return DifferenceRow(
        "",
        "All",
        sum((row.before for row in listed), Moved()),
        sum((row.after for row in listed), Moved()),
        {cause: sum((row.causes[cause] for row in listed), Moved()) for cause in CAUSES},
    )


def _side(closing: Closing) -> Side:
    files = runs.read(store(), closing.run_id).manifest["files"]
    return Side(closing.run_id, files["monitoring.parquet"]["sha256"], closing)


def _counted(column: str) -> str:
    return (
        f"select {stated(column)} as code, cast(sum(activity) as bigint) as activity,"
        " cast(sum(charge) as bigint) as charge"
    )


def _where() -> str:
    return f"status in ({', '.join(map(quoted, COUNTED))}) and commissioner = $own"


@lru_cache(maxsize=256)
def _sums(root: Path, run_id: str, own: str, column: str) -> dict[str, Moved]:
    assert column in COLUMNS, "cuts are columns"
    sql = f"{_counted(column)} from monitoring where {_where()} group by all order by all"
    rows = runs.query(Store(root), [run_id], sql, {"own": own})
    return {row["code"]: Moved(row["activity"], row["charge"]) for row in rows}


@lru_cache(maxsize=128)
def _causes(root: Path, before: str, after: str, own: str, column: str) -> dict[tuple[str, str], Moved]:
    at = Store(root)
    with Session(temp_directory=at.spill) as session:
        for name, run_id in (("old_unit", before), ("new_unit", after)):
            path = quoted(runs.read(at, run_id).folder / "priced.parquet")
            session.execute(f"create or replace view {name} as select * from read_parquet({path})")
        session.script(SQL, "difference.sql")
        rows = session.records(
            f"{_counted(column)}, cause from effect where {_where()} group by all order by all", {"own": own}
        )
    return {(row["code"], row["cause"]): Moved(row["activity"], row["charge"]) for row in rows}
