"""Diagrams: what may stand in one, and every way in which a case could get lost on one, refused with a sentence."""

from __future__ import annotations

import pytest

from openpbc.casework import engine, steps
from openpbc.casework.definitions import read_process
from openpbc.casework.drawing import svg
from openpbc.casework.following import follows
from openpbc.casework.process import CALL, END, STEP
from openpbc.kernel.problems import UserError
from tests.unit.casework.diagrams import END as ENDING
from tests.unit.casework.diagrams import NAMES, START, drawn, gateway, shipped, step

FACT = '<extensionElements><o:fact name="kind" values="small large"/></extensionElements>'
WHOLE = (START, step("a"), ENDING, "s->a", "a->e")


def test_a_small_diagram_is_read_with_its_steps_and_runs() -> None:
    process = read_process(drawn(*WHOLE), "small.bpmn")
    engine.validate(process)
    assert [(node.id, node.name, node.kind, node.outcomes) for node in process.steps] == [
        ("a", "Step a", STEP, (("done", "Done"),))
    ]
    assert len(process.hash) == 64


CALLED = '<process id="q" isExecutable="true"><startEvent id="qs"/>{}<endEvent id="qe"/>{}</process>'
FAULTS = {
    "no BPMN 2.0 file": b"<a/>",
    "is not XML": b"<a",
    "not UTF-8": "<ä/>".encode("utf-16"),
    "declares a document type or entities": b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
    "more than 1,048,576 bytes": b"<a>" + b"x" * (2 << 20) + b"</a>",
    "holds a scriptTask 'Pay': a diagram carries no programs": drawn(
        *WHOLE, '<scriptTask id="x" name="Pay"><script>import os</script></scriptTask>'
    ),
    "holds a businessRuleTask": drawn(*WHOLE, '<businessRuleTask id="x" name="y"/>'),
    "holds a boundaryEvent": drawn(*WHOLE, '<boundaryEvent id="x" attachedToRef="a"/>'),
    "holds a subProcess": drawn(*WHOLE, '<subProcess id="x"/>'),
    "holds a timerEventDefinition": drawn(
        START, '<intermediateCatchEvent id="x"><timerEventDefinition/></intermediateCatchEvent>'
    ),
    "holds a multiInstanceLoopCharacteristics": drawn(
        START, '<userTask id="x" name="y"><multiInstanceLoopCharacteristics/></userTask>'
    ),
    "holds a ioSpecification": drawn(START, '<userTask id="x" name="y"><ioSpecification/></userTask>'),
    "knows no service 'os.system'. Those it knows:": drawn(
        START, '<serviceTask id="x" name="y" implementation="os.system"/>', ENDING, "s->x", "x->e"
    ),
    "the event names no message": drawn(
        START, '<intermediateCatchEvent id="x"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
    ),
    "the step x has no name": drawn(START, '<userTask id="x"/>'),
    "'a b' is no id": drawn(START, '<userTask id="a b" name="y"/>'),
    "is missing or used twice": drawn(*WHOLE, step("a")),
    "'0' is no number of days": drawn(START, '<userTask id="x" name="y" o:days="0"/>'),
    "an outcome has no name": drawn(START, step("a", "one", "one"), ENDING, "s->a", "a->e"),
    "does not join two things": drawn(*WHOLE, "a->nowhere"),
    "has a condition, but leaves no gateway": drawn(START, step("a"), ENDING, "s->a", "a->e: outcome == 'x'"),
    "2 arrows leave 'Step a'": drawn(START, step("a"), ENDING, '<endEvent id="e2"/>', "s->a", "a->e", "a->e2"),
    "'Step a' has no way out": drawn(START, step("a"), ENDING, "s->a"),
    "nothing leads to 'Step b'": drawn(*WHOLE, step("b"), "b->e"),
    "has 2 starts": drawn(*WHOLE, '<startEvent id="s2"/>', "s2->a"),
    "has 0 starts": drawn(step("a"), ENDING, "a->e"),
    "an arrow leaves the end": drawn(*WHOLE, "e->a"),
    "no end can be reached from": drawn(START, gateway("g"), step("a"), "s->g", "g->a", "a->g"),
    "a circle without a step": drawn(
        START, FACT, gateway("g"), gateway("h", "f9"), step("a"), ENDING, "s->g", "g->h", "h->g: kind == 'small'",
        "h->a", "a->e",
    ),
    "a circle without a gateway": drawn(
        START, step("a"), '<parallelGateway id="g"/>', ENDING, "s->a", "a->g", "g->a", "g->e",
    ),
    "has no condition, or the default has one": drawn(
        START, step("a", "x", "y"), gateway("g"), ENDING, step("b"), "s->a", "a->g", "g->e: outcome == 'x'", "g->b",
        "b->e",
    ),
    "two arrows are open when outcome is 'x'": drawn(
        START, step("a", "x", "y"), gateway("g", "f8"), ENDING, step("b"), step("c"), "s->a", "a->g", "g->b",
        "g->e: outcome == 'x'", "g->c: outcome in ['x', 'y']", "b->e", "c->e",
    ),
    "no arrow is open when outcome is 'y'": drawn(
        START, step("a", "x", "y"), gateway("g"), ENDING, step("b"), "s->a", "a->g", "g->e: outcome == 'x'",
        "g->b: outcome == 'z'", "b->e",
    ),
    "no arrow is open when kind is None": drawn(
        START, FACT, gateway("g"), ENDING, step("b"), "s->g", "g->e: kind == 'small'", "g->b: kind == 'large'", "b->e",
    ),
    "looks at 'size'": drawn(
        START, gateway("g", "f5"), ENDING, step("b"), "s->g", "g->b", "g->e: size > 3", "b->e",
    ),
    "holds a call of 'print'": drawn(
        START, gateway("g"), ENDING, step("b"), "s->g", "g->b: print(1)", "g->e: 1 == 2", "b->e"
    ),
    "is not a condition": drawn(
        START, gateway("g"), ENDING, step("b"), "s->g", "g->b: import os", "g->e: 1 == 2", "b->e"
    ),
    "calls 'r', which is not in the file": drawn(
        START, '<callActivity id="c" name="Call" calledElement="r"/>', ENDING, "s->c", "c->e"
    ),
    "0 processes that nothing calls": drawn(
        START, '<callActivity id="c" name="Call" calledElement="p"/>', ENDING, "s->c", "c->e"
    ),
    "2 processes that nothing calls": drawn(*WHOLE, beside=CALLED.format("", "")),
    "holds no drawing": drawn(*WHOLE).split(b"<bpmndi:BPMNDiagram")[0] + b"</definitions>",
    "'Step a' is not drawn": drawn(*WHOLE).replace(b'bpmnElement="a"', b'bpmnElement="z"'),
    "is no place in a drawing": drawn(*WHOLE).replace(b'x="150"', b'x="1e99"'),
    "needs a name of its own and its values": drawn(
        START, FACT.replace('values="small large"', ""), step("a"), ENDING, "s->a", "a->e"
    ),
}  # fmt: skip


