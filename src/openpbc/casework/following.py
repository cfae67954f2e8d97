"""The drawing in words: what comes after each outcome of each step, whatever facts are stored."""

from __future__ import annotations

from itertools import product

from openpbc.casework.process import CALL, END, GATEWAY, OUTCOME, Flow, Node, Process


def follows(process: Process, step: str, outcome: str) -> tuple[Node, ...]:
    """Give what may come after a step was left by an outcome: steps, called processes, ends."""
    reached: list[Node] = []
    seen: set[str] = set()
    left = [process.node(flow.target) for flow in process.leaving(step)]
    while left:
        node = left.pop(0)
        if node.id in seen:
            continue
        seen.add(node.id)
        if node.kind == END and node.process != process.id:
            left += [each for each in _after_call(process, node.process) if each.id not in seen]
        elif not node.moves_alone or node.kind in (END, CALL):
            reached.append(node)
        else:
            flows = [flow for flow in process.leaving(node.id) if _may_be_taken(process, node, flow, outcome)]
            left += [process.node(flow.target) for flow in flows]
    return tuple(reached)


def _after_call(process: Process, called: str) -> list[Node]:
    calls = [node.id for node in process.nodes if node.kind == CALL and node.calls == called]
    return [process.node(flow.target) for id in calls for flow in process.leaving(id)]


def _may_be_taken(process: Process, node: Node, flow: Flow, outcome: str) -> bool:
    leaving = process.leaving(node.id)
    if node.kind != GATEWAY or len(leaving) == 1:
        return True
    tested = [each.condition for each in leaving if each.condition]
    names = sorted(frozenset().union(*(condition.names for condition in tested)) - {OUTCOME})
    values = {fact.name: (*fact.values, None) for fact in process.facts}
    for chosen in product(*(values[name] for name in names)):
        facts: dict[str, object] = {OUTCOME: outcome, **dict(zip(names, chosen, strict=True))}
        holds = any(condition.holds(facts) for condition in tested)
        if flow.condition.holds(facts) if flow.condition else not holds:
            return True
    return False
