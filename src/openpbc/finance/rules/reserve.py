"""The deposit as a reserve: what came from each group goes back to that group and to no other, and never more.

A call names the group, the year in which the money comes back, a purpose, and whether what it pays for ends (one-off)
or goes on (recurrent). Nothing comes back that nobody has written down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.money import thousands
from openpbc.kernel.problems import UserError

ONE_OFF, RECURRENT = "one-off", "recurrent"
KINDS = (ONE_OFF, RECURRENT)


@dataclass(frozen=True)
class Call:
    """A call on the reserve, in pence: so much to this group in that year; ``posted`` when the ledger holds it."""

    number: int
    unit: str
    year: str
    kind: str
    purpose: str
    title: str
    pence: int
    posted: bool = False


def returned(calls: Iterable[Call], unit: str = "", year: str = "", purpose: str = "") -> int:
    """Add up calls, those of one group, of one year, for one purpose, or all."""
    return sum(
        call.pence
        for call in calls
        if unit in ("", call.unit) and year in ("", call.year) and purpose in ("", call.purpose)
    )


def left(deposits: Mapping[str, int], calls: Sequence[Call]) -> dict[str, int]:
    """Give what of each group's deposit no call has named yet."""
    return {unit: pence - returned(calls, unit) for unit, pence in deposits.items()}


def unassigned(deposits: Mapping[str, int], calls: Sequence[Call]) -> int:
    """Give what of the whole deposit has no purpose yet: purposes and this add up to the deposit, always."""
    return sum(deposits.values()) - returned(calls)


def check_call(
    deposits: Mapping[str, int], calls: Sequence[Call], new: Call, names: Mapping[str, str], years: Sequence[str]
) -> None:
    """Refuse a call that would give a group more than came from it, or give it at no time that the plan knows."""
    if new.pence <= 0:
        raise UserError("a return is a sum above nought", where="amount", do="Give thousands of pounds, such as 1,200.")
    if new.year not in years:
        raise UserError(f"'{new.year[:10]}' is no year of the plan", where="year", do=f"Choose {', '.join(years)}.")
    if new.kind not in KINDS:
        raise UserError("a call is one-off or recurrent", where="kind", do="Choose one of the two.")
    if new.unit not in deposits:
        raise UserError(f"nothing was deposited by '{new.unit[:40]}'", where="unit", do="Choose one that deposited.")
    spare = deposits[new.unit] - returned(calls, new.unit)
    if new.pence > spare:
        name = names.get(new.unit, new.unit)
        raise UserError(
            f"of the £{thousands(deposits[new.unit])} thousand of {name} £{thousands(spare)} thousand is left",
            where="amount",
            do=f"Give at most {_plain(spare)}, or take back another call first.",
        )


def _plain(pence: int) -> str:
    whole, rest = divmod(pence, 100_000)
    return f"{whole:,}.{rest:05d}".rstrip("0").rstrip(".")


def findings(deposits: Mapping[str, int], calls: Sequence[Call], least: int | None) -> tuple[Finding, ...]:
    """Tell what a reader of the schedule must know: too small a deposit, too much called, spending that goes on."""
    found = []
    deposit = sum(deposits.values())
    if least is not None and deposit < least:
        sentence = (
            f"The deposit of £{thousands(deposit)} thousand is less than the £{thousands(least)} thousand by which "
            "spending power falls in later years."
        )
        found.append(_finding("RS-01", Level.WARNING, sentence))
    over = sorted(unit for unit, pence in left(deposits, calls).items() if pence < 0)
    strangers = sorted({call.unit for call in calls} - set(deposits))
    for unit in (*over, *strangers):
        sentence = f"The returns written down for {unit} are more than it has deposited; take some back."
        found.append(_finding("RS-02", Level.ERROR, sentence))
    going_on = returned([call for call in calls if call.kind == RECURRENT])
    if going_on:
        sentence = (
            f"£{thousands(going_on)} thousand comes back once but pays for what goes on; "
            "the years after need money from elsewhere."
        )
        found.append(_finding("RS-03", Level.WARNING, sentence))
    return tuple(found)


def _finding(rule: str, level: Level, sentence: str) -> Finding:
    return Finding(rule, level, Place(), sentence)
