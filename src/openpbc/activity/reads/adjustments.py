"""What a year's contracts pay less than the sum of their records: the marginal rate, and readmissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from openpbc.activity.flow import adjusting, checking
from openpbc.activity.flow.adjusting import AdjustmentTerms
from openpbc.activity.flow.layouts import layouts
from openpbc.activity.reads.prices import book_of, inputs_of, members_of
from openpbc.activity.reads.submissions import store
from openpbc.activity.rules.adjustments import AdjustmentLaw, NotPaid, baseline_to_date, marginal_adjustment
from openpbc.kernel.citations import Citation
from openpbc.organisations import reads as organisations
from openpbc.rulebook.values import NotSet, Table, Value
from openpbc.warehouse import runs
from openpbc.warehouse.session import Session

__all__ = ["NotPaid", "baseline_to_date", "marginal_adjustment"]

# Admitted episodes with who it was, read in memory alone.
_PEOPLE = """
create or replace view person_apc as
select c.file, c.line, coalesce(replace(replace(c.nhs_number, ' ', ''), '-', ''), '') as person from canonical_apc as c
"""


@dataclass(frozen=True)
class ReadmissionLine:
    """One readmission; ``reason`` says why it is paid all the same. ``address`` explains the price of its record."""

    provider: str
    index_kind: str
    days: int
    reason: str
    charge: int
    address: str


@dataclass(frozen=True)
class ReadmissionsFound:
    """The readmissions of some published months, and what each provider is not paid for them."""

    lines: tuple[ReadmissionLine, ...] = ()
    by_provider: Mapping[str, NotPaid] | None = None


@dataclass(frozen=True)
class YearsAdjustments:
    """Which adjustments the place's year has: None where a part is not set, so that nothing can be said of it."""

    law: AdjustmentLaw | None
    held: tuple[Value | Table | NotSet, ...]

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Where the year's adjustments stand."""
        return tuple(dict.fromkeys(each.citation for each in self.held if not isinstance(each, NotSet)))


def years_adjustments(place: str) -> YearsAdjustments:
    """Read which adjustments the place's year has."""
    book = organisations.book(place)
    switches = tuple(book.value(f"payment.{name}_applies") for name in ("marginal_rate", "readmission"))
    if any(isinstance(each, NotSet) for each in switches):
        return YearsAdjustments(None, switches)
    law = adjusting.adjustment_law(book)
    used: list[Value | Table | NotSet] = [*switches]
    if law.marginal_ppm is not None:
        used += [book.value("payment.marginal_rate"), book.table("payment.marginal_pods")]
    if law.readmission is not None:
        used += [book.value("payment.readmission_days"), book.table("payment.readmission_exclusions")]
    return YearsAdjustments(law, tuple(used))


def readmissions_to_date(
    place: str, published: Sequence[tuple[str, str]], thresholds: Mapping[str, int]
) -> ReadmissionsFound:
    """Find the readmissions of the published months ``(month, run)``; none where the year does not have the rule."""
    law = years_adjustments(place).law
    if law is None or law.readmission is None or not published:
        return ReadmissionsFound(by_provider={})
    basis = (organisations.book(place).hash, tuple(published), tuple(sorted(thresholds.items())))
    return _found(store().root, place, *basis)


@lru_cache(maxsize=16)
def _found(
    root: Path,
    place: str,
    book: str,
    published: tuple[tuple[str, str], ...],
    thresholds: tuple[tuple[str, int], ...],
) -> ReadmissionsFound:
    """Find them once: runs never change, and the hash stands for all that the book says."""
    law = years_adjustments(place).law
    assert law is not None, "the caller looked"
    own = organisations.book(place).place.commissioner
    month_of: dict[str, str] = {}
    with Session(temp_directory=store().spill) as session:
        adjusting.begin(session, law)
        for month, run_id in published:
            _open(session, run_id)
            adjusting.admissions(session, own)
            found = session.rows("select id from admission_of_run")
            month_of |= {id: month for (id,) in found}
        adjusting.settle(session, law, AdjustmentTerms(thresholds=dict(thresholds)))
        lines = session.records("select * from readmission order by id")
        settled = session.records("select * from readmission_settled order by provider")
    lines.sort(key=lambda line: month_of[line["id"]])
    return ReadmissionsFound(
        tuple(
            ReadmissionLine(
                line["provider"], line["index_kind"], line["days"], line["reason"], line["charge"],
                f"price/{place}/{month_of[line['id']]}/apc/{line['id'].replace(':', '/')}",
            )
            for line in lines
        ),
        {row.pop("provider"): NotPaid(**row) for row in settled},
    )  # fmt: skip


def _open(session: Session, run_id: str) -> None:
    """Lay the accepted episodes of a run, who they were of, and its priced records into the session."""
    run = runs.read(store(), run_id)
    book = book_of(run, run.manifest["place"])
    files = [one for one in inputs_of(run) if one.stream == "apc"]
    checking.check(session, store(), book, layouts(book), files, members_of(run))
    session.execute(_PEOPLE)
    runs.tables(session, [run])
