"""Staging is cleared of what the dead left, and of nothing that the living hold."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from openpbc.warehouse.store import Store

HOLD = """
import sys, time
from pathlib import Path
from openpbc.warehouse.store import Store
with Store(Path(sys.argv[1])).staging() as folder:
    (folder / "half.parquet").write_text("half")
    print(folder, flush=True)
    time.sleep(60)
"""


def hold(root: Path) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_staging_of_a_living_process_is_left_alone_and_of_a_dead_one_cleared(tmp_path: Path) -> None:
    process, held = hold(tmp_path)
    try:
        with Store(tmp_path).staging():
            assert (held / "half.parquet").exists()
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert (held / "half.parquet").exists()
    with Store(tmp_path).staging() as own:
        assert not held.exists()
        assert sorted(path.name for path in own.parent.iterdir()) == sorted([own.name, f"{own.name}.lock"])
    assert list((tmp_path / ".staging").iterdir()) == []


def test_keeping_moves_a_folder_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for expected in (True, False):
        with store.staging() as folder:
            (folder / "file").write_text(str(expected))
            assert store.keep(folder, store.landed / "place") is expected
    assert (store.landed / "place" / "file").read_text() == "True"
