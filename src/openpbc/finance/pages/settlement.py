"""What is settled around the budgets, for reading: next steps, replies of the groups, the deposit, submissions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.finance.pages.budget_sets import budgets_crumb
from openpbc.finance.pages.printed import money
from openpbc.finance.reads import plan_versions as plans
from openpbc.finance.reads.checklist import DEPOSIT, DONE, OPEN, REPLIES, STEPS, WAIVED, Task, checklist
from openpbc.finance.reads.comparing import published
from openpbc.finance.reads.deposits import (
    AGREED,
    DepositState,
    deposit_matter,
    deposit_states,
    deposit_terms,
    published_deposits,
)
from openpbc.finance.reads.questions import Question, questions
from openpbc.finance.reads.replies import REPLY, Replies, Reply, asked_about, replies
from openpbc.finance.reads.submissions import Submission, plan_submissions
from openpbc.governance import reads as governance
from openpbc.kernel.periods import day_text, moment_cell
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Style, Tag, status_tag
from openpbc.ui.pages import Page, capital, respond
from openpbc.ui.tables import Table

TASK_TAGS = {OPEN: Tag("open", "orange"), DONE: Tag("done", "green"), WAIVED: Tag("waived", "yellow")}
ANSWER_COLOURS = {"too low": "orange", "right": "green", "too high": "blue"}
DEPOSIT_COLOURS = {"proposed": "blue", "assumed": "yellow", AGREED: "green"}


def when(at: datetime | None) -> str:
    """A moment as people write it."""
    return moment_cell(timezone.localtime(at)) if at else ""


def who_and_when(by: str, at: datetime | None) -> str:
    """Who stated something, and when."""
    return f"{by}, {when(at)}" if at else ""


def steps(request: HttpRequest, place: str) -> HttpResponse:
    """The next steps before the budgets come into force, with what the program itself knows of each."""
    book = open_book(place)
    found = checklist(book)
    listed = () if isinstance(found, NotSet) else found
    may_mark = request.may("finance:checklist-task", place=place, task="x")
    page = Page(
        template="finance/checklist.jinja",
        title="Next steps before the budgets are approved",
        book=book,
        trail=(budgets_crumb(book),),
        tables=(steps_table(book, listed, may_mark=may_mark),),
        rests_on=(book.table(STEPS),),
        context={
            "count": len(listed),
            "open": len([task for task in listed if task.state == OPEN]),
            "questions": questions_left(book),
        },
    )
    return respond(request, page)


def steps_table(book: Book, listed: Iterable[Task], *, may_mark: bool) -> Table:
    """Steps one a row."""
    rows = [_step_row(book, task, may_mark) for task in listed]
    titles = ("Step", "Who", "State", "Why", "Marked by", "What is known", *(("Mark",) if may_mark else ()))
    path = book.table(STEPS).path
    return tables.table(
        "steps", "Next steps", [tables.text(title) for title in titles], rows, cards=True, empty=f"Fill in {path}."
    )


def _step_row(book: Book, task: Task, may_mark: bool) -> list[Cell]:
    told = task.reason if task.by_hand else "Closed by the decision that puts a budget set in force."
    row: list[Cell] = [
        task.step,
        capital(book.word(task.who)),
        TASK_TAGS[task.state],
        told,
        who_and_when(task.by, task.at),
        evidence_of(book, task.evidence),
    ]
    if may_mark:
        at = reverse("finance:checklist-task", args=[book.place.id, task.code])
        row.append(Link("Mark", f"{at}?seen={task.number}") if task.by_hand else "")
    return row


def evidence_of(book: Book, kind: str) -> str:
    """Say what the program knows of a step: who has replied, and how the deposit stands."""
    if kind == REPLIES:
        found = [replies(book, code) for code, _ in pack_scenarios(book)]
        told = [f"{each.count} for {each.title}" for each in found if not isinstance(each, NotSet)]
        return f"Replies: {'; '.join(told)}" if told else ""
    if kind == DEPOSIT:
        states = deposit_states(book)
        return f"The deposit is {states[0].status}." if states else "No status of the deposit is recorded."
    return ""


def questions_left(book: Book) -> int:
    """How many questions on the published figures are open."""
    found = questions(book)
    return 0 if isinstance(found, NotSet) else len([each for each in found if each.is_open])


def replies_page(request: HttpRequest, place: str) -> HttpResponse:
    """What each group says of its funding under a scenario (``?scenario=``), and who has not replied."""
    book = open_book(place)
    asked = request.GET.get("scenario", "") or asked_about(book)
    found = replies(book, asked)
    shown = (replies_table(request, book, found),) if isinstance(found, Replies) else ()
    page = Page(
        template="finance/replies.jinja",
        title="Is the funding enough?",
        book=book,
        trail=(budgets_crumb(book),),
        tables=shown,
        rests_on=(book.table("finance.scenarios"),),
        context={
            "replies": found if isinstance(found, Replies) else None,
            "missing": ", ".join(each.name for each in found.missing) if isinstance(found, Replies) else "",
            "scenarios": _counted(book),
        },
    )
    return respond(request, page)


def _counted(book: Book) -> list[tuple[str, str, str]]:
    """Each scenario with how many have replied on it."""
    found = [replies(book, code) for code, _ in pack_scenarios(book)]
    return [(each.scenario, each.title, each.count) for each in found if isinstance(each, Replies)]


def reply_links(request: HttpRequest, book: Book, scenario: str = "") -> list[tuple[str, str]]:
    """Where the reader's own groups say whether a scenario gives them enough: words and address."""
    found = replies(book, scenario or asked_about(book))
    if isinstance(found, NotSet):
        return []
    return [
        (
            f"Reply for {each.name}: is it enough?",
            f"{_reply_page(book, each)}?scenario={found.scenario}&seen={each.number}",
        )
        for each in found.groups
        if request.may("finance:reply", place=book.place.id, unit=each.unit)
    ]


