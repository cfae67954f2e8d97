"""What providers' own codes stand for, who said so, and which codes nobody has mapped yet, by their volume."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache

from openpbc.activity import models
from openpbc.activity.flow import checking
from openpbc.activity.flow.canonical import EVERY
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.layouts import layouts
from openpbc.activity.flow.local_codes import code_of, kinds_of, lay_national, unknown_test
from openpbc.activity.reads.submissions import submitted
from openpbc.activity.rules.local_codes import KINDS, WORDS, LocalCode, believed, of_month
from openpbc.kernel.citations import Citation
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation, Step
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.rulebook.reader import Book
from openpbc.warehouse import runs
from openpbc.warehouse.session import Session, quoted
from openpbc.warehouse.store import Store

PREFIX, RECORDS, PRICE = "local-code", "records", "price"
CHECKED_BY = Citation("openpbc-domain-notes", "Commissioning data sets, validation rules", "P")
_KEPT_ANSWERS = 8


@dataclass(frozen=True)
class CodeRecord:
    """One record of what a code stands for; ``national`` is empty where it says that it stands for nothing."""

    kind: str
    provider: str
    code: str
    number: int
    national: str
    valid_from: date
    valid_to: date | None
    known_from: datetime
    recorded_by: str
    reason: str

    @property
    def span(self) -> LocalCode:
        """What it says, as a run takes it in."""
        return LocalCode(self.kind, self.provider, self.code, self.valid_from, self.valid_to or date.max, self.national)


@dataclass(frozen=True)
class Unmapped:
    """A code that is none of the national list and that nobody has mapped: how many records of which file hold it.

    ``price`` is what the month's last run priced of them in pence, None where it priced none.
    """

    kind: str
    provider: str
    code: str
    stream: str
    file: str
    records: int
    price: int | None


@dataclass(frozen=True)
class UnmappedCode:
    """The same over all files of a month."""

    kind: str
    provider: str
    code: str
    files: tuple[Unmapped, ...]

    @property
    def records(self) -> int:
        """How many records hold it."""
        return sum(each.records for each in self.files)

    @property
    def price(self) -> int | None:
        """What was priced of them, None where nothing was."""
        priced = [each.price for each in self.files if each.price is not None]
        return sum(priced) if priced else None


def records_of_codes(place: str, known_on: date | None = None) -> list[CodeRecord]:
    """List every record in the order of recording; with a day, those that were known by its end."""
    rows = models.LocalCodeRecord.objects.filter(place=place)
    if known_on is not None:
        rows = rows.filter(known_from__lte=datetime.combine(known_on, time.max, UTC))
    return [_record(row) for row in rows.order_by("known_from", "id")]


def code_history(place: str, kind: str, provider: str, code: str) -> list[CodeRecord]:
    """List what was recorded of one code, oldest first."""
    rows = models.LocalCodeRecord.objects.filter(place=place, kind=kind, provider=provider, code=code)
    return [_record(row) for row in rows.order_by("number")]


def _record(row: models.LocalCodeRecord) -> CodeRecord:
    return CodeRecord(**{name: getattr(row, name) for name in CodeRecord.__dataclass_fields__})


def local_codes(place: str, month: Month | None = None, known_on: date | None = None) -> tuple[LocalCode, ...]:
    """Give the snapshot of mappings that are believed, of one month if said: what a run of it takes in."""
    spans = believed(record.span for record in records_of_codes(place, known_on))
    return tuple(of_month(spans, month) if month else spans)


def unmapped(place: str, month: Month) -> tuple[UnmappedCode, ...]:
    """List the codes of a month's files that nobody has mapped: most records first."""
    question = _Question(
        store(),
        organisations.book(place),
        tuple(one for one in submitted(place, month) if not one.superseded),
        local_codes(place, month),
        _last_run(place, month),
    )
    return _answer(question) if question.files else ()


@dataclass(frozen=True)
class _Question:
    """All that an answer depends on; an unchanged book is always the same object."""

    store: Store
    book: Book
    files: tuple[Submitted, ...]
    codes: tuple[LocalCode, ...]
    run_id: str


