"""Settles the readmissions of a year over the admitted units of its published runs.

    admissions(session, law, own)     adds one opened run's units to ``admission``
    settle(session, thresholds)       -> readmission, a line each; readmission_settled by provider

Nothing here changes a record: the published runs are read, and what is made lives as long as the session.
"""

from __future__ import annotations

from collections.abc import Mapping

from openpbc.activity.rules.adjustments import AdjustmentLaw, Admission, ReadmissionExclusion, ReadmissionLaw
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.warehouse.session import Session

_SQL = "openpbc.activity.sql"
_DAYS, _NUMBERS = ("adm_date", "dis_date"), ("age", "charge")
COLUMNS: Mapping[str, str] = {
    name: "DATE" if name in _DAYS else "BIGINT" if name in _NUMBERS else "VARCHAR"
    for name in Admission.__dataclass_fields__
}
FIELDS = ("hrg", "tfc", "adm_method", "status", "diag_first", "diag_second", "index_dis_method", "age")
KINDS: Mapping[str, str] = {"DC": "DC", "EL": "EL", "NEL": "EM", "NELST": "EM", "NELNE": "NE"}
"""What kind of admission each point of delivery is; regular attenders are none of them."""


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


def settle(session: Session, thresholds: Mapping[str, int]) -> None:
    """Make ``readmission`` and ``readmission_settled`` from ``admission``, by each provider's threshold (ppm)."""
    session.table("readmission_threshold", {"provider": "VARCHAR", "ppm": "BIGINT"}, sorted(thresholds.items()))
    session.script(_SQL, "readmissions.sql")
