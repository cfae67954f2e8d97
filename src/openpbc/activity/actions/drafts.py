"""Sending a file, looking at what would become of it, and only then having it received, or taking it back.

A draft is a folder and a row. The row says that it is there; the folder holds everything else, and goes with it.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import uuid
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.activity import reads
from openpbc.activity.actions import working
from openpbc.activity.actions.receiving import Receipt, receive_accepted
from openpbc.activity.flow import drafting, reading, receiving
from openpbc.activity.flow.first_look import look, plain
from openpbc.activity.flow.receiving import Accepted, Claim, refuse_personal_name
from openpbc.activity.models import Draft, Mending
from openpbc.activity.reads.drafts import LOOK, draft_folder, drafts_root, is_working, lifetime
from openpbc.activity.reads.previewing import task_of
from openpbc.audit import reads as log
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.sight import everywhere
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.warehouse import landing
from openpbc.warehouse.store import canonical_json
from openpbc.warehouse.survey import survey

_ODD = re.compile(r"[^A-Za-z0-9._ ()-]+")
_LONGEST_NAME = 120


@audit.action("activity.open_draft", late=True)
def open_draft(
    *,
    by: Actor,
    place: str,
    scope: str,
    name: str,
    content: Iterable[bytes],
    claim: Claim | None = None,
    mends: str = "",
    mended: int = 0,
) -> str:
    """Keep a file that somebody sent, take a first look at it, and start its check; give the code of the draft.

    Nothing of it counts yet. A file that cannot be read is refused at once and leaves nothing behind. ``scope`` is the
    provider whose file it must be, empty for anybody's.
    """
    book, code, claim = organisations.book(place), uuid.uuid4().hex[:12], claim or Claim()
    claim = Claim(scope or claim.provider, claim.month, claim.layout)
    folder = draft_folder(code)
    refuse_personal_name(name)
    name = plain_name(name)
    try:
        _keep(folder / drafting.SENT, name, content)
        with reading.surveyed(folder / drafting.SENT / name) as surveyed:
            (folder / LOOK).write_text(canonical_json(plain(look(book, surveyed, claim))), encoding="utf-8")
        drafting.write_task(folder, task_of(place, name, claim))
        with audit.writing():
            slot = _free_slot(by, place)
            facts = {"file_name": name, "sha256": surveyed.sha256, "mends": mends, "mended": mended}
            Draft.objects.create(
                place=place,
                code=code,
                scope=scope,
                made_by=by.id[:100],
                made_by_name=by.name[:200],
                slot=slot,
                made_at=timezone.now(),
                **facts,
            )
            audit.note(subject=f"draft/{place}/{code}", after={**facts, "scope": scope, "lines": surveyed.lines})
    except IntegrityError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise Stale("you sent another file at the same moment", name, "Send this one again.") from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    working.start(folder)
    return code


def plain_name(name: str) -> str:
    """Give a sender's file name as one that may lie in a folder: its last part, without odd characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = _ODD.sub("_", last).strip(" .")
    return plain[-_LONGEST_NAME:].lstrip(" .") or "file.csv"


def _keep(folder: Path, name: str, content: Iterable[bytes]) -> None:
    for each in (folder.parent.parent, folder.parent, folder):  # parents that mkdir makes are open to others
        each.mkdir(parents=True, exist_ok=True, mode=0o700)
    size = 0
    with (folder / name).open("wb") as out:
        for block in content:
            size += len(block)
            if size > settings.UPLOAD_LARGEST:
                largest = f"{settings.UPLOAD_LARGEST / (1 << 30):,.0f} GB"
                raise UserError(f"the file is larger than {largest}", name, "Send it in parts, one stream a file.")
            out.write(block)


def _free_slot(by: Actor, place: str) -> int:
    """Find the first slot of a person that is free; the database holds the number of slots, not this question."""
    taken = dict(Draft.objects.filter(place=place, made_by=by.id[:100]).values_list("slot", "file_name"))
    free = [slot for slot in range(1, settings.DRAFTS_EACH + 1) if slot not in taken]
    if not free:
        raise UserError(
            f"{len(taken)} files of yours wait already, and no more than {settings.DRAFTS_EACH} may",
            do="Receive or cancel one of them first.",
        )
    return free[0]


