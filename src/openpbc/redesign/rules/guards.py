"""What keeps a case from taking a way: a pure table of guards, each of which answers with the sentences to show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from openpbc.redesign.rules.transitions import (
    BACK_TO_WORK,
    EXISTING,
    LANES,
    NO,
    RECOMMENDED,
    ROUTES,
    STAGES,
    TENDER,
    TRANSITIONS,
    WILLING,
    YES,
    Transition,
)


@dataclass(frozen=True)
class Facts:
    """What the guards look at, gathered at one moment.

    ``constraints`` holds what each rule on interests found, by its code (K1 ...). ``route`` is the one that the groups
    agreed, ``decided_route`` the one that the body decided, and ``outcome`` what it decided, empty until it has;
    ``appealed`` says why an appeal keeps that from being carried out.
    ``waiting`` and ``against`` are names of groups.
    """

    stage: str
    variant: str
    ranks: int = 0
    rivals: tuple[str, ...] = ()
    lead_group: str = ""
    seats: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    clinical_faults: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    reviews_open: tuple[str, ...] = ()
    signed_version: bool = False
    waiting: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    refusals: int = 0
    routes: tuple[str, ...] = ()
    outcome: str = ""
    appealed: str = ""
    decided_route: str = ""
    evidence: str = ""
    owner: str = ""
    reason: str = ""
    unconsulted: tuple[str, ...] = ()
    constraints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def route(self) -> str:
        """The route that all groups named; empty while they differ or none did."""
        return self.routes[0] if len(self.routes) == 1 else ""


Guard = Callable[[Facts], tuple[str, ...]]


def refusals(way: str, facts: Facts) -> tuple[str, ...]:
    """Everything that keeps a case from taking a way now, in sentences; none where it may."""
    transition = TRANSITIONS.get(way)
    if transition is None:
        return (f"There is no step '{way[:20]}' in the process.",)
    if wrong := _misplaced(transition, facts):
        return (wrong,)
    found = [sentence for name in transition.guards for sentence in _asked(name, facts)]
    if transition.reason and not facts.reason.strip():
        found.append("This step needs a reason; write it.")
    return tuple(dict.fromkeys(found))


def waits_for(way: str, facts: Facts) -> tuple[str, ...]:
    """Why a way cannot be taken yet, apart from what the person who takes it still has to write."""
    told = replace(facts, reason=facts.reason or "-", owner=facts.owner or "-", evidence=facts.evidence or "-")
    return refusals(way, told)


def refusal_told(way: str, found: Iterable[str]) -> str:
    """Tell a refusal whole: why the way cannot be taken, whose act it is, and until when it cannot."""
    return f"{' '.join(found)} {whose(way)}"


def whose(way: str) -> str:
    """Say whose act a way is that cannot be taken yet, and until when it cannot."""
    return f"It is for: {LANES[TRANSITIONS[way].lane].lower()}, once nothing keeps it."


def _misplaced(way: Transition, facts: Facts) -> str:
    if facts.stage not in way.start:
        here = STAGES[facts.stage].title if facts.stage in STAGES else facts.stage
        there = " or ".join(STAGES[code].title.lower() for code in way.start[:3])
        return f"The case is at '{here}', so '{way.name.lower()}' is not possible; that is done at {there}."
    if way.variant not in ("", facts.variant):
        return f"'{way.name}' is no step of the process that this case follows."
    return ""


def _asked(name: str, facts: Facts) -> tuple[str, ...]:
    if name in GUARDS:
        return GUARDS[name](facts)
    return tuple(facts.constraints.get(name, ()))


def _unless(met: bool, sentence: str) -> tuple[str, ...]:
    return () if met else (sentence,)


def _ranked(facts: Facts) -> tuple[str, ...]:
    return _unless(facts.ranks > 0, "No group has agreed this priority and given it a rank yet.")


def _alone(facts: Facts) -> tuple[str, ...]:
    told = f"There is a group for this area already ({', '.join(facts.rivals)}); say why a second one is needed."
    return _unless(not facts.rivals or bool(facts.reason.strip()), told)


def _lead_group(facts: Facts) -> tuple[str, ...]:
    return _unless(bool(facts.lead_group), "No group is named to lead this pathway for all.")


def _reviewed(facts: Facts) -> tuple[str, ...]:
    return tuple(f"{name} has neither returned its review nor been waived." for name in facts.reviews_open)


def _agreed(facts: Facts) -> tuple[str, ...]:
    against = tuple(f"{name} said no." for name in facts.against)
    return (*against, *(f"{name} has not agreed yet." for name in facts.waiting))


def _one_route(facts: Facts) -> tuple[str, ...]:
    if not facts.routes:
        return ("No group has named a route to a provider yet.",)
    if len(facts.routes) == 1:
        return ()
    names = " and ".join(ROUTES.get(code, code).lower() for code in facts.routes)
    return (f"The groups named different routes: {names}. They have to agree on one.",)


def _disagreed(facts: Facts) -> tuple[str, ...]:
    return _unless(facts.refusals >= 2, "The groups have to disagree twice before somebody else is asked to settle it.")


def _same_route(facts: Facts) -> tuple[str, ...]:
    same = not facts.decided_route or facts.decided_route == facts.route
    return _unless(same, "The body decided for another route than the groups agreed; they have to agree that one.")


def _other_route(facts: Facts) -> tuple[str, ...]:
    if facts.decided_route not in ROUTES:
        return ("Say which route the body approves in place of the one agreed.",)
    return _unless(facts.decided_route != facts.route, "This is the route that the groups agreed; approve the case.")


def _outcome_is(said: str, *outcomes: str, whose: str = "body that approves") -> Guard:
    def guard(facts: Facts) -> tuple[str, ...]:
        if not facts.outcome:
            return (f"No decision of the {whose} is recorded for this case.",)
        if facts.outcome not in outcomes:
            return (f"The body has not {said} the case: its decision is {facts.outcome}.",)
        return (facts.appealed,) if facts.appealed else ()

    return guard


def _route_is(route: str) -> Guard:
    def guard(facts: Facts) -> tuple[str, ...]:
        approved = facts.decided_route or facts.route
        said = ROUTES.get(approved, "no route").lower()
        return _unless(approved == route, f"The case was approved for {said}, not for {ROUTES[route].lower()}.")

    return guard


GUARDS: Mapping[str, Guard] = {
    "ranked": _ranked,
    "alone": _alone,
    "lead-group": _lead_group,
    "seats": lambda facts: facts.seats,
    "complete": lambda facts: facts.faults,
    "clinical": lambda facts: facts.clinical_faults,
    "limits": lambda facts: facts.limits,
    "reviewed": _reviewed,
    "signed": lambda facts: _unless(facts.signed_version, "There is no version to agree; the case was not handed in."),
    "agreed": _agreed,
    "one-route": _one_route,
    "disagreed": _disagreed,
    "decided": _outcome_is("approved", YES),
    "decided-return": _outcome_is("returned", BACK_TO_WORK),
    "decided-refusal": _outcome_is("refused", NO),
    "chosen": _outcome_is("chosen", RECOMMENDED, whose="conclave"),
    "clinically-agreed": _outcome_is("agreed", RECOMMENDED, whose="conclave"),
    "change-asked": _outcome_is("returned", BACK_TO_WORK, NO, whose="conclave"),
    "same-route": _same_route,
    "other-route": _other_route,
    "route-existing": _route_is(EXISTING),
    "route-willing": _route_is(WILLING),
    "route-tender": _route_is(TENDER),
    "signed-off": lambda facts: _unless(bool(facts.evidence.strip()), "Name the contract that was signed."),
    "policies": lambda facts: _unless(bool(facts.evidence.strip()), "No operational policy is agreed; name one."),
    "measured": lambda facts: _unless(
        bool(facts.evidence.strip()), "Write what was measured against the specification."
    ),
    "consulted": lambda facts: facts.unconsulted,
    "owner": lambda facts: _unless(bool(facts.owner.strip()), "Name who clears the block."),
}
