"""The list of the plan's versions, and the forms that draft, submit, approve and withdraw one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.finance import actions
from openpbc.finance.pages.plan_tables import STATES
from openpbc.finance.pages.printed import money
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.reads import scenario_library
from openpbc.finance.reads.plan_versions import Facts, Version
from openpbc.finance.reads.scenarios import SCENARIOS
from openpbc.finance.rules import plan_versions as rule
from openpbc.governance import reads as governance
from openpbc.kernel.periods import day_text
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link
from openpbc.ui.forms import AREA, HIDDEN, Field, Form, choice, day, lines, whole_number, words
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

SEEN = Field("revision", "Seen", whole_number, kind=HIDDEN, required="Open the form from its page again.")
EMPTY = "empty"


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """Every version with its state, its scenario, who made it, what it comes to, and what to do next."""
    book = open_book(place)
    found = reads.plan_versions(place, str(book.place.year))
    page = Page(
        template="finance/plan_versions.jinja",
        title=f"Versions of the {book.word('plan')}",
        book=book,
        trail=(plan_crumb(book),),
        tables=(versions_table(book, found),),
        context={"versions": found},
    )
    return respond(request, page)


def plan_crumb(book: Book) -> Crumb:
    """The page above: allocation and plan."""
    title = f"{capital(book.word('allocation'))} and plan"
    return Crumb(title, reverse("finance:plan", kwargs={"place": book.place.id}))


def versions_crumb(book: Book) -> Crumb:
    """The page above: the list of versions."""
    return Crumb("Versions", reverse("finance:plan-versions", kwargs={"place": book.place.id}))


def version_crumb(book: Book, version: Version) -> Crumb:
    """The page above: one version."""
    return Crumb(version.name, version_path(book, version.key))


def version_path(book: Book, key: str | int) -> str:
    """Where a version is."""
    return reverse("finance:plan-version", kwargs={"place": book.place.id, "number": key})


def versions_table(book: Book, found: tuple[Version, ...]) -> Table:
    """Versions one a row, the newest first."""
    columns = [
        tables.text("Version"),
        tables.text("State"),
        tables.text("Scenario"),
        tables.text("Made"),
        *(tables.number(title, "£000", additive=False) for title in ("Committed", "Deposit", "Balance")),
        tables.text("Next"),
    ]
    rows = [_row(book, each) for each in found]
    empty = "No version is drafted yet."
    return tables.table("versions", "Versions, the newest first", columns, rows, cards=True, empty=empty)


def _row(book: Book, version: Version) -> list[Cell]:
    facts = version.facts
    assert facts is not None
    return [
        Link(version.name, version_path(book, version.key)),
        STATES[facts.state],
        reads.scenario_title(book, facts.scenario) if facts.scenario else "not named",
        f"{facts.made_by}, {day_text(timezone.localtime(facts.made_at))}; dated {day_text(facts.dated)}",
        *(
            money(version.total(code), version.address(code))
            for code in ("total-committed", "total-deposit", "total-balance")
        ),
        next_step(version),
    ]


def next_step(version: Version) -> str:
    """What is to be done with a version, in a few words."""
    assert version.facts is not None
    waiting = len(version.provisional)
    return {
        rule.DRAFT: f"Replace {waiting} provisional lines when notified, then submit" if waiting else "Submit it",
        rule.SUBMITTED: "Wait until the decision on it is recorded, then approve",
        rule.APPROVED: "This one counts",
        rule.SUPERSEDED: "A later version counts",
        rule.WITHDRAWN: "Draft from it, or leave it",
    }[version.facts.state]


def draft(request: HttpRequest, place: str) -> HttpResponse:
    """Draft a version from the published tables, from nothing, or from a version (``?source=``)."""
    book = open_book(place)

    def act(values: Mapping[str, Any]) -> str:
        made = actions.draft_plan(by=request.viewer.actor, place=place, **values)
        return version_path(book, made.number)

    choices = _sources(book)
    form = Form(
        (
            choice("source", "Start from", choices, "Choose what to start from."),
            Field("title", "Title", words, hint="What it is for, such as: March Board, without deposit", width="30",
                  longest=200, required="Give the version a title."),
            Field("dated", "Date that it bears", day, hint="Leave empty for today, or the day of the published table",
                  width="10"),
        )
    )  # fmt: skip
    writing = Writing(
        title="Draft a version", form=form, submit="Draft the version", act=act, book=book,
        trail=(plan_crumb(book), versions_crumb(book)),
        lead="The version that you start from stays as it is. A draft can be changed until it is submitted.",
        first={"source": choices[0][0]},
    )  # fmt: skip
    return write(request, writing)


def _sources(book: Book) -> tuple[tuple[str, str], ...]:
    listed = [(each.key, each.name) for each in reads.plan_versions(book.place.id, str(book.place.year))]
    printed = reads.printed_version(book)
    if not isinstance(printed, NotSet):
        listed.append((reads.BOOK, f"The published tables ({printed.name})"))
    return (*listed, (EMPTY, "An empty plan"))


def submit(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Submit a draft under a named scenario, after a check of what is submitted."""
    book, version = _opened(place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.submit_plan(by=request.viewer.actor, place=place, version=number, **values)
        return version_path(book, number)

    def check(values: Mapping[str, Any]) -> Checked:
        return _submission(book, version, values["scenario"], values.get("unlinked", ""))

    choices = tuple((each.code, each.title) for each in scenario_library.choices(book))
    gap = "" if choices else f"No scenario is set: fill in {book.table(SCENARIOS).path}"
    form = Form(
        (
            choice("scenario", "Scenario on which the plan stands", choices,
                   "Name the scenario: a plan that names none cannot be submitted.",
                   gap or "Everybody who reads the plan will see it"),
            *_unlinked(version),
            SEEN,
        )
    )  # fmt: skip
    writing = Writing(
        title=f"Submit version {number}", form=form, submit="Submit the plan", act=act, check=check, book=book,
        trail=_trail(book, version), first=_first(version) | {"scenario": _named_before(book, version)},
        lead="A submitted plan cannot be changed any more; a mistake is mended in a new version drafted from it.",
    )  # fmt: skip
    return write(request, writing)


def _first(version: Version) -> dict[str, str]:
    assert version.facts is not None
    return {"revision": str(version.facts.revision)}


def _named_before(book: Book, version: Version) -> str:
    """The scenario that the draft came with, if it is one of the list."""
    assert version.facts is not None
    listed = scenario_library.choices(book)
    return next((each.code for each in listed if each.settings.query == version.facts.scenario), "")


def _unlinked(version: Version) -> tuple[Field, ...]:
    """The field for why investment lines name no plan, where there are such lines."""
    if not version.unlinked:
        return ()
    labels = ", ".join(line.label for line in version.unlinked)
    wanted = "Link each line to a plan or to the commissioner, or say why they name none."
    return (Field("unlinked", "Why these investments name no plan", lines, labels, required=wanted, kind=AREA,
                  longest=rule.LONGEST_REASON),)  # fmt: skip


def _submission(book: Book, version: Version, scenario: str, unlinked: str) -> Checked:
    chosen = scenario_library.choice(book, scenario)
    found, deposit = reads.findings(book, version.lines), reads.scenario_deposit(book, chosen.settings)
    warnings = []
    if deposit is not None and deposit != version.totals.deposit:
        warnings.append(
            f"The plan sets {money(version.totals.deposit).text} thousand aside, the scenario deposits"
            f" {money(deposit).text} thousand. Both figures will be on record."
        )
    if version.provisional:
        warnings.append(f"{len(version.provisional)} lines are provisional: {_named(version)}.")
    if version.unlinked:
        warnings.append(f"{len(version.unlinked)} investment lines name no plan, for the reason: {unlinked}")
    if version.balance < 0:
        warnings.append("The plan spends and deposits more than its money: the balance is below nought.")
    if found:
        count = len({each.place.line for each in found})
        warnings.append(f"{count} lines are to be looked at; the page of the version says why.")
    rows: tuple[tuple[str, Cell], ...] = (
        ("Version", version.name),
        ("Scenario", chosen.title),
        *(
            (f"{name}, £000", money(version.total(code), version.address(code)))
            for code, name in reads.TOTALS.items()
        ),
        ("Lines", f"{len(version.lines)}"),
    )  # fmt: skip
    consequences = ("The lines are fixed.", "The time, your name and the deposit assumed are recorded with it.")
    return Checked(rows, consequences, tuple(warnings))


def _named(version: Version) -> str:
    return ", ".join(line.label for line in version.provisional)


def approve(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Approve a submitted version by a recorded decision on it."""
    book, version = _opened(place, number)
    facts = version.facts
    assert facts is not None
    taken = [each for each in governance.decisions(place, facts.matter) if each.approves]
    choices = tuple((str(each.id), f"{each.when.name}, minute {each.minute}, record {each.id}") for each in taken)

    def act(values: Mapping[str, Any]) -> str:
        decision = int(values["decision"])
        actions.approve_plan(
            by=request.viewer.actor, place=place, version=number, revision=values["revision"], decision=decision
        )
        return version_path(book, number)

    def check(values: Mapping[str, Any]) -> Checked:
        decision = governance.decision(int(values["decision"]), place)
        earlier = reads.approved_plan(place, facts.year)
        consequences = ["Nothing of this version can be changed any more.", "It is the plan that counts."]
        if earlier is not None:
            consequences.append(f"{earlier.name}, approved before, becomes superseded.")
        rows = (
            ("Version", version.name),
            ("Scenario", reads.scenario_title(book, facts.scenario)),
            ("Decision", f"{decision.title}: {decision.outcome} on {decision.when.name}"),
            ("Balance, £000", money(version.balance, version.address("total-balance"))),
        )
        return Checked(rows, tuple(consequences))

    hint = "" if choices else "No decision that approves this version is recorded yet: record it first"
    form = Form(
        (
            choice("decision", "Decision", choices, "Choose the decision that approves this version.", hint),
            SEEN,
        )
    )  # fmt: skip
    writing = Writing(
        title=f"Approve version {number}", form=form, submit="Approve the plan", act=act, check=check, book=book,
        trail=_trail(book, version), first={"revision": str(facts.revision)},
        lead="A plan is approved by what a body decided on it and had minuted.",
    )  # fmt: skip
    return write(request, writing)


def withdraw(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Withdraw a draft or a submitted version, for a reason."""
    book, version = _opened(place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.withdraw_plan(by=request.viewer.actor, place=place, version=number, **values)
        return version_path(book, number)

    def check(values: Mapping[str, Any]) -> Checked:
        rows = (("Version", version.name), ("Reason", values["reason"]))
        return Checked(rows, ("It stays on record and can be drafted from, but it cannot be changed or submitted.",))

    form = Form(
        (
            Field("reason", "Reason", words, width="30", longest=300, required="Say why it is withdrawn."),
            SEEN,
        )
    )
    writing = Writing(
        title=f"Withdraw version {number}", form=form, submit="Withdraw it", act=act, check=check, book=book,
        trail=_trail(book, version), first=_first(version),
    )  # fmt: skip
    return write(request, writing)


def _opened(place: str, number: int) -> tuple[Book, Version]:
    book = open_book(place)
    return book, reads.plan_version(place, str(book.place.year), number)


def _trail(book: Book, version: Version) -> tuple[Crumb, ...]:
    return (plan_crumb(book), versions_crumb(book), version_crumb(book, version))


def decision_query(facts: Facts) -> dict[str, str]:
    """What the form of a decision starts with, when it is opened from a version."""
    return {"matter": facts.matter, "title": f"Financial plan {facts.year}, {facts.name}"[:200]}
