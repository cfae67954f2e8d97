"""What interests keep a case from: the constraints of governance, each asked with what is known of the case.

A constraint is asked where a step that is open now waits for it, and all of them on the page of the case.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from django.utils import timezone

from openpbc.governance import reads as governance
from openpbc.governance.reads import constraints as rule
from openpbc.kernel.findings import Finding
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Person
from openpbc.organisations.reads.persons import accounts_of
from openpbc.redesign.reads.beside import Beside
from openpbc.redesign.reads.cases import Case, Lead
from openpbc.redesign.reads.separation import apart_by_name, provider_side
from openpbc.redesign.rules.membership import COMMISSIONER
from openpbc.redesign.rules.transitions import APPROVED
from openpbc.rulebook.reader import Book


class _Asked:
    """One case with what the constraints look at: what stands beside it is read once for all cases that are asked."""

    def __init__(self, case: Case, beside: Beside) -> None:
        self.case, self.beside, self.today = case, beside, beside.today

    @property
    def people(self) -> Mapping[str, Person]:
        return self.beside.people

    @property
    def interested(self) -> frozenset[str]:
        """Everybody with a material interest in the case, by sign-in name."""
        return self.beside.interested(self.case)

    @cached_property
    def bidders(self) -> tuple[str, ...]:
        """Members of the joint group who may bid: who said so, and who has a material interest in the case."""
        return tuple(each.person for each in self.case.present if each.person in self.bids)

    @cached_property
    def bids(self) -> frozenset[str]:
        """Whoever may bid, by each of their sign-in names: a second account is nobody else."""
        said = {each.person for each in self.case.present if each.may_bid}
        return self.interested.union(*map(self.beside.accounts_of, said))

    @cached_property
    def leads(self) -> dict[str, Lead]:
        return self.case.leads_now

    def name(self, person: str) -> str:
        """What a person is called on the page of the case."""
        here = next((each.name for each in self.case.members if each.person == person), "")
        return here or (self.people[person].name if person in self.people else person)

    def group(self, unit: str) -> str:
        """What a group is called."""
        return self.beside.group(unit)

    def adviser(self, unit: str) -> rule.Lead:
        """Who would advise for a group today: who was named, as long as they may sign in and have no interest."""
        named = self.leads.get(unit)
        if named is None or not (named.person in self.people and self.people[named.person].active):
            return rule.Lead()
        return rule.Lead(named.name, named.person in self.interested, named.reason)

    def k1(self) -> tuple[Finding, ...]:
        members = [(each.person, each.name) for each in self.case.present]
        members += [(each.person, each.name) for each in self.leads.values()]
        made = {name: self.beside.declared[person] for person, name in members}
        return rule.k1(made, self.today, governance.settings(self.beside.book).months)

    def k2(self) -> tuple[Finding, ...]:
        run = self.beside.gp_providers
        return tuple(
            found
            for each in self.case.groups
            for found in rule.k2(
                self.group(each.unit), has_gp_provider=bool(run.get(each.unit)), lead=self.adviser(each.unit)
            )
        )

    def k3(self) -> tuple[Finding, ...]:
        bidders, named = self.bidders, self.leads.get(self.case.unit)
        lead = named.person if named else self.case.lead.person if self.case.lead else ""
        known = rule.Lead(self.name(lead) if lead else "", lead in self.bids)
        group = f"the joint group of case {self.case.number}"
        return rule.k3(group, [self.name(person) for person in bidders], known)

    def k4(self) -> tuple[Finding, ...]:
        first = {each.unit: rule.Lead(each.name) for each in reversed(self.case.leads)}
        found = (rule.k4(self.group(unit), formed, self.adviser(unit)) for unit, formed in sorted(first.items()))
        return (*(each for some in found for each in some), *self.k3())

    def k5(self) -> tuple[Finding, ...]:
        approved = self.beside.approvals.get(self.case.matter)
        if approved is None:
            return ()
        item = self.beside.items.get(approved.id)
        last = max(approved.taken_on, timezone.localdate(approved.recorded_at))
        stands = self.beside.matters.standings_between(self.case.matter, approved.taken_on, last)
        if item is None or not item.record:
            return self._k5_by_hand(approved, {person for person, each in stands.items() if not each.votes})
        facts = item.record
        there = {person for person, each in stands.items() if not each.votes} & set(facts["present"])
        sets = {"conflicted": there, "recused": facts["left"] or facts["recused"], "in_quorum": facts["counted"]}
        named = {what: frozenset(map(self.name, who)) for what, who in (sets | {"voted": facts["votes"]}).items()}
        heard = rule.Heard(
            item.number or 0, item.said, named["conflicted"], named["recused"], named["in_quorum"], named["voted"]
        )
        return rule.k5([heard])

    def _k5_by_hand(self, approved: governance.Decision, interested: Collection[str]) -> tuple[Finding, ...]:
        """What was written into the register from minutes on paper, with those who are named there."""
        known = self.beside.deciders[approved.id]
        took, left = (frozenset(map(self.name, each)) for each in (known.took_part, known.left))
        wrong = frozenset(self.name(each) for each in known.took_part if each in interested)
        heard = rule.Heard(0, bool(took), wrong, left, took, took, minute=approved.minute)
        return rule.k5([heard])

    def k6(self) -> tuple[Finding, ...]:
        advisers = {each.person for each in self.leads.values()}
        named = [self.name(person) for person in advisers], [self.name(person) for person in self.interested]
        return rule.k6(f"the procurement of case {self.case.number}", *named)

    def k7(self) -> tuple[Finding, ...]:
        commissions = [each.person for each in self.case.present if each.kind == COMMISSIONER]
        commissions += [each.person for each in self.leads.values()]
        return duties(self.case, self.people.values(), commissions, self.beside.accounts)

    def k8(self) -> tuple[Finding, ...]:
        parties = self.beside.matters.parties(self.case.matter)
        known = self.beside.identities
        bidding = {known(each.organisation): each.organisation for each in parties
                   if each.part == governance.POSSIBLE_BIDDER}  # fmt: skip
        told = {known(each.organisation) for each in parties if each.part == governance.AUTHOR}
        wrote = [replace(each, organisation=known(each.organisation))
                 for each in authors(self.case, self.people.values(), self.beside.names)]  # fmt: skip
        applying = [replace(each, organisation=bidding.get(each.organisation, each.organisation)) for each in wrote]
        listed = [said for said, each in zip(applying, wrote, strict=True) if each.organisation in told]
        return rule.k8(applying, bidding.values(), listed)

    def k9(self) -> tuple[Finding, ...]:
        return tuple(
            found
            for each in self.case.groups
            for found in rule.k9(
                self.group(each.unit),
                self.beside.forms.get(each.unit, ""),
                has_standing_orders=each.unit in self.beside.standing_orders,
            )
        )

    def k11(self) -> tuple[Finding, ...]:
        kept = self.beside.levels.get(self.case.matter)
        names = [self.name(person) for person in self.bidders]
        return rule.k11(self.group(self.case.unit), kept.level.code if kept else "", names)

    def k12(self) -> tuple[Finding, ...]:
        begun = replace(self.case, stage=APPROVED)
        side = provider_side(begun, self.people, self.beside.accounts)
        side |= {each for handed in self.case.handovers for each in handed.facts.get("side_accounts", ())}
        signs_in = {each for each in side if each in self.people and self.people[each].active}
        apart = apart_by_name(signs_in, begun, self.beside.roles, self.beside.accounts)
        sees = signs_in - apart - self.beside.matters.shut_out(self.case.matter)
        return rule.k12([self.name(each) for each in sees], [self.name(each) for each in side], procurement_begun=True)


OTHERS_ANSWER = "Somebody else who speaks for the group answers; that holds until the groups have answered."
_ASK: Mapping[str, Callable[[_Asked], tuple[Finding, ...]]] = {
    "K1": _Asked.k1, "K2": _Asked.k2, "K3": _Asked.k3, "K4": _Asked.k4, "K5": _Asked.k5, "K6": _Asked.k6,
    "K7": _Asked.k7, "K8": _Asked.k8, "K9": _Asked.k9, "K11": _Asked.k11, "K12": _Asked.k12,
}  # fmt: skip


def constraints(
    book: Book, case: Case, codes: Collection[str], beside: Beside | None = None
) -> dict[str, tuple[str, ...]]:
    """What each constraint on interests that is named found for a case, by its code.

    K10 depends on who signs, so it is asked when somebody does. ``beside`` is what stands beside the cases among which
    this one is asked.
    """
    asked = _Asked(case, beside or Beside(book, (case,)))
    return {code: tuple(each.sentence for each in ask(asked)) for code, ask in _ASK.items() if code in codes}


def may_bid(case: Case) -> tuple[str, ...]:
    """Members of the joint group who may bid: who said so, and who has a material interest, by sign-in name."""
    return _Asked(case, Beside(organisations.book(case.place), (case,))).bidders


def answers_fault(case: Case, person: str, beside: Beside | None = None) -> str:
    """Say why somebody does not answer for a group in a case: an interest, or none declared in time; else empty.

    ``beside`` is what stands beside the cases among which this one is asked.
    """
    known = beside or Beside(organisations.book(case.place), (case,))
    stands = known.matters.standings(case.matter).get(person)
    return stands.because if stands and not stands.votes else known.undeclared(person)


def answers_kept(case: Case, person: str, beside: Beside | None = None) -> str:
    """Say to somebody who does not answer for a group why not, who does, and until when; else empty."""
    why = answers_fault(case, person, beside)
    return f"You cannot answer for a group here. {why} {OTHERS_ANSWER}" if why else ""


def conflicted(case: Case, beside: Beside) -> bool:
    """Whether anybody has a material interest in the case, or a member may bid."""
    asked = _Asked(case, beside)
    return bool(asked.interested or asked.bidders)


def duties(
    case: Case, people: Iterable[Person], commissions: Iterable[str], every: Mapping[str, frozenset[str]]
) -> tuple[Finding, ...]:
    """Who would both commission and provide what a case is about (K7): the second by a role at a provider.

    ``every`` are all accounts of those who have several.
    """
    today, known = organisations.today(), tuple(people)
    names = {each.sign_in: each.name for each in known}
    service = f"the service of case {case.number}"
    provides = [
        each.sign_in
        for each in known
        if any(a.scope == "provider" and a.applies_in(case.place) and a.holds_on(today) for a in each.assignments)
    ]
    same = {own for person in commissions for own in accounts_of(person, every)}
    both = [(person, rule.PROVISION) for person in provides if person in same]
    both += [(person, rule.COMMISSIONING) for person in same]
    return rule.k7(rule.Duty(names.get(person, person), service, side) for person, side in both)


def authors(case: Case, people: Iterable[Person], named: Mapping[str, str]) -> tuple[rule.Author, ...]:
    """Whoever is or was in the joint group, which writes the specification, with those for whom each works.

    ``named`` is what the organisations of the place are called.
    """
    roles = {each.sign_in: [a.code for a in each.assignments if a.scope in ("provider", "practice")] for each in people}
    found = {
        rule.Author(each.name, named.get(code, code))
        for each in case.members
        for code in (each.organisation, *roles.get(each.person, ()))
        if code
    }
    return tuple(sorted(found, key=lambda each: (each.person, each.organisation)))
