"""People behind their accounts: what a person may do under one sign-in name counts under each of the others."""

from __future__ import annotations

from openpbc.organisations.reads import accounts, people, today
from openpbc.organisations.rules.roles import Assignment


def roles_of_persons() -> dict[str, tuple[Assignment, ...]]:
    """Give, by each sign-in name, the roles that the person behind it holds today under any of their accounts."""
    day, same = today(), accounts()
    held = {each.sign_in: {own for own in each.assignments if own.holds_on(day)} for each in people()}
    return {
        name: tuple(sorted(own.union(*(held.get(other, set()) for other in same.get(name, ())))))
        for name, own in held.items()
    }
