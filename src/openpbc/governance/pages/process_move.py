"""Putting a live case on another diagram of its place: by a decision that a body took on it, and never unseen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.casework import actions
from openpbc.casework import reads as casework
from openpbc.casework.reads import Case
from openpbc.governance import reads
from openpbc.governance.pages.process import TITLE
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.ui.figures import Cell
from openpbc.ui.forms import HIDDEN, Field, Form, choice, whole_number
from openpbc.ui.pages import Crumb
from openpbc.ui.writing import Checked, Writing, write

Choices = tuple[tuple[str, str], ...]


def move(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Put a case on another diagram."""
    book = organisations.book(place)
    case = casework.case(number, place)
    home = reverse("governance:process", args=[place])
    diagrams, decisions = _diagrams(case), _decisions(case)

    def act(values: Mapping[str, Any]) -> str:
        by, given = request.viewer.actor, {"to_hash": values["to"], "decision": values["decision"]}
        actions.move(by=by, case=case.id, **given, seen=values["seen"])
        return home

    writing = Writing(
        title=f"Put case {case.id} on another diagram",
        form=_form(diagrams, decisions),
        submit="Put the case on it",
        act=act,
        check=lambda values: _checked(case, values, dict(diagrams), dict(decisions)),
        book=book,
        trail=(Crumb(TITLE, home),),
        lead="A case goes over where nothing that it has passed means something else on the new diagram.",
        first={"seen": f"{case.version}"},
        notes=_missing(case, diagrams, decisions),
        ways=(("Record the decision", _record(case)),) if not decisions else (),
    )
    return write(request, writing)


def _diagrams(case: Case) -> Choices:
    stored = {each.hash: each for each in reversed(casework.versions(case.place, case.process))}
    return tuple(
        (each.hash, f"Version {each.number}: {each.name}") for each in stored.values() if each.hash != case.definition
    )


def _decisions(case: Case) -> Choices:
    taken = (each for each in reads.decisions(case.place, case.address) if each.approves)
    return tuple((each.address, f"{each.id}: {each.title}, {each.when.name}") for each in taken)


def _missing(case: Case, diagrams: Choices, decisions: Choices) -> tuple[str, ...]:
    notes: tuple[str, ...] = (f"The case runs along: {casework.definition(case.definition).name}.",)
    notes += () if diagrams else ("The place has stored no other diagram.",)
    return notes if decisions else (*notes, "No body has approved it yet: a decision on this case is needed first.")


def _record(case: Case) -> str:
    title = f"Case+{case.id}+goes+over+to+another+diagram"
    return f"{reverse('governance:record', args=[case.place])}?matter={case.address}&title={title}"


def _checked(case: Case, values: Mapping[str, Any], diagrams: dict[str, str], decisions: dict[str, str]) -> Checked:
    hindered = casework.hindrances(case.id, values["to"])
    if hindered:
        told = ", ".join(hindered)
        raise UserError(f"the case has passed {told}, which this diagram changes", where="to", do="Choose another.")
    rows: tuple[tuple[str, Cell], ...] = (
        ("Case", f"{case.id}: {case.title}"),
        ("From", casework.definition(case.definition).name),
        ("To", diagrams[values["to"]]),
        ("By decision", decisions[values["decision"]]),
        ("It waits at", ", ".join(each.name for each in case.waiting)),
    )
    return Checked(rows, ("From here on the case goes as the new diagram says. What it passed stays as it is.",))


def _form(diagrams: Choices, decisions: Choices) -> Form:
    return Form(
        (
            choice("to", "Diagram", diagrams, "Choose a diagram."),
            choice("decision", "Decision", decisions, "Choose the decision by which the case goes over."),
            Field("seen", "Version that was seen", whole_number, kind=HIDDEN),
        )
    )  # fmt: skip
