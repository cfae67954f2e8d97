"""The ledger's law: which accounts there may be, which journals, and what each journal may move.

Every change of a budget is a journal: two or more entries that add up to nought, each on an account of its own. What a
journal gives to one account it takes from another, so the sum of all accounts is always nought.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openpbc.kernel.money import LARGEST_SUM, pounds
from openpbc.kernel.problems import UserError

ALLOCATION, HELD, GROUP, PRACTICE, DEPOSIT = "allocation", "held", "group", "practice", "deposit"
INNOVATION, INCENTIVE, POOL, FREED, SPENT = "innovation", "incentive", "pool", "freed", "spent"
# Kinds of account in the order in which a trial balance lists them, each with its meaning.
ACCOUNT_KINDS: Mapping[str, str] = {
    ALLOCATION: "The other side of all money received from the centre and from partners, so it stands below nought",
    HELD: "Held by the commissioner above its groups",
    GROUP: "Budget of a group, before any part of it is issued to practices",
    PRACTICE: "Indicative budget of a practice, a part of its group's budget",
    DEPOSIT: "Lodged with the regional body, returnable to the group that it came from",
    INNOVATION: "Ring-fenced innovation fund",
    INCENTIVE: "Set aside for incentive payments of a group",
    POOL: "A partner's share of a pooled fund",
    FREED: "Resources that a group has freed up and not used yet",
    SPENT: "Used for good: paid out of a fund",
}
REVERSAL = "reversal"
IN_SCOPE, OUT_OF_SCOPE = "in-scope", "out-of-scope"
SCOPES = (IN_SCOPE, OUT_OF_SCOPE)
UNALLOCATED = "held/unallocated"
CONTINGENCY = "held/contingency"
FUND = "innovation/fund"
# The other side of what partners pay in, so that the allocation stays what the centre gave.
PARTNERS = "allocation/partners"
# What a fund may pay into: accounts that carry its tag.
SPENT_TAGS = (INNOVATION, INCENTIVE, POOL, FREED)
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}", re.ASCII)


@dataclass(frozen=True)
class JournalKind:
    """A kind of journal: what it is for, and the kinds of account that it may touch."""

    code: str
    title: str
    meaning: str
    touches: frozenset[str]


_EVERY = frozenset(ACCOUNT_KINDS)


def _kind(code: str, title: str, meaning: str, *touches: str) -> JournalKind:
    return JournalKind(code, title, meaning, frozenset(touches) or _EVERY)


JOURNAL_KINDS: Mapping[str, JournalKind] = {
    kind.code: kind
    for kind in (
        _kind("opening", "Opening balance", "Balances with which the ledger begins"),
        _kind("allocation", "Allocation", "Money received from the centre, or taken back by it", ALLOCATION, HELD),
        _kind("top-slice", "Top slice", "Money kept above the groups before they are funded", ALLOCATION, HELD),
        _kind("budget", "Budget", "Budgets as a decision set or changed them", ALLOCATION, HELD, GROUP, DEPOSIT),
        _kind("indicative", "Indicative budget", "A group's budget issued to its practices", GROUP, PRACTICE),
        _kind("division", "Division", "A budget divided over service lines or scopes", GROUP, PRACTICE),
        _kind("virement", "Virement", "Money moved from one budget to another", HELD, GROUP, PRACTICE),
        _kind("reserve", "Reserve", "Money put into a reserve, or called from it", HELD, GROUP, PRACTICE),
        _kind("deposit", "Deposit", "Money of a group lodged with the regional body", HELD, GROUP, DEPOSIT),
        _kind("deposit-return", "Deposit returned", "A deposit given back to the group it came from", GROUP, DEPOSIT),
        _kind("innovation", "Innovation fund", "Paid into the fund, or by it for innovation", HELD, INNOVATION, SPENT),
        _kind("incentive", "Incentive", "Set aside for incentives, or paid out", HELD, GROUP, INCENTIVE, SPENT),
        _kind("pool", "Pooled fund", "Partners' shares of a pooled fund", ALLOCATION, HELD, GROUP, POOL, SPENT),
        _kind("freed", "Freed up", "Resources that a group has freed up", GROUP, PRACTICE, FREED, HELD),
        _kind("freed-use", "Use of freed resources", "Freed resources put to use", FREED, GROUP, PRACTICE, SPENT),
        _kind("carry-forward", "Carry-forward", "Balances of a year carried into the next, or lapsing"),
        _kind("reversal", "Reversal", "Exactly the opposite of an earlier journal"),
    )
}
# Money in a ring fence moves only by these; everything else would be another use.
INNOVATION_KINDS = frozenset({"opening", "innovation", "carry-forward", "reversal"})


@dataclass(frozen=True)
class Entry:
    """One side of a journal: an account's code, and the pence that it is given (plus) or that are taken (minus)."""

    account: str
    pence: int


