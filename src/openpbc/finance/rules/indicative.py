"""Indicative budgets of practices: a group's budget shared out over its practices, to the penny."""

from __future__ import annotations

from collections.abc import Mapping

from openpbc.kernel.money import pounds, share_out
from openpbc.kernel.problems import UserError

BY_LIST, BY_NEED, FROM_FILE = "registered-list", "need-weighted", "file"
METHODS: Mapping[str, str] = {
    BY_LIST: "By registered list: the same for every person on a practice's list",
    BY_NEED: "By weighted population: the same for every person as the formula of need counts them",
    FROM_FILE: "From a file that gives each practice its sum; together they must be the group's budget exactly",
}


def shared(pence: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Share a budget over practices by weight with largest remainder, so that the shares add up to it exactly."""
    if not any(weights.values()):
        raise UserError("no practice has any weight", do="Give lists or weights for the practices of the group.")
    return share_out(pence, weights)


def taken_back(pence: int, own: int, below: Mapping[str, int]) -> dict[str, int]:
    """Give what comes back from each account below a line that gives up ``pence``, so that the line's own can pay.

    What the line holds itself goes first: nobody was told of it. The rest comes back in proportion to what each holds,
    which is how it was issued, to the penny; where all of them hold less than that, all of it comes back.
    """
    short = min(max(0, pence - own), sum(below.values()))
    return {code: share for code, share in share_out(short, below).items() if share} if short else {}


def given(pence: int, amounts: Mapping[str, int], members: Mapping[str, object]) -> dict[str, int]:
    """Take sums as they were given: only for practices of the group, none below nought, adding up exactly."""
    for practice, amount in amounts.items():
        if practice not in members:
            raise UserError(f"practice {practice[:20]} is not in the group", do="Give only practices of the group.")
        if amount < 0:
            raise UserError(f"the sum of practice {practice} is negative", do="Give nought or more.")
    total = sum(amounts.values())
    if total != pence:
        raise UserError(
            f"the practices' sums add up to {pounds(total)}, the group's budget is {pounds(pence)}: "
            f"a difference of {pounds(total - pence)}",
            do="Change the sums until both are equal; nothing was issued.",
        )
    return dict(amounts)
