"""Every write of the workshop: a case starts, moves on, changes its diagram; a diagram is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.casework import choosing, engine, moving, reads
from openpbc.casework.engine import Run
from openpbc.casework.models import Case, Definition, InForce, Passage
from openpbc.casework.process import EVENT, Node, Process
from openpbc.casework.steps import Fact
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import moment_text
from openpbc.kernel.problems import Stale, UserError


@audit.action("casework.start")
def start(
    *, by: Actor, place: str, process: str, subject: str, title: str, facts: Mapping[str, Fact] | None = None
) -> int:
    """Start a case of a process of the place, about a subject that has no open one, and give its number."""
    if not subject.strip() or not title.strip():
        raise UserError("a case needs a subject and a title", do="Give both.")
    diagram = choosing.chosen(place, process)
    given = choosing.set_facts(diagram, place) | dict(facts or {})
    run, now = engine.begin(diagram, given), timezone.now()
    row = Case(
        place=place, process=process, definition=_kept(diagram), subject=subject[:200], title=title[:200], kept="",
        started_by=by.name[:200], started_at=now, changed_by=by.name[:200], changed_at=now, changed_what="started it",
    )  # fmt: skip
    row.kept = run.save()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Stale(f"{_first(place, process, subject)}", where=subject, do="Go on with that one.") from error
    _follow(row, run, by, now)
    row.save(update_fields=("ended", "closed_at"))
    audit.note(subject=reads.address(place, row.pk), after={"process": process, "definition": diagram.hash} | given)
    return row.pk


def _first(place: str, process: str, subject: str) -> str:
    open_one = Case.objects.filter(place=place, process=process, subject=subject, closed_at__isnull=True).first()
    if open_one is None:
        return "somebody started and ended a case on it at the same moment"
    when = timezone.localtime(open_one.started_at)
    return f"{open_one.started_by} started case {open_one.pk} on it on {moment_text(when)}, which is open"


@audit.action("casework.do")
def do(*, by: Actor, case: int, step: str, outcome: str, facts: Mapping[str, Fact] | None = None, seen: int) -> None:
    """Complete a waiting step with its outcome; ``seen`` is the version of the case that the person looked at."""
    row = _locked(case, seen)
    diagram = choosing.of(row.definition_id)
    run = engine.restore(diagram, row.kept)
    token = next((token for token in run.waiting() if token.step == step), None)
    if token is None:
        waits = ", ".join(f"'{diagram.node(each.step).name}'" for each in run.waiting()) or "nothing"
        raise UserError(f"the step '{step[:60]}' does not wait", where=row.title, do=f"What waits: {waits}.")
    node = diagram.node(step)
    names = dict(node.outcomes)
    if outcome not in names:
        raise UserError(f"'{outcome[:60]}' is no outcome of '{node.name}'", do=f"Choose one of {', '.join(names)}.")
    held = reads.held(row.pk)
    if held and not node.holds:
        raise UserError(held, where=row.title, do="Clear what holds it first.")
    run.complete(token, outcome, facts or {})
    _record(row, run, by, f"finished '{node.name}': {names[outcome]}", {token.key: outcome})
    audit.note(after={"step": step, "outcome": outcome} | dict(facts or {}))


@audit.action("casework.signal")
def signal(*, by: Actor, case: int, name: str, facts: Mapping[str, Fact] | None = None, seen: int) -> None:
    """Let a message from outside reach a case, such as that it is blocked or withdrawn."""
    row = _locked(case, seen)
    diagram = choosing.of(row.definition_id)
    run = engine.restore(diagram, row.kept)
    if name not in run.messages():
        can = ", ".join(sorted(run.messages())) or "nothing"
        raise UserError(f"the message '{name[:60]}' cannot reach the case now", where=row.title, do=f"What can: {can}.")
    run.send(name, facts or {})
    _record(row, run, by, f"sent it the message '{name}'", {})
    audit.note(after={"message": name} | dict(facts or {}))


@audit.action("casework.move")
def move(*, by: Actor, case: int, to_hash: str, decision: str, seen: int) -> None:
    """Put a live case on another diagram, by a decision; refused where a step that it has finished would change."""
    if not decision.strip():
        raise UserError("a case changes its diagram by a decision only", do="Name the decision.")
    row = _locked(case, seen)
    target = Definition.objects.filter(hash=to_hash, process=row.process).first()
    if target is None:
        raise UserError(
            f"no diagram of '{row.process}' has the hash {to_hash[:12]}",
            where=row.title,
            do="Choose one of the versions that are stored.",
        )
    if target.hash == row.definition_id:
        raise UserError("the case runs along this diagram already", where=row.title, do="Choose another.")
    old, new = choosing.of(row.definition_id), choosing.of(target.hash)
    run = engine.restore(old, row.kept)
    changed = moving.changed(old, new, run)
    if changed:
        raise UserError(
            f"the case has passed {', '.join(changed)}, which the new diagram changes",
            where=row.title,
            do="Choose a diagram that leaves these steps as they are, or let the case end on its own.",
        )
    before = row.definition_id
    row.definition = target
    _record(row, engine.restore(new, run.save()), by, f"moved it to the diagram '{new.name}'", {})
    audit.note(before={"definition": before}, after={"definition": to_hash}, reason=decision)


@audit.action("casework.store")
def store(*, by: Actor, place: str, process: str, name: str, text: bytes, reason: str, seen: int) -> str:
    """Keep a place's own diagram for new cases, once it was read and found whole, and give its hash.

    ``seen`` is the number of the version in force that the person looked at, 0 where the packs' own was.
    """
    if not reason.strip():
        raise UserError("a new diagram needs a reason", where="reason", do="Say who agreed it and why it changes.")
    read = choosing.fit(text, name, process)
    stored = choosing.newest(place, process)
    if stored is not None and stored.number != seen:
        raise _stored_meanwhile(stored)
    if stored is not None and stored.definition_id == read.hash:
        raise UserError(
            "this diagram is in force already", where=name, do="Nothing is to be done, unless another is meant."
        )
    try:
        with transaction.atomic():
            InForce.objects.create(
                place=place, process=process, number=seen + 1, definition=_kept(read), file_name=name[:200],
                reason=reason, stored_by=by.name[:200], stored_at=timezone.now(),
            )  # fmt: skip
    except IntegrityError as error:
        meanwhile = choosing.newest(place, process)
        if meanwhile is None:
            raise
        raise _stored_meanwhile(meanwhile) from error
    audit.note(subject=f"process/{place}/{process}", after={"definition": read.hash, "file": name}, reason=reason)
    return read.hash


def _stored_meanwhile(row: InForce) -> Stale:
    when = timezone.localtime(row.stored_at)
    return Stale(f"{row.stored_by} stored version {row.number} on {moment_text(when)}", do="Look at it first.")


def _kept(process: Process) -> Definition:
    kept = {"process": process.id, "name": process.name, "text": process.text.decode("utf-8")}
    row = Definition(hash=process.hash, stored_at=timezone.now(), **kept)
    Definition.objects.bulk_create([row], ignore_conflicts=True)
    return row


def _locked(case: int, seen: int) -> Case:
    """Take a case for moving it; who has not seen its last move is told who made that."""
    row = Case.objects.select_for_update().filter(pk=case).first()
    if row is None:
        raise UserError(f"there is no case {case}", do="Choose one from the list of cases.")
    if row.version != seen:
        when = timezone.localtime(row.changed_at)
        told = f"{row.changed_by} {row.changed_what} on {moment_text(when)}, after you looked"
        raise Stale(told, where=row.title, do="Look at the case again.")
    if row.closed_at is not None:
        raise UserError("the case is closed", where=row.title, do="It stays closed; start a new one.")
    return row


def _record(row: Case, run: Run, by: Actor, what: str, outcomes: Mapping[str, str]) -> None:
    now, seen = timezone.now(), row.version
    row.version, row.kept = seen + 1, run.save()
    row.changed_by, row.changed_at, row.changed_what = by.name[:200], now, what[:500]
    _follow(row, run, by, now, outcomes)
    values = {
        name: getattr(row, name)
        for name in (
            "definition_id", "version", "kept", "ended", "closed_at", "changed_by", "changed_at", "changed_what",
        )
    }  # fmt: skip
    if Case.objects.filter(pk=row.pk, version=seen).update(**values) != 1:
        raise Stale("somebody moved the case at the same moment", where=row.title, do="Look at the case again.")
    audit.note(subject=reads.address(row.place, row.pk), before={"version": seen})


def _follow(row: Case, run: Run, by: Actor, now: datetime, outcomes: Mapping[str, str] | None = None) -> None:
    """Write down which steps the case left and which it came to."""
    waiting = {token.key: token.step for token in run.waiting()}
    for left in Passage.objects.filter(case=row, left_at__isnull=True).exclude(token__in=waiting):
        left.left_at, left.left_by, left.outcome = now, by.name[:200], (outcomes or {}).get(left.token, "")
        left.save(update_fields=("left_at", "left_by", "outcome"))
    known = set(Passage.objects.filter(case=row, left_at__isnull=True).values_list("token", flat=True))
    nodes = {key: run.process.node(step) for key, step in waiting.items() if key not in known}
    made = [_passage(row, key, node, by, now) for key, node in nodes.items()]
    for number, id in enumerate(run.passed):
        node = run.process.node(id)
        if node.process == run.process.id and node.name:
            made.append(_passage(row, f"{row.version}-{number}", node, by, now, passing=True))
            row.ended = id if run.ended and node.kind != EVENT else row.ended
    Passage.objects.bulk_create(made)
    if run.ended:
        row.closed_at = now


def _passage(row: Case, key: str, node: Node, by: Actor, now: datetime, *, passing: bool = False) -> Passage:
    due = timezone.localdate(now) + timedelta(days=node.days) if node.days and not passing else None
    return Passage(
        case=row, place=row.place, token=key, step=node.id, name=node.name, lane=node.lane, holds=node.holds,
        entered_at=now, entered_by=by.name[:200], due=due,
        left_at=now if passing else None, left_by=by.name[:200] if passing else "",
    )  # fmt: skip