@dataclass(frozen=True)
class Draft:
    """A journal before it is posted.

    ``seen`` maps accounts to the number of the last line that the person saw; ``key`` makes a journal that is posted
    again the same journal; ``reverses`` is the number of the journal that a reversal undoes.
    """

    kind: str
    entries: tuple[Entry, ...]
    on: date
    reason: str
    source: str = ""
    key: str = ""
    seen: Mapping[str, int] | None = None
    reverses: int = 0


@dataclass(frozen=True)
class AccountName:
    """What an account's code says."""

    code: str
    kind: str
    unit: str = ""
    practice: str = ""
    scope: str = ""
    service_line: str = ""
    name: str = ""
    partner: str = ""

    @property
    def may_go_below(self) -> bool:
        """Only the other side of the money received may stand below nought."""
        return self.kind == ALLOCATION


def account_name(code: str) -> AccountName:
    """Read an account's code; one that is not well formed is a person's mistake."""
    kind, *parts = code.split("/")
    reader = _READERS.get(kind)
    if reader is None or not all(_PART.fullmatch(part) for part in parts):
        raise _no_account(code)
    named = reader(parts)
    if named is None:
        raise _no_account(code)
    return AccountName(code, kind, **named)


def _no_account(code: str) -> UserError:
    return UserError(
        f"'{code[:60]}' is no account of the ledger",
        do="Write a code such as held/contingency, group/UNIT/in-scope or practice/CODE/in-scope.",
    )


def _received(parts: list[str]) -> dict[str, str] | None:
    return {} if not parts else {"name": "partners"} if parts == ["partners"] else None


def _named(parts: list[str]) -> dict[str, str] | None:
    return {"name": parts[0]} if len(parts) == 1 else None


def _of_unit(parts: list[str]) -> dict[str, str] | None:
    return {"unit": parts[0]} if len(parts) == 1 else None


def _fund(parts: list[str]) -> dict[str, str] | None:
    return {"name": "fund"} if parts == ["fund"] else None


def _shared(parts: list[str]) -> dict[str, str] | None:
    return {"name": parts[0], "partner": parts[1]} if len(parts) == 2 else None


def _used(parts: list[str]) -> dict[str, str] | None:
    return {"name": "/".join(parts)} if len(parts) in (2, 3) and parts[0] in SPENT_TAGS else None


def _budget(owner: str, parts: list[str]) -> dict[str, str] | None:
    if len(parts) not in (2, 3) or parts[1] not in SCOPES:
        return None
    return dict(zip((owner, "scope", "service_line"), parts, strict=False))


_READERS: Mapping[str, Callable[[list[str]], dict[str, str] | None]] = {
    ALLOCATION: _received,
    HELD: _named,
    GROUP: lambda parts: _budget("unit", parts),
    PRACTICE: lambda parts: _budget("practice", parts),
    DEPOSIT: _of_unit,
    INNOVATION: _fund,
    INCENTIVE: _of_unit,
    POOL: _shared,
    FREED: _of_unit,
    SPENT: _used,
}


_SCOPE_WORDS = {IN_SCOPE: " in scope", OUT_OF_SCOPE: " out of scope", "": ""}


def account_title(name: AccountName, called: str) -> str:
    """Say in words whose account it is."""
    plain = name.name.replace("-", " ")
    line = f", {name.service_line.replace('-', ' ')}" if name.service_line else ""
    return {
        ALLOCATION: "Received from partners" if plain else "Allocation received",
        HELD: f"Held: {plain}",
        GROUP: f"{called}{_SCOPE_WORDS[name.scope]}{line}",
        PRACTICE: f"{name.practice} {called}{_SCOPE_WORDS[name.scope]}{line}",
        DEPOSIT: f"Deposit of {called}",
        INNOVATION: "Innovation fund",
        INCENTIVE: f"Incentives of {called}",
        POOL: f"Pooled fund {plain}: share of {name.partner}",
        FREED: f"Freed up by {called}",
        SPENT: f"Used for {plain.replace('/', ': ', 1).replace('/', ', ')}",
    }[name.kind]


def group_account(unit: str, scope: str, service_line: str = "") -> str:
    """Give the code of a group's budget."""
    return "/".join(part for part in (GROUP, unit, scope, service_line) if part)


def practice_account(practice: str, scope: str, service_line: str = "") -> str:
    """Give the code of a practice's indicative budget."""
    return "/".join(part for part in (PRACTICE, practice, scope, service_line) if part)


