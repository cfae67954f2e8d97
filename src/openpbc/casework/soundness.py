"""Whether a case could get lost on a diagram: checked when it is read, so that no case has to find out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from openpbc.casework.process import CALL, END, GATEWAY, MESSAGE, OUTCOME, PARALLEL, START, STEP, Node, Process
from openpbc.kernel.problems import UserError

MOST_COMBINATIONS = 4096
_BRANCHING = (GATEWAY, PARALLEL)


def check(process: Process, processes: list[str], where: str) -> None:
    """Refuse a diagram on which a case could stand still, run for ever, or have two ways at once."""
    _once([*processes, *(node.id for node in process.nodes), *(flow.id for flow in process.flows)], where)
    _arrows(process, where)
    for each in processes:
        _one_way_in(process, each, where)
    _calls(process, processes, where)
    _exits(process, where)
    _rests(process, where)
    for node in process.nodes:
        if node.kind == GATEWAY:
            _decides(process, node, where)
        if node.process == process.id and not process.picture.shows(node.id):
            raise UserError(
                f"'{node.name or node.id}' is not drawn", where=where, do="Draw it: the picture is the law."
            )


def _once(ids: Iterable[str], where: str) -> None:
    seen: set[str] = set()
    for id in ids:
        if not id or id in seen:
            raise UserError(
                f"the id '{id}' is missing or used twice", where=where, do="Give everything an id of its own."
            )
        seen.add(id)


def _arrows(process: Process, where: str) -> None:
    kinds = {node.id: node for node in process.nodes}
    for flow in process.flows:
        if flow.source not in kinds or flow.target not in kinds:
            raise UserError(
                f"the arrow {flow.id} does not join two things", where=where, do="Draw it from one thing to another."
            )
        if kinds[flow.source].process != kinds[flow.target].process:
            raise UserError(
                f"the arrow {flow.id} leaves its process", where=where, do="Let both of its ends lie in one process."
            )
        if flow.condition and kinds[flow.source].kind != GATEWAY:
            raise UserError(
                f"the arrow {flow.id} has a condition, but leaves no gateway",
                where=where,
                do="Take the condition out, or let a gateway choose.",
            )
    for node in process.nodes:
        leaving = process.leaving(node.id)
        named = node.name or node.id
        if node.kind == END and leaving:
            raise UserError(f"an arrow leaves the end '{named}'", where=where, do="Take the arrow out.")
        if node.kind != END and not leaving:
            raise UserError(f"'{named}' has no way out", where=where, do="Draw an arrow to what follows.")
        if len(leaving) > 1 and node.kind not in _BRANCHING:
            raise UserError(f"{len(leaving)} arrows leave '{named}'", where=where, do="Let a gateway choose.")


def _one_way_in(process: Process, id: str, where: str) -> None:
    own = [node for node in process.nodes if node.process == id]
    starts = [node.id for node in own if node.kind == START]
    if len(starts) != 1:
        raise UserError(f"the process {id} has {len(starts)} starts", where=where, do="Draw one.")
    reached = _reached(process, starts)
    for node in own:
        if node.id not in reached:
            raise UserError(
                f"nothing leads to '{node.name or node.id}'", where=where, do="Draw an arrow to it, or take it out."
            )


def _reached(process: Process, begin: Iterable[str]) -> set[str]:
    reached, left = set(), list(begin)
    while left:
        at = left.pop()
        if at not in reached:
            reached.add(at)
            left += [flow.target for flow in process.leaving(at)]
    return reached


def _calls(process: Process, processes: list[str], where: str) -> None:
    calls = {id: [n.calls for n in process.nodes if n.process == id and n.kind == CALL] for id in processes}
    for node in process.nodes:
        if node.kind == CALL and node.calls not in calls:
            raise UserError(
                f"'{node.name}' calls '{node.calls}', which is not in the file",
                where=where,
                do="Put that process into the file, or take the call out.",
            )
    left = set(processes)
    while left:
        leaves = {id for id in left if not left.intersection(calls[id])}
        if not leaves:
            raise UserError(
                "a process calls itself", where=where, do="Let it call another, or draw the steps themselves."
            )
        left -= leaves


def _exits(process: Process, where: str) -> None:
    """From everything an end, or a wait for a message from outside, can be reached."""
    for node in process.nodes:
        if not any(process.node(id).kind in (END, MESSAGE) for id in _reached(process, [node.id])):
            raise UserError(
                f"no end can be reached from '{node.name or node.id}'", where=where, do="Draw a way from it to an end."
            )


def _rests(process: Process, where: str) -> None:
    """In every circle somebody is waited for, and a gateway is passed: nothing turns for ever, nor without a choice."""
    for what, passed in (("a step", lambda node: node.moves_alone), ("a gateway", lambda node: node.kind != GATEWAY)):
        left = {node.id: node for node in process.nodes if passed(node)}
        while left:
            free = [id for id in left if not any(flow.target in left for flow in process.leaving(id))]
            if not free:
                named = next(iter(left.values()))
                raise UserError(
                    f"a circle without {what} runs through '{named.name or named.id}'",
                    where=where,
                    do=f"Put {what} into it.",
                )
            for id in free:
                del left[id]


def _decides(process: Process, gateway: Node, where: str) -> None:
    """Whatever is stored, exactly one arrow is taken."""
    leaving, named = process.leaving(gateway.id), gateway.name or gateway.id
    tested = [flow for flow in leaving if not flow.default]
    if len(leaving) == 1:
        return
    if any(flow.condition is None for flow in tested) or any(flow.default and flow.condition for flow in leaving):
        do = "Give every arrow but the default one a condition."
        raise UserError(f"an arrow of '{named}' has no condition, or the default has one", where=where, do=do)
    names = sorted(frozenset().union(*(flow.condition.names for flow in tested if flow.condition)))
    spaces = [_possible(process, gateway, name, where) for name in names]
    count = 1
    for each in spaces:
        count *= len(each)
    if count > MOST_COMBINATIONS:
        raise UserError(f"the gateway '{named}' looks at too many facts", where=where, do="Split it.")
    for values in product(*spaces):
        facts: Mapping[str, object] = dict(zip(names, values, strict=True))
        taken = [flow for flow in tested if flow.condition and flow.condition.holds(facts)]
        told = ", ".join(f"{name} is {value!r}" for name, value in facts.items())
        if len(taken) > 1:
            raise UserError(f"at '{named}' two arrows are open when {told}", where=where, do="Draw them apart.")
        if not taken and len(tested) == len(leaving):
            raise UserError(f"at '{named}' no arrow is open when {told}", where=where, do="Add a default arrow.")


def _possible(process: Process, gateway: Node, name: str, where: str) -> tuple[object, ...]:
    if name == OUTCOME:
        return tuple(sorted(set(_outcomes_before(process, gateway.id, set()))))
    fact = next((fact for fact in process.facts if fact.name == name), None)
    if fact is None:
        do = f"Declare it as a fact of the process with its values, or look at '{OUTCOME}'."
        raise UserError(f"the gateway '{gateway.name or gateway.id}' looks at '{name}'", where=where, do=do)
    return fact.values if fact.needed else (*fact.values, None)


def _outcomes_before(process: Process, id: str, seen: set[str]) -> Iterator[str]:
    """Give the outcomes with which a case can arrive: those of the steps behind, through what moves alone."""
    for flow in process.flows:
        if flow.target != id or flow.source in seen:
            continue
        seen.add(flow.source)
        node = process.node(flow.source)
        if node.kind == STEP:
            yield from (value for value, _ in node.outcomes)
        elif node.kind == CALL:
            ends = [each.id for each in process.nodes if each.process == node.calls and each.kind == END]
            for end in ends:
                yield from _outcomes_before(process, end, seen)
        else:
            yield from _outcomes_before(process, node.id, seen)