def _last_run(place: str, month: Month) -> str:
    made = models.MonthRun.objects.filter(place=place, month=str(month)).order_by("-made_at", "-id")
    return made.values_list("run_id", flat=True).first() or ""


@lru_cache(maxsize=_KEPT_ANSWERS)
def _answer(question: _Question) -> tuple[UnmappedCode, ...]:
    with Session(temp_directory=question.store.spill) as session:
        checking.lay_submitted(session, question.store, layouts(question.book), question.files, question.codes)
        lay_national(session, question.book)
        if question.run_id:
            runs.tables(session, [runs.read(question.store, question.run_id)])
        else:
            session.table("priced", {"stream": "VARCHAR", "file": "VARCHAR", "line": "BIGINT", "price": "BIGINT"}, [])
        streams = {one.stream for one in question.files}
        parts = [_counted(stream, kind) for stream in EVERY if stream in streams for kind in kinds_of(stream)]
        rows = session.rows(f"{' union all '.join(parts)} order by kind, provider, code, stream, file")
    return _together(Unmapped(*row) for row in rows)


def _counted(stream: str, kind: str) -> str:
    """Write the count of one kind of code in the records of a stream, file by file.

    The price of a unit stands with its first record, so a unit is counted by the code of that one.
    """
    code = code_of(kind, stream)
    return (
        f"select {quoted(kind)} as kind, c.provider as provider, c.code as code, {quoted(stream)} as stream, "
        "c.file as file, count(*) as records, cast(sum(p.price) as bigint) as price "
        f"from (select file, line, provider_match(provider) as provider, {code} as code from canonical_{stream}) as c "
        f"left join priced as p on p.stream = {quoted(stream)} and p.file = c.file and p.line = c.line "
        f"where c.code is not null and c.provider is not null and {unknown_test(kind, 'c.code')} "
        "group by c.provider, c.code, c.file"
    )


def _together(found: Iterable[Unmapped]) -> tuple[UnmappedCode, ...]:
    codes: dict[tuple[str, str, str], UnmappedCode] = {}
    for each in found:
        key = (each.kind, each.provider, each.code)
        held = codes.get(key, UnmappedCode(*key, files=()))
        codes[key] = replace(held, files=(*held.files, each))
    return tuple(sorted(codes.values(), key=lambda one: (-one.records, one.kind, one.provider, one.code)))


def code_address(place: str, month: Month, one: UnmappedCode, measure: str) -> str:
    """Give the address of one figure; the code, which may hold any letter, is written in hexadecimal digits."""
    return f"{PREFIX}/{place}/{month}/{one.kind}/{one.provider}/{one.code.encode().hex()}/{measure}"


def explain_code(address: str) -> Explanation:
    """Explain ``local-code/<place>/<month>/<kind>/<provider>/<code in hexadecimal digits>/<records or price>``."""
    parts = address.split("/")
    if len(parts) != 7 or parts[0] != PREFIX or parts[6] not in (RECORDS, PRICE):
        raise _nowhere(address)
    place, month, measure = parts[1], Month.parse(parts[2]), parts[6]
    found = next((one for one in unmapped(place, month) if code_address(place, month, one, measure) == address), None)
    value = getattr(found, measure, None)
    if found is None or value is None:
        raise _nowhere(address)
    steps = tuple(
        Step("activity.local_codes", f"{each.stream}, file {each.file}", getattr(each, measure) or 0,
             (("records", f"{each.records:,}"),), CHECKED_BY)
        for each in found.files
    )  # fmt: skip
    what = "records" if measure == RECORDS else "price of their units"
    return Explanation(
        address,
        f"{WORDS[found.kind]} '{found.code}' of {found.provider}, {month.name}: {what}",
        value,
        "count" if measure == RECORDS else "pence",
        "counted over the files that count, after every mapping that is known now",
        steps,
        citations=(CHECKED_BY,),
        evidence=(("run that priced them", _last_run(place, month) or "none"),),
        notes=(f"Looked for in {' or else '.join(KINDS[found.kind])}; a unit is priced at its first record.",),
    )


def _nowhere(address: str) -> UserError:
    return UserError(f"'{address[:120]}' names no unmapped code", do="Open the figure from its page again.")