def check_draft(draft: Draft) -> tuple[AccountName, ...]:
    """Refuse a journal that may not be posted whatever the balances are; give its accounts in the order of entries."""
    kind = JOURNAL_KINDS.get(draft.kind)
    if kind is None:
        raise UserError(
            f"'{draft.kind[:30]}' is no kind of journal",
            do=f"Say what kind of change it is: one of {', '.join(JOURNAL_KINDS)}.",
        )
    if not draft.reason.strip():
        raise UserError("a journal needs a reason", do="Say in a few words why the money moves.")
    if (draft.kind == REVERSAL) != bool(draft.reverses):
        raise UserError("a reversal names its journal, and nothing else does", do="Reverse the journal by its number.")
    names = tuple(account_name(entry.account) for entry in draft.entries)
    _check_sums(draft.entries)
    for name in names:
        if name.kind not in kind.touches:
            raise UserError(f"a journal of kind '{kind.title}' may not touch the account {name.code}", do=kind.meaning)
        if name.kind == INNOVATION and draft.kind not in INNOVATION_KINDS:
            raise UserError("the innovation fund is ring-fenced", name.code, "Use a journal of kind 'innovation'.")
    _RING_FENCES.get(draft.kind, _no_fence)(names, draft.entries)
    return names


def _check_sums(entries: Sequence[Entry]) -> None:
    if len(entries) < 2:
        raise UserError("a journal has at least two entries", do="Say where the money comes from and where it goes.")
    codes = [entry.account for entry in entries]
    twins = sorted({code for code in codes if codes.count(code) > 1}) if len(set(codes)) < len(codes) else []
    if twins:
        raise UserError(f"the account {twins[0]} stands twice in one journal", do="Give each account one entry.")
    for entry in entries:
        if entry.pence == 0 or abs(entry.pence) > LARGEST_SUM:
            what = "nought" if entry.pence == 0 else "more than a ledger holds"
            raise UserError(f"the entry on {entry.account} is {what}", do="Give each entry an amount.")
    total = sum(entry.pence for entry in entries)
    if total:
        raise UserError(
            f"the entries of the journal add up to {pounds(total)}", do="What is given must equal what is taken."
        )


def _no_fence(names: Sequence[AccountName], entries: Sequence[Entry]) -> None:
    """Most kinds of journal may move any sum between the accounts that they may touch."""


def _innovation_fence(names: Sequence[AccountName], entries: Sequence[Entry]) -> None:
    """The fund is fed from what is held, pays only what is tagged innovation, and gets back what was not used."""
    for name, entry in zip(names, entries, strict=True):
        if name.kind == HELD and entry.pence > 0:
            raise UserError("money of the innovation fund has no other use", name.code, "Unspent money stays in it.")
    _check_tags(names, INNOVATION)


def _check_tags(names: Sequence[AccountName], tag: str) -> None:
    for name in names:
        if name.kind == SPENT and name.name.split("/")[0] != tag:
            raise UserError(f"the fund pays only what is tagged {tag}", name.code, f"Use spent/{tag}/NAME.")


def _return_fence(names: Sequence[AccountName], entries: Sequence[Entry]) -> None:
    """A deposit goes back to the group that it came from."""
    by_unit: dict[str, int] = {}
    for name, entry in zip(names, entries, strict=True):
        by_unit[name.unit] = by_unit.get(name.unit, 0) + entry.pence
        if name.kind == DEPOSIT and entry.pence > 0:
            raise UserError("a return takes from a deposit", name.code, "Use kind 'deposit' to lodge more.")
    for unit, pence in by_unit.items():
        if pence:
            raise UserError(f"a deposit returns only to the group it came from; {unit} would gain {pounds(pence)}")


_RING_FENCES: Mapping[str, Callable[[Sequence[AccountName], Sequence[Entry]], None]] = {
    "innovation": _innovation_fence,
    "deposit-return": _return_fence,
    "incentive": lambda names, entries: _check_tags(names, INCENTIVE),
    "pool": lambda names, entries: _check_tags(names, POOL),
    "freed-use": lambda names, entries: _check_tags(names, FREED),
}


def moved(entries: Sequence[Entry]) -> int:
    """Give the pence that a journal moves: all that it gives, which is all that it takes."""
    return sum(entry.pence for entry in entries if entry.pence > 0)


def virement_entries(source: str, target: str, pence: int) -> tuple[Entry, ...]:
    """Give the entries that move money from one account to another."""
    return Entry(source, -pence), Entry(target, pence)


def reversed_entries(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Give the exact opposite of a journal's entries."""
    return tuple(Entry(entry.account, -entry.pence) for entry in entries)


def overdrawn(title: str, balance: int, asked: int) -> UserError:
    """Say that an account does not hold what was asked for."""
    do = f"Move at most {pounds(balance)}." if balance else "Nothing can be taken from it."
    return UserError(f"{title} holds {pounds(balance)}; you asked to move {pounds(asked)}", do=do)
