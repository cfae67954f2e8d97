"""What was received: every file, and what was found in each, by rule and by row."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.activity import reads
from openpbc.activity.flow.drafting import Preview
from openpbc.activity.flow.persons import is_identifiable
from openpbc.activity.pages.links import (
    draft_href,
    href,
    listing_crumb,
    may_read_identities,
    may_read_records,
    submission_href,
)
from openpbc.activity.reads import WAITING, Checked, Draft, Due, RuleCount, Submission
from openpbc.kernel.findings import Finding
from openpbc.kernel.periods import Month, day_text, moment_cell
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Tag
from openpbc.ui.pages import Page, respond
from openpbc.ui.paging import Pager, pager
from openpbc.ui.tables import Row, Table

STREAMS = {
    "apc": "Admitted care",
    "op": "Outpatients",
    "ae": "A&E",
    "acm": "Contract totals",
    "plcm": "Contract, patients",
    "drplcm": "Contract, drugs",
    "deplcm": "Contract, devices",
}
LEVELS = {"F": Tag("fatal", "red"), "E": Tag("error", "orange"), "W": Tag("warning", "yellow")}
FINDINGS_ON_A_PAGE = 100
FINDINGS_AT_ONCE = 1_000
# A download holds every finding of a file that has no more than this; the page says when there are more.
FINDINGS_IN_A_DOWNLOAD = 50_000
ALL = ""


def submissions(request: HttpRequest, place: str, provider: str = ALL) -> HttpResponse:
    """Every file received, newest month first; ``?month=`` keeps one month, ``?provider=`` one provider.

    In a provider's own list, its address names the provider.
    """
    book, own = organisations.book(place), provider
    asked, provider = request.GET.get("month", ALL), own or request.GET.get("provider", ALL)
    listed = reads.submissions(place, Month.parse(asked) if asked else None)
    listed = [each for each in listed if provider in (ALL, each.provider)]
    listed.sort(key=lambda each: (each.month, each.provider, each.stream, each.received_at), reverse=True)
    every = reads.submissions(place)
    sends = request.may(f"activity:{'provider-' if own else ''}submission-new", place=place, provider=own)
    page = Page(
        template="activity/submissions.jinja",
        title=f"Submissions of {dict(_names(book, {own}))[own]}" if own else "Submissions",
        book=book,
        tables=(
            submissions_table(book, listed, own),
            due_table(reads.next_due(book, own, timezone.now()) if own else ()),
        ),
        rests_on=(
            book.table("organisations.providers"),
            book.table("data.checks"),
            *((book.table("submissions.expected"), book.value("submissions.flex_working_day")) if own else ()),
        ),
        synthetic=reads.is_synthetic(book),
        context={
            "months": sorted({Month.parse(each.month) for each in every if each.month}),
            "month": asked,
            "providers": [] if own else _names(book, {each.provider for each in every if each.provider}),
            "provider": provider,
            "own": own,
            "send": href("submission-new", place, own) if sends else "",
            "log": _log(request, place, provider),
            "waiting": [(each, draft_href(place, own, each.code)) for each in _waiting(place, own, sees=sends)],
            "pager": pager(request.GET, len(listed), 60),
        },
    )
    return respond(request, page)


def _log(request: HttpRequest, place: str, provider: str) -> str:
    """The log of the provider whose files are shown, for those who may see it."""
    known = {each.code for each in organisations.providers(place)}
    if provider not in known or not request.may("activity:provider", place=place, provider=provider):
        return ""
    return reverse("activity:provider", kwargs={"place": place, "provider": provider})


def _waiting(place: str, own: str, *, sees: bool) -> list[Draft]:
    return reads.drafts(place, own) if sees else []


def state_tag(found: Submission) -> Tag:
    """What became of a file: it counts, another took its place, or it came after the freeze."""
    if not found.counts:
        return Tag(found.standing, "orange" if found.standing == WAITING else "red")
    return Tag("superseded", "grey") if found.superseded else Tag("current", "green")


def _names(book: Book, codes: set[str]) -> list[tuple[str, str]]:
    names = {each.code: each.short_name for each in organisations.providers(book.place.id)}
    return [(code, names.get(code, code)) for code in sorted(codes)]


def due_table(due: Sequence[Due]) -> Table:
    """The first month of each data set that did not come, and by when it is wanted."""
    unset = Missing(why="The rulebook gives no day for this month.")
    states = {True: Tag("overdue", "red"), False: Tag("to come", "blue")}
    rows: list[list[Cell]] = [
        [STREAMS[each.stream], each.month.name, day_text(each.by) if each.by else unset, states[each.overdue]]
        for each in due
    ]
    columns = [tables.text(title) for title in ("Data set", "Month", "Due by", "State")]
    empty = "Nothing is due: every expected file of the year came, or none is expected."
    return tables.table("due", "What is due next", columns, rows, cards=True, empty=empty)


def submissions_table(book: Book, listed: list[Submission], own: str = "") -> Table:
    """One file a row."""
    names = {each.code: each.short_name for each in organisations.providers(book.place.id)}
    columns = [
        tables.text("File"),
        tables.text("Provider"),
        tables.text("Month"),
        tables.text("Stream"),
        tables.number("Rows"),
        tables.text("Received"),
        tables.text("State"),
    ]
    rows: list[list[Cell]] = [
        [
            Link(each.file_name, submission_href(book.place.id, each.file, own)),
            names.get(each.provider, each.provider) or "no provider",
            Month.parse(each.month).name if each.month else "no month",
            STREAMS[each.stream],
            Figure(each.lines),
            _moment(each),
            state_tag(each),
        ]
        for each in listed
    ]
    empty = "No file has been received. Send one here, or receive it with 'openpbc activity receive FILE'."
    return tables.table("submissions", "Files received", columns, rows, cards=True, empty=empty)


def _moment(found: Submission) -> str:
    return moment_cell(timezone.localtime(found.arrived_at))


def submission(request: HttpRequest, place: str, sha: str, provider: str = "") -> HttpResponse:
    """One file: what became of its rows, findings by rule, and row by row (``?rule=`` keeps one rule)."""
    book, found = organisations.book(place), submission_of(place, provider, sha)
    checked = reads.checked(place, found.sha256)
    rule = request.GET.get("rule", ALL)
    total = sum(each.count for each in checked.rules if rule in (ALL, each.rule))
    pages = pager(request.GET, total, FINDINGS_ON_A_PAGE)
    listed = _findings(place, found, rule, pages, whole="download" in request.GET)
    sees = may_read_records(request, place, provider)
    values = _values(place, found, listed, identities=may_read_identities(request, place, provider)) if sees else None
    page = Page(
        template="activity/submission.jinja",
        title=found.file_name,
        book=book,
        trail=(listing_crumb(place, provider),),
        tables=(
            outcome_table(checked),
            reasons_table(book, checked),
            rules_table(checked, submission_href(place, found.file, provider)),
            findings_table(listed, values),
        ),
        facts=_facts(found),
        rests_on=(book.table("data.checks"),),
        synthetic=reads.is_synthetic(book),
        context={
            "submission": found,
            "decision": reads.late_decision(place, found.sha256),
            "checked": checked,
            "rule": rule,
            "pager": pages,
            "to_mend": _mending(place, provider, found, checked) if sees and found.current else (),
        },
    )
    return respond(request, page)


def _mending(place: str, provider: str, found: Submission, checked: Checked) -> tuple[tuple[str, str], ...]:
    """The ways to take the lines that must be mended, where there are any."""
    if not any(each.level in ("F", "E") for each in checked.rules):
        return ()
    ways = (("As a workbook to send back", "mending"), ("As CSV", "mending-lines"))
    return tuple((words, href(name, place, provider, sha=found.file)) for words, name in ways)


def submission_of(place: str, provider: str, sha: str) -> Submission:
    """Give a received file; under a provider's address only its own are there."""
    found = reads.submission(place, sha)
    if provider and found.provider != provider:
        raise Http404("This provider has no such file.")
    return found


