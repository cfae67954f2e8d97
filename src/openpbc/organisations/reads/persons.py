"""People behind their accounts: what a person may do under one sign-in name counts under each of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from openpbc.organisations import models
from openpbc.organisations.reads import Person, accounts, people, today
from openpbc.organisations.rules.roles import Assignment


def names() -> dict[str, str]:
    """Give everybody's name by sign-in name."""
    return dict(models.User.objects.order_by("sign_in").values_list("sign_in", "display_name"))


def accounts_of(person: str, every: Mapping[str, frozenset[str]] | None = None) -> frozenset[str]:
    """Give all sign-in names of the person with one; ``every`` are all accounts, where somebody has read them."""
    return (accounts() if every is None else every).get(person, frozenset({person}))


def roles_of_persons(
    known: Iterable[Person] | None = None, every: Mapping[str, frozenset[str]] | None = None
) -> dict[str, tuple[Assignment, ...]]:
    """Give, by each sign-in name, the roles that the person behind it holds today under any of their accounts.

    ``known`` is everybody and ``every`` are all accounts, where somebody has read them.
    """
    day, same = today(), accounts() if every is None else every
    listed = people() if known is None else known
    held = {each.sign_in: {own for own in each.assignments if own.holds_on(day)} for each in listed}
    return {
        name: tuple(sorted(own.union(*(held.get(other, set()) for other in same.get(name, ())))))
        for name, own in held.items()
    }
