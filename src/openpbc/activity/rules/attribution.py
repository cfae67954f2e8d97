"""Whose patient it was: practice on the date of care, then commissioning unit and budget, and the commissioner.

Two clocks: a membership counts if it was in force on the date of care, and if it was known on the day as of which the
question is asked. ``sql/attribute_commissioner.sql`` is the copy for millions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, TypeVar

from openpbc.activity.rules.scheme import domain_notes
from openpbc.kernel.citations import Citation
from openpbc.kernel.steps import Step

_RULES = "Commissioner assignment"
_PARTS = re.compile("[0-9][A-Z]|[A-Z][0-9]")  # where letters and digits of a postcode meet
UNASSIGNED = "UNASSIGNED"


@dataclass(frozen=True)
class Dated:
    """When a fact holds (both days included) and when it is known (until, not on, ``known_to``); None is open."""

    valid_from: date | None = None
    valid_to: date | None = None
    known_from: date | None = None
    known_to: date | None = None

    def in_force(self, day: date) -> bool:
        """Tell whether the fact holds on a day of care."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def known(self, day: date | None) -> bool:
        """Tell whether the fact was known on a day; None asks for the latest knowledge."""
        if day is None:
            return self.known_to is None
        return (self.known_from is None or self.known_from <= day) and (self.known_to is None or day < self.known_to)


class _HasDates(Protocol):
    @property
    def dated(self) -> Dated: ...


Fact = TypeVar("Fact", bound=_HasDates)


@dataclass(frozen=True)
class Practice:
    """A practice and the commissioner to which it belongs, for a time."""

    practice: str
    commissioner: str
    dated: Dated = field(default_factory=Dated)


@dataclass(frozen=True)
class Membership:
    """A practice's place in a commissioning unit and its budget line, for a time."""

    practice: str
    unit: str
    budget_line: str
    dated: Dated = field(default_factory=Dated)


@dataclass(frozen=True)
class Hosting:
    """A site whose A&E attendances one host pays for all, for a time."""

    site: str
    host: str
    dated: Dated = field(default_factory=Dated)


@dataclass(frozen=True)
class Geography:
    """What attribution looks things up in. ``hosts`` is by site or provider code, ``postcodes`` by the start
    of the first half, as far as its letters or its digits go: HP1 is not the start of HP10.

    ``special`` gives the code that stands for PRIVATE, OVERSEAS_CHARGEABLE, OVERSEAS_EXEMPT and ARMED_FORCES; ``held``
    is the place's word for care of patients in no unit.
    """

    practices: tuple[Practice, ...] = ()
    memberships: tuple[Membership, ...] = ()
    postcodes: Mapping[str, str] = field(default_factory=dict)
    hosts: Mapping[str, str] = field(default_factory=dict)
    commissioners: frozenset[str] = frozenset()
    hostings: tuple[Hosting, ...] = ()
    specialised: Mapping[str, str] = field(default_factory=dict)
    special: Mapping[str, str] = field(default_factory=dict)
    private_categories: frozenset[str] = frozenset()
    unregistered: frozenset[str] = frozenset()
    not_applicable: str = ""
    prison_sources: frozenset[str] = frozenset()
    held: str = ""


@dataclass(frozen=True)
class Care:
    """The facts of one unit of care that decide whose it is; ``day`` is the date of care chosen by the scheme."""

    stream: str
    provider: str
    site: str = ""
    commissioner: str = ""
    practice: str = ""
    postcode: str = ""
    admin_category: str = ""
    adm_source: str = ""
    tfc: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Attributed:
    """Whose it is, by which method, and the steps that led there."""

    practice: str
    unit: str
    budget_line: str
    commissioner: str
    method: str
    steps: tuple[Step, ...] = ()


def in_force(facts: Iterable[Fact], day: date | None) -> list[Fact]:
    """Keep the facts that hold on a day of care; an unknown day keeps none."""
    return [] if day is None else [fact for fact in facts if fact.dated.in_force(day)]


def as_known(facts: Iterable[Fact], known_on: date | None) -> tuple[Fact, ...]:
    """Keep the facts that were known on a day; None keeps what is known now."""
    return tuple(fact for fact in facts if fact.dated.known(known_on))


def outward(postcode: str) -> str:
    """Give the first half of a postcode (all but its last three characters), empty where the text is too short."""
    plain = postcode.upper().replace(" ", "")
    return plain[:-3] if len(plain) >= 5 else ""


def attribute(care: Care, geography: Geography) -> Attributed:
    """Decide practice, unit, budget line and commissioner of one unit of care; the first step that fits decides."""
    practice, unit, budget_line = _unit(care, geography)
    commissioner, method, steps = _commissioner(care, geography)
    step = Step("attribute.unit", f"Unit {unit}", 0, (("practice", practice), ("budget", budget_line)), _cite("P"))
    return Attributed(practice, unit, budget_line, commissioner, method, (*steps, step))


