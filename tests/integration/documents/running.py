"""Runs a page of the documents: its ``sh`` blocks in order, files it shows, and output it promises.

A page may hold three kinds of fenced block that mean something here. ``sh`` is executed, in one folder and with one
environment from the first block of the page to its last. ``text`` straight after it is what must be printed: each of
its lines, in that order, where ``...`` inside a line stands for anything. A block with ``file=PATH`` after its language
is written to that file.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SETS_UP = re.compile(r"^openpbc migrate$", re.MULTILINE)
PATIENCE = 900


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, what stands beside it, its body, and its line in the page."""

    language: str
    beside: str
    body: str
    line: int

    @property
    def file(self) -> str:
        """The file that the block writes, if it says one."""
        named = re.search(r"file=(\S+)", self.beside)
        return named[1] if named else ""


def blocks(page: Path) -> list[Block]:
    """Every fenced block of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [Block(hit[1], hit[2], hit[3], text.count("\n", 0, hit.start()) + 1) for hit in FENCE.finditer(text)]


def run_page(page: Path, folder: Path, set_up: Path | None = None) -> None:
    """Execute a page in a folder; a failing command or a missing line of output is an ``AssertionError``.

    ``set_up`` is a home as ``openpbc migrate`` leaves it. The block with that command finds a copy of it, since doing
    it all anew takes longer than most of what a page is about.
    """
    printed = ""
    for block in blocks(page):
        if block.file:
            target = folder / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.body, encoding="utf-8")
        elif block.language == "sh":
            if set_up and SETS_UP.search(block.body) and not (folder / "home").exists():
                shutil.copytree(set_up, folder / "home")
            printed = _execute(block, folder, f"{page.name}:{block.line}")
        elif block.language == "text":
            missing = list(_missing(block.body, printed))
            assert not missing, f"{page.name}:{block.line} promises {missing[0]!r}, but this was printed:\n{printed}"


def _execute(block: Block, folder: Path, where: str) -> str:
    """Run one block, carrying folder and environment over from the block before."""
    state = folder / ".state"
    script = f"set -euo pipefail\n. {state}\n{block.body}\n{{ export -p; echo cd \"'$PWD'\"; }} > {state}\n"
    if not state.exists():
        state.write_text("", encoding="utf-8")
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{where} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def _environment(folder: Path) -> dict[str, str]:
    """The reader's environment: a shell with ``openpbc`` on its path, and nothing of the test run's own."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("OPENPBC_", "DJANGO_", "PYTEST_"))
    }
    kept.pop("DATABASE_URL", None)
    return kept | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "OPENPBC_HOME": str(folder / "home"),
        "COLUMNS": "110",
        "SOURCE": str(ROOT),
    }


def _missing(promised: str, printed: str) -> Iterator[str]:
    """Lines that were promised and not printed after the line before."""
    at = 0
    for line in promised.strip().splitlines():
        if line.strip() == "...":
            continue
        pattern = ".*".join(re.escape(" ".join(part.split())).replace(r"\ ", r"\s+") for part in line.split("..."))
        hit = re.compile(pattern).search(printed, at)
        if hit is None:
            yield line
            return
        at = hit.end()
