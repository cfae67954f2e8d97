"""The workbook of lines to mend: made from what was found in a file, and read when it comes back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from openpbc.activity.flow.canonical import DATES, STREAM_WORDS
from openpbc.activity.flow.first_look import KEPT_APART
from openpbc.activity.reads import Submission
from openpbc.activity.reads.mending import ToMend, WrongLine, to_mend
from openpbc.kernel.periods import moment_cell
from openpbc.kernel.problems import UserError
from openpbc.kernel.sheets import Kind, ReadSheet, SheetCell, SheetRow, text_of
from openpbc.ui.exports import inert
from openpbc.ui.workbooks import FormSheet, Line, Look, Mark, Marked, form_bytes, read_workbook
from openpbc.ui.workbooks.opening import LARGEST_FILE, MOST_COLUMNS, MOST_ROWS

LINES, ABOUT = "Lines to mend", "About"
OWN_COLUMNS = ("Line", "What is wrong")
SUBMISSION = "Submission"
# What a browser is not left waiting for: more cells take longer to read than anybody looks at a page that loads.
MOST_CELLS = 400_000
INSTEAD = "Take them as CSV, mend the file in the system that made it, and send it whole."
_WHOLE_HASH = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE_FORMS = {"YYYYMMDD": "{y}{m}{d}", "DD/MM/YYYY": "{d}/{m}/{y}"}


@dataclass(frozen=True)
class Returned:
    """A workbook that came back: the file of whose lines it is, and the lines that somebody changed."""

    wrong: ToMend
    changes: Mapping[int, Sequence[str]]

    @property
    def submission(self) -> Submission:
        """The file whose lines these are."""
        return self.wrong.submission

    @property
    def name(self) -> str:
        """The name of the file that is made of it."""
        stem = self.submission.file_name.rpartition(".")[0] or self.submission.file_name
        return f"{stem.removesuffix('_mended')}_mended.csv"


def mending_workbook(wrong: ToMend) -> bytes:
    """Write the lines to mend as a workbook that can be sent back; one that could not is refused, with CSV instead."""
    width = len(wrong.columns) + len(OWN_COLUMNS)
    if not wrong.numbers:
        raise UserError("no line of this file must be mended", wrong.submission.file_name)
    if len(wrong.numbers) >= MOST_ROWS or wrong.cells > MOST_CELLS or width > MOST_COLUMNS:
        what = f"{len(wrong.numbers):,} lines of {len(wrong.columns):,} columns are more than a workbook can bring back"
        raise UserError(what, wrong.submission.file_name, INSTEAD)
    lines = list(wrong.lines())
    rows = [Line([*OWN_COLUMNS, *wrong.columns], Look.HEAD), *(_row(wrong, each) for each in lines)]
    widths = (8, 60, *[16] * len(wrong.columns))
    content = form_bytes(
        f"Lines to mend of {wrong.submission.file_name}",
        (FormSheet(LINES, tuple(rows), widths), FormSheet(ABOUT, tuple(_about(wrong, lines)), (24, 90))),
    )
    if len(content) > LARGEST_FILE:
        raise UserError("the workbook would be larger than can be sent back", wrong.submission.file_name, INSTEAD)
    return content


def _row(wrong: ToMend, line: WrongLine) -> Line:
    said = " ".join(f"{rule}: {sentence}" for rule, sentence in dict.fromkeys(line.rules))
    if not line.readable and wrong.identities:
        said = f"{said} It came as: {line.text}"
    values = _shown(wrong, line) or ("",) * len(wrong.columns)
    cells = (
        Marked(value, Mark.WRONG if column in line.blamed or not line.readable else Mark.INPUT, as_text=True)
        for column, value in zip(wrong.columns, values, strict=True)
    )
    return Line([Marked(line.line, Mark.COMPUTED), Marked(said, Mark.COMPUTED), *cells])


def _shown(wrong: ToMend, line: WrongLine) -> tuple[str, ...]:
    """Give a line's values as they go out: those of columns that are kept apart do not."""
    return tuple(
        KEPT_APART if value and column in wrong.hidden else value
        for column, value in zip(wrong.columns, line.values, strict=False)
    )


def _about(wrong: ToMend, lines: Sequence[WrongLine]) -> Iterator[Line]:
    found = wrong.submission
    yield Line(["Lines to mend, and back"], Look.TITLE)
    for text in (
        "Mend the marked cells and send the workbook back where files are sent. Other lines stay as they are.",
        "Columns, and the line numbers in the first one, must stay. Cells hold text: write codes with their noughts.",
    ):
        yield Line([text], Look.NOTE)
    at = moment_cell(timezone.localtime(found.received_at))
    facts = (
        ("Place", found.place),
        ("File", found.file_name),
        (SUBMISSION, found.sha256),
        ("Whose", f"{found.provider or 'no provider'}, {found.month or 'no month'}, {STREAM_WORDS[found.stream]}"),
        ("As at", f"received {at}"),
        ("Filter", "lines with fatal findings or errors"),
        ("Rows", f"{len(lines):,}"),
        ("Control total: findings", f"{wrong.findings:,}"),
        ("Who people are", "in the workbook" if wrong.identities else f"{KEPT_APART}, and stays as it is"),
    )
    yield from (Line([name, value], Look.FACT) for name, value in facts)


