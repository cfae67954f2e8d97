"""The addresses of what the ledger holds.

``ledger/<place>/balance/<code>`` is one account, ``ledger/<place>/budget/<unit.CODE or all>[.scope[.service line]]`` a
sum of budgets, ``ledger/<place>/total/<kind of account or all>`` a line of the trial balance that adds accounts up,
``ledger/<place>/line/<journal>.<code>`` what one journal did to one account, and in the same way
``ledger/<place>/moved/<journal>.<budget>`` what it did to a budget; slashes of a code are written as points. What
belongs to one practice carries it as a part of its own, so that access can be decided by it:
``ledger/<place>/<balance|budget|line|moved>/practice/<CODE>/<rest>``. The query holds a year that is not the place's
own, the day at which the ledger is read, the one kind of journal that is counted, the line up to which, and the one
way (in or out) of which money counts, without journals that were reversed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode

from openpbc.finance.reads.evidence import no_figure
from openpbc.finance.rules.ledger import ALLOCATION, PARTNERS

PREFIX = "ledger"
BALANCE, BUDGET, LINE, MOVED, TOTAL = "balance", "budget", "line", "moved", "total"
ALL = "all"
ANY = "any"
PRACTICES = "practices"
IN, OUT = "in", "out"
POOL = "pool"
RECEIVED, FROM_PARTNERS = "received", "received-partners"
# Totals of what came from outside: the other side of accounts that stand below nought, told as more than nought.
OUTSIDE = {RECEIVED: ALLOCATION, FROM_PARTNERS: PARTNERS}
# From whom that came.
SENDERS = {RECEIVED: "the centre", FROM_PARTNERS: "partners"}
_PRACTICE = "practice"


@dataclass(frozen=True)
class Part:
    """Which part of an account's journals is counted; nothing said is all of them, in the place's own year."""

    year: str = ""
    as_at: date | None = None
    kind: str = ""
    upto: int = 0
    way: str = ""

    @property
    def query(self) -> str:
        """The part as the query of an address."""
        return urlencode({name: str(value) for name, value in vars(self).items() if value})


@dataclass(frozen=True)
class LedgerAddress:
    """One address, taken apart; ``code`` is the account's code, what a budget sums, or what a total adds up."""

    sum: str
    code: str
    journal: int = 0
    part: Part = Part()


def ledger_address(place: str, kind_of_sum: str, code: str, *, journal: int = 0, part: Part = Part()) -> str:
    """Write the address of a balance, a budget, a total or a line."""
    dotted = code.replace("/", ".")
    head = f"{PREFIX}/{place}/{kind_of_sum}"
    if dotted.startswith(f"{_PRACTICE}."):
        _, practice, *rest = dotted.split(".")
        tail = f"{_PRACTICE}/{practice}/" + ".".join([str(journal)] * bool(journal) + (rest or [ALL]))
    else:
        tail = f"{journal}.{dotted}" if journal else dotted
    return f"{head}/{tail}?{part.query}" if part.query else f"{head}/{tail}"


def budget_code(unit: str = "", practice: str = "", scope: str = "", service_line: str = "") -> str:
    """Write what a budget sums: a unit's or practice's money, or all of it, perhaps of one scope or service line."""
    owner = [_PRACTICE, practice] if practice else ["unit", unit] if unit else [ALL]
    cut = [scope or ANY, service_line] if service_line else [scope] if scope else []
    return "/".join([*owner, *cut])


def budget_filter(code: str) -> dict[str, str]:
    """Read :func:`budget_code` back as the columns of accounts that it selects."""
    kind, *rest = code.split("/")
    owner = {} if kind == ALL else {kind: rest.pop(0)}
    cut = dict(zip(("scope", "service_line"), rest, strict=False))
    return owner | {name: text for name, text in cut.items() if text not in (ANY, ALL)}


def total_filter(code: str) -> dict[str, str]:
    """Read what a total adds up as the columns of accounts: all, one kind, one pooled fund, or a line's practices.

    What was received from outside is the other side of the accounts for it, which stand below nought.
    """
    if code in OUTSIDE:
        return {"code": OUTSIDE[code]}
    kind, _, unit = code.partition("/")
    if kind == ALL:
        return {}
    if kind == POOL and unit:
        return {"kind": POOL, "code__startswith": f"{code}/"}
    return {"kind": _PRACTICE, "unit": unit} if kind == PRACTICES else {"kind": kind}


def parse_address(address: str, rest: str) -> LedgerAddress:
    """Read what follows the place in an address; anything else is a person's mistake."""
    path, _, query = rest.partition("?")
    sum, _, tail = path.partition("/")
    parts = tail.replace("/", ".").split(".")
    journal = 0
    try:
        if sum in (LINE, MOVED):
            journal = int(parts.pop(2 if parts[0] == _PRACTICE else 0))
        part = _part(dict(parse_qsl(query)))
    except (ValueError, IndexError) as problem:
        raise no_figure(address) from problem
    if sum not in (BALANCE, BUDGET, LINE, MOVED, TOTAL) or not parts or not all(parts):
        raise no_figure(address)
    unowned = sum in (BUDGET, MOVED) and parts[0] != ALL and (parts[0] not in ("unit", _PRACTICE) or len(parts) < 2)
    # Access is decided by the address as it is written, so a practice must stand in a part of its own.
    hidden = sum != TOTAL and parts[0] == _PRACTICE and not tail.startswith(f"{_PRACTICE}/")
    if unowned or hidden:
        raise no_figure(address)
    if parts[0] == _PRACTICE and parts[2:] == [ALL]:
        parts = parts[:2]
    return LedgerAddress(sum, "/".join(parts), journal, part)


def _way(text: str) -> str:
    if text not in ("", IN, OUT):
        raise ValueError(text)
    return text


def _part(asked: dict[str, str]) -> Part:
    day = asked.get("as_at")
    return Part(
        year=asked.get("year", ""),
        as_at=date.fromisoformat(day) if day else None,
        kind=asked.get("kind", ""),
        upto=int(asked.get("upto", "0")),
        way=_way(asked.get("way", "")),
    )
