"""Money in whole pence, rates in parts per million, and the one rounding: half away from zero.

Nothing else in OpenPBC rounds money. The SQL twin of ``round_div`` is the macro of the same name in the warehouse.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from openpbc.kernel.problems import UserError

PPM = 1_000_000
# Pence; far above any health economy, far below what a database's whole number holds.
LARGEST_SUM = 10**15
MFF_UNIT = 10_000_000  # the market forces factor has seven decimals

_GROUPED = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?", re.ASCII)


def round_div(numerator: int, denominator: int) -> int:
    """Divide and round half away from zero; the denominator must be positive."""
    if denominator <= 0:
        raise ValueError("the denominator must be positive")
    size = (abs(numerator) * 2 + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def apply_ppm(pence: int, ppm: int) -> int:
    """Give ``ppm`` parts per million of an amount in pence, rounded once."""
    return round_div(pence * ppm, PPM)


def apply_mff(pence: int, mff_e7: int) -> int:
    """Multiply an amount in pence by a market forces factor in ten-millionths, rounded once."""
    return round_div(pence * mff_e7, MFF_UNIT)


def ratio_ppm(part: int, whole: int) -> int:
    """Give part / whole in parts per million, rounded once; the whole may be negative but not zero."""
    if whole < 0:
        part, whole = -part, -whole
    return round_div(part * PPM, whole)


def share_out(pot: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Share a pot over codes in proportion to whole-number weights, by largest remainder.

    The shares sum to the pot exactly, each lies within one unit of its exact share, and ties go to the lower code,
    so the order of the mapping is irrelevant. Weights may not be negative nor all zero (unless the pot is zero).
    """
    total = sum(weights.values())
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("a weight may not be negative")
    if total == 0:
        if pot:
            raise ValueError("a pot cannot be shared over weights that are all zero")
        return dict.fromkeys(weights, 0)
    sign, size = (-1, -pot) if pot < 0 else (1, pot)
    parts = {code: divmod(size * weight, total) for code, weight in weights.items()}
    floors = {code: whole for code, (whole, _) in parts.items()}
    spare = size - sum(floors.values())
    by_remainder = sorted(parts, key=lambda code: (-parts[code][1], code)) if spare else ()
    for code in by_remainder[:spare]:
        floors[code] += 1
    return {code: sign * share for code, share in floors.items()}


def decimal_from_text(text: str) -> Decimal:
    """Read a plain number: optional minus (or brackets), thousands commas in the right places, no other signs."""
    bare = text.strip().removeprefix("£").strip()
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1]
    if not _GROUPED.fullmatch(bare):
        raise UserError(f"'{text.strip()[:40]}' is not a number", do="Write digits, with a point for decimals.")
    try:
        return Decimal(bare.replace(",", ""))
    except InvalidOperation as error:  # pragma: no cover - the pattern admits nothing that Decimal refuses
        raise UserError(f"'{text[:40]}' is not a number") from error


def scaled_from_text(text: str, decimals: int) -> int:
    """Read a number as a whole count of its 10**-decimals; more decimals than that are refused, never rounded."""
    scaled = decimal_from_text(text) * (10**decimals)
    if scaled != scaled.to_integral_value():
        raise UserError(f"'{text.strip()[:40]}' has more than {decimals} decimals", do="Give it at that precision.")
    return int(scaled)


def pence_from_text(text: str) -> int:
    """Read pounds such as ``1,234.50`` or ``-3`` as pence."""
    return scaled_from_text(text, 2)


def ppm_from_text(text: str) -> int:
    """Read a rate such as ``0.045`` as parts per million."""
    return scaled_from_text(text, 6)


def ppm_from_percent(text: str) -> int:
    """Read a percentage such as ``4.5`` or ``4.5%`` as parts per million."""
    return scaled_from_text(text.strip().removesuffix("%"), 4)


def _signed(amount: int, body: str, symbol: str) -> str:
    return f"-{symbol}{body}" if amount < 0 else f"{symbol}{body}"


def pounds(pence: int) -> str:
    """Write pence as ``£1,234.56``."""
    whole, rest = divmod(abs(pence), 100)
    return _signed(pence, f"{whole:,}.{rest:02d}", "£")


def whole_pounds(pence: int) -> str:
    """Write pence as pounds without pence, rounded once: ``£1,235``."""
    rounded = round_div(pence, 100)
    return _signed(rounded, f"{abs(rounded):,}", "£")


def thousands(pence: int) -> str:
    """Write pence as thousands of pounds, as the published tables do: ``231,763``."""
    rounded = round_div(pence, 100_000)
    return _signed(rounded, f"{abs(rounded):,}", "")


def percent_text(ppm: int, places: int = 2) -> str:
    """Write parts per million as a percentage with the given decimals (0 to 4): 45,000 -> ``4.50%``."""
    rounded = round_div(ppm, 10 ** (4 - places))
    whole, rest = divmod(abs(rounded), 10**places)
    tail = f".{rest:0{places}d}" if places else ""
    return _signed(rounded, f"{whole:,}{tail}%", "")
