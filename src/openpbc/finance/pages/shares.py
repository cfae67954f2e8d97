"""Fair shares: each group's budget under a scenario or a what-if, how the rule got there, and what the papers print."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import reads
from openpbc.finance.pages import share_tables
from openpbc.finance.pages.printed import as_printed, by_group, checks_table, heading
from openpbc.finance.pages.settlement import reply_links
from openpbc.finance.reads import FairShares, Settings
from openpbc.finance.reads.scenario_library import saved_scenarios
from openpbc.finance.reads.scenarios import EXTRA, MINIMUM, SCENARIOS, SHARES
from openpbc.finance.reads.settings import read_scope, scope_text
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui.forms import HIDDEN, Answer, Field, Filled, Form, percentage, plain_percentage, thousand_pounds
from openpbc.ui.pages import Held, Page, capital, respond
from openpbc.ui.tables import Table


def read_moves(text: str) -> str:
    """Read items moved in or out of scope, as an address carries them."""
    return scope_text(read_scope(text))


WHAT_IF = Form(
    (
        Field("floor", "Minimum growth", percentage, hint="Of the base", suffix="%"),
        Field("extra", "Extra growth at most", percentage, hint="Of the base", suffix="%"),
        Field("cap", "Cap on growth", percentage, hint="Empty for none", suffix="%"),
        Field("deposit", "Deposit", thousand_pounds, hint="Works out the cap", prefix="£000"),
        Field("pot", "Pot in scope", thousand_pounds, hint="To be shared", prefix="£000"),
        Field("scope", "Items moved", read_moves, kind=HIDDEN, longest=4_000),
    )
)


def shares(request: HttpRequest, place: str) -> HttpResponse:
    """Show a scenario (``?scenario=``) or a what-if on it (``?floor= &extra= &cap= &deposit= &pot=``)."""
    book = open_book(place)
    answer = WHAT_IF.read(request.GET)
    scenario = reads.fair_shares(book, Settings(scenario=request.GET.get("scenario", "")))
    tried, answer = _tried(book, scenario, answer)
    sections = printed_sections(book)
    shown = (*share_tables.all_tables(book, tried, scenario), *(each for section in sections for each in section))
    page = Page(
        template="finance/shares.jinja",
        title=capital(book.word("fair_shares")),
        book=book,
        draft=not isinstance(scenario, NotSet),
        tables=shown,
        charts=share_tables.charts(book, tried, scenario),
        rests_on=behind(book),
        context={
            "scenarios": _links(book),
            "chosen": "" if isinstance(scenario, NotSet) else scenario.scenario.code,
            "result": None if isinstance(tried, NotSet) else tried,
            "is_what_if": tried is not scenario,
            "form": answer if isinstance(scenario, NotSet) else _prefilled(answer, scenario),
            "sections": sections,
            "sums": share_tables.sums(tried),
            "report": reads.distance_report(book),
            "compare": _comparison(book, tried),
            "saving": _saving(book, tried),
            "replies": [] if isinstance(scenario, NotSet) else reply_links(request, book, scenario.scenario.code),
            "moved": share_tables.moved_sentence(tried),
        },
    )
    return respond(request, page)


def _tried(book: Book, scenario: FairShares | NotSet, answer: Answer) -> tuple[FairShares | NotSet, Answer]:
    """Run the what-if; settings equal to the scenario's own change nothing. A refusal is told beside its field."""
    if isinstance(scenario, NotSet):
        return scenario, answer
    rates = scenario.parameters
    own = {"floor": rates.minimum_growth, "extra": rates.extra_growth, "cap": scenario.cap, "pot": scenario.pot}
    changed = {name: value for name, value in answer.values.items() if value != own.get(name)}
    if not changed:
        return scenario, answer
    try:
        found = reads.fair_shares(book, Settings(scenario=scenario.scenario.code, **changed))
    except UserError as problem:
        blamed = "deposit" if "deposit" in changed else next(iter(changed))
        return scenario, _with_error(answer, blamed, problem.sentence)
    return found, answer


def _with_error(answer: Answer, name: str, sentence: str) -> Answer:
    told = [
        replace(each, error=f"{each.field.label}: {sentence}") if each.field.name == name else each
        for each in answer.fields
    ]
    return replace(answer, fields=tuple(told))


def _prefilled(answer: Answer, scenario: FairShares) -> Answer:
    """Write the scenario's own settings into the fields that the reader left alone."""
    own = {
        "floor": plain_percentage(scenario.parameters.minimum_growth),
        "extra": plain_percentage(scenario.parameters.extra_growth),
        "cap": "" if scenario.cap is None else plain_percentage(scenario.cap),
        "pot": share_tables.plain_thousands(scenario.pot),
    }
    filled = (each if each.raw else Filled(each.field, own.get(each.field.name, "")) for each in answer.fields)
    return replace(answer, fields=tuple(filled))


def _links(book: Book) -> list[tuple[str, str, str]]:
    found = reads.scenarios(book)
    here = reverse("finance:fair-shares", kwargs={"place": book.place.id})
    listed = () if isinstance(found, NotSet) else found
    saved = [(each.code, each.title, what_if_address(book, each.settings)) for each in saved_scenarios(book)]
    return [*((each.code, each.title, f"{here}?scenario={each.code}") for each in listed), *saved]


def _comparison(book: Book, tried: FairShares | NotSet) -> str:
    """The page that compares every scenario, with the what-if among them."""
    here = reverse("finance:compare", kwargs={"place": book.place.id})
    if isinstance(tried, NotSet) or not tried.settings.changed:
        return here
    codes = [*(each.code for each in reads.choices(book)), tried.settings.query]
    return f"{here}?{urlencode([('with', code) for code in codes])}"


def _saving(book: Book, tried: FairShares | NotSet) -> str:
    """The page on which a what-if gets a name."""
    if isinstance(tried, NotSet) or not tried.settings.changed:
        return ""
    here = reverse("finance:scenario-save", kwargs={"place": book.place.id})
    return f"{here}?{urlencode({'query': tried.settings.query})}"


def what_if_address(book: Book, settings: Settings) -> str:
    """The page of fair shares with settings written in its form."""
    written = {"scenario": settings.scenario, "scope": settings.scope}
    for name in ("floor", "extra", "cap"):
        rate = getattr(settings, name)
        written[name] = "" if rate is None else plain_percentage(rate)
    for name in ("deposit", "pot"):
        sum_ = getattr(settings, name)
        written[name] = "" if sum_ is None else share_tables.plain_thousands(sum_)
    here = reverse("finance:fair-shares", kwargs={"place": book.place.id})
    return f"{here}?{urlencode({name: text for name, text in written.items() if text})}"


def behind(book: Book) -> tuple[Held, ...]:
    """The rulebook's values and tables behind the page."""
    return (
        book.value(MINIMUM),
        book.value(EXTRA),
        *(book.table(id) for id in (SHARES, SCENARIOS, reads.TABLES)),
    )


def printed_sections(book: Book) -> list[tuple[Table, ...]]:
    """The published tables by group, each with the checks on it that are not exact."""
    printed, checks = reads.tables(book), reads.checks(book)
    if isinstance(printed, NotSet):
        return []
    known = () if isinstance(checks, NotSet) else checks
    sections: list[tuple[Table, ...]] = []
    for table in (each for each in printed if by_group(each)):
        odd = [check for check in known if check.table == table.code and check.difference]
        caption = f"{heading(table)}: where recomputing differs"
        found = checks_table(f"checks-{table.number}", caption, odd)
        sections.append((as_printed(table), found))
    return sections
