"""Need shares of places from practices' weighted populations: from a place's own pack, or from a file of that shape."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from openpbc.finance.rules.need_shares import NeedShares, PlaceNeed, PracticeNeed, need_shares
from openpbc.kernel.citations import Citation
from openpbc.kernel.codes import PRACTICE, matches
from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Table

PREFIX = "need-shares"
WEIGHTS = "fair_shares.practice_weights"
COMPONENTS = "fair_shares.need_components"
UNIT_COLUMN = "fair_shares.need_unit_column"
UNITS = "organisations.units"
PRACTICES = "organisations.practices"

# People are counted in this fraction of a person, so that sums of published decimals are exact.
DECIMALS = 20
SCALE = 10**DECIMALS
# So many unreadable cells are told one by one.
MOST_TOLD = 20
_NUMBER = re.compile(r"(\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,20}))?")
_PRACTICE_COLUMN = re.compile(r"(gp )?practice[ _]?(code)?|code|org(anisation)?[ _]?code", re.IGNORECASE)
_POPULATION_COLUMN = re.compile(r"(gp )?pop(ulation)?\b.*", re.IGNORECASE)
_WEIGHTED_COLUMN = re.compile(r".*\bWP|WP[ _].*", re.IGNORECASE)


@dataclass(frozen=True)
class NeedColumn:
    """One weighted column: its name in the file, its title, and whether it is the overall weighted population."""

    column: str
    title: str
    overall: bool = False


@dataclass(frozen=True)
class WeightColumns:
    """Which columns of a weights file hold the practice, its population, and its weighted populations."""

    practice: str
    population: str
    weighted: tuple[NeedColumn, ...]


@dataclass(frozen=True)
class WeightRow:
    """One practice's row, with its line (1 is the first line of data)."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class NeedReport:
    """Need shares by place, what the columns mean, and every row that could not count."""

    by: str
    where: tuple[tuple[str, str], ...]
    columns: WeightColumns
    shares: NeedShares
    names: Mapping[str, str]
    rows: int
    not_selected: int
    findings: tuple[Finding, ...]
    citation: Citation | None = None
    status: str = ""
    address: str = ""
    prefix: str = ""
    query: str = ""

    is_set = True

    @property
    def counted(self) -> int:
        """How many practices counted; rows = counted + repeated + not selected."""
        return self.shares.selection.practices

    @property
    def repeated(self) -> int:
        """How many rows were left out because their practice had counted already."""
        return self.rows - self.not_selected - self.counted

    def figure_address(self, unit: str, figure: str, number: int | None = None) -> str:
        """Give the address of a figure (population, weighted, share, index) of a unit or of ``all``.

        ``number`` counts the weighted columns from 0. A report on a file has no addresses. The prefix tells by which
        column of England's file the place is meant, the query on which day and with whose knowledge.
        """
        if not self.address:
            return ""
        tail = "" if number is None else f"/{number}"
        return f"{self.address}/{self.prefix}{unit or 'all'}/{figure}{tail}" + (f"?{self.query}" if self.query else "")

    @property
    def overall(self) -> int:
        """Which weighted column counts most: the first that puts the components together, else the first."""
        return next((at for at, column in enumerate(self.columns.weighted) if column.overall), 0)

    def only(self, codes: Collection[str]) -> NeedReport:
        """Give the report with some of its places alone; they are still measured against everybody."""
        places = tuple(place for place in self.shares.places if place.place in codes)
        return replace(self, shares=replace(self.shares, places=places))

    def place(self, code: str) -> PlaceNeed:
        """Find one place; an unknown code is a person's mistake."""
        for place in self.shares.places:
            if place.place == code:
                return place
        known = ", ".join(place.place for place in self.shares.places)
        raise UserError(f"there is no '{code[:40]}' in column {self.by}", do=f"Choose one of {known}.")


@dataclass(frozen=True)
class NeedRows:
    """The rows that a report stands on, what their columns mean, and the file of the rulebook that holds them."""

    rows: tuple[WeightRow, ...]
    columns: WeightColumns
    path: str
    citation: Citation
    status: str

    is_set = True


