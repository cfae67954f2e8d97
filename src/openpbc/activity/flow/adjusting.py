"""Settles the marginal rate and readmissions of a year over the admitted units of its published runs.

    admissions(session, law, own)     adds one opened run's units to ``admission``
    settle(session, law, terms)       -> readmission, a line each; readmission_settled, marginal_settled by provider

Nothing here changes a record: the published runs are read, and what is made lives as long as the session.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from openpbc.activity.rules.adjustments import AdjustmentLaw, Admission, ReadmissionExclusion, ReadmissionLaw
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.warehouse.session import Session, quoted

_SQL = "openpbc.activity.sql"
_DAYS, _NUMBERS = ("adm_date", "dis_date"), ("age", "charge")
COLUMNS: Mapping[str, str] = {
    name: "DATE" if name in _DAYS else "BIGINT" if name in _NUMBERS else "VARCHAR"
    for name in Admission.__dataclass_fields__
}
FIELDS = ("hrg", "tfc", "adm_method", "status", "diag_first", "diag_second", "index_dis_method", "age")
KINDS: Mapping[str, str] = {"DC": "DC", "EL": "EL", "NEL": "EM", "NELST": "EM", "NELNE": "NE"}
"""What kind of admission each point of delivery is; regular attenders are none of them."""


@dataclass(frozen=True)
class AdjustmentTerms:
    """What contracts agreed, by provider: baseline to date (pence) and the threshold of readmissions (ppm)."""

    baselines: Mapping[str, int] = field(default_factory=dict)
    thresholds: Mapping[str, int] = field(default_factory=dict)


def adjustment_law(book: Book) -> AdjustmentLaw:
    """Read which adjustments the year has and how; one that is on needs all its parameters."""
    marginal, readmission = (book.need(f"payment.{name}_applies").flag for name in ("marginal_rate", "readmission"))
    return AdjustmentLaw(
        marginal_ppm=book.need("payment.marginal_rate").ppm if marginal else None,
        marginal_pods=frozenset(row["code"] for row in book.need_table("payment.marginal_pods"))
        if marginal
        else frozenset(),
        readmission=_readmission(book) if readmission else None,
        kinds=KINDS,
    )


def _readmission(book: Book) -> ReadmissionLaw:
    table = book.need_table("payment.readmission_exclusions")
    for row in table:
        if row["field"] not in FIELDS:
            raise UserError(f"'{row['field']}' is no field of a readmission", table.path, f"Use {', '.join(FIELDS)}.")
    return ReadmissionLaw(
        within_days=book.need("payment.readmission_days").int,
        same_provider=book.need("payment.readmission_same_provider").flag,
        exclusions=tuple(ReadmissionExclusion(row["field"], row["first"], row["last"], row["reason"]) for row in table),
    )


def begin(session: Session, law: AdjustmentLaw) -> None:
    """Lay the year's law down, and an empty ``admission``."""
    text = "VARCHAR"
    session.table("admission_kind", {"pod": text, "kind": text}, sorted(law.kinds.items()))
    found = law.readmission or ReadmissionLaw(0, True)
    session.table(
        "readmission_law",
        {"within_days": "BIGINT", "same_provider": "BOOLEAN"},
        [(found.within_days, found.same_provider)],
    )
    session.table(
        "readmission_exclusion",
        {"place": "BIGINT", "field": text, "first": text, "last": text, "reason": text},
        [(at, x.field, x.first, x.last, x.reason) for at, x in enumerate(found.exclusions)],
    )
    session.table("admission", COLUMNS, [])


def admissions(session: Session, own: str) -> None:
    """Add the admitted units of the run that is opened in the session and belong to a commissioner."""
    session.script(_SQL, "admissions.sql", {"own": own})
    session.execute(f"insert into admission select {', '.join(COLUMNS)} from admission_of_run")


def settle(session: Session, law: AdjustmentLaw, terms: AdjustmentTerms) -> None:
    """Make ``readmission``, ``readmission_settled`` and ``marginal_settled`` from ``admission``."""
    session.table("readmission_threshold", {"provider": "VARCHAR", "ppm": "BIGINT"}, sorted(terms.thresholds.items()))
    session.table(
        "marginal_baseline",
        {"provider": "VARCHAR", "baseline": "BIGINT", "rate_ppm": "BIGINT"},
        [
            (p, amount, law.marginal_ppm)
            for p, amount in sorted(terms.baselines.items())
            if law.marginal_ppm is not None
        ],
    )
    kinds = _listed(kind for pod, kind in law.kinds.items() if pod in law.marginal_pods)
    session.execute(
        "create or replace table emergency_value as "
        "select provider, cast(sum(charge) as bigint) as actual from admission "
        f"where status = 'PRICED' and kind in ({kinds}) group by provider"
    )
    session.script(_SQL, "readmissions.sql")


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(quoted(code) for code in sorted({*codes, "-"}))