@pytest.mark.parametrize("sentence", FAULTS)
def test_a_diagram_with_a_fault_is_refused_with_a_sentence(sentence: str) -> None:
    with pytest.raises(UserError) as refused:
        read_process(FAULTS[sentence], "bad.bpmn")
    assert sentence in refused.value.sentence


def test_what_the_published_schema_refuses_is_refused() -> None:
    text = drawn(*WHOLE).replace(b"<startEvent", b'<startEvent colour="red"')
    with pytest.raises(UserError, match="no valid BPMN .*colour"):
        engine.validate(read_process(text, "bad.bpmn"))


def test_a_service_is_called_by_its_registered_name_and_its_own_message_comes_through(monkeypatch) -> None:
    def count(facts):
        if facts.get("kind") == "large":
            raise UserError("the budget has no line for it", where="budget")
        return {"lines": 3}

    monkeypatch.setattr(steps, "_registered", {})
    steps.register("test", {"count": count})
    steps.register("test", {"count": count})
    with pytest.raises(TypeError, match="registered twice"):
        steps.register("test", {"count": len})
    service = '<serviceTask id="x" name="Count" implementation="test.count"/>'
    process = read_process(drawn(START, step("a"), service, step("b"), ENDING, "s->a", "a->x", "x->b", "b->e"), "s")
    run = engine.begin(process, {})
    run.complete(run.waiting()[0], "done", {"kind": "small"})
    assert (run.waiting()[0].step, run.facts()["lines"], run.passed) == ("b", 3, ["x"])
    run = engine.begin(process, {})
    with pytest.raises(UserError, match="budget: the budget has no line for it"):
        run.complete(run.waiting()[0], "done", {"kind": "large"})


