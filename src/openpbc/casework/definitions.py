"""Processes as people draw them (BPMN 2.0): read once into plain values, or refused with a sentence.

A diagram says who does what in which order and nothing else. It holds steps for people, calls of registered functions,
gateways that look at stored facts, messages from outside, called processes of the same file, and ends. Everything
else that BPMN knows is refused by name, scripts first of all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache

from lxml import etree

from openpbc.casework.expressions import read_expression
from openpbc.casework.markup import local, read_markup, space, text_of
from openpbc.casework.pictures import read_picture
from openpbc.casework.process import (
    CALL,
    END,
    EVENT,
    GATEWAY,
    MESSAGE,
    OUTCOME,
    PARALLEL,
    SERVICE,
    START,
    STEP,
    Fact,
    Flow,
    Lane,
    Node,
    Process,
)  # fmt: skip
from openpbc.casework.soundness import check
from openpbc.casework.steps import registered
from openpbc.kernel.problems import UserError

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
OURS = "urn:openpbc:casework"
KINDS = {
    "startEvent": START, "endEvent": END, "userTask": STEP, "manualTask": STEP, "exclusiveGateway": GATEWAY,
    "parallelGateway": PARALLEL, "intermediateThrowEvent": EVENT, "intermediateCatchEvent": MESSAGE,
    "callActivity": CALL, "serviceTask": SERVICE,
}  # fmt: skip
# What may stand beside and inside these without meaning anything for the order of steps.
_ASIDE = frozenset(
    {"laneSet", "sequenceFlow", "documentation", "extensionElements", "textAnnotation", "association", "group", ""}
)
_INSIDE = frozenset({"documentation", "extensionElements", "incoming", "outgoing", ""})
_TOP = frozenset({"process", "message", "collaboration", "category", "documentation", "extensionElements", ""})
_EVENTS = {END: "terminateEventDefinition", MESSAGE: "messageEventDefinition"}
MOST_NODES = 400
DONE = (("done", "Done"),)


@lru_cache(maxsize=256)
def read_process(text: bytes, name: str) -> Process:
    """Read a BPMN file; every fault names the element and says what to do. ``name`` is what the file is called."""
    root = read_markup(text, name)
    if local(root) != "definitions" or space(root) != BPMN:
        raise UserError("the file is no BPMN 2.0 file", where=name, do="Save the diagram as BPMN 2.0.")
    for child in root:
        if space(child) == BPMN and local(child) not in _TOP:
            raise _refused(child, name)
    processes = [child for child in root if local(child) == "process"]
    messages = {each.get("id", ""): each.get("name", "") for each in root if local(each) == "message"}
    nodes: list[Node] = []
    flows: list[Flow] = []
    lanes: dict[str, Lane] = {}
    for process in processes:
        where_lanes = _lanes(process, lanes)
        for child in _things(process, name):
            nodes.append(_node(child, process.get("id", ""), where_lanes, messages, name))
        flows += [_flow(child, process, name) for child in process if local(child) == "sequenceFlow"]
    if len(nodes) > MOST_NODES:
        raise UserError(f"the diagram has {len(nodes)} things, more than {MOST_NODES}", where=name, do="Split it.")
    main = _main(processes, nodes, name)
    picture = read_picture(root, name)
    nodes.sort(key=lambda node: (node.process != main.get("id"), picture.left_of(node.id)))
    read = Process(
        main.get("id", ""), main.get("name") or main.get("id", ""), hashlib.sha256(text).hexdigest(), text,
        tuple(lanes.values()), tuple(nodes), tuple(flows), _facts(main, name), picture,
    )  # fmt: skip
    check(read, [each.get("id", "") for each in processes], name)
    return read


def _refused(element: etree._Element, where: str) -> UserError:
    kind, named = local(element), element.get("name") or element.get("id") or ""
    because = "a diagram carries no programs" if "script" in kind.lower() else "cases cannot run along it"
    return UserError(f"the diagram holds a {kind} '{named[:60]}': {because}", where=where, do="Take it out.")


def _things(process: etree._Element, where: str) -> Iterable[etree._Element]:
    for child in process:
        if space(child) == BPMN and local(child) not in KINDS and local(child) not in _ASIDE:
            raise _refused(child, where)
        if local(child) in KINDS:
            yield child


def _lanes(process: etree._Element, lanes: dict[str, Lane]) -> dict[str, str]:
    """Give the lane's code of each thing of a process, and collect the lanes."""
    where: dict[str, str] = {}
    for element in process.iter(f"{{{BPMN}}}lane"):
        code = element.get(f"{{{OURS}}}code") or element.get("id", "")
        lanes.setdefault(code, Lane(code, element.get("name") or code))
        where |= {text_of(child): code for child in element if local(child) == "flowNodeRef"}
    return where


