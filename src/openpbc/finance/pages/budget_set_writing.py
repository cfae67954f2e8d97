"""Forms on budget sets: drafting, changing a line, proposing, putting in force, withdrawing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import actions
from openpbc.finance.pages.budget_set_tables import decision_words, givers_table, lowered_table, pence
from openpbc.finance.pages.budget_sets import budgets_crumb, set_crumb
from openpbc.finance.pages.settlement import plan_choices
from openpbc.finance.reads import Settings, budget_sets, scenario_library
from openpbc.finance.reads.budget_set_drafts import Draft, draft
from openpbc.finance.reads.budget_sets import ALL, BudgetSet
from openpbc.finance.reads.taking_back import Lowered, lowered
from openpbc.finance.rules.budget_sets import PROPOSED, mend, told_difference
from openpbc.governance import reads as governance
from openpbc.kernel.money import pounds, thousands
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import forms
from openpbc.ui.figures import Cell
from openpbc.ui.forms import AREA, HIDDEN, Field, Form, choice
from openpbc.ui.pages import capital
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

REVISION = Field("revision", "Revision", forms.whole_number, kind=HIDDEN, required="Open the set again.")


def new(request: HttpRequest, place: str) -> HttpResponse:
    """Draft a set from a scenario; the check shows what it adds up to, and the pot with which it would."""
    book = open_book(place)

    def act(values: Mapping[str, Any]) -> str:
        number = actions.draft_budget_set(
            by=request.viewer.actor,
            place=place,
            title=values["title"],
            settings=_settings(book, values).query,
            note=values.get("note", ""),
            plan_version=int(values["plan_version"]) if "plan_version" in values else None,
        )
        return reverse("finance:budget-set", args=[place, number])

    writing = Writing(
        title="Draft a budget set",
        form=_draft_form(book),
        submit="Draft it",
        act=act,
        check=lambda values: _draft_check(book, values),
        book=book,
        trail=(budgets_crumb(book),),
        lead=f"The scenario gives each {book.word('group')} its budget; what is held comes from the published"
        f" {book.word('allocation')}. Nothing counts until the set is approved.",
    )
    return write(request, writing)


def _draft_form(book: Book) -> Form:
    scenarios = tuple((each.code, each.title) for each in scenario_library.choices(book))
    versions = plan_choices(book)
    fields = (
        Field("title", "Title", forms.words, required="Give the set a title.", longest=200, width="20"),
        choice("scenario", "Scenario", scenarios, "Choose the scenario."),
        Field("pot", "Pot in scope", forms.thousand_pounds, "Empty for the scenario's own", prefix="£000", width="10"),
        choice("plan_version", "Plan version", versions),
        Field("note", "Note", forms.lines, "What a reader must know of it", kind=AREA, longest=2000),
    )
    return Form(tuple(each for each in fields if each.name != "plan_version" or versions))


def _settings(book: Book, values: Mapping[str, Any]) -> Settings:
    settings = scenario_library.choice(book, values["scenario"]).settings
    known = dict(vars(settings)) | ({"pot": values["pot"]} if "pot" in values else {})
    return Settings(**known)


def _drafted(book: Book, values: Mapping[str, Any]) -> Draft:
    found = draft(book, _settings(book, values))
    if isinstance(found, NotSet):
        raise found.problem
    return found


def _draft_check(book: Book, values: Mapping[str, Any]) -> Checked:
    found = _drafted(book, values)
    sums = found.sums
    rows: tuple[tuple[str, Cell], ...] = (
        ("Title", values["title"]),
        ("Scenario", found.scenario_title),
        (capital(book.word("allocation")), pounds(sums.allocation)),
        ("Held", pounds(sums.held)),
        (capital(book.word("group_budgets")), pounds(sums.groups)),
        ("Deposits", pounds(sums.deposits)),
        ("Difference", pounds(sums.difference)),
    )
    problem = told_difference(sums)
    hint = f"A pot in scope of £{thousands(found.pot_that_adds_up)} thousand adds up."
    return Checked(
        rows, ("A draft is made that can be changed line by line.",), (f"{problem}. {hint}",) if problem else ()
    )


def _standing(request: HttpRequest, book: Book, number: int) -> BudgetSet:
    return budget_sets.budget_set(book.place.id, str(book.place.year), number)


def _page(found: BudgetSet) -> str:
    return reverse("finance:budget-set", args=[found.facts.place, found.facts.number])


def line(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Give one line another amount, with a reason, or add a line (``?account=`` names one of the set)."""
    book = open_book(place)
    found = _standing(request, book, number)
    chosen = request.POST.get("account") or request.GET.get("account", "")
    now = found.amounts.get(chosen)

    def act(values: Mapping[str, Any]) -> str:
        actions.change_budget_line(by=request.viewer.actor, place=place, number=number, **values)
        return _page(found)

    hint = _accounts_hint(found)
    fields = (
        Field("account", "Account", forms.words, hint, required="Name the account.", longest=120, width="20"),
        Field("pence", "New amount", forms.pounds_and_pence, prefix="£", width="10", required="Give the amount."),
        Field("reason", "Reason", forms.lines, kind=AREA, longest=500, required="Say why it changes."),
        REVISION,
    )
    proposed = "Somebody proposed this set: it becomes a draft again and must be proposed anew. "
    writing = Writing(
        title="Change a line" if now is not None else "Add a line",
        form=Form(fields),
        submit="Change it",
        act=act,
        check=lambda values: _line_check(found, values),
        book=book,
        trail=(budgets_crumb(book), set_crumb(found.facts)),
        lead=(proposed if found.facts.state == PROPOSED else "")
        + (f"It is {pounds(now)} now." if now is not None else ""),
        first={"pence": pounds(now).removeprefix("£")} if now is not None else {},
    )
    return write(request, writing)