def test_a_condition_that_was_never_read_cannot_be_smuggled_into_a_restored_case() -> None:
    """The engine's own evaluation would run this; ours is set again after every load."""
    run = engine.restore(shipped("common"), engine.begin(shipped("common"), {}).save())
    task = run.workflow.task_tree
    with pytest.raises(UserError, match="must not"):
        run.workflow.script_engine.evaluate(task, "__import__('os').getcwd()")
    with pytest.raises(UserError, match="no programs"):
        run.workflow.script_engine.execute(task, "import os")


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_diagrams_hold_every_state_and_no_state_is_without_an_exit(name: str) -> None:
    process = shipped(name)
    engine.validate(process)
    ids = {node.id for node in process.nodes}
    states = {f"S{number}" for number in (*range(1, 7), 8, 10, 11, 12)} | {"S9A", "S9B", "S9C", "X1", "X2", "X3"}
    states |= {"X4", "X5"} | {f"S7_D{level}" for level in range(1, 5)}
    conclave = {"W1", "W3", "W4"} if name == "conclave" else set()
    assert states | conclave <= ids
    assert bool(ids & {"W1", "W3", "W4"}) == bool(conclave)
    within = {node.within for node in process.steps} - {""}
    assert within == ({"W2 Pathway development"} if conclave else set())
    closed = {node.id for node in process.nodes if node.kind == END and node.process == process.id}
    assert closed == {"X2", "X4", "reviewed"}
    assert all(process.leaving(node.id) for node in process.nodes if node.kind != END)
    told = " ".join([node.note for node in process.steps] + [flow.name for flow in process.flows])
    ways = [f"T{number:02d}" for number in range(1, 25)]
    missing = [way for way in ways if way not in told and way not in ("T11", "T16", "T17", "T18", "T07")]
    assert missing == []


@pytest.mark.parametrize("name", NAMES)
def test_lanes_are_those_of_the_process_and_every_step_lies_in_one(name: str) -> None:
    process = shipped(name)
    lanes = {lane.code for lane in process.lanes}
    assert lanes == {f"L{number}" for number in range(1, 10)} - (set() if name == "conclave" else {"L3"})
    assert all(node.lane in lanes for node in process.steps)


@pytest.mark.parametrize("name", NAMES)
def test_the_words_beside_the_picture_say_what_follows(name: str) -> None:
    process = shipped(name)

    def after(step: str, outcome: str) -> set[str]:
        return {node.id for node in follows(process, step, outcome)}

    assert after("S6", "all_agreed") == {"S5", "S7_D1", "S7_D2", "S7_D3", "S7_D4"}
    assert after("S7_D3", "returned") == {"S4"}
    assert after("S7_D3", "rejected") == {"X2"}
    assert after("S9A_existing", "failed") == {"X5"}
    assert after("S9C_tender", "contracted") == {"S10", "S11"}
    assert after("S12", "success") == {"reviewed"}
    assert all(follows(process, node.id, value) for node in process.steps for value, _ in node.outcomes)


@pytest.mark.parametrize("name", NAMES)
def test_the_picture_marks_the_present_place_also_inside_a_called_process(name: str) -> None:
    process = shipped(name)
    still = svg(process)
    assert still.count("(here)") == 0
    assert "list of steps" in still
    marked = svg(process, ["S9B_willing"], ["S1", "S9B_willing"])
    assert "S9B (here)" in marked
    assert "The case is at: Any willing provider." in marked
    assert marked.count("<svg") == 1 and "<script" not in marked and "style=" not in marked
    assert {node.id for node in process.nodes if node.kind == CALL} == {"S9A", "S9B", "S9C"}


def frame(picture: str) -> list[int]:
    return [int(each) for each in picture.split('viewBox="')[1].split('"')[0].split()]


@pytest.mark.parametrize("name", NAMES)
def test_what_lies_around_the_present_place_fits_a_screen_and_begins_with_no_empty_band(name: str) -> None:
    process = shipped(name)
    left, top, width, height = frame(svg(process))
    assert "Ways back to" in svg(process), "the strip above the lanes says what it is"
    for node in process.steps:
        x, y, across, down = frame(svg(process, [node.id], only_near=True))
        drawn_as = next(each for each in process.picture.shapes if f'">{each.id} (here)' in svg(process, [node.id]))
        assert across <= 1100 and left <= x <= drawn_as.x and top <= y <= drawn_as.y
        assert x + across >= drawn_as.x + drawn_as.width and y + down >= drawn_as.y + drawn_as.height
        assert y + down <= top + height
    assert frame(svg(process, only_near=True)) == [left, top, width, height], "without a place it is the whole"


def test_names_in_a_picture_cannot_be_markup() -> None:
    text = drawn(START, '<userTask id="a" name="&lt;script&gt;x&lt;/script&gt;"/>', ENDING, "s->a", "a->e")
    assert "<script" not in svg(read_process(text, "x.bpmn"), ["a"])
