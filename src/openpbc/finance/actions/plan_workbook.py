"""Keeping a workbook that somebody sent for a plan, and taking its lines then or at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from openpbc import audit
from openpbc.finance.actions.plan_claim import PlanChanged
from openpbc.finance.actions.plan_lines import replace_lines
from openpbc.finance.reads.plan_workbook import CONTENT, SLIP, Received, workbook_folder
from openpbc.finance.rules.plan_line import PlanLine
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


@audit.action("finance.bring_workbook")
def bring_workbook(
    *, by: Actor, place: str, version: int, revision: int, lines: Sequence[PlanLine], name: str, content: bytes
) -> PlanChanged:
    """Keep a workbook and take the lines that were read from it, both or neither, where they were shown before."""
    sent = receive_workbook(by=by, place=place, version=version, name=name, content=content)
    source = f"the workbook {sent.name} ({sent.short})"
    done = replace_lines(by=by, place=place, version=version, revision=revision, lines=lines, source=source)
    told = {"workbook": sent.sha256, "revision": done.revision}
    audit.note(subject=f"plan-version/{place}/{organisations.book(place).place.year}/{version}", after=told)
    return done