def need_columns(header: Sequence[str], listed: Iterable[Mapping[str, str]] = ()) -> WeightColumns:
    """Find the columns of a weights file: those that the rulebook lists, then those that are named alike.

    A file of another year names its population otherwise (``pop`` and the year) and may have further components.
    """
    rows = [row for row in listed if row["column"] in header]
    population = [row["column"] for row in rows if row["kind"] == "population"]
    population = population or [name for name in header if _POPULATION_COLUMN.fullmatch(name)]
    practice = [name for name in header if _PRACTICE_COLUMN.fullmatch(name)]
    weighted = {
        row["column"]: NeedColumn(row["column"], row["title"], row["kind"] == "overall")
        for row in rows
        if row["kind"] != "population"
    }
    for name in header:
        if _WEIGHTED_COLUMN.fullmatch(name) and name not in weighted:
            weighted[name] = NeedColumn(name, name)
    ordered = tuple(weighted[name] for name in header if name in weighted)
    for found, what, hint in (
        (practice, "practice code", "Name one column Practice_Code."),
        (population, "population", "Name one column 'pop' followed by its year."),
        (ordered, "weighted population", "End the name of each with WP."),
    ):
        if not found:
            raise UserError(f"no column holds the {what}", where="the header", do=hint)
    return WeightColumns(practice[0], population[0], ordered)


def need_report(
    rows: Sequence[WeightRow],
    columns: WeightColumns,
    by: str,
    where: Sequence[tuple[str, str]] = (),
    known: frozenset[str] | None = None,
) -> NeedReport:
    """Compute the need shares of the places in column ``by``, among the rows that ``where`` selects.

    Pairs of ``where`` with one column are alternatives; different columns must all hold. A number that cannot be read
    is a person's mistake, told with row and column; a practice that comes twice counts once and is a finding.
    ``known`` are the practices of a register, if there is one to compare with.
    """
    selected = [row for row in rows if _selects(row, where)]
    if not selected:
        tried = " and ".join(f"{column} = {value}" for column, value in where)
        raise UserError(f"no practice has {tried}" if where else "there is no row of data", do="Check the spelling.")
    findings, counted, unread = [], [], []
    seen: dict[str, int] = {}
    for row in selected:
        found = _row_finding(row, columns, by, seen, known)
        findings += found
        if any(finding.rule == "NS-01" for finding in found):
            continue
        try:
            counted.append(practice_need(row, columns, by))
        except UserError:
            unread += _unread(row, columns)
    if unread:
        raise _together(unread)
    if not any(practice.place for practice in counted):
        raise UserError(f"column {by} is empty in every selected row", do="Choose another column.")
    shares = need_shares(counted, SCALE)
    findings += _empty_populations(shares)
    names = {place.place: place.place for place in shares.places}
    not_selected = len(rows) - len(selected)
    return NeedReport(by, tuple(where), columns, shares, names, len(rows), not_selected, tuple(findings))


def _selects(row: WeightRow, where: Sequence[tuple[str, str]]) -> bool:
    wanted: dict[str, set[str]] = {}
    for column, value in where:
        wanted.setdefault(column, set()).add(value)
    return all(row.cells[column] in values for column, values in wanted.items())


def _row_finding(
    row: WeightRow, columns: WeightColumns, by: str, seen: dict[str, int], known: frozenset[str] | None
) -> list[Finding]:
    code = row.cells[columns.practice]
    place = Place(line=row.line, field=columns.practice)
    if code and code in seen:
        sentence = f"Practice {code} stood in row {seen[code]} already; this row is left out."
        return [Finding("NS-01", Level.FATAL, place, sentence)]
    seen[code] = row.line
    found = []
    if not matches(PRACTICE, code):
        found.append(
            Finding("NS-02", Level.WARNING, place, f"'{code[:20]}' is no practice code; the row still counts.")
        )
    elif known is not None and code not in known:
        sentence = f"Practice {code} is not in the register of practices; the row still counts."
        found.append(Finding("NS-02", Level.WARNING, place, sentence))
    if not row.cells[by]:
        sentence = "The practice belongs to no place; it counts in the selection and is shown apart."
        found.append(Finding("NS-03", Level.ERROR, Place(line=row.line, field=by), sentence))
    return found


