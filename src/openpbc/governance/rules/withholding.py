"""What a person may see of a matter and do in it, from their conflicts and from what the chair ruled.

The stricter counts: a ruling can send somebody out whom the rule would let stay, and can never let in somebody whose
interest is material.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpbc.governance.rules import interests
from openpbc.governance.rules.interests import Conflict

TAKES_PART, WITHOUT_VOTE, LEAVES = "takes-part", "without-vote", "leaves"
RULINGS: Mapping[str, str] = {
    TAKES_PART: "takes part; the interest is recorded",
    WITHOUT_VOTE: "stays and does not vote",
    LEAVES: "leaves, and sees none of the papers",
}
_STRICTNESS = tuple(RULINGS)
# The reason of a ruling that nobody made by hand: it follows from what is on record of the matter.
MAY_BID = "It is on record that they may bid for what is decided here, so they stay and do not vote."


@dataclass(frozen=True)
class Standing:
    """What holds of one person in one matter: the ruling in force, why, and the conflicts behind it.

    ``by_ruling`` if it was ruled, and does not follow from the conflicts alone.
    """

    person: str
    ruling: str
    conflicts: tuple[Conflict, ...]
    because: str
    by_ruling: bool = False

    @property
    def sees(self) -> bool:
        """Whether the person may see the papers."""
        return self.ruling != LEAVES

    @property
    def votes(self) -> bool:
        """Whether the person may vote and counts towards the quorum."""
        return self.ruling == TAKES_PART


def standing(person: str, conflicts: Sequence[Conflict], ruled: str = "", reason: str = "") -> Standing:
    """Work out how a person stands in a matter: by the nature of the interest, or by the ruling if it is stricter."""
    own = tuple(each for each in conflicts if each.person == person)
    by_nature = LEAVES if any(each.material for each in own) else TAKES_PART
    if ruled and stricter(ruled, by_nature):
        told = reason if reason == MAY_BID else f"The chair ruled: {RULINGS[ruled]}. {_ended(reason)}".strip()
        return Standing(person, ruled, own, told, by_ruling=True)
    because = interests.told(each for each in own if each.material == (by_nature == LEAVES))
    return Standing(person, by_nature, own, because)


def stricter(ruling: str, than: str) -> bool:
    """Tell whether a ruling keeps somebody farther from a matter than another."""
    return _STRICTNESS.index(ruling) > _STRICTNESS.index(than)


def _ended(reason: str) -> str:
    """Give words as a sentence with its full stop."""
    return reason if not reason or reason.endswith((".", "?", "!")) else f"{reason}."


def may_rule(ruled: str, conflicts: Sequence[Conflict]) -> str:
    """Say why a ruling cannot be made: it would let in somebody with a material interest; empty if it can."""
    material = next((each for each in conflicts if each.material), None)
    if material is None or ruled == LEAVES:
        return ""
    return f"the interest is material, so nobody can rule that the person stays: {material.sentence}"
