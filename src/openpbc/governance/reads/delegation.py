"""The scheme of delegation in force on a day, and by whom a case of a value and a route is decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import cached_property

from openpbc.casework.tables import DecisionTable, read_table
from openpbc.governance import models
from openpbc.governance.reads.decisions import bodies
from openpbc.governance.rules import delegation as rule
from openpbc.governance.rules.delegation import COMMITTEE, LEVELS, NO_SCHEME, Case, Facts
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value

LEVEL_TABLE, SCHEME_BODIES = "governance.levels", "governance.scheme_bodies"
SPLITTING = "governance.splitting_months"
SCHEME_PREFIX = "scheme"
KNOWN_FACTS = frozenset({"value_pence", "route", "conflicted", "disputed", "new_provider", "budget_held"})


@dataclass(frozen=True)
class Scheme:
    """One version of a scheme; ``valid_from`` is none until a decision puts it in force."""

    place: str
    number: int
    title: str
    text: str
    sha256: str
    scope: str
    answers: dict[str, str]
    at: datetime
    by: str
    by_person: str
    acting_for: str
    valid_from: date | None
    decision: int | None

    @property
    def address(self) -> str:
        """The matter under which a body decides on it."""
        return f"{SCHEME_PREFIX}/{self.place}/{self.number}"

    @cached_property
    def table(self) -> DecisionTable:
        """The scheme as the table that decides."""
        return read_table(self.text.encode(), self.title)


@dataclass(frozen=True)
class Level:
    """By whom a case is decided: the level, the body's code, the scheme's number (0: none in force), and why."""

    code: str
    body: str
    scheme: int
    because: str
    effective_pence: int | None = None
    with_matters: tuple[str, ...] = ()


@dataclass(frozen=True)
class MatterLevel:
    """The level that was worked out for a matter, as it was kept."""

    matter: str
    number: int
    level: Level
    facts: Facts
    unit: str
    specialty: str
    on: date
    at: datetime
    by: str


def schemes(place: str) -> tuple[Scheme, ...]:
    """List the versions of a place's scheme, the newest first."""
    rows = models.Scheme.objects.filter(place=place).select_related("force").order_by("-number")
    return tuple(_scheme(row) for row in rows)


def scheme(place: str, number: int) -> Scheme:
    """Give one version; an unknown one is a person's mistake."""
    found = next((each for each in schemes(place) if each.number == number), None)
    if found is None:
        raise UserError(f"there is no scheme {number}", where=place, do="Choose one from the list of versions.")
    return found


def scheme_in_force(place: str, on: date) -> Scheme | None:
    """Give the scheme that is in force on a day: the one that came into force last."""
    return _in_force(schemes(place), on)


def _in_force(known: Iterable[Scheme], on: date) -> Scheme | None:
    dated = [(each.valid_from, each) for each in known if each.valid_from is not None]
    begun = [pair for pair in dated if pair[0] <= on]
    return max(begun, key=lambda pair: pair[0])[1] if begun else None


def _scheme(row: models.Scheme) -> Scheme:
    force: models.SchemeForce | None = getattr(row, "force", None)
    return Scheme(
        place=row.place,
        number=row.number,
        title=row.title,
        text=row.table,
        sha256=row.sha256,
        scope=row.scope,
        answers=row.answers,
        at=row.at,
        by=row.by,
        by_person=row.by_person,
        acting_for=row.acting_for or "",
        valid_from=force.valid_from if force else None,
        decision=force.decision if force else None,
    )


def checked_table(text: str, title: str) -> DecisionTable:
    """Read a scheme's table; one that asks for what no case tells, or gives another level, is refused."""
    table = read_table(text.encode(), title)
    strange = next((column.name for column in table.inputs if column.name not in KNOWN_FACTS), None)
    if strange is not None:
        raise UserError(f"no case tells {strange}", where=title, do=f"Ask for {', '.join(sorted(KNOWN_FACTS))}.")
    if [column.name for column in table.outputs] != ["level"]:
        raise UserError("a scheme gives one thing, the level", where=title, do="Name the output 'level'.")
    wrong = next((each for each in table.rules if each.outputs[0] not in LEVELS), None)
    if wrong is not None:
        raise UserError(f"rule {wrong.number} gives no level", where=title, do=f"Give one of {', '.join(LEVELS)}.")
    return table


def level(
    place: str,
    value_pence: int | None,
    route: str,
    conflicted: bool,
    *,
    disputed: bool = False,
    new_provider: bool = False,
    budget_held: bool = False,
    on: date | None = None,
) -> Level:
    """Say by whom a case is decided; ``value_pence`` is for its whole life. Without a scheme it is the committee."""
    return level_of(place, Facts(value_pence, route, conflicted, disputed, new_provider, budget_held), on)


def level_of(place: str, facts: Facts, on: date | None = None) -> Level:
    """Say by whom a case with these facts is decided."""
    return Judges(place).level_of(facts, on)


@dataclass(frozen=True)
class Judged:
    """What is asked of the scheme on a matter: its facts, the group and specialty it is of, and the day."""

    place: str
    matter: str
    facts: Facts
    unit: str
    specialty: str
    on: date


