"""Runs cases along a process. The one place that knows SpiffWorkflow; outside there are steps, outcomes and text.

A case's state is JSON without its diagram: the diagram is looked up by the case, so that a swapped one cannot skip a
step unseen. What was only foreseen is not kept either; it is worked out again when a state is restored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser, BpmnValidator
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.workflow import BpmnWorkflowConverter, WorkflowConverter
from SpiffWorkflow.bpmn.specs.defaults import ServiceTask
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from openpbc.casework.expressions import read_expression
from openpbc.casework.markup import read_markup
from openpbc.casework.process import END, EVENT, OUTCOME, SERVICE, Process
from openpbc.casework.steps import Fact, service
from openpbc.kernel.problems import UserError

MOST_FACTS = 60
LONGEST_FACT = 500
_FORESEEN = TaskState.PREDICTED_MASK | TaskState.FUTURE


@dataclass(frozen=True)
class Token:
    """A step that waits for somebody; ``key`` tells two visits of one step apart."""

    key: str
    step: str


class _Conditions(PythonScriptEngine):
    """Works out conditions from the facts stored in the case; runs nothing else."""

    def evaluate(self, task: Task, expression: str, external_context: object = None) -> object:
        return read_expression(expression).value(task.data)

    def execute(self, task: Task, script: str, external_context: object = None) -> bool:
        raise UserError(
            "a diagram carries no programs", do="Take the program out, and let a service or a person do it."
        )

    def call_service(self, task: Task, **kwargs: object) -> bool:
        raise UserError(
            "a service is called by its name alone", do="Give the name of a service, without anything else."
        )


class _ServiceCall(ServiceTask):
    """Calls the registered function that the diagram names; what goes wrong in it is told as it is."""

    calls = ""

    def _execute(self, task: Task) -> bool:
        found = service(self.calls)(dict(task.data))
        task.set_data(**checked(found))
        return True


class _ServiceParser(TaskParser):
    def create_task(self) -> _ServiceCall:
        made: _ServiceCall = super().create_task()
        made.calls = self.node.get("implementation", "")
        return made


class _Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {full_tag("serviceTask"): (_ServiceParser, _ServiceCall)}


class _CaseConverter(BpmnWorkflowConverter):
    """Writes a case without its diagram, and reads it beside one."""

    def to_dict(self, workflow: BpmnWorkflow) -> dict[str, Any]:
        state: dict[str, Any] = WorkflowConverter.to_dict(self, workflow)
        return state | {"subprocesses": self.mapping_to_dict(workflow.subprocesses)}

    def from_dict(self, dct: dict[str, Any], specs: _Specs) -> BpmnWorkflow:
        workflow = self.target_class(specs.main, specs.called, deserializing=True)
        workflow.tasks = self.mapping_from_dict(dct["tasks"], UUID, workflow=workflow)
        workflow.task_tree = workflow.tasks.get(UUID(dct["root"]))
        self.set_default_attributes(workflow, dct)
        self.subprocesses_from_dict(dct["subprocesses"], workflow)
        return workflow


@dataclass(frozen=True, eq=False)
class _Specs:
    main: Any
    called: Mapping[str, Any]


_REGISTRY = BpmnWorkflowSerializer.configure(DEFAULT_CONFIG | {BpmnWorkflow: _CaseConverter})


@lru_cache(maxsize=1)
def _validator() -> BpmnValidator:
    return BpmnValidator()


def validate(process: Process) -> None:
    """Hold a diagram to the published schema of BPMN, and see that the engine can run it."""
    try:
        _validator().validate(etree.ElementTree(read_markup(process.text, process.name)), process.name)
    except ValidationException as error:
        raise UserError(
            f"the file is no valid BPMN ({str(error)[:200]})",
            where=process.name,
            do="Mend it in the tool that drew it.",
        ) from error
    begin(process, {})


@lru_cache(maxsize=256)
def _specs(process: Process) -> _Specs:
    parser = _Parser()
    try:
        parser.add_bpmn_xml(read_markup(process.text, process.name), process.name)
        return _Specs(parser.get_spec(process.id), parser.get_subprocess_specs(process.id))
    except ValidationException as error:
        raise UserError(
            f"the diagram cannot be run ({str(error)[:200]})",
            where=process.name,
            do="Mend it in the tool that drew it.",
        ) from error


@dataclass(eq=False)
class Run:
    """One case in the engine's hands, between its being restored and its being saved."""

    process: Process
    workflow: BpmnWorkflow
    passed: list[str] = field(default_factory=list)

    def waiting(self) -> tuple[Token, ...]:
        """Give the steps that wait, in the order in which the case reached them."""
        tasks = self.workflow.get_tasks(state=TaskState.READY)
        ready = [task for task in tasks if task.task_spec.manual]
        ready.sort(key=lambda task: task.last_state_change)
        return tuple(Token(task.id.hex, task.task_spec.bpmn_id) for task in ready)

    def messages(self) -> frozenset[str]:
        """Give the messages that can reach the case now."""
        return frozenset(event.name for event in self.workflow.waiting_events())

    def complete(self, token: Token, outcome: str, facts: Mapping[str, Fact]) -> None:
        """Finish a waiting step with its outcome, and go on to where somebody is waited for."""
        task = self.workflow.get_task_from_id(UUID(token.key))
        task.set_data(**{OUTCOME: outcome}, **checked(facts, self.process))
        self._go(task)

    def send(self, message: str, facts: Mapping[str, Fact]) -> None:
        """Let a message from outside reach the case."""
        payload = checked(facts, self.process)
        self.workflow.send_event(BpmnEvent(MessageEventDefinition(message), payload=payload))
        self._go()

    @property
    def ended(self) -> bool:
        """Whether nothing can happen to the case any more."""
        return bool(self.workflow.completed)

    def finished(self) -> frozenset[str]:
        """Give the things of the diagram that the case has passed for good."""
        done = self.workflow.get_tasks(state=TaskState.FINISHED_MASK)
        ids = {getattr(task.task_spec, "bpmn_id", None) for task in done}
        return frozenset(id for id in ids if id)

    def present(self) -> frozenset[str]:
        """Give the things of the diagram at which the case stands: steps, messages and called processes."""
        here = self.workflow.get_tasks(state=TaskState.READY | TaskState.WAITING | TaskState.STARTED)
        ids = {getattr(task.task_spec, "bpmn_id", None) for task in here}
        return frozenset(id for id in ids if id)

    def facts(self) -> dict[str, Fact]:
        """Give what the case stores, as the steps that wait see it; what the latest of them sees wins."""
        found: dict[str, Fact] = {}
        for token in self.waiting():
            found |= self.workflow.get_task_from_id(UUID(token.key)).data
        return found

    def save(self) -> str:
        """Give the state as JSON, without the diagram and without what is only foreseen."""
        state = _REGISTRY.convert(self.workflow)
        for part in (state, *state["subprocesses"].values()):
            _forget_foreseen(part)
        # never sorted: each task is read after the one before it, whose facts it completes
        return json.dumps(state, separators=(",", ":"))

    def _go(self, task: Task | None = None) -> None:
        try:
            if task is not None:
                task.run()
            self.workflow.do_engine_steps(did_complete_task=self._note)
        except SpiffWorkflowException as error:
            raise UserError(
                f"the case cannot go on: {error}",
                where=self.process.name,
                do="Look at the conditions of its diagram, and put the case on one that is mended.",
            ) from error

    def _note(self, task: Task) -> None:
        id = getattr(task.task_spec, "bpmn_id", None)
        if id and self.process.node(id).kind in (EVENT, END, SERVICE):
            self.passed.append(id)


