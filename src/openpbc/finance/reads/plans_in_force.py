"""Groups' own commissioning plans as they are in force: which priorities each serves."""

from __future__ import annotations

from collections.abc import Mapping

from openpbc.finance import models
from openpbc.rulebook.reader import Book

AGREED, STOPPED = "agreed", "stopped"


def priorities_in_force(book: Book) -> Mapping[str, Mapping[str, str]]:
    """The priorities that each unit's own plan in force serves, title by code, by unit; none for one without a plan.

    A plan is in force as it was agreed. While its group writes it anew, what was last published of it in the year still
    is. An item that was stopped serves nothing.
    """
    own = {"place": book.place.id, "year": str(book.place.year)}
    agreed: dict[str, dict[str, str]] = {}
    rows = models.GroupPlan.objects.filter(**own, state=AGREED)
    for unit, state, code, title in rows.values_list(
        "unit", "items__state", "items__priority__code", "items__priority__title"
    ):
        served = agreed.setdefault(unit, {})
        if code and state != STOPPED:
            served[code] = title
    return _published(own) | agreed


def _published(own: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The same of the newest published version of each unit; it names priorities by their titles."""
    rows = models.PublishedPlan.objects.filter(**own).order_by("version")
    newest = dict(rows.values_list("unit", "body"))
    codes = dict(models.Priority.objects.filter(**own).values_list("title", "code"))
    return {
        unit: {
            codes[item["priority"]]: item["priority"]
            for item in body["items"]
            if item["priority"] in codes and item["state"] != STOPPED
        }
        for unit, body in newest.items()
    }
