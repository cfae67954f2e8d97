"""Receives a file: tells its layout, provider and month, and lands it, or refuses it in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.activity.flow.canonical import MONTH_OF, PERIOD_DATE, STREAM_WORDS
from openpbc.activity.flow.layouts import Layout, Recognised, canonical_select, layouts
from openpbc.activity.flow.reading import known_as
from openpbc.activity.flow.reference import provider_codes
from openpbc.kernel.codes import PROVIDER, matches, names_somebody, provider_match
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.warehouse import landing
from openpbc.warehouse.landing import Draft, Landed
from openpbc.warehouse.session import named, quoted
from openpbc.warehouse.store import Store
from openpbc.warehouse.survey import Survey

_MOMENT = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$"


@dataclass(frozen=True)
class Claim:
    """What the person who hands a file in says of it; None where nothing is said."""

    provider: str | None = None
    month: str | None = None
    layout: str | None = None


@dataclass(frozen=True)
class Accepted:
    """A landed file and what it is; provider and month are empty for an extract that belongs to no month.

    A file of ``changes`` replaces and deletes single records of the files before it.
    """

    landed: Landed
    layout: str
    stream: str
    provider: str
    month: str
    changes: bool = False


@dataclass(frozen=True)
class _Said:
    """What the lines themselves say: how often each provider and each month of activity occurs."""

    providers: Mapping[str, int]
    months: Mapping[str, int]


def refuse_personal_name(name: str) -> None:
    """Refuse a file whose name holds an NHS number: names go into lists, the log and addresses. It is not repeated."""
    if names_somebody(name):
        raise UserError("the name of the file holds an NHS number", do="Rename the file and send it again.")


def accept(store: Store, book: Book, surveyed: Survey, claim: Claim, *, threads: int | None = None) -> Accepted:
    """Land the file under what it turns out to be. Nothing is kept of a file that is refused."""
    found = known_as(layouts(book), surveyed, claim.layout)
    decided: dict[str, str] = {}
    changes: list[bool] = []

    def inspect(draft: Draft) -> None:
        changes.append(_only_changes(found.layout, draft))
        if changes[0]:
            _refuse_nameless_changes(found, draft)
        decided.update(_decided(book, found, surveyed.name, claim, _said(found, draft)))

    shown = found.layout.shown(found.stream)
    landed = landing.land(store, surveyed, found.layout.delimiter, shown=shown, inspect=inspect, threads=threads)
    return Accepted(landed, found.layout.id, found.stream, decided["provider"], decided["month"], changes[0])


def _only_changes(layout: Layout, draft: Draft) -> bool:
    """Tell whether every line says that it changes one record, in the column and by the text that the layout names."""
    told = layout.words.get("changes")
    if not told or told["column"] not in draft.landed.columns:
        return False
    own = f"{named(told['column'])} = {quoted(told['text'])}"
    counted = f"select count(*) as whole, count(case when {own} then 1 end) as own from {draft.source}"
    whole, changing = draft.session.rows(counted)[0]
    return bool(whole) and whole == changing


def _refuse_nameless_changes(found: Recognised, draft: Draft) -> None:
    """Refuse a file of changes with a line that does not say which record, what becomes of it, and from when."""
    rows = canonical_select(found.layout, found.stream, draft.landed, draft.source, draft.unparsed, judged=False)
    told = (
        "cds_unique_id is not null and coalesce(update_type, '') in ('1', '9') "
        f"and regexp_matches(coalesce(applicable_at, ''), {quoted(_MOMENT)})"
    )
    first = draft.session.rows(f"select min(line) as line from ({rows}) where not ({told})")[0][0]
    if first is not None:
        raise UserError(
            "the file holds changes alone, and a line does not tell the key of its record, whether it replaces (9) or "
            "deletes (1) it, and from which moment",
            f"{draft.landed.short} line {first}",
            "Fill cds_unique_id, update_type and applicable_at (YYYY-MM-DDTHH:MM:SS) in every line.",
        )


def _said(found: Recognised, draft: Draft) -> _Said:
    rows = canonical_select(found.layout, found.stream, draft.landed, draft.source, draft.unparsed, judged=False)
    counted = draft.session.rows(
        f"select provider, {MONTH_OF[found.stream]} as month, count(*) as n from ({rows}) group by all"
    )
    providers: Counter[str] = Counter()
    months: Counter[str] = Counter()
    for provider, month, number in counted:
        providers[provider_match((provider or "").upper())] += number
        months[month or ""] += number
    return _Said(providers, months)


def _decided(book: Book, found: Recognised, name: str, claim: Claim, said: _Said) -> dict[str, str]:
    if not found.layout.monthly:
        if claim.provider or claim.month:
            raise UserError(
                f"a file of the layout {found.layout.id} belongs to no provider and month",
                name,
                "Leave out --provider and --month.",
            )
        return {"provider": "", "month": ""}
    tells = found.layout.name_tells(name)
    provider = _provider(book, claim.provider or tells.get("provider"), said, name)
    month = _month(book, found, claim.month or tells.get("month"), said, name)
    return {"provider": provider, "month": month}


def _provider(book: Book, told: str | None, said: _Said, name: str) -> str:
    """Decide whose file it is; it must be a provider of the place, and at least one line must name it."""
    known = provider_codes(book)
    named = {code: number for code, number in said.providers.items() if code}
    if told is None:
        candidates = [code for code in named if code in known]
        if len(candidates) == 1:
            return candidates[0]
        listed = ", ".join(sorted({_said_code(code) for code in named})[:5]) or "none"
        raise UserError(
            f"the lines do not name one provider of the place ({listed})", name, "Say who sent it (--provider)."
        )
    provider = provider_match(told.strip().upper())
    if provider not in known:
        raise UserError(
            f"there is no provider '{told[:20]}' in {book.place.title}", name, f"Known: {', '.join(known)}."
        )
    if provider not in named:
        most = max(named, key=lambda code: named[code]) if named else ""
        raise UserError(
            f"no line names the provider {provider}; most name {_said_code(most)}", name, "Check who sent it."
        )
    return provider


def _said_code(code: str) -> str:
    """Repeat what stands where a provider should only if it is written like one: else it may be a person's."""
    return code if matches(PROVIDER, code) else "something that is no code"


