"""Prints results in the shell: JSON with plain numbers, or columns that line up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import click

from openpbc.kernel.findings import Finding
from openpbc.kernel.money import percent_text

_EXACT_DIGITS = 15


def number(value: int | None, decimals: int) -> int | float | None:
    """Write a scaled whole number as the JSON number with those decimals.

    A float prints up to 15 digits back as they were, so the printed JSON is exact; larger values are refused rather
    than printed a little wrong.
    """
    if value is None:
        return None
    if not decimals or not value % 10**decimals:
        return value // 10**decimals
    if len(str(abs(value))) > _EXACT_DIGITS:
        raise ValueError("the number has more digits than JSON readers keep")
    return float(Decimal(value).scaleb(-decimals))


def percent(ppm: int | None) -> int | float | None:
    """Write parts per million as a percentage with up to four decimals."""
    return number(ppm, 4)


def print_json(body: Any) -> None:
    """Print one JSON document on standard output."""
    click.echo(json.dumps(body, indent=2, ensure_ascii=False))


def print_columns(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under a header; the first column is aligned left, the others right."""
    table = [tuple(header), *(tuple(row) for row in rows)]
    widths = [max(len(row[position]) for row in table) for position in range(len(header))]
    for row in table:
        first = row[0].ljust(widths[0])
        rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        click.echo("  ".join((first, *rest)).rstrip())


def print_findings(findings: Iterable[Finding]) -> None:
    """Print findings below a table, worst first."""
    for finding in sorted(findings, key=lambda found: "FEW".index(found.level.value)):
        click.echo(f"{finding.level.word.capitalize()} {finding.rule}: {finding.sentence}")


def findings_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Write findings as JSON."""
    return [
        {
            "rule": finding.rule,
            "level": finding.level.word,
            "row": finding.place.line or None,
            "column": finding.place.field or None,
            "sentence": finding.sentence,
        }
        for finding in findings
    ]


def hundredths_text(value: int) -> str:
    """Write hundredths of a unit as people read them: ``1,234.50``."""
    sign, size = ("-", -value) if value < 0 else ("", value)
    return f"{sign}{size // 100:,}.{size % 100:02d}"


def growth_text(ppm: int | None) -> str:
    """Write growth as a percentage; a dash where there is none."""
    return "-" if ppm is None else percent_text(ppm)
