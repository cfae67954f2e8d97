"""A small demonstration in a home of its own: made once for all workers of a run, and served by each."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Pictures for people are taken at true size, everything else is checked at a hundredth of it.
SCALE = os.environ.get("OPENPBC_SCREENSHOTS_SCALE", "1") if os.environ.get("OPENPBC_SCREENSHOTS") else "0.01"
PASSWORD = "demo"
PATIENCE = 600
COMMAND = (sys.executable, "-m", "openpbc.site.cli")


def made(folder: Path) -> Path:
    """Give the home of the demonstration, making it if no other worker does or did."""
    home, lock, done = folder / "demonstration", folder / "demonstration.lock", folder / "demonstration.done"
    try:
        lock.mkdir()
    except FileExistsError:
        _wait(done.exists, "another worker's demonstration")
        if message := done.read_text():
            raise RuntimeError(message) from None
        return home
    command = [*COMMAND, "demo", "--no-serve", "--scale", SCALE, "--home", str(home)]
    run = subprocess.run(command, env=environment(home), capture_output=True, text=True, check=False)
    draft = done.with_suffix(".part")
    draft.write_text("" if run.returncode == 0 else f"the demonstration was not made: {run.stderr[-2000:]}")
    draft.replace(done)
    if run.returncode:
        raise RuntimeError(done.read_text())
    return home


def environment(home: Path) -> dict[str, str]:
    """Give the environment of a process that works in the demonstration's home, on SQLite."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "OPENPBC_RULEBOOK")}
    return kept | {"OPENPBC_HOME": str(home), "DJANGO_SETTINGS_MODULE": "openpbc.site.settings"}


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Serve the home on a free port for the time of the context, and give the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*COMMAND, "serve", "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(
        command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(lambda: _answers(server, address), "the server")
        yield address
    finally:
        server.terminate()
        server.communicate(timeout=20)


def _answers(server: subprocess.Popen[str], address: str) -> bool:
    if server.poll() is not None:
        raise RuntimeError(f"the server ended: {server.communicate()[1][-2000:]}")
    try:
        with urllib.request.urlopen(f"{address}/sign-in", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def _wait(ready, what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > until:
            raise RuntimeError(f"waited {PATIENCE} seconds for {what}")
        time.sleep(0.2)
