"""Writes of groups' commissioning plans: priorities, plans and their items, support, publishing."""

from __future__ import annotations

from datetime import date

from django.db.models import Max

from openpbc import audit
from openpbc.finance import models
from openpbc.finance.actions.revisions import added, change, prose, signed, written
from openpbc.finance.reads import commissioning as reads
from openpbc.finance.rules.commissioning import ITEM_STATES, PRIORITY_KINDS, SUPPORT_FIELDS
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.kernel.texts import one_of
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

MOST_HOURS = 168


@audit.action("finance.add_priority")
def add_priority(*, by: Actor, place: str, title: str, kind: str, policy_source: str = "", aim: str = "") -> str:
    """Name a priority that plans may serve, and give its code; the same words again give the same priority."""
    book = organisations.book(place)
    year, words = str(book.place.year), written("title", title)
    one_of("kind", kind, PRIORITY_KINDS)
    _listed(book, reads.SOURCES, "policy_source", policy_source)
    _listed(book, reads.AIMS, "aim", aim)
    found = models.Priority.objects.filter(place=place, year=year, title__iexact=words).first()
    if found is not None:
        audit.nothing_changed()
        return found.code
    rows = models.Priority.objects.filter(place=place, year=year)
    facts = {"title": words, "kind": kind, "policy_source": policy_source, "aim": aim}
    code = added(rows, "P", rows.count(), place=place, year=year, **facts)
    audit.note(subject=f"priority/{place}/{year}/{code}", after={"title": words, "kind": kind})
    return code


def _listed(book: Book, table: str, name: str, code: str) -> None:
    if code and code not in dict(reads.choices(book, table)):
        raise UserError("this is not one of the choices", where=name, do="Choose one from the list.")


@audit.action("finance.write_group_plan")
def write_group_plan(*, by: Actor, place: str, unit: str, revision: int, context: str) -> int:
    """Write a plan's context; the first writing begins the plan. Gives the new revision."""
    plan = _plan(by, place, unit)
    text = prose("context", context)
    if plan.revision != revision or plan.context != text:
        plan = _changed(by, plan, revision, context=text)
    audit.note(subject=_subject(plan), after={"context": text[:200]})
    return plan.revision


@audit.action("finance.write_plan_item")
def write_plan_item(
    *,
    by: Actor,
    place: str,
    unit: str,
    revision: int,
    title: str,
    number: int | None = None,
    priority: str = "",
    scope: str = "in",
    cost: int | None = None,
    runs_on: bool = False,
    state: str = "proposed",
) -> int:
    """Add an item to a plan, or change the one with a number; ``cost`` in pence, none for "not costed"."""
    plan = _changed(by, _plan(by, place, unit), revision)
    named = models.Priority.objects.filter(place=place, year=plan.year, code=priority).first()
    if priority and named is None:
        raise UserError("there is no such priority", where="priority", do="Choose one, or add it first.")
    facts = {
        "title": written("title", title),
        "priority": named,
        "scope": one_of("scope", scope, ("in", "out")),
        "cost": cost,
        "runs_on": runs_on,
        "state": one_of("state", state, ITEM_STATES),
    }
    if number is None:
        last = plan.items.aggregate(last=Max("number"))["last"] or 0
        number = plan.items.create(number=last + 1, **facts).number
    elif not plan.items.filter(number=number).update(**facts):
        raise UserError(f"the plan has no item {number}", do="Open it from the plan.")
    told = facts | {"priority": priority}
    audit.note(subject=f"{_subject(plan)}/{number}", after=told)
    return number


@audit.action("finance.remove_plan_item")
def remove_plan_item(*, by: Actor, place: str, unit: str, revision: int, number: int) -> None:
    """Take an item out of a plan; the log keeps what it was."""
    plan = _changed(by, _plan(by, place, unit), revision)
    row = plan.items.filter(number=number).first()
    if row is None:
        raise UserError(f"the plan has no item {number}", do="Open it from the plan.")
    audit.note(subject=f"{_subject(plan)}/{number}", before={"title": row.title, "cost": row.cost})
    row.delete()


@audit.action("finance.submit_group_plan")
def submit_group_plan(*, by: Actor, place: str, unit: str, revision: int) -> None:
    """Hand a plan to the commissioner; what it lacks is told beside it and does not stop it."""
    plan = _changed(by, _plan(by, place, unit), revision, state="submitted", answer="")
    if not plan.items.exists():
        raise UserError("a plan without an item cannot be submitted", do="Add what the group will do.")
    audit.note(subject=_subject(plan), after={"state": "submitted"})


@audit.action("finance.answer_group_plan")
def answer_group_plan(*, by: Actor, place: str, unit: str, revision: int, agreed: bool, answer: str) -> None:
    """Agree a submitted plan, or return it with what is missing."""
    plan = _plan(by, place, unit, begin=False)
    if plan.state != "submitted":
        raise UserError(f"the plan is {plan.state}, so there is nothing to answer", do="Wait until it is submitted.")
    text = prose("answer", answer)
    if not agreed and not text:
        raise UserError("say why the plan comes back", where="answer", do="Name what is missing.")
    state = "agreed" if agreed else "returned"
    plan = _changed(by, plan, revision, final=True, state=state, answer=text)
    audit.note(subject=_subject(plan), after={"state": state}, reason=text)


