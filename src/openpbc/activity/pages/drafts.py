"""Sending a file on the site: choose it, see how it is read and what it would change, then decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from openpbc.activity import actions, reads
from openpbc.activity.flow.canonical import STREAM_WORDS
from openpbc.activity.flow.drafting import STAGES
from openpbc.activity.flow.layouts import layouts
from openpbc.activity.flow.receiving import Claim
from openpbc.activity.pages.draft_tables import (
    changes_table,
    columns_table,
    effect_figure,
    effect_table,
    fields_table,
    records_table,
    rules_table,
    without_price_table,
)
from openpbc.activity.pages.links import draft_href, listing_crumb, may_read_records, submission_href
from openpbc.activity.pages.mending import MAGIC, open_mended
from openpbc.activity.pages.submissions import outcome_table, reasons_table
from openpbc.activity.reads import Draft
from openpbc.activity.reads.drafts import READY, WORKING
from openpbc.kernel.csv_rows import MEGABYTE
from openpbc.kernel.periods import Month, moment_cell
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui.forms import FILE, Field, Form, choice, whole
from openpbc.ui.pages import Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.workbooks.opening import LARGEST_FILE
from openpbc.ui.writing import Writing, write

RECEIVE, CANCEL, AGAIN = "receive", "cancel", "again"
SECONDS = 2


def submission_new(request: HttpRequest, place: str, provider: str = "") -> HttpResponse:
    """Choose a file to send; what it seems to be is shown next, and nothing counts before somebody says so."""
    book = organisations.book(place)

    def act(values: Mapping[str, Any]) -> str:
        sent: UploadedFile = values["file"]
        by, name = request.viewer.actor, str(sent.name)
        actions.sweep_drafts(by=by)  # what nobody wants any more takes nobody's place
        start = sent.read(len(MAGIC))
        sent.seek(0)
        if start == MAGIC:
            return draft_href(place, provider, open_mended(by, place, provider, _whole(sent), name))
        claim = Claim(values.get("provider"), values.get("month"), values.get("layout"))
        code = actions.open_draft(
            by=by,
            place=place,
            scope=provider,
            name=name,
            content=sent.chunks(),
            claim=claim,
        )
        return draft_href(place, provider, code)

    waiting = reads.drafts(place, provider)
    writing = Writing(
        title="Send a file",
        form=_form(book, provider),
        submit="Look at the file",
        act=act,
        book=book,
        trail=(listing_crumb(place, provider),),
        lead="You see how it is read, what is wrong in it and what it would change. Nothing counts until you say so.",
        ways=tuple((f"Go on with {each.file_name}", draft_href(place, provider, each.code)) for each in waiting),
        notes=(
            f"A file that nobody receives is thrown away after {settings.DRAFT_HOURS} hours; "
            f"each person may have {settings.DRAFTS_EACH} waiting.",
        ),
    )
    return write(request, writing)


def _whole(sent: UploadedFile) -> bytes:
    what = f"the file is larger than the {LARGEST_FILE // MEGABYTE} MB that a workbook may have"
    return whole(sent, LARGEST_FILE, UserError(what, "file", "Send a CSV file, which may be larger."))


def _form(book: Book, provider: str) -> Form:
    known = layouts(book)
    titles = tuple((id, known[id].title) for id in sorted(known) if known[id].monthly or not provider)
    months = tuple((str(each), each.name) for each in book.place.year.months)
    providers = tuple((each.code, each.name) for each in organisations.providers(book.place.id))
    told, blank = "Leave it empty if the file's name or its lines tell", "As told"
    fields = [
        Field(
            "file",
            "The file",
            str,
            kind=FILE,
            hint="A CSV file in UTF-8 as its system made it, or a workbook of lines that you mended",
            required="Choose the file to send.",
        )
    ]
    if not provider:
        whose = choice("provider", "Who sent it", providers, hint=told, blank=blank)
        fields.append(whose)
    fields.append(choice("month", "Month", months, hint=told, blank=blank))
    hint = "Leave it empty to have it told by the column names"
    fields.append(choice("layout", "Layout", titles, hint=hint, blank=blank))
    return Form(tuple(fields))


def draft(request: HttpRequest, place: str, code: str, provider: str = "") -> HttpResponse:
    """A file that waits: how far its check is, then what it would change; a POST receives it, or takes it back."""
    book, shown = organisations.book(place), reads.draft(place, provider, code)
    if request.method != "POST":
        return _draft_page(request, book, shown)
    try:
        return HttpResponseRedirect(_done(request, shown))
    except UserError as problem:
        try:
            shown = reads.draft(place, provider, code)
        except UserError:
            raise problem from None  # it is gone, so there is no page to tell it on
        return _draft_page(request, book, shown, problem)


def _done(request: HttpRequest, shown: Draft) -> str:
    """Do what the button said, and give where to go."""
    by, asked = request.viewer.actor, request.POST.get("act")
    which = {"place": shown.place, "scope": shown.scope, "code": shown.code}
    if asked == CANCEL:
        actions.cancel_draft(by=by, **which)
        return listing_crumb(shown.place, shown.scope).href
    if asked == AGAIN:
        actions.check_again(by=by, **which)
        return draft_href(shown.place, shown.scope, shown.code)
    if asked == RECEIVE:
        receipt = actions.receive_draft(by=by, **which, seen=request.POST.get("present", ""))
        return submission_href(shown.place, receipt.sha256[:12], shown.scope)
    raise UserError("the form did not say what to do", do="Use one of the buttons.")


def _draft_page(request: HttpRequest, book: Book, shown: Draft, problem: UserError | None = None) -> HttpResponse:
    sees = may_read_records(request, book.place.id, shown.scope)
    page = Page(
        template="activity/draft.jinja",
        title=shown.file_name,
        book=book,
        trail=(listing_crumb(book.place.id, shown.scope),),
        tables=_tables(book, shown, sees=sees),
        facts=_facts(shown),
        rests_on=(book.table("data.checks"),),
        draft=True,
        synthetic=reads.is_synthetic(book),
        context={
            "draft": shown,
            "stages": _stages(shown),
            "frozen": _frozen(book, shown),
            "about": _about(book, shown),
            "effect": effect_figure(shown) if shown.preview else None,
            "without": sum(units for _, units in shown.preview.without_price) if shown.preview else 0,
            "sees": sees,
            "problems": [{"text": problem.sentence, "href": "#decide"}] if problem else [],
            "refreshes": shown.state == WORKING and "still" not in request.GET,
        },
        status=getattr(problem, "status", 422) if problem else 200,
    )
    response = respond(request, page)
    if page.context["refreshes"] and "download" not in request.GET:
        response.headers["Refresh"] = str(SECONDS)
    return response


def _tables(book: Book, shown: Draft, *, sees: bool) -> tuple[Table, ...]:
    looked = (columns_table(shown.look, values=sees),) if shown.look else ()
    preview = shown.preview
    if shown.state != READY or preview is None:
        return looked
    compared = (records_table(preview), fields_table(preview)) if preview.records else ()
    changes = (changes_table(preview),) if preview.records and sees else ()
    priced = (effect_table(book, shown),) if preview.runs[1] else ()
    unpriced = (without_price_table(book, preview),) if preview.without_price else ()
    checked = (outcome_table(preview), reasons_table(book, preview), rules_table(book, preview))
    return (*checked, *compared, *changes, *priced, *unpriced, *looked)


def _stages(shown: Draft) -> list[tuple[str, str]]:
    """Each stage of the check with how far it is."""
    if shown.state != WORKING:
        return []
    names = list(STAGES)
    at = names.index(shown.stage) if shown.stage in names else 0
    states = ["done"] * at + ["under way"] + ["waits"] * len(names)
    return list(zip(STAGES.values(), states, strict=False))


def _about(book: Book, shown: Draft) -> str:
    """What the file is: the check's word where there is one, the first look's before."""
    known = shown.preview or shown.look
    if known is None:
        return ""
    names = {each.code: each.name for each in organisations.providers(book.place.id)}
    whose = f" of {names.get(known.provider, known.provider)}" if known.provider else ""
    named = _month(known.month)
    when = f" for {named}" if named else ""
    return f"{known.lines:,} lines of {STREAM_WORDS[known.stream]}{whose}{when}"


def _frozen(book: Book, shown: Draft) -> str:
    """Name the month that is frozen already, so that the file would wait for a decision; empty where it is not."""
    if shown.preview is None or not shown.preview.month:
        return ""
    return Month.parse(shown.preview.month).name if reads.would_wait(book, shown.preview) else ""


def _month(text: str) -> str:
    """A month by its name; empty for a text of the first lines that is none."""
    try:
        return Month.parse(text).name
    except UserError:
        return ""


def _facts(shown: Draft) -> tuple[tuple[str, str], ...]:
    facts = [
        ("File", f"{shown.file_name} (SHA-256 {shown.sha256})"),
        ("Layout", shown.look.read.title if shown.look else "not told"),
        ("Sent", f"{moment_cell(timezone.localtime(shown.made_at))} by {shown.made_by_name}"),
        ("Kept until", moment_cell(timezone.localtime(shown.ends_at))),
    ]
    if shown.preview and shown.preview.present:
        would = "Would change records of" if shown.preview.changes else "Would replace"
        facts.append((would, f"the file {shown.preview.present[:12]}"))
    if shown.mends:
        facts.append(("Made from", f"the file {shown.mends[:12]}, with {shown.mended:,} lines mended"))
    return tuple(facts)
