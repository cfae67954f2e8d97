"""One version of the plan: what it comes to, how it came about, its lines, and what may be done with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.finance.pages import plan_tables
from openpbc.finance.pages.plan_versions import decision_query, next_step, plan_crumb, versions_crumb
from openpbc.finance.pages.printed import money
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.reads.assumptions import COMBINATION
from openpbc.finance.reads.plan_rates import EFFICIENCY, Repriced, WhatIf, reprice
from openpbc.finance.reads.plan_versions import Facts, Version
from openpbc.finance.rules import plan_versions as rule
from openpbc.finance.rules.inflation import Combination
from openpbc.kernel.periods import moment_text
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Figure
from openpbc.ui.forms import Field, Form, choice, percentage
from openpbc.ui.pages import Held, Page, respond
from openpbc.ui.tables import Row, Table

_COMBINATIONS = ((str(Combination.ADD), "added"), (str(Combination.COMPOUND), "one on top of the other"))
WHAT_IF = Form(
    (
        Field("efficiency", "Efficiency taken off the tariff", percentage, hint="In per cent, such as 2.5", suffix="%"),
        choice("combination", "Two parts of one rate are", _COMBINATIONS),
    )
)


def version(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Show one version; ``?efficiency=`` and ``?combination=`` try other rates on its lines."""
    book = open_book(place)
    shown = reads.plan_version(place, str(book.place.year), number)
    asked = WHAT_IF.read(request.GET)
    tried = _tried(book, shown, asked.values.get("efficiency"), asked.values.get("combination", ""))
    may_edit = shown.is_draft and request.may("finance:plan-version-line", "POST", place=place)
    link = plan_tables.line_link(shown) if may_edit else None
    found = reads.findings(book, shown.lines)
    facts = shown.facts
    assert facts is not None
    page = Page(
        template="finance/plan_version.jinja",
        title=shown.name,
        book=book,
        trail=(plan_crumb(book), versions_crumb(book)),
        tables=(
            plan_tables.totals_table(shown),
            plan_tables.findings_table(shown, found, link),
            plan_tables.bridge_table(shown),
            plan_tables.budgets_table(shown),
            plan_tables.lines_table(shown, link),
            plan_tables.provisional_table(shown, link),
            plan_tables.checks_table(book, shown),
            plan_tables.splits_table(shown),
            plan_tables.growth_table(book, shown),
            *((what_if_table(tried),) if tried else ()),
            plan_tables.history_table(shown),
        ),
        draft=facts.state in (rule.DRAFT, rule.SUBMITTED),
        facts=_facts(facts),
        rests_on=_behind(book),
        context={
            "version": shown,
            "facts": facts,
            "state": plan_tables.STATES[facts.state],
            "scenario": reads.scenario_title(book, facts.scenario) if facts.scenario else "",
            "next_step": next_step(shown),
            "drafted": f"{facts.made_by}, {when(facts.made_at)}, {_start(facts)}",
            "submitted": f"{facts.submitted_by}, {when(facts.submitted_at)}" if facts.submitted_at else "",
            "assumed": _assumed(shown, facts),
            "form": asked,
            "ways": dict(_ways(request, book, shown)),
        },
    )
    return respond(request, page)


def _start(facts: Facts) -> str:
    """What a version was drafted from, in words."""
    if facts.parent is not None:
        return f"from version {facts.parent}"
    if facts.basis.startswith(f"{reads.BOOK}/"):
        return "from the published tables"
    return f"from what runs on of {facts.basis}" if facts.basis else "from an empty plan"


def _assumed(shown: Version, facts: Facts) -> Figure | None:
    """The deposit on record; the lines are fixed since, so it is explained by them."""
    return None if facts.deposit_assumed is None else money(facts.deposit_assumed, shown.address("total-deposit"))


def when(at: datetime) -> str:
    """Write a moment as people say it."""
    return moment_text(timezone.localtime(at))


def _tried(book: Book, shown: Version, efficiency: int | None, combination: str) -> Repriced | None:
    if efficiency is None and not combination:
        return None
    return reprice(book, shown, WhatIf(efficiency, combination))


def _behind(book: Book) -> tuple[Held, ...]:
    return (book.value(EFFICIENCY), book.value(COMBINATION))


def _facts(facts: Facts) -> tuple[tuple[str, str], ...]:
    return (("Version", f"{facts.number}, revision {facts.revision}"), ("State", facts.state))


def what_if_table(tried: Repriced) -> Table:
    """The lines that a what-if moves, and what it does to the balance."""
    shown, query = tried.version, tried.tried.query
    columns = [
        tables.text("Line"),
        *(tables.number(title, "£000", additive=False) for title in ("In the plan", "In the what-if", "Change")),
    ]
    rows = [
        Row(
            (
                was.label,
                money(was.amount, shown.address(was.code)),
                money(now.amount, shown.address(was.code, "amount", **query)),
                money(now.amount - was.amount, shown.address(was.code, "change", **query), signed=True),
            )
        )
        for was, now in tried.moved
    ]
    balance = tried.totals.balance - shown.balance
    change = money(balance, shown.address("total-balance", "change", **query), signed=True)
    rows += [Row(("Balance of the plan", None, None, change), total=True)] if rows else []
    empty = "No line of this version names a rate that the what-if changes, so nothing moves."
    return tables.table("what-if", "What the other rates would do", columns, rows, cards=True, empty=empty)


def _ways(request: HttpRequest, book: Book, shown: Version) -> Iterator[tuple[str, str]]:
    """What the reader may do with the version: name of the way -> address."""
    place, facts = book.place.id, shown.facts
    assert facts is not None
    one = {"place": place, "number": facts.number}
    offered = {
        "line": ("finance:plan-version-line-new", facts.state == rule.DRAFT),
        "submit": ("finance:plan-version-submit", facts.state == rule.DRAFT),
        "approve": ("finance:plan-version-approve", facts.state == rule.SUBMITTED),
        "withdraw": ("finance:plan-version-withdraw", facts.state in (rule.DRAFT, rule.SUBMITTED)),
    }
    for way, (route, fits) in offered.items():
        if fits and request.may(route, "POST", place=place):
            yield way, reverse(route, kwargs=one)
    if facts.state == rule.SUBMITTED and request.may("governance:record", "POST", place=place):
        yield "decide", _with(reverse("governance:record", args=[place]), decision_query(facts))
    if request.may("finance:plan-version-draft", "POST", place=place):
        yield "draft", _with(reverse("finance:plan-version-draft", kwargs={"place": place}), {"source": shown.key})
    yield "workbook", reverse("finance:plan-workbook", kwargs=one)
    compare = reverse("finance:plan-compare", kwargs={"place": place})
    if facts.parent is not None:
        yield "parent", _with(compare, {"a": str(facts.parent), "b": shown.key})
    if reads.is_set(book):
        yield "printed", _with(compare, {"a": reads.BOOK, "b": shown.key})


def _with(path: str, query: dict[str, str]) -> str:
    return f"{path}?{urlencode(query)}"
