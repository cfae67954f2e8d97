"""Where providers stand among their peers: the peer group, where its best quarter begins, what reaching it frees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from openpbc.kernel.periods import Month
from openpbc.measures.models import PeerGroup
from openpbc.measures.reads.entered import entered_value
from openpbc.measures.reads.measured import Period
from openpbc.measures.reads.values import Value, values
from openpbc.measures.rules.declaring import Better, Measure, Shown
from openpbc.measures.rules.quartiles import Opportunity, best_quarter, opportunity, quarter_of, resting_on
from openpbc.rulebook.reader import Book

MAIN = "main"


@dataclass(frozen=True)
class Peers:
    """A peer group as it is used. Version 0 is the proposal while nobody has agreed one: all providers in the files.

    ``first`` and ``last`` are the months compared; without them, those that a page shows.
    """

    version: int
    title: str
    providers: tuple[str, ...]
    method: str
    first: str = ""
    last: str = ""
    reason: str = ""
    by: str = ""
    at: datetime | None = None

    @property
    def agreed(self) -> bool:
        """Whether somebody has named the group."""
        return self.version > 0

    @property
    def name(self) -> str:
        """The group with its version, as pages name it."""
        return f"{self.title}, version {self.version}" if self.agreed else self.title

    @property
    def base_year(self) -> str:
        """The financial year that the group is compared over, if it is a whole one; such values are entered."""
        if not self.first:
            return ""
        year = Month.parse(self.first).year_of
        whole = (self.first, self.last) == (str(year.months[0]), str(year.months[-1]))
        return year.label if whole else ""


def peer_versions(place: str, code: str = MAIN) -> tuple[Peers, ...]:
    """List the versions of a peer group, newest first."""
    rows = PeerGroup.objects.filter(place=place, code=code).order_by("-version")
    return tuple(
        Peers(r.version, r.title, tuple(r.providers), r.method, r.first, r.last, r.reason, r.by, r.at) for r in rows
    )


def peers(book: Book) -> Peers:
    """Give the peer group in use, or the proposal."""
    found = peer_versions(book.place.id)
    if found:
        return found[0]
    return Peers(
        0, "All providers in the files (no group is agreed yet)", (), book.need("measures.quartile_method").text
    )


@dataclass(frozen=True)
class Standing:
    """Where providers stand on one measure: their values, those of the peers, and the threshold of the best quarter.

    ``months`` is the length of the period, from which a year is worked out. The threshold may be ``withheld``.
    """

    measure: Measure
    group: Peers
    own: Mapping[str, Value]
    peers: Mapping[str, Fraction]
    threshold: Fraction | None
    months: int
    withheld: bool = False

    def quarter(self, provider: str) -> int | None:
        """The quarter in which a provider lies, 1 the best."""
        value = self.own[provider].rate
        if value is None or self.threshold is None:
            return None
        return quarter_of(value, list(self.peers.values()), self.measure.better, self.group.method)

    def opportunity(self, provider: str) -> Opportunity | None:
        """What a provider's reaching the best quarter would change."""
        found = self.own[provider]
        if found.rate is None or self.threshold is None:
            return None
        return opportunity(
            found.rate, self.threshold, self.measure.better, found.denominator, found.unit_pence, self.months
        )

    @property
    def in_best(self) -> int:
        """How many providers lie in the best quarter."""
        return sum(self.quarter(code) == 1 for code in self.own)


def standing(book: Book, measure: Measure, period: Period, unseen: frozenset[str] = frozenset()) -> Standing:
    """Compare the providers of a place over a period with their peer group.

    There is no threshold for a reader from whom a provider on whose value it rests is hidden, nor what follows from it.
    """
    group, own = peers(book), values(measure, period, "provider")
    compared = _peer_values(book, measure, group, own)
    ranked = measure.shown is not Shown.COUNT and measure.better is not Better.UNSETTLED
    threshold = best_quarter(list(compared.values()), measure.better, group.method) if ranked and compared else None
    withheld = threshold is not None and bool(unseen & resting_on(compared, measure.better, group.method))
    return Standing(measure, group, own, compared, None if withheld else threshold, period.length, withheld)


def _peer_values(book: Book, measure: Measure, group: Peers, own: Mapping[str, Value]) -> dict[str, Fraction]:
    """Peers' values: from the records, or as entered for the group's base year or for a peer that sends no records."""
    found: dict[str, Fraction] = {}
    for code in group.providers or tuple(own):
        year = group.base_year or book.place.year.label
        said = entered_value(book.place.id, measure.code, code, year)
        told = said.rate(measure) if said else None
        computed = own[code].rate if code in own and not group.base_year else None
        value = computed if computed is not None else told
        if value is not None:
            found[code] = value
    return found