class Judges:
    """Who decides matters of some groups and specialties: the schemes and what they rest on, read once for all."""

    def __init__(self, place: str, near: Iterable[tuple[str, str]] = ()) -> None:
        self._place, self._near = place, frozenset(near)

    def judged(self, asked: Judged) -> Level:
        """Say by whom a matter is decided, valued together with the cases that may be one with it."""
        beside: tuple[Case, ...] = ()
        facts = asked.facts
        if facts.value_pence is not None:
            own = Case(asked.matter, asked.unit, asked.specialty, facts.value_pence, asked.on)
            beside = self.matched(own)
            facts = replace(facts, value_pence=facts.value_pence + sum(each.value_pence for each in beside))
        found = self.level_of(facts, asked.on)
        if not beside:
            return found
        others = tuple(each.matter for each in beside)
        also = f"Valued together with {', '.join(others)}, of the same group and specialty."
        return replace(found, because=f"{found.because} {also}", with_matters=others)

    def level_of(self, facts: Facts, on: date | None = None) -> Level:
        """Say by whom a case with these facts is decided."""
        bodies = self._bodies
        in_force = _in_force(self._schemes, on or organisations.today())
        if in_force is None or in_force.valid_from is None:
            return Level(COMMITTEE, bodies[COMMITTEE], 0, NO_SCHEME, facts.value_pence)
        named = f"Scheme {in_force.number}, in force from {day_text(in_force.valid_from)}."
        try:
            row = in_force.table.decide(asdict(facts))
            code, because = str(row.values["level"]), row.because
        except UserError as problem:
            code, because = COMMITTEE, f"The scheme cannot decide ({problem.what}), so the committee does."
        code, raised = rule.raised(code, facts)
        return Level(code, bodies[code], in_force.number, f"{named} {because} {raised}".strip(), facts.value_pence)

    def matched(self, case: Case) -> tuple[Case, ...]:
        """List the cases that may be one with a case, by what was last worked out for each."""
        months = self._book.value(SPLITTING)
        if not isinstance(months, Value) or not (case.unit and case.specialty):
            return ()
        others = [
            Case(each.matter, each.unit, each.specialty, each.facts.value_pence, each.on)
            for each in self._kept[case.unit, case.specialty]
            if each.facts.value_pence is not None
        ]
        return rule.near(case, others, months.int)

    @cached_property
    def _book(self) -> Book:
        return organisations.book(self._place)

    @cached_property
    def _bodies(self) -> dict[str, str]:
        return level_bodies(self._book)

    @cached_property
    def _schemes(self) -> tuple[Scheme, ...]:
        return schemes(self._place)

    @cached_property
    def _kept(self) -> dict[tuple[str, str], tuple[MatterLevel, ...]]:
        """What was last worked out for each matter of each group and specialty."""
        found: dict[tuple[str, str], dict[str, MatterLevel]] = {each: {} for each in self._near}
        units, specialties = {unit for unit, _ in found}, {specialty for _, specialty in found}
        for each in _levels(self._place, unit__in=units, specialty__in=specialties):
            if (each.unit, each.specialty) in found:
                found[each.unit, each.specialty][each.matter] = each  # the last one counts
        return {key: tuple(latest.values()) for key, latest in found.items()}


def judged(asked: Judged) -> Level:
    """Say by whom a matter is decided, valued together with the cases that may be one with it."""
    return Judges(asked.place, [(asked.unit, asked.specialty)]).judged(asked)


def level_bodies(book: Book) -> dict[str, str]:
    """Give the code of the body that decides at each level."""
    found = book.table(LEVEL_TABLE)
    named = {} if isinstance(found, NotSet) else {row["code"]: row["body"] for row in found}
    return {code: named.get(code, code) for code in LEVELS}


def level_names(book: Book) -> dict[str, str]:
    """Give what the place calls whoever decides at each level."""
    found = book.table(LEVEL_TABLE)
    named = {} if isinstance(found, NotSet) else {row["code"]: book.word(row["word"]) for row in found}
    return {code: named.get(code, code) for code in LEVELS}


def delegates(book: Book) -> dict[str, str]:
    """Give who decides without a meeting, by code: the group itself, and the director who is named for it."""
    called, known = level_names(book), bodies(book)
    named = level_bodies(book)
    return {named[code]: called[code] for code in (rule.GROUP, rule.DIRECTOR) if named[code] not in known}


def deciders(book: Book) -> dict[str, str]:
    """Give everybody whose decisions the register holds, by code: the bodies, then who decides without a meeting."""
    return bodies(book) | delegates(book)


def scheme_bodies(book: Book) -> frozenset[str]:
    """Give the bodies by whose decision a scheme comes into force."""
    found = book.table(SCHEME_BODIES)
    return frozenset() if isinstance(found, NotSet) else frozenset(row["code"] for row in found)


def level_kept(place: str, matter: str) -> MatterLevel | None:
    """Give the level that was last worked out for a matter."""
    return levels_kept(place, (matter,)).get(matter)


def levels_kept(place: str, matters: Collection[str]) -> dict[str, MatterLevel]:
    """Give the level that was last worked out for each of several matters, asking once for all."""
    return {each.matter: each for each in _levels(place, matter__in=matters)}  # the last one counts


def _levels(place: str, **wanted: Collection[str]) -> tuple[MatterLevel, ...]:
    """Give every level that was worked out, by matter and the latest last."""
    rows = list(models.MatterLevel.objects.filter(place=place, **wanted).order_by("matter", "number"))
    bodies = level_bodies(organisations.book(place)) if rows else {}
    return tuple(
        MatterLevel(
            matter=row.matter,
            number=row.number,
            level=Level(row.level, bodies[row.level], row.scheme, row.because, row.effective_pence),
            facts=Facts(value_pence=row.value_pence, route=row.route, **row.facts),
            unit=row.unit,
            specialty=row.specialty,
            on=row.on,
            at=row.at,
            by=row.by,
        )
        for row in rows
    )
