"""Who has an interest in which matter: from interests, the organisations concerned, their owners, and households.

An interest counts against its holder on every day on which it was held, whether it had been declared by then or not: a
vote that was cast before the declaration is void all the same. What a late declaration cannot do is count as made
earlier than it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openpbc.kernel.periods import day_text, months_after

FINANCIAL_PERSONAL, FINANCIAL_OTHER = "financial-personal", "financial-other"
PROFESSIONAL, INDIRECT = "professional", "indirect"
NATURES: Mapping[str, str] = {
    FINANCIAL_PERSONAL: "financial, one's own",
    FINANCIAL_OTHER: "financial, of an organisation or others",
    PROFESSIONAL: "professional, not financial",
    INDIRECT: "indirect, through somebody close",
}
POSSIBLE_BIDDER, PROVIDER, OWNER, AUTHOR = "possible-bidder", "provider", "owner", "author"
PARTS: Mapping[str, str] = {
    POSSIBLE_BIDDER: "may bid",
    PROVIDER: "provides the service",
    OWNER: "owns somebody who may bid",
    AUTHOR: "wrote the specification",
}
_LAST = date.max


@dataclass(frozen=True)
class Interest:
    """One interest of one person in one organisation; first and last day included, no last day while it is held.

    ``by_role`` is one that nobody declared: it follows from a role that the person holds at the organisation.
    """

    id: int
    person: str
    organisation: str
    nature: str
    material: bool
    held_from: date
    held_to: date | None
    declared_at: datetime
    reviewed_at: datetime | None = None
    by_role: bool = False

    def held_on(self, day: date) -> bool:
        """Tell whether the interest was held on a day."""
        return self.held_from <= day <= (self.held_to or _LAST)


@dataclass(frozen=True, order=True)
class Party:
    """An organisation that a matter concerns, and its part in it."""

    organisation: str
    part: str


@dataclass(frozen=True, order=True)
class Ownership:
    """That one organisation owns another, wholly or in part, between two days; or that it ``became`` the other."""

    owner: str
    owned: str
    held_from: date = date.min
    held_to: date | None = None
    became: bool = False

    def held_on(self, day: date) -> bool:
        """Tell whether it was so on a day."""
        return self.held_from <= day <= (self.held_to or _LAST)


@dataclass(frozen=True, order=True)
class Household:
    """Two people of one household."""

    one: str
    other: str


@dataclass(frozen=True)
class Conflict:
    """That a person has an interest in a matter, through which organisation that is a party to it.

    ``late`` if it was declared only after the day asked about. ``holding`` are the words for what is held, with which
    the sentence begins, and ``part`` those for the party with which it ends; both empty where it says neither.
    """

    person: str
    interest: int
    organisation: str
    nature: str
    material: bool
    sentence: str
    late: bool = False
    holding: str = ""
    part: str = ""
    through: bool = False


def told(found: Iterable[Conflict]) -> str:
    """Give the sentences of one person's conflicts, each holding told once, with every party that it reaches.

    That somebody owns a party is not said again where the holding was told as one that reaches it through its owner.
    """
    by_holding: dict[tuple[int, str], list[Conflict]] = {}
    for each in found:
        by_holding.setdefault((each.interest, each.holding or each.sentence), []).append(each)
    return " ".join(dict.fromkeys(_one_holding(own) for own in by_holding.values()))


def _one_holding(own: list[Conflict]) -> str:
    first = next((each for each in own if each.through), own[0])
    owns = PARTS[OWNER]
    more = [each.part for each in own if each is not first and not (first.through and each.part.endswith(owns))]
    return "; ".join(dict.fromkeys([first.sentence.removesuffix("."), *more])) + "."


def folded(name: str) -> str:
    """Give a name or a code as it is compared: without case, and with single spaces."""
    return " ".join(name.split()).casefold()


def conflicts(
    interests: Iterable[Interest],
    parties: Iterable[Party],
    on: date,
    *,
    owners: Sequence[Ownership] = (),
    households: Sequence[Household] = (),
    indirect_material: bool = True,
) -> tuple[Conflict, ...]:
    """Work out who has an interest in a matter on a day, in the order of persons.

    An interest in an owner of a party, and in the owner of an owner, is an indirect interest in the party; so is the
    interest of somebody in the same household.
    """
    reached = {party: _owners_of(party.organisation, owners, on) for party in set(parties)}
    found: dict[tuple[str, int, str, str], Conflict] = {}
    for interest in interests:
        if not interest.held_on(on):
            continue
        for party, ways in reached.items():
            way = ways.get(folded(interest.organisation))
            if way is None:
                continue
            own = _conflict(interest, party, way, on, indirect_material)
            for each in (own, *_of_household(own, households, indirect_material)):
                key = (each.person, each.interest, folded(interest.organisation), folded(party.organisation))
                found[key] = max(found.get(key, each), each, key=_weight)
    return tuple(sorted(found.values(), key=_order))


def _order(conflict: Conflict) -> tuple[str, bool, str, int, str]:
    return (conflict.person, not conflict.material, conflict.sentence, conflict.interest, conflict.organisation)


def _weight(conflict: Conflict) -> tuple[bool, bool, str]:
    """Of two ways to one conflict the graver counts, and the more direct."""
    return (conflict.material, conflict.nature != INDIRECT, f"{conflict.sentence}/{conflict.organisation}")


def _owners_of(organisation: str, owners: Sequence[Ownership], on: date) -> dict[str, tuple[str, ...]]:
    """Give each organisation that owns one, however far up, with the steps on the way down; itself with none."""
    ways: dict[str, tuple[str, ...]] = {folded(organisation): ()}
    waiting = [folded(organisation)]
    while waiting:
        owned = waiting.pop(0)
        for each in sorted(owners):
            if each.held_on(on) and folded(each.owned) == owned and folded(each.owner) not in ways:
                step = f", which {'is now' if each.became else 'owns'} {each.owned}"
                ways[folded(each.owner)] = (step, *ways[owned])
                waiting.append(folded(each.owner))
    return ways


def _conflict(interest: Interest, party: Party, way: tuple[str, ...], on: date, indirect_material: bool) -> Conflict:
    nature, material = (INDIRECT, indirect_material) if way else (interest.nature, interest.material)
    through = "".join(way)
    part = f"{party.organisation} {PARTS.get(party.part, 'is concerned')}"
    holding = f"{_interest_words(interest)} {interest.organisation}"
    return Conflict(
        person=interest.person,
        interest=interest.id,
        organisation=party.organisation,
        nature=nature,
        material=material,
        sentence=f"{holding}{through}; {part}.",
        late=not interest.by_role and interest.declared_at.date() > on,
        holding=holding,
        part=part,
        through=bool(way),
    )


def _interest_words(interest: Interest) -> str:
    if interest.by_role:
        return "A role held at"
    words = NATURES.get(interest.nature, interest.nature)
    return f"An interest ({words}; declared on {day_text(interest.declared_at)}) in"


def _of_household(own: Conflict, households: Sequence[Household], material: bool) -> list[Conflict]:
    """Give the same conflict for everybody of the household; the sentence names nobody, as others will read it."""
    near = {each.other for each in households if each.one == own.person}
    near |= {each.one for each in households if each.other == own.person}
    sentence = f"Somebody of the same household has an interest in {own.organisation}, which this matter concerns."
    return [
        Conflict(person, own.interest, own.organisation, INDIRECT, material, sentence, own.late)
        for person in sorted(near - {own.person})
    ]


def current(interest: Interest, on: date, within_months: int) -> bool:
    """Tell whether an interest was declared, or confirmed again, within the months allowed before a day."""
    said = max(each.date() for each in (interest.declared_at, interest.reviewed_at) if each is not None)
    return said <= on <= months_after(said, within_months)


def ends_on(last_day: date, told_on: date) -> date:
    """Give the last day on which an interest counts: an end that is told afterwards counts from the telling."""
    return max(last_day, told_on)


def declared_late(held_from: date, declared_on: date, allowed_days: int) -> int:
    """Give by how many days a declaration came after the days allowed from the start of the interest; 0 if in time."""
    return max((declared_on - held_from).days - allowed_days, 0)
