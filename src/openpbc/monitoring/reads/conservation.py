"""That nothing was lost: every row received is accounted for, and every penny of the run stands in a position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpbc.kernel.periods import Month
from openpbc.monitoring.reads.months import run_id
from openpbc.monitoring.rules.counting import counts
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.warehouse import runs
from openpbc.warehouse.session import Session

CARE = ("apc", "op", "ae")
# patients' lines, drugs and devices of contract monitoring are shown where a month has any
STREAMS = (*CARE, "plcm", "drplcm", "deplcm")


@dataclass(frozen=True)
class Stage:
    """What became of one stream in a month's run. Rows are lines of files, units what is priced, charges pence.

    Rows: ``received`` = accepted + rejected + excluded. Units: ``units`` = counted + not_counted + of_others.
    Charges: ``charge`` = counted_charge + others_charge (what is not counted is not charged).
    """

    stream: str
    received: int
    accepted: int
    rejected: int
    excluded: int
    in_units: int
    units: int
    counted: int
    not_counted: int
    of_others: int
    charge: int
    counted_charge: int
    others_charge: int

    @property
    def holds(self) -> bool:
        """Whether rows, units and pence add up."""
        return (
            self.received == self.accepted + self.rejected + self.excluded
            and self.in_units == self.accepted
            and self.units == self.counted + self.not_counted + self.of_others
            and self.charge == self.counted_charge + self.others_charge
        )


@dataclass(frozen=True)
class Conservation:
    """The stages of all streams of a month's run."""

    place: str
    month: Month
    run_id: str
    stages: tuple[Stage, ...]

    @property
    def holds(self) -> bool:
        """Whether every stream adds up."""
        return all(stage.holds for stage in self.stages)


def conservation(place: str, month: Month) -> Conservation:
    """Give what became of everything that was received for a closed month."""
    return of_run(place, month, run_id(place, month))


def of_run(place: str, month: Month, run: str) -> Conservation:
    """Give what became of everything that went into a run of a month."""
    own = organisations.book(place).place.commissioner
    with Session(temp_directory=store().spill) as session:
        made = runs.read(store(), run)
        runs.tables(session, [made])
        held = [stream for stream in STREAMS if (made.folder / f"rows_{stream}.parquet").is_file()]
        rows = {(row["stream"], row["outcome"]): row["n"] for row in session.records(_rows(held))}
        units = {row["stream"]: (row["episodes"], row["n"], row["charge"]) for row in session.records(_UNITS)}
        cut = session.records(_SUMS)
    stages = [_stage(stream, rows, units, cut, own) for stream in STREAMS]
    shown = tuple(stage for stage in stages if stage.stream in CARE or stage.received or stage.units)
    return Conservation(place, month, run, shown)


def verify(place: str, month: Month) -> list[str]:
    """Compare a month's stored run with its manifest and with itself; give a sentence for each difference."""
    problems = runs.verify(store(), run_id(place, month))
    if problems:
        return problems
    return [
        f"{stage.stream}: rows, units or pence do not add up"
        for stage in conservation(place, month).stages
        if not stage.holds
    ]


def _rows(streams: Sequence[str]) -> str:
    return " union all ".join(
        f"select '{stream}' as stream, outcome, count(*) as n from rows_{stream} group by all" for stream in streams
    )


_UNITS = """
    select stream, cast(sum(episodes) as bigint) as episodes, count(*) as n,
        cast(coalesce(sum(charge), 0) as bigint) as charge
    from priced group by stream
"""
_SUMS = """
    select stream, status, commissioner, cast(sum(activity) as bigint) as activity,
        cast(sum(charge) as bigint) as charge
    from monitoring group by all order by all
"""


def _stage(
    stream: str,
    rows: dict[tuple[str, str], int],
    units: dict[str, tuple[int, int, int]],
    cut: list[dict[str, object]],
    own: str,
) -> Stage:
    sums = {"counted": [0, 0], "not_counted": [0, 0], "of_others": [0, 0]}
    for row in cut:
        if row["stream"] == stream:
            status, commissioner = str(row["status"]), str(row["commissioner"])
            kind = "counted" if counts(status, commissioner, own) else "of_others"
            if kind == "of_others" and not counts(status, own, own):
                kind = "not_counted"
            sums[kind][0] += int(str(row["activity"]))
            sums[kind][1] += int(str(row["charge"]))
    outcomes = {outcome: rows.get((stream, outcome), 0) for outcome in ("accepted", "rejected", "excluded")}
    in_units, made, charge = units.get(stream, (0, 0, 0))
    return Stage(
        stream=stream,
        received=sum(n for (of, _), n in rows.items() if of == stream),
        **outcomes,
        in_units=in_units,
        units=made,
        counted=sums["counted"][0],
        not_counted=sums["not_counted"][0],
        of_others=sums["of_others"][0],
        charge=charge,
        counted_charge=sums["counted"][1],
        others_charge=sums["of_others"][1] + sums["not_counted"][1],
    )