def _month(book: Book, found: Recognised, told: str | None, said: _Said, name: str) -> str:
    """Decide the month; it must lie in the place's year, and some line must have its date of activity in it."""
    dated = {month: number for month, number in said.months.items() if _is_month(month)}
    if told is None:
        if not dated:
            raise _dateless(found, name)
        told = max(sorted(dated), key=lambda month: dated[month])
        if dated[told] * 2 <= sum(dated.values()):
            raise UserError(
                "the lines belong to several months", name, "Send one file a month, or say which it is (--month)."
            )
    try:
        month = Month.parse(told)
    except UserError as error:
        raise UserError(error.what, name, error.do) from error
    if month.year_of != book.place.year:
        raise UserError(
            f"{month.name} lies outside {book.place.year.label}, the year of {book.place.title}",
            name,
            f"Choose a month from {book.place.year.months[0]} to {book.place.year.months[-1]}.",
        )
    if dated and str(month) not in dated:
        most = max(sorted(dated), key=lambda one: dated[one])
        raise UserError(
            f"no line has its date of activity in {month.name}; most lie in {Month.parse(most).name}",
            name,
            "Check the month.",
        )
    return str(month)


def _dateless(found: Recognised, name: str) -> UserError:
    """Say in which column, and how written, the date is looked for that tells the month."""
    day = PERIOD_DATE.get(found.stream, "")
    column = found.layout.fields[found.stream].get(day, day)
    if not column:
        return UserError("no line tells its month", name, "Say which month it is (--month).")
    shape = found.layout.words.get("dates", "YYYY-MM-DD")
    return UserError(
        f"no line of {STREAM_WORDS[found.stream]} has a date in the column {column} that reads as {shape}",
        name,
        "Write the dates so and send it again.",
    )


def _is_month(text: str) -> bool:
    return len(text) == 7 and text[4] == "-" and text[:4].isdigit() and text[5:].isdigit() and "01" <= text[5:] <= "12"
