"""Both engines agree on the SYNTHETIC county as well: real layouts, checked rows, planted faults."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from openpbc.activity.flow import checking, pricing, reconciling
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.layouts import layouts
from openpbc.activity.flow.pricing_law import geography, pricing_law
from openpbc.activity.flow.reference import MemberRow, lay_places
from openpbc.activity.rules.attribution import as_known
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import Book, open_book
from openpbc.synth.making import Order, make
from openpbc.warehouse import landing
from openpbc.warehouse.session import Session
from openpbc.warehouse.store import Store
from openpbc.warehouse.survey import survey
from tests.property.pricing.engines import by_law, priced_in
from tests.property.pricing.records import PLACE

MONTH = Month.parse("2008-10")
HUNDREDTH = 10_000


def _submitted(book: Book, folder: Path, store: Store) -> list[Submitted]:
    make(book, Order(MONTH, MONTH, 5, HUNDREDTH), folder)
    found = []
    for path in sorted(folder.glob(f"*_{MONTH}_*.csv")):
        provider, month, stream = path.stem.split("_")
        landed = landing.land(store, survey(path), ",")
        found.append(Submitted(landed.sha256, stream, "openpbc-cds", provider, month))
    return found


def _members(book: Book) -> list[MemberRow]:
    places = geography(book)
    commissioners = {p.practice: p.commissioner for p in places.practices}
    return [
        MemberRow(
            m.practice, m.dated.valid_from or date.min, m.dated.valid_to or date.max, m.unit, m.budget_line,
            commissioners[m.practice], "",
        )
        for m in as_known(places.memberships, MONTH.last)
    ]  # fmt: skip


def test_the_law_and_its_copy_agree_on_the_county(tmp_path: Path) -> None:
    book = open_book(PLACE)
    store, members = Store(tmp_path / "warehouse"), _members(book)
    submitted = _submitted(book, tmp_path / "county", store)
    with Session(threads=2) as session:
        checking.check(session, store, book, layouts(book), submitted, members)
        lay_places(session, book, members)
        reconciling.lay_settings_of(session, book)
        pricing.attribute(session, book, MONTH)
        pricing.price(session, book, MONTH, {})
        rows = {stream: session.records(f"select * from accepted_{stream}") for stream in ("apc", "op", "ae")}
        found = priced_in(session)
    assert len(found) > 1_000
    assert by_law(rows, pricing_law(book), geography(book, members), MONTH) == found
