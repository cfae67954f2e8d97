"""Lines to mend go out as a workbook and come back as a new file; an untouched one changes nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from openpbc.activity import actions, reads
from openpbc.activity.pages import mending, mending_sheets
from openpbc.activity.pages.mending_sheets import mending_csv, mending_workbook, read_mending
from openpbc.activity.reads.mending import to_mend
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from tests.unit.activity.rows import PLACE, rows, write

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
ANALYST = Actor("1", "An analyst")
HOSTILE = ("=1+1", "+SUM(A1)", "@cmd", "-2", "<r>x</r>", "007", "1e5", "2008-06-02", " blank ", "'quoted'")


@pytest.fixture
def wrong(receive, tmp_path: Path) -> reads.Submission:
    """A received file of which line 2 has no practice, line 3 a bad date, and line 4 a column too many."""
    listed = rows("op", 6)
    listed[1]["practice"] = ""
    listed[2]["appointment_date"] = "2008-06-31"
    path = write(tmp_path, "op", listed)
    header, *lines = path.read_text().splitlines()
    lines[3] += ",one more"
    noted = [f"{line},{text}" for line, text in zip(lines, HOSTILE, strict=False)]
    path.write_text("\n".join([f"{header},local note", *noted]) + "\n")
    return reads.submission(PLACE, receive(path).sha256)


def edited(found: reads.Submission, edit: Callable[[Any], object]) -> bytes:
    """The workbook of a file's lines to mend after somebody worked in it."""
    book = openpyxl.load_workbook(io.BytesIO(mending_workbook(to_mend(PLACE, found.sha256, identities=True))))
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cell(sheet: Any, line: int, column: str) -> Any:
    at = [each.value for each in sheet[1]].index(column)
    return next(row for row in sheet.iter_rows(min_row=2) if row[0].value == line)[at]


def mend_all(book: Any) -> None:
    sheet = book["Lines to mend"]
    cell(sheet, 2, "practice").value = "E82901"
    cell(sheet, 3, "appointment_date").value = "2008-06-03"
    good = rows("op", 6)[3]
    for name, value in {**good, "local note": "new"}.items():
        cell(sheet, 4, name).value = value


def test_the_workbook_holds_the_wrong_lines_and_tells_what_it_is(wrong: reads.Submission) -> None:
    content = mending_workbook(to_mend(PLACE, wrong.sha256, identities=True))
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Lines to mend"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [2, 3, 4]
    assert "practice" in str(cell(sheet, 2, "What is wrong").value)
    assert cell(sheet, 2, "practice").fill.start_color.rgb == "FFF8D0CC", "the field is marked"
    assert cell(sheet, 2, "local note").value == HOSTILE[1] and cell(sheet, 2, "local note").data_type == "s"
    about = {row[0].value: row[1].value for row in book["About"].iter_rows() if row[1].value}
    assert about["Submission"] == wrong.sha256 and about["Rows"] == "3" and "received" in about["As at"]
    assert int(about["Control total: findings"]) >= 3
    assert content == mending_workbook(to_mend(PLACE, wrong.sha256, identities=True)), "equal content gives equal bytes"


def test_an_untouched_workbook_changes_nothing(wrong: reads.Submission) -> None:
    for edit in (lambda book: None, lambda book: book["Lines to mend"].delete_rows(3)):
        back = read_mending(PLACE, edited(wrong, edit), "x.xlsx", identities=True)
        assert back.changes == {}
        with pytest.raises(UserError, match="no line was changed"):
            mending.refuse_untouched(back, "x.xlsx")
    assert reads.drafts(PLACE, "") == []


def test_an_untouched_workbook_of_ten_thousand_hostile_cells_changes_nothing(receive, tmp_path: Path) -> None:
    listed = rows("op", 340, practice="")
    for number, row in enumerate(listed):
        row["consultant"] = HOSTILE[number % len(HOSTILE)]
        row["diag_01"] = HOSTILE[(number + 3) % len(HOSTILE)]
    found = reads.submission(PLACE, receive(write(tmp_path, "op", listed)).sha256)
    out = to_mend(PLACE, found.sha256, identities=True)
    assert out.cells >= 10_000
    assert read_mending(PLACE, edited(found, lambda book: None), "x.xlsx", identities=True).changes == {}
    assert read_mending(PLACE, mending_workbook(out), "x.xlsx", identities=True).changes == {}


def test_mended_lines_replace_the_wrong_ones_in_a_new_file(wrong: reads.Submission) -> None:
    code = mending.open_mended(ANALYST, PLACE, "RWG", edited(wrong, mend_all), "x.xlsx")
    draft = reads.draft(PLACE, "RWG", code)
    shown = draft.preview
    assert shown is not None and shown.records is not None, draft.sentence
    assert (draft.mends, draft.mended, draft.file_name) == (wrong.sha256, 3, "RWG_2008-06_op_mended.csv")
    assert (shown.present, shown.lines, shown.unparsed, shown.rejected) == (wrong.sha256, 6, 0, 0)
    assert (shown.records.new, shown.records.changed, shown.records.removed, shown.records.unchanged) == (1, 2, 0, 3)
    receipt = actions.receive_draft(by=ANALYST, place=PLACE, scope="RWG", code=code, seen=wrong.sha256)
    assert reads.mended_from(PLACE, receipt.sha256) == (wrong.sha256, 3)
    before = {row["line"]: row for row in reads.records(PLACE, wrong.sha256, range(1, 7), identities=True)}
    after = {row["line"]: row for row in reads.records(PLACE, receipt.sha256, range(1, 7), identities=True)}
    for line in (1, 5, 6):
        assert after[line] == before[line]
    assert after[2] == {**before[2], "practice": "E82901"}
    assert after[4]["local note"] == "new"
    with pytest.raises(UserError, match="has been replaced since"):
        read_mending(PLACE, mended_before(wrong), "x.xlsx")


