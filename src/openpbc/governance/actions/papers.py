"""Papers: kept as files under their SHA-256 in the home folder, so that what was agreed can be told from all else."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from django.utils import timezone

from openpbc import audit
from openpbc.governance.actions.locking import locked_item, refuse_decided, touch
from openpbc.governance.models import Ballot, Item, Paper
from openpbc.governance.reads import papers as held
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError


def keep(body: bytes, name: str) -> str:
    """Keep a file under its hash and give the hash; one that is there already is left as it is."""
    held.check(body, name)
    sha = hashlib.sha256(body).hexdigest()
    path = held.path_of(sha)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        _put(body, path)
    return sha


def _put(body: bytes, path: Path) -> None:
    number, draft = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(number, "wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        Path(draft).replace(path)
    finally:
        Path(draft).unlink(missing_ok=True)


def attach(row: Item, by: Actor, name: str, body: bytes) -> Paper:
    """Put a paper to an item, as a new version if one of that name is there; votes cast on the older one are void."""
    name = texts.line(Path(name).name, "the file's name", field="file")
    sha = keep(body, name)
    last = row.papers.filter(name=name).order_by("-version").first()
    if last is not None and last.current and last.sha256 == sha:
        return last
    row.papers.filter(name=name, current=True).update(current=False)
    Ballot.objects.filter(item=row).delete()
    version = last.version + 1 if last else 1
    facts = {"name": name, "sha256": sha, "size": len(body), "version": version}
    return Paper.objects.create(item=row, added_by=by.name[:200], added_at=timezone.now(), **facts)


@audit.action("governance.add_paper")
def add_paper(*, by: Actor, place: str, item: int, name: str, body: bytes) -> int:
    """Put a paper to an item that is not decided yet; one of the same name becomes a new version.

    The votes cast so far are void then, because they were cast on another text. After the decision nothing is changed.
    """
    row, _ = locked_item(place, item)
    refuse_decided(row)
    before = row.papers.count()
    found = attach(row, by, name, body)
    if row.papers.count() == before:
        audit.nothing_changed()
        return found.pk
    touch(row, by)
    told = {"name": found.name, "version": found.version, "sha256": found.sha256}
    audit.note(subject=f"meeting-item/{place}/{item}", after=told)
    return found.pk


@audit.action("governance.remove_paper")
def remove_paper(*, by: Actor, place: str, item: int, paper: int, reason: str) -> None:
    """Take a paper off an item that is not decided yet; it stays kept, with who took it off and why."""
    row, _ = locked_item(place, item)
    refuse_decided(row)
    found = row.papers.filter(pk=paper, current=True).first()
    if found is None:
        raise UserError(
            "this paper is not on the item any more", row.title, "Open the item again; it shows the papers that count."
        )
    reason = texts.line(reason, "the reason", 500, field="reason")
    row.papers.filter(pk=paper).update(current=False)
    Ballot.objects.filter(item=row).delete()
    touch(row, by)
    audit.note(
        subject=f"meeting-item/{place}/{item}", before={"name": found.name, "sha256": found.sha256}, reason=reason
    )