def practice_need(row: WeightRow, columns: WeightColumns, by: str) -> PracticeNeed:
    """Read one practice's row; a number that cannot be read is a person's mistake."""
    return PracticeNeed(
        code=row.cells[columns.practice],
        place=row.cells[by],
        population=people(row, columns.population),
        weighted=tuple(people(row, column.column) for column in columns.weighted),
    )


def people(row: WeightRow, column: str) -> int:
    """Read a count of people with decimals as whole 1/``SCALE`` parts; anything else is a person's mistake."""
    text = row.cells[column]
    match = _NUMBER.fullmatch(text)
    if not match:
        what = f"'{text[:40]}' is not a number of people" if text else "a number of people is missing"
        raise UserError(what, where=f"row {row.line}, column {column}", do="Write nought or more, in digits.")
    return int(match[1].replace(",", "") + (match[2] or "").ljust(DECIMALS, "0"))


def _unread(row: WeightRow, columns: WeightColumns) -> list[UserError]:
    """Every cell of a row that holds no number of people."""
    problems = []
    for column in (columns.population, *(each.column for each in columns.weighted)):
        try:
            people(row, column)
        except UserError as problem:
            problems.append(problem)
    return problems


def _together(problems: Sequence[UserError]) -> UserError:
    """One sentence for all unreadable cells, the first of them by row and column; no row was counted."""
    if len(problems) == 1:
        return problems[0]
    told = "; ".join(f"{each.where}: {each.what}" for each in problems[:MOST_TOLD])
    more = f"; and {len(problems) - MOST_TOLD} more" if len(problems) > MOST_TOLD else ""
    return UserError(f"{len(problems)} cells cannot be read: {told}{more}", do="Mend them all; nothing was counted.")


def _empty_populations(shares: NeedShares) -> list[Finding]:
    return [
        Finding("NS-04", Level.WARNING, Place(), f"{place.place} has no population, so it has no need index.")
        for place in shares.places
        if not place.population
    ]


@lru_cache(maxsize=8)
def place_rows(book: Book) -> NeedRows | NotSet:
    """Read the weights of a place's own practices, once for a book; the first gap answers "not set"."""
    return need_rows(book, WEIGHTS)


def need_rows(book: Book, subject: str) -> NeedRows | NotSet:
    """Read a table of practice weights."""
    weights, listed = book.table(subject), book.table(COMPONENTS)
    for found in (weights, listed):
        if isinstance(found, NotSet):
            return found
    assert isinstance(weights, Table) and isinstance(listed, Table)
    rows = tuple(WeightRow(line, cells) for line, cells in enumerate(weights, start=1))
    columns = need_columns(weights.columns, listed)
    return NeedRows(rows, columns, weights.path, weights.citation, str(weights.status))


@lru_cache(maxsize=8)
def place_need(book: Book) -> NeedReport | NotSet:
    """Give the need shares of a place's units from its own pack; the first gap answers "not set"."""
    found, by = place_rows(book), book.value(UNIT_COLUMN)
    if isinstance(found, NotSet):
        return found
    if isinstance(by, NotSet):
        return by
    if by.text not in found.rows[0].cells:
        raise UserError(f"the weights have no column '{by.text}'", where=by.path, do="Name a column of the weights.")
    report = need_report(found.rows, found.columns, by.text, known=_register(book))
    return placed(book, found, report)


def placed(book: Book, found: NeedRows, report: NeedReport) -> NeedReport:
    """Give a report on a place's units their names, its source, and addresses for its figures."""
    units = book.table(UNITS)
    names = {row["code"]: row["name"] for row in (() if isinstance(units, NotSet) else units)}
    return replace(
        report,
        names={code: names.get(code, code) for code in report.names},
        citation=found.citation,
        status=found.status,
        address=f"{PREFIX}/{book.place.id}",
    )


def _register(book: Book) -> frozenset[str] | None:
    listed = book.table(PRACTICES)
    return None if isinstance(listed, NotSet) else frozenset(row["code"] for row in listed)
