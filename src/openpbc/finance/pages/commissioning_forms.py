"""The forms of commissioning plans: context, items, priorities, support, submitting, answering, publishing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import actions
from openpbc.finance.pages.commissioning import crumb
from openpbc.finance.reads import commissioning as reads
from openpbc.finance.reads.commissioning import GroupPlan
from openpbc.finance.rules.commissioning import ITEM_STATES, PRIORITY_KINDS, SUPPORT_FIELDS
from openpbc.kernel.money import pounds
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui.figures import Cell
from openpbc.ui.forms import (
    AREA,
    REVISION,
    YES_NO,
    Field,
    Form,
    choice,
    day,
    lines,
    pounds_and_pence,
    whole_number,
    words,
)
from openpbc.ui.pages import Crumb
from openpbc.ui.writing import Checked, Writing, write

CONTEXT = Form((Field("context", "Context of the plan", lines, "What your patients need, and what you start from",
                      kind=AREA, longest=4_000), REVISION))  # fmt: skip


def _pairs(values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((value, value) for value in values)


def _item_form(book: Book) -> Form:
    known = tuple((each.code, f"{each.code} {each.title}") for each in reads.priorities(book))
    scopes = (("in", book.word("in_scope")), ("out", book.word("out_of_scope")))
    return Form(
        (
            Field("title", "What the group will do", words, required="Say what the group will do.", width="30",
                  longest=200),
            choice("priority", "Priority that it serves", known),
            choice("scope", "Scope", scopes, "Choose a scope."),
            Field("cost", "Cost in the year", pounds_and_pence, "Below nought for a saving; empty while not costed",
                  prefix="£", width="10"),
            choice("runs_on", "May it run into next year?", YES_NO, "Say whether it may run into next year."),
            choice("state", "State", _pairs(ITEM_STATES), "Choose a state."),
            REVISION,
        )
    )  # fmt: skip


def _priority_form(book: Book) -> Form:
    return Form(
        (
            Field("title", "Priority", words, required="Name the priority.", width="30", longest=200),
            choice("kind", "Kind", tuple(PRIORITY_KINDS.items()), "Choose a kind."),
            choice("policy_source", "Policy that it answers", reads.choices(book, reads.SOURCES)),
            choice("aim", "Aim that it serves", reads.choices(book, reads.AIMS)),
        )
    )


SUPPORT = Form(
    (
        Field("what", "What help do you need?", words, required="Say what help you need.", width="30", longest=300),
        choice("field", "Field", _pairs(SUPPORT_FIELDS), "Choose a field."),
        Field("owner", "Who gives it", words, "Empty while nobody does", width="20", longest=200),
    )
)
ANSWER = Form(
    (
        choice("agreed", "Do you agree the plan?", YES_NO, "Say whether you agree the plan."),
        Field("answer", "Answer", lines, "What is missing, if you return it", kind=AREA, longest=4_000),
        REVISION,
    )
)
PUBLISH = Form((Field("on", "Day of publication", day, required="Give the day.", width="20"), REVISION))
SUBMIT = Form((REVISION,))


def _staff_form(book: Book) -> Form:
    units = tuple((each.code, each.name) for each in organisations.units(book.place.id))
    return Form(
        (
            choice("unit", "Group", units, "Choose a group."),
            Field("role", "Role", words, "Such as public health analyst", required="Name the role.", width="20",
                  longest=200),
            Field("hours", "Hours a week", whole_number, "0 ends it", required="Give the hours a week."),
        )
    )  # fmt: skip


def _address(book: Book, unit: str) -> str:
    return reverse("finance:plan-of-unit", args=[book.place.id, unit])


def _trail(book: Book, plan: GroupPlan) -> tuple[Crumb, ...]:
    return crumb(book), Crumb(plan.unit.name, _address(book, plan.unit.code))


def context(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """Write the context of a plan."""
    book = open_book(place)
    plan = reads.group_plan(book, unit)

    def act(values: Mapping[str, Any]) -> str:
        text = values.get("context", "")
        actions.write_group_plan(by=request.viewer.actor, place=place, unit=unit, revision=values["revision"],
                                 context=text)  # fmt: skip
        return _address(book, unit)

    first = {"context": plan.context, "revision": str(plan.revision)}
    return write(request, Writing("Context of the plan", CONTEXT, "Save the context", act, book=book,
                                  trail=_trail(book, plan), first=first))  # fmt: skip


def item_add(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """Add an item to a plan."""
    return _item(request, place, unit, None)


def item(request: HttpRequest, place: str, unit: str, number: int) -> HttpResponse:
    """Change an item of a plan."""
    return _item(request, place, unit, number)


def _item(request: HttpRequest, place: str, unit: str, number: int | None) -> HttpResponse:
    book = open_book(place)
    plan = reads.group_plan(book, unit)
    known = next((each for each in plan.items if each.number == number), None)
    if number is not None and known is None:
        raise UserError(f"the plan has no item {number}", do="Open it from the plan.")

    def act(values: Mapping[str, Any]) -> str:
        facts = {"priority": "", "cost": None} | dict(values)
        facts["runs_on"] = facts["runs_on"] == "yes"
        actions.write_plan_item(by=request.viewer.actor, place=place, unit=unit, number=number, **facts)
        return _address(book, unit)

    first = {"scope": "in", "runs_on": "no", "state": "proposed", "revision": str(plan.revision)}
    if known is not None:
        cost = "" if known.cost is None else pounds(known.cost).replace("£", "")
        first |= {"title": known.title, "priority": known.priority, "scope": known.scope, "cost": cost,
                  "runs_on": "yes" if known.runs_on else "no", "state": known.state}  # fmt: skip
    title = "Add an item" if known is None else "Change an item"
    return write(request, Writing(title, _item_form(book), "Save the item", act, book=book, trail=_trail(book, plan),
                                  first=first))  # fmt: skip


def item_remove(request: HttpRequest, place: str, unit: str, number: int) -> HttpResponse:
    """Take an item out of a plan."""
    book = open_book(place)
    plan = reads.group_plan(book, unit)
    known = next((each for each in plan.items if each.number == number), None)
    if known is None:
        raise UserError(f"the plan has no item {number}", do="Open it from the plan.")

    def act(values: Mapping[str, Any]) -> str:
        actions.remove_plan_item(
            by=request.viewer.actor, place=place, unit=unit, revision=values["revision"], number=number
        )
        return _address(book, unit)

    lead = f"'{known.title}' leaves the plan. The log keeps what it said."
    return write(request, Writing("Remove an item", SUBMIT, "Remove it", act, None, book, _trail(book, plan), lead,
                                  {"revision": str(plan.revision)}))  # fmt: skip


def submit(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """Submit a plan, after showing what it comes to and what it lacks."""
    book = open_book(place)
    plan = reads.group_plan(book, unit)

    def act(values: Mapping[str, Any]) -> str:
        actions.submit_group_plan(by=request.viewer.actor, place=place, unit=unit, revision=values["revision"])
        return _address(book, unit)

    def check(values: Mapping[str, Any]) -> Checked:
        rows: tuple[tuple[str, Cell], ...] = (
            ("Items", len(plan.items)),
            ("Cost", pounds(plan.cost)),
            ("Not costed", plan.not_costed),
        )
        told = ("The plan cannot be changed until it is answered.",)
        return Checked(rows, told, tuple(finding.sentence for finding in plan.findings))

    lead = f"The plan goes to the {book.word('commissioner')}, which agrees it or returns it with what is missing."
    return write(request, Writing("Submit the plan", SUBMIT, "Submit", act, check, book, _trail(book, plan), lead,
                                  {"revision": str(plan.revision)}))  # fmt: skip


def answer(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """Agree or return a submitted plan."""
    book = open_book(place)
    plan = reads.group_plan(book, unit)

    def act(values: Mapping[str, Any]) -> str:
        facts = {"agreed": values["agreed"] == "yes", "answer": values.get("answer", "")}
        actions.answer_group_plan(by=request.viewer.actor, place=place, unit=unit, revision=values["revision"], **facts)
        return _address(book, unit)

    return write(request, Writing("Answer the plan", ANSWER, "Send the answer", act, book=book,
                                  trail=_trail(book, plan), first={"revision": str(plan.revision)}))  # fmt: skip


def publish(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """Publish an agreed plan for everybody."""
    book = open_book(place)
    plan = reads.group_plan(book, unit)

    def act(values: Mapping[str, Any]) -> str:
        actions.publish_group_plan(by=request.viewer.actor, place=place, unit=unit, **values)
        return reverse("finance:published-plans", args=[place])

    def check(values: Mapping[str, Any]) -> Checked:
        rows: tuple[tuple[str, Cell], ...] = (("Plan", plan.unit.name), ("Cost", pounds(plan.cost)))
        return Checked(rows, ("Everybody can read this version from now on, without signing in.",))

    return write(request, Writing("Publish the plan", PUBLISH, "Publish", act, check, book, _trail(book, plan),
                                  first={"revision": str(plan.revision)}))  # fmt: skip


def support(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """Ask for help in one of the commissioner's fields."""
    book = open_book(place)
    plan = reads.group_plan(book, unit)

    def act(values: Mapping[str, Any]) -> str:
        actions.ask_support(by=request.viewer.actor, place=place, unit=unit, **values)
        return _address(book, unit)

    return write(request, Writing("Ask for support", SUPPORT, "Ask", act, book=book, trail=_trail(book, plan)))


def priority_add(request: HttpRequest, place: str) -> HttpResponse:
    """Name a priority that plans may serve."""
    book = open_book(place)

    def act(values: Mapping[str, Any]) -> str:
        actions.add_priority(by=request.viewer.actor, place=place, **values)
        return reverse("finance:plans", args=[place]) + "#table-priorities"

    return write(request, Writing("Add a priority", _priority_form(book), "Add it", act, book=book,
                                  trail=(crumb(book),)))  # fmt: skip


def staff(request: HttpRequest, place: str) -> HttpResponse:
    """Say which of the commissioner's staff works for a group."""
    book = open_book(place)

    def act(values: Mapping[str, Any]) -> str:
        actions.assign_support(by=request.viewer.actor, place=place, **values)
        return reverse("finance:plans", args=[place]) + "#table-support"

    return write(request, Writing("Assign staff to a group", _staff_form(book), "Save", act, book=book,
                                  trail=(crumb(book),)))  # fmt: skip
