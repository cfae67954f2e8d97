"""Who counts at one item of a meeting: the roll, who has left for an interest, who takes the chair, and the quorum.

A quorum is counted anew for every item. Those who left the item for an interest are not in it, but they remain members
of the body: the share is of all voting members, so that recusals can lose a quorum and never make one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from openpbc.kernel.money import PPM
from openpbc.kernel.steps import Step

CHAIR, VICE, SECRETARY, MEMBER, ATTENDING = "chair", "vice-chair", "secretary", "member", "in attendance"
CAPACITIES = {
    CHAIR: "Chair or co-chair",
    VICE: "Vice chair",
    MEMBER: "Member",
    SECRETARY: "Secretary",
    ATTENDING: "In attendance",
}
LAY, DIRECTOR, CLINICIAN, TRUST = "lay", "director", "clinician", "trust clinician"
KINDS = {
    LAY: "lay or non-executive member",
    DIRECTOR: "director of the commissioner",
    CLINICIAN: "clinician of a commissioning group",
    TRUST: "clinician of a provider",
    "public health": "public health",
    "manager": "manager",
    "patient": "patient or carer",
    "other": "other",
}
PRESENT, APOLOGIES, ABSENT, LEFT = "present", "apologies", "absent", "left"
PRESENCES = {PRESENT: "Present", APOLOGIES: "Apologies", ABSENT: "Absent", LEFT: "Left the meeting"}
RULE = "governance.quorum"


@dataclass(frozen=True, order=True)
class Member:
    """One line of the roll: the seat as it stood when the meeting was opened, and whether its holder is there now.

    ``deputy`` is who sits in for the holder. A deputy counts in the place of the holder, never beside, and leaves an
    item in which the holder has an interest: an interest cannot be sat out by somebody sent. ``counts_as`` is the
    sign-in under which the person who holds the seat, or sits in it, counts already: nobody counts here then.
    """

    person: str
    capacity: str = MEMBER
    kind: str = "other"
    of: str = ""
    votes: bool = True
    presence: str = PRESENT
    deputy: str = ""
    counts_as: str = ""

    @property
    def sitting(self) -> str:
        """Who sits in this seat now; empty when nobody does."""
        if self.presence == PRESENT:
            return self.person
        return self.deputy if self.presence != LEFT else ""

    @property
    def presides(self) -> bool:
        """Whether the holder may take the chair; a deputy may not."""
        return self.presence == PRESENT and self.capacity in (CHAIR, VICE)


@dataclass(frozen=True)
class QuorumRule:
    """What a body needs before it may decide: a share of its voting members, and members of certain kinds.

    With ``other_group`` at least one clinician must be of another group than the one that proposes. ``casting`` says
    that whoever takes the chair breaks a tie.
    """

    share_ppm: int
    kinds: tuple[tuple[str, int], ...] = ()
    other_group: bool = False
    casting: bool = False


@dataclass(frozen=True)
class Quorum:
    """The quorum of one item as it stands: who counts, how many are needed, and every sentence on what lacks.

    ``twice`` has each sign-in that would count a person again, with the one under which that person counts.
    """

    members: int
    needed: int
    counted: tuple[str, ...]
    recused: tuple[str, ...]
    chair: str
    lacking: tuple[str, ...] = field(default=())
    twice: tuple[tuple[str, str], ...] = field(default=())

    @property
    def present(self) -> int:
        """How many count."""
        return len(self.counted)

    @property
    def holds(self) -> bool:
        """Whether the body may decide the item."""
        return not self.lacking

    @property
    def sentence(self) -> str:
        """The quorum in one sentence, as the minutes have it."""
        told = f"{self.present} of {self.members} voting members counted, {self.needed} needed"
        return f"Quorum held: {told}." if self.holds else f"No quorum: {told}; {'; '.join(self.lacking)}."


def needed(members: int, share_ppm: int) -> int:
    """The least number that is at least the share of all voting members; a body decides with one at least."""
    return max(1, -(-members * share_ppm // PPM))


def quorum(roll: Iterable[Member], recused: Collection[str], rule: QuorumRule, proposing: str = "") -> Quorum:
    """Count the quorum of one item; ``recused`` have left it, ``proposing`` is the group whose matter it is."""
    seats = sorted(each for each in roll)
    voting = [each for each in seats if each.votes]
    gone = leaving(seats, recused)
    sitting = {each.sitting: each for each in voting if _counts(each) and each.sitting not in gone}
    least, chair = needed(len(voting), rule.share_ppm), presiding(seats, recused)
    lacking = (
        *_too_few(len(sitting), least),
        *_kinds_lacking(sitting.values(), rule),
        *_only_own(sitting.values(), rule, proposing),
        *(() if chair else ("nobody who may take the chair is left",)),
    )
    again = tuple(sorted((each.sitting, each.counts_as) for each in seats if each.sitting and each.counts_as))
    return Quorum(len(voting), least, tuple(sorted(sitting)), gone, chair, lacking, again)


def _counts(member: Member) -> bool:
    return bool(member.sitting and not member.counts_as)


def one_each(roll: Iterable[Member], accounts: Mapping[str, frozenset[str]]) -> tuple[Member, ...]:
    """Give the roll with each person counted once, however many accounts of theirs hold a seat or sit in one.

    ``accounts`` gives all accounts of each person who has several. A second seat of one person is none: it has no vote
    and is not among the members. A seat in which somebody sits who counts already keeps its place among the members,
    and stays empty. Who is there in their own right comes first.
    """
    lines = tuple(roll)
    voting = [each for each in lines if each.votes]
    found: dict[Member, Member] = {}
    holders: dict[str, Member] = {}
    sitting: dict[str, str] = {}
    for each in sorted(voting, key=lambda each: (each.presence != PRESENT, not each.sitting, each)):
        holder, sits = (min(accounts.get(who, {who})) if who else "" for who in (each.person, each.sitting))
        if known := holders.get(holder):
            found[each] = replace(each, votes=False, counts_as=known.sitting or known.person)
        elif taken := sitting.get(sits, ""):
            found[each] = holders[holder] = replace(each, counts_as=taken)
        else:
            holders[holder] = each
            sitting |= {sits: each.sitting} if sits else {}
    return tuple(found.get(each, each) for each in lines)


def leaving(roll: Iterable[Member], recused: Collection[str]) -> tuple[str, ...]:
    """Who leaves an item: everybody there who is conflicted, and every deputy of somebody conflicted."""
    seats = [each for each in roll if each.sitting]
    return tuple(sorted({each.sitting for each in seats if each.sitting in recused or each.person in recused}))


def presiding(roll: Iterable[Member], recused: Collection[str]) -> str:
    """Who takes the chair for an item: a chair who is there and not conflicted, else a vice chair, else nobody."""
    able = [each for each in sorted(roll) if each.presides and each.person not in recused]
    for capacity in (CHAIR, VICE):
        for each in able:
            if each.capacity == capacity:
                return each.person
    return ""


def _too_few(present: int, least: int) -> tuple[str, ...]:
    return () if present >= least else (_more(least - present),)


def _more(lacking: int) -> str:
    return "1 more voting member is needed" if lacking == 1 else f"{lacking} more voting members are needed"


def _kinds_lacking(sitting: Collection[Member], rule: QuorumRule) -> tuple[str, ...]:
    held = {kind: sum(1 for each in sitting if each.kind == kind) for kind, _ in rule.kinds}
    return tuple(f"no {KINDS.get(kind, kind)} is left" for kind, least in rule.kinds if held[kind] < least)


def _only_own(sitting: Collection[Member], rule: QuorumRule, proposing: str) -> tuple[str, ...]:
    """A clinician who is left must not be of the group that proposes; without such a group there is nothing to ask."""
    clinicians = [each for each in sitting if each.kind == CLINICIAN]
    if not (rule.other_group and proposing and clinicians) or any(each.of != proposing for each in clinicians):
        return ()
    return (f"every clinician who is left is of {proposing}, which proposes",)


def quorum_steps(roll: Iterable[Member], counted: Quorum) -> tuple[Step, ...]:
    """How the number that counts came about: all voting members, less those not there, less those who left the item."""
    voting = [each for each in sorted(roll) if each.votes]
    away = [each for each in voting if not each.sitting]
    again = [each for each in voting if each.sitting and each.counts_as]
    gone = [each for each in voting if _counts(each) and each.sitting in counted.recused]
    return (
        Step(RULE, "Voting members on the roll", len(voting)),
        *(Step(RULE, f"{each.person}: {PRESENCES[each.presence].lower()}", -1) for each in away),
        *(Step(RULE, f"{each.sitting}: counts already as {each.counts_as}", -1) for each in again),
        *(Step(RULE, f"{each.sitting}: left the item for an interest", -1) for each in gone),
    )
