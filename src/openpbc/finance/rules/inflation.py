"""Uplifts of a plan: rates that are made of two parts, and what they do to a line."""

from __future__ import annotations

from enum import StrEnum

from openpbc.kernel.money import PPM, apply_ppm, round_div


class Combination(StrEnum):
    """How two parts of one rate are put together; which one holds is a setting, as sources seldom say."""

    ADD = "add"
    COMPOUND = "compound"


def combined(first: int, second: int, how: Combination) -> int:
    """Put two rates (parts per million) together: 2.5% and 5% add to 7.5% and compound to 7.625%."""
    if how is Combination.ADD:
        return first + second
    return round_div((PPM + first) * (PPM + second), PPM) - PPM


def net_of_efficiency(gross: int, efficiency: int) -> int:
    """Take the efficiency that is asked for off a gross uplift, in percentage points (both in parts per million)."""
    return gross - efficiency


def uplifted(amount: int, rate: int) -> int:
    """Give an amount in pence after an uplift, rounded once."""
    return amount + apply_ppm(amount, rate)
