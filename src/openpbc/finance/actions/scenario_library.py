"""Saving scenarios, rewording them and withdrawing them. The pack's own are not touched by any of it."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.finance.actions.posting import one_writer
from openpbc.finance.models import SavedScenario, ScenarioRevision
from openpbc.finance.reads.comparing import published
from openpbc.finance.reads.scenario_library import code_of, read_code
from openpbc.finance.reads.scenarios import fair_shares
from openpbc.finance.reads.settings import Settings
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

FINANCE = "finance_manager"
LONGEST_TITLE = 120


@audit.action("finance.save_scenario")
def save_scenario(*, by: Actor, place: str, title: str, query: str, note: str = "") -> str:
    """Give settings a name under which everybody finds them; saving the same once more changes nothing. Its code."""
    book = organisations.book(place)
    settings = _settings(book, query)
    title = _title(book, title)
    year = str(book.place.year)
    one_writer(place, year)
    known = SavedScenario.objects.filter(place=place, year=year, withdrawn=False, folded=title.casefold()).first()
    if known is not None:
        if known.revisions.get(revision=known.revision).query == settings.query:
            audit.nothing_changed()
            return code_of(known.number)
        raise _taken(title)
    number = SavedScenario.objects.filter(place=place, year=year).count() + 1
    facts = {"place": place, "year": year, "folded": title.casefold(), "made_by_id": by.id}
    try:
        with transaction.atomic():
            row = SavedScenario.objects.create(number=number, **facts)
    except IntegrityError as problem:
        raise _taken(title) from problem
    _word(by, row, title, note, settings.query)
    code = code_of(number)
    audit.note(subject=f"scenario/{place}/{code}", after={"title": title, "query": settings.query})
    return code


@audit.action("finance.change_scenario")
def change_scenario(
    *, by: Actor, place: str, code: str, revision: int, title: str, query: str, note: str = "", reason: str = ""
) -> int:
    """Reword a saved scenario, or change its settings; ``revision`` is the one that was looked at. The new revision.

    The wording before stays readable for whoever named it.
    """
    book = organisations.book(place)
    settings = _settings(book, query)
    title = _title(book, title)
    row = _row(by, book, code)
    before = row.revisions.get(revision=row.revision)
    if row.revision == revision and (before.title, before.note, before.query) == (title, note, settings.query):
        audit.nothing_changed()
        return revision
    _move_on(row, revision, {"folded": title.casefold()}, title)
    _word(by, row, title, note, settings.query, reason=reason)
    audit.note(
        subject=f"scenario/{place}/{code}",
        before={"title": before.title, "note": before.note, "query": before.query},
        after={"title": title, "note": note, "query": settings.query},
        reason=reason,
    )
    return row.revision


@audit.action("finance.withdraw_scenario")
def withdraw_scenario(*, by: Actor, place: str, code: str, revision: int, reason: str) -> None:
    """Take a saved scenario off the list; those who named it can still read it."""
    if not reason.strip():
        raise UserError("withdrawing a scenario needs a reason", where="reason", do="Say why in a few words.")
    row = _row(by, organisations.book(place), code)
    before = row.revisions.get(revision=row.revision)
    _move_on(row, revision, {"withdrawn": True}, before.title)
    _word(by, row, before.title, before.note, before.query, withdrawn=True, reason=reason)
    audit.note(
        subject=f"scenario/{place}/{code}", before={"withdrawn": False}, after={"withdrawn": True}, reason=reason
    )


def _settings(book: Book, query: str) -> Settings:
    """Read the settings, and work them out once: what cannot be worked out is not saved."""
    settings = Settings.parse(query)
    found = fair_shares(book, settings)
    if isinstance(found, NotSet):
        raise found.problem
    return found.settings


def _title(book: Book, title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise UserError("a scenario needs a name", where="title", do="Say in a few words what it is.")
    if len(title) > LONGEST_TITLE:
        raise UserError(f"the name is longer than {LONGEST_TITLE} characters", where="title", do="Shorten it.")
    if title.casefold() in {each.title.casefold() for each in published(book)}:
        raise _taken(title)
    return title


def _taken(title: str) -> UserError:
    return UserError(f"there is a scenario '{title[:60]}' already", where="title", do="Give this one another name.")


def _row(by: Actor, book: Book, code: str) -> SavedScenario:
    place, year = book.place.id, str(book.place.year)
    if code in {each.code for each in published(book)}:
        raise UserError(
            "a scenario of the papers cannot be changed", do="Save a what-if on it under a name of its own."
        )
    number, _ = read_code(code)
    row = SavedScenario.objects.filter(place=place, year=year, number=number).first()
    if row is None:
        raise UserError(f"there is no saved scenario '{code[:40]}'", do="Choose one from the list.")
    if row.withdrawn:
        raise UserError(f"scenario '{code[:40]}' was withdrawn", do="Save it anew if it is wanted again.")
    if by.id not in (row.made_by_id, SYSTEM.id) and not by.has(FINANCE):
        raise UserError("only who saved a scenario and finance may change it", do="Save your own beside it.")
    return row


def _move_on(row: SavedScenario, seen: int, changes: dict[str, object], title: str) -> None:
    """Step to the next revision if nobody else did since; the loser is told who did what and when."""
    try:
        with transaction.atomic():
            moved = SavedScenario.objects.filter(pk=row.pk, revision=seen).update(revision=seen + 1, **changes)
    except IntegrityError as problem:
        raise _taken(title) from problem
    if not moved:
        row.refresh_from_db()
        last = row.revisions.get(revision=row.revision)
        did = "withdrew it" if last.withdrawn else f"changed it to '{last.title}'"
        at = timezone.localtime(last.at).strftime("%d %B %Y at %H:%M")
        raise Stale(f"{last.by_name} {did} on {at}, after you had opened it", do="Open it again.")
    row.revision = seen + 1


def _word(
    by: Actor, row: SavedScenario, title: str, note: str, query: str, *, withdrawn: bool = False, reason: str = ""
) -> None:
    ScenarioRevision.objects.create(
        scenario=row,
        revision=row.revision,
        title=title,
        note=note.strip(),
        query=query,
        withdrawn=withdrawn,
        reason=reason.strip(),
        by_id=by.id,
        by_name=by.name,
        at=timezone.now(),
    )
