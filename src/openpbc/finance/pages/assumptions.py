"""The assumptions behind the plan: rates made of parts, and facts, each with its status and source."""

from __future__ import annotations

from openpbc.finance import reads
from openpbc.finance.pages.printed import rate
from openpbc.finance.reads import Rate
from openpbc.kernel.money import percent_text, thousands
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Missing, status_tag
from openpbc.ui.pages import first_sentence
from openpbc.ui.tables import Table

_HOW = {
    "alone": "as it stands",
    "add": "the parts are added",
    "compound": "one part on top of the other",
    "less": "the second part is taken off the first",
}


def assumption_tables(book: Book) -> tuple[Table, ...]:
    """The rates of the plan with their parts, and the other facts that it rests on."""
    found = reads.assumptions(book)
    rates = tables.table(
        "rates",
        "Rates of the plan",
        [
            tables.text("Rate"),
            tables.number("Used", "%", additive=False),
            tables.text("Made of"),
            tables.text("How"),
            tables.text("Status"),
        ],
        [_rate_row(code, each) for code, each in found.rates.items()],
        cards=True,
    )
    facts = tables.table(
        "facts",
        "Facts behind the plan",
        [tables.text("Fact"), tables.text("Value"), tables.text("Status"), tables.text("Source")],
        [_fact_row(each) for each in found.facts],
        cards=True,
    )
    return rates, facts


def behind_assumptions(book: Book) -> tuple[Value | NotSet, ...]:
    """The rulebook's values behind the two tables."""
    found = reads.assumptions(book)
    gaps = tuple(each for each in found.rates.values() if isinstance(each, NotSet))
    parts = tuple(book.value(part.id) for each in found.rates.values() if isinstance(each, Rate) for part in each.parts)
    return (*gaps, *parts, *found.facts)


def _rate_row(code: str, found: Rate | NotSet) -> list[Cell]:
    if isinstance(found, NotSet):
        return [code.replace("_", " ").capitalize(), Missing(found.path), "", "", status_tag("not set")]
    parts = "; ".join(f"{first_sentence(part.meaning)}: {percent_text(part.ppm)}" for part in found.parts)
    statuses = sorted({part.status for part in found.parts})
    return [found.title, rate(found.ppm, found.address), parts, _HOW[found.how], status_tag(statuses[0])]


def _fact_row(found: Value | NotSet) -> list[Cell]:
    meaning = first_sentence(found.meaning)
    if isinstance(found, NotSet):
        return [meaning, Missing(found.path), status_tag("not set"), ""]
    return [meaning, value_text(found), status_tag(found.status), str(found.citation)]


def value_text(found: Value) -> str:
    """A value of the rulebook as people read it."""
    if found.unit in ("rate", "percent", "ppm"):
        return percent_text(found.ppm)
    if found.unit in ("pence", "pounds", "pounds_thousand"):
        return f"£{thousands(found.pence)} thousand"
    return found.text
