"""A plan as a workbook: taken away, sent back, looked at, and taken only then; bad ones are told and change nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl.worksheet.worksheet import Worksheet

from openpbc.audit import reads as audit
from openpbc.finance import actions
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.rules.plan_columns import COLUMNS, TO_MEND
from openpbc.finance.rules.plan_line import PlanLine, amount_of
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.organisations.reads.installation import store
from openpbc.ui.workbooks.opening import LARGEST_FILE
from tests.integration.site.conftest import HERE, As, send
from tests.unit.ui.bad_workbooks import BAD, good

pytestmark = pytest.mark.one_database

YEAR = "2008-09"
ONE = f"/p/{HERE}/plan/versions/1"
PAGE, FILE = f"{ONE}/workbook", f"{ONE}/plan.xlsx"
PLACES = {column.field: place for place, column in enumerate(COLUMNS, start=1)}
Edit = Callable[[Worksheet], None]


@pytest.fixture
def finance(as_role: As, people: None, tmp_path: Path, settings):
    settings.HOME = tmp_path
    actions.load_published_plan(by=SYSTEM, place=HERE)
    return as_role("finance_manager")


def version(number: int = 1) -> reads.Version:
    return reads.plan_version(HERE, YEAR, number)


def upload(client, content: bytes, path: str = PAGE, name: str = "plan.xlsx"):
    return send(client, path, {"workbook": SimpleUploadedFile(name, content)})


def preview(client, content: bytes):
    """Send a workbook and open the page to which that leads."""
    sent = upload(client, content)
    assert sent.status_code == 302, shown(sent)
    return client.get(sent.url), sent.url


def shown(response) -> str:
    return unescape(re.sub(r"<[^>]+>|\s+", " ", response.content.decode()))


def downloaded(client, path: str = FILE) -> bytes:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    return response.content


def edited(content: bytes, edit: Edit) -> bytes:
    """Open a workbook with a program that computes nothing, change the sheet of lines, and save it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book["Plan"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def row_of(sheet: Worksheet, code: str) -> int:
    return next(row[0].row for row in sheet.iter_rows() if row[0].value == code)


def setting(line: str, **values: object) -> Edit:
    """Change cells of one line."""

    def edit(sheet: Worksheet) -> None:
        for field, value in values.items():
            sheet.cell(row_of(sheet, line), PLACES[field]).value = value

    return edit


def test_whoever_plans_may_take_it_away_and_only_finance_may_send_it_back(finance, as_role: As):
    for role in ("gp_lead", "sha_manager", "committee_chair", "analyst"):
        client = as_role(role)
        assert client.get(FILE).content == downloaded(finance), "equal content gives equal bytes"
        page = client.get(PAGE)
        assert page.status_code == 200
        assert "Download the workbook" in shown(page)
        assert 'type="file"' not in page.content.decode()
        assert client.get(f"/p/{HERE}/plan/workbook-template.xlsx").status_code == 200
        assert client.post(PAGE).status_code == 403
        assert client.get(f"{PAGE}/{'a' * 64}").status_code == 403
        assert client.get(f"{PAGE}/{'a' * 64}/mend.xlsx").status_code == 403
    assert as_role("provider_lead").get(PAGE).status_code == 403
    assert 'enctype="multipart/form-data"' in finance.get(PAGE).content.decode()
    assert "Work on it in a workbook" in shown(finance.get(ONE))


def test_an_untouched_workbook_changes_nothing(finance):
    before = version()
    page, _ = preview(finance, downloaded(finance))
    assert page.status_code == 200
    assert f"All {len(before.lines)} rows are as they are in the plan" in shown(page)
    assert "Take these lines" not in shown(page)
    assert version() == before


def test_what_would_change_is_shown_and_only_then_changed(finance):
    before = version()

    def edit(sheet: Worksheet) -> None:
        setting("prescribing", amount=3_500.12345, note="=cmd|' /C calc'!A0")(sheet)
        sheet.cell(row_of(sheet, "prescribing"), PLACES["note"]).data_type = "s"
        sheet.delete_rows(row_of(sheet, "choosing_health"))
        sheet.append(["stroke", "Stroke unit", "investment", "investment", 1_000])

    page, address = preview(finance, edited(downloaded(finance), edit))
    text = shown(page)
    assert "1 added, 1 changed, 1 removed" in text
    effect = (345_800_000 - 350_012_345) + 107_900_000 - 100_000_000
    assert "+£36,876.55" in text
    assert effect == 3_687_655
    assert version() == before, "nothing changes before somebody says so"
    done = send(finance, address, {"revision": str(before.facts.revision)}, address)
    assert (done.status_code, done.url) == (302, ONE)
    after = version()
    assert after.balance == before.balance + effect
    assert after.line("prescribing").amount == 350_012_345
    assert after.line("prescribing").note == "=cmd|' /C calc'!A0"
    assert "took the lines of the workbook plan.xlsx" in after.changes[0].what
    assert after.changes[0].effect == effect
    events = [each.action for each in audit.events(limit=10)]
    assert {"finance.receive_workbook", "finance.replace_lines"} <= set(events)


def test_the_same_file_again_is_kept_once(finance):
    content = downloaded(finance)
    first, second = upload(finance, content), upload(finance, content, name="other.xlsx")
    assert first.url == second.url
    assert sum(each.action == "finance.receive_workbook" for each in audit.events(limit=20)) == 1


def entered(n: int) -> PlanLine:
    """A line that is typed, with texts that a spreadsheet might take for something else."""
    return PlanLine(
        f"line_{n}", f"Line {n} \u00e9", "cost pressure", amount=n * 1_234_567 % 10**9 - 5 * 10**8, origin="new",
        note=f"'=1+{n}\nsecond", priority="a  b ", citation="@x", recurrence="recurrent", provisional=n % 2 == 0,
        heading=f"Budget {n % 7}", scope="in", rate_source="tariff", runs_on=n % 3 == 0, link="PCT",
        base=n * 7_654_321, rate=n * 11,
    )  # fmt: skip


def uplifted(n: int) -> PlanLine:
    """A line that is computed."""
    line = PlanLine(
        f"up_{n}", "Up", "inflation", "uplift", base=n * 987_654_321 % 10**10, rate=n * 37 % 90_000, scope="out",
        recurrence="non-recurrent", provisional=True, origin="business case", link="WATCOM", priority=f"P{n}",
        note=f"+{n}", citation=f"-{n}", heading="Acute", rate_source="tariff", runs_on=True,
    )  # fmt: skip
    return replace(line, amount=amount_of(line))


@pytest.mark.no_cover
def test_ten_thousand_cells_come_back_without_a_change(finance):
    lines = [*map(entered, range(300)), *map(uplifted, range(300))]
    made = actions.draft_plan(by=SYSTEM, place=HERE, source="empty", title="Many")
    actions.replace_lines(by=SYSTEM, place=HERE, version=made.number, revision=1, lines=lines, source="a test")
    path = f"/p/{HERE}/plan/versions/{made.number}"
    content = downloaded(finance, f"{path}/plan.xlsx")
    filled: list[object] = []

    def look(plan: Worksheet) -> None:
        cells = (cell for row in plan.iter_rows(min_row=5, values_only=True) for cell in row)
        filled.extend(cell for cell in cells if cell is not None)

    for sent in (content, edited(content, look)):
        answer = upload(finance, sent, f"{path}/workbook")
        assert "All 600 rows are as they are in the plan" in shown(finance.get(answer.url))
    assert len(filled) > 10_000, "of cells that hold something"
    assert version(made.number).facts.revision == 2


def test_rows_to_mend_come_back_in_the_senders_own_workbook(finance):
    before = version()

    def spoil(sheet: Worksheet) -> None:
        setting("prescribing", amount="three thousand")(sheet)
        setting("acute", note="mine", code="Acute Care")(sheet)
        setting("corporate", amount=700)(sheet)

    page, address = preview(finance, edited(downloaded(finance), spoil))
    text = shown(page)
    assert "2 of 20 rows must be mended, so nothing can be taken" in text
    assert "text ('three thousand') where money belongs" in text
    assert "Take these lines" not in text
    refused = finance.post(address, {"revision": "1", "idempotency_key": key(finance)})
    assert refused.status_code == 422
    assert version() == before

    returned = downloaded(finance, f"{address}/mend.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(returned))["Plan"]
    assert sheet.cell(4, len(COLUMNS) + 1).value == TO_MEND
    told = {row[0].value: row[len(COLUMNS)].value for row in sheet.iter_rows(min_row=5) if row[len(COLUMNS)].value}
    assert set(told) == {"prescribing", "Acute Care"}
    assert told["prescribing"].startswith(f"E{row_of(sheet, 'prescribing')}: Amount (£000): text")

    def mend(plan: Worksheet) -> None:
        setting("prescribing", amount=3_458)(plan)
        setting("Acute Care", code="acute")(plan)

    page, address = preview(finance, edited(returned, mend))
    assert "Of the plan's lines 2 changed; 18 stay as they are" in shown(page)
    done = send(finance, address, {"revision": str(before.facts.revision)}, address)
    assert done.status_code == 302
    assert version().line("acute").note == "mine"
    assert version().line("corporate").amount == 70_000_000


def key(client) -> str:
    return re.search(r'name="idempotency_key" value="([^"]+)"', client.get(PAGE).content.decode())[1]


def test_a_stale_workbook_is_told_who_changed_what(finance):
    stale = edited(downloaded(finance), setting("prescribing", amount=3_500))
    _, open_page = preview(finance, stale)
    line = version().line("acute")
    other = Actor("dir@demo", "The other manager", frozenset({"finance_manager"}))
    actions.change_line(by=other, place=HERE, version=1, revision=1, line=replace(line, note="faster"))
    before = version()
    second = finance.post(open_page, {"revision": "1", "idempotency_key": key(finance)})
    assert second.status_code == 409, "whoever looked before and says yes after is told"
    assert "The other manager" in shown(second)
    page, _ = preview(finance, stale)
    assert page.status_code == 409
    assert "The workbook is of revision 1 and the plan is at 2" in shown(page)
    assert "The other manager" in shown(page)
    assert "Take these lines" not in shown(page)
    assert version() == before


def test_two_readers_of_one_workbook_take_it_once(finance, as_role: As):
    _, address = preview(finance, edited(downloaded(finance), setting("prescribing", amount=3_500)))
    first = send(finance, address, {"revision": "1"}, address)
    assert first.status_code == 302
    again = as_role("finance_manager").post(address, {"revision": "1", "idempotency_key": key(finance)})
    assert again.status_code in (409, 422)
    assert version().facts.revision == 2


@pytest.mark.parametrize("name", ["missing", *BAD])
def test_a_bad_file_is_refused_beside_its_field_and_changes_nothing(name: str, finance):
    before = version()
    page = send(finance, PAGE, {}) if name == "missing" else upload(finance, BAD[name][0](), name="mine.xlsx")
    assert page.status_code == 422
    text = shown(page)
    assert "There is a problem" in text
    assert (BAD[name][1] if name in BAD else "Choose the workbook") in text
    assert "Traceback" not in text
    assert version() == before
    assert not (store().root / "workbooks" / HERE).exists()


def test_a_workbook_of_another_kind_place_or_version_is_told(finance):
    assert "there is no sheet" in shown(upload(finance, good().replace(b"x", b"x"))) or "no row of headings" in shown(
        upload(finance, good())
    )
    actions.draft_plan(by=SYSTEM, place=HERE, source="1", title="Second")
    two = downloaded(finance, f"/p/{HERE}/plan/versions/2/plan.xlsx")
    refused = upload(finance, two)
    assert refused.status_code == 422
    assert "the workbook is of version 2, not of 1" in shown(refused)

    def moved(content: bytes) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(content))
        for row in book["Read me"].iter_rows():
            if row[0].value == "Place code":
                row[1].value = "elsewhere"
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    assert "the workbook is of the place elsewhere" in shown(upload(finance, moved(downloaded(finance))))
    renamed = edited(downloaded(finance), lambda sheet: setattr(sheet.cell(4, PLACES["amount"]), "value", "Sum"))
    assert "is headed 'Sum'" in shown(upload(finance, renamed))


def test_a_file_that_is_too_large_is_not_even_read(finance):
    page = upload(finance, b"PK" + bytes(LARGEST_FILE))
    assert page.status_code == 422
    assert "is larger than 10 MB" in shown(page)


def test_a_workbook_that_nobody_sent_is_not_there(finance):
    for sha in ("a" * 64, "..", "x"):
        assert finance.get(f"{PAGE}/{sha}").status_code == 422


def test_the_template_is_an_empty_plan_for_any_place(finance):
    template = downloaded(finance, f"/p/{HERE}/plan/workbook-template.xlsx")
    numbers = [
        cell.value
        for row in openpyxl.load_workbook(io.BytesIO(template), data_only=True)["Plan"].iter_rows()
        for cell in row
        if isinstance(cell.value, (int, float))
    ]
    assert numbers == []
    made = actions.draft_plan(by=SYSTEM, place=HERE, source="empty", title="Empty")
    page = upload(finance, template, f"/p/{HERE}/plan/versions/{made.number}/workbook")
    assert "All 0 rows are as they are" in shown(finance.get(page.url))
    page, _ = preview(finance, template)
    assert "20 removed" in shown(page)
    assert "does not say of which revision it is" in shown(page)

    def fill(sheet: Worksheet) -> None:
        sheet.append(["growth", "Growth", "allocation", "entered", 100])

    filled = upload(finance, edited(template, fill), f"/p/{HERE}/plan/versions/{made.number}/workbook")
    done = send(finance, filled.url, {"revision": "1"}, filled.url)
    assert done.status_code == 302
    assert [line.amount for line in version(made.number).lines] == [10_000_000]


def test_a_version_that_left_the_desk_takes_no_workbook(finance):
    _, address = preview(finance, edited(downloaded(finance), setting("prescribing", amount=3_500)))
    actions.withdraw_plan(by=SYSTEM, place=HERE, version=1, revision=1, reason="a test")
    page = finance.get(PAGE)
    assert "its lines are fixed" in shown(page)
    assert 'type="file"' not in page.content.decode()
    refused = finance.post(address, {"revision": "2", "idempotency_key": key_of(finance)})
    assert refused.status_code in (409, 422)
    assert version().facts.revision == 2


def key_of(client) -> str:
    made = actions.draft_plan(by=SYSTEM, place=HERE, source="empty", title="For its form")
    page = client.get(f"/p/{HERE}/plan/versions/{made.number}/workbook").content.decode()
    return re.search(r'name="idempotency_key" value="([^"]+)"', page)[1]
