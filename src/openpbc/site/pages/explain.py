"""Explain this number: what stands behind a figure, worked out again before the reader's eyes."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

from django.http import HttpRequest, HttpResponse

from openpbc.kernel.periods import Month
from openpbc.kernel.steps import Explanation, RecordsLink, Step, recompute
from openpbc.monitoring import reads as monitoring
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table as Values
from openpbc.site import access, rooms, sealing
from openpbc.site.access import Decision
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Style, status_tag
from openpbc.ui.pages import OWN_PARAMETERS, Page, respond
from openpbc.ui.paging import Pager, pager
from openpbc.ui.tables import Row, Table

MONTH_OF_RECORDS = "records"
TARIFFS = ("payment.tariff_apc", "payment.tariff_op", "payment.tariff_ae")
SYNTHETIC = "SYN"
RECORDS_ON_A_PAGE = 50
# A download holds at most this many records; more are had month by month.
RECORDS_IN_A_DOWNLOAD = 500
_STYLES = {"pence": Style.PENCE, "ppm": Style.PERCENT, "count": Style.COUNT, "index": Style.INDEX}
_PLACES = {"ppm": 4, "index": 3}
# The page already names the place and the rulebook.
_NAMED_ALREADY = frozenset({"place", "book"})


def explain(request: HttpRequest, address: str) -> HttpResponse:
    """Show formula, inputs, rules, sources, files, run and records of one figure to those who may see it."""
    viewer: Viewer = request.viewer
    full = address_of(request, address)
    sealing.refuse_sealed(viewer, full)
    refused = access.refusal(request, decision(viewer, full))
    if refused is not None:
        return refused
    found = rooms.explain(full, viewer)
    again, book = recompute(found), organisations.book(rooms.place_of(full))
    records, context = _records(request, viewer, found)
    page = Page(
        template="site/explain.jinja",
        title="Explain this number",
        book=book,
        tables=(steps_table(found, viewer), *grounds_table(found, viewer), *records),
        facts=(("Address", full), *((name, text) for name, text in found.evidence if name not in _NAMED_ALREADY)),
        synthetic=_invented(found, book),
        context=context
        | {
            "explanation": found,
            "shown": figure(found.value, found.unit).text,
            "again": figure(again, found.unit).text,
            "same": again == found.value,
            "how": "parts" if found.ratio else "steps",
            "sources": sources(found),
            "statuses": [status_tag(status) for status in found.statuses],
        },
    )
    return respond(request, page)


def address_of(request: HttpRequest, path: str) -> str:
    """Give the figure's address: the path, and the query without what belongs to the page itself."""
    own = {*OWN_PARAMETERS, MONTH_OF_RECORDS}
    kept = [(name, value) for name, values in request.GET.lists() for value in values if name not in own]
    return f"{path}?{urlencode(kept)}" if kept else path


def decision(viewer: Viewer, address: str) -> Decision:
    """Decide by the address, and for one practice's figures also by who may open that practice's page.

    A figure of a matter in which the reader has an interest looks as if it were not there.
    """
    by_address = Decision.NOT_FOUND if sealing.why_sealed(viewer, address) else access.may_explain(viewer, address)
    practices = parse_qs(address.partition("?")[2]).get("practice", [])
    if by_address is not Decision.ALLOW or not practices:
        return by_address
    if len(practices) > 1:
        return Decision.NOT_FOUND
    practice = practices[0]
    rule = access.matrix().routes["monitoring:practice"]["GET"]
    return access.decide(rule, viewer, {"place": rooms.place_of(address), "practice": practice})


def figure(value: int, unit: str) -> Figure:
    """Give a figure in the unit of its explanation."""
    return Figure(value, _STYLES.get(unit, Style.COUNT), places=_PLACES.get(unit, 2))


def steps_table(found: Explanation, viewer: Viewer) -> Table:
    """The steps with their effects and the sum; steps that lead to what the reader may not see are taken together.

    A column that would say the same in every row, or nothing, is left out; sources stand below the table as well.
    """
    rows = [_step_row(step, found.unit) for step in _visible(found.steps, viewer)] or _ratio_rows(found)
    return _added_up("steps", "Steps", found, rows)


def grounds_table(found: Explanation, viewer: Viewer) -> tuple[Table, ...]:
    """What decided the figure elsewhere, told as the steps are; no table where nothing did."""
    rows = [_step_row(step, found.unit) for step in _visible(found.grounds, viewer)]
    return (_added_up("grounds", "The same figure, by what decided it", found, rows),) if rows else ()


