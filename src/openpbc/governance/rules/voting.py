"""A vote on one item: who may cast one, what the votes give, and which outcomes they allow.

The vote is on approving what is put. It is carried when more are for it than against it; who abstains is counted and
changes nothing. A tie is broken by whoever takes the chair, where the body's rules give a casting vote; otherwise the
item is not carried, and can only be deferred, returned with reasons, or refused by another vote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.governance.rules.quorum import Quorum
from openpbc.kernel.problems import UserError

FOR, AGAINST, ABSTAINS = "for", "against", "abstains"
CHOICES = {FOR: "For", AGAINST: "Against", ABSTAINS: "Abstains"}
APPROVED, AGREED, REFUSED, NOTED, DEFERRED = "approved", "agreed", "refused", "noted", "deferred"
RETURNED = "returned"
_TAKEN_OUT = "The secretary takes the vote out of the record; until then the item cannot be decided."
# What each outcome needs: a vote carried (yes), a vote lost (no), or none; all but deferring need the quorum.
NEEDS = {APPROVED: FOR, AGREED: FOR, REFUSED: AGAINST, RETURNED: "", NOTED: "", DEFERRED: ""}
DECIDES, RECOMMENDS = "decides", "recommends"


@dataclass(frozen=True)
class Tally:
    """The votes of an item, counted: ``casting`` is the vote that broke a tie, if one did."""

    favour: int
    against: int
    abstained: int
    casting: str = ""

    @property
    def result(self) -> str:
        """``for`` when carried, ``against`` when lost, empty when tied without a casting vote or when none was cast."""
        if self.favour != self.against:
            return FOR if self.favour > self.against else AGAINST
        return self.casting

    @property
    def sentence(self) -> str:
        """The vote in one sentence, as the minutes have it."""
        if not (self.favour or self.against or self.abstained):
            return "No vote was taken."
        told = f"{self.favour} for, {self.against} against, {self.abstained} abstained"
        return f"{told}; the chair's casting vote {self.casting}." if self.casting else f"{told}."


def refusal(person: str, counted: Quorum, recused: Mapping[str, str]) -> str:
    """Why a person may not vote on an item, empty when they may; ``recused`` gives each one's reason."""
    if person in recused or person in counted.recused:
        why = recused.get(person, "they sit in for somebody who has an interest")
        return f"{person} has left this item: {why}"
    if kept := dict(counted.twice).get(person, ""):
        return f"{person} would count one person twice: that person counts here as {kept}"
    if person not in counted.counted:
        return f"{person} is not a voting member who is present at this item"
    return ""


def tally(votes: Mapping[str, str], counted: Quorum, recused: Mapping[str, str], casting: str = "") -> Tally:
    """Count the votes; one that may not be counted is refused by name, so that it is never left out in silence."""
    for person, choice in sorted(votes.items()):
        if sentence := refusal(person, counted, recused):
            raise UserError(sentence, do=_TAKEN_OUT).for_the_log()
        if choice not in CHOICES:
            raise UserError(f"'{choice[:20]}' is no vote", do=f"Choose one of {', '.join(CHOICES)}.")
    cast = list(votes.values())
    found = Tally(cast.count(FOR), cast.count(AGAINST), cast.count(ABSTAINS))
    return _broken(found, casting) if casting else found


def _broken(found: Tally, casting: str) -> Tally:
    if casting not in (FOR, AGAINST):
        raise UserError("a casting vote is for or against", "casting", "Choose one.")
    if found.favour != found.against or not found.favour:
        raise UserError("there is no tie, so no casting vote can be given", "casting", "Leave it empty.")
    return Tally(found.favour, found.against, found.abstained, casting)


def may_decide(outcome: str, counted: Quorum, found: Tally, power: str = DECIDES) -> str:
    """Why an outcome cannot be recorded, empty when it can."""
    if outcome not in NEEDS:
        return f"'{outcome[:20]}' is no outcome of an item"
    if outcome == DEFERRED:
        return ""
    if outcome == APPROVED and power == RECOMMENDS:
        return "this body agrees and recommends; it has no power to approve"
    if outcome == AGREED and power != RECOMMENDS:
        return "this body decides: it approves or refuses"
    if not counted.holds:
        return counted.sentence
    if outcome == RETURNED and found.result == FOR:
        return f"the votes carried it, so it cannot be returned: {found.sentence}"
    wanted = NEEDS[outcome]
    if wanted and found.result != wanted:
        return f"the votes do not say so: {found.sentence}"
    return ""
