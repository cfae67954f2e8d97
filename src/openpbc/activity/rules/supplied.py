"""Compares our price of a record with the one that an extract of the national service supplies beside it.

The copy for millions is ``sql/price_supplied.sql``.
"""

from __future__ import annotations

SAME, NOT_SUPPLIED, NOT_PRICED, EXCLUDED_THERE, DIFFERENT = (
    "SAME",
    "NOT_SUPPLIED",
    "NOT_PRICED",
    "EXCLUDED_THERE",
    "DIFFERENT",
)
SENTENCES = {
    SAME: "Both prices are the same.",
    NOT_SUPPLIED: "The extract supplies no price.",
    NOT_PRICED: "The extract supplies a price, and none is stated here; the record's status says why.",
    EXCLUDED_THERE: "The extract excludes the record from tariff, and it is priced here.",
    DIFFERENT: "Both are priced, and the prices differ; the steps of our price show where.",
}
EXCLUDED = ("1", "Y", "TRUE")


def verdict(ours: int | None, supplied: int | None, excluded: str | None) -> str:
    """Say how two prices in pence stand to each other; the first that fits decides."""
    if ours is not None and (excluded or "").upper() in EXCLUDED:
        return EXCLUDED_THERE
    if supplied is None:
        return NOT_SUPPLIED
    if ours is None:
        return NOT_PRICED
    return SAME if ours == supplied else DIFFERENT
