"""What interests keep a case from: declarations that are due, and a lead who might bid."""

from __future__ import annotations

from openpbc.governance import reads as governance
from openpbc.kernel.periods import months_after
from openpbc.organisations import reads as organisations
from openpbc.redesign.reads.cases import Case
from openpbc.rulebook.reader import Book


def constraints(book: Book, case: Case) -> dict[str, tuple[str, ...]]:
    """What each rule on interests found for a case, by its code; nothing where all is well."""
    lead = lead_conflicts(case)
    return {"K1": declarations_due(book, case), "K3": lead, "K4": lead}


def declarations_due(book: Book, case: Case) -> tuple[str, ...]:
    """Members whose declaration is missing, or older than the place allows (K1)."""
    today, months = organisations.today(), governance.settings(book).months
    found = []
    for each in case.present:
        made = governance.declared(each.person, case.place, today)
        if made is None:
            found.append(f"{each.name} has not declared interests.")
        elif months is not None and months_after(made, months) < today:
            found.append(
                f"{each.name} declared on {made:%-d %B %Y}, more than {months} months ago; it has to be confirmed."
            )
    return tuple(found)


def lead_conflicts(case: Case) -> tuple[str, ...]:
    """A lead with a material interest cannot carry the case: somebody who might bid commissions nothing (K3, K4)."""
    if case.lead is None:
        return ()
    own = governance.conflicts(case.place, case.matter).get(case.lead.person, ())
    return tuple(
        f"{each.sentence} So somebody else has to lead the commissioning, now and in what follows."
        for each in own
        if each.material
    )


def conflicted(case: Case) -> bool:
    """Whether anybody has a material interest in the case."""
    return any(each.material for own in governance.conflicts(case.place, case.matter).values() for each in own)
