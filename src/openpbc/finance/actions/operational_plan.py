"""Writing the commissioner's operational plan: an entry added, and what becomes of it."""

from __future__ import annotations

from datetime import date

from openpbc import audit
from openpbc.finance import models
from openpbc.finance.actions.revisions import added, change, signed, written
from openpbc.finance.rules.operational_plan import KINDS, STATES
from openpbc.kernel.actor import Actor
from openpbc.kernel.texts import one_of
from openpbc.organisations import reads as organisations


@audit.action("finance.write_operational_entry")
def write_operational_entry(
    *,
    by: Actor,
    place: str,
    kind: str,
    title: str,
    state: str,
    action: str = "",
    owner: str = "",
    due: date | None = None,
    missing: str = "",
    code: str = "",
    revision: int = 0,
) -> str:
    """Add an entry, or change the one with a code; what nobody has said stays empty and is shown as not set."""
    year = str(organisations.book(place).place.year)
    facts = {
        "kind": one_of("kind", kind, KINDS),
        "title": written("title", title),
        "action": written("action", action, required=False),
        "owner": written("owner", owner, required=False),
        "due": due,
        "missing": written("missing", missing, required=False),
        "state": one_of("state", state, STATES),
    }
    rows = models.OperationalEntry.objects.filter(place=place, year=year)
    if code:
        change(rows.filter(code=code), f"entry {code}", by=by, revision=revision, **facts)
    else:
        code = added(rows, "OP", rows.count(), place=place, year=year, revision=1, **signed(by), **facts)
    audit.note(subject=f"operational-plan/{place}/{year}/{code}", after=facts | {"due": due and due.isoformat()})
    return code
