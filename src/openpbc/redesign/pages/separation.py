"""Interests and separation on the page of a case: the constraints, who leads the commissioning, who decides and why."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.governance import reads as governance
from openpbc.kernel.periods import day_text, moment_text
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.redesign.pages.figures import figure_or_why
from openpbc.redesign.reads.beside import Beside
from openpbc.redesign.reads.cases import Case, cases
from openpbc.redesign.reads.clocks import VALUE, figure_address
from openpbc.redesign.reads.interests import constraints
from openpbc.redesign.reads.providers import gp_providers
from openpbc.redesign.reads.seeing import seen
from openpbc.redesign.reads.value import held_budget, value, why_no_value
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Style, Tag
from openpbc.ui.pages import capital
from openpbc.ui.tables import Table

# What each constraint asks, and when it is asked.
ASKS: Mapping[str, tuple[str, str]] = {
    "K1": ("Everybody in the joint group has declared interests", "before drafting, and at every vote and answer"),
    "K2": ("Where GPs run a provider in a group's area, the group has named who leads for it", "before drafting"),
    "K3": (
        "Where somebody may bid, another person who may not leads the commissioning",
        "at each hand-in, and to start",
    ),
    "K4": ("Who led the commissioning in the redesign advises the procurement", "before approval and procurement"),
    "K5": ("Nobody with an interest was counted when the body decided", "when its decision is carried out"),
    "K6": ("Nobody with an interest in a bidder advises the procurement", "before a contract is signed"),
    "K7": ("Nobody both commissions and provides the service", "whenever a duty is given, and before each stage"),
    "K8": ("Authors of the specification who work for a bidder are listed", "before procurement"),
    "K9": ("A group that is a company has standing orders on file", "advice, at no time a block"),
    "K10": ("Contracts are signed for the commissioner", "when one is signed"),
    "K11": ("No group decides a case for which one of its own may bid", "when the decision is carried out"),
    "K12": ("The providers' side no longer sees the case", "from the approval until the service begins"),
}


def constraint_table(known: Case, beside: Beside) -> Table:
    """What each constraint on interests finds in the case today."""
    found = constraints(beside.book, known, ASKS, beside)
    rows: list[list[Cell]] = []
    for code, (asks, when) in ASKS.items():
        sentences = found.get(code, ())
        held: Cell = Tag("holds", "green")
        if sentences:
            held = Tag("advice", "yellow") if code == "K9" else Tag("does not hold", "orange")
        elif code == "K10":
            held = Tag("asked of who signs", "grey")
        rows.append([code, asks, held, " ".join(sentences), when])
    columns = [
        tables.text(name) for name in ("Rule", "What has to hold", "Now", "What is wrong, and who mends it", "Asked")
    ]
    return tables.table("constraints", "Interests and separation of roles", columns, rows, cards=True)


def leads_table(book: Book, known: Case, *, links: Mapping[str, str]) -> Table:
    """Who leads the commissioning for each group of the case, from the redesign into procurement."""
    names = {unit.code: unit.name for unit in organisations.units(known.place)}
    run, now = gp_providers(known.place), known.leads_now
    rows: list[list[Cell]] = []
    for each in known.groups:
        lead = now.get(each.unit)
        told = f"{lead.by}, {day_text(localtime(lead.at))}. {lead.reason}".strip() if lead else ""
        held: Cell = lead.name if lead else "nobody is named"
        if each.unit in links:
            held = Link(lead.name if lead else "Name somebody", links[each.unit])
        rows.append([names.get(each.unit, each.unit), held, told, ", ".join(run.get(each.unit, ()))])
    columns = [
        tables.text(capital(book.word("unit"))), tables.text("Leads the commissioning"), tables.text("Named by"),
        tables.text("Providers run by its GPs"),
    ]  # fmt: skip
    return tables.table("leads", "Who leads the commissioning, also in procurement", columns, rows, cards=True)


def decides_table(book: Book, known: Case, viewer: Viewer, level: governance.Level) -> Table:
    """The value over the whole life, by whom the case is decided on that, and which cases may be one with it."""
    worth = figure_or_why(value(known), figure_address(known, VALUE), why_no_value(known))
    rows: list[list[Cell]] = [["Value over the whole life", worth]]
    if level.with_matters and level.effective_pence is not None:
        rows.append(["Valued together with them", Figure(level.effective_pence, Style.PENCE)])
    held = held_budget(known)
    rows.append(["The group holds the budget for it", f"{'Yes' if held.held else 'No'}. {held.because}"])
    rows += [["May be one case with", each] for each in _others(known, viewer, level.with_matters)]
    rows.append(["Decided by", governance.level_names(book)[level.code]])
    rows.append(["Why", level.because])
    columns = [tables.text("What"), tables.text("Is")]
    return tables.table("decides", "Who decides the case, and on which value", columns, rows, cards=True)


def _others(known: Case, viewer: Viewer, matters: tuple[str, ...]) -> list[Cell]:
    """The cases that may be one with this one, by name for whoever may see them."""
    if not matters:
        return []
    mine = {each.matter: each for each in seen(viewer, known.place, cases(known.place))}
    return [
        Link(
            f"Case {mine[each].number}, {mine[each].title}",
            reverse("redesign:case", args=[known.place, mine[each].number]),
        )
        if each in mine
        else f"Case {each.rpartition('/')[2]}, which is withheld from you"
        for each in matters
    ]


def handover_table(known: Case) -> Table:
    """What went over when procurement began: advisers, authors to tell the panel of, and whose access ended."""
    rows: list[list[Cell]] = []
    for each in known.handovers:
        facts = each.facts
        advisers = ", ".join(f"{name} for {unit}" for unit, _, name, _ in facts["advisers"]) or "nobody is named"
        wrote = "; ".join(
            f"{name}, of {organisation}{', which may bid' if bids else ''}"
            for name, organisation, bids in facts["authors"]
        )
        rows.append(
            [moment_text(localtime(each.at)), each.by, advisers, wrote, ", ".join(facts["left"]),
             ", ".join(facts["access_after"])]
        )  # fmt: skip
    names = (
        "Began",
        "By",
        "Advise for the groups",
        "Wrote the specification",
        "No longer see the case",
        "Still see it",
    )
    columns = [tables.text(name) for name in names]
    empty = "Procurement has not begun."
    return tables.table("handovers", "What went over into procurement", columns, rows, cards=True, empty=empty)
