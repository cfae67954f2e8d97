"""How one group's share came about, as steps that add up to it."""

from __future__ import annotations

from collections.abc import Callable

from openpbc.finance.rules.capping import Capped
from openpbc.finance.rules.fair_shares import Allocation, Share, Stage
from openpbc.kernel.citations import Citation
from openpbc.kernel.money import PPM, percent_text, pounds, round_div
from openpbc.kernel.steps import Step

RULE = "fair-shares"

Show = Callable[[int], str]
Inputs = tuple[tuple[str, str], ...]
Level = tuple[str, int, Inputs]


def share_steps(
    allocation: Allocation, code: str, show: Show = pounds, citation: Citation | None = None
) -> tuple[Step, ...]:
    """Explain the share of one group; the effects of the steps add up to its amount.

    ``show`` writes an amount in the unit of the allocation.
    """
    share = allocation.by_code[code]
    levels = [
        ("Base in scope", share.claim.base, (("base", show(share.claim.base)),)),
        _floor(allocation, share, show),
        *_beyond_floor(allocation, share, show),
    ]
    if share.amount != share.nearest:
        levels.append(("Rounding, so that all shares add up to the pot", share.amount, ()))
    steps, before = [], 0
    for label, level, inputs in levels:
        steps.append(Step(RULE, label, level - before, inputs, citation))
        before = level
    return tuple(steps)


def _floor(allocation: Allocation, share: Share, show: Show) -> Level:
    minimum = percent_text(allocation.parameters.minimum_growth, 4)
    inputs = (("base", show(share.claim.base)), ("minimum growth", minimum))
    return "Step 1: minimum growth for every group", round_div(share.floor, PPM), inputs


def _beyond_floor(allocation: Allocation, share: Share, show: Show) -> list[Level]:
    floor, second = show(round_div(share.floor, PPM)), round_div(share.after_extra, PPM)
    if allocation.stage is Stage.BELOW_FLOORS:
        inputs: Inputs = (
            ("pot", show(allocation.pot)),
            ("floor", floor),
            ("all floors", show(_all_floors(allocation))),
        )
        return [("Floors scaled down pro rata to the pot", share.nearest, inputs)]
    inputs = (
        ("fair share in scope", show(share.claim.target)),
        ("floor", floor),
        ("extra growth at most", percent_text(allocation.parameters.extra_growth, 4)),
    )
    label = "Step 2: the lesser of what is lacking and the extra"
    if allocation.stage is Stage.IN_EXTRA:
        short = ("pot falls short of step 2 by", show(-round_div(allocation.left, PPM)))
        return [(f"{label}, scaled to the pot", share.nearest, (*inputs, short))]
    rest = (
        ("left after step 2", show(round_div(allocation.left, PPM))),
        ("remaining distance", show(round_div(share.distance, PPM))),
        ("all remaining distances", show(round_div(sum(s.distance for s in allocation.shares), PPM))),
    )
    return [(label, second, inputs), ("Step 3: the rest, pro rata to the remaining distance", share.nearest, rest)]


def _all_floors(allocation: Allocation) -> int:
    return round_div(sum(share.floor for share in allocation.shares), PPM)


def capped_steps(
    capped: Capped, code: str, show: Show = pounds, citations: tuple[Citation | None, Citation | None] = (None, None)
) -> tuple[Step, ...]:
    """Explain a capped share: the steps of the share, then what the cap cut off. Citations: of the rule, of the cap."""
    released = capped.released[code]
    inputs = (
        ("base", show(capped.allocation.by_code[code].claim.base)),
        ("growth at most", percent_text(capped.cap, 4)),
        ("share before the cap", show(capped.allocation.by_code[code].amount)),
    )
    cut = Step(f"{RULE}-cap", "Cap on growth in scope; the rest is released", -released, inputs, citations[1])
    return (*share_steps(capped.allocation, code, show, citations[0]), cut)