def _accounts_hint(found: BudgetSet) -> str:
    unit = next(iter(found.units), "UNIT")
    return f"Such as held/risk-pool, group/{unit}/in-scope or deposit/{unit}"


def _line_check(found: BudgetSet, values: Mapping[str, Any]) -> Checked:
    before = found.amounts.get(values["account"], 0)
    after = found.sums.difference + values["pence"] - before
    told = f"Then the lines are {pounds(abs(after))} {'above' if after > 0 else 'below'} the allocation."
    rows: tuple[tuple[str, Cell], ...] = (
        ("Account", values["account"]),
        ("Now", pounds(before)),
        ("Then", pounds(values["pence"])),
        ("Reason", values["reason"]),
    )
    return Checked(rows, ("The change stands in the set's history with your name.",), (told,) if after else ())


def propose(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Put a draft before those who decide."""
    book = open_book(place)
    found = _standing(request, book, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.propose_budget_set(by=request.viewer.actor, place=place, number=number, revision=values["revision"])
        return _page(found)

    sums = found.sums
    rows: tuple[tuple[str, Cell], ...] = (
        ("Set", f"{found.facts.name}: {found.facts.title}"),
        ("Allocation", pence(sums.allocation, found.facts.address(ALL, "allocation"))),
        ("Lines", pounds(sums.lines)),
    )
    problem = told_difference(sums)
    less = lowered(found)
    problems = ([f"{problem}. {mend(sums)}"] if problem else []) + [each.told for each in less if each.missing]
    takes = _takes(book, less)
    who = " or ".join(governance.bodies(book, approves="budgets").values())
    writing = Writing(
        title=f"Propose {found.facts.name.lower()}",
        form=Form((REVISION,)),
        submit="Propose it",
        act=act,
        check=lambda values: Checked(
            rows,
            (f"It waits for a decision of the {who}.", "Changing a line makes it a draft again."),
            tuple(problems),
            tables=takes,
        ),
        book=book,
        trail=(budgets_crumb(book), set_crumb(found.facts)),
        lead="It must add up to the penny, and every next step must be done or waived.",
        tables=takes,
    )
    return write(request, writing)


def _takes(book: Book, less: tuple[Lowered, ...]) -> tuple[Table, ...]:
    """Who gives what when the set comes into force, where it lowers a line: in short, then one by one."""
    one_by_one = (givers_table(book, less),) if any(each.back for each in less) else ()
    return (lowered_table(less), *one_by_one) if less else ()


def approve(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Put a proposed set in force by the decision on it: the money moves in the ledger."""
    book = open_book(place)
    found = _standing(request, book, number)
    facts = found.facts
    decided = [each for each in governance.decisions(place, facts.matter) if each.approves]
    choices = tuple((str(each.id), f"{each.when.name}, minute {each.minute}") for each in decided)

    def act(values: Mapping[str, Any]) -> str:
        actions.approve_budget_set(
            by=request.viewer.actor,
            place=place,
            number=number,
            revision=values["revision"],
            decision=int(values["decision"]),
        )
        return _page(found)

    before, less = budget_sets.budget_set_in_force(place, facts.year), lowered(found)
    moved = (
        f"The ledger moves by the differences from {before.facts.name}." if before else "The ledger is filled from it."
    )
    field = choice("decision", "Decision", choices, "Choose the decision.")
    writing = Writing(
        title=f"Put {facts.name.lower()} in force",
        form=Form((field, REVISION)),
        submit="Put in force",
        act=act,
        check=lambda values: Checked(
            (
                ("Set", f"{facts.name}: {facts.title}"),
                ("Decision", dict(choices)[values["decision"]]),
                ("In force now", f"{before.facts.name}, {decision_words(book, before.facts)}" if before else "none"),
            ),
            (moved, "It cannot be undone; only another set can take its place."),
            tuple(each.told for each in less if each.missing),
            tables=_takes(book, less),
        ),
        book=book,
        trail=(budgets_crumb(book), set_crumb(facts)),
        lead="" if choices else "No decision that approves this set is recorded yet.",
        first={"decision": choices[0][0]} if choices else {},
    )
    return write(request, writing)


def withdraw(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Take an open set back for good."""
    book = open_book(place)
    found = _standing(request, book, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.withdraw_budget_set(by=request.viewer.actor, place=place, number=number, **values)
        return _page(found)

    writing = Writing(
        title=f"Withdraw {found.facts.name.lower()}",
        form=Form(
            (
                Field("reason", "Reason", forms.lines, kind=AREA, longest=500, required="Say why it is withdrawn."),
                REVISION,
            )
        ),
        submit="Withdraw it",
        act=act,
        check=lambda values: Checked(
            (("Set", f"{found.facts.name}: {found.facts.title}"), ("Reason", values["reason"])),
            ("A withdrawn set stays on the list and can no longer be changed.",),
        ),
        book=book,
        trail=(budgets_crumb(book), set_crumb(found.facts)),
    )
    return write(request, writing)