def _cite(mark: str) -> Citation:
    return domain_notes(_RULES, mark)


def _unit(care: Care, geography: Geography) -> tuple[str, str, str]:
    own = (m for m in geography.memberships if m.practice == care.practice)
    found = sorted(in_force(own, care.day), key=lambda m: (m.dated.valid_from or date.min, m.unit))
    if not found:
        return care.practice, geography.held, geography.held
    return care.practice, found[-1].unit, found[-1].budget_line


def _commissioner(care: Care, geography: Geography) -> tuple[str, str, tuple[Step, ...]]:
    steps = []
    for rule, method, label, mark, decide in _STEPS:
        found = decide(care, geography)
        shown = (("answer", found or "does not apply"),)
        steps.append(Step(f"attribute.{rule}", label, 0, shown, _cite(mark)))
        if found:
            return found, method, tuple(steps)
    return UNASSIGNED, UNASSIGNED, tuple(steps)


def _private(care: Care, geography: Geography) -> str:
    return geography.special.get("PRIVATE", "") if care.admin_category in geography.private_categories else ""


def _overseas(care: Care, geography: Geography) -> str:
    codes = (geography.special.get("OVERSEAS_CHARGEABLE", ""), geography.special.get("OVERSEAS_EXEMPT", ""))
    return care.commissioner if care.commissioner and care.commissioner in codes else ""


def _armed_forces(care: Care, geography: Geography) -> str:
    # The record itself has no service flag: the Ministry's code in the commissioner's place stands for it.
    code = geography.special.get("ARMED_FORCES", "")
    named = code and care.commissioner == code and care.practice == geography.not_applicable
    return code if named else ""


def _prison(care: Care, geography: Geography) -> str:
    inside = care.adm_source in geography.prison_sources and care.practice == geography.not_applicable
    return _by_postcode(care, geography) if inside else ""


def _specialised(care: Care, geography: Geography) -> str:
    return geography.specialised.get(care.tfc, "")


def _host_of_ae(care: Care, geography: Geography) -> str:
    if care.stream != "ae":
        return ""
    own = (h for h in geography.hostings if h.site in (care.site, care.provider) and h.site)
    found = sorted(in_force(own, care.day), key=lambda h: (h.site == care.site, h.dated.valid_from or date.min, h.host))
    return found[-1].host if found else ""


def _of_practice(care: Care, geography: Geography) -> str:
    if care.practice in geography.unregistered:
        return ""
    own = (p for p in geography.practices if p.practice == care.practice)
    found = sorted(in_force(own, care.day), key=lambda p: (p.dated.valid_from or date.min, p.commissioner))
    return found[-1].commissioner if found else ""


def _by_postcode(care: Care, geography: Geography) -> str:
    half = outward(care.postcode)
    # The longest prefix wins: HA4 is asked for before HA.
    starts = (half[:size] for size in range(len(half), 0, -1) if _ends_a_part(half, size))
    found = (geography.postcodes.get(start, "") for start in starts)
    return next((commissioner for commissioner in found if commissioner), "")


def _ends_a_part(half: str, size: int) -> bool:
    """Tell whether the first characters are whole parts of a first half: HP of HP10 and W1 of W1A are, HP1 is not."""
    return size == len(half) or _PARTS.fullmatch(half[size - 1 : size + 1]) is not None


def _of_site(care: Care, geography: Geography) -> str:
    return geography.hosts.get(care.site, "") or geography.hosts.get(care.provider, "")


def _as_supplied(care: Care, geography: Geography) -> str:
    return care.commissioner if care.commissioner in geography.commissioners else ""


_STEPS = (
    ("private", "PRIVATE", "Private patient", "R", _private),
    ("overseas", "OVERSEAS", "Visitor from overseas", "S", _overseas),
    ("armed_forces", "ARMED_FORCES", "Armed forces", "R", _armed_forces),
    ("prison", "PRISON", "Prisoner, by the prison's postcode", "R", _prison),
    ("specialised", "SPECIALISED", "Service of a specialised commissioner", "S", _specialised),
    ("ae_host", "HOST", "A&E attendance at a hosted site", "S", _host_of_ae),
    ("practice", "PRACTICE", "Commissioner of the registered practice on the day", "S", _of_practice),
    ("postcode", "POSTCODE", "Commissioner of the postcode", "S", _by_postcode),
    ("host", "HOST", "Commissioner of the treating site", "P", _of_site),
    ("supplied", "PROVIDER_SUPPLIED", "Commissioner as submitted", "S", _as_supplied),
)
