"""Fills the law of measures from the rulebook, for the statements and for the law of one record alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from openpbc.measures.rules.admissions import Clause, ReadmissionRule
from openpbc.measures.rules.declaring import Measure, measure
from openpbc.measures.rules.facts import FactLaw
from openpbc.rulebook.reader import Book
from openpbc.warehouse.session import Session

_PARTS = {"P": ("D", "first"), "S": ("D", "other"), "A": ("D", "any"), "OP": ("O", "first"), "OA": ("O", "any")}


def declared(book: Book) -> tuple[Measure, ...]:
    """Give the measures that the place's book declares, in its order."""
    table = book.need_table("measures.measures")
    general = {row["stream"]: row["exclusions"] for row in book.need_table("measures.general_exclusions")}
    minimum = book.need("measures.minimum_denominator").int
    return tuple(measure(row, general, minimum, table.path) for row in table)


def fact_law(book: Book, watched_from: date, followed_to: date) -> FactLaw:
    """Give what facts are told by."""
    out = list(book.need_table("measures.readmission_prior_out"))
    return FactLaw(
        kinds={row["pod"]: row["kind"] for row in book.need_table("measures.kinds")},
        own=book.place.commissioner,
        watched_from=watched_from,
        followed_to=followed_to,
        readmission=ReadmissionRule(
            book.need("measures.readmission_days").int,
            frozenset(row["value"] for row in out if row["field"] == "hrg"),
            frozenset(row["value"] for row in out if row["field"] == "tfc"),
        ),
        clauses=tuple(
            Clause(row["condition"], int(row["way"]), row["field"], row["pattern"], row["demands"] == "no")
            for row in book.need_table("measures.avoidable")
        ),
    )


def lay_law(session: Session, law: FactLaw) -> None:
    """Lay the law down as small tables, so that the statements name no code, place or number."""
    text = "VARCHAR"
    session.table("law_kinds", {"pod": text, "kind": text}, sorted(law.kinds.items()))
    session.table(
        "law_measuring",
        {"own": text, "watched_from": "DATE", "followed_to": "DATE", "readmission_days": "BIGINT"},
        [(law.own, law.watched_from, law.followed_to, law.readmission.days)],
    )
    out = [("hrg", code) for code in sorted(law.readmission.hrgs)] + [("tfc", c) for c in sorted(law.readmission.tfcs)]
    session.table("law_prior_out", {"field": text, "value": text}, out)
    places = {name: at for at, name in enumerate(dict.fromkeys(clause.condition for clause in law.clauses))}
    session.table(
        "law_avoidable",
        {"place": "BIGINT", "condition": text, "way": "BIGINT", "clause": "BIGINT", "list": text, "nth": text}
        | {"demands": text, "shape": text},
        [
            (
                places[c.condition],
                c.condition,
                c.way,
                at,
                *_PARTS[c.field],
                "no" if c.forbids else "yes",
                f"^({c.pattern})",
            )
            for at, c in enumerate(law.clauses)
        ],
    )


def computed(measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """Give the measures that records tell."""
    return tuple(each for each in measures if each.computed)
