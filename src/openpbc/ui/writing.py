"""Forms that write: the form, then "check your answers", then the act, then a redirect to what it made.

A view is one call of :func:`write`. Mistakes bring the form back with each told beside its field; what cannot be undone
is shown before it is done. Everything works by keyboard and without JavaScript, and the key that every form carries
makes a form sent twice count once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from openpbc import audit
from openpbc.kernel.problems import Stale, UserError
from openpbc.rulebook.reader import Book
from openpbc.ui.figures import Cell
from openpbc.ui.forms import Answer, Form
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table

FORM, CHECK = "openpbc/write.jinja", "openpbc/check_answers.jinja"
CONFIRMED, CHANGE = "confirmed", "change"


@dataclass(frozen=True)
class Checked:
    """What a person is shown before something is done for good: answers by name, what it will do, what to beware of."""

    rows: tuple[tuple[str, Cell], ...]
    consequences: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Writing:
    """A form that writes.

    ``act`` gets the values that were read and returns the address to go to. ``check`` gives what to show first; without
    it the act follows at once, which is right only for what can be undone. ``first`` is what stands in the fields when
    the form is opened. ``ways`` lead to what else may be done, as pairs of text and address. ``narrow`` is a form that
    asks (GET), shown first where a list of choices is too long to go through: its answer stays in the address. ``kept``
    says why it cannot be done, by this person or yet: it is told in place of the fields, before anybody fills them in.
    The act still refuses by itself what comes without the form.
    """

    title: str
    form: Form
    submit: str
    act: Callable[[Mapping[str, Any]], str]
    check: Callable[[Mapping[str, Any]], Checked] | None = None
    book: Book | None = None
    trail: tuple[Crumb, ...] = ()
    lead: str = ""
    first: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    ways: tuple[tuple[str, str], ...] = ()
    narrow: Answer | None = None
    kept: str = ""


def write(request: HttpRequest, writing: Writing) -> HttpResponse:
    """Answer a GET with the form, a POST with the form again, the check, or the redirect after the act."""
    if request.method != "POST":
        asked = {name: str(value) for name, value in request.GET.items()}
        answer = writing.form.filled(dict(writing.first) | asked)
        return _form(request, writing, answer, 200, kept=writing.kept)
    answer = writing.form.read(request.POST, request.FILES)
    if answer.errors:
        return _form(request, writing, answer, 422)
    if request.POST.get(CHANGE):
        return _form(request, writing, answer, 200)
    try:
        if writing.check is not None and request.POST.get(CONFIRMED) != "yes":
            return _check(request, writing, answer, writing.check(answer.values))
        return HttpResponseRedirect(writing.act(answer.values))
    except UserError as problem:
        keep_refused(request, problem)
        refused = answer.refused(problem)
        if isinstance(problem, Stale):  # the sentence has told what changed, so the form now carries what there is
            refused = refused.renewed(writing.first)
        return _form(request, writing, refused, getattr(problem, "status", 422))


def keep_refused(request: HttpRequest, problem: UserError) -> None:
    """Let the log keep a refusal that counts and that no action kept: it came before one ran."""
    if problem.kept and not hasattr(problem, "refused"):
        route = request.resolver_match.view_name if request.resolver_match else ""
        told = {"by": request.viewer.actor, "what": route, "subject": request.path, "sentence": problem.sentence}
        problem.refused = told | {"event_id": audit.refused(**told)}  # type: ignore[attr-defined]


def _form(request: HttpRequest, writing: Writing, answer: Answer, status: int, kept: str = "") -> HttpResponse:
    context = {"writing": writing, "answer": answer, "kept": kept}
    page = Page(FORM, writing.title, writing.book, writing.trail, tables=writing.tables, context=context, status=status)
    return respond(request, page)


def _check(request: HttpRequest, writing: Writing, answer: Answer, checked: Checked) -> HttpResponse:
    context = {"writing": writing, "answer": answer, "checked": checked}
    page = Page(CHECK, f"Check: {writing.title}", writing.book, writing.trail, tables=checked.tables, context=context)
    return respond(request, page)
