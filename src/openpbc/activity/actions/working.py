"""The process that checks a draft: started, seen to be alive, and stopped.

The lock of a draft's folder is taken before the process starts and handed over to it, so there is no moment at which a
draft at work looks idle; whatever ends the process, the lock goes with it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from openpbc.activity.flow import drafting
from openpbc.activity.reads.drafts import LOCK, is_working

_PATIENCE, _STEP = 5.0, 0.02
_started: list[subprocess.Popen[bytes]] = []


def start(folder: Path) -> bool:
    """Start the work of a folder, unless it is at work already; tells whether it was started."""
    with _locked(folder) as lock:
        if lock is None:
            return False
        (folder / drafting.STAGE).unlink(missing_ok=True)
        if settings.DRAFTS_WORK_HERE:
            drafting.do(folder)
            return True
        _started[:] = [each for each in _started if each.poll() is None]  # lets go of those that have ended
        made = subprocess.Popen(
            [sys.executable, "-P", "-m", drafting.__name__, str(folder)],
            pass_fds=(lock,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        _started.append(made)
        os.pwrite(lock, f"{made.pid}\n".encode(), 0)
        os.ftruncate(lock, len(f"{made.pid}\n"))
    return True


def stop(folder: Path) -> None:
    """End the work of a folder, if it is at work."""
    waited = 0.0
    while is_working(folder) and waited < _PATIENCE:
        number = (folder / LOCK).read_text().strip()
        if number.isdecimal():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(number), signal.SIGKILL)
        time.sleep(_STEP)
        waited += _STEP


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[int | None]:
    """Hold the folder's lock, or give None when another does; one who only looks is waited for."""
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor if _take(descriptor) else None
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    for _ in range(10):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_STEP)
        else:
            return True
    return False