def begin(process: Process, facts: Mapping[str, Fact]) -> Run:
    """Start a case and take it to the first steps that wait."""
    specs = _specs(process)
    run = Run(process, BpmnWorkflow(specs.main, dict(specs.called), script_engine=_Conditions()))
    run.workflow.task_tree.set_data(**checked(facts, process))
    run._go()
    return run


def restore(process: Process, state: str) -> Run:
    """Take up a case where it was saved. Its rules of evaluation are ours again before anything moves."""
    workflow: BpmnWorkflow = _REGISTRY.restore(json.loads(state), specs=_specs(process))
    workflow.script_engine = _Conditions()
    for part in (workflow, *workflow.subprocesses.values()):
        for task in list(part.tasks.values()):
            if task.has_state(TaskState.DEFINITE_MASK) and not task.children:
                task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
    return Run(process, workflow)


def _forget_foreseen(part: dict[str, Any]) -> None:
    kept = {id: task for id, task in part["tasks"].items() if not task["state"] & _FORESEEN}
    for task in kept.values():
        task["children"] = [child for child in task["children"] if child in kept]
    part["tasks"] = kept


def checked(facts: Mapping[str, Fact], process: Process | None = None) -> dict[str, Fact]:
    """Give facts that a case may store: few, short, plain, and of the declared values."""
    declared = {fact.name: fact.values for fact in process.facts} if process else {}
    if len(facts) > MOST_FACTS:
        raise UserError(f"{len(facts)} facts are more than a case stores", do="Store an id in place of a record.")
    for name, value in facts.items():
        if not name.isidentifier() or name == OUTCOME:
            raise UserError(f"'{name}' is no name of a fact", do="Use letters, digits and _, the first a letter.")
        if value is not None and type(value) not in (str, int, bool):
            raise UserError(f"the fact {name} is no text, whole number, yes or no", do="Give one of these.")
        if isinstance(value, str) and len(value) > LONGEST_FACT:
            raise UserError(f"the fact {name} is longer than {LONGEST_FACT} characters", do="Store an id in its place.")
        if value is not None and name in declared and value not in declared[name]:
            raise UserError(f"{name} cannot be '{value}'", do=f"Choose one of {', '.join(declared[name])}.")
    return dict(facts)