def _facts(found: Submission) -> tuple[tuple[str, str], ...]:
    made = reads.mended_from(found.place, found.sha256)
    lineage = (("Made from", f"the file {made[0][:12]}, with {made[1]:,} lines mended"),) if made else ()
    return (
        ("File", f"{found.file_name} (SHA-256 {found.sha256})"),
        ("Layout", found.layout),
        ("Received", f"{_moment(found)} by {found.received_by}"),
        *(
            (("Holds", "changes: it replaces and deletes single records of the files before it"),)
            if found.changes
            else ()
        ),
        ("State", f"superseded by {found.superseded_by[:12]}" if found.superseded else state_tag(found).text),
        *lineage,
    )


def _findings(place: str, found: Submission, rule: str, pages: Pager, *, whole: bool) -> list[Finding]:
    if not whole:
        offset = (pages.number - 1) * pages.size
        return reads.findings(place, found.sha256, rule=rule, limit=pages.size, offset=offset)
    listed: list[Finding] = []
    for offset in range(0, min(pages.total, FINDINGS_IN_A_DOWNLOAD), FINDINGS_AT_ONCE):
        listed += reads.findings(place, found.sha256, rule=rule, limit=FINDINGS_AT_ONCE, offset=offset)
    return listed


def _values(place: str, found: Submission, listed: list[Finding], *, identities: bool) -> dict[tuple[int, str], str]:
    """What stands in the field of each finding; a field that is kept apart from the reader has none."""
    lines = sorted({each.place.line for each in listed})
    values: dict[tuple[int, str], str] = {}
    for start in range(0, len(lines), FINDINGS_AT_ONCE):
        some = lines[start : start + FINDINGS_AT_ONCE]
        for record in reads.records(place, found.sha256, some, identities=identities):
            values |= {(record["line"], name): str(value or "") for name, value in record.items()}
    return values