@audit.action("activity.check_again")
def check_again(*, by: Actor, place: str, scope: str, code: str) -> None:
    """Check a draft once more: its work had stopped, or what it was compared with has changed."""
    row = _row(place, scope, code)
    folder = draft_folder(code)
    if is_working(folder):
        raise Stale("the file is being checked already", row.file_name, "Wait for it to end.")
    if not (folder / drafting.TASK).is_file():
        raise UserError("the file itself is gone", row.file_name, "Take it back, and send it again.")
    before = drafting.read_task(folder)
    drafting.write_task(folder, task_of(place, before.name, before.claim))
    for name in (drafting.PREVIEW, drafting.REFUSAL):
        (folder / name).unlink(missing_ok=True)
    audit.note(subject=f"draft/{place}/{code}", after={"file_name": row.file_name})
    working.start(folder)


@audit.action("activity.cancel_draft")
def cancel_draft(*, by: Actor, place: str, scope: str, code: str) -> None:
    """Take a file back: nothing of it is left but the log's word that it was there."""
    row = _row(place, scope, code)
    row.delete()
    audit.note(subject=f"draft/{place}/{code}", before={"file_name": row.file_name, "sha256": row.sha256})
    transaction.on_commit(partial(_throw_away, code))


@audit.action("activity.receive_draft", late=True)
def receive_draft(*, by: Actor, place: str, scope: str, code: str, seen: str) -> Receipt:
    """Have a checked file received, by whoever is first; ``seen`` is the file that it was compared with (or empty).

    Whether the file that it replaces is still that one is asked in the same transaction that receives it.
    """
    draft = reads.draft(place, scope, code)
    preview = draft.preview
    if preview is None:
        raise UserError("the check of this file has not ended", draft.file_name, "Wait for it, or check it again.")
    claim = Claim(preview.provider or None, preview.month or None, preview.layout)
    accepted = _read_whole(draft, claim)
    with audit.writing():
        row = _row(place, scope, code)
        row.delete()
        _refuse_overtaken(place, preview, seen)
        receipt = receive_accepted(by=by, place=place, name=draft.file_name, accepted=accepted, claim=claim)
        _refuse_other_replaced(place, preview, receipt)
        if row.mends and not receipt.already:
            _remember_mending(place, receipt, row.mends, row.mended)
        audit.note(
            subject=f"draft/{place}/{code}",
            before={"file_name": row.file_name, "mends": row.mends, "mended": row.mended},
            after={"submission": receipt.sha256, "replaces": receipt.superseded},
        )
        transaction.on_commit(partial(_throw_away, code))
    return receipt


def _read_whole(draft: reads.Draft, claim: Claim) -> Accepted:
    """Land a draft's file where files are kept; one that somebody decided on meanwhile is told so."""
    try:
        landing.adopt(store(), draft.store, draft.sha256)
        with reading.surveyed(draft.sent) as surveyed:
            return receiving.accept(store(), organisations.book(draft.place), surveyed, claim)
    except (OSError, UserError):
        reads.draft(draft.place, draft.scope, draft.code)
        raise


@audit.action("activity.receive_mended", late=True)
def receive_mended(*, by: Actor, place: str, path: Path, claim: Claim, former: str, lines: int) -> Receipt:
    """Receive a file that was made from a former one by mending lines of it, and remember from which."""
    accepted = receiving.accept(store(), organisations.book(place), survey(path), claim)
    with audit.writing():
        receipt = receive_accepted(by=by, place=place, name=path.name, accepted=accepted, claim=claim)
        _remember_mending(place, receipt, former, lines)
        audit.note(subject=f"submission/{place}/{receipt.sha256}", after={"mends": former, "mended": lines})
    return receipt


def _remember_mending(place: str, receipt: Receipt, former: str, lines: int) -> None:
    Mending.objects.get_or_create(place=place, sha256=receipt.sha256, defaults={"former": former, "lines": lines})


