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
    """The case that each block holds up, for the blocks that were put to a body or decided."""
    told = list(only)
    if not only:
        named = {"place": place, "matter__contains": f"/{BLOCK}/"}
        items = models.Item.objects.filter(**named).order_by("pk").values_list("matter", flat=True)
        told = [*items, *models.Decision.objects.filter(**named).order_by("pk").values_list("matter", flat=True)]
    return {each: case for each in told if (case := _case_of(each))}


def _case_of(matter: str) -> tuple[str, ...]:
    """The case that a block holds up; none for any other matter."""
    parts = matter.split("/")
    return ("/".join(parts[:3]),) if len(parts) == 5 and parts[3] == BLOCK else ()


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
        f"{PREFIX}/{place}/{number}": (
            *((taken.matter,) if taken.matter else ()),
            *_case_of(taken.matter),
            *((f"{ITEM}/{place}/{taken_in[taken.pk]}",) if taken.pk in taken_in else ()),
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
