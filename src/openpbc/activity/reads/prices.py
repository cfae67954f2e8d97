"""Explains the price of one record: the law applied to the accepted rows of its unit, as the run took them in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from openpbc.activity import models
from openpbc.activity.flow import pricing_law
from openpbc.activity.flow.canonical import CONTRACT
from openpbc.activity.flow.checking import Submitted, read_submitted
from openpbc.activity.flow.opening import open_rows
from openpbc.activity.flow.reference import MemberRow
from openpbc.activity.reads.passing import explain_passed
from openpbc.activity.rules.explain import explain_price
from openpbc.activity.rules.law import PricingLaw
from openpbc.activity.rules.passing import Member
from openpbc.activity.rules.pathways import done_elsewhere, done_on_pathways
from openpbc.activity.rules.spells import episode_of, pathways
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.rulebook.reader import Book
from openpbc.warehouse import runs
from openpbc.warehouse.runs import Run
from openpbc.warehouse.session import BriefSession, Session, quoted

PREFIX = "price"
_BOOKS = 8
_TARIFFS = ("payment.tariff_apc", "payment.tariff_op", "payment.tariff_ae")


def explain(address: str) -> Explanation:
    """Explain ``price/<place>/<month>/<stream>/<file>/<line>``, from the last run that priced that line."""
    parts = address.split("/")
    if len(parts) != 6 or parts[0] != PREFIX or not parts[5].isdecimal():
        raise _nowhere(address)
    place, month, stream, file, line = parts[1], Month.parse(parts[2]), parts[3], parts[4], int(parts[5])
    with BriefSession() as session:
        run, stored = _priced(session, place, month, stream, file, line, address)
        book = book_of(run, place)
        if stream in CONTRACT:
            own = [Member(m.practice, m.unit, m.valid_from, m.valid_to) for m in members_of(run) if m.unit]
            return explain_passed(address, run, book, own, stored)
        rows = _rows_of_unit(session, run, book, stored)
        if not rows:
            raise _nowhere(address)
        terms = {name: (columns, values) for name, (columns, values) in run.manifest["terms"].items()}
        law = pricing_law.pricing_law(book, terms)
        elsewhere = _elsewhere(session, run, book, law, stream, rows)
    return explain_price(
        address,
        stream,
        rows,
        law,
        pricing_law.geography(book, members_of(run)),
        str(month),
        stored,
        _evidence(run, file),
        _statuses(book),
        elsewhere,
    )


@lru_cache(maxsize=_BOOKS)
def _statuses(book: Book) -> tuple[str, ...]:
    """Say how firm the prices of a book are."""
    return tuple(sorted({str(book.table(table).status) for table in _TARIFFS}))


def _elsewhere(
    session: Session, run: Run, book: Book, law: PricingLaw, stream: str, rows: Sequence[Mapping[str, Any]]
) -> frozenset[str]:
    """Give what others did on the pathway of a spell, where its contract leaves such elements out of prices."""
    named = pathways([episode_of(row) for row in rows]) if stream == "apc" and law.terms.unbundlings else frozenset()
    if not named:
        return frozenset()
    files = [one for one in inputs_of(run) if one.stream == "op"]
    open_rows(session, store(), book, run, files, ["op"])
    seen = session.records("select provider, hrg, attended_or_dna, pathway_id from accepted_op")
    return done_elsewhere(named, str(rows[0]["provider"]), done_on_pathways(seen, law.codes))


def inputs_of(run: Run) -> list[Submitted]:
    """Give the files that a run was made of."""
    return [read_submitted(one) for one in run.manifest["inputs"]]


def _nowhere(address: str) -> UserError:
    return UserError(f"'{address[:120]}' names no priced record", do="Open the figure from its page again.")


def _priced(
    session: Session, place: str, month: Month, stream: str, file: str, line: int, address: str
) -> tuple[Run, Mapping[str, Any]]:
    """Find the newest run of the month that priced the line, and its record there."""
    made = models.MonthRun.objects.filter(place=place, month=str(month)).order_by("-made_at", "-id")
    for run_id in made.values_list("run_id", flat=True):
        run = runs.read(store(), run_id)
        found = session.records(
            f"select * from read_parquet({quoted(run.folder / 'priced.parquet')}) "
            "where stream = $stream and file = $file and line = $line",
            {"stream": stream, "file": file, "line": line},
        )
        if found:
            return run, found[0]
    raise _nowhere(address)


def book_of(run: Run, place: str) -> Book:
    """Open the book as the run knew it."""
    known_on = run.manifest["book"]["known_on"]
    return organisations.book(place, date.fromisoformat(known_on) if known_on else None)


def _rows_of_unit(session: Session, run: Run, book: Book, stored: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the accepted rows of a priced unit: all episodes of its spell, or its line alone."""
    inputs, stream = inputs_of(run), stored["stream"]
    own = next(one for one in inputs if one.file == stored["file"])
    # a spell lies within the files of one provider and stream, every other unit is one row
    alike = [one for one in inputs if (one.provider, one.stream) == (own.provider, own.stream)]
    files = alike if stream == "apc" else [own]
    only, wanted = "file = $file and line = $line", {name: stored[name] for name in ("file", "line")}
    if stream == "apc":
        only += " or concat(provider_match(provider), '/', spell_no) = $key"
        wanted["key"] = stored["key"]
    open_rows(session, store(), book, run, files, [stream], only, wanted)
    return session.records(f"select * from accepted_{stream} order by file, line")


def members_of(run: Run) -> list[MemberRow]:
    """Give the memberships that a run was made with."""
    return [
        MemberRow(**{**one, **{name: date.fromisoformat(one[name]) for name in ("valid_from", "valid_to")}})
        for one in run.manifest["memberships"]
    ]


def _evidence(run: Run, file: str) -> tuple[tuple[str, str], ...]:
    received = next(one["sha256"] for one in run.manifest["inputs"] if one["sha256"].startswith(file))
    return (
        ("run", run.run_id),
        ("file", received),
        ("book", run.manifest["book"]["hash"]),
        ("code", run.manifest["code"]),
        ("engine", run.manifest["engine"]),
    )