def _reply_page(book: Book, each: Reply) -> str:
    return reverse("finance:reply", args=[book.place.id, each.unit])


def pack_scenarios(book: Book) -> tuple[tuple[str, str], ...]:
    """The scenarios of the pack: code and title."""
    return tuple((each.code, each.title) for each in published(book))


def plan_choices(book: Book) -> tuple[tuple[str, str], ...]:
    """The versions of the plan: number and name."""
    found = (each.facts for each in plans.plan_versions(book.place.id, str(book.place.year)))
    return tuple((f"{each.number}", f"{each.name} ({each.state})") for each in found if each)


def replies_table(request: HttpRequest, book: Book, found: Replies) -> Table:
    """Groups one a row, each with its reply, and where its own people reply."""
    rows = [_reply_row(request, book, found, each) for each in found.groups]
    columns = [
        tables.text(capital(book.word("group"))),
        tables.text("Reply"),
        tables.number("By how much", "£"),
        tables.text("Reason"),
        tables.text("Replied by"),
        tables.text("Reply now"),
    ]
    return tables.table("replies", f"Replies: {found.title}", columns, rows, cards=True)


def _reply_row(request: HttpRequest, book: Book, found: Replies, each: Reply) -> list[Cell]:
    may = request.may("finance:reply", place=book.place.id, unit=each.unit)
    at = _reply_page(book, each)
    address = f"{REPLY}/{book.place.id}/{found.scenario}/{each.unit}"
    return [
        each.name,
        Tag(each.answer, ANSWER_COLOURS[each.answer]) if each.answer else Tag("no reply yet", "grey"),
        None if each.pence is None else Figure(each.pence, Style.POUNDS, address),
        each.reason,
        who_and_when(each.by, each.at),
        Link("Change" if each.answer else "Reply", f"{at}?scenario={found.scenario}&seen={each.number}") if may else "",
    ]


def deposit(request: HttpRequest, place: str) -> HttpResponse:
    """How the deposit stands: published sums, every statement with its meeting, and the terms."""
    book = open_book(place)
    states = deposit_states(book)
    page = Page(
        template="finance/deposit.jinja",
        title=capital(book.word("deposit")),
        book=book,
        trail=(budgets_crumb(book),),
        tables=(states_table(book, states), published_table(book), terms_table(book)),
        rests_on=(*published_deposits(book), *deposit_terms(book)),
        context={
            "status": states[0].status if states else "",
            "tag": DEPOSIT_COLOURS.get(states[0].status, "grey") if states else "grey",
            "number": states[0].number if states else 0,
            "on": states[0].on if states else None,
            "matter": deposit_matter(book),
        },
    )
    return respond(request, page)


