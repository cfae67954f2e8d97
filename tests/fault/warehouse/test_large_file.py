"""A file far larger than the memory that a machine spares for it is looked at, landed and checked line by line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.activity.rows import PLACE, rows, text_of

MEGABYTE = 1 << 20
ROOT = Path(__file__).parents[3]
CODE = """
import sys
from pathlib import Path
from bench.measuring import peak_mib
from openpbc.activity.flow.first_look import look
from openpbc.activity.flow.receiving import Claim, accept
from openpbc.rulebook.reader import open_book
from openpbc.warehouse.store import Store
from openpbc.warehouse.survey import survey
book, path = open_book(sys.argv[2]), Path(sys.argv[1])
surveyed = survey(path)
seen = look(book, surveyed, Claim())
landed = accept(Store(path.parent / "warehouse"), book, surveyed, Claim(), threads=1).landed
assert (seen.lines, landed.lines) == (surveyed.lines, surveyed.lines)
print(landed.lines, landed.unparsed, peak_mib())
"""


def written(path: Path, size: int) -> int:
    """Write a file of a month of outpatients of that size; give how many lines of data it has."""
    header, line = text_of("op", rows("op", 1)).splitlines()
    (key, rest), lines = line.split(",", 1), 0
    before, after = rest.split("N1", 1)
    with path.open("w", encoding="utf-8") as file:
        file.write(header + "\n")
        while file.tell() < size:
            numbers = range(lines, lines + 10_000)
            block = [f"{key}{at},{before}N{at}{after}\n" for at in numbers]
            file.writelines(block)
            lines += len(block)
    return lines


def received(tmp_path: Path, size: int) -> int:
    """Receive a file of a size in a process of its own; give the most memory that it had, in megabytes."""
    path = tmp_path / "RWG_2008-06_op.csv"
    lines = written(path, size)
    command = [sys.executable, "-c", CODE, str(path), PLACE]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-1000:]
    landed, unparsed, peak = map(int, ran.stdout.split())
    assert (landed, unparsed) == (lines, 0)
    return peak


def test_a_file_of_64_megabytes_needs_little_memory(tmp_path: Path) -> None:
    assert received(tmp_path, 64 * MEGABYTE) <= 512


@pytest.mark.soak
def test_a_file_of_a_gigabyte_needs_512_megabytes(tmp_path: Path) -> None:
    assert received(tmp_path, 1024 * MEGABYTE) <= 512
