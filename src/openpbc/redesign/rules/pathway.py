"""A pathway runs from self care through primary care to acute care and back; it never ends in a hospital."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SELF, PRIMARY, ACUTE = "self", "primary", "acute"
SETTINGS = {SELF: "Self care", PRIMARY: "Primary and community care", ACUTE: "Acute hospital care"}


@dataclass(frozen=True)
class PathwayStage:
    """One stage: its setting, what happens in it and who does it; ``before`` is where it happens now, if elsewhere."""

    setting: str
    what: str
    who: str = ""
    before: str = ""

    @property
    def leaves_hospital(self) -> bool:
        """Whether what is done in hospital today is to be done outside it."""
        return self.before == ACUTE and self.setting != ACUTE


def pathway_faults(stages: Sequence[PathwayStage]) -> tuple[str, ...]:
    """Say in sentences what is wrong with the order of a pathway; none for a good one.

    Stages may follow one another in one setting. Hospital may be left out; it is entered once, from primary care.
    """
    if not stages:
        return ("The pathway has no stage yet.",)
    unknown = [stage.setting for stage in stages if stage.setting not in SETTINGS]
    if unknown:
        return (f"'{unknown[0]}' is no setting of care.",)
    faults = [f"Stage {at} does not say what happens." for at, each in enumerate(stages, 1) if not each.what.strip()]
    if stages[0].setting != SELF:
        faults.append(f"The pathway starts in {SETTINGS[stages[0].setting].lower()}; it has to start in self care.")
    if stages[-1].setting == ACUTE:
        faults.append("The pathway ends in acute hospital care; it has to lead back to primary or self care.")
    return (*faults, *_order_faults([stage.setting for stage in stages]))


def _order_faults(settings: Sequence[str]) -> list[str]:
    met = [here for at, here in enumerate(settings) if at == 0 or settings[at - 1] != here]
    faults = []
    if met.count(ACUTE) > 1:
        faults.append("The pathway enters hospital more than once; join what happens there.")
    pairs = list(zip(met, met[1:], strict=False))
    if (SELF, ACUTE) in pairs:
        faults.append("The pathway goes from self care straight into hospital; primary care has to come between.")
    if PRIMARY not in met:
        faults.append("The pathway has no stage in primary care.")
    before = met[: met.index(ACUTE)] if ACUTE in met else met[:-1]
    if (PRIMARY, SELF) in list(zip(before, before[1:], strict=False)):
        faults.append("The pathway goes back to self care before its last part.")
    if ACUTE in met and ACUTE not in (back := met[met.index(ACUTE) + 1 :]) and len(back) > 2:
        faults.append("After hospital the pathway goes back and forth; join what happens in each setting.")
    return faults


def moves_out(stages: Sequence[PathwayStage]) -> bool:
    """Whether any activity leaves hospital by this pathway: then a statement of safety is due."""
    return any(stage.leaves_hospital for stage in stages)
