"""Forms on what is settled around the budgets: marking a step, replying, stating the deposit, sending, closing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import actions
from openpbc.finance.pages.budget_sets import budgets_crumb
from openpbc.finance.pages.settlement import evidence_of, pack_scenarios
from openpbc.finance.reads import scenario_library
from openpbc.finance.reads.checklist import DONE, OPEN, WAIVED, checklist
from openpbc.finance.reads.contradictions import check_reason, of_deposit, of_submission, sendable
from openpbc.finance.reads.deposits import AGREED, STATUSES, DepositState, deposit_matter, deposit_states
from openpbc.finance.reads.plan_versions import BOOK, Version, scenario_title
from openpbc.finance.reads.questions import open_question
from openpbc.finance.reads.replies import ANSWERS, Replies, replies
from openpbc.finance.reads.scenarios import FairShares, Settings, fair_shares
from openpbc.finance.reads.stating import check_deposit_seen, check_submission_seen
from openpbc.finance.reads.submissions import Submission, deposit_of, plan_submissions
from openpbc.finance.rules.contradictions import Contradiction
from openpbc.governance import reads as governance
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import forms
from openpbc.ui.figures import Cell
from openpbc.ui.forms import AREA, HIDDEN, Field, Form, choice
from openpbc.ui.pages import Crumb
from openpbc.ui.writing import Checked, Writing, write

SEEN = Field("seen", "Seen", forms.whole_number, kind=HIDDEN, required="Open the page again.")
NO_MEETING = (
    "No meeting on it is recorded yet; the secretary or chair of a committee records it from the minutes. Until then "
    "it can be stated as proposed or assumed."
)
VERSIONS = "A draft can still change: submit it as a plan before it is recorded as sent"
OWN = "Empty for the scenario's own"
ON = Field("on", "On", forms.day, "As 25 March 2008", required="Give the day.", width="10")


def _area(name: str, label: str, required: str = "", hint: str = "") -> Field:
    return Field(name, label, forms.lines, hint, kind=AREA, longest=2000, required=required)


def _crumb(book: Book, text: str, route: str) -> Crumb:
    return Crumb(text, reverse(route, args=[book.place.id]))


def mark_step(request: HttpRequest, place: str, task: str) -> HttpResponse:
    """Mark a next step open, done or waived."""
    book = open_book(place)
    found = checklist(book)
    known = None if isinstance(found, NotSet) else next((each for each in found if each.code == task), None)
    if known is None:
        raise UserError(f"there is no step '{task[:40]}'", do="Choose one from the checklist.")
    states = ((DONE, "Done"), (WAIVED, "Waived: the budgets may go on without it"), (OPEN, "Open"))

    def act(values: Mapping[str, Any]) -> str:
        actions.mark_task(by=request.viewer.actor, place=place, task=task, **values)
        return reverse("finance:checklist", args=[place])

    writing = Writing(
        title="Mark a step",
        form=Form((choice("state", "State", states, "Choose the state."), _area("reason", "Reason"), SEEN)),
        submit="Mark it",
        act=act,
        book=book,
        trail=(budgets_crumb(book), _crumb(book, "Next steps", "finance:checklist")),
        lead=known.step,
        first={"state": known.state, "reason": known.reason, "seen": str(known.number)},
        notes=tuple(each for each in (evidence_of(book, known.evidence), "A waiver needs a reason.") if each),
    )
    return write(request, writing)


def reply(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """Say for a group whether a scenario (``?scenario=``) gives it enough."""
    book = open_book(place)
    asked = request.POST.get("scenario") or request.GET.get("scenario", "")
    found = replies(book, asked)
    if not isinstance(found, Replies):
        raise found.problem
    known = found.of(unit)
    answers = tuple((each, each.capitalize()) for each in ANSWERS)

    def act(values: Mapping[str, Any]) -> str:
        actions.reply_on_funding(by=request.viewer.actor, place=place, unit=unit, **values)
        return f"{reverse('finance:replies', args=[place])}?scenario={found.scenario}"

    fields = (
        choice("scenario", "Scenario", pack_scenarios(book), "Choose the scenario."),
        choice("answer", "The funding is", answers, "Choose an answer."),
        Field("pence", "By how much", forms.pounds_and_pence, "Empty when it is right", prefix="£", width="10"),
        _area("reason", "Reason", "Say why, so that finance can act on it."),
        SEEN,
    )
    first = {"scenario": found.scenario, "answer": known.answer, "reason": known.reason, "seen": str(known.number)}
    first["pence"] = pounds(known.pence).removeprefix("£") if known.pence is not None else ""
    writing = Writing(
        title=f"{known.name}: is the funding enough?",
        form=Form(fields),
        submit="Send the reply",
        act=act,
        book=book,
        trail=(budgets_crumb(book), _crumb(book, "Replies", "finance:replies")),
        lead=f"Look at your {book.word('group_budget')} under the scenario, and say whether it fits your plans.",
        first=first,
        notes=("Everybody who plans can read the reply. You may reply again; earlier replies stay in the log.",),
    )
    return write(request, writing)


def state_deposit(request: HttpRequest, place: str) -> HttpResponse:
    """State the deposit as proposed, assumed or agreed."""
    book = open_book(place)
    met = [each for each in governance.decisions(place, deposit_matter(book)) if each.stands]
    meetings = tuple((str(each.id), f"{each.when.name}, minute {each.minute}") for each in met)
    statuses = tuple((each, each.capitalize()) for each in STATUSES)

    def act(values: Mapping[str, Any]) -> str:
        decision = int(values["decision"]) if "decision" in values else None
        actions.state_deposit(by=request.viewer.actor, place=place, **{**values, "decision": decision})
        return reverse("finance:deposit", args=[place])

    fields = (
        choice("status", "Status", statuses, "Choose the status."),
        Field("pence", "Deposit", forms.thousand_pounds, prefix="£000", width="10", required="Give the sum."),
        choice("scenario", "Scenario", pack_scenarios(book), "Choose the scenario."),
        ON,
        choice("decision", "Record of the meeting", meetings),
        _area("reason", "Reason"),
        _area(
            "waiver",
            "Why without every reply",
            hint=f"Only when it is agreed before every {book.word('group')} replied",
        ),
        SEEN,
    )
    writing = Writing(
        title="State the deposit",
        form=Form(fields),
        submit="State it",
        act=act,
        check=lambda values: _deposit_check(book, values, dict(meetings)),
        book=book,
        first={"seen": _latest(deposit_states(book))},
        trail=(budgets_crumb(book), _crumb(book, "Deposit", "finance:deposit")),
        lead=f"Agreed needs the record of a meeting and every {book.word('group')}'s reply, or a reason without it.",
        notes=() if meetings else (NO_MEETING,),
        ways=() if meetings else _recording(request, book),
    )
    return write(request, writing)


def _recording(request: HttpRequest, book: Book) -> tuple[tuple[str, str], ...]:
    """The way to record a meeting on the deposit, for those who may."""
    place = book.place.id
    if not request.may("governance:record", place=place):
        return ()
    title = f"The {book.word('deposit')} of {book.place.year.label}"
    query = urlencode({"matter": deposit_matter(book), "title": title})
    return (("Record a meeting on it", f"{reverse('governance:record', args=[place])}?{query}"),)


def _deposit_check(book: Book, values: Mapping[str, Any], meetings: Mapping[str, str]) -> Checked:
    check_deposit_seen(book, values["seen"])
    odd = of_deposit(book, Settings(values["scenario"]), values["pence"])
    check_reason(odd, values.get("reason", ""), "reason", "pence")
    found = replies(book, values["scenario"])
    missing = [] if isinstance(found, NotSet) else [each.name for each in found.missing]
    rows: tuple[tuple[str, Cell], ...] = (
        ("Status", values["status"].capitalize()),
        ("Deposit", pounds(values["pence"])),
        ("Scenario", dict(pack_scenarios(book))[values["scenario"]]),
        ("On", day_text(values["on"])),
        ("Meeting", meetings.get(values.get("decision", ""), "none")),
        ("Reason", values.get("reason", "")),
    )
    unheard = values["status"] == AGREED and missing
    warnings = (*_told(odd), *((f"No reply yet from {', '.join(missing)}.",) if unheard else ()))
    return Checked(rows, ("The statement stays; only a later one can take its place.",), warnings)


def _told(odd: Iterable[Contradiction]) -> tuple[str, ...]:
    """Contradictions that a reason allows, as warnings above the button."""
    return tuple(f"{each.sentence}; the reason is kept with it." for each in odd)


def _latest(stated: Sequence[DepositState | Submission]) -> str:
    """The number of the latest statement, which the form then carries."""
    return str(stated[0].number if stated else 0)


def send(request: HttpRequest, place: str) -> HttpResponse:
    """Record a draft of the plan sent to the regional body; it names its scenario."""
    book = open_book(place)
    scenarios = tuple((each.code, each.title) for each in scenario_library.choices(book))
    versions = tuple((each.key, _version_name(each)) for each in sendable(book))

    def act(values: Mapping[str, Any]) -> str:
        sent = {name: values[name] for name in ("on", "seen", "deposit", "basis") if name in values}
        actions.submit_to_region(
            by=request.viewer.actor,
            place=place,
            scenario=_settings(_shared(book, values)).query,
            plan_version=_version_number(values),
            **{"deposit": None} | sent,
        )
        return reverse("finance:submissions", args=[place])

    fields = (
        choice("scenario", "Scenario", scenarios, "Choose the scenario on which the draft rests."),
        choice("plan_version", "Plan version", versions, "Choose the version that was sent.", VERSIONS),
        Field("deposit", "Deposit assumed", forms.thousand_pounds, OWN, prefix="£000", width="10"),
        ON,
        _area("basis", "Basis", hint="Where the papers contradict each other, say which passage it follows"),
        SEEN,
    )  # fmt: skip
    body = book.word("regional_body")
    writing = Writing(
        title=f"Record a draft sent to the {body}",
        form=Form(fields),
        submit="Record it",
        act=act,
        check=lambda values: _sent_check(book, values, dict(versions)),
        book=book,
        trail=(budgets_crumb(book), _crumb(book, f"Sent to the {body}", "finance:submissions")),
        lead=f"The {body} sees which scenario, version and deposit stand behind each draft.",
        first={"seen": _latest(plan_submissions(book))},
    )
    return write(request, writing)


def _version_name(each: Version) -> str:
    return f"{each.name} ({each.facts.state})" if each.facts else each.name


def _version_number(values: Mapping[str, Any]) -> int | None:
    """The number of the version that was chosen; none for the plan as published."""
    return None if values["plan_version"] == BOOK else int(values["plan_version"])


def _shared(book: Book, values: Mapping[str, Any]) -> FairShares:
    """What the scenario that was chosen comes to; a gap names the file to fill."""
    found = fair_shares(book, scenario_library.choice(book, values["scenario"]).settings)
    if isinstance(found, NotSet):
        raise found.problem
    return found


def _settings(found: FairShares) -> Settings:
    """The settings by which the record names the scenario."""
    return replace(found.settings, scenario=found.scenario.code)


def _sent_check(book: Book, values: Mapping[str, Any], versions: Mapping[str, str]) -> Checked:
    check_submission_seen(book, values["seen"])
    shared = _shared(book, values)
    settings, assumed = _settings(shared), values.get("deposit", deposit_of(book, shared))
    odd = of_submission(book, settings, _version_number(values), assumed)
    check_reason(odd, values.get("basis", ""), "basis", "deposit")
    rows: tuple[tuple[str, Cell], ...] = (
        ("Scenario", scenario_title(book, settings.query)),
        ("Plan", versions[values["plan_version"]]),
        ("Deposit assumed", f"{pounds(assumed)}{'' if 'deposit' in values else ', the scenario’s own'}"),
        ("Sent on", day_text(values["on"])),
        ("Basis", values.get("basis", "")),
    )
    return Checked(rows, ("The record stays as it is; a later draft is a record of its own.",), _told(odd))


def close_question(request: HttpRequest, place: str, question: str) -> HttpResponse:
    """Close an open question on the published figures with the answer or a reason."""
    book = open_book(place)
    known = open_question(book, question)

    def act(values: Mapping[str, Any]) -> str:
        actions.close_question(by=request.viewer.actor, place=place, question=question, reason=values["reason"])
        return reverse("finance:checks", args=[place]) + "#table-questions"

    writing = Writing(
        title=f"Close question {known.code}",
        form=Form((_area("reason", "Answer, or why it is closed", "Say what the answer is, or why it is closed."),)),
        submit="Close it",
        act=act,
        check=lambda values: Checked(
            (("Question", known.question), ("Answer", values["reason"])),
            ("It stays on the list as closed, with your name and the reason.",),
        ),
        book=book,
        trail=(_crumb(book, "Printed against recomputed", "finance:checks"),),
        lead=known.question,
        notes=(f"Until now: {known.assumed}",),
    )
    return write(request, writing)