def outcome_table(checked: Checked | Preview) -> Table:
    """Rows = accepted + rejected + excluded."""
    columns = [tables.text("What became of the rows"), tables.number("Rows")]
    rows: list[Row] = [
        Row((words, Figure(count)))
        for words, count in (
            ("Accepted", checked.accepted),
            ("Rejected by a fatal finding", checked.rejected),
            ("Excluded by a rule", checked.excluded),
        )
    ]
    return tables.table("outcome", "Every row", columns, [*rows, Row(("Received", Figure(checked.lines)), total=True)])


def reasons_table(book: Book, checked: Checked | Preview) -> Table:
    """Why rows were rejected or excluded, in the words of the rule."""
    sentences = sentences_of(book)
    columns = [tables.text("Outcome"), tables.code("Rule"), tables.text("What it says"), tables.number("Rows")]
    rows: list[list[Cell]] = [
        [outcome, reason, sentences.get(reason, ""), Figure(lines)] for outcome, reason, lines in checked.reasons
    ]
    empty = "Every row was accepted."
    return tables.table("reasons", "Why rows were not accepted", columns, rows, cards=True, empty=empty)


def sentences_of(book: Book) -> dict[str, str]:
    """What each check says, by its code."""
    listed = book.table("data.checks")
    return {} if isinstance(listed, NotSet) else {row["code"]: row["sentence"] for row in listed}


def rules_table(checked: Checked, here: str) -> Table:
    """Findings counted by rule and field, worst first; each rule leads to its own findings on the page ``here``."""
    return counted_rules([(Link(one.rule, f"{here}?rule={one.rule}#table-findings"), one) for one in checked.rules])


def counted_rules(counted: Sequence[tuple[Cell, RuleCount]]) -> Table:
    """Findings counted by rule and field, with what stands in the place of each rule."""
    columns = [
        tables.code("Rule"),
        tables.text("Level"),
        tables.text("Field"),
        tables.text("What it says"),
        tables.number("Findings"),
    ]
    rows: list[list[Cell]] = [
        [rule, LEVELS.get(each.level, each.level), each.field, each.sentence, Figure(each.count)]
        for rule, each in counted
    ]
    return tables.table("rules", "Findings by rule", columns, rows, cards=True, empty="Nothing was found.")


def _kept_apart(finding: Finding) -> Cell:
    """What stands where a reader is not shown a field: that it is kept apart, if it tells who a person is."""
    return Tag("kept apart", "grey") if is_identifiable(finding.place.field) else ""


def findings_table(listed: list[Finding], values: dict[tuple[int, str], str] | None) -> Table:
    """Findings row by row; what stands in the field is for those who may see records."""
    columns = [tables.text("Row"), tables.code("Rule"), tables.text("Level"), tables.text("Field")]
    columns += [tables.text("In the file")] if values is not None else []
    columns.append(tables.text("What it says"))
    rows: list[list[Cell]] = []
    for each in listed:
        cells: list[Cell] = [f"{each.place.line:,}" if each.place.line else "whole file", each.rule]
        cells += [LEVELS.get(each.level.value, each.level.value), each.place.field]
        cells += [values.get((each.place.line, each.place.field), _kept_apart(each))] if values is not None else []
        rows.append([*cells, each.sentence])
    return tables.table("findings", "Findings row by row", columns, rows, cards=True, empty="Nothing was found.")
