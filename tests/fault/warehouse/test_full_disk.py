"""A disk that takes no more: one sentence, nothing kept, and what was there before still answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from openpbc.warehouse import landing
from openpbc.warehouse.store import Store
from openpbc.warehouse.survey import survey

# A limit on the size of files stands in for a full disk: writing beyond it fails as writing to a full disk does.
LANDING = """
import resource, signal, sys
from pathlib import Path
from openpbc.kernel.problems import UserError
from openpbc.warehouse import landing
from openpbc.warehouse.store import Store
from openpbc.warehouse.survey import survey
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    landing.land(Store(Path(sys.argv[1])), survey(Path(sys.argv[2])), ",")
except UserError as problem:
    print(problem.sentence)
    sys.exit(2)
"""


def land_under(limit: int, root: Path, file: Path) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-c", LANDING, str(root), str(file), str(limit)]
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


def test_a_full_disk_keeps_nothing_half(tmp_path: Path) -> None:
    store = Store(tmp_path / "warehouse")
    small, large = tmp_path / "small.csv", tmp_path / "large.csv"
    small.write_text("a,b\n1,2\n")
    large.write_text("a,b\n" + "".join(f"{at * 7919 % 100_003},{at * 104_729 % 999_983}\n" for at in range(60_000)))
    before = landing.land(store, survey(small), ",")
    for limit in (0, 10_000, 100_000):
        made = land_under(limit, store.root, large)
        assert made.returncode == 2, made.stderr
        assert "cannot be written" in made.stdout and made.stdout.count("\n") == 1
        assert [path.name for path in store.landed.iterdir()] == [before.sha256]
        assert [path for path in (store.root / ".staging").iterdir() if path.name != "spill"] == []
    assert landing.landed(store, before.sha256) == before
    assert land_under(1 << 30, store.root, large).returncode == 0
    assert len(list(store.landed.iterdir())) == 2
