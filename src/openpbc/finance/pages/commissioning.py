"""The page of all commissioning plans, and the page of one: what each holds, costs and lacks, and what is next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.finance import reads as finance
from openpbc.finance.pages.commissioning_paper import plan_paper
from openpbc.finance.reads import commissioning as reads
from openpbc.finance.reads.commissioning import GroupPlan, Standing
from openpbc.finance.reads.schemes import schemes
from openpbc.kernel.periods import day_text
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Unit
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Style, Tag
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Table

SHEET = "openpbc/sheet.jinja"
STATES = {"missing": "red", "draft": "blue", "submitted": "yellow", "returned": "orange", "agreed": "green"}
SCHEME_COLOURS = {"existing": "green", "priority": "blue"}
NOT_COSTED = Missing(why="Nobody has costed this item.")


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """Every unit's plan, against the ledger's budgets or those of a scenario (``?scenario=``)."""
    book = open_book(place)
    scenario = request.GET.get("scenario", "")
    plans = reads.group_plans(book)
    missing = [plan.unit.name for plan in plans if plan.state == "missing"]
    page = Page(
        template=SHEET,
        title="Commissioning plans",
        book=book,
        tables=(
            plans_table(book, plans),
            standings_table(book, reads.standings(book, scenario)),
            aims_table(book),
            priorities_table(book, request.GET.get("aim", "")),
            support_table(book),
        ),
        rests_on=tuple(book.table(name) for name in (reads.SOURCES, reads.AIMS)) + (book.value(reads.SUPPORT_RATE),),
        context={
            "lead": _lead(book, plans, missing),
            "links": _links(request, book),
            "notes": ("A priority that several plans serve is listed once; each plan's items count in its own cost.",),
        },
    )
    return respond(request, page)


def _lead(book: Book, plans: tuple[GroupPlan, ...], missing: list[str]) -> str:
    there = len(plans) - len(missing)
    words = f"Each {book.word('unit')} writes one plan for {book.place.year.label}: {there} of {len(plans)} have begun."
    return f"{words} Missing: {', '.join(missing)}." if missing else words


def _links(request: HttpRequest, book: Book) -> list[tuple[str, str]]:
    here = reverse("finance:plans", args=[book.place.id])
    found = finance.scenarios(book)
    scenarios = () if isinstance(found, NotSet) else found
    links = [("Against the ledger's budgets", here)] if scenarios else []
    links += [(f"Against: {each.title}", f"{here}?scenario={each.code}") for each in scenarios]
    for text, route in (("Add a priority", "finance:priority-add"), ("Assign staff to a group", "finance:plan-staff")):
        if request.may(route, place=book.place.id):
            links.append((text, reverse(route, args=[book.place.id])))
    more = (
        ("Incentive scheme", "incentives"),
        ("Innovation fund", "innovation"),
        ("Published plans", "published-plans"),
        (f"The {book.word('commissioner_short')}'s own operational plan", "operational-plan"),
        ("Joint work with partners", "joint"),
    )
    return [*links, *((text, reverse(f"finance:{name}", args=[book.place.id])) for text, name in more)]


def plans_table(book: Book, plans: tuple[GroupPlan, ...]) -> Table:
    """One row a unit: state, items, cost, and how many items lack a cost or a priority."""
    columns = [
        tables.text(capital(book.word("unit"))),
        tables.text("State"),
        tables.number("Items"),
        tables.number("Cost", "£"),
        tables.number("Not costed"),
        tables.number("Without a priority"),
        tables.text("Last changed"),
    ]
    return tables.table("plans", "Plans", columns, [_plan_row(book, plan) for plan in plans], cards=True)


def _plan_row(book: Book, plan: GroupPlan) -> list[Cell]:
    unlinked = sum(not item.priority for item in plan.items)
    changed = f"{plan.changed_by}, {day_text(localtime(plan.changed_at))}" if plan.changed_at else ""
    return [
        Link(plan.unit.name, reverse("finance:plan-of-unit", args=[book.place.id, plan.unit.code])),
        Tag(plan.state, STATES[plan.state]),
        Figure(len(plan.items)),
        Figure(plan.cost, Style.PENCE, plan.address("cost")) if plan.items else Missing(why="The plan has no item."),
        Figure(plan.not_costed),
        Figure(unlinked),
        changed,
    ]


def standings_table(book: Book, standings: tuple[Standing, ...]) -> Table:
    """One row a budget line: its budget, what its plans cost, and what is left (below nought: a gap)."""
    columns = [
        tables.text(capital(book.word("budget_line"))),
        tables.text("Plans of"),
        tables.number("Budget", "£"),
        tables.number("Cost of the plans", "£"),
        tables.number("Left", "£"),
        tables.text("Budget from"),
    ]
    return tables.table("standings", "Plans against budgets", columns, [_standing_row(each) for each in standings])


def _standing_row(each: Standing) -> list[Cell]:
    none = Missing(why=each.against or "There is no budget for this line.")
    return [
        each.name,
        ", ".join(each.units),
        none if each.budget is None else Figure(each.budget, Style.PENCE, each.budget_address),
        Figure(each.cost, Style.PENCE, each.cost_address),
        none if each.gap is None else Figure(each.gap, Style.PENCE, each.gap_address, signed=True),
        "" if each.budget is None else each.against,
    ]


def aims_table(book: Book) -> Table:
    """How many priorities serve each aim of commissioning, and how many name none; each leads to them."""
    here = reverse("finance:plans", args=[book.place.id])
    rows: list[list[Cell]] = [
        [Link(title, f"{here}?aim={code}#table-priorities"), Figure(len(served))]
        for code, title, served in reads.by_aim(book)
    ]
    columns = [tables.text("Aim"), tables.number("Priorities")]
    return tables.table("aims", "Aims of commissioning, and what serves them", columns, rows, cards=True)


def priorities_table(book: Book, aim: str = "") -> Table:
    """Every priority once, with the units whose plans serve it; those of one aim where it is asked for."""
    names = {unit.code: unit.name for unit in organisations.units(book.place.id)}
    sources, aims = dict(reads.choices(book, reads.SOURCES)), dict(reads.choices(book, reads.AIMS))
    rows: list[list[Cell]] = [
        [
            f"{each.code} {each.title}",
            each.kind,
            sources.get(each.policy_source, ""),
            aims.get(each.aim, ""),
            ", ".join(names.get(unit, unit) for unit in each.units),
            "shared" if each.shared else "",
        ]
        for each in reads.serving(book, aim)
    ]
    columns = [tables.text(name) for name in ("Priority", "Kind", "Policy", "Aim", "Served by", "Shared")]
    empty = "Nobody has named a priority yet. Plans link their items to national and local priorities."
    titles = {code: title for code, title, _ in reads.by_aim(book)}
    caption = f"Priorities: {titles[aim].lower()}" if aim else "Priorities"
    return tables.table(
        "priorities", caption, columns, rows, cards=True, empty="No priority serves this aim." if aim else empty
    )


def support_table(book: Book) -> Table:
    """Who of the commissioner's staff works for each unit; a unit with nobody is flagged."""
    columns = [
        tables.text(capital(book.word("unit"))),
        tables.number(capital(book.word("practices"))),
        tables.text("Staff"),
        tables.number("Hours a week"),
        tables.number("Support due by the scale", "£"),
    ]
    rows: list[list[Cell]] = [
        [
            each.unit.name,
            Figure(each.practices),
            ", ".join(f"{role} ({hours} h)" for role, hours in each.roles) or Tag("nobody", "red"),
            Figure(each.hours),
            Missing(book.value(reads.SUPPORT_RATE).path)
            if each.due is None
            else Figure(each.due, Style.PENCE, each.due_address),
        ]
        for each in reads.support(book)
    ]
    return tables.table("support", "Support for the groups", columns, rows, cards=True)


