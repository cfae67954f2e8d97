"""Decisions that the documents of a place date, for a demonstration: as exactly as they are known."""

from __future__ import annotations

from openpbc import audit
from openpbc.governance import reads
from openpbc.governance.actions.decisions import record_decision
from openpbc.kernel.actor import Actor
from openpbc.kernel.dated import Dated
from openpbc.organisations import reads as organisations
from openpbc.rulebook.values import Table

PAPERS = "governance.decisions_of_papers"


@audit.action("governance.demonstrate_papers")
def demonstrate_papers(*, by: Actor, place: str) -> None:
    """Record what documents say that bodies decided, each with its source; a second run changes nothing."""
    found = organisations.book(place).table(PAPERS)
    known = {(each.body, each.title) for each in reads.decisions(place)}
    rows = [row for row in found if (row["body"], row["title"]) not in known] if isinstance(found, Table) else []
    if not isinstance(found, Table) or not rows:
        audit.nothing_changed()
        return
    for row in rows:
        record_decision(
            by=by, place=place, body=row["body"], taken_on=Dated.parse(row["taken"]),
            minute=f"{found.citation.document}, line {row['lines']}", outcome=reads.APPROVED, text=row["text"],
            title=row["title"], synthetic=bool(row["invented"]),
        )  # fmt: skip
    audit.note(subject=f"place/{place}", after={"decisions of papers": [row["title"] for row in rows]})
