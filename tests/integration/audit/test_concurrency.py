"""Writers who act at the same moment queue for the chain, and none of them breaks or skips a link."""

from __future__ import annotations

from functools import partial

import pytest

from openpbc import audit
from openpbc.audit import reads
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.organisations.models import Place
from tests.integration.at_once import at_once

WRITERS, WRITES = 8, 25


@audit.action("test.write_place")
def write_place(*, by: Actor, code: str) -> None:
    """Write one place."""
    Place.objects.create(code=code, title=code, book_hash="")
    audit.note(subject=f"place/{code}")


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_make_one_unbroken_chain() -> None:
    def writer(number: int) -> int:
        for turn in range(WRITES):
            write_place(by=SYSTEM, code=f"{number}-{turn}")
        return number

    done = at_once(*(partial(writer, number) for number in range(WRITERS)))
    assert done == list(range(WRITERS))
    assert reads.verify().events == WRITERS * WRITES == Place.objects.count()
    assert reads.verify().intact
