"""Several people at the same moment: each in a thread with a connection of its own.

With a ``seed`` each comes a little after the others, by chance that can be repeated: from all at once to one clearly
after another, so that many rounds try many ways in which their work can cross.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from openpbc.kernel.problems import UserError

LONGEST_WAIT = 0.02


def at_once(*works: Callable[[], object], seed: int | None = None) -> list[object]:
    """Do all at the same moment; give what each returned, or the sentence with which it was refused.

    What ends in another way than with a sentence is raised here: nobody has won by breaking down.
    """
    start = threading.Barrier(len(works))
    chance = random.Random(seed)
    waits = [0.0 if seed is None else chance.choice((0.0, chance.random() * LONGEST_WAIT)) for _ in works]

    def do(work: Callable[[], object], wait: float) -> object:
        try:
            start.wait()
            time.sleep(wait)
            return work()
        except UserError as problem:
            return problem.sentence
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        done = [threads.submit(do, *pair) for pair in zip(works, waits, strict=True)]
    return [each.result() for each in done]
