"""A provider's submission log: what is due next, every file, the first result of each month, and the incentive."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.activity import reads
from openpbc.activity.pages.links import file_link
from openpbc.activity.pages.submissions import STREAMS, due_table, state_tag
from openpbc.activity.reads import MonthLog, Result
from openpbc.activity.reads.result_explaining import result_address
from openpbc.activity.rules.timeliness import Judged, Share
from openpbc.kernel.money import ratio_ppm
from openpbc.kernel.periods import Month, moment_cell
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Missing, Style, Tag
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Row, Table

TIERS = {"large": Tag("larger", "green"), "small": Tag("smaller", "yellow"), "none": Tag("none", "grey")}
_LARGE, _SMALL = "submissions.incentive_larger", "submissions.incentive_smaller"
RESTS_ON = (
    "cut_off flex_working_day freeze_working_day larger_by_working_day smaller_by_working_day nhs_number_standard"
    " hrg_standard complete_share complete_months incentive_scope incentive_larger incentive_smaller"
).split()


def provider(request: HttpRequest, place: str, provider: str) -> HttpResponse:
    """The log of a provider, the months of the year one after the other; ``?month=`` keeps one."""
    book = organisations.book(place)
    name = next((each.name for each in organisations.providers(place) if each.code == provider), None)
    if name is None:
        raise UserError(f"there is no provider '{provider[:20]}'", where=place, do="Choose one from the log.")
    asked = request.GET.get("month", "")
    months = book.place.year.months if not asked else (Month.parse(asked),)
    logs = [reads.month_log(book, month, provider) for month in months]
    logs = [log for log in logs if asked or any(slot.files for slot in log.slots)]
    results = [result for log in logs for result in reads.results(book, log)]
    page = Page(
        template="activity/provider_log.jinja",
        title=f"Submissions of {name}",
        book=book,
        trail=(Crumb("Months", reverse("monitoring:months", kwargs={"place": place})),)
        if request.may("monitoring:files", place=place)
        else (),
        tables=(
            due_table(reads.next_due(book, provider, timezone.now())),
            results_table(book, results),
            log_table(request, book, logs),
        ),
        rests_on=tuple(book.value(f"submissions.{name}") for name in RESTS_ON),
        synthetic=reads.is_synthetic(book),
        context={
            "months": book.place.year.months,
            "month": asked,
            "provider": provider,
            "amounts": [book.value(subject) for subject in (_LARGE, _SMALL)],
            "waiting": sum(log.waiting for log in logs),
        },
    )
    return respond(request, page)


def results_table(book: Book, results: list[Result]) -> Table:
    """The first complete submission of each month and data set as judged; a better later file changes nothing here."""
    columns = [
        tables.text("Month"),
        tables.text("Data set"),
        tables.number("Working day", additive=False),
        tables.text("In time"),
        tables.number("NHS number", "%", additive=False),
        tables.number("Resource group", "%", additive=False),
        tables.text("Both standards"),
        tables.text("Incentive"),
        tables.number("Amount", "£"),
    ]
    rows: list[Row] = []
    for result in results:
        own = result.judged
        cells: list[Cell] = [result.slot.month.name, STREAMS[result.slot.stream], *_judged(book.place.id, result, own)]
        rows.append(Row((*cells, TIERS[result.paid], _amount(book, result))))
    return tables.table("results", "First submissions and what they earn", columns, rows, cards=True)


def _judged(place: str, result: Result, own: Judged | None) -> list[Cell]:
    if own is None:
        return ["none", TIERS["none"], "", "", "no complete file" if result.slot.files else "nothing came"]
    told = "reached" if own.hrg else "reached, groups not judged"
    good = Tag(told, "green") if own.good else Tag("not reached", "red")
    day = Figure(own.working_day, address=result_address(place, result, "working-day"))
    numbers = _share(own.nhs_number, result_address(place, result, "nhs-number"))
    groups = _share(own.hrg, result_address(place, result, "hrg")) if own.hrg else "not judged"
    return [day, TIERS[own.timely], numbers, groups, good]


def _share(share: Share | None, address: str) -> Cell:
    if share is None or not share.whole:
        return "nothing to count"
    return Figure(ratio_ppm(share.part, share.whole), Style.PERCENT, address, places=3)


def _amount(book: Book, result: Result) -> Cell:
    if result.amount is not None:
        if result.judged is None:
            return "none"
        return Figure(result.amount, Style.POUNDS, result_address(book.place.id, result, "amount"))
    held = book.value(_LARGE if result.paid == "large" else _SMALL)
    return Missing(held.path if isinstance(held, NotSet) else "")


def log_table(request: HttpRequest, book: Book, logs: list[MonthLog]) -> Table:
    """Every file in the order in which it arrived."""
    columns = [
        tables.text("File"),
        tables.text("Month"),
        tables.text("Data set"),
        tables.text("Came"),
        tables.number("Working day", additive=False),
        tables.text("From"),
        tables.number("Records"),
        tables.text("Kind"),
        tables.text("State"),
    ]
    listed = [(log, slot.stream, each) for log in logs for slot in log.slots for each in slot.files]
    rows: list[list[Cell]] = []
    for log, stream, each in listed:
        file = each.submission
        stated = ", stated" if file.arrival_stated else ""
        rows.append(
            [
                file_link(request, book.place.id, file, file.file_name),
                log.month.name,
                STREAMS[stream],
                f"{moment_cell(timezone.localtime(file.arrived_at))}{stated}",
                Figure(each.working_day),
                file.received_by,
                Figure(file.lines),
                each.kind if each.complete else f"{each.kind}, not complete",
                state_tag(file),
            ]
        )
    empty = "No file has come."
    return tables.table("log", "Every file in the order in which it came", columns, rows, cards=True, empty=empty)
