"""What can be found of redesign: cases, and its registers.

They are intentions, shared pathways, assessment services, barriers, milestones, consultations and recommendations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.redesign.reads import consulting, registers
from openpbc.redesign.reads.cases import Case, address, cases
from openpbc.redesign.reads.milestones import milestones
from openpbc.redesign.reads.recommendations import recommendations
from openpbc.redesign.reads.registers import Barrier
from openpbc.redesign.reads.seeing import seen
from openpbc.rulebook.reader import Book
from openpbc.ui.offers import Findable, Way


def finds(book: Book, viewer: Viewer) -> Iterator[Findable]:
    """Everything of the room that the reader may see; of a case the words of its papers count as well."""
    place = book.place.id
    known = cases(place)
    shown = seen(viewer, place, known)
    for each in shown:
        at = Way("redesign:case", {"place": place, "number": each.number})
        line = f"Case {each.number}, {each.at.title.lower()}, {each.area}"
        yield Findable("Cases", each.title, line, (at,), _words(each), each.matter, each.synthetic)
    for intention in registers.intentions(book, known):
        way = Way("redesign:intentions", {"place": place}, "#table-intentions")
        text = " ".join((intention.outcome, intention.providers, intention.indicator, intention.note))
        title = f"{intention.key} {intention.area}"
        yield Findable("Intentions", title, intention.action, (way,), text)
    for pathway in registers.shared_pathways(book, known):
        way = Way("redesign:pathways", {"place": place})
        yield Findable("Shared pathways", pathway.title, f"Led by {pathway.lead}", (way,), " ".join(pathway.also))
    yield from _services(book)
    held_up = registers.barriers_beside(registers.barriers(place), shown)
    for barrier in held_up:
        way = Way("redesign:barriers", {"place": place})
        matter = address(place, barrier.case) if barrier.case else ""
        line = f"{barrier.state}, {barrier.owner}"
        yield Findable("Barriers", barrier.title, line, (way,), barrier.proposal, matter, barrier.synthetic)
    yield from _milestones(book)
    yield from _consultations(book, shown, held_up)
    for one in recommendations(book):
        at = Way("redesign:recommendation", {"place": place, "code": one.code})
        # What was decided on it is told by its page, which knows what is withheld from the reader.
        yield Findable("Recommendations", one.title, one.asks, (at,), "", one.matter)


def _milestones(book: Book) -> Iterator[Findable]:
    for each in milestones(book):
        at = Way("redesign:milestone", {"place": book.place.id, "code": each.code})
        due = "dropped" if each.now.dropped else each.now.planned
        text = f"{each.now.area} {each.now.reason} {each.now.source}"
        yield Findable("Milestones", each.now.name, due, (at,), text, "", each.now.synthetic)


def _consultations(book: Book, shown: Iterable[Case], held_up: Iterable[Barrier]) -> Iterator[Findable]:
    """What a body said, by the body's name, of what the reader is shown."""
    place, names = book.place.id, consulting.consultable(book)
    at = Way("redesign:consultations", {"place": place}, "#table-consultations")
    for each in consulting.beside(consulting.Consulting(book).every, place, shown, held_up):
        title, line = names.get(each.body, each.body), f"{'asked' if each.asked else 'not asked'}: {each.said}"
        yield Findable("Consultations", title, line, (at,), "", each.about, each.synthetic)


def _services(book: Book) -> Iterator[Findable]:
    names = {unit.code: unit.name for unit in organisations.units(book.place.id)}
    for each in registers.services(book):
        way = Way("redesign:services", {"place": book.place.id}, "#table-services")
        title = f"{each.specialty}, {names.get(each.unit, each.unit)}"
        yield Findable("Assessment services", title, each.state, (way,), each.result)


def _words(case: Case) -> str:
    """The words of a case beyond its title: what it is for, and the text of its parts."""
    parts = (str(each.body.get("text", "")) for each in case.parts.values())
    return " ".join((case.need, case.evidence, case.earlier_work, case.pathway, *parts))
