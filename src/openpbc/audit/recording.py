"""How a write becomes an event: the action decorator, and the appending of events to the chain."""

from __future__ import annotations

import functools
import inspect
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar

from django.db import transaction

from openpbc.audit.chain import GENESIS, Head, canonical, event_hash
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError

P = ParamSpec("P")
R = TypeVar("R")
_NAME = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
REFUSED = "audit.refuse"
# What an action that was refused was about, for its event: never anything that a person wrote.
_ABOUT = ("place", "matter", "number", "item", "meeting", "case", "process", "unit", "user_id", "way")


@dataclass
class _Frame:
    """One running action."""

    action: str
    by: Actor
    root_id: str = ""
    event_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    subject: str = ""
    before: object = None
    after: object = None
    reason: str = ""
    unchanged: bool = False
    written: bool = False


_running: ContextVar[tuple[_Frame, ...]] = ContextVar("openpbc_running_actions", default=())
# The frames whose events the open transaction will append, in the order in which they began.
_pending: ContextVar[list[_Frame] | None] = ContextVar("openpbc_pending_events", default=None)


def action(name: str, *, late: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an audited write named ``room.verb``.

    The function takes keyword arguments only, the first being ``by``, the actor. It runs in one transaction, at the
    end of which its event (and those of the actions that it called) is appended to the chain: all of it is kept, or
    nothing. With ``late`` the transaction begins only where the function opens ``writing()``.
    """
    if not _NAME.fullmatch(name):
        raise TypeError(f"an action is named room.verb, not {name!r}")

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        _check_signature(function)

        @functools.wraps(function)
        def act(*args: P.args, **kwargs: P.kwargs) -> R:
            by = kwargs.get("by")
            if args or not isinstance(by, Actor):
                raise TypeError(f"{name} takes keyword arguments only, and by= is an Actor")
            outer = _running.get()
            frame = _Frame(name, by)
            frame.root_id = outer[0].event_id if outer else frame.event_id
            token = _running.set((*outer, frame))
            try:
                if late:
                    return function(*args, **kwargs)
                with writing():
                    return function(*args, **kwargs)
            except UserError as problem:
                if problem.kept and not outer:
                    _keep_refused(frame, problem, kwargs)
                raise
            finally:
                _running.reset(token)

        act.audited_as = name  # type: ignore[attr-defined]
        return act

    return decorate


def _check_signature(function: Callable[..., object]) -> None:
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters or parameters[0].name != "by":
        raise TypeError(f"the first argument of the action {function.__name__} must be by")
    if any(parameter.kind is not inspect.Parameter.KEYWORD_ONLY for parameter in parameters):
        raise TypeError(f"the arguments of the action {function.__name__} must be keyword-only")


@contextmanager
def writing() -> Iterator[None]:
    """Open the transaction in which the running action writes; its event is appended before the commit."""
    frame = _current("writing")
    if frame.written:
        raise RuntimeError(f"{frame.action} writes in one transaction only")
    frame.written = True
    outer = _pending.get()
    pending = [] if outer is None else outer
    start = len(pending)
    pending.append(frame)
    token = _pending.set(pending)
    try:
        with transaction.atomic():
            yield
            if outer is None:
                _append([each for each in pending if not each.unchanged])
    except BaseException:
        del pending[start:]  # what was rolled back did not happen, even if the caller carries on
        raise
    finally:
        _pending.reset(token)


@contextmanager
def trial() -> Iterator[None]:
    """Do something and take it back: neither its rows are kept, nor what it and the actions in it told the log."""
    frame, pending = _current("trial"), _pending.get() or []
    told, start = dict(vars(frame)), len(pending)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        del pending[start:]
        vars(frame).update(told)


def note(*, subject: str = "", before: object = None, after: object = None, reason: str = "") -> None:
    """Tell the running action's event what was changed: its subject, the values before and after, and why.

    Values are anything that JSON can hold; they must not contain patients' data or secrets. Later notes of the same
    action fill or replace what is given.
    """
    frame = _current("note")
    frame.subject = subject or frame.subject
    frame.before = frame.before if before is None else before
    frame.after = frame.after if after is None else after
    frame.reason = reason or frame.reason


def nothing_changed() -> None:
    """Say that the running action found nothing to do, so that no event is written for it."""
    _current("nothing_changed").unchanged = True


def refused(*, by: Actor, what: str, subject: str = "", sentence: str, event_id: str = "") -> str:
    """Keep that somebody was refused, as an event of its own, and give its id; one that is kept already stays one.

    What was refused was rolled back; that it was tried is not.
    """
    from openpbc.audit.models import AuditEvent

    frame = _Frame(REFUSED, by, subject=subject, after={"tried": what}, reason=sentence)
    frame.event_id = frame.root_id = event_id or frame.event_id
    with transaction.atomic():
        if not AuditEvent.objects.filter(event_id=frame.event_id).exists():
            _append([frame])
    return frame.event_id


def keep(problem: UserError) -> None:
    """Keep a refusal once more at the edge of a request or command: what kept it first may have been rolled back."""
    if told := getattr(problem, "refused", None):
        refused(**told)


def _keep_refused(frame: _Frame, problem: UserError, asked: Mapping[str, object]) -> None:
    about = [str(asked[name]) for name in _ABOUT if asked.get(name) not in (None, "")]
    told = {
        "by": frame.by,
        "what": frame.action,
        "subject": frame.subject or "/".join(about),
        "sentence": problem.sentence,
        "event_id": frame.event_id,
    }
    problem.refused = told  # type: ignore[attr-defined]
    if not transaction.get_connection().needs_rollback:
        refused(**told)  # type: ignore[arg-type]


def _current(what: str) -> _Frame:
    running = _running.get()
    if not running:
        raise RuntimeError(f"audit.{what}() is called inside an action only")
    return running[-1]


def _append(frames: list[_Frame]) -> None:
    """Append events under the chain's lock, which is held until the transaction ends."""
    if not frames:
        return
    from openpbc.audit.models import AuditEvent, ChainHead

    ChainHead.objects.bulk_create([ChainHead(id=1, hash=GENESIS)], ignore_conflicts=True)
    row = ChainHead.objects.select_for_update().get(id=1)
    head = Head(row.sequence, row.hash)
    for frame in frames:
        event = _event(frame, head)
        AuditEvent.objects.create(**event)
        head = Head(head.sequence + 1, str(event["hash"]))
    ChainHead.objects.filter(id=1).update(sequence=head.sequence, hash=head.hash)


def _event(frame: _Frame, head: Head) -> dict[str, object]:
    event: dict[str, object] = {
        "sequence": head.sequence + 1,
        "event_id": frame.event_id,
        "root_id": frame.root_id,
        "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor_id": _plain(frame.by.id, 100),
        "actor_name": _plain(frame.by.name, 200),
        "acting_for": _plain(frame.by.acting_for, 100),
        "roles": ",".join(sorted(frame.by.roles)),
        "action": frame.action,
        "subject": _plain(frame.subject, 300),
        "before": canonical(frame.before),
        "after": canonical(frame.after),
        "reason": _plain(frame.reason, 10_000),
        "previous_hash": head.hash,
    }
    return event | {"hash": event_hash(event, head.hash)}


def _plain(text: str, length: int) -> str:
    """Keep to what every database stores unchanged: no NUL, no lone surrogate, not longer than the column."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")[:length]