def mended_before(wrong: reads.Submission) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Lines to mend"
    about = book.create_sheet("About")
    about.append(["Submission", wrong.sha256])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_part_that_is_mended_leaves_the_rest_as_it_came(wrong: reads.Submission) -> None:
    def one(book: Any) -> None:
        cell(book["Lines to mend"], 2, "practice").value = "E82901"

    draft = reads.draft(PLACE, "RWG", mending.open_mended(ANALYST, PLACE, "RWG", edited(wrong, one), "x.xlsx"))
    assert draft.preview is not None and (draft.preview.unparsed, draft.preview.lines) == (1, 6)
    assert draft.preview.records is not None and draft.preview.records.changed == 1


def set_(column: str, value: object, line: int = 2) -> Callable[[Any], None]:
    def edit(book: Any) -> None:
        cell(book["Lines to mend"], line, column).value = value

    return edit


REFUSED: dict[str, tuple[Callable[[Any], object], str]] = {
    "another record's id": (set_("cds_unique_id", "K9"), "'cds_unique_id' tells which record it is"),
    "another attendance": (set_("attendance_id", "N9"), "'attendance_id' tells which record it is"),
    "another provider": (set_("provider", "RWH"), "'provider' tells which record it is"),
    "a line that was not handed out": (set_("Line", 1), "this line was not handed out"),
    "a line twice": (set_("Line", 3), "line 3 stands there twice"),
    "a line without a number": (set_("Line", "two"), "does not begin with the number"),
    "a formula": (set_("practice", "=A1"), "a formula stands where a value belongs"),
    "a renamed column": (lambda book: setattr(book["Lines to mend"]["E1"], "value", "x"), "the columns are not those"),
    "a column taken out": (lambda book: book["Lines to mend"].delete_cols(5), "the columns are not those"),
    "another cell": (lambda book: setattr(book["Lines to mend"]["BZ2"], "value", "x"), "more cells than there are"),
    "no about": (lambda book: book.remove(book["About"]), "does not hold lines to mend"),
    "no lines": (lambda book: book.remove(book["Lines to mend"]), "does not hold lines to mend"),
    "another file": (lambda book: setattr(book["About"]["B6"], "value", "f" * 64), "no file of west-herts-2008"),
    "the start of a hash": (
        lambda book: setattr(book["About"]["B6"], "value", book["About"]["B6"].value[:12]),
        "does not hold lines to mend",
    ),
    "lines break": (set_("practice", "a\nb"), "over several lines"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_a_mended_line_is_refused_in_a_sentence(wrong: reads.Submission, kind: str) -> None:
    edit, word = REFUSED[kind]
    with pytest.raises(UserError) as raised:
        read_mending(PLACE, edited(wrong, edit), "x.xlsx", identities=True)
    assert word in raised.value.sentence, raised.value.sentence
    assert raised.value.do or raised.value.where
    assert reads.drafts(PLACE, "") == []


def test_a_provider_mends_its_own_files_only(wrong: reads.Submission) -> None:
    """Another's file is as unknown as one that was never sent, whatever stands in the workbook: no guess is judged."""
    untouched, mended, guessed = lambda book: None, mend_all, set_("cds_unique_id", "K9")
    unknown = lambda book: setattr(book["About"]["B6"], "value", "f" * 64)  # noqa: E731
    told = set()
    for edit in (untouched, mended, guessed, unknown):
        with pytest.raises(UserError) as raised:
            mending.open_mended(ANALYST, PLACE, "RWH", edited(wrong, edit), "x.xlsx")
        told.add(raised.value.sentence)
    assert len(told) == 1 and "no file of west-herts-2008" in told.pop()


def test_more_than_can_come_back_is_refused_with_csv_offered(wrong: reads.Submission, monkeypatch) -> None:
    out = to_mend(PLACE, wrong.sha256, identities=True)
    monkeypatch.setattr(mending_sheets, "MOST_CELLS", 10)
    with pytest.raises(UserError, match=r"3 lines of \d+ columns are more .* Take them as CSV"):
        mending_workbook(out)
    text = b"".join(mending_csv(out)).decode("utf-8-sig")
    assert wrong.sha256 in text and "\r\nRows,3\r\n" in text
    assert len(text.splitlines()) == 8 + 3
    assert ",'+SUM(A1)" in text, "a text that would run stays a text"


def test_an_analyst_mends_without_seeing_who_anybody_is(wrong: reads.Submission) -> None:
    content = mending_workbook(to_mend(PLACE, wrong.sha256))
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Lines to mend"]
    told = [str(each.value) for row in sheet.iter_rows() for each in row]
    assert "9990000018" not in told and "WD17 9AB" not in told and told.count("kept apart") > 6
    assert b"9990000018" not in b"".join(mending_csv(to_mend(PLACE, wrong.sha256)))
    assert read_mending(PLACE, content, "x.xlsx").changes == {}
    book = openpyxl.load_workbook(io.BytesIO(content))
    cell(book["Lines to mend"], 2, "practice").value = "E82901"
    out = io.BytesIO()
    book.save(out)
    back = read_mending(PLACE, out.getvalue(), "x.xlsx")
    (values,) = back.changes.values()
    assert "9990000018" in values, "what is kept apart stays in the file"
    cell(book["Lines to mend"], 2, "nhs_number").value = "9990000026"
    book.save(out := io.BytesIO())
    with pytest.raises(UserError, match="'nhs_number' may tell who a person is"):
        read_mending(PLACE, out.getvalue(), "x.xlsx")
