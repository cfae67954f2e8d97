"""Files on their way: what each seems to be, how far its check is, and what would become of it."""

from __future__ import annotations

import fcntl
import json
import os
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from openpbc.activity import models
from openpbc.activity.flow import drafting
from openpbc.activity.flow.drafting import Preview
from openpbc.activity.flow.first_look import FirstLook, from_plain
from openpbc.kernel.problems import UserError
from openpbc.warehouse.store import Store

WORKING, READY, REFUSED, STOPPED = "working", "ready", "refused", "stopped"
LOOK, LOCK = "look.json", "lock"
_CODE = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class Draft:
    """One file on its way. ``sentence`` says why it is refused; ``mends`` names the file of which it is a mended one.

    ``scope`` is the provider whose people sent it, empty for the commissioner's own; only they see it.
    """

    place: str
    code: str
    scope: str
    file_name: str
    sha256: str
    made_by: str
    made_by_name: str
    made_at: datetime
    mends: str
    mended: int
    look: FirstLook | None
    state: str
    stage: str
    stage_since: datetime | None
    sentence: str
    preview: Preview | None

    @property
    def ends_at(self) -> datetime:
        """When it is thrown away if nobody decides."""
        return self.made_at + lifetime()

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return draft_folder(self.code)

    @property
    def sent(self) -> Path:
        """The file as it came."""
        return self.folder / drafting.SENT / self.file_name

    @property
    def store(self) -> Store:
        """The draft's own store, with links to the files of the month."""
        return Store(self.folder / drafting.WORK)


def lifetime() -> timedelta:
    """How long a draft is kept."""
    return timedelta(hours=settings.DRAFT_HOURS)


def drafts_root() -> Path:
    """Give the folder of all drafts; it lies outside the warehouse, so no backup holds what does not count."""
    return Path(settings.HOME) / "drafts"


def draft_folder(code: str) -> Path:
    """Give the folder of one draft."""
    return drafts_root() / code


def draft(place: str, scope: str, code: str) -> Draft:
    """Give a draft of the commissioner's (an empty scope) or of a provider's; one that is gone is told so."""
    row = models.Draft.objects.filter(place=place, scope=scope, code=code).first() if _CODE.fullmatch(code) else None
    if row is None or row.made_at + lifetime() < timezone.now():
        raise UserError(
            "this file is not waiting any more: it was received, cancelled, or kept waiting too long",
            do="Look at the submissions, or send it again.",
        )
    return _draft(row)


def drafts(place: str, scope: str) -> list[Draft]:
    """List the files that wait for the commissioner, or for a provider, newest first."""
    rows = models.Draft.objects.filter(place=place, scope=scope, made_at__gte=timezone.now() - lifetime())
    return [_draft(row) for row in rows.order_by("-made_at", "-id")]


def mended_from(place: str, sha256: str) -> tuple[str, int] | None:
    """Give the file of which a submission is a mended one, and how many lines were mended; None if it is none."""
    row = models.Mending.objects.filter(place=place, sha256=sha256).first()
    return (row.former, row.lines) if row else None


def _draft(row: models.Draft) -> Draft:
    folder = draft_folder(row.code)
    shown = Draft(
        place=row.place,
        code=row.code,
        scope=row.scope,
        file_name=row.file_name,
        sha256=row.sha256,
        made_by=row.made_by,
        made_by_name=row.made_by_name,
        made_at=row.made_at,
        mends=row.mends,
        mended=row.mended,
        look=read_look(folder),
        state=STOPPED,
        stage="",
        stage_since=None,
        sentence="",
        preview=None,
    )
    if is_working(folder):
        stage, since = _stage(folder)
        return replace(shown, state=WORKING, stage=stage, stage_since=since)
    if (preview := drafting.read_preview(folder)) is not None:
        return replace(shown, state=READY, preview=preview)
    refusal = folder / drafting.REFUSAL
    if refusal.is_file():
        return replace(shown, state=REFUSED, sentence=json.loads(refusal.read_text(encoding="utf-8"))["sentence"])
    return shown


def _stage(folder: Path) -> tuple[str, datetime | None]:
    path = folder / drafting.STAGE
    try:
        since = datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_current_timezone())
        return path.read_text(encoding="utf-8"), since
    except FileNotFoundError:
        return next(iter(drafting.STAGES)), None


def is_working(folder: Path) -> bool:
    """Tell whether the work of a draft's folder is under way: its lock is held for as long as the process lives."""
    try:
        descriptor = os.open(folder / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def read_look(folder: Path) -> FirstLook | None:
    """Read the first look that was taken when the file came."""
    path = folder / LOOK
    if not path.is_file():
        return None
    return from_plain(json.loads(path.read_text(encoding="utf-8")))
