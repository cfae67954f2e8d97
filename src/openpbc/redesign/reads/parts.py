"""The parts of a case as values of the rules, and as the lines of text by which two versions are compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.timezone import localtime

from openpbc.kernel.money import pounds
from openpbc.kernel.periods import day_text
from openpbc.redesign.reads.cases import Case, Marked, PartFacts
from openpbc.redesign.rules.completeness import (
    PARTS,
    PATHWAY,
    PROSE,
    SHIFTS,
    SPECIFICATION,
    SUPPORTERS,
    CaseForChange,
    Fault,
    Prose,
    Said,
    case_faults,
    limit_faults,
)
from openpbc.redesign.rules.pathway import SETTINGS, PathwayStage
from openpbc.redesign.rules.shifts import Shift, ShiftTable
from openpbc.redesign.rules.specification import Outcome
from openpbc.redesign.rules.transitions import CONCLAVE

LIMIT_PART = "limits"
# The name under which a part that is a table keeps its rows.
ROWS = {PATHWAY: "stages", SPECIFICATION: "outcomes", SHIFTS: "shifts"}
Body = Mapping[str, Any]


def part(case: Case, code: str) -> PartFacts:
    """A part as it stands; one that nobody has begun is empty, with revision 0."""
    return case.parts.get(code) or PartFacts(code, {}, 0)


def bodies(case: Case) -> dict[str, Body]:
    """What every part that was begun holds, with who said of it as it stands that it does not apply."""
    return {code: {**each.body, **_said_of(case, each)} for code, each in case.parts.items()}


def marks(case: Case, code: str) -> tuple[Marked, ...]:
    """Who said of an element, as it stands now, that it does not apply; none of one that applies."""
    now = part(case, code)
    if now.body.get("applies", True):
        return ()
    return tuple(each for each in case.marks if each.part == code and each.revision == now.revision)


def supported(case: Case) -> bool:
    """Whether the case has a business plan that the commissioner and the trust support."""
    return case.variant == CONCLAVE


def _said_of(case: Case, held: PartFacts) -> Body:
    found = marks(case, held.code)
    return {"said": [[each.side, each.by, day_text(localtime(each.at))] for each in found]} if found else {}


def case_for_change(held: Mapping[str, Body]) -> CaseForChange:
    """Read the parts as the rules see them."""
    told = held.get(SPECIFICATION, {})
    return CaseForChange(
        stages=tuple(PathwayStage(**each) for each in held.get(PATHWAY, {}).get("stages", ())),
        outcomes=tuple(Outcome(**each) for each in told.get("outcomes", ())),
        purpose=str(told.get("purpose", "")),
        shifts=_shifts(held.get(SHIFTS, {})),
        prose={code: _prose(held[code]) for code in PROSE if code in held},
    )


def _shifts(body: Body) -> ShiftTable:
    moves = tuple(Shift(**each) for each in body.get("shifts", ()))
    return ShiftTable(moves, **{name: int(body.get(name, 0)) for name in ("saving", "new_money", "one_off", "years")})


def _prose(body: Body) -> Prose:
    said = tuple(Said(*each) for each in body.get("said", ()))
    return Prose(str(body.get("text", "")), bool(body.get("applies", True)), tuple(body.get("figures", ())), said)


def said_words(written: Prose) -> str:
    """Who said that a part does not apply, in one sentence; empty where nobody was asked."""
    told = (f"{each.name} for {SUPPORTERS[each.side]} on {each.on}" for each in written.said)
    return f"Said by {' and '.join(told)}." if written.said else ""


def limits(case: Case) -> Mapping[str, str]:
    """What was answered to the limits that a shared pathway keeps."""
    return part(case, LIMIT_PART).body


def faults(case: Case) -> tuple[Fault, ...]:
    """What the case still lacks before it can be handed in."""
    return case_faults(case_for_change(bodies(case)), supported=supported(case))


def limits_unmet(case: Case) -> tuple[str, ...]:
    """Which limits are not answered with yes."""
    return limit_faults(limits(case))


def lines(held: Mapping[str, Body]) -> dict[str, tuple[str, ...]]:
    """Every part as lines of text, for people who compare two versions."""
    written = case_for_change(held)
    found = {code: _prose_lines(written.prose[code]) for code in PROSE if code in written.prose}
    found[PATHWAY] = tuple(_stage_line(each) for each in written.stages)
    purpose = (written.purpose,) if written.purpose else ()
    found[SPECIFICATION] = (*purpose, *(_outcome_line(each) for each in written.outcomes))
    found[SHIFTS] = _shift_lines(written.shifts)
    return {code: found.get(code, ()) for code in PARTS}


def _prose_lines(written: Prose) -> tuple[str, ...]:
    told = tuple(line for line in written.text.splitlines() if line.strip())
    marked = () if written.applies else tuple(each for each in ("Does not apply:", said_words(written)) if each)
    return (*marked, *told, *(f"Figure: {address}" for address in written.figures))


def _stage_line(stage: PathwayStage) -> str:
    who = f", by {stage.who}" if stage.who else ""
    now = f" (now in {SETTINGS[stage.before].lower()})" if stage.before and stage.before != stage.setting else ""
    return f"{SETTINGS[stage.setting]}: {stage.what}{who}{now}"


def _outcome_line(outcome: Outcome) -> str:
    shown = f" Shown by: {outcome.indicator}." if outcome.indicator else ""
    now = f" Now: {outcome.baseline}." if outcome.baseline else ""
    then = f" Wanted: {outcome.target}." if outcome.target else ""
    return f"{outcome.text.rstrip('.')}.{shown}{now}{then}"


def _shift_lines(table: ShiftTable) -> tuple[str, ...]:
    moves = tuple(
        f"{each.giver} gives {pounds(each.out)}, {each.receiver} gets {pounds(each.into)}" for each in table.shifts
    )
    if not moves:
        return ()
    once = (f"Paid once: {pounds(table.one_off)}",) if table.one_off else ()
    years = (f"Asked for: {table.years} {'year' if table.years == 1 else 'years'}",) if table.years else ()
    return (*moves, f"Saved: {pounds(table.saving)}", f"New money: {pounds(table.new_money)}", *once, *years)
