"""What a file would change, asked at once and without keeping anything: the shell's way of looking at a draft."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from openpbc.activity.flow import drafting
from openpbc.activity.flow.drafting import Preview, Task
from openpbc.activity.flow.receiving import Claim
from openpbc.activity.reads.codes import local_codes
from openpbc.activity.reads.submissions import members, submissions
from openpbc.activity.reads.terms import terms
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store


def task_of(place: str, name: str, claim: Claim) -> Task:
    """Gather all that the work of a draft must know, so that it needs no database."""
    book = organisations.book(place)
    return Task(
        place=place,
        rulebook=str(settings.RULEBOOK or ""),
        warehouse=str(store().root),
        name=name,
        claim=claim,
        received=tuple(one.submitted for one in submissions(place) if one.month and one.counts),
        members=tuple(members(place)),
        codes=local_codes(place),
        terms=terms(place, str(book.place.year)),
    )


def previewed(place: str, path: Path, claim: Claim) -> Preview:
    """Say what a file would change; nothing of it is kept."""
    if not path.is_file():
        raise UserError("there is no such file", str(path), "Check the path.")
    task = task_of(place, path.name, claim)
    with store().staging() as folder:
        (folder / drafting.SENT).mkdir()
        (folder / drafting.SENT / path.name).symlink_to(path.absolute())
        drafting.write_task(folder, task)
        return drafting.work(folder, lambda stage: None)
