"""Sections that papers of finance share: each gives parts of a document, and says plainly what is not set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from openpbc.finance import reads
from openpbc.finance.pages.assumptions import assumption_tables
from openpbc.finance.pages.printed import as_printed, checks_table, money
from openpbc.finance.reads import Check, PrintedTable
from openpbc.finance.reads.scenarios import EXTRA, MINIMUM, SCENARIOS, SHARES
from openpbc.finance.rules.checks import Verdict
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Status, Table, Value
from openpbc.ui import tables
from openpbc.ui.documents import Grid, Heading, Note, PageBreak, Paragraph, Part
from openpbc.ui.figures import Cell, Figure, Missing, status_tag
from openpbc.ui.pages import capital, first_sentence

THOUSAND_POUNDS = 100_000
DOCUMENTS = "documents"
UNITS = "organisations.units"
Words = tuple[str | Figure | Missing, ...]


def said(*pieces: str | Figure | Missing | Words) -> Words:
    """Put words and figures together to one text."""
    flat: list[str | Figure | Missing] = []
    for piece in pieces:
        flat += piece if isinstance(piece, tuple) else (piece,)
    return tuple(flat)


def thousand(pence: int, address: str = "") -> Words:
    """A sum within a sentence, in thousands of pounds as in the tables."""
    return ("£", money(pence, address), " thousand")


def gap(what: str, found: NotSet) -> Paragraph:
    """The plain statement that something is not set; readers of a paper have no use for the name of a file."""
    return Paragraph((f"{capital(what).rstrip('.')}: ", Missing(why=f"Not set for {found.year}."), "."))


def carried_part(book: Book) -> tuple[Part, ...]:
    """Which units have no budget line of their own, and that no source says in whose line their money stands."""
    listed = book.table(UNITS)
    if isinstance(listed, NotSet):
        return ()
    names = {row["code"]: row["name"] for row in listed}
    assumed = " This is inferred and assumed; no source says it." if listed.status is Status.ASSUMED else ""
    return tuple(
        Note(
            f"{row['name']}, a {book.word(row['kind'])}, has no line of its own: "
            f"its money stands in that of {names[row['budget_line']]}.{assumed}"
        )
        for row in listed
        if row["budget_line"] and row["budget_line"] != row["code"]
    )


def printed_table(table: PrintedTable) -> Grid:
    """A published table under its title; the number that it was printed with stands behind."""
    shown = as_printed(table)
    return Grid(
        replace(shown, caption=f"{table.title}, as printed (table {table.number} of the source)", empty="Not set.")
    )


def published(book: Book, code: str) -> tuple[Part, ...]:
    """One published table as printed and as recomputed; where it is not printed, that is said."""
    found = reads.tables(book)
    listed = () if isinstance(found, NotSet) else [each for each in found if each.code == code]
    return tuple(part for table in listed for part in (printed_table(table), *recomputed(book, table)))


def tables_of(book: Book, rows_from: str) -> tuple[Part, ...]:
    """The published tables whose rows stand in one table of the rulebook, with their checks."""
    listed = book.table(reads.TABLES)
    codes = () if isinstance(listed, NotSet) else [row["table"] for row in listed if row["rows_from"] == rows_from]
    return tuple(part for code in codes for part in published(book, code))


def recomputed(book: Book, table: PrintedTable) -> tuple[Part, ...]:
    """What the checks of a published table found: those that do not come out exactly, and how many do."""
    listed = [check for check in known_checks(book) if check.table == table.code]
    odd = [check for check in listed if check.verdict is not Verdict.EXACT]
    told = (
        f"Of {len(listed)} figures of this table that were computed again, {len(listed) - len(odd)} come out exactly."
    )
    if not listed:
        return ()
    if not odd:
        return (Note(told),)
    shown = checks_table(f"recomputed-{table.number}", f"{table.title}: where recomputing differs", odd)
    return (Grid(replace(shown, notes=(told,))),)


def known_checks(book: Book) -> tuple[Check, ...]:
    """All checks of the place; none where there are none."""
    found = reads.checks(book)
    return () if isinstance(found, NotSet) else found


def assumptions_part(book: Book) -> tuple[Part, ...]:
    """What the plan rests on: rates with their parts, and facts, each with its status."""
    told = "Values marked assumed have been confirmed by nobody; those not set are left open and never guessed."
    return (Heading("Assumptions"), Paragraph(told), *(Grid(shown) for shown in assumption_tables(book)))


def checks_part(book: Book) -> tuple[Part, ...]:
    """A page of checks: first what does not add up, with its notes, then every check."""
    title = Heading("Checks: what adds up and what does not")
    found = reads.checks(book)
    if isinstance(found, NotSet):
        return (title, gap(found.meaning, found))
    odd = [check for check in found if check.verdict is not Verdict.EXACT]
    counted = reads.check_summary(book)
    told = (
        f"{len(found)} figures of the source were computed again from the others: "
        + ", ".join(f"{count} {verdict}" for verdict, count in counted.items())
        + ". Printed figures are kept as printed; nothing is mended in silence."
    )
    return (
        PageBreak(),
        title,
        Paragraph(told),
        Grid(checks_table("odd", "Checks that do not come out exactly", odd)),
        Grid(checks_table("checks", "All checks", found)),
    )


def provenance_part(book: Book, facts: Iterable[tuple[str, str]]) -> tuple[Part, ...]:
    """Where every figure comes from: the state of the rulebook, and its sources."""
    stated = tables.table(
        "made-from",
        "What this paper was made from",
        [tables.text("What"), tables.text("Which")],
        [list(pair) for pair in facts],
    )
    return (
        Heading("Where the figures come from"),
        Grid(stated),
        Grid(_sources(book)),
        Note("Every figure of this paper stands on its page too, where it opens its steps, rule and source."),
    )


def _sources(book: Book) -> tables.Table:
    listed = book.table(DOCUMENTS)
    known = {} if isinstance(listed, NotSet) else listed.keyed("code")
    rows: list[list[Cell]] = []
    for held in behind(book):
        if isinstance(held, NotSet):
            rows.append([first_sentence(held.meaning), Missing(held.path), "", status_tag(Status.NOT_SET)])
            continue
        cited = known.get(held.citation.document, {}).get("title", held.citation.document)
        rows.append([first_sentence(held.meaning), cited, held.citation.section, status_tag(held.status)])
    columns = [tables.text(title) for title in ("What", "Document", "Where in it", "Status")]
    return tables.table("sources", "Sources", columns, rows)


def behind(book: Book) -> tuple[Value | Table | NotSet, ...]:
    """The rulebook's values and tables on which papers rest."""
    ids = (reads.ALLOCATION, reads.PLAN, reads.FUNDING, reads.TABLES, reads.CHECKS)
    shares = (SHARES, SCENARIOS)
    return (*(book.table(id) for id in (*ids, *shares)), book.value(MINIMUM), book.value(EXTRA))