def mending_csv(wrong: ToMend) -> Iterator[bytes]:
    """Give the lines to mend as CSV, however many they are, with what the workbook tells of itself before them."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    found = wrong.submission
    for row in (
        ("Lines to mend of", found.file_name),
        (SUBMISSION, found.sha256),
        ("As at", f"received {moment_cell(timezone.localtime(found.received_at))}"),
        ("Filter", "lines with fatal findings or errors"),
        ("Rows", len(wrong.numbers)),
        ("Control total: findings", wrong.findings),
        (),
        (*OWN_COLUMNS, *wrong.columns),
    ):
        writer.writerow([inert(str(cell)) for cell in row])
    yield b"\xef\xbb\xbf" + held.getvalue().encode()
    for each in wrong.lines():
        held.seek(0)
        held.truncate()
        said = " ".join(f"{rule}: {sentence}" for rule, sentence in dict.fromkeys(each.rules))
        writer.writerow(
            [each.line, inert(said), *(inert(value) for value in _shown(wrong, each) or _text(wrong, each))]
        )
        yield held.getvalue().encode()


def _text(wrong: ToMend, line: WrongLine) -> tuple[str, ...]:
    return (line.text if wrong.identities else KEPT_APART,)


def read_mending(place: str, content: bytes, name: str, *, provider: str = "", identities: bool = False) -> Returned:
    """Read a workbook that came back; one that is not ours, or of a file that was replaced since, is refused.

    With a ``provider``, every other provider's file is unknown before anything is compared with it: else the answers
    would tell what stands in it.
    """
    book = read_workbook(content, name)
    about, sheet = book.sheet(ABOUT), book.sheet(LINES)
    sha256 = _fact(about, SUBMISSION) if about else ""
    if sheet is None or not _WHOLE_HASH.fullmatch(sha256):
        raise UserError(
            "this workbook does not hold lines to mend that were taken from here", name,
            "Send the lines to mend of a file, or save the data as CSV in UTF-8 and send that.",
        )  # fmt: skip
    wrong = to_mend(place, sha256, provider=provider, identities=identities)
    found = wrong.submission
    if not found.current:
        told = f"the file {found.file_name} has been replaced since" if found.superseded else "the file does not count"
        raise UserError(told, name, "Take the lines to mend of the file that counts now.")
    return Returned(wrong, wrong.changes(_returned(sheet, wrong, name)))


def _fact(about: ReadSheet, wanted: str) -> str:
    return next((row.at(1).words for row in about.rows if row.at(0).words == wanted), "")


def _returned(sheet: ReadSheet, wrong: ToMend, name: str) -> dict[int, tuple[str, ...]]:
    where = f"{name}, sheet {sheet.name}"
    head = [cell.text for cell in sheet.rows[0].cells] if sheet.rows else []
    if head != [*OWN_COLUMNS, *wrong.columns]:
        raise UserError("the columns are not those that were handed out", where, "Put them back in their order.")
    lines = {each.line: each for each in wrong.lines()}
    found: dict[int, tuple[str, ...]] = {}
    for row in sheet.rows[1:]:
        number = _number(row, where)
        if number in found:
            raise UserError(f"line {number:,} stands there twice", where, "Take one of the two rows out.")
        found[number] = _values(row, wrong, lines.get(number), where)
    return found


def _number(row: SheetRow, where: str) -> int:
    text = row.at(0).words
    if not (text.isascii() and text.isdecimal() and len(text) < 13):
        raise UserError(
            f"row {row.number:,} does not begin with the number of its line", where,
            "Put the number back, or take the row out.",
        )  # fmt: skip
    return int(text)


def _values(row: SheetRow, wrong: ToMend, line: WrongLine | None, where: str) -> tuple[str, ...]:
    were = line.values if line and line.readable else ("",) * len(wrong.columns)
    first = len(OWN_COLUMNS)
    if len(row.cells) > first + len(wrong.columns):
        raise UserError(f"row {row.number:,} has more cells than there are columns", where, "Take them out.")
    dates = {wrong.layout.fields[wrong.submission.stream].get(name) for name in DATES}
    values = []
    for place, (column, was) in enumerate(zip(wrong.columns, were, strict=True), start=first):
        cell = row.at(place)
        if column in wrong.hidden and line and line.readable:
            _refuse_identity(cell, was, column, f"{where}, row {row.number:,}")
        if cell.text == KEPT_APART:
            values.append(was)
            continue
        values.append(was if _same(cell, was) else _typed(cell, column in dates, wrong, f"{where}, row {row.number:,}"))
    return tuple(values)


def _refuse_identity(cell: SheetCell, was: str, column: str, where: str) -> None:
    if cell.text != (KEPT_APART if was else ""):
        raise UserError(
            f"'{column}' may tell who a person is, and is changed by those who sent the file alone", where,
            f"Put '{KEPT_APART}' back, or what stood there.",
        )  # fmt: skip


def _same(cell: SheetCell, was: str) -> bool:
    if cell.formula:  # some programs save a text that begins with an equals sign as a formula
        return f"={cell.formula}" == was
    if cell.text == was or (cell.blank and not was.strip()):
        return True
    return cell.kind is Kind.TEXT and cell.words == was.strip()


def _typed(cell: SheetCell, is_date: bool, wrong: ToMend, where: str) -> str:
    """Give what somebody wrote into a cell as the file writes it; a date that a spreadsheet made is written back."""
    if cell.formula:
        raise UserError("a formula stands where a value belongs", where, "Write the value itself.")
    if is_date and cell.kind is Kind.DATE and _DAY.fullmatch(cell.text):
        year, month, day = cell.text.split("-")
        shape = _DATE_FORMS.get(str(wrong.layout.words.get("dates")), "{y}-{m}-{d}")
        return shape.format(y=year, m=month, d=day)
    try:
        text = text_of(cell)
    except UserError as problem:
        raise UserError(problem.what, where, problem.do) from problem
    if "\n" in text or "\r" in text:
        raise UserError("a value goes over several lines", where, "Write it on one line.")
    return text
