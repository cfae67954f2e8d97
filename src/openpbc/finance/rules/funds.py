"""Freed-up resources, of which a part stays with the group, and pooled funds, in which each partner has a share."""

from __future__ import annotations

from collections.abc import Mapping

from openpbc.finance.rules.ledger import FREED, PARTNERS, POOL, SPENT, UNALLOCATED, AccountName, Entry
from openpbc.kernel.money import PPM, pounds, share_out
from openpbc.kernel.problems import UserError


def kept_of_freed(pence: int, least_ppm: int) -> int:
    """Give what stays with the group of resources that it freed up: at least that part, to the next penny."""
    return -(-pence * least_ppm // PPM)


def freed_entries(source: str, unit: str, pence: int, least_ppm: int) -> tuple[Entry, ...]:
    """Take freed resources off a budget: the group's part to be used again, the rest to the commissioner."""
    if pence <= 0:
        raise UserError("freed-up resources are more than nought", "pence", "Give the sum in pounds.")
    kept = kept_of_freed(pence, least_ppm)
    entries = (Entry(source, -pence), Entry(f"{FREED}/{unit}", kept), Entry(UNALLOCATED, pence - kept))
    return tuple(entry for entry in entries if entry.pence)


def freed_use_entries(unit: str, pence: int, target: AccountName | None, purpose: str) -> tuple[Entry, ...]:
    """Put what a group freed up to use: into a budget of the same group, or spent for a named purpose."""
    if pence <= 0:
        raise UserError("freed-up resources are used by more than nought", "pence", "Give the sum in pounds.")
    if (target is None) == (not purpose):
        raise UserError("say either which budget gets it or what it is spent on", "target", "Fill in one of the two.")
    if target is not None and target.unit != unit:
        raise UserError("what a group freed up is the group's to use", "target", "Choose a budget of the same group.")
    code = target.code if target is not None else f"{SPENT}/{FREED}/{purpose}"
    return Entry(f"{FREED}/{unit}", -pence), Entry(code, pence)


def pool_account(pool: str, partner: str) -> str:
    """Give the code of a partner's share of a pooled fund."""
    return f"{POOL}/{pool}/{partner}"


def paid_in(pool: str, partner: str, pence: int, source: str) -> tuple[Entry, ...]:
    """Give the entries of a partner's payment: from a budget of ours, or (no source) received from the partner."""
    if pence <= 0:
        raise UserError("a payment into a pool is more than nought", "pence", "Give the sum in pounds.")
    return Entry(source or PARTNERS, -pence), Entry(pool_account(pool, partner), pence)


def spent_of_pool(
    pool: str, pence: int, shares: Mapping[str, int], held: Mapping[str, int], purpose: str
) -> tuple[Entry, ...]:
    """Split what a pool spends over its partners by their shares, to the penny; each pays from what it has there."""
    if pence <= 0:
        raise UserError("a pool spends more than nought", "pence", "Give the sum in pounds.")
    if not any(shares.values()):
        raise UserError(f"nobody has paid into the pool '{pool[:40]}'", "pool", "Pay the partners' shares in first.")
    parts = share_out(pence, shares)
    short = [partner for partner, part in parts.items() if part > held.get(partner, 0)]
    if short:
        partner = min(short)
        raise UserError(
            f"the share of {partner} in {pool} holds {pounds(held.get(partner, 0))} and would have to pay "
            f"{pounds(parts[partner])}",
            "pence",
            "Let the partner pay in more, or spend less.",
        )
    entries = [Entry(pool_account(pool, partner), -part) for partner, part in parts.items() if part]
    return (*entries, Entry(f"{SPENT}/{POOL}/{purpose}", pence))
