"""Two people for one thing: the second is another person, whatever account, role or delegation they come with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError


def same(one: str, other: str, accounts: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether two sign-in names are one person's; ``accounts`` gives all names of those who have several."""
    return one == other or other in accounts.get(one, frozenset())


def must_be_another(
    by: Actor, did: Iterable[str], accounts: Mapping[str, frozenset[str]], what: str, *, who_can: str
) -> None:
    """Refuse to let a person agree to what the same person did; the sentence says who can.

    Whoever acts for somebody is held to be both: neither may have done the other half.
    """
    for other in did:
        if same(by.id, other, accounts):
            through = f", as {other}" if other != by.id else ""
            said = f"{what} by somebody else: it was you{through} who did the other half"
            raise UserError(said, do=who_can).for_the_log()
        if by.acting_for and same(by.acting_for, other, accounts):
            said = f"{what} by somebody else: you act for {by.acting_for}, who did the other half"
            raise UserError(said, do=who_can).for_the_log()
