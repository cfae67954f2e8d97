"""What the room offers to the roof."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from openpbc.kernel.periods import day_text
from openpbc.organisations import reads
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads.inviting import awaited
from openpbc.rulebook.reader import Book
from openpbc.ui.offers import Findable, Way, Work
from openpbc.ui.pages import capital

ADMINISTRATOR = frozenset({"administrator"})


def _finds(book: Book, viewer: Viewer) -> Iterator[Findable]:
    """Groups, practices, providers and commissioners, each on its own page if the reader may open that."""
    place = book.place.id
    units = reads.units(place)
    names = {unit.code: unit.name for unit in units}
    for unit in units:
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


def _work(book: Book, viewer: Viewer) -> Iterator[Work]:
    """For the administrator: a rulebook that was changed since it was loaded, invitations, people without a role."""
    place = book.place.id
    if not viewer.roles_in(place) & ADMINISTRATOR:
        return
    loaded = next((each for each in reads.places() if each.id == place), None)
    if loaded is None or loaded.book_hash != book.hash:
        text = "Load the place" if loaded is None else "Load the place again"
        why = "Cannot be used yet: nothing of it is loaded" if loaded is None else "The rulebook was changed since"
        listing = reverse("organisations:listing", args=[place])
        yield Work(text, f"{why}. Run: openpbc organisations load --place {place}", listing, ADMINISTRATOR)
    invited = [each for each in reads.invitations() if each.place in (place, reads.ANY_PLACE)]
    people = reverse("people:listing")
    if invited:
        many = "1 invitation was" if len(invited) == 1 else f"{len(invited)} invitations were"
        first = min(each.expires_at for each in invited)
        yield Work(f"{many} not accepted yet", f"The first ends on {day_text(first)}", people, ADMINISTRATOR)
    today = reads.today()
    everybody, waiting = reads.people(), awaited()
    for each in everybody:
        waits = waiting.get(each.sign_in)
        if waits and waits.place in (place, reads.ANY_PLACE):
            text, href = f"Make {each.name} an administrator, or not", reverse("people:person", args=[each.id])
            why = f"{waits.by} invited them as one; somebody else gives the role or disables the account"
            yield Work(text, why, href, ADMINISTRATOR)
    without = (each for each in everybody if each.active and each.sign_in not in waiting)
    idle = [each for each in without if not any(a.holds_on(today) for a in each.assignments)]
    if idle:
        many = "1 person" if len(idle) == 1 else f"{len(idle)} people"
        names = ", ".join(each.name for each in idle[:3])
        yield Work(f"{many} can sign in and hold no role today", names, people, ADMINISTRATOR)


FINDS = _finds
WORK = _work
