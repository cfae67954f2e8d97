"""A practice's own records, and who a patient in one is, for whoever asked for it with a reason a moment ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from openpbc.activity import models
from openpbc.activity.flow.layouts import layouts
from openpbc.activity.flow.persons import is_identifiable
from openpbc.activity.reads.checked import records
from openpbc.activity.reads.submissions import submission
from openpbc.activity.rules.unmasking import WINDOW, in_sight, must_wait
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.warehouse import runs

LIMIT = "people.unmaskings_an_hour"
_COLUMNS = "stream, file, line, provider, pod, hrg, status, price"


@dataclass(frozen=True)
class RecordOf:
    """Which record: a practice's, of a month, by stream, file and line."""

    place: str
    practice: str
    month: Month
    stream: str
    file: str
    line: int


@dataclass(frozen=True)
class Unmasked:
    """That somebody was shown who the patient of a record is."""

    record: RecordOf
    who_name: str
    at: datetime
    reason: str


def last_run(place: str, month: Month) -> str:
    """Give the last run that was made of a month, or an empty text."""
    made = models.MonthRun.objects.filter(place=place, month=str(month)).order_by("-made_at", "-id")
    return made.values_list("run_id", flat=True).first() or ""


def practice_records(
    place: str, practice: str, month: Month, size: int, offset: int
) -> tuple[int, list[dict[str, Any]]]:
    """Give how many units of care of a practice's patients a month has, and some of them; nobody is named."""
    run_id = last_run(place, month)
    if not run_id:
        return 0, []
    total = runs.query(
        store(), [run_id], "select count(*) as n from priced where practice = $practice", {"practice": practice}
    )[0]["n"]
    rows = runs.query(
        store(),
        [run_id],
        f"select {_COLUMNS} from priced where practice = $practice order by stream, file, line "
        f"limit {int(size)} offset {int(offset)}",
        {"practice": practice},
    )
    return total, rows


def is_of_practice(record: RecordOf) -> bool:
    """Tell whether a record is one of the practice's own patients, as the month's last run attributed it."""
    run_id = last_run(record.place, record.month)
    about = {"stream": record.stream, "file": record.file, "line": record.line, "practice": record.practice}
    tests = " and ".join(f"{name} = ${name}" for name in about)
    return bool(run_id) and bool(runs.query(store(), [run_id], f"select line from priced where {tests}", about))


def wait_until(place: str, who: str, now: datetime) -> datetime | None:
    """Give the moment from which somebody may ask for one more, or None where it may be now."""
    most = organisations.book(place).need(LIMIT).int
    recent = models.Unmasking.objects.filter(place=place, who=who, at__gt=now - WINDOW)
    return must_wait(recent.values_list("at", flat=True), now, most)


def person_of(record: RecordOf, who: str) -> tuple[tuple[str, str], ...]:
    """Give what tells who the patient of a record is, to somebody who asked for it a few minutes ago."""
    asked = models.Unmasking.objects.filter(**_key(record), who=who).order_by("-number").first()
    if asked is None or not in_sight(asked.at, timezone.now()):
        raise UserError("this is shown for a few minutes only to whoever gave a reason", do="Ask for it again.")
    found = submission(record.place, record.file)
    layout = layouts(organisations.book(record.place))[found.layout]
    columns = {name: column for name, column in layout.fields[found.stream].items() if is_identifiable(name)}
    (line,) = records(record.place, found.sha256, [record.line], identities=True)
    return tuple((name, str(line.get(column) or "")) for name, column in columns.items() if line.get(column))


def unmaskings(place: str, since: datetime | None = None) -> tuple[Unmasked, ...]:
    """List who was shown whom, newest first."""
    rows = models.Unmasking.objects.filter(place=place, **({"at__gt": since} if since else {})).order_by("-at", "-id")
    return tuple(
        Unmasked(
            RecordOf(row.place, row.practice, Month.parse(row.month), row.stream, row.file, row.line),
            row.who_name,
            row.at,
            row.reason,
        )
        for row in rows
    )


def _key(record: RecordOf) -> dict[str, Any]:
    return vars(record) | {"month": str(record.month)}
