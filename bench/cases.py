"""One step of a case among ten thousand live ones, against the engine's part of it alone.

The yardstick restores a case's state, completes the step and saves the state again, in memory. A step of ours does that
too, and locks the case, writes where it now stands, and appends the event to the chain; it must stay within 50 ms.
"""

from __future__ import annotations

import os
import random
import tempfile
from dataclasses import dataclass

from bench.measuring import median_ms

CASES = 10_000
STEPS = 300
MOST_MS = 50
PROCESS, PLACE = "redesign", "west-herts-2008"
# Cases stand at every step from the idea to procurement: each row is one move further.
WAY = (
    ("S1", "agreed"), ("S2", "started"), ("W1", "chosen"), ("S3", "opened"), ("S4", "submitted"), ("W3", "agreed"),
    ("W4", "complete"), ("S5", "closed"), ("S6", "one_agrees"), ("S6", "all_agreed"), ("S7_D3", "approved"),
)  # fmt: skip
ROUTE = {"route": "tender", "level": "D3"}


@dataclass(frozen=True)
class Cases:
    """Median and 95th percentile in milliseconds: the engine alone, a step of ours, and the list of what waits."""

    engine: tuple[float, float]
    step: tuple[float, float]
    waiting: tuple[float, float]
    kept: int


def measure() -> Cases:
    """Fill a database of its own with live cases, then move some of them, drawn with a fixed seed."""
    with tempfile.TemporaryDirectory(prefix="openpbc-bench-") as home:
        os.environ["OPENPBC_HOME"] = home
        os.environ.pop("DATABASE_URL", None)
        return _measure()


def _measure() -> Cases:
    from openpbc.site.cli import django_setup

    django_setup()
    from openpbc.casework import actions, choosing, engine, reads
    from openpbc.casework.models import Case
    from openpbc.kernel.actor import SYSTEM
    from openpbc.site.commands.serve import migrate_database

    migrate_database()
    _fill()
    moves = dict(enumerate(WAY))
    drawn = random.Random(1).sample(range(CASES), STEPS + 1)  # the first call is left out
    ids = sorted(Case.objects.values_list("pk", flat=True))
    turn = iter(drawn * 20)
    diagram = choosing.chosen(PLACE, PROCESS)

    def facts(outcome: str) -> dict[str, str]:
        return ROUTE if outcome == "all_agreed" else {}

    def alone() -> None:
        at = next(turn)
        run = engine.restore(diagram, states[at])
        run.complete(run.waiting()[0], moves[at % len(WAY)][1], facts(moves[at % len(WAY)][1]))
        run.save()

    def step() -> None:
        at = next(turn)
        name, outcome = moves[at % len(WAY)]
        seen = Case.objects.values_list("version", flat=True).get(pk=ids[at])
        actions.do(by=SYSTEM, case=ids[at], step=name, outcome=outcome, facts=facts(outcome), seen=seen)

    states = {at: Case.objects.values_list("kept", flat=True).get(pk=ids[at]) for at in drawn}
    kept = sum(len(state) for state in states.values()) // len(states)
    engine_alone = median_ms(alone, STEPS)
    turn = iter(drawn)
    ours = median_ms(step, STEPS)
    lanes = median_ms(lambda: reads.waiting(PLACE, ["L6"]), 5)
    return Cases(engine_alone, ours, lanes, kept)


def _fill() -> None:
    """Walk one case to each step by actions, and copy it until there are enough."""
    from openpbc.casework import actions, reads
    from openpbc.casework.models import Case, Passage
    from openpbc.kernel.actor import SYSTEM

    for stop in range(len(WAY)):
        known = {"place": PLACE, "process": PROCESS, "subject": f"{stop}", "title": f"Case {stop}"}
        id = actions.start(by=SYSTEM, **known)
        for name, outcome in WAY[:stop]:
            facts = ROUTE if outcome == "all_agreed" else {}
            seen = reads.case(id).version
            actions.do(by=SYSTEM, case=id, step=name, outcome=outcome, facts=facts, seen=seen)
    models = list(Case.objects.order_by("pk"))
    stays = {row.pk: list(Passage.objects.filter(case=row)) for row in models}
    copies = []
    for number in range(len(WAY), CASES):
        row = models[number % len(WAY)]
        values = {field.attname: getattr(row, field.attname) for field in Case._meta.concrete_fields}
        copies.append(Case(**values | {"id": None, "subject": f"{number}"}))
    made = Case.objects.bulk_create(copies, batch_size=500)
    passages = []
    for number, case in zip(range(len(WAY), CASES), made, strict=True):
        for stay in stays[models[number % len(WAY)].pk]:
            values = {field.attname: getattr(stay, field.attname) for field in Passage._meta.concrete_fields}
            passages.append(Passage(**values | {"id": None, "case_id": case.pk}))
    Passage.objects.bulk_create(passages, batch_size=500)


def page(found: Cases) -> list[str]:
    """Tell what was measured."""
    (alone, alone_95), (step, step_95), (lane, lane_95) = found.engine, found.step, found.waiting
    met = "met" if step <= MOST_MS else "**not met**"
    return [
        f"{CASES:,} open cases at {len(WAY)} steps of the conclave's diagram, {found.kept:,} characters of state each "
        f"on average, SQLite; {STEPS} of them moved, drawn with a fixed seed.",
        "",
        "| | median | 95th percentile |",
        "|---|---|---|",
        f"| restore, complete and save in memory | {alone:.1f} ms | {alone_95:.1f} ms |",
        f"| one step, written down with its audit event | {step:.1f} ms | {step_95:.1f} ms |",
        f"| everything that waits for one body | {lane:.0f} ms | {lane_95:.0f} ms |",
        "",
        f"Ratio {step / alone:.1f}; the goal is {MOST_MS} ms a step: {met}.",
    ]