def _refuse_overtaken(place: str, preview: drafting.Preview, seen: str) -> None:
    """A file that somebody else sent meanwhile is not replaced by one that was compared with an older one."""
    if not preview.month:
        return
    now = current(place, preview.provider, preview.month, preview.stream)
    standing = now.sha256 if now is not None else ""
    if now is not None and standing == preview.sha256:
        return  # the very file was received meanwhile, so nothing is left to do
    if standing != preview.present or standing != seen:
        raise _overtaken(now)


def _refuse_other_replaced(place: str, preview: drafting.Preview, receipt: Receipt) -> None:
    """A file that came in after the question was asked is seen by what was replaced; nothing of it is then kept."""
    if receipt.already or receipt.waits:
        return
    replaced = "" if preview.changes else preview.present
    if receipt.superseded != replaced or receipt.superseded_by:
        other = receipt.superseded_by or receipt.superseded
        raise _overtaken(reads.submission(place, other) if other else None)


def _overtaken(by: reads.Submission | None) -> Stale:
    told = (
        f"{by.received_by} sent {by.file_name} on {timezone.localtime(by.received_at):%-d %B at %H:%M}"
        if by is not None
        else "the file that it would replace is gone"
    )
    return Stale(f"{told}, after this one was checked", do="Check it again to see what it would change now.")


def current(place: str, provider: str, month: str, stream: str) -> reads.Submission | None:
    """Give the last of the files whose records count for a provider, month and stream."""
    every = [one for one in reads.submissions(place, Month.parse(month)) if one.current]
    live = [one for one in every if (one.provider, one.stream) == (provider, stream)]
    return live[-1] if live else None


@audit.action("activity.sweep_drafts")
def sweep_drafts(*, by: Actor) -> int:
    """Throw away what waited too long, and folders that belong to no draft; give how many drafts went."""
    with everywhere("the folders of all places lie together, and one that another place knows is no stray"):
        old = list(Draft.objects.select_for_update().filter(made_at__lt=timezone.now() - lifetime()))
        known = set(Draft.objects.values_list("code", flat=True)) - {row.code for row in old}
        Draft.objects.filter(pk__in=[row.pk for row in old]).delete()
    for row in old:
        transaction.on_commit(partial(_throw_away, row.code))
    transaction.on_commit(partial(_clear_strays, known))
    if not old:
        audit.nothing_changed()
    gone = [f"{row.place}/{row.code} {row.file_name}" for row in old]
    audit.note(subject="drafts", before={"drafts": gone}, reason="nobody decided in time")
    return len(old)


def _clear_strays(known: set[str]) -> None:
    """Remove folders that a killed request left: nobody works in them, and they are older than any request."""
    limit = timezone.now().timestamp() - 3600
    for folder in sorted(drafts_root().glob("*")):
        with contextlib.suppress(FileNotFoundError):  # another request may clear them at the same moment
            if folder.name not in known and not is_working(folder) and folder.stat().st_mtime < limit:
                shutil.rmtree(folder, ignore_errors=True)


def _row(place: str, scope: str, code: str) -> Draft:
    """Give the draft's row, locked; one that is gone was decided by somebody, and that is told."""
    row = Draft.objects.select_for_update().filter(place=place, scope=scope, code=code).first()
    if row is None:
        raise Stale(f"this file is not waiting any more: {_fate(place, code)}", do="Look at the submissions.")
    return row


def _fate(place: str, code: str) -> str:
    """Say who decided on a draft that is gone, and when."""
    done = {"activity.receive_draft": "had it received", "activity.cancel_draft": "took it back"}
    for event in log.events(subject=f"draft/{place}/{code}", limit=5):
        if event.action in done:
            at = timezone.localtime(datetime.fromisoformat(event.at))
            return f"{event.actor_name} {done[event.action]} on {at:%-d %B at %H:%M}"
    return "nobody decided on it in time"


def _throw_away(code: str) -> None:
    folder = draft_folder(code)
    working.stop(folder)
    shutil.rmtree(folder, ignore_errors=True)
