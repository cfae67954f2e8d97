"""Figures that a case cites: named by their address and read where they are made, never typed."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.finance.reads.explaining import explain as explain_finance
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation
from openpbc.measures.reads.addresses import PREFIX as MEASURES
from openpbc.measures.reads.explaining import explain as explain_measure
from openpbc.organisations import reads as organisations

FINANCE = ("finance", "fair-shares", "need-shares", "ledger", "multi-year", "scope-item")
PREFIXES = (*FINANCE, MEASURES)


@dataclass(frozen=True)
class Cited:
    """A cited figure: what it is, and its value in its unit; ``why`` says why there is none."""

    address: str
    title: str
    value: int = 0
    unit: str = ""
    why: str = ""


def cited(place: str, address: str) -> Cited:
    """Read one figure of the place; an address that names none is a person's mistake."""
    found = _explained(place, address)
    return Cited(address, found.title, found.value, found.unit)


def cited_or_why(place: str, address: str) -> Cited:
    """Read one figure; where it can no longer be read, say why."""
    try:
        return cited(place, address)
    except UserError as problem:
        return Cited(address, address, why=problem.sentence)


def _explained(place: str, address: str) -> Explanation:
    prefix, _, rest = address.partition("/")
    if prefix not in PREFIXES or rest.partition("/")[0] != place:
        raise UserError(
            f"'{address[:80]}' is no figure that a case can cite",
            where="figures",
            do=f"Open the figure on its page and copy its address; it starts with {', '.join(PREFIXES)}.",
        )
    if prefix == MEASURES:
        return explain_measure(address, sees_records=False)  # everybody in the place reads a case
    return explain_finance(organisations.book(place), address)
