"""What interests keep a case from: the constraints of governance, asked with what is known of the case."""

from __future__ import annotations

from openpbc.governance import reads as governance
from openpbc.governance.reads import constraints as rule
from openpbc.organisations import reads as organisations
from openpbc.redesign.reads.cases import Case
from openpbc.rulebook.reader import Book


def constraints(book: Book, case: Case) -> dict[str, tuple[str, ...]]:
    """What each constraint on interests found for a case, by its code; nothing where all is well.

    K1: members declared. K3 and K4: where somebody may bid, another person leads the commissioning, and goes on doing
    so. K11: no group decides a case for which one of its own may bid.
    """
    lead = _lead_findings(case)
    return {"K1": _declared(book, case), "K3": lead, "K4": lead}


def may_bid(case: Case) -> tuple[str, ...]:
    """Members of the joint group who have a material interest in the case, by sign-in name."""
    found = governance.conflicts(case.place, case.matter)
    return tuple(each.person for each in case.present if any(one.material for one in found.get(each.person, ())))


def conflicted(case: Case) -> bool:
    """Whether anybody has a material interest in the case."""
    return any(each.material for own in governance.conflicts(case.place, case.matter).values() for each in own)


def _declared(book: Book, case: Case) -> tuple[str, ...]:
    today = organisations.today()
    made = {each.name: governance.declared(each.person, case.place, today) for each in case.present}
    return tuple(each.sentence for each in rule.k1(made, today, governance.settings(book).months))


def _lead_findings(case: Case) -> tuple[str, ...]:
    bidders = may_bid(case)
    names = {each.person: each.name for each in case.present}
    lead = case.lead.person if case.lead else ""
    known = rule.Lead(names.get(lead, ""), lead in bidders)
    group = f"the joint group of case {case.number}"
    return tuple(each.sentence for each in rule.k3(group, [names[person] for person in bidders], known))
