"""What a case for change must hold before it is handed in: every part, each fault in a sentence of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openpbc.redesign.rules.membership import COMMISSIONS, PROVIDES
from openpbc.redesign.rules.pathway import PathwayStage, moves_out, pathway_faults
from openpbc.redesign.rules.shifts import ShiftTable, shift_faults
from openpbc.redesign.rules.specification import Outcome, specification_faults

PATHWAY, SPECIFICATION, SHIFTS, SAFETY, SUMMARY = "pathway", "specification", "shifts", "safety", "summary"
# The parts that are prose, with what each is called and what it is to say.
PROSE: Mapping[str, tuple[str, str]] = {
    "activity": ("Activity", "How many people are cared for, where, now and then"),
    "finance": ("Finance", "What the service costs now and then, and where the money comes from"),
    "estates": ("Estates", "Rooms and buildings that are needed or set free"),
    "workforce": ("Workforce", "Who does the work: posts, skills, training"),
    "risks": ("Risks", "What may go wrong, how likely, and what is done about it"),
    SAFETY: ("Safety", "Why care outside hospital is as safe and as effective as inside"),
    SUMMARY: ("Plain summary", "What changes for patients, in words that everybody knows"),
    "other": ("Other matters", "Anything else: evaluation, how the service could be ended"),
}
TABLES: Mapping[str, tuple[str, str]] = {
    PATHWAY: ("Pathway", "The way of a patient from self care and back"),
    SPECIFICATION: ("Specification", "What is to come of the service, and how that is seen"),
    SHIFTS: ("Resource shift", "Which money leaves whom and reaches whom"),
}
PARTS: tuple[str, ...] = (PATHWAY, SPECIFICATION, "activity", "finance", SHIFTS, "estates", "workforce", "risks",
                          SAFETY, SUMMARY, "other")  # fmt: skip
MAY_NOT_APPLY = frozenset({"estates", "workforce", SAFETY, "other"})
NEVER_DUE = frozenset({"other"})
# Where there is a conclave, its business plan covers all of these: each is written, or both supporters say that it does
# not apply.
ELEMENTS = ("activity", "finance", "estates", "workforce", "other")
SUPPORTERS: Mapping[str, str] = {COMMISSIONS: "the commissioner's support", PROVIDES: "the trust's support"}
LIMITS = {
    "budget": "It stays within the budget",
    "targets": "It meets the national targets",
    "strategy": "It is in line with the local strategy",
}


@dataclass(frozen=True)
class Said:
    """Who said for the support of one side that an element does not apply, and on which day (as people write it)."""

    side: str
    name: str
    on: str


@dataclass(frozen=True)
class Prose:
    """A part in words; one that does not apply says why in its text. ``figures`` are the addresses that it cites.

    ``said`` are the supporters who said of the text as it stands that the part does not apply.
    """

    text: str = ""
    applies: bool = True
    figures: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()

    @property
    def unsaid(self) -> tuple[str, ...]:
        """The sides whose support has not said that the part does not apply."""
        return tuple(side for side in SUPPORTERS if side not in {each.side for each in self.said})


@dataclass(frozen=True)
class CaseForChange:
    """All parts of a case as they stand."""

    stages: tuple[PathwayStage, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    purpose: str = ""
    shifts: ShiftTable = field(default_factory=ShiftTable)
    prose: Mapping[str, Prose] = field(default_factory=dict)

    @property
    def leaves_hospital(self) -> bool:
        """Whether activity leaves hospital."""
        return moves_out(self.stages)


@dataclass(frozen=True)
class Fault:
    """What a part still lacks."""

    part: str
    sentence: str


def part_title(part: str) -> str:
    """What a part is called."""
    return (TABLES.get(part) or PROSE[part])[0]


def case_faults(case: CaseForChange, *, supported: bool = False) -> tuple[Fault, ...]:
    """Everything that a case for change lacks, in the order of its parts; none when it can be handed in.

    ``supported`` is a business plan that the commissioner and the trust support: all its elements are due.
    """
    return tuple(Fault(part, sentence) for part in PARTS for sentence in _faults_of(case, part, supported))


def may_not_apply(*, supported: bool) -> frozenset[str]:
    """The parts that may be marked as not applying."""
    return MAY_NOT_APPLY | frozenset(ELEMENTS) if supported else MAY_NOT_APPLY


def _faults_of(case: CaseForChange, part: str, supported: bool) -> tuple[str, ...]:
    if supported and part in ELEMENTS:
        return _element_faults(case.prose.get(part, Prose()), part_title(part))
    if part == PATHWAY:
        return pathway_faults(case.stages)
    if part == SPECIFICATION:
        return specification_faults(case.outcomes)
    if part == SHIFTS:
        return shift_faults(case.shifts)
    return _prose_faults(case, part)


def _prose_faults(case: CaseForChange, part: str) -> tuple[str, ...]:
    written, title = case.prose.get(part, Prose()), part_title(part)
    if part == SAFETY and case.leaves_hospital and not (written.text.strip() and written.applies):
        return ("Care leaves hospital by this pathway, so the case needs a statement that this is safe and effective.",)
    if part in NEVER_DUE or (part == SAFETY and not case.leaves_hospital):
        return ()
    if not written.text.strip():
        told = "is not written" if part not in MAY_NOT_APPLY else "is neither written nor marked as not applying"
        return (f"{title} {told}.",)
    if not written.applies and part not in MAY_NOT_APPLY:
        return (f"{title} always applies; write it.",)
    return ()


def _element_faults(written: Prose, title: str) -> tuple[str, ...]:
    if not written.text.strip():
        return (f"{title} is neither written nor marked as not applying.",)
    if written.applies or not written.unsaid:
        return ()
    who = " and ".join(SUPPORTERS[side] for side in written.unsaid)
    return (f"{title} is marked as not applying; {who} {_has(written)} not said so yet.",)


def _has(written: Prose) -> str:
    return "has" if len(written.unsaid) == 1 else "have"


def limit_faults(answers: Mapping[str, str]) -> tuple[str, ...]:
    """The limits that every shared pathway keeps: each has to be answered with yes."""
    return tuple(
        f"{title}: {'this is answered with no' if answers.get(code) == 'no' else 'nobody has said so yet'}."
        for code, title in LIMITS.items()
        if answers.get(code) != "yes"
    )
