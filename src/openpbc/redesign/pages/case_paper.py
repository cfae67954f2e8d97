"""A case for change as a paper: for the screen, for Word and as PDF; and blank papers of each kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpbc.governance import reads as governance
from openpbc.governance.reads import Level
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import day_text
from openpbc.organisations import reads as organisations
from openpbc.redesign.pages.consulting import about_table
from openpbc.redesign.pages.figures import cited_figure
from openpbc.redesign.pages.picture import pathway_sentence
from openpbc.redesign.reads import tertiary
from openpbc.redesign.reads.belonging import Belonging
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.cited import Cited, cited_or_why
from openpbc.redesign.reads.clocks import DIFFERENCE, INTO, OUT, figure_address
from openpbc.redesign.reads.consulting import Consulting
from openpbc.redesign.reads.parts import bodies, case_for_change, faults, said_words
from openpbc.redesign.reads.registers import plan_fault
from openpbc.redesign.reads.versions import Version, versions_of
from openpbc.redesign.rules.completeness import PATHWAY, PROSE, SHIFTS, SPECIFICATION, SUMMARY, CaseForChange, Prose
from openpbc.redesign.rules.membership import KINDS, SUB_KINDS
from openpbc.redesign.rules.pathway import SETTINGS
from openpbc.redesign.rules.value import missing, whole_life
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.documents import Bullets, Document, Grid, Heading, Note, Paragraph, Part
from openpbc.ui.figures import Cell, Figure, Style
from openpbc.ui.tables import Table

BODY = ("activity", "finance", "estates", "workforce", "risks", "safety", "other")


def case_paper(book: Book, known: Case, version: Version | None, level: Level) -> Document:
    """Write a case, or one of its versions with the figures as they stood then; ``level`` is who decides it today."""
    held = version.body["parts"] if version else bodies(known)
    own: Mapping[str, Any] = version.body["case"] if version else {name: getattr(known, name) for name in
                                                                   ("title", "need", "evidence", "area")}  # fmt: skip
    written = case_for_change(held)
    state = f"Version {version.number}, handed in by {version.frozen_by}" if version else "As it is being written"
    return Document(
        title=f"{own['title']}: version {version.number}" if version else str(own["title"]),
        subtitle=f"Case for change {known.number}. {state}",
        facts=_facts(book, known, version),
        parts=(
            *_summary(written),
            *_need(own),
            *_pathway(written),
            *_specification(written),
            *(part for code in BODY for part in _prose(book, known, code, written.prose.get(code), version)),
            *_shifts(known, written, version),
            *_decides(book, known, written, level),
            *_consulted(book, known),
            *_group(known, version),
            *(() if version else _lacks(known)),
        ),
        draft=version is None,
        synthetic=known.synthetic,
        footer=f"Version hash {version.sha256[:12]}" if version else f"Rulebook {book.hash[:12]}",
    )


def _facts(book: Book, known: Case, version: Version | None) -> tuple[tuple[str, str], ...]:
    place, belonging = book.place, Belonging(book)
    names = {unit.code: unit.name for unit in organisations.units(place.id)}
    groups = ", ".join(names.get(each.unit, each.unit) for each in known.groups)
    handed = (("Hash", version.sha256), ("Rulebook", version.book_hash)) if version else (("Rulebook", book.hash),)
    return (
        ("Place", f"{place.title}, {place.year.label}"),
        ("Area", known.area),
        ("Concerns", groups),
        *((("Commissioning plan", plan),) if (plan := plan_fault(book, known)) else ()),
        *((("Belongs to", whose),) if (whose := belonging.told(belonging.of_case(known))) else ()),
        *((("Tertiary flows", flow),) if (flow := tertiary.told(known, tertiary.tertiary_keys(book))) else ()),
        ("Stage", known.at.title),
        *((("Versions", str(len(versions_of(known)))),) if not version else ()),
        *handed,
    )


def _paragraphs(text: str) -> tuple[Part, ...]:
    return tuple(Paragraph(line) for line in text.splitlines() if line.strip())


def _summary(written: CaseForChange) -> tuple[Part, ...]:
    told = written.prose.get(SUMMARY)
    return (Heading("In plain words"), *_paragraphs(told.text)) if told and told.text else ()


def _need(own: Mapping[str, Any]) -> tuple[Part, ...]:
    evidence = (Heading("Evidence", 2), *_paragraphs(str(own["evidence"]))) if own.get("evidence") else ()
    return (Heading("What patients need"), *_paragraphs(str(own["need"])), *evidence)


def _pathway(written: CaseForChange) -> tuple[Part, ...]:
    return (
        Heading("Pathway"),
        Paragraph(pathway_sentence(written.stages)),
        Grid(stages_table(written)),
    )


def stages_table(written: CaseForChange) -> Table:
    """The stages of a pathway in their order."""
    rows: list[list[Cell]] = [
        [str(at), SETTINGS[each.setting], each.what, each.who, SETTINGS.get(each.before, "") if each.before else ""]
        for at, each in enumerate(written.stages, 1)
    ]
    columns = [tables.text(name) for name in ("Stage", "Setting", "What happens", "Who", "Where it happens now")]
    return tables.table(PATHWAY, "Stages of the pathway", columns, rows, cards=True, empty="There is no stage yet.")


def _specification(written: CaseForChange) -> tuple[Part, ...]:
    return (Heading("Specification"), *_paragraphs(written.purpose), Grid(outcomes_table(written)))


def outcomes_table(written: CaseForChange) -> Table:
    """The outcomes that are wanted, with how each is seen."""
    rows: list[list[Cell]] = [
        [
            str(at),
            each.text,
            each.indicator or "no indicator",
            each.baseline or "not stated",
            each.target or "not stated",
        ]
        for at, each in enumerate(written.outcomes, 1)
    ]
    columns = [tables.text(name) for name in ("Number", "What is wanted", "How it is seen", "Now", "Wanted")]
    return tables.table(SPECIFICATION, "Outcomes", columns, rows, cards=True, empty="There is no outcome yet.")


def _prose(book: Book, known: Case, code: str, written: Prose | None, version: Version | None) -> tuple[Part, ...]:
    if written is None or not (written.text or written.figures):
        return ()
    marked = () if written.applies else (Note(f"This does not apply. {said_words(written)}".strip()),)
    grid = (Grid(figures_table(known, code, written, version)),) if written.figures else ()
    return (Heading(PROSE[code][0]), *marked, *_paragraphs(written.text), *grid)


def figures_table(known: Case, code: str, written: Prose, version: Version | None) -> Table:
    """The figures that a part cites: as they stood when the version was handed in, or as they stand."""
    rows: list[list[Cell]] = []
    for address in written.figures:
        cited = cited_or_why(known.place, address)
        if version is not None:
            kept = version.body["figures"][address]
            cited = Cited(address, kept["title"], kept["value"], kept["unit"], kept["why"])
        rows.append([cited.title, cited_figure(cited)])
    columns = [tables.text("Figure"), tables.number("Value", additive=False)]
    when = "as they stood when this version was handed in" if version else "as they stand today"
    return tables.table(
        f"figures-{code}", f"Figures cited under {PROSE[code][0].lower()}, {when}", columns, rows, cards=True
    )


def _shifts(known: Case, written: CaseForChange, version: Version | None) -> tuple[Part, ...]:
    return (Heading("Resource shift"), Grid(shifts_table(known, written, explained=version is None)))


def _decides(book: Book, known: Case, written: CaseForChange, level: Level) -> tuple[Part, ...]:
    """What the case is worth over its whole life, who decides it on that, and the cases that may be one with it.

    Those are named by their numbers alone: who reads this paper may not be let into each of them.
    """
    worth = whole_life(written.shifts)
    table = written.shifts
    told = missing(table) if worth is None else (
        f"Over its whole life the case is worth {pounds(worth)}: {pounds(table.into)} a year for {table.years}"
        f" {'year' if table.years == 1 else 'years'}, and {pounds(table.one_off)} once."
    )  # fmt: skip
    others = [each.rpartition("/")[2] for each in level.with_matters]
    split: tuple[Part, ...] = ()
    if others and level.effective_pence is not None:
        named = f"case {others[0]}" if len(others) == 1 else f"cases {', '.join(others)}"
        split = (
            Paragraph(
                f"It may be one case with {named}, of the same group and area. Together they are worth"
                f" {pounds(level.effective_pence)}, and are judged by that."
            ),
        )
    on = day_text(organisations.today())
    who = f"On {on} it is decided by: {governance.level_names(book)[level.code]}. {level.because}"
    return (Heading("Value, and who decides"), Paragraph(told), *split, Paragraph(who))


def shifts_table(known: Case, written: CaseForChange, *, explained: bool) -> Table:
    """What leaves whom and reaches whom in a year, with the totals that have to balance."""

    def total(pence: int, figure: str) -> Figure:
        return Figure(pence, Style.PENCE, figure_address(known, figure) if explained else "")

    table = written.shifts
    rows: list[list[Cell] | tables.Row] = [
        [each.giver, each.receiver, Figure(each.out, Style.PENCE), Figure(each.into, Style.PENCE), each.contract]
        for each in table.shifts
    ]
    if table.shifts:
        sums: list[tuple[str, Cell, Cell]] = [
            ("All moves", total(table.out, OUT), total(table.into, INTO)),
            ("New money", Figure(table.new_money, Style.PENCE), None),
            ("Saved", None, Figure(table.saving, Style.PENCE)),
            ("Does not balance by", total(table.difference, DIFFERENCE), None),
        ]
        rows += [tables.Row((name, "", out, into, ""), total=True) for name, out, into in sums]
    columns = [
        tables.text("From"), tables.text("To"), tables.number("Leaves", "£ a year"),
        tables.number("Arrives", "£ a year"), tables.text("Contract that changes"),
    ]  # fmt: skip
    empty = "No move of money is written down yet."
    return tables.table(SHIFTS, "Money that moves", columns, rows, cards=True, empty=empty)


def _consulted(book: Book, known: Case) -> tuple[Part, ...]:
    """Who was consulted by today, and of whom no note says anything; only where the case falls on primary care."""
    consulting = Consulting(book)
    noted = consulting.noted.get(known.matter, ())
    if not noted and not consulting.falls(known):
        return ()
    lacks = tuple(Note(each) for each in consulting.of_case(known))
    return (Heading("Consultation"), *lacks, Grid(about_table(book, noted)))


def _group(known: Case, version: Version | None) -> tuple[Part, ...]:
    """Who sits in the joint group; for a version, who sat there when it was handed in."""
    names = ("name", "kind", "sub_kind", "leads")
    present = (
        version.body.get("members", [])
        if version
        else [{name: getattr(each, name) for name in names} for each in known.present]
    )
    told = tuple(
        f"{each['name']}: {SUB_KINDS.get(each['sub_kind']) or KINDS[each['kind']]}"
        + (", leads" if each["leads"] else "")
        for each in present
    )
    return (Heading("Joint group"), Bullets(told)) if told else ()


def _lacks(known: Case) -> tuple[Part, ...]:
    found = tuple(each.sentence for each in faults(known))
    return (Heading("What it still lacks"), Bullets(found)) if found else ()
