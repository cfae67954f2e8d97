"""What the room says on a place's home page: how the year stands, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from openpbc.kernel.periods import Month, day_text
from openpbc.monitoring import reads
from openpbc.monitoring.pages.columns import cell, to_date
from openpbc.monitoring.pages.months import behind, month_href, untaken
from openpbc.monitoring.reads import MonthProgress, PositionRow, TaskFound
from openpbc.monitoring.reads.two_closers import waiting_closes
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.ui.figures import Figure, Style
from openpbc.ui.offers import Headline, Work
from openpbc.ui.pages import Page, capital

ANALYST = frozenset({"analyst"})
FINANCE = frozenset({"finance_manager"})
CONTRACTS = frozenset({"contract_manager"})
GROUPS = frozenset({"gp_lead", "practice_staff", "group_manager"})
OVER = "ytd-variance-charge"


def _latest(place: str) -> Month | None:
    closed = [each.month for each in reads.months(place) if each.published]
    return closed[-1] if closed else None


def headlines(book: Book, viewer: Viewer) -> Iterator[Headline]:
    """The hospital charge of the year so far, its distance from plan, and the forecast."""
    latest = _latest(book.place.id)
    if latest is None:
        return
    found, there = reads.position(book.place.id, latest, "month"), month_href(book, latest)
    invented = Page("", "", rests_on=behind(book)).shows_synthetic
    for title, measure in (
        ("Hospital charge to date", "ytd-actual-charge"),
        ("Against the plan to date", OVER),
        ("Forecast for the year, by profile", "profile-charge"),
    ):
        figure = cell(found.total.figures[measure], signed=measure == OVER)
        yield Headline(title, figure, to_date(latest), there, invented)


def work(book: Book, viewer: Viewer) -> Iterator[Work]:
    """Months to close, groups and providers above plan, and the reader's own units and practices."""
    place = book.place.id
    yield from _closing(book)
    yield from _second(book, viewer)
    latest = _latest(place)
    if latest is None:
        return
    yield from _above_plan(book, latest, "unit", FINANCE)
    yield from _above_plan(book, latest, "provider", CONTRACTS)
    yield from _own(book, latest, viewer)
    yield from _unsaid(book, latest, viewer)
    yield from _agreed(book, viewer)
    yield from _entering(book, latest)


def _closing(book: Book) -> Iterator[Work]:
    """Months to close or to wait for, and files that wait for a decision."""
    place, now = book.place.id, timezone.now()
    every = reads.progress(book, now)
    for each in every:
        at = {"place": place, "month": str(each.month)}
        if each.state.state == "reopened":
            yield Work(
                text=f"Close {each.month.name} again",
                reason="It was reopened; its old figures are shown until it is closed.",
                href=reverse("monitoring:close-month", kwargs=at),
                roles=ANALYST,
            )
        if each.untaken:
            yield Work(
                text=f"Take what came since into {each.month.name}",
                reason=f"{capital(untaken(each))}.",
                href=reverse("monitoring:reopen-month", kwargs=at),
                roles=ANALYST,
            )
        if each.log.waiting:
            yield Work(
                text=f"Decide on files of {each.month.name}",
                reason=f"{each.log.waiting} came after the freeze and wait for a decision.",
                href=reverse("monitoring:files", kwargs=at),
                roles=CONTRACTS,
            )
    waiting = next((each for each in every if not each.state.published), None)
    if waiting is not None:
        yield _next_month(book, waiting)


def _second(book: Book, viewer: Viewer) -> Iterator[Work]:
    """Months that somebody closed and that a second person closes as well."""
    for month, each in waiting_closes(book.place.id).items():
        mine = each.put_up_by(viewer.actor)
        other = f"{each.by} closed it; it is published when you come to the same."
        yield Work(
            text=f"Close {month.name} as the second person",
            reason="You closed it first: another information analyst closes it as well." if mine else other,
            href=reverse("monitoring:close-month", kwargs={"place": book.place.id, "month": str(month)}),
            roles=ANALYST,
            waits=mine,
        )


def _next_month(book: Book, waiting: MonthProgress) -> Work:
    log, name = waiting.log, waiting.month.name
    flex = f" Flex ends on {day_text(log.dates.flex)}." if log.dates.flex else ""
    overdue = f" {len(waiting.overdue)} are overdue." if waiting.overdue and log.came else ""
    return Work(
        text=f"Close {name}" if log.came else f"Wait for the files of {name}",
        reason=f"{log.came} of {log.due} data sets are in.{overdue}{flex}",
        href=reverse("monitoring:files", kwargs={"place": book.place.id, "month": str(waiting.month)}),
        roles=ANALYST,
    )


