"""Writers who act at the same moment queue for the chain, and none of them breaks or skips a link."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from openpbc import audit
from openpbc.audit import reads
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.organisations.models import Place

WRITERS, WRITES = 8, 25


@audit.action("test.write_place")
def write_place(*, by: Actor, code: str) -> None:
    """Write one place."""
    Place.objects.create(code=code, title=code, book_hash="")
    audit.note(subject=f"place/{code}")


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_make_one_unbroken_chain() -> None:
    start = threading.Barrier(WRITERS)
    done: list[int] = []

    def writer(number: int) -> None:
        try:
            start.wait()
            for turn in range(WRITES):
                write_place(by=SYSTEM, code=f"{number}-{turn}")
            done.append(number)
        finally:
            connection.close()

    threads = [threading.Thread(target=writer, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(WRITERS))
    assert reads.verify().events == WRITERS * WRITES == Place.objects.count()
    assert reads.verify().intact
