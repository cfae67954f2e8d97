"""Opening balances from a file: the whole file is posted as one journal, or nothing of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from openpbc import audit
from openpbc.finance.actions.posting import Posted, append, one_writer
from openpbc.finance.models import LedgerJournal
from openpbc.finance.reads.ledger_files import read_content, read_opening
from openpbc.finance.rules.ledger import Draft, Entry
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations

OPENING = "opening"


@dataclass(frozen=True)
class Imported:
    """A file of opening balances that was posted: its rows, and the journal."""

    rows: int
    posted: Posted


@audit.action("finance.import_opening")
def import_opening(
    *, by: Actor, place: str, path: Path | None = None, content: bytes = b"", name: str = "the form"
) -> Imported:
    """Post a place's opening balances from a CSV file (account, amount in pounds), or from such text as it was sent.

    A file with any finding is refused whole. The same file again changes nothing; another one is refused until the
    opening that stands is reversed.
    """
    if path is not None:
        content, name = read_content(path), path.name
    book = organisations.book(place)
    year, key = book.place.year, f"{OPENING}/{hashlib.sha256(content).hexdigest()}"
    found = read_opening(book, content, name)
    if found.findings:
        raise found.problem
    one_writer(place, str(year))  # one opening stands, also when two people bring theirs at once
    standing = LedgerJournal.objects.filter(place=place, year=str(year), kind=OPENING, reversed_by__isnull=True)
    earlier = standing.exclude(key=key).first()
    if earlier is not None:
        raise UserError(
            f"the ledger of {year.label} was opened by {earlier.by_name} with journal {earlier.number}",
            name,
            "Reverse that journal first, then bring in the other balances.",
        )
    entries = tuple(Entry(row.name, row.pence) for row in found.accepted)
    draft = Draft(OPENING, entries, year.first, f"Opening balances from {name}", key=key)
    (posted,) = append(by, place, year, (draft,))
    if posted.already:
        audit.nothing_changed()
    audit.note(
        subject=f"ledger/{place}/{year}/{posted.number}",
        after={"kind": OPENING, "rows": found.rows, "sha256": key.partition("/")[2]},
        reason=draft.reason,
    )
    return Imported(found.rows, posted)
