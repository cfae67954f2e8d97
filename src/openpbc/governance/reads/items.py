"""Items of meetings: what is put, its papers, what was declared, how each voted, and the record of the decision."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpbc.governance import models
from openpbc.governance.reads.bases import ITEM, origins
from openpbc.governance.reads.seats import names
from openpbc.governance.rules.meetings import LISTED, WAITING, WITHDRAWN, minute
from openpbc.kernel.problems import UserError

PREFIX = ITEM


@dataclass(frozen=True)
class Paper:
    """One version of a paper; ``current`` is the one that counts."""

    id: int
    name: str
    sha256: str
    size: int
    version: int
    current: bool
    added_by: str
    added_at: datetime


@dataclass(frozen=True)
class Declared:
    """What somebody declared at an item, and what was ruled."""

    person: str
    name: str
    what: str
    ruling: str
    declared_at: datetime


@dataclass(frozen=True)
class Item:
    """One item with all that was recorded of it so far; ``record`` is what its decision was kept with."""

    id: int
    place: str
    body: str
    meeting: int | None
    number: int | None
    matter: str
    title: str
    kind: str
    private: bool
    proposing: str
    state: str
    version: int
    note: str
    asked_by: str
    decision: int | None
    outcome: str
    reasons: str
    minutes_of: int | None
    urgent: int | None
    reason: str
    synthetic: bool
    put_by: str
    put_at: datetime
    changed_by: str
    changed_at: datetime
    papers: tuple[Paper, ...]
    declared: tuple[Declared, ...]
    votes: Mapping[str, str]
    record: Mapping[str, Any]

    @property
    def address(self) -> str:
        """The text by which rulings and other records name this item."""
        return f"{PREFIX}/{self.place}/{self.id}"

    @property
    def current_papers(self) -> tuple[Paper, ...]:
        """The papers that count, by name."""
        return tuple(each for each in self.papers if each.current)

    @property
    def papers_hash(self) -> str:
        """One hash of all papers that count: what a vote was cast on."""
        return papers_hash(self.current_papers)

    @property
    def said(self) -> bool:
        """Whether it was recorded who declared what, be it that nobody did."""
        return bool(self.asked_by or self.declared)

    def minute(self, meeting_number: int) -> str:
        """The reference of the item's minute."""
        return minute(meeting_number, self.number or 0)


def papers_hash(papers: Iterable[Paper] | Iterable[models.Paper]) -> str:
    """Hash names and hashes of papers, in the order of their names."""
    told = "\n".join(f"{name} {sha}" for name, sha in sorted((each.name, each.sha256) for each in papers))
    return hashlib.sha256(told.encode()).hexdigest()


def items(place: str, meeting: int) -> tuple[Item, ...]:
    """List the items of a meeting in the order of its agenda."""
    return _items(models.Item.objects.filter(place=place, meeting_id=meeting).order_by("number"))


def items_of(place: str, meetings: Iterable[int]) -> dict[int, tuple[Item, ...]]:
    """Give the items of several meetings, each agenda in its order, by the number of the meeting."""
    found: dict[int, tuple[Item, ...]] = dict.fromkeys(meetings, ())
    for each in _items(models.Item.objects.filter(place=place, meeting__in=list(found)).order_by("number")):
        if each.meeting is not None:
            found[each.meeting] += (each,)
    return found


def waiting(place: str, body: str = "") -> tuple[Item, ...]:
    """List what waits for a meeting, the longest first; of one body if named."""
    rows = models.Item.objects.filter(place=place, state=WAITING)
    return _items((rows.filter(body=body) if body else rows).order_by("put_at", "pk"))


def open_item(place: str, matter: str) -> Item | None:
    """Give the item on which a matter waits for a decision now, or none; a matter waits for one body at a time."""
    return open_items(place, (matter,)).get(matter)


def open_items(place: str, matters: Collection[str]) -> dict[str, Item]:
    """Give the item on which each of several matters waits now, for those that do, asking once for all."""
    rows = models.Item.objects.filter(place=place, matter__in=matters, state__in=(WAITING, LISTED)).exclude(matter="")
    return {each.matter: each for each in reversed(_items(rows))}


def item(place: str, number: int) -> Item:
    """Give one item; an unknown one is a person's mistake."""
    found = _items(models.Item.objects.filter(place=place, pk=number))
    if not found:
        raise UserError(f"there is no item {number}", where=place, do="Choose one from the agenda.")
    return found[0]


def some(place: str, numbers: Collection[int]) -> tuple[Item, ...]:
    """Give the items of some numbers."""
    return _items(models.Item.objects.filter(place=place, pk__in=numbers)) if numbers else ()


def item_of_decision(decision: int) -> Item | None:
    """Give the item in which a decision was taken, or which it corrects; none for one written into the register."""
    number: int | None = decision
    while number is not None:
        if found := _items(models.Item.objects.filter(decision_id=number)):
            return found[0]
        number = models.Decision.objects.filter(pk=number).values_list("replaces_id", flat=True).first()
    return None


def items_of_decisions(place: str, only: Collection[int] | None = None) -> dict[int, Item]:
    """Give the item in which each decision of a place was taken, or which it corrects, by the decision's number.

    ``only`` are the decisions that are wanted, if not all are.
    """
    taken_in = {taken: item for taken, item in origins(place).items() if only is None or taken in only}
    found = {each.id: each for each in _items(models.Item.objects.filter(pk__in=set(taken_in.values())))}
    return {decision: found[number] for decision, number in taken_in.items()}


def every_item(place: str) -> tuple[Item, ...]:
    """List what waits for meetings of a place and what stands on their agendas, the latest first."""
    rows = models.Item.objects.filter(place=place).exclude(state=WITHDRAWN)
    return _items(rows.order_by("-pk"))


def _items(rows: Any) -> tuple[Item, ...]:
    found = rows.select_related("decision", "record").prefetch_related("papers", "declarations", "ballots")
    called = names()
    return tuple(_item(row, called) for row in found)


def _item(row: models.Item, called: dict[str, str]) -> Item:
    record: models.DecisionRecord | None = getattr(row, "record", None)
    same = (
        "place", "body", "number", "matter", "title", "kind", "private", "proposing", "state", "version", "note",
        "asked_by", "reason", "synthetic", "put_by", "put_at", "changed_by", "changed_at",
    )  # fmt: skip
    return Item(
        id=row.pk,
        meeting=row.meeting_id,
        decision=row.decision_id,
        outcome=row.decision.outcome if row.decision else "",
        reasons=row.decision.text if row.decision else "",
        minutes_of=row.minutes_of_id,
        urgent=row.urgent_id,
        papers=tuple(sorted((_paper(each) for each in row.papers.all()), key=lambda each: (each.name, each.version))),
        declared=tuple(_declared(each, called) for each in sorted(row.declarations.all(), key=lambda each: each.pk)),
        votes={each.person: each.choice for each in sorted(row.ballots.all(), key=lambda each: each.person)},
        record=record.facts if record else {},
        **{name: getattr(row, name) for name in same},
    )


def _paper(row: models.Paper) -> Paper:
    columns = ("name", "sha256", "size", "version", "current", "added_by", "added_at")
    return Paper(id=row.pk, **{name: getattr(row, name) for name in columns})


def _declared(row: models.Declaration, called: dict[str, str]) -> Declared:
    return Declared(row.person, called.get(row.person, row.person), row.what, row.ruling, row.declared_at)
