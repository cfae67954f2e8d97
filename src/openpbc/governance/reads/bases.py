"""What an appeal stands on: the matter of the decision, and the item of a meeting in which it was taken.

Whatever is withheld there, now or later, is withheld of the appeal; nothing is copied, so nothing can fall behind.
"""

from __future__ import annotations

from collections.abc import Mapping

from openpbc.governance import models
from openpbc.governance.rules.appeals import PREFIX

ITEM = "meeting-item"


def bases(place: str, only: str = "") -> Mapping[str, tuple[str, ...]]:
    """Give the addresses on which each appeal of a place stands, or one; what is no appeal stands on nothing."""
    rows = models.Appeal.objects.filter(place=place)
    if only:
        parts = only.split("/")
        if len(parts) != 3 or parts[0] != PREFIX or not parts[2].isdigit():
            return {}
        rows = rows.filter(number=int(parts[2]))
    against = {row.number: row.decision for row in rows.select_related("decision")}
    if not against:
        return {}
    taken_in = origins(place)
    return {
        f"{PREFIX}/{place}/{number}": tuple(
            address
            for address in (taken.matter, f"{ITEM}/{place}/{taken_in[taken.pk]}" if taken.pk in taken_in else "")
            if address
        )
        for number, taken in against.items()
    }


def origins(place: str) -> dict[int, int]:
    """Give the item in which each decision was taken, by their numbers; a correction goes back to what it corrects."""
    rows = models.Item.objects.filter(place=place, decision__isnull=False)
    found: dict[int, int] = dict(rows.values_list("decision_id", "pk"))
    corrections = models.Decision.objects.filter(place=place, replaces__isnull=False).order_by("pk")
    for later, wrong in corrections.values_list("pk", "replaces_id"):  # the wrong one is always the earlier
        if later not in found and wrong in found:
            found[later] = found[wrong]
    return found
