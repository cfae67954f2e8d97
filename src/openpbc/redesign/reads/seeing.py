"""Who sees the papers of a case: the one gate of interests, and the separation from providers at procurement."""

from __future__ import annotations

from collections.abc import Iterable

from openpbc.governance import reads as governance
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import Withheld
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Assignment, Viewer
from openpbc.organisations.reads.persons import accounts_of, roles_of_persons
from openpbc.redesign.reads.cases import Case, case
from openpbc.redesign.reads.separation import apart


def withheld(viewer: Viewer, known: Case) -> str:
    """Say why somebody may not see the papers of a case; empty where they may."""
    return _apart(viewer, known) or governance.withheld(viewer, known.place, known.matter)


def withheld_from(by: Actor, known: Case) -> str:
    """Say why somebody who acts may not see a case, and so does nothing in it; empty where they may."""
    viewer = organisations.viewer_by_sign_in(by.id)
    return withheld(viewer, known) if viewer else governance.withheld(by.id, known.place, known.matter)


def seen_by(by: Actor, place: str, known: Iterable[Case]) -> list[Case]:
    """Keep the cases of a place in which somebody who acts may do something; interests are asked once for all."""
    if viewer := organisations.viewer_by_sign_in(by.id):
        return seen(viewer, place, known)
    sealed = governance.sealed_matters(by.id, place)
    return [each for each in known if each.matter not in sealed]


def seen(viewer: Viewer, place: str, known: Iterable[Case]) -> list[Case]:
    """Keep the cases of a place that somebody may see; interests are asked once for all of them."""
    sealed = governance.sealed_matters(viewer, place)
    roles, own = _person(viewer)
    return [each for each in known if each.matter not in sealed and not apart(roles, own, each)]


def _apart(viewer: Viewer, known: Case) -> str:
    return apart(*_person(viewer), known)


def _person(viewer: Viewer) -> tuple[tuple[Assignment, ...], frozenset[str]]:
    """What somebody holds today under all their accounts, and which those are."""
    name = viewer.actor.id
    own = accounts_of(name)
    if len(own) == 1:
        return viewer.assignments, own
    return (*viewer.assignments, *roles_of_persons().get(name, ())), own


def opened_case(viewer: Viewer, place: str, number: int) -> Case:
    """Give a case to somebody who may see it; whoever may not is told why."""
    known = case(place, number)
    if why := withheld(viewer, known):
        raise Withheld(why)
    return known
