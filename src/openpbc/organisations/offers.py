"""What the room offers to the roof."""

from __future__ import annotations

from collections.abc import Iterator

from openpbc.organisations import reads
from openpbc.organisations.commands import COMMANDS
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.ui.offers import Findable, Way
from openpbc.ui.pages import capital

__all__ = ["COMMANDS", "FINDS"]


def _finds(book: Book, viewer: Viewer) -> Iterator[Findable]:
    """Groups, practices, providers and commissioners, each on its own page if the reader may open that."""
    place = book.place.id
    names = {unit.code: unit.name for unit in reads.units(place)}
    for unit in reads.units(place):
        ways = (Way("monitoring:unit", {"place": place, "unit": unit.code}), _listed(place, "units"))
        yield Findable(capital(book.word("units")), unit.name, unit.code, ways, " ".join(unit.aliases))
    for each in reads.practices(place):
        ways = (Way("monitoring:practice", {"place": place, "practice": each.code}), _listed(place, "practices"))
        line = f"{each.code}, {names.get(each.unit, each.unit)}"
        yield Findable("Practices", each.name, line, ways, each.postcode)
    for provider in reads.providers(place):
        yield Findable("Providers", provider.name, provider.code, (_listed(place, "providers"),), provider.short_name)
    for other in reads.commissioners(place):
        yield Findable("Commissioners", other.name, other.code, (_listed(place, "commissioners"),))


def _listed(place: str, table: str) -> Way:
    return Way("organisations:listing", {"place": place}, f"#table-{table}")


FINDS = _finds