def states_table(book: Book, states: Iterable[DepositState]) -> Table:
    """Statements on the deposit, the latest first: the first one counts."""
    titles = dict(pack_scenarios(book))
    rows = [
        [
            Tag(each.status, DEPOSIT_COLOURS[each.status]),
            day_text(each.on),
            Figure(each.pence, Style.POUNDS, each.address),
            titles.get(each.scenario, each.scenario),
            _meeting(book, each),
            f"Without every reply: {each.waiver}" if each.waiver else each.reason,
            who_and_when(each.by, each.at),
        ]
        for each in states
    ]
    columns = [
        tables.text("Status"),
        tables.text("On"),
        tables.number("Deposit", "£", additive=False),
        *(tables.text(title) for title in ("Scenario", "Meeting", "Reason", "Stated by")),
    ]
    empty = "Nobody has stated how the deposit stands. What the papers say is below."
    return tables.table("states", "Status", columns, rows, cards=True, empty=empty)


def _meeting(book: Book, each: DepositState) -> Cell:
    if each.decision is None:
        return ""
    decided = governance.decision(each.decision, book.place.id)
    words = f"{decided.when.name}, minute {decided.minute}"
    return Link(words, reverse("governance:decision", args=[book.place.id, decided.id]))


def published_table(book: Book) -> Table:
    """The sums that the papers name."""
    rows: list[list[Cell]] = [
        [
            found.meaning,
            Missing(found.path) if isinstance(found, NotSet) else _sum(book, found),
            status_tag(found.status),
        ]
        for found in published_deposits(book)
    ]
    columns = [
        tables.text("What the papers say"),
        tables.number("Deposit", "£000", additive=False),
        tables.text("Status"),
    ]
    return tables.table("published", "As published", columns, rows, cards=True)


def _sum(book: Book, found: Value) -> Figure:
    return money(found.pence, f"finance/{book.place.id}/value/{found.id}/value")


def terms_table(book: Book) -> Table:
    """The terms on which the deposit comes back."""
    rows: list[list[Cell]] = [
        [found.meaning, Missing(found.path) if isinstance(found, NotSet) else found.text]
        for found in deposit_terms(book)
    ]
    columns = [tables.text("Term"), tables.text("Agreed")]
    return tables.table("terms", "Terms", columns, rows, cards=True)


def submissions(request: HttpRequest, place: str) -> HttpResponse:
    """Which scenario stands behind each draft that was sent to the regional body."""
    book = open_book(place)
    found = plan_submissions(book)
    page = Page(
        template="finance/submissions.jinja",
        title=f"Sent to the {book.word('regional_body')}",
        book=book,
        trail=(budgets_crumb(book),),
        tables=(submissions_table(book, found),),
        context={"number": found[0].number if found else 0, "open": _open_about(book, "submissions")},
    )
    return respond(request, page)


def _open_about(book: Book, page: str) -> tuple[Question, ...]:
    found = questions(book)
    return () if isinstance(found, NotSet) else tuple(each for each in found if each.is_open and each.about == page)


def submissions_table(book: Book, found: Iterable[Submission]) -> Table:
    """Submissions one a row, the latest first."""
    known = dict(plan_choices(book))
    rows: list[list[Cell]] = [
        [
            f"{each.number}",
            day_text(each.on),
            Link(each.title, reverse("finance:fair-shares", args=[book.place.id]) + f"?{each.settings}"),
            known.get(f"{each.plan_version}", "As published"),
            money(each.deposit, each.address),
            each.basis,
            who_and_when(each.by, each.at),
        ]
        for each in found
    ]
    columns = [
        *(tables.text(title) for title in ("Draft", "Sent on", "Scenario", capital(book.word("plan")))),
        tables.number("Deposit assumed", "£000", additive=False),
        tables.text("Basis"),
        tables.text("Recorded by"),
    ]
    empty = "No draft is recorded as sent."
    return tables.table("submissions", "Drafts sent", columns, rows, cards=True, empty=empty)
