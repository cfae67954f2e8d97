"""Puts a price list into the installation's own rulebook, from where every later run takes its prices."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from openpbc import audit
from openpbc.activity import reads
from openpbc.activity.reads import Weighed
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.kernel.sheets import ReadSheet
from openpbc.organisations import reads as organisations
from openpbc.rulebook.laying import Laid, Origin, laying


@dataclass(frozen=True)
class PricesLoaded:
    """What loading a price list left behind."""

    weighed: Weighed
    laid: Laid
    already: bool


@audit.action("activity.load_prices", late=True)
def load_prices(*, by: Actor, place: str, word: str, sheet: ReadSheet, origin: Origin) -> PricesLoaded:
    """Lay a price list over the place's table of prices; one with a wrong cell is refused whole.

    The prices of closed months stay as they were published; a month that is closed anew takes the new ones.
    The event is kept before the prices come into force: no price is ever in force without one, and a load that was
    killed between the two is loaded again.
    """
    weighed = reads.weigh(place, word, sheet)
    if weighed.found.faults:
        first = weighed.found.faults[0]
        raise UserError(
            f"{len(weighed.found.faults)} cells are wrong; the first is {first.cell}: {first.sentence}",
            where=sheet.name,
            do="Look at all of them with --dry-run, mend the list, and load it again.",
        )
    book = organisations.book(place)
    subject, year = weighed.table.subject, book.place.year
    with laying(book, subject, year, weighed.found.rows, origin, settings.RULEBOOK) as made:
        laid = made.laid
        if laid.already:
            return PricesLoaded(weighed, laid, True)
        with audit.writing():
            audit.note(
                subject=f"price-list/{place}/{year}/{word}",
                before={"sha256": laid.before},
                after={
                    "sha256": laid.after,
                    "source": origin.section,
                    "status": origin.status.value,
                    "rows": len(weighed.found.rows),
                },
            )
        made.put()
    return PricesLoaded(weighed, laid, False)
