"""Whether a live case may go over to another diagram: only where nothing that it has passed changes."""

from __future__ import annotations

from dataclasses import replace

from openpbc.casework.engine import Run
from openpbc.casework.process import Node, Process


def changed(old: Process, new: Process, run: Run) -> tuple[str, ...]:
    """Name what the case has passed, or stands at, that the new diagram changes or lacks; empty: it may go over."""
    after = {node.id: node for node in new.nodes}
    told = [
        _named(old.node(id))
        for id in sorted(run.finished())
        if id not in after or _meant(old, old.node(id)) != _meant(new, after[id])
    ]
    for id in sorted(run.present()):
        here, there = old.node(id), after.get(id)
        if there is None or (here.kind, here.process, here.calls, here.message) != (
            there.kind, there.process, there.calls, there.message,
        ):  # fmt: skip
            told.append(_named(here))
    return tuple(dict.fromkeys(told))


def _meant(process: Process, node: Node) -> tuple[object, ...]:
    """Give what a thing decides; its note, its days and its place in the drawing may change."""
    ways = frozenset(
        (flow.target, flow.condition.text if flow.condition else "", flow.default) for flow in process.leaving(node.id)
    )
    return (replace(node, note="", days=None), ways)


def _named(node: Node) -> str:
    return f"'{node.name or node.id}'"
