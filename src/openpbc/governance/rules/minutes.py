"""Minutes, written from what was recorded: people edit the notes, never what the record says.

The text of minutes that were confirmed is kept with its hash, so that it can be told from anything else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from openpbc.kernel.periods import day_text

NONE_DECLARED = "No interest was declared."
NOT_ASKED = "Declarations of interest are not recorded yet."


@dataclass(frozen=True)
class Taken:
    """One item of the record: what was put, who declared and left, the quorum, the vote, the outcome and why."""

    number: int
    title: str
    kind: str = ""
    private: bool = False
    mark: str = ""
    asked: bool = False
    declared: tuple[str, ...] = ()
    recused: tuple[str, ...] = ()
    chair: str = ""
    quorum: str = ""
    vote: str = ""
    outcome: str = ""
    reasons: str = ""
    notes: tuple[str, ...] = ()
    decision: int | None = None
    papers: tuple[tuple[str, str], ...] = ()
    note: str = ""
    actions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Held:
    """A meeting as it was recorded."""

    body: str
    number: int
    kind: str
    on: date
    where: str
    present: tuple[str, ...] = ()
    attending: tuple[str, ...] = ()
    apologies: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()
    note: str = ""
    items: tuple[Taken, ...] = field(default=())


@dataclass(frozen=True)
class Section:
    """A heading of the minutes and the lines below it."""

    heading: str
    lines: tuple[str, ...]


def written(held: Held, hidden: Mapping[int, str] | None = None) -> tuple[Section, ...]:
    """Write the minutes; an item that the reader may not see gives its number and the sentence why."""
    barred = hidden or {}
    return (
        Section(f"{held.body}: meeting {held.number}, {held.kind}", _head(held)),
        *(_withheld(each, barred[each.number]) if each.number in barred else _item(each) for each in held.items),
    )


def _head(held: Held) -> tuple[str, ...]:
    return (
        f"Held on {day_text(held.on)}{f' at {held.where}' if held.where else ''}.",
        f"Present: {_names(held.present)}.",
        *_line("In attendance", held.attending),
        *_line("Apologies", held.apologies),
        *_line("Deputies", held.deputies),
        *((held.note,) if held.note else ()),
    )


def _names(names: Iterable[str]) -> str:
    return ", ".join(names) or "nobody is recorded"


def _line(label: str, names: tuple[str, ...]) -> tuple[str, ...]:
    return (f"{label}: {_names(names)}.",) if names else ()


def _withheld(each: Taken, why: str) -> Section:
    return Section(f"{each.number}. Withheld", (why,))


def _item(each: Taken) -> Section:
    lines = (
        *((f"Marked: {each.mark}.",) if each.mark else ()),
        *_declared(each),
        *_line("Left the item", each.recused),
        *((f"In the chair: {each.chair}.",) if each.chair else ()),
        *(f"Paper: {name} (SHA-256 {sha[:12]})." for name, sha in each.papers),
        *((each.note,) if each.note else ()),
        *((each.quorum,) if each.quorum else ()),
        *((f"Vote: {each.vote}",) if each.vote else ()),
        *(
            (f"Outcome: {each.outcome}.{f' Decision {each.decision}.' if each.decision else ''}",)
            if each.outcome
            else ()
        ),
        *((f"Reasons: {each.reasons}",) if each.reasons else ()),
        *each.notes,
        *(f"Action: {one}" for one in each.actions),
    )
    return Section(f"{each.number}. {each.title}{' (private part)' if each.private else ''}", lines)


def _declared(each: Taken) -> tuple[str, ...]:
    if each.declared:
        return tuple(f"Declared: {one}" for one in each.declared)
    return (NONE_DECLARED if each.asked else NOT_ASKED,)


def unfit(held: Held) -> tuple[str, ...]:
    """What keeps minutes from being published or confirmed: a decided item of which nobody said who declared what."""
    return tuple(
        f"item {each.number}, {each.title}: say which interests were declared, or that none was"
        for each in held.items
        if each.outcome and not (each.asked or each.declared)
    )


def fixed(sections: Iterable[Section]) -> tuple[str, str]:
    """The text of the minutes as it is kept once confirmed, and its SHA-256."""
    text = "\n\n".join("\n".join((each.heading, *each.lines)) for each in sections)
    return text, hashlib.sha256(text.encode("utf-8")).hexdigest()
