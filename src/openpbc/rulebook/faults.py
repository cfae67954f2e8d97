"""A fault of a pack file as a finding whose sentence starts with the file, and the row where there is one."""

from __future__ import annotations

from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.problems import UserError


def fault(rule: str, path: str, what: str, line: int = 0, field: str = "") -> Finding:
    """Make a finding of the rulebook's own checks; ``what`` ends with a full stop, ``line`` counts rows from 1."""
    where = f"{path} row {line}" if line else path
    return Finding(f"rulebook.{rule}", Level.ERROR, Place(path, line, field), f"{where}: {what}")


def told(rule: str, path: str, error: UserError | ValueError) -> Finding:
    """Make a finding of an error that reading the file gave."""
    sentence = error.sentence if isinstance(error, UserError) else f"{error}."
    if sentence.startswith(path):
        return Finding(f"rulebook.{rule}", Level.ERROR, Place(path), sentence)
    return fault(rule, path, sentence)
