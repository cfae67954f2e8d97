"""A second, small interpreter of processes, which knows nothing of the engine: tokens moved by hand along the arrows.

It plays what the shipped diagrams use: steps, exclusive gateways, a parallel split, messages, calls, ends that end all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from openpbc.casework.process import CALL, END, GATEWAY, MESSAGE, PARALLEL, START, STEP, Node, Process


@dataclass
class Token:
    """Where somebody or something is waited for, what is stored on the way to it, and the calls that it lies in."""

    at: str
    facts: dict[str, object]
    inside: tuple[str, ...] = ()


@dataclass
class Game:
    """One case; ``taken`` are the arrows along which it went so far."""

    process: Process
    tokens: list[Token] = field(default_factory=list)
    ended: str = ""
    taken: set[str] = field(default_factory=set)

    def begin(self, facts: dict[str, object]) -> None:
        self._enter(self._start(self.process.id), dict(facts), ())

    def waiting(self) -> list[str]:
        return sorted(token.at for token in self.tokens if self.process.node(token.at).kind == STEP)

    def messages(self) -> set[str]:
        return {self.process.node(token.at).message for token in self.tokens} - {""}

    def complete(self, step: str, outcome: str, facts: dict[str, object]) -> None:
        self._leave(next(token for token in self.tokens if token.at == step), {"outcome": outcome, **facts})

    def send(self, message: str) -> None:
        self._leave(next(t for t in self.tokens if self.process.node(t.at).message == message), {})

    def _start(self, process: str) -> str:
        return next(node.id for node in self.process.nodes if node.process == process and node.kind == START)

    def _leave(self, token: Token, facts: dict[str, object]) -> None:
        self.tokens.remove(token)
        self._follow(self.process.node(token.at), token.facts | facts, token.inside)

    def _follow(self, node: Node, facts: dict[str, object], inside: tuple[str, ...]) -> None:
        for flow in self.process.leaving(node.id):
            if self.ended:
                return
            self.taken.add(flow.id)
            self._enter(flow.target, dict(facts), inside)

    def _enter(self, id: str, facts: dict[str, object], inside: tuple[str, ...]) -> None:
        node = self.process.node(id)
        if node.kind in (STEP, MESSAGE):
            self.tokens.append(Token(id, facts, inside))
        elif node.kind == CALL:
            self._enter(self._start(node.calls), facts, (*inside, id))
        elif node.kind == END and inside:
            self._follow(self.process.node(inside[-1]), facts, inside[:-1])
        elif node.kind == END:
            assert node.ends_all
            self.tokens, self.ended = [], id
        elif node.kind == GATEWAY:
            leaving = self.process.leaving(id)
            open_ones = [flow for flow in leaving if flow.condition and flow.condition.holds(facts)]
            (taken,) = open_ones or [flow for flow in leaving if flow.condition is None]
            self.taken.add(taken.id)
            self._enter(taken.target, facts, inside)
        else:
            assert node.kind in (START, PARALLEL) or len(self.process.leaving(id)) == 1
            self._follow(node, facts, inside)
