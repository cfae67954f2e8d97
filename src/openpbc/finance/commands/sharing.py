"""``openpbc finance fair-shares``: the three-step rule and the cap on anybody's groups."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from openpbc.finance.commands.files import hundredths, read_groups
from openpbc.finance.commands.printing import (
    findings_json,
    growth_text,
    hundredths_text,
    number,
    percent,
    print_columns,
    print_findings,
    print_json,
)
from openpbc.finance.rules.capping import Capped, cap
from openpbc.finance.rules.fair_shares import Allocation, FairShareParameters, allocate
from openpbc.finance.rules.share_steps import capped_steps, share_steps
from openpbc.kernel.money import PPM, percent_text, ppm_from_percent, round_div
from openpbc.kernel.problems import UserError


@click.command("fair-shares")
@click.option("--groups", required=True, type=click.Path(path_type=Path), help="CSV with columns group, base, target.")
@click.option("--pot", required=True, help="Money in scope, in the unit of the file.")
@click.option("--floor", required=True, help="Minimum growth in per cent, such as 4.5.")
@click.option("--extra", required=True, help="Most extra growth of step 2 in per cent of the base.")
@click.option("--cap", "cap_text", help="Cap on growth in per cent; what it cuts off is released.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with the steps of every share.")
def fair_shares(groups: Path, pot: str, floor: str, extra: str, cap_text: str | None, as_json: bool) -> None:
    """Share a pot among groups: floor for all, then towards the targets, then pro rata to what is lacking.

    TARGET is a group's fair share of what is in scope, in the unit of BASE. Results are to a hundredth of that unit,
    and shares + released + unallocated = pot.
    """
    claims = read_groups(groups)
    parameters = FairShareParameters(rate(floor, "--floor"), rate(extra, "--extra"))
    allocation = allocate(claims, hundredths(pot, "--pot"), parameters)
    capped = None if cap_text is None else cap(allocation, rate(cap_text, "--cap"))
    if as_json:
        print_json(_json(allocation, capped))
    else:
        _print(allocation, capped)


def rate(text: str, where: str) -> int:
    """Read a percentage of nought or more as parts per million."""
    try:
        ppm = ppm_from_percent(text) if len(text) <= 12 else -1
    except UserError as error:
        raise UserError(error.what, where=where, do="Give per cent, such as 4.5.") from error
    if not 0 <= ppm <= 10 * PPM:
        raise UserError(f"'{text[:20]}' is no rate of growth", where=where, do="Give per cent from 0 to 1000.")
    return ppm


def _amounts(allocation: Allocation, capped: Capped | None) -> dict[str, int]:
    return dict(capped.amounts) if capped else allocation.amounts


def _json(allocation: Allocation, capped: Capped | None) -> dict[str, Any]:
    amounts = _amounts(allocation, capped)
    return {
        "pot": number(allocation.pot, 2),
        "floor_percent": percent(allocation.parameters.minimum_growth),
        "extra_percent": percent(allocation.parameters.extra_growth),
        "cap_percent": percent(capped.cap) if capped else None,
        "stage": str(allocation.stage),
        "left_after_step_2": number(round_div(allocation.left, PPM), 2),
        "groups": [_group_json(allocation, capped, code) for code in amounts],
        "shares": number(sum(amounts.values()), 2),
        "released": number(capped.release if capped else 0, 2),
        "unallocated": number(allocation.unallocated, 2),
        "findings": findings_json((*allocation.findings, *(capped.findings if capped else ()))),
    }


def _group_json(allocation: Allocation, capped: Capped | None, code: str) -> dict[str, Any]:
    share = allocation.by_code[code]
    amount = capped.amounts[code] if capped else share.amount
    steps = capped_steps(capped, code, hundredths_text) if capped else share_steps(allocation, code, hundredths_text)
    return {
        "group": code,
        "base": number(share.claim.base, 2),
        "target": number(share.claim.target, 2),
        "floor": number(round_div(share.floor, PPM), 2),
        "after_step_2": number(round_div(share.after_extra, PPM), 2),
        "distance_after_step_2": number(round_div(share.distance, PPM), 2),
        "before_cap": number(share.amount, 2),
        "share": number(amount, 2),
        "released": number(share.amount - amount, 2),
        "distance_from_target": number(amount - share.claim.target, 2),
        "growth_percent": percent(capped.growth(code) if capped else share.growth),
        "steps": [
            {"step": step.label, "effect": number(step.effect, 2), "inputs": dict(step.inputs)} for step in steps
        ],
    }


def _print(allocation: Allocation, capped: Capped | None) -> None:
    amounts = _amounts(allocation, capped)
    rows = []
    for code, amount in amounts.items():
        claim = allocation.by_code[code].claim
        growth = capped.growth(code) if capped else allocation.by_code[code].growth
        figures = (claim.base, claim.target, amount, amount - claim.target)
        rows.append((code, *(hundredths_text(figure) for figure in figures), growth_text(growth)))
    print_columns(("group", "base", "target", "share", "from target", "growth"), rows)
    click.echo()
    released = capped.release if capped else 0
    totals = [("shares", sum(amounts.values())), ("released", released), ("unallocated", allocation.unallocated)]
    if capped:
        click.echo(f"Growth is capped at {percent_text(capped.cap)}.")
    print_columns(("sum", "amount"), [(n, hundredths_text(v)) for n, v in (*totals, ("pot", allocation.pot))])
    print_findings((*allocation.findings, *(capped.findings if capped else ())))