def _above_plan(book: Book, month: Month, by: str, roles: frozenset[str]) -> Iterator[Work]:
    rows = [row for row in reads.position(book.place.id, month, by).rows if (row.figures[OVER].value or 0) > 0]
    if not rows:
        return
    rows.sort(key=lambda row: (-(row.figures[OVER].value or 0), row.code))
    words = "budgets" if by == "unit" else book.word("providers")
    yield Work(
        text=f"Look at {len(rows)} {words} above plan",
        reason="; ".join(f"{row.name} {_gap(row)}" for row in rows[:3]) + f", {to_date(month)}.",
        href=f"{month_href(book, month)}?by={by}",
        roles=roles,
    )


def _gap(row: PositionRow) -> str:
    return Figure(row.figures[OVER].value or 0, Style.POUNDS, signed=True).text


def _own(book: Book, month: Month, viewer: Viewer) -> Iterator[Work]:
    place = book.place.id
    names = {each.code: each.name for each in organisations.units(place)}
    practices = {each.code: each for each in organisations.practices(place)}
    own_practices = [practices[code] for code in viewer.codes(place, "practice") if code in practices]
    units = dict.fromkeys([*viewer.codes(place, "unit"), *(each.unit for each in own_practices)])
    by_unit = {row.code: row for row in reads.position(place, month, "unit").rows}
    for code in units:
        row = by_unit.get(code)
        told = (
            f"Hospital care {_gap(row)} against its plan, {to_date(month)}."
            if row
            else "No activity is attributed to it."
        )
        yield Work(
            text=f"Read the budget statement of {names.get(code, code)}",
            reason=told,
            href=reverse("monitoring:unit-statement", kwargs={"place": place, "unit": code}),
            roles=GROUPS,
        )
    for practice in own_practices:
        yield Work(
            text=f"Read the budget statement of {practice.name}",
            reason=f"One page, with the figures to {month.name}.",
            href=reverse("monitoring:practice-statement", kwargs={"place": place, "practice": practice.code}),
            roles=GROUPS,
        )


def _unsaid(book: Book, month: Month, viewer: Viewer) -> Iterator[Work]:
    """A group above its plan of which its manager has not said why."""
    place = book.place.id
    units = {each.code: each for each in organisations.units(place)}
    above = {row.code: row for row in reads.position(place, month, "unit").rows if (row.figures[OVER].value or 0) > 0}
    for code in viewer.codes(place, "unit", {"group_manager"}):
        if code in above and code in units and not reads.notes(place, month, units[code].budget_line):
            yield Work(
                text=f"Say why {units[code].name} is above its plan",
                reason=f"{_gap(above[code])}, {to_date(month)}; no note is written on it yet.",
                href=reverse("monitoring:unit-note", kwargs={"place": place, "month": str(month), "unit": code}),
                roles=frozenset({"group_manager"}),
            )


def _agreed(book: Book, viewer: Viewer) -> Iterator[Work]:
    """Actions that were agreed and wait for a role: of a group only for those who stand in for it."""
    place = book.place.id
    names = reads.holders(book).groups
    for each in reads.tasks(place):
        if not each.is_open or (each.unit and not _stands_in(viewer, place, each.role, each.unit)):
            continue
        about = f" for {names[each.unit]}" if each.unit in names else ""
        yield Work(
            text=each.text,
            reason=f"Agreed on the figures of {Month.parse(each.month).name}{about}; due {day_text(each.due)}.",
            href=_ending(place, each),
            roles=frozenset({each.role}),
        )


def _stands_in(viewer: Viewer, place: str, role: str, unit: str) -> bool:
    return role not in GROUPS or viewer.owns(role, place, "unit", unit)


def _ending(place: str, task: TaskFound) -> str:
    at = {"place": place, "task": task.id}
    if task.unit:
        return reverse("monitoring:end-unit-action", kwargs={**at, "unit": task.unit})
    return reverse("monitoring:end-action", kwargs=at)


def _entering(book: Book, month: Month) -> Iterator[Work]:
    """What finance has still to enter for the last closed month."""
    gaps = [gap for gap in reads.in_year(book.place.id, month).gaps if "nothing is entered" in gap]
    if gaps:
        yield Work(
            text=f"Enter the actuals of {month.name}",
            reason=" ".join(gaps[:3]),
            href=reverse("monitoring:entries", kwargs={"place": book.place.id}),
            roles=FINANCE,
        )