@audit.action("finance.publish_group_plan")
def publish_group_plan(*, by: Actor, place: str, unit: str, revision: int, on: date) -> int:
    """Publish an agreed plan as it stands, for everybody to read; gives the version. Later changes leave it alone."""
    plan = _plan(by, place, unit, begin=False)
    if plan.state != "agreed":
        raise UserError(f"only an agreed plan is published; this one is {plan.state}")
    plan = _changed(by, plan, revision, final=True)
    rows = models.PublishedPlan.objects.filter(place=place, year=plan.year, unit=unit)
    version = (rows.aggregate(last=Max("version"))["last"] or 0) + 1
    models.PublishedPlan.objects.create(
        place=place,
        year=plan.year,
        unit=unit,
        version=version,
        published_on=on,
        published_by=by.name[:200],
        body=reads.published_body(plan),
    )
    audit.note(subject=_subject(plan), after={"published": version})
    return version


@audit.action("finance.ask_support")
def ask_support(*, by: Actor, place: str, unit: str, field: str, what: str, owner: str = "") -> int:
    """Ask the commissioner for help in one of its fields, and give the request's number."""
    plan = _plan(by, place, unit)
    one_of("field", field, SUPPORT_FIELDS)
    named = written("owner", owner, required=False)
    row = models.SupportRequest.objects.create(plan=plan, field=field, what=written("what", what), owner=named)
    audit.note(subject=f"{_subject(plan)}/support/{row.pk}", after={"field": field, "owner": named})
    return row.pk


@audit.action("finance.own_support")
def own_support(*, by: Actor, place: str, unit: str, request: int, owner: str) -> None:
    """Say who gives the help that a group asked for."""
    plan, named = _plan(by, place, unit, begin=False), written("owner", owner)
    row = plan.requests.filter(pk=request).first()
    if row is None:
        raise UserError("there is no such request", do="Open it from the plan.")
    before = row.owner
    plan.requests.filter(pk=request).update(owner=named)
    audit.note(subject=f"{_subject(plan)}/support/{request}", before={"owner": before}, after={"owner": named})


@audit.action("finance.assign_support")
def assign_support(*, by: Actor, place: str, unit: str, role: str, hours: int) -> None:
    """Say which role of the commissioner's staff works for a unit, and how many hours a week; 0 ends it."""
    if not 0 <= hours <= MOST_HOURS:
        raise UserError("that is no number of hours in a week", where="hours", do=f"Give 0 to {MOST_HOURS}.")
    year, name = str(organisations.book(place).place.year), written("role", role)
    _known_unit(place, unit)
    rows = models.SupportRole.objects.filter(place=place, year=year, unit=unit, role__iexact=name)
    before = rows.first()
    rows.delete()
    if hours:
        models.SupportRole.objects.create(place=place, year=year, unit=unit, role=name, hours=hours)
    told = {"role": name, "hours": before.hours} if before else None
    audit.note(subject=f"support/{place}/{year}/{unit}", before=told, after={"role": name, "hours": hours})


def _known_unit(place: str, unit: str) -> None:
    if unit not in {each.code for each in organisations.units(place)}:
        raise UserError(f"there is no unit '{unit[:30]}'", where="unit", do="Choose one from the list.")


def _plan(by: Actor, place: str, unit: str, *, begin: bool = True) -> models.GroupPlan:
    """Find a unit's plan of the year, or begin it."""
    _known_unit(place, unit)
    year = str(organisations.book(place).place.year)
    own = {"place": place, "year": year, "unit": unit}
    if not begin:
        found = models.GroupPlan.objects.filter(**own).first()
        if found is None:
            raise UserError("the group has no plan yet", do="Begin it with its context or an item.")
        return found
    facts = {"state": "draft", "revision": 0} | signed(by)
    return models.GroupPlan.objects.get_or_create(**own, defaults=facts)[0]


def _changed(
    by: Actor, plan: models.GroupPlan, revision: int, *, final: bool = False, **changes: object
) -> models.GroupPlan:
    """Raise the plan's revision. What a group changes in a plan that was answered makes it a draft again."""
    if not final and "state" not in changes:
        if plan.state == "submitted":
            raise UserError(
                "the plan is submitted and waits for an answer, so it cannot be changed",
                do="Ask the commissioner to return it.",
            )
        changes["state"] = "draft"
    rows = models.GroupPlan.objects.filter(pk=plan.pk)
    found: models.GroupPlan = change(rows, "the plan", by=by, revision=revision, **changes)
    return found


def _subject(plan: models.GroupPlan) -> str:
    return f"group-plan/{plan.place}/{plan.year}/{plan.unit}"
