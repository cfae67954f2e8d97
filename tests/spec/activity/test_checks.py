"""Every line of the specification of the checks holds on both engines."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from openpbc.activity.flow import checking
from openpbc.activity.flow.canonical import CODED
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.layouts import Layout, canonical_select, layouts
from openpbc.activity.rules.checks import canonical
from openpbc.warehouse import landing
from openpbc.warehouse.landing import Landed
from openpbc.warehouse.session import Session
from openpbc.warehouse.store import Store
from openpbc.warehouse.survey import survey
from tests.property.activity.engines import At, Judged, by_law, by_sql, judged_in
from tests.property.activity.layouts import kind_of, shape_of, writing_of
from tests.spec.activity import reference
from tests.spec.activity.tables import (
    LAYOUTS,
    LINES,
    PAGES,
    Case,
    Section,
    book,
    broken_of,
    cases,
    levels,
    lists,
    outcome_of,
    sections,
    text_of,
)

ENGINES = {"python": by_law, "duckdb": by_sql}


def _all_cases() -> list[Case]:
    return [case for path in PAGES for case in cases(path)]


@cache
def _found(engine: str) -> dict[At, Judged]:
    listed = _all_cases()
    assert len({case.row.at for case in listed}) == len(listed)
    files = {case.row.file: case.facts for case in listed}
    return ENGINES[engine]([case.row for case in listed], files, lists(), levels())


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_page_holds(path: Path, engine: str) -> None:
    listed = cases(path)
    assert listed
    wrong = []
    for case in listed:
        judged = _found(engine)[case.row.at]
        if judged.broken != case.broken:
            marks = " ".join(sorted(f"{rule}:{field}" for rule, field in judged.broken))
            wrong.append(f"{case.heading}, {case.name}: found {marks or 'nothing'}")
        if case.outcome and (judged.outcome, judged.reason) != case.outcome:
            wrong.append(f"{case.heading}, {case.name}: {judged.outcome} {judged.reason}")
    assert wrong == []


def _layout(section: Section) -> Layout:
    shipped = layouts(book())[section.settings["layout"]]
    fields = {"ae": {name: f"Column of {name}" for name in {row["field"] for row in section.rows}}}
    return Layout(**{**vars(shipped), "fields": fields, "words": {**shipped.words, **section.given}})


def _read_by_sql(section: Section, folder: Path) -> list[tuple[str | None, set[str]]]:
    layout = _layout(section)
    columns = layout.fields["ae"]
    landed = Landed("f" * 64, tuple(columns.values()), ",", 0, 0, 0, 0, True, "", "", "")
    with Session(threads=1, ordered=True) as session:
        session.table(
            "written",
            {"line": "BIGINT", **dict.fromkeys(columns.values(), "VARCHAR")},
            [
                (line, *(text_of(row["written"]) if name == row["field"] else None for name in columns))
                for line, row in enumerate(section.rows, 1)
            ],
        )
        session.write("written", folder / "rows.parquet", "line")
        source = f"read_parquet('{folder / 'rows.parquet'}', file_row_number = true)"
        found = session.records(canonical_select(layout, "ae", landed, source, []))
    given = sorted(found, key=lambda one: one["line"])
    return [
        (one[row["field"]], {rule for rule, field in broken_of(one["notes"] or "") if field == row["field"]})
        for row, one in zip(section.rows, given, strict=True)
    ]


@pytest.mark.parametrize("section", sections(LAYOUTS), ids=lambda section: section.heading)
def test_texts_are_read_as_the_page_says(section: Section, tmp_path: Path) -> None:
    expected = [(text_of(row["=> text"]), set(row["=> finds"].split())) for row in section.rows]
    writing = writing_of(_layout(section))
    read = [canonical(text_of(row["written"]), kind_of(row["field"]), writing) for row in section.rows]
    by_law = [
        (text, rules | shape_of(_layout(section), "ae", row["field"], text))
        for row, (text, rules) in zip(section.rows, read, strict=True)
    ]
    for row, wanted, law, sql in zip(section.rows, expected, by_law, _read_by_sql(section, tmp_path), strict=True):
        assert law == wanted, row
        assert sql == wanted, row


def test_lines_that_are_no_records_are_told(tmp_path: Path) -> None:
    (section,) = sections(LINES)
    texts = ["a;b;c", *(row["line of the file"].replace("·", " ") for row in section.rows)]
    (tmp_path / "lines.csv").write_text("\n".join(texts) + "\n", encoding="utf-8")
    store = Store(tmp_path / "warehouse")
    landed = landing.land(store, survey(tmp_path / "lines.csv"), ";")
    fields = {"op": {"attendance_id": "a", "appointment_date": "b", "provider": "c"}}
    of_records = {"without": [rule for rule in levels() if not rule.startswith("L-")]}
    layout = Layout("lines", "lines", ";", "national", "none", "", {"op": frozenset("abc")}, fields, of_records)
    with Session(threads=1) as session:
        checking.check(session, store, book(), {"lines": layout}, [Submitted(landed.sha256, "op", "lines")], [])
        found = judged_in(session)
    for line, row in enumerate(section.rows, 1):
        wanted = Judged(broken_of(row["=> broken"]), *outcome_of(row["=> outcome"]))
        assert found["op", landed.short, line] == wanted, row


def test_every_rule_is_shown_broken_and_kept() -> None:
    listed = _all_cases()
    shown = {rule for case in listed for rule, _ in case.broken}
    shown |= {row["=> finds"] for section in sections(LAYOUTS) for row in section.rows}
    shown |= {row["=> broken"] for section in sections(LINES) for row in section.rows}
    # told of a file as a whole, see the tests of received files, and between two data sets, see test_admission.py
    assert levels().keys() - shown == {"L-04", "V-AE-03"}
    streams = {stream: [case for case in listed if case.row.stream == stream] for stream in CODED}
    assert all(any(not case.broken for case in own) for own in streams.values())


def test_every_coded_field_is_shown_with_a_wrong_code() -> None:
    shown = {(case.row.stream, field) for case in _all_cases() for rule, field in case.broken if rule in _OF_LISTS}
    of_person = {"sex", "ethnic", "admin_category", "nhs_number_status", "tfc", "main_spec"}
    assert shown >= {(stream, field) for stream, fields in CODED.items() for field in fields if field not in of_person}
    assert {field for _, field in shown} >= of_person


_OF_LISTS = ("V-ALL-10", "V-ALL-11")


def test_the_reference_page_is_made_from_the_specification() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), "run python -m tests.spec.activity.reference"