def plan_of_unit(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """One unit's plan: context, items, support, what it lacks, and the next step."""
    book = open_book(place)
    plan = reads.group_plan(book, unit)
    standing = [each for each in reads.standings(book) if each.line == (plan.unit.budget_line or plan.unit.code)]
    shown = (
        items_table(request, book, plan),
        schemes_table(request, book, plan.unit),
        standings_table(book, tuple(standing)),
        requests_table(plan),
    )
    page = Page(
        template=SHEET,
        title=f"Commissioning plan of {plan.unit.name}",
        book=book,
        trail=(crumb(book),),
        tables=shown,
        document=plan_paper(book, plan, shown),
        draft=plan.state != "agreed",
        context={
            "lead": _standing_words(plan),
            "links": _steps(request, book, plan),
            "findings": plan.findings,
            "paragraphs": [line for line in plan.context.splitlines() if line],
            "notes": [f"Answer of the {book.word('commissioner')}: {plan.answer}"] if plan.answer else [],
        },
    )
    return respond(request, page)


def crumb(book: Book) -> Crumb:
    """The way back to all plans."""
    return Crumb("Commissioning plans", reverse("finance:plans", args=[book.place.id]))


def _standing_words(plan: GroupPlan) -> str:
    said = {
        "missing": "There is no plan yet. Begin with its context, or with its first item.",
        "draft": "A draft. Submit it when it says what you want to do and what that costs.",
        "submitted": "Submitted; it waits for an answer and cannot be changed meanwhile.",
        "returned": "Returned: read the answer below, change what it asks for, and submit it again.",
        "agreed": "Agreed. A change makes it a draft again; what was published stays as it was.",
    }[plan.state]
    last = f" Last changed by {plan.changed_by} on {day_text(localtime(plan.changed_at))}." if plan.changed_at else ""
    return said + last


def _steps(request: HttpRequest, book: Book, plan: GroupPlan) -> list[tuple[str, str]]:
    """The next steps that this reader may take in this state."""
    steps = [
        ("Write the context", "finance:plan-context", plan.state != "submitted"),
        ("Add an item", "finance:plan-item-add", plan.state != "submitted"),
        ("Ask for support", "finance:plan-support", True),
        ("Submit the plan", "finance:plan-submit", plan.state in ("draft", "returned") and bool(plan.items)),
        ("Answer the plan", "finance:plan-answer", plan.state == "submitted"),
        ("Publish the plan", "finance:plan-publish", plan.state == "agreed"),
    ]
    place, unit = book.place.id, plan.unit.code
    return [
        (text, reverse(route, args=[place, unit]))
        for text, route, fits in steps
        if fits and request.may(route, place=place, unit=unit)
    ]


def items_table(request: HttpRequest, book: Book, plan: GroupPlan) -> Table:
    """The plan's items with cost and priority; those who may change them get a link."""
    place, unit = book.place.id, plan.unit.code
    may = plan.state != "submitted" and request.may("finance:plan-item", place=place, unit=unit)
    rows: list[list[Cell]] = [
        [
            Link(item.title, reverse("finance:plan-item", args=[place, unit, item.number])) if may else item.title,
            f"{item.priority} {item.priority_title}" if item.priority else Tag("no priority", "orange"),
            book.word("in_scope") if item.scope == "in" else book.word("out_of_scope"),
            NOT_COSTED if item.cost is None else Figure(item.cost, Style.PENCE, item.address),
            item.state + (", may run into next year" if item.runs_on else ""),
            *([Link("Remove", reverse("finance:plan-item-remove", args=[place, unit, item.number]))] if may else []),
        ]
        for item in plan.items
    ]
    columns = [
        tables.text("Item"),
        tables.text("Priority"),
        tables.text("Scope"),
        tables.number("Cost", "£"),
        tables.text("State"),
        *([tables.text("Change")] if may else []),
    ]
    return tables.table("items", "What the group will do", columns, rows, cards=True, empty="There is no item yet.")


def schemes_table(request: HttpRequest, book: Book, unit: Unit) -> Table:
    """The unit's assessment and treatment services with their state; a unit that uses none says so."""
    place, route = book.place.id, "redesign:service"
    may = request.may(route, "POST", place=place, unit=unit.code)
    rows: list[list[Cell]] = [
        [
            Link(each.specialty, reverse(route, args=[place, unit.code, each.code])) if may else each.specialty,
            Tag(each.state, SCHEME_COLOURS.get(each.state, "grey")),
            day_text(each.reviewed_on) if each.reviewed_on else "never",
            each.result,
            Tag("overdue", "red") if each.overdue else "",
        ]
        for each in schemes(book, unit.code)
    ]
    columns = [tables.text(name) for name in ("Specialty", "State", "Last review", "Result", "Due")]
    none = f"No such service of {unit.name} is listed."
    return tables.table("schemes", "Assessment and treatment services", columns, rows, cards=True, empty=none)


def requests_table(plan: GroupPlan) -> Table:
    """The help that the group asked for; without an owner it waits."""
    rows: list[list[Cell]] = [
        [each.what, each.field, each.owner or Tag("nobody yet", "orange")] for each in plan.requests
    ]
    columns = [tables.text(name) for name in ("Help asked for", "Field", "Who gives it")]
    return tables.table("requests", "Support asked for", columns, rows, empty="No help was asked for.")


def published(request: HttpRequest, place: str) -> HttpResponse:
    """The newest published version of each plan, for everybody."""
    book = open_book(place)
    names = {unit.code: unit.name for unit in organisations.units(place)}
    shown = tuple(
        tables.table(
            f"published-{each.unit.lower()}",
            f"{names.get(each.unit, each.unit)}: version {each.version}, published on {day_text(each.published_on)}",
            [tables.text("Item"), tables.text("Priority"), tables.number("Cost", "£"), tables.text("State")],
            [_published_row(item) for item in each.body["items"]],
            notes=[each.body["context"]] if each.body["context"] else [],
        )
        for each in reads.published_plans(place)
    )
    lead = f"What {book.word('groups')} plan to commission in {book.place.year.label}."
    lead += "" if shown else " No plan is published yet."
    page = Page(SHEET, "Published commissioning plans", book, tables=shown, context={"lead": lead})
    return respond(request, page)


def _published_row(item: dict[str, object]) -> list[Cell]:
    cost = item["cost"]
    figure: Cell = Figure(cost, Style.PENCE) if isinstance(cost, int) else NOT_COSTED
    return [str(item["title"]), str(item["priority"]), figure, str(item["state"])]
