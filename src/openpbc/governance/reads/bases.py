"""What a matter stands on: an appeal on the decision and the item in which it was taken, a block on its case.

Whatever is withheld there, now or later, is withheld of what stands on it; nothing is copied, so nothing falls behind.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from openpbc.governance import models
from openpbc.governance.rules.appeals import PREFIX, number_of

ITEM = "meeting-item"
# What holds a case up is a matter of its own, below the case: redesign/PLACE/NUMBER/block/NUMBER.
BLOCK = "block"


def bases(place: str, only: Collection[str] = ()) -> Mapping[str, tuple[str, ...]]:
    """Give the addresses on which each block and appeal of a place stands, or some; else a matter stands on nothing."""
    return _of_blocks(place, only) | _of_appeals(place, only)


def _of_blocks(place: str, only: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The case that each block holds up, for the blocks that were put to a body."""
    told = list(only)
    if not only:
        rows = models.Item.objects.filter(place=place, matter__contains=f"/{BLOCK}/")
        told = list(rows.order_by("pk").values_list("matter", flat=True))
    parts = ((each, each.split("/")) for each in told)
    return {each: ("/".join(at[:3]),) for each, at in parts if len(at) == 5 and at[3] == BLOCK}


def _of_appeals(place: str, only: Collection[str]) -> dict[str, tuple[str, ...]]:
    rows = models.Appeal.objects.filter(place=place)
    if only:
        named = {found[1] for each in only if (found := number_of(each))}
        if not named:
            return {}
        rows = rows.filter(number__in=named)
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
