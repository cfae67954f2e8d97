"""What a paper claims of a plan, held against what the figures show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from openpbc.kernel.money import percent_text, ratio_ppm, round_div, thousands

TENTH_OF_A_MILLION = 10_000_000
MILLION = 100_000_000


class Verdict(StrEnum):
    """Whether the figures bear a claim out."""

    HOLDS = "holds"
    FAILS = "does not hold"
    OPEN = "cannot be told"


@dataclass(frozen=True)
class Judged:
    """A verdict and the sentence that says why; ``group`` is the one that decided it, where one did."""

    verdict: Verdict
    sentence: str
    group: str = ""


def nearer(before: Mapping[str, int], after: Mapping[str, int], names: Mapping[str, str]) -> Judged:
    """Judge whether every group comes nearer to its fair share; distances in parts per million of the share."""
    moves = {code: abs(after[code]) - abs(before[code]) for code in before}
    farthest = max(moves, key=lambda code: (moves[code], code))
    told = f"from {percent_text(before[farthest], 3)} to {percent_text(after[farthest], 3)} of its share"
    if moves[farthest] > 0:
        others = [code for code in moves if moves[code] < 0]
        best = max((-moves[code] for code in others), default=0)
        most = f"; of the others none comes nearer by more than {_points(best)}" if others else ""
        return Judged(Verdict.FAILS, f"{names[farthest]} moves away, {told}{most}.", farthest)
    if not any(after.values()):
        return Judged(Verdict.HOLDS, "Every group stands at its fair share.", farthest)
    if not moves[farthest]:
        sentence = f"{names[farthest]} stays as far as it was, at {percent_text(after[farthest], 3)} of its share."
        return Judged(Verdict.FAILS, sentence, farthest)
    sentence = f"Every group comes nearer, {names[farthest]} least ({told}), by {_points(-moves[farthest])}."
    return Judged(Verdict.HOLDS, sentence, farthest)


def _points(ppm: int) -> str:
    return f"{percent_text(ppm, 3).removesuffix('%')} points"


def releases(deposit: int, wanted: int) -> Judged:
    """Judge whether a deposit is the sum that the paper names, to the tenth of a million that it is named in."""
    told = f"What is given up comes to £{thousands(deposit)} thousand against £{thousands(wanted)} thousand"
    tenths = round_div(deposit, TENTH_OF_A_MILLION)
    if tenths == round_div(wanted, TENTH_OF_A_MILLION):
        return Judged(Verdict.HOLDS, f"{told}: the same to a tenth of a million.")
    return Judged(Verdict.FAILS, f"{told}.")


def at_least(deposit: int, least: int) -> Judged:
    """Judge whether a deposit covers a sum."""
    verdict = Verdict.HOLDS if deposit >= least else Verdict.FAILS
    return Judged(verdict, f"£{thousands(deposit)} thousand against £{thousands(least)} thousand.")


def grows_above(in_scope: int | None, whole: int | None, national: int) -> Judged:
    """Judge whether growth in scope passes the national growth, and say what the whole budget grows by."""
    if in_scope is None:
        return Judged(Verdict.OPEN, "Without a base there is no growth.")
    gap = f"{percent_text(in_scope - national).removesuffix('%')} points"
    sentence = f"In scope {percent_text(in_scope)} against {percent_text(national)}, a gap of {gap}"
    if whole is not None:
        sentence += f"; the whole budget grows by {percent_text(whole)}, since what is out of scope grows less"
        sentence = sentence if whole < in_scope else sentence.partition(", since")[0]
    return Judged(Verdict.HOLDS if in_scope > national else Verdict.FAILS, f"{sentence}.")


def rests_on(missing: tuple[str, ...]) -> Judged:
    """Judge a promise by whether its terms are set; ``missing`` names in words those that are not."""
    if missing:
        return Judged(Verdict.OPEN, f"Nothing says: {'; '.join(missing)}.")
    return Judged(Verdict.HOLDS, "The terms are set.")


def part_of(amount: int, whole: int) -> int | None:
    """Give a part of a whole in parts per million; none of nought."""
    return ratio_ppm(amount, whole) if whole else None
