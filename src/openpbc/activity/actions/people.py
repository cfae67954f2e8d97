"""Makes the keys of pseudonyms, and loads the register of people who opted out; no number of anybody is ever kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone

from openpbc import audit
from openpbc.activity import reads
from openpbc.activity.models import OptOut, OptOutList
from openpbc.audit import reads as log
from openpbc.kernel.actor import Actor
from openpbc.kernel.codes import clean_nhs_number, nhs_number_ok
from openpbc.kernel.problems import UserError
from openpbc.kernel.pseudonyms import fingerprint, pseudonym
from openpbc.organisations import reads as organisations
from openpbc.warehouse import keys

LARGEST_REGISTER = 64 << 20
_HEADINGS = frozenset({"nhs_number", "nhs number", "nhsnumber"})


@dataclass(frozen=True)
class OptOutsLoaded:
    """What became of a list of opt-outs: people in it, and lines that hold no valid number."""

    people: int
    unreadable: int

    @property
    def sentence(self) -> str:
        """What to tell the person who loaded it; no number is named."""
        rest = f"; {self.unreadable:,} lines hold no valid NHS number and were left out" if self.unreadable else ""
        return f"The register of opt-outs now holds {self.people:,} people{rest}."


@audit.action("activity.make_keys")
def make_keys(*, by: Actor, place: str, synthetic: bool = False) -> list[str]:
    """Make the keys of pseudonyms that a place still lacks, one a purpose; gives the names of those made."""
    wanted = [reads.key_name(place, code) for code in reads.purposes(organisations.book(place))]
    subject = f"people-keys/{place}"
    made = keys.make(reads.key_file(), wanted, synthetic=synthetic)
    # a death between file and event leaves keys that the log does not know: the next call notes them
    if not made and log.events(subject=subject, action="activity.make_keys", limit=1):
        audit.nothing_changed()
        return []
    audit.note(subject=subject, after={"made": made or wanted})
    return made


@audit.action("activity.load_opt_outs")
def load_opt_outs(*, by: Actor, place: str, path: Path) -> OptOutsLoaded:
    """Replace the register of opt-outs of a place by a file with one NHS number a line, kept as pseudonyms alone.

    The log does not hold the file's hash: of a list of one person it would be a hash of that person's number.
    """
    book = organisations.book(place)
    held = {one.code: reads.key_of(place, one.code) for one in reads.purposes(book).values() if one.opt_outs}
    numbers, unreadable = _numbers(path)
    facts = {"loaded_at": timezone.now(), "loaded_by": by.name[:200], "people": len(numbers)}
    before = reads.opt_outs(place)
    OptOutList.objects.get_or_create(place=place, defaults=facts)
    # whoever loads at the same moment waits here, so that the later list replaces the earlier whole
    register = OptOutList.objects.select_for_update().get(place=place)
    OptOut.objects.filter(place=place).delete()
    OptOut.objects.bulk_create(
        [
            OptOut(place=place, purpose=code, key=fingerprint(key), pid=pid)
            for code, key in held.items()
            for pid in sorted(pseudonym(key, number) for number in numbers)
        ],
        batch_size=1_000,
    )
    OptOutList.objects.filter(pk=register.pk).update(**facts)
    audit.note(
        subject=f"opt-outs/{place}",
        before={"people": before.people} if before else None,
        after={"people": len(numbers), "unreadable": unreadable, "purposes": sorted(held)},
    )
    return OptOutsLoaded(len(numbers), unreadable)


def _numbers(path: Path) -> tuple[set[str], int]:
    """Read the valid numbers of a list, and count the lines that hold none."""
    if not path.is_file():
        raise UserError("there is no such file", "the register of opt-outs", "Give the path of the list.")
    if path.stat().st_size > LARGEST_REGISTER:
        raise UserError("the list is larger than 64 MB", "the register of opt-outs", "Give one number a line.")
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise UserError("the list is no plain text", "the register of opt-outs", "Save it as CSV in UTF-8.") from error
    texts = [line.strip().strip('",;').strip() for line in lines]
    texts = [text for text in texts if text and text.lower() not in _HEADINGS]
    numbers = {clean_nhs_number(text) for text in texts if nhs_number_ok(text)}
    return numbers, sum(not nhs_number_ok(text) for text in texts)
