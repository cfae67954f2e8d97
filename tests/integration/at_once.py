"""Several people at the same moment: each in a thread with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection

from openpbc.kernel.problems import UserError


def at_once(*works: Callable[[], object]) -> list[object]:
    """Do all at the same moment; give what each returned, or the sentence with which it was refused."""
    start = threading.Barrier(len(works))
    results: list[object] = [None] * len(works)

    def do(number: int, work: Callable[[], object]) -> None:
        try:
            start.wait()
            results[number] = work()
        except UserError as problem:
            results[number] = problem.sentence
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
