"""The shipped diagrams, and small ones written by hand for one fault each."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from openpbc.casework.definitions import read_process
from openpbc.casework.process import Process
from openpbc.rulebook.files import SHIPPED

FOLDER: Path = SHIPPED / "england/common/processes"
NAMES = ("common", "conclave")


@lru_cache
def shipped(name: str) -> Process:
    """Read a shipped diagram."""
    return read_process((FOLDER / f"{name}.bpmn").read_bytes(), f"{name}.bpmn")


HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:o="urn:openpbc:casework"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"'
    ' xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="d" targetNamespace="urn:x">'
)


def drawn(*things: str, beside: str = "", head: str = "") -> bytes:
    """Write a process from its things: XML as it is, or ``a->b`` and ``a->b: condition`` for an arrow."""
    ids: list[str] = []
    body: list[str] = []
    for thing in things:
        if "->" in thing.split("<")[0]:
            arrow, _, condition = thing.partition(": ")
            source, _, target = arrow.partition("->")
            inner = f"<conditionExpression>{condition.replace('<', '&lt;')}</conditionExpression>" if condition else ""
            body.append(
                f'<sequenceFlow id="f{len(body)}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'
            )
        else:
            body.append(thing)
            ids += [thing.split(' id="')[1].split('"')[0]] if ' id="' in thing else []
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{id}_di" bpmnElement="{id}"><dc:Bounds x="{at * 150}" y="10" width="100" height="80"/>'
        "</bpmndi:BPMNShape>"
        for at, id in enumerate(ids)
    )
    return (
        f'{HEAD}{head}<process id="p" name="A process" isExecutable="true">{"".join(body)}</process>{beside}'
        f'<bpmndi:BPMNDiagram id="g"><bpmndi:BPMNPlane id="l" bpmnElement="p">{shapes}</bpmndi:BPMNPlane>'
        "</bpmndi:BPMNDiagram></definitions>"
    ).encode()


START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'


def step(id: str, *outcomes: str) -> str:
    """Write a step with its outcomes."""
    inner = "".join(f'<o:outcome value="{value}" name="{value}"/>' for value in outcomes)
    return f'<userTask id="{id}" name="Step {id}"><extensionElements>{inner}</extensionElements></userTask>'


def gateway(id: str, default: str = "") -> str:
    """Write an exclusive gateway; the default arrow is named by its number among all things."""
    return f'<exclusiveGateway id="{id}"' + (f' default="{default}"' if default else "") + "/>"