def _node(element: etree._Element, process: str, lanes: dict[str, str], messages: dict[str, str], where: str) -> Node:
    id, kind = element.get("id", ""), KINDS[local(element)]
    named = f"{where}, {element.get('name') or id}"
    if not id.isidentifier() or not id.isascii() or len(id) > 60:
        raise UserError(f"'{id[:60]}' is no id", where=named, do="Use letters, digits and _, the first a letter.")
    for child in element:
        allowed = local(child) in _INSIDE or local(child) == _EVENTS.get(kind)
        if space(child) == BPMN and not allowed:
            raise _refused(child, named)
    if kind in (STEP, CALL) and not (element.get("name") or "").strip():
        raise UserError(f"the step {id} has no name", where=where, do="Give it one.")
    inside = {local(child): child for child in element}
    return Node(
        id, " ".join((element.get("name") or "").split())[:200], kind, process, lanes.get(id, ""),
        text_of(inside.get("documentation")),
        outcomes=_outcomes(element, named) if kind == STEP else (),
        within=element.get(f"{{{OURS}}}within", ""),
        days=_days(element.get(f"{{{OURS}}}days"), named),
        holds=element.get(f"{{{OURS}}}holds") == "yes",
        calls=_calls(element, kind, named),
        message=_message(inside.get(_EVENTS[MESSAGE]), messages, named) if kind == MESSAGE else "",
        ends_all=_EVENTS[END] in inside,
    )  # fmt: skip


def _outcomes(element: etree._Element, where: str) -> tuple[tuple[str, str], ...]:
    found = tuple((each.get("value", ""), each.get("name", "")) for each in element.iter(f"{{{OURS}}}outcome"))
    values = [value for value, _ in found]
    if len(set(values)) != len(values) or not all(value.isidentifier() and name for value, name in found):
        raise UserError(
            "an outcome has no name, or two have one value", where=where, do="Give each a name and a value of its own."
        )
    return found or DONE


def _days(text: str | None, where: str) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or not 0 < int(text[:5]) < 10_000:
        raise UserError(f"'{text[:20]}' is no number of days", where=where, do="Write a whole number.")
    return int(text)


def _calls(element: etree._Element, kind: str, where: str) -> str:
    if kind == CALL:
        return element.get("calledElement", "")
    if kind != SERVICE:
        return ""
    name = element.get("implementation", "")
    if name not in registered():
        listed = ", ".join(sorted(registered())) or "there is none"
        raise UserError(f"the program knows no service '{name[:60]}'", where=where, do=f"Those it knows: {listed}.")
    return name


def _message(definition: etree._Element | None, messages: dict[str, str], where: str) -> str:
    name = messages.get(definition.get("messageRef", ""), "") if definition is not None else ""
    if not name:
        raise UserError("the event names no message", where=where, do="Choose a message for it.")
    return name


def _flow(element: etree._Element, process: etree._Element, where: str) -> Flow:
    id, source = element.get("id", ""), element.get("sourceRef", "")
    condition = next((child for child in element if local(child) == "conditionExpression"), None)
    origin = next((child for child in process if child.get("id") == source), None)
    default = origin is not None and origin.get("default") == id
    read = read_expression(condition.text or "", f"{where}, arrow {id}") if condition is not None else None
    return Flow(id, element.get("name", ""), source, element.get("targetRef", ""), read, default)


def _main(processes: list[etree._Element], nodes: list[Node], where: str) -> etree._Element:
    called = {node.calls for node in nodes if node.kind == CALL}
    free = [process for process in processes if process.get("id") not in called]
    if len(free) != 1:
        raise UserError(f"the file holds {len(free)} processes that nothing calls", where=where, do="Keep one.")
    return free[0]


def _facts(main: etree._Element, where: str) -> tuple[Fact, ...]:
    found = []
    for each in main.iter(f"{{{OURS}}}fact"):
        name, values = each.get("name", ""), tuple(each.get("values", "").split())
        if not name.isidentifier() or name == OUTCOME or not values:
            raise UserError(
                f"the fact '{name[:60]}' needs a name of its own and its values", where=where, do="Give it both."
            )
        found.append(Fact(name, values, each.get("setting", ""), each.get("needed") == "yes"))
    return tuple(found)
