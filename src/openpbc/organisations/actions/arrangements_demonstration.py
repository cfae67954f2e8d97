"""SYNTHETIC bodies that set priorities, owners of functions and reviews of a provider, for a demonstration."""

from __future__ import annotations

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.organisations import reads
from openpbc.organisations.actions.arrangements import arrange, record_outcome, record_review
from openpbc.organisations.reads import arrangements, bodies
from openpbc.organisations.rules.links import INSPECTED
from openpbc.rulebook.reader import Book

_WHY = "SYNTHETIC: invented for the demonstration"
_FOUND = ("accredited", "reviewed")


@audit.action("organisations.demonstrate_arrangements")
def demonstrate_arrangements(*, by: Actor, place: str) -> None:
    """Record SYNTHETIC arrangements, and leave one function without an owner; a second run changes nothing."""
    book = reads.book(place)
    if arrangements.history(place, arrangements.PRIORITIES) or not reads.providers(place):
        audit.nothing_changed()
        return
    _priorities(by, book)
    for at, code in enumerate(list(arrangements.subjects(book, arrangements.FUNCTION))[:-1], start=1):
        other = "SYNTHETIC agency for contracts" if code == "contracts" else ""
        _arrange(by, book, arrangements.FUNCTION, code, f"SYNTHETIC director {at}", other)
    for unit in reads.units(place)[:1]:  # it has no standing orders on file, which its cases tell
        _arrange(by, book, arrangements.FORM, unit.code, "company", "")
    provider = reads.providers(place)[-1].code
    for regulator, status in zip(_regulators(place, provider), _FOUND, strict=False):
        record_review(
            by=by,
            place=place,
            provider=provider,
            regulator=regulator,
            status=status,
            on=book.place.year.first,
            finding="SYNTHETIC",
            synthetic=True,
        )
    for reviewer in arrangements.overseers(place, book.place.commissioner):
        record_outcome(
            by=by,
            place=place,
            commissioner=book.place.commissioner,
            regulator=reviewer,
            on=book.place.year.first,
            finding="SYNTHETIC: the plan is sound",
            synthetic=True,
        )
    audit.note(subject=f"place/{place}", after={"arrangements": "SYNTHETIC"})


def _regulators(place: str, provider: str) -> list[str]:
    """The regulators of the register, those that inspect the provider first."""
    inspecting = {tie.holder for tie in bodies.ties(place) if (tie.kind, tie.member) == (INSPECTED, provider)}
    return sorted(arrangements.regulators(place), key=lambda code: (code not in inspecting, code))


def _priorities(by: Actor, book: Book) -> None:
    """A body for each area, with the trust whose contract the area's commissioner co-ordinates."""
    homes, providers = arrangements.homes(book), reads.providers(book.place.id)
    for code, name in arrangements.subjects(book, arrangements.PRIORITIES).items():
        trust = next((each.code for each in providers if each.coordinator == homes[code]), "")
        _arrange(by, book, arrangements.PRIORITIES, code, f"SYNTHETIC priorities board of {name}", trust)


def _arrange(by: Actor, book: Book, kind: str, subject: str, holder: str, other: str) -> None:
    arrange(
        by=by,
        place=book.place.id,
        kind=kind,
        subject=subject,
        holder=holder,
        other=other,
        valid_from=book.place.year.first,
        reason=_WHY,
        seen=0,
        synthetic=True,
    )
