"""Explains a line of contract monitoring that is passed through at its cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpbc.activity.flow.canonical import STREAM_WORDS
from openpbc.activity.flow.reconciling import mff_of
from openpbc.activity.rules.passing import Line, Member, passed
from openpbc.kernel.periods import Month
from openpbc.kernel.steps import Explanation
from openpbc.organisations.reads.installation import store
from openpbc.rulebook.reader import Book
from openpbc.warehouse import runs
from openpbc.warehouse.runs import Run

_LINE = "select * from contract_monitoring where stream = $stream and file = $file and line = $line"


def explain_passed(address: str, run: Run, book: Book, members: list[Member], stored: Mapping[str, Any]) -> Explanation:
    """Explain the charge of one line: its cost and factor, and whose it is, as the run took it in."""
    at = {name: stored[name] for name in ("stream", "file", "line")}
    (line,) = runs.query(store(), [run.run_id], _LINE, at)
    day = line["activity_date"] or Month.parse(str(stored["month"])).first
    whose = (line["practice"], line["commissioner"], line["pod"] or "")
    facts = Line(at["stream"], *whose, line["price"], line["mff"], day)
    known = {row["code"] for row in book.need_table("organisations.commissioners")}
    found = passed(facts, members, known, str(stored["unit"]), mff_of(book))
    differs = () if found.charge == stored["charge"] else (f"The run charged {stored['charge']} pence.",)
    return Explanation(
        address=address,
        title=f"{STREAM_WORDS[at['stream']].capitalize()}, line {at['line']}: {facts.pod}, passed through at its cost",
        value=found.charge,
        unit="pence",
        formula="charge = cost + market forces factor where it stands apart",
        steps=found.steps,
        citations=tuple(dict.fromkeys(step.citation for step in found.steps if step.citation)),
        evidence=(("run", run.run_id), ("file", str(at["file"])), ("book", run.manifest["book"]["hash"])),
        notes=(
            f"Unit {stored['unit']} by the practice {line['practice'] or 'not given'} on {day}.",
            f"Commissioner {found.commissioner} ({found.method}); the line names {line['commissioner']}.",
            *differs,
        ),
        statuses=(str(book.value("data.contract.mff").status),),
    )
