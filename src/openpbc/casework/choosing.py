"""Which diagram a new case takes: the version that the place stored last, else the one that its packs name."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from openpbc.casework import engine
from openpbc.casework.definitions import read_process
from openpbc.casework.models import Definition, InForce
from openpbc.casework.process import Process
from openpbc.casework.steps import Fact
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book, open_book
from openpbc.rulebook.values import Value

FOLDER = "processes"
_STAYS = "Whoever may put a diagram in force sends it again, mended; until then the one in force stays."


def book_of(place: str) -> Book:
    """Open the book of a place, with the installation's own packs laid over the shipped ones."""
    return open_book(place, None, settings.RULEBOOK)


def newest(place: str, process: str) -> InForce | None:
    """Give the version that a place stored last; none where it never stored one."""
    return InForce.objects.filter(place=place, process=process).order_by("-number").first()


def chosen(place: str, process: str) -> Process:
    """Give the process that a new case takes; a place that names none is told which file to fill."""
    stored = newest(place, process)
    return of(stored.definition_id) if stored else shipped(book_of(place), process)


def shipped(book: Book, process: str) -> Process:
    """Give the process that a place's packs name."""
    named = book.need(f"process.{process}")
    found = [file for file in book.files if file.path.endswith(f"/{FOLDER}/{named.text}")]
    if len(found) != 1:
        raise UserError(
            f"the packs hold {len(found)} files {named.text}",
            where=named.path,
            do="Leave one file of that name in the packs.",
        )
    read = read_process(found[0].content, found[0].path)
    refuse_other(read, process)
    return read


def fit(text: bytes, name: str, process: str) -> Process:
    """Give a diagram that somebody sent, once it was read and found whole; what is wrong with it the log keeps."""
    try:
        read = read_process(text, name)
        refuse_other(read, process)
        engine.validate(read)
    except UserError as problem:
        mend = f"{problem.do} {_STAYS}"
        raise type(problem)(problem.what, problem.where, mend).for_the_log() from problem
    return read


def refuse_other(read: Process, process: str) -> None:
    """Refuse a diagram of another process."""
    if read.id != process:
        raise UserError(
            f"the diagram is of the process '{read.id}'", where=read.name, do=f"Give it the id '{process}'."
        )


@lru_cache(maxsize=256)
def of(hash: str) -> Process:
    """Read a stored diagram; its hash says what it holds, so it is read once."""
    row = Definition.objects.filter(hash=hash).first()
    if row is None:
        raise UserError(
            f"no diagram has the hash {hash[:12]}",
            do="Restore the database from a backup; stored diagrams are never removed.",
        )
    return read_process(row.text.encode("utf-8"), row.name)


def set_facts(process: Process, place: str) -> dict[str, Fact]:
    """Give the facts that settings of the place fill; one that is not set stays open."""
    book = book_of(place)
    found = {fact.name: book.value(fact.setting) for fact in process.facts if fact.setting}
    return {name: value.text for name, value in found.items() if isinstance(value, Value)}
