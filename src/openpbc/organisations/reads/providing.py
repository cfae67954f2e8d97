"""Everybody that sources name as a provider: who co-ordinates the contract of each, and who is an associate to it.

Money and activity follow the rulebook's providers alone. Sites, services and groups of trusts stand beside them, since
the sources name these as well; no trust is made up for a group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.organisations import models
from openpbc.organisations.reads import Provider, bodies, known, providers, standing_day
from openpbc.organisations.rules.clocks import Belief, covers
from openpbc.organisations.rules.links import ASSOCIATED, COORDINATED, PART
from openpbc.rulebook.reader import Book

# Kinds of the register that give care themselves, or stand for those who do.
_GIVE_CARE = ("site", "trust_group", "screening_service", "provider_arm", "ambulance_service")


@dataclass(frozen=True)
class Named:
    """A provider with its kind, its area and the codes of the commissioners of its contract.

    ``within`` is the provider of which it is a part; ``theirs`` says that the commissioners are those of that one.
    ``followed`` says that money and activity follow it. An empty coordinator is one that no source tells.
    """

    code: str
    name: str
    kind: str
    area: str
    within: str
    coordinator: str
    associates: tuple[str, ...]
    theirs: bool
    followed: bool


def named_providers(book: Book) -> list[Named]:
    """List everybody that gives care or stands for those who do, the rulebook's providers first, then by name."""
    own = {each.code: each for each in providers(book.place.id)}
    on = standing_day(book)
    told = {
        each.code: each
        for each in bodies.bodies(book.place.id, on)
        if each.code in own or each.kind.replace(" ", "_") in _GIVE_CARE
    }
    tied: dict[str, dict[str, list[str]]] = {kind: {} for kind in (PART, COORDINATED, ASSOCIATED)}
    rows = models.Link.objects.filter(known(None), place_id=book.place.id, kind__in=tuple(tied))
    for row in rows.order_by("holder"):
        if covers(Belief(row.holder, row.valid_from, row.valid_to), on):
            tied[row.kind].setdefault(row.member, []).append(row.holder)
    found = []
    for code, each in told.items():
        within = next(iter(tied[PART].get(code, ())), "")
        coordinator, associates = _contract(code, own, tied)
        theirs = not coordinator and not associates and within in told
        if theirs:
            coordinator, associates = _contract(within, own, tied)
        kind = own[code].kind.replace("_", " ") if code in own else each.kind
        found.append(
            Named(code, each.name, kind, each.area, within, coordinator, associates,
                  theirs and bool(coordinator or associates), code in own)
        )  # fmt: skip
    return sorted(found, key=lambda each: (not each.followed, each.name))


def _contract(
    code: str, own: Mapping[str, Provider], tied: dict[str, dict[str, list[str]]]
) -> tuple[str, tuple[str, ...]]:
    """Give who co-ordinates a provider's contract, and the associates to it."""
    said = own[code].coordinator if code in own else ""
    coordinator = said or next(iter(tied[COORDINATED].get(code, ())), "")
    return coordinator, tuple(tied[ASSOCIATED].get(code, ()))
