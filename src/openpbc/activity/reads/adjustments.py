"""What a year's contracts pay less than the sum of their records: the marginal rate, and readmissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from openpbc.activity.flow import adjusting
from openpbc.activity.reads.opened import lay_run
from openpbc.activity.rules.adjustments import AdjustmentLaw, NotPaid, baseline_to_date, marginal_adjustment
from openpbc.kernel.citations import Citation
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.rulebook.values import NotSet, Table, Value
from openpbc.warehouse.session import Session

__all__ = ["NotPaid", "baseline_to_date", "marginal_adjustment"]


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
            lay_run(session, run_id)
            adjusting.admissions(session, own)
            found = session.rows("select id from admission_of_run")
            month_of |= {id: month for (id,) in found}
        adjusting.settle(session, dict(thresholds))
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
