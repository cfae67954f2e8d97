"""The lines of a received file that must be mended, with what is wrong in each; and the file once they are mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openpbc.activity.flow.comparing import FALLBACK_KEYS, OWN_KEY
from openpbc.activity.flow.layouts import Layout, layouts
from openpbc.activity.flow.reference import check_rules
from openpbc.activity.reads.checked import marks_of
from openpbc.activity.reads.submissions import Submission, submission
from openpbc.activity.rules.mending import WrongLine, changes_of
from openpbc.kernel.findings import Level
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.warehouse import landing
from openpbc.warehouse.landing import Landed
from openpbc.warehouse.rewriting import rewritten
from openpbc.warehouse.session import Session

LEVELS = (Level.FATAL.value, Level.ERROR.value)
CHUNK = 20_000
__all__ = ["ToMend", "WrongLine", "to_mend"]


@dataclass(frozen=True)
class ToMend:
    """What of a file must be mended: its lines with fatal or erroneous findings, and how many findings these are.

    ``columns`` are the file's own, ``known_by`` those that tell which record a line is. Columns that tell who a person
    is are shown, and may be changed, only where ``identities`` says that they are for those who sent the file.
    """

    submission: Submission
    layout: Layout
    landed: Landed
    numbers: tuple[int, ...]
    findings: int
    columns: tuple[str, ...]
    known_by: frozenset[str]
    identities: bool

    @property
    def hidden(self) -> frozenset[str]:
        """The columns that are kept apart from the reader."""
        return frozenset() if self.identities else frozenset(self.landed.apart)

    @property
    def cells(self) -> int:
        """How many cells the lines have."""
        return len(self.numbers) * len(self.columns)

    def lines(self) -> Iterator[WrongLine]:
        """Give the lines in their order, with what is wrong in each."""
        found = self.submission
        sentences = check_rules(organisations.book(found.place))
        column_of = self.layout.fields[found.stream]
        marks: dict[int, list[tuple[str, str]]] = {}
        for line, rule, level, field in marks_of(found.place, found.submitted):
            if level in LEVELS and line:
                marks.setdefault(line, []).append((rule, field))
        unread = set(landing.unparsed_lines(store(), self.landed))
        for start in range(0, len(self.numbers), CHUNK):
            with Session(temp_directory=store().spill) as session:
                records = landing.lines_of(session, store(), self.landed, self.numbers[start : start + CHUNK])
            for record in records:
                line = record["line"]
                rules = tuple((rule, sentences[rule].sentence) for rule, _ in marks[line])
                blamed = frozenset(column_of.get(field, "") for _, field in marks[line])
                if line in unread:
                    yield WrongLine(line, rules, blamed, (), str(record["text"] or ""))
                else:
                    values = tuple(str(record[column] or "") for column in self.columns)
                    yield WrongLine(line, rules, blamed, values)

    def changes(self, returned: Mapping[int, Sequence[str]]) -> dict[int, tuple[str, ...]]:
        """Give the lines that somebody changed; one that may not be changed so is refused."""
        lines = {one.line: one for one in self.lines()}
        return changes_of(lines, self.columns, self.known_by, returned)

    def mended(self, changes: Mapping[int, Sequence[str]]) -> Iterator[bytes]:
        """Give the whole file with the changed lines in place of the wrong ones."""
        return rewritten(store(), self.landed, changes)


def to_mend(place: str, sha256: str, *, provider: str = "", identities: bool = False) -> ToMend:
    """Give what of a received file must be mended, with what tells who people are for its senders alone.

    With a ``provider``, every other provider's files are unknown.
    """
    found = submission(place, sha256, provider)
    landed = landing.landed(store(), found.sha256)
    layout = layouts(organisations.book(place)).get(found.layout)
    if landed is None or layout is None:
        raise UserError("the file or its layout is no longer there", found.file, "Receive the file again.")
    wrong = [(line, rule) for line, rule, level, _ in marks_of(place, found.submitted) if level in LEVELS and line]
    fields = layout.fields[found.stream]
    known = {fields.get(name, "") for name in (OWN_KEY, "provider", *FALLBACK_KEYS[found.stream])} - {""}
    numbers = tuple(sorted({line for line, _ in wrong}))
    return ToMend(found, layout, landed, numbers, len(wrong), landed.columns, frozenset(known), identities)
