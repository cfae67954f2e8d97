"""One month's files: what was expected from whom, what came on which working day, and what waits."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.activity import reads as activity
from openpbc.activity.reads import FALLBACK, NOT_SET, Dates, Result, Slot, State
from openpbc.kernel.periods import Month, day_text
from openpbc.kernel.problems import UserError
from openpbc.monitoring import reads
from openpbc.monitoring.pages.columns import STREAMS
from openpbc.monitoring.pages.months import moment, month_href, untaken
from openpbc.monitoring.reads.progress import MonthProgress
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Tag
from openpbc.ui.pages import Crumb, Held, Page, capital, respond
from openpbc.ui.tables import Table

STATE_TAGS = {
    State.OPEN: Tag("open", "grey"),
    State.FLEX: Tag("flex", "blue"),
    State.CHALLENGE: Tag("challenge", "purple"),
    State.FROZEN: Tag("frozen", "aqua-green"),
    State.SETTLED: Tag("settled", "green"),
}
TIERS = {"large": Tag("larger", "green"), "small": Tag("smaller", "yellow"), "none": Tag("none", "grey")}


def files(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """The files of a month, provider by provider and data set by data set."""
    book, asked = organisations.book(place), Month.parse(month)
    found = reads.month_progress(book, asked, timezone.now())
    if found is None:
        raise UserError(f"{asked.name} is no month of the place's year", where=place, do="Choose one from its months.")
    results = activity.results(book, found.log)
    page = Page(
        template="monitoring/files.jinja",
        title=f"Files of {asked.name}",
        book=book,
        trail=(
            Crumb("Months", reverse("monitoring:months", kwargs={"place": place})),
            Crumb(asked.name, month_href(book, asked)),
        ),
        tables=(slots_table(request, book, found, results), waiting_table(request, book, found)),
        facts=(("Calendar", found.log.dates.basis), *_dates_facts(found.log.dates)),
        rests_on=resting_on(book),
        synthetic=activity.is_synthetic(book),
        context={
            "found": found,
            "dates": found.log.dates,
            "told": calendar_sentence(found.log.dates),
            "waits": waits(found.log.waiting),
            "untaken": capital(untaken(found)) if found.untaken else "",
            "href": month_href(book, asked),
        },
    )
    return respond(request, page)


def resting_on(book: Book) -> tuple[Held, ...]:
    """What the rulebook says of submissions, and the amounts that it does not say."""
    values = (
        "cut_off flex_working_day freeze_working_day complete_share complete_months incentive_scope incentive_larger"
        " incentive_smaller"
    ).split()
    return (
        book.table("submissions.calendar"),
        book.table("calendar.bank_holidays"),
        book.table("submissions.expected"),
        *(book.value(f"submissions.{name}") for name in values),
    )


def calendar_sentence(dates: Dates) -> str:
    """When flex and freeze end, and whether those days were published."""
    if dates.basis == NOT_SET:
        return "No dates are set for this month, so nothing of it is late."
    ends = [
        f"{words} ends on {day_words(day)}" for words, day in (("Flex", dates.flex), ("freeze", dates.freeze)) if day
    ]
    told = ", ".join(ends)
    return f"{told}. Fallback by working days: no dates are published." if dates.basis == FALLBACK else f"{told}."


def waits(files: int) -> str:
    """How many files wait for a decision, in words; empty where none does."""
    if not files:
        return ""
    return "1 file came after the freeze and waits" if files == 1 else f"{files} files came after the freeze and wait"


def day_words(day: date | None) -> str:
    """A day as people write it, or that none is set."""
    return day_text(day) if day else "not set"


def _dates_facts(dates: Dates) -> tuple[tuple[str, str], ...]:
    return (
        ("Flex: in by, extract", f"{day_words(dates.flex)}, {day_words(dates.flex_extract)}"),
        ("Freeze: in by, extract", f"{day_words(dates.freeze)}, {day_words(dates.freeze_extract)}"),
    )


def names_of(book: Book) -> dict[str, str]:
    """What people call the providers."""
    return {each.code: each.short_name for each in organisations.providers(book.place.id)}


def slots_table(request: HttpRequest, book: Book, found: MonthProgress, results: tuple[Result, ...]) -> Table:
    """One data set of one provider a row: when its first complete file came, what it was worth, and what counts now."""
    names, place = names_of(book), book.place.id
    columns = [
        tables.text("Provider"),
        tables.text("Data set"),
        tables.text("State"),
        tables.text("First complete file came"),
        tables.number("Working day", additive=False),
        tables.text("In time"),
        tables.text("NHS number and group"),
        tables.number("Files"),
        tables.text("Counts now"),
        tables.number("Wait"),
    ]
    rows: list[list[Cell]] = []
    for slot, state, result in zip(found.log.slots, found.states, results, strict=True):
        may = request.may("activity:provider", place=place, provider=slot.provider)
        name = names.get(slot.provider, slot.provider)
        there = reverse("activity:provider", kwargs={"place": place, "provider": slot.provider})
        rows.append(
            [
                Link(name, f"{there}?month={found.month}") if may else name,
                STREAMS[slot.stream],
                STATE_TAGS[state],
                *_first(slot, result),
                Figure(len(slot.files)),
                current_cell(request, book, slot),
                Figure(slot.waiting),
            ]
        )
    empty = "Nobody is expected to send anything, and nothing came."
    return tables.table(
        "files", f"What was due for {found.month.name}, and what came", columns, rows, cards=True, empty=empty
    )


def _first(slot: Slot, result: Result) -> list[Cell]:
    if slot.first is None or result.judged is None:
        why = "A file came, but not a complete one." if slot.files else "Nothing came."
        return [why, "none", "", ""]
    told = "both reached" if result.judged.hrg else "reached, groups not judged"
    good = Tag(told, "green") if result.judged.good else Tag("not reached", "red")
    return [
        moment(slot.first.submission.arrived_at),
        Figure(slot.first.working_day),
        TIERS[result.judged.timely],
        good,
    ]


def current_cell(request: HttpRequest, book: Book, slot: Slot) -> Cell:
    """The file that counts, leading to it for those who may see it."""
    if slot.current is None:
        return "none"
    file = slot.current.submission
    if not request.may("activity:submission", place=book.place.id, sha=file.file):
        return file.file_name
    return Link(file.file_name, reverse("activity:submission", kwargs={"place": book.place.id, "sha": file.file}))


def waiting_table(request: HttpRequest, book: Book, found: MonthProgress) -> Table:
    """The files that came after the freeze, each with what was decided or where to decide."""
    names, place = names_of(book), book.place.id
    columns = [tables.text(title) for title in ("File", "Provider", "Data set", "Came", "Decision")]
    rows: list[list[Cell]] = []
    for slot in found.log.slots:
        for each in slot.files:
            file, decided = each.submission, each.decision
            if not file.late:
                continue
            there = reverse("activity:late", kwargs={"place": place, "sha": file.file})
            may = request.may("activity:late", place=place, sha=file.file)
            told: Cell = "waits for a decision"
            if decided is not None:
                what = "accepted" if decided.accepted else "refused"
                told = f"{what} by {decided.decided_by} on {moment(decided.decided_at)}: {decided.reason}"
            elif may:
                told = Link("Decide", there)
            rows.append(
                [
                    file.file_name,
                    names.get(slot.provider, slot.provider),
                    STREAMS[slot.stream],
                    moment(file.arrived_at),
                    told,
                ]
            )
    return tables.table(
        "late", "Files that came after the freeze", columns, rows, cards=True, empty="No file came after the freeze."
    )
