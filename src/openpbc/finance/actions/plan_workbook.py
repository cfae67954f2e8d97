"""Keeping a workbook that somebody sent for a plan, before anybody decides whether its lines are taken."""

from __future__ import annotations

import hashlib

from openpbc import audit
from openpbc.finance.reads.plan_workbook import CONTENT, SLIP, Received, workbook_folder
from openpbc.kernel.actor import Actor
from openpbc.kernel.texts import plain_name
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.warehouse.store import canonical_json


@audit.action("finance.receive_workbook", late=True)
def receive_workbook(*, by: Actor, place: str, version: int, name: str, content: bytes) -> Received:
    """Keep a workbook under the hash of its bytes; the same file again, for the same version, changes nothing.

    It changes no plan. What was looked at before somebody says yes is then what is taken, whatever the browser sends.
    """
    year = str(organisations.book(place).place.year)
    sha256 = hashlib.sha256(content).hexdigest()
    received = Received(sha256, plain_name(name, "workbook.xlsx"), content)
    folder = workbook_folder(place, year, version, sha256)
    if (folder / CONTENT).is_file():
        return received
    kept = store()
    with audit.writing():
        with kept.staging() as staged:
            (staged / CONTENT).write_bytes(content)
            slip = {"by": by.name, "name": received.name, "sha256": sha256}
            (staged / SLIP).write_text(canonical_json(slip), encoding="utf-8")
            kept.keep(staged, folder)
        told = {"workbook": sha256, "name": received.name, "bytes": len(content)}
        audit.note(subject=f"plan-version/{place}/{year}/{version}", after=told)
    return received