def _added_up(key: str, caption: str, found: Explanation, rows: list[tuple[Cell, ...]]) -> Table:
    columns = [
        tables.text("Step"),
        tables.number("Effect", "" if found.unit in _STYLES else found.unit),
        tables.text("Worked out from"),
        tables.text("Rule"),
        tables.text("Source"),
    ]
    kept = [at for at in range(len(columns)) if at < 2 or len({row[at] for row in rows} - {""}) > (at > 3)]
    rows = [*rows, ("Total", figure(found.value, found.unit), "", "", "")]
    cut = [Row(tuple(row[at] for at in kept), total=row is rows[-1]) for row in rows]
    return tables.table(key, caption, [columns[at] for at in kept], cut, cards=True)


def _invented(found: Explanation, book: Book) -> bool:
    """Whether anything behind the figure is invented: its sources, or the prices of the runs that it sums."""
    cited = [*found.citations, *(step.citation for step in found.steps if step.citation)]
    prices = [book.table(id) for id in TARIFFS] if any(name.startswith("run") for name, _ in found.evidence) else []
    cited += [table.citation for table in prices if isinstance(table, Values)]
    return any(citation.mark == SYNTHETIC for citation in cited)


def sources(found: Explanation) -> list[str]:
    """Every rule and source that the explanation names, once."""
    cited = [*found.citations, *(step.citation for step in found.steps if step.citation)]
    return list(dict.fromkeys(str(citation) for citation in cited))


def _visible(steps: tuple[Step, ...], viewer: Viewer) -> list[Step]:
    shown: list[Step] = []
    hidden: list[Step] = []
    for step in steps:
        allowed = not step.address or decision(viewer, step.address) is Decision.ALLOW
        (shown if allowed else hidden).append(step)
    if hidden:
        label = f"{len(hidden)} parts that your role does not show one by one"
        shown.append(Step(hidden[0].rule, label, sum(step.effect for step in hidden)))
    return shown


def _step_row(step: Step, unit: str) -> tuple[Cell, ...]:
    """A step; its words lead to what it takes from, whose own figure may stand here with the other sign."""
    inputs = "; ".join(f"{name} {text}" for name, text in step.inputs)
    label: Cell = Link(step.label, Figure(0, address=step.address).href) if step.address else step.label
    return (label, figure(step.effect, unit), inputs, step.rule, str(step.citation or ""))


def _ratio_rows(found: Explanation) -> list[tuple[Cell, ...]]:
    if found.ratio is None:
        return []
    parts = (("Part", found.ratio.part), ("Whole", found.ratio.whole))
    rows: list[tuple[Cell, ...]] = [(name, Figure(value), "", "", "") for name, value in parts]
    if found.ratio.less_ppm:
        rows.append(("Less", Figure(found.ratio.less_ppm, Style.PERCENT), "", "", ""))
    return rows


def _records(request: HttpRequest, viewer: Viewer, found: Explanation) -> tuple[tuple[Table, ...], dict[str, object]]:
    """The records behind the figure, a month at a time (``?records=MONTH``), for those who may see records."""
    count = sum(link.count for link in found.records)
    if not found.records:
        return (), {"record_count": 0}
    if not _may_see_records(viewer, found.records[0].place):
        return (), {"record_count": count, "why_no_records": "Your role shows no single records of care."}
    wanted = request.GET.get(MONTH_OF_RECORDS, "")
    link = next((each for each in found.records if each.month == wanted), found.records[-1])
    whole = "download" in request.GET
    pages = pager(request.GET, link.count, RECORDS_IN_A_DOWNLOAD if whole else RECORDS_ON_A_PAGE)
    shown = monitoring.records(link, pages.number, pages.size)
    months = [(each.month, Month.parse(each.month).name) for each in found.records]
    context = {"record_count": count, "pager": pages, "months": months, "record_month": link.month}
    return (_records_table(link, shown, pages),), context


def _may_see_records(viewer: Viewer, place: str) -> bool:
    return access.may_explain(viewer, f"price/{place}/month/stream/file/1") is Decision.ALLOW


def _records_table(link: RecordsLink, shown: monitoring.RecordsPage, pages: Pager) -> Table:
    names = ("provider", "practice", "unit", "pod", "hrg", "status")
    titles = ("Record", "Provider", "Practice", "Unit", "Point of delivery", "Group", "Status")
    columns = [*(tables.text(title) for title in titles), tables.number("Charge", "£"), tables.number("Price", "£")]
    rows: list[list[Cell]] = [
        [
            f"{row['stream']} {row['file']} line {row['line']}",
            *(row[name] or "" for name in names),
            None if row["charge"] is None else Figure(row["charge"], Style.PENCE),
            _price(row["price"], row["address"]),
        ]
        for row in shown.rows
    ]
    caption = f"Records of {Month.parse(link.month).name}: {pages.first:,} to {pages.last:,} of {pages.total:,}"
    return tables.table("records", caption, columns, rows, cards=True)


def _price(pence: int | None, address: str) -> Cell:
    """A record's price; one that the tariff does not state leads to the reason."""
    return Link("none: why", Figure(0, address=address).href) if pence is None else Figure(pence, Style.PENCE, address)
