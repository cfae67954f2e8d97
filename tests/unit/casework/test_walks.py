"""Cases walked along both shipped diagrams, saved and restored between every two steps, against the token game."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from openpbc.casework import engine
from openpbc.casework.process import STEP, Process
from openpbc.kernel.problems import UserError
from tests.unit.casework.diagrams import NAMES, shipped
from tests.unit.casework.token_game import Game

ALL_SET = {"final_input": "after", "policies": "before_procurement"}


class Walk:
    """One case in the engine and in the token game at once; it is saved and restored before every move."""

    def __init__(self, process: Process, facts: dict[str, str]) -> None:
        self.process = process
        self.saved = engine.begin(process, facts).save()
        self.game = Game(process)
        self.game.begin(dict(facts))
        self.compare(engine.restore(process, self.saved))

    def compare(self, run: engine.Run) -> None:
        assert sorted(token.step for token in run.waiting()) == self.game.waiting()
        assert run.messages() == frozenset(self.game.messages())
        assert run.ended == bool(self.game.ended)
        assert engine.restore(self.process, run.save()).save() == run.save()
        self.saved = run.save()

    def do(self, step: str, outcome: str, **facts: str) -> None:
        run = engine.restore(self.process, self.saved)
        token = next(token for token in run.waiting() if token.step == step)
        run.complete(token, outcome, facts)
        self.game.complete(step, outcome, dict(facts))
        self.compare(run)

    def send(self, message: str) -> None:
        run = engine.restore(self.process, self.saved)
        run.send(message, {})
        self.game.send(message)
        self.compare(run)

    def walk(self, *moves: str) -> Walk:
        """Move by ``step:outcome`` or ``step:outcome:fact=value``; a word without a colon is a message."""
        for move in moves:
            if ":" not in move:
                self.send(move)
                continue
            step, outcome, *facts = move.split(":")
            self.do(step, outcome, **dict(fact.split("=") for fact in facts))
        return self


TO_DRAFT = {"common": ["S1:agreed", "S2:started", "S3:opened"]}
TO_DRAFT["conclave"] = ["S1:agreed", "S2:started", "W1:chosen", "S3:opened"]
DRAFTED = {"common": ["S4:submitted"], "conclave": ["S4:submitted", "W3:agreed", "W4:complete"]}
AGREED = ["S5:closed", "S6:one_agrees", "S6:all_agreed:route=tender:level=D3"]
DONE = ["S10:agreed", "S11:review_due", "S12:success"]


def approved(name: str, level: str = "D3", route: str = "tender") -> list[str]:
    agreed = ["S5:closed", f"S6:all_agreed:route={route}:level={level}"]
    return [*TO_DRAFT[name], *DRAFTED[name], *agreed, f"S7_{level}:approved"]


STRAIGHT = {
    f"{level} {route}": (level, route, step)
    for level in ("D1", "D2", "D3", "D4")
    for route, step in (("existing", "S9A_existing"), ("willing", "S9B_willing"), ("tender", "S9C_tender"))
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("way", STRAIGHT)
def test_every_level_and_route_from_idea_to_review(name: str, way: str) -> None:
    level, route, step = STRAIGHT[way]
    walk = Walk(shipped(name), {}).walk(*approved(name, level, route), "S8:started", f"{step}:contracted", *DONE)
    assert walk.game.ended == "reviewed"


DETOURS = {
    "T05 comments need work": (["S5:comments", "draft", *AGREED], ["S7_D3"]),
    "T07 one group after the other": (["S5:closed", "S6:one_agrees", "S6:one_agrees"], ["S6"]),
    "T09 a group says no": (["S5:closed", "S6:refused"], ["S4"]),
    "T10 the groups ask again": (["S5:closed", "S6:disagree", "X3_settle:agree_again"], ["S6"]),
    "T10 it goes back to drafting": (["S5:closed", "S6:disagree", "X3_settle:redraft"], ["S4"]),
    "T12 returned": ([*AGREED, "S7_D3:returned"], ["S4"]),
    "T13 rejected": ([*AGREED, "S7_D3:rejected"], []),
    "T14 another route": ([*AGREED, "S7_D3:other_route", "S6:all_agreed:route=willing:level=D2"], ["S7_D2"]),
    "T19 and T20 another route": (
        [*AGREED, "S7_D3:approved", "S8:started", "S9C_tender:failed", "X5:another_route:route=existing", "S8:started"],
        ["S9A_existing"],
    ),
    "T19 and T20 agree again": (
        [*AGREED, "S7_D3:approved", "S8:started", "S9C_tender:failed", "X5:agree_again"],
        ["S6"],
    ),
    "T23 a block, twice": (["block", "X3:cleared", "S5:closed", "block", "X3:cleared"], ["S6"]),
    "T24 withdrawn": ([*AGREED, "withdraw"], []),
    "T24 withdrawn while blocked": ([*AGREED, "block", "withdraw"], []),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("way", DETOURS)
def test_every_refusal_return_hold_and_withdrawal(name: str, way: str) -> None:
    moves, waiting = DETOURS[way]
    walk = Walk(shipped(name), {}).walk(*TO_DRAFT[name], *DRAFTED[name])
    for move in moves:
        walk.walk(*(DRAFTED[name] if move == "draft" else [move]))
    assert walk.game.waiting() == waiting
    ends = {"T13": "X2", "T24": "X4"}
    assert walk.game.ended == ends.get(way[:3], "")


def test_the_conclave_asks_for_a_change_and_the_plan_goes_back_to_the_pathway() -> None:
    start = [*TO_DRAFT["conclave"], "S4:submitted"]
    assert Walk(shipped("conclave"), {}).walk(*start, "W3:change_asked").game.waiting() == ["S4"]
    assert Walk(shipped("conclave"), {}).walk(*start, "W3:agreed", "W4:back").game.waiting() == ["S4"]


@pytest.mark.parametrize("name", NAMES)
def test_the_two_places_that_no_source_gives_are_settings(name: str) -> None:
    walk = Walk(shipped(name), ALL_SET).walk(*TO_DRAFT[name], *DRAFTED[name])
    assert walk.game.waiting() == ["S6"]
    walk.walk("S6:all_agreed:route=willing:level=D1", "S5:closed", "S7_D1:approved", "S8:started")
    assert walk.game.waiting() == ["S10"]
    walk.walk("S10:agreed", "S9B_willing:contracted")
    assert walk.game.waiting() == ["S11"]


@pytest.mark.parametrize("name", NAMES)
def test_a_rejected_case_begins_again_at_drafting(name: str) -> None:
    assert Walk(shipped(name), {"begins": "drafting"}).game.waiting() == ["S4"]


def test_without_a_route_a_case_stays_where_it_is_with_a_sentence() -> None:
    process = shipped("common")
    walk = Walk(process, {}).walk(
        *TO_DRAFT["common"], *DRAFTED["common"], "S5:closed", "S6:all_agreed", "S7_D3:approved"
    )
    run = engine.restore(process, walk.saved)
    with pytest.raises(UserError, match="cannot go on"):
        run.complete(run.waiting()[0], "started", {})
    assert [token.step for token in engine.restore(process, walk.saved).waiting()] == ["S8"]


@dataclass
class Explored:
    """What was tried of a diagram: outcomes by what was known, groups of steps where cases stood, and arrows."""

    outcomes: set[tuple[str, str, str]] = field(default_factory=set)
    stood: set[tuple[str, ...]] = field(default_factory=set)
    arrows: set[str] = field(default_factory=set)


@cache
def explored(name: str, settings: tuple[tuple[str, str], ...] = ()) -> Explored:
    """Go on by breadth: from every step, whichever way a case came there, each outcome is tried once a route and level.

    Wherever a case stands it is blocked and cleared, and withdrawn, with a block upon it and without.
    """
    process, found = shipped(name), Explored()
    left = [Walk(process, dict(settings))]
    while left:
        walk = left.pop()
        found.arrows |= walk.game.taken
        if (at := tuple(walk.game.waiting())) not in found.stood and at:
            found.stood.add(at)
            found.arrows |= _held_and_withdrawn(walk)
        for token in [token for token in walk.game.tokens if process.node(token.at).kind == STEP]:
            for outcome, _ in process.node(token.at).outcomes:
                key = (token.at, outcome, f"{token.facts.get('route')} {token.facts.get('level')}")
                if key not in found.outcomes:
                    found.outcomes.add(key)
                    left += [_copy(walk).walk(":".join((*key[:2], *given))) for given in _choices(*key[:2])]
    return found


def _held_and_withdrawn(walk: Walk) -> set[str]:
    """Stop a case where it stands in every way that there is; give the arrows along which it went."""
    at = walk.game.waiting()
    cleared = _copy(walk).walk("block", "X3:cleared")
    assert cleared.game.waiting() == at
    gone = [_copy(walk).walk(*moves) for moves in (["withdraw"], ["block", "withdraw"])]
    assert [each.game.ended for each in gone] == ["X4", "X4"]
    return cleared.game.taken.union(*(each.game.taken for each in gone))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("settings", [(), tuple(ALL_SET.items())], ids=["as shipped", "the other way"])
def test_every_outcome_of_every_step_is_reached_and_tried(name: str, settings: tuple[tuple[str, str], ...]) -> None:
    found, process = explored(name, settings), shipped(name)
    outcomes = {(node.id, value) for node in process.steps for value, _ in node.outcomes}
    assert {key[:2] for key in found.outcomes} == outcomes - {("X3", "cleared")}
    assert {step for at in found.stood for step in at} == {node.id for node in process.steps} - {"X3"}


@pytest.mark.parametrize("name", NAMES)
def test_no_arrow_of_a_diagram_is_left_untried(name: str) -> None:
    """Saved and restored at each end of it; a case that begins anew takes the one arrow that no other case does."""
    settings = ((), tuple(ALL_SET.items()), (("begins", "drafting"),))
    assert {flow.id for flow in shipped(name).flows} == set().union(*(explored(name, each).arrows for each in settings))


def _choices(step: str, outcome: str) -> list[list[str]]:
    if (step, outcome) != ("S6", "all_agreed"):
        return [[]]
    pairs = [("existing", "D1"), ("willing", "D2"), ("tender", "D3"), ("tender", "D4")]
    return [[f"route={route}", f"level={level}"] for route, level in pairs]


def _copy(walk: Walk) -> Walk:
    new = Walk.__new__(Walk)
    new.process, new.saved = walk.process, walk.saved
    tokens = [type(token)(token.at, dict(token.facts), token.inside) for token in walk.game.tokens]
    new.game = Game(walk.process, tokens, walk.game.ended, set(walk.game.taken))
    return new


@limits(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.sampled_from(NAMES), choices=st.lists(st.integers(0, 10_000), min_size=1, max_size=40))
def test_a_random_walk_never_loses_a_case(name: str, choices: list[int]) -> None:
    process = shipped(name)
    walk = Walk(process, dict(({}, ALL_SET)[choices[0] % 2]))
    for choice in choices[1:]:
        if walk.game.ended:
            break
        assert walk.game.waiting()
        moves = [
            f"{step}:{outcome}"
            + ("".join(f":{fact}" for fact in _choices(step, outcome)[choice % len(_choices(step, outcome))]))
            for step in walk.game.waiting()
            for outcome, _ in process.node(step).outcomes
        ]
        moves += ["block"] if "block" in walk.game.messages() else []
        moves += ["withdraw"] if choice % 97 == 0 else []
        walk.walk(moves[choice % len(moves)])
