"""What a process is once it was read: who does what in which order, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from openpbc.casework.expressions import Expression
from openpbc.casework.pictures import Picture
from openpbc.kernel.problems import UserError

START, END, STEP, GATEWAY, PARALLEL = "start", "end", "step", "gateway", "parallel"
EVENT, MESSAGE, CALL, SERVICE = "event", "message", "call", "service"
# The name under which the outcome of the step just finished is stored.
OUTCOME = "outcome"


@dataclass(frozen=True)
class Lane:
    """Who does the steps that lie in it."""

    code: str
    name: str


@dataclass(frozen=True)
class Fact:
    """A fact that gateways look at: its possible values, the setting of the place that gives it, or who must."""

    name: str
    values: tuple[str, ...]
    setting: str = ""
    needed: bool = False


@dataclass(frozen=True)
class Node:
    """One thing of the diagram; what a kind does not have is empty."""

    id: str
    name: str
    kind: str
    process: str
    lane: str = ""
    note: str = ""
    outcomes: tuple[tuple[str, str], ...] = ()
    within: str = ""
    days: int | None = None
    holds: bool = False
    calls: str = ""
    message: str = ""
    ends_all: bool = False

    @property
    def moves_alone(self) -> bool:
        """Whether the case passes it without waiting for anybody."""
        return self.kind not in (STEP, MESSAGE)


@dataclass(frozen=True)
class Flow:
    """An arrow, with the condition under which it is taken."""

    id: str
    name: str
    source: str
    target: str
    condition: Expression | None = None
    default: bool = False


@dataclass(frozen=True, eq=False)
class Process:
    """A process that was read and found whole; ``hash`` is that of its text."""

    id: str
    name: str
    hash: str
    text: bytes
    lanes: tuple[Lane, ...]
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    facts: tuple[Fact, ...]
    picture: Picture

    @property
    def steps(self) -> tuple[Node, ...]:
        """What people do, in the order of the diagram from left to right; called processes last."""
        return tuple(node for node in self.nodes if node.kind == STEP)

    @property
    def messages(self) -> tuple[str, ...]:
        """The names of the messages that can reach a case."""
        return tuple(dict.fromkeys(node.message for node in self.nodes if node.message))

    def node(self, id: str) -> Node:
        """Give one thing of the diagram by its id."""
        if id not in self._nodes:
            raise UserError(
                f"the diagram holds nothing with the id '{id[:60]}'",
                where=self.name,
                do="Use an id that the diagram has.",
            )
        return self._nodes[id]

    def leaving(self, id: str) -> tuple[Flow, ...]:
        """Give the arrows that leave a thing."""
        return self._leaving.get(id, ())

    @cached_property
    def _nodes(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _leaving(self) -> dict[str, tuple[Flow, ...]]:
        found: dict[str, tuple[Flow, ...]] = {}
        for flow in self.flows:
            found[flow.source] = (*found.get(flow.source, ()), flow)
        return found

    def lane_name(self, code: str) -> str:
        """Give what people call a lane."""
        return next((lane.name for lane in self.lanes if lane.code == code), code)
