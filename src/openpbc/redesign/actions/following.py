"""The case moves along its diagram: the diagram says what comes next, and the case keeps the stage that it came to."""

from __future__ import annotations

from openpbc.casework import actions as casework
from openpbc.casework import reads as running
from openpbc.casework.steps import Fact
from openpbc.governance import actions as governance
from openpbc.governance import reads as bodies
from openpbc.governance.reads import Level
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.conclave import BODY
from openpbc.redesign.reads.value import agreed_route, decides, named_route, question
from openpbc.redesign.rules.diagram import CLEARED, MESSAGES, OUTCOMES, PROCESS, ROUTE_FACTS, stage_of
from openpbc.redesign.rules.transitions import ASKED_OF_CONCLAVE

_SETS_ROUTE = frozenset({"T08", "T11", "T14", "T15A", "T15B", "T15C", "T20"})


def begin(by: Actor, known: Case, *, from_drafting: bool = False) -> int:
    """Start a case on its diagram, at its beginning or where the case is written, and give the number of its run."""
    facts: dict[str, Fact] = {"begins": "drafting"} if from_drafting else {}
    return casework.start(
        by=by, place=known.place, process=PROCESS, subject=known.matter, title=known.title[:200], facts=facts
    )


def follow(by: Actor, known: Case, way: str, route: str = "") -> tuple[str, str]:
    """Take a way in the diagram; give the stage to which it led, and why it is decided where it is, if that was set."""
    if known.process is None:
        raise UserError("the case has no process", do="Propose it anew.")
    if way in MESSAGES:
        casework.signal(by=by, case=known.process, name=MESSAGES[way], seen=_seen(known.process))
        return _stage(known.process), ""
    if way == "T13B":
        return stage_of(("S4",), ""), ""
    facts, because = _facts(by, known, way, route)
    for steps, outcome in OUTCOMES.get(way) or _clearing(known.process):
        here = running.case(known.process)
        waits = next((each.step for each in here.waiting if each.step in steps), steps[0])
        casework.do(by=by, case=known.process, step=waits, outcome=outcome, facts=facts, seen=here.version)
    return _stage(known.process), because


def _clearing(process: int) -> tuple[tuple[tuple[str, ...], str], ...]:
    """What clears the block that holds a case: the block itself, or the disagreement that is to be settled."""
    waits = [each.step for each in running.case(process).waiting if each.step in CLEARED]
    return tuple(((step,), CLEARED[step]) for step in waits[:1])


def _seen(process: int) -> int:
    return running.case(process).version


def _stage(process: int) -> str:
    now = running.case(process)
    return stage_of(tuple(each.step for each in now.waiting), now.ended)


def _facts(by: Actor, known: Case, way: str, route: str) -> tuple[dict[str, Fact], str]:
    """The facts that gateways look at: the route that was named, and the level at which the case is decided."""
    if way not in _SETS_ROUTE:
        return {}, ""
    chosen = route or agreed_route(known)
    told: dict[str, Fact] = {"route": ROUTE_FACTS[chosen]} if chosen in ROUTE_FACTS else {}
    if way != "T08":
        return told, ""
    found = keep_level(by, known, chosen)
    return told | {"level": found.code}, found.because


def keep_level(by: Actor, known: Case, route: str = "") -> Level:
    """Work out by whom the case is decided, on its value over its whole life, and keep it with all that it rests on.

    It is kept from the first hand-in on, so that a case that was split is seen by the second of its halves.
    """
    asked = question(known, route)
    return governance.set_level(
        by=by, place=known.place, matter=known.matter, facts=asked.facts, unit=asked.unit, specialty=asked.specialty,
        on=asked.on,
    )  # fmt: skip


def go_over(by: Actor, known: Case) -> Level:
    """Let a case that waits for approval wait for it at the level at which it is decided today, and give that level.

    The diagram leads from one level to another over the groups, whose agreement stands.
    """
    level, route = keep_level(by, known, agreed_route(known)), ROUTE_FACTS.get(agreed_route(known), "")
    for way in ("T14", "T08"):
        for steps, outcome in OUTCOMES[way]:
            here = running.case(_process(known))
            waits = next((each.step for each in here.waiting if each.step in steps), steps[0])
            facts: dict[str, Fact] = {"level": level.code, "route": route} if way == "T08" else {}
            casework.do(by=by, case=here.id, step=waits, outcome=outcome, facts=facts, seen=here.version)
    return level


def _process(known: Case) -> int:
    if known.process is None:
        raise UserError("the case has no process", do="Propose it anew.")
    return known.process


def wait_for_body(by: Actor, known: Case, papers: tuple[tuple[str, bytes], ...]) -> None:
    """Put the case on the list of what waits for the body that decides it, with its papers."""
    body = decides(known, named_route(known)).body
    if body not in bodies.bodies(organisations.book(known.place)):
        return  # a group or a director decides without a meeting; their decision is written into the register
    governance.put_on_agenda(
        by=by, place=known.place, body=body, matter=known.matter, title=known.title, papers=papers,
        proposing=known.unit, synthetic=known.synthetic,
    )  # fmt: skip


def wait_for_conclave(by: Actor, known: Case, stage: str, version: int | None) -> None:
    """Put the case on the list of what waits for the conclave, with what it is asked and of which version."""
    if BODY not in bodies.bodies(organisations.book(known.place)):
        return  # the place names no such body, and the page of the case says that nothing is decided
    of = f", version {version}" if version else ""
    governance.put_on_agenda(
        by=by, place=known.place, body=BODY, matter=known.matter,
        title=f"{known.title[:140]}: {ASKED_OF_CONCLAVE[stage]}{of}", proposing=known.unit, synthetic=known.synthetic,
    )  # fmt: skip
