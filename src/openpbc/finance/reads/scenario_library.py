"""The scenarios that a place can choose from, the pack's and those that people saved, and every wording of these."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from openpbc.finance.models import SavedScenario, ScenarioRevision
from openpbc.finance.reads.comparing import Choice, published, tried
from openpbc.finance.reads.settings import Settings
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book

_CODE = re.compile(r"saved-([1-9]\d{0,5})(?:@([1-9]\d{0,5}))?", re.ASCII)


@dataclass(frozen=True)
class Wording:
    """A saved scenario as it was worded at one revision."""

    code: str
    revision: int
    title: str
    note: str
    query: str
    withdrawn: bool
    reason: str
    by_id: str
    by_name: str
    at: datetime
    latest: int

    @property
    def settings(self) -> Settings:
        """What it is a name for."""
        return Settings.parse(self.query)


def code_of(number: int) -> str:
    """Give the code under which a saved scenario is found."""
    return f"saved-{number}"


def read_code(code: str) -> tuple[int, int]:
    """Read a code back: the number, and the revision that it names (nought for the latest)."""
    read = _CODE.fullmatch(code)
    if read is None:
        raise UserError(f"there is no scenario '{code[:40]}'", do="Choose one from the list.")
    return int(read[1]), int(read[2] or 0)


def saved_scenarios(book: Book) -> tuple[Wording, ...]:
    """The saved scenarios of a place's year that were not withdrawn, as worded now, in the order of saving."""
    rows = SavedScenario.objects.filter(place=book.place.id, year=str(book.place.year), withdrawn=False)
    wordings = ScenarioRevision.objects.filter(scenario__in=rows).select_related("scenario")
    now = {row.scenario_id: row for row in wordings.order_by("revision")}
    return tuple(_wording(row) for row in sorted(now.values(), key=lambda row: row.scenario.number))


def saved_scenario(book: Book, code: str) -> Wording:
    """Give a saved scenario as worded now (``saved-3``) or at a revision (``saved-3@2``), withdrawn or not."""
    number, revision = read_code(code)
    rows = ScenarioRevision.objects.select_related("scenario").filter(
        scenario__place=book.place.id, scenario__year=str(book.place.year), scenario__number=number
    )
    row = rows.filter(revision=revision).first() if revision else rows.order_by("revision").last()
    if row is None:
        raise UserError(f"there is no scenario '{code[:40]}'", do="Choose one from the list.")
    return _wording(row)


def wordings(book: Book, code: str) -> tuple[Wording, ...]:
    """Every wording that a saved scenario had, the latest first."""
    latest = saved_scenario(book, code).latest
    bare = code.partition("@")[0]
    return tuple(saved_scenario(book, f"{bare}@{revision}") for revision in range(latest, 0, -1))


def _wording(row: ScenarioRevision) -> Wording:
    return Wording(
        code_of(row.scenario.number),
        row.revision,
        row.title,
        row.note,
        row.query,
        row.withdrawn,
        row.reason,
        row.by_id,
        row.by_name,
        row.at,
        row.scenario.revision,
    )


def choices(book: Book) -> tuple[Choice, ...]:
    """Every scenario that can be chosen: those of the pack, then the saved ones."""
    return (*published(book), *(_choice(each) for each in saved_scenarios(book)))


def choice(book: Book, code: str) -> Choice:
    """Give one scenario by its code, or a what-if by its settings; an unknown one is a person's mistake.

    Settings that have a name are given under it.
    """
    if "=" in code:
        settings = Settings.parse(code)
        return next((each for each in choices(book) if each.settings == settings), None) or tried(book, code)
    named = next((each for each in published(book) if each.code == code), None)
    return named or _choice(saved_scenario(book, code), code)


def _choice(worded: Wording, code: str = "") -> Choice:
    return Choice(code or worded.code, worded.title, "saved", worded.settings, worded.note)
