"""Every write of the room: closing a month and reopening it.

A close computes outside the database: the run is an immutable folder whose address is the hash of what it was made
from. One short transaction then makes that run the month's current one. Killed before the transaction, a close leaves
at most a folder that the next close finds again, byte for byte; killed after it, nothing is left to do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone

from openpbc import audit
from openpbc.activity import actions as activity
from openpbc.activity import reads as activity_reads
from openpbc.activity.reads import Submitted
from openpbc.contracts import reads as contracts
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month, moment_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.monitoring import reads
from openpbc.monitoring.actions import points
from openpbc.monitoring.actions.two_closers import second_needed
from openpbc.monitoring.models import MonthEvent, PublishedMonth
from openpbc.monitoring.reads import decisions
from openpbc.monitoring.reads.conservation import of_run
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.warehouse import runs
from openpbc.warehouse.engines import USUAL, Engine, name_of
from openpbc.warehouse.store import canonical_json

CLOSED, REOPENED = "closed", "reopened"
# What a basis says where no local code was mapped; months that were closed before there were mappings say nothing.
NO_CODES = ""
_WORDS = {
    "submissions": "what was received",
    "terms": "the contract terms",
    "memberships": "who belongs to which group",
    "codes": "what local codes stand for",
    "book": "the rulebook",
}


@dataclass(frozen=True)
class Closed:
    """A closed month: its run, whether it was closed before, and whether it was computed in this call.

    With ``waits`` it is computed and not published: the number is that under which it waits for a second person.
    """

    place: str
    month: Month
    run_id: str
    already: bool
    computed: bool
    submissions: int
    compared: str = ""
    point: str = ""
    waits: int = 0

    @property
    def sentence(self) -> str:
        """What to tell the person who closed."""
        if self.waits:
            return (
                f"{self.month.name} is computed (run {self.run_id}) and nothing is published yet: somebody else, who "
                "signs in, closes it as well."
            )
        if self.compared:
            return (
                f"{self.month.name} is already closed with run {self.run_id}; computed again by {self.compared}: "
                "same figures, every published row is equal."
            )
        at = f" at the {self.point}" if self.point else ""
        if self.already and self.computed:
            return f"{self.month.name} is already closed; computed again, every byte is the same (run {self.run_id})."
        if self.already:
            return f"{self.month.name} is already closed, nothing changed (run {self.run_id})."
        return f"{self.month.name} is closed{at} with run {self.run_id}, from {self.submissions} files."


@dataclass(frozen=True)
class Reopened:
    """A reopened month and the run whose figures stay visible until it is closed again."""

    place: str
    month: Month
    run_id: str


@audit.action("monitoring.close", late=True)
def close(
    *, by: Actor, place: str, month: Month, again: bool = False, point: str = "", engine: Engine = USUAL
) -> Closed:
    """Close a month: run the pipeline over what was received, and make its run the current one in one transaction.

    ``point`` closes at flex, with the files as they stood when flex was over, or at freeze, with what counts by then;
    without one the month stays at the point at which it was closed. From flex to freeze is the month's course; else a
    closed month whose basis is unchanged stays as it is (with ``again`` it is computed anew and must come out byte for
    byte the same), and one whose basis has changed must be reopened first. Under another engine than its run's a closed
    month is computed and compared, and stays as it is. Where the rulebook asks for two people, the first to close
    computes and publishes nothing; somebody else who closes the month and comes to the same publishes it.
    """
    book = organisations.book(place)
    before = PublishedMonth.objects.filter(place=place, month=str(month)).first()
    point = point or (before.point if before else "")
    at = points.moment(book, month, point, before)
    files = activity_reads.files_of(place, month, at)
    _check(book, place, month, len(files), point)
    terms = contracts.terms(place, str(month.year_of))
    rows = organisations.membership_rows(place)
    codes = activity_reads.local_codes(place, month)
    basis = _basis(book, files, terms, rows, codes)
    kept = before if before and before.state == CLOSED and not points.follows(before.point, point) else None
    if kept is not None:
        _refuse_silent_change(kept, basis, month)
        usual = name_of(runs.read(activity_reads.store(), kept.run_id).manifest["engine"])
        if engine.name not in ("", usual):
            return _compared(kept, month, terms, engine, len(files), at)
        if not again and kept.point == point:
            return Closed(place, month, kept.run_id, True, False, len(files), point=point)
        engine = replace(engine, name=usual)
    members = activity_reads.members_among(rows)
    run = activity.run(
        by=by, place=place, month=month, terms=terms, engine=engine, files=files, members=members, codes=codes
    )
    activity.measure_quality(by=by, place=place, month=month, counted=run.manifest["quality"])
    _check_kept(place, month, run.run_id)
    if kept is not None:
        _refuse_another_run(kept, run.run_id, month)
        if kept.point == point:
            return Closed(place, month, run.run_id, True, True, len(files), point=point)
    with audit.writing():
        if activity_reads.still_files_of(place, month, at) != files:
            raise _overtaken(month, "sent or decided on a file of")
        facts = {"run": run.run_id, "point": point, "basis": basis, "version": before.version if before else 0}
        waits = second_needed(by, book, month, facts, {each.provider for each in files})
        if waits:
            audit.note(subject=f"month/{place}/{month}", after={"run": run.run_id, "point": point, "waits": waits})
            return Closed(place, month, run.run_id, False, True, len(files), point=point, waits=waits)
        _publish(place, month, run.run_id, basis, point, before)
        _record(MonthEvent(place=place, month=str(month), state=CLOSED, point=point, run_id=run.run_id, by=by.name))
        if point == points.FREEZE:
            activity.freeze_month(by=by, place=place, month=month)
        audit.note(
            subject=f"month/{place}/{month}",
            before={"run": before.run_id, "state": before.state, "point": before.point} if before else None,
            after={"run": run.run_id, "state": CLOSED, "point": point, **basis},
        )
    return Closed(place, month, run.run_id, False, True, len(files), point=point)


@audit.action("monitoring.reopen")
def reopen(*, by: Actor, place: str, month: Month, reason: str, decision: int, seen: int | None = None) -> Reopened:
    """Reopen a closed month for a reason that is kept; its figures stay visible until it is closed again.

    ``decision`` is the recorded decision on this month of a body that may reopen months; each reopens once. ``seen``
    is the version of the month that the person looked at.
    """
    if not reason.strip():
        raise UserError("reopening a month needs a reason", where="reason", do="Say why.")
    before = PublishedMonth.objects.select_for_update().filter(place=place, month=str(month)).first()
    if before is None or before.state != CLOSED:
        state = "already reopened" if before else "not closed"
        raise UserError(f"{month.name} is {state}", where=place)
    if seen is not None and seen != before.version:
        raise _moved(place, month)
    found = decisions.reopening(place, month, decision)
    PublishedMonth.objects.filter(pk=before.pk).update(state=REOPENED, version=before.version + 1)
    facts = {"point": before.point, "run_id": before.run_id, "reason": reason.strip(), "decision": found.id}
    _record(MonthEvent(place=place, month=str(month), state=REOPENED, by=by.name, **facts))
    audit.note(
        subject=f"month/{place}/{month}",
        before={"run": before.run_id, "state": CLOSED},
        after={"run": before.run_id, "state": REOPENED, "decision": found.address},
        reason=reason.strip(),
    )
    return Reopened(place, month, before.run_id)


def _moved(place: str, month: Month) -> Stale:
    last = MonthEvent.objects.filter(place=place, month=str(month)).order_by("-number").first()
    told = f": {last.by} {last.state} it on {moment_text(timezone.localtime(last.at))}" if last else ""
    return Stale(f"{month.name} changed since you looked{told}", do="Look again.")


def _check(book: Book, place: str, month: Month, submissions: int, point: str) -> None:
    """Refuse a month of another year, one for which nothing was received, and one that overtakes an open one."""
    if month.year_of != book.place.year:
        raise UserError(f"{month} lies outside {book.place.year.label}", where=place, do="Choose a month of that year.")
    if not submissions:
        by_then = " by the end of flex" if point == points.FLEX else ""
        raise UserError(
            f"nothing was received for {month.name}{by_then}",
            where=place,
            do="Receive files with 'openpbc activity receive'.",
        )
    for state in reads.months(place):
        if state.month < month and not state.published and activity_reads.submitted(place, state.month):
            raise UserError(
                f"{state.month.name} comes first: files were received for it and it is not closed",
                where=place,
                do=f"Run 'openpbc month close {state.month} --place {place}'.",
            )


def _basis(
    book: Book,
    files: Sequence[Submitted],
    terms: contracts.Terms,
    rows: Sequence[organisations.Membership],
    codes: Sequence[activity_reads.LocalCode],
) -> dict[str, Any]:
    """Say in checksums from what the month is made; equal bases give equal bytes under the same code."""
    memberships = [vars(row) for row in rows]
    return {
        "submissions": sorted(f"{one.sha256}{' superseded' if one.superseded else ''}" for one in files),
        "terms": _hash({name: [list(columns), [list(row) for row in rows]] for name, (columns, rows) in terms.items()}),
        "memberships": _hash({"rows": [{key: str(value) for key, value in row.items()} for row in memberships]}),
        "codes": _hash({"rows": [str(one) for one in codes]}) if codes else NO_CODES,
        "book": book.hash,
    }


def _hash(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(body).encode()).hexdigest()


def _refuse_silent_change(before: PublishedMonth, basis: Mapping[str, Any], month: Month) -> None:
    changed = [words for key, words in _WORDS.items() if before.basis.get(key, NO_CODES) != basis[key]]
    if changed:
        raise UserError(
            f"{month.name} is closed, and since then {' and '.join(changed)} changed",
            where=before.place,
            do=f"Reopen it first, by a recorded decision: openpbc month reopen {month} --place {before.place}.",
        )


def _refuse_another_run(before: PublishedMonth, run_id: str, month: Month) -> None:
    """The same basis gives another run only where the program or its engine changed; that too needs a reason."""
    if before.run_id != run_id:
        raise UserError(
            f"{month.name} is closed with run {before.run_id}; the program has changed since and makes run {run_id}",
            where=before.place,
            do="To publish that run, reopen the month first, by a recorded decision:"
            f" openpbc month reopen {month} --place {before.place}.",
        )


def _compared(
    before: PublishedMonth, month: Month, terms: contracts.Terms, engine: Engine, submissions: int, at: datetime | None
) -> Closed:
    differing = activity_reads.recomputed(before.place, month, terms, engine, before.run_id, at)
    if differing:
        told = ", ".join(f"{name} ({rows:,} rows)" for name, rows in differing.items())
        raise UserError(
            f"{engine.version} gives other figures for {month.name} than run {before.run_id}: {told}; nothing changed",
            where=before.place,
            do="Report it: the two engines must agree.",
        )
    return Closed(before.place, month, before.run_id, True, True, submissions, engine.version, before.point)


def _check_kept(place: str, month: Month, run_id: str) -> None:
    kept = of_run(place, month, run_id)
    if not kept.holds:
        streams = ", ".join(stage.stream for stage in kept.stages if not stage.holds)
        raise RuntimeError(f"run {run_id} lost or doubled something in {streams}; it was not published")


def _publish(
    place: str, month: Month, run_id: str, basis: Mapping[str, Any], point: str, before: PublishedMonth | None
) -> None:
    facts = {"run_id": run_id, "state": CLOSED, "basis": dict(basis), "point": point}
    if before is None:
        try:
            PublishedMonth.objects.create(place=place, month=str(month), version=1, **facts)
        except IntegrityError as error:
            raise _overtaken(month) from error
        return
    unchanged = PublishedMonth.objects.filter(pk=before.pk, version=before.version)
    if not unchanged.update(version=before.version + 1, **facts):
        raise _overtaken(month)


def _overtaken(month: Month, did: str = "closed or reopened") -> UserError:
    return UserError(f"somebody else {did} {month.name} meanwhile; nothing was changed", do="Look again.")


def _record(event: MonthEvent) -> None:
    entries = MonthEvent.objects.filter(place=event.place, month=event.month)
    event.number = (entries.aggregate(last=Max("number"))["last"] or 0) + 1
    event.at, event.by = timezone.now(), event.by[:200]
    event.save(force_insert=True)
