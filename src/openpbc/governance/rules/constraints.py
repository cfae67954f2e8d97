"""The constraints K1 to K12 on conflicts of interest: each gives a finding for what breaks it, none where it holds.

Each is told in two sentences: why, then who can mend it and until when. A fatal one stops the step, a warning does not.
What a constraint asks is given to it; nothing here is looked up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.periods import day_text, months_after

COMMISSIONING, PROVISION = "commissioning", "provision"
COMPANY = "company"


@dataclass(frozen=True)
class Lead:
    """Who leads for a group, and whether that person may bid; no person where nobody is named."""

    person: str = ""
    may_bid: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Heard:
    """One item of an agenda as it was heard: whether declarations were recorded, and who took part how."""

    number: int
    declarations_recorded: bool
    conflicted: frozenset[str] = frozenset()
    recused: frozenset[str] = frozenset()
    in_quorum: frozenset[str] = frozenset()
    voted: frozenset[str] = frozenset()
    minute: str = ""  # of what was written into the register and is no item of a meeting kept here

    @property
    def where(self) -> str:
        """What the findings call it."""
        return f"the decision of minute {self.minute}" if self.minute else f"item {self.number}"


@dataclass(frozen=True)
class Duty:
    """What a person does for a service: commissioning it, or providing it."""

    person: str
    service: str
    side: str


@dataclass(frozen=True)
class Author:
    """Who wrote the specification, and for whom that person works."""

    person: str
    organisation: str


def _found(rule: str, where: str, why: str, *, who: str, until: str, level: Level = Level.FATAL) -> Finding:
    """Tell what is wrong: ``why`` is a sentence, ``who`` can mend it and ``until`` when the halves of a second."""
    return Finding(rule, level, Place(where), f"{why} {who}{until}.")


def k1(declared: Mapping[str, date | None], on: date, months: int | None) -> tuple[Finding, ...]:
    """Every member has declared within the months allowed; with none set, has declared at all."""
    found = []
    for person, last in sorted(declared.items()):
        if last is None:
            why = f"{person} has never declared interests or that there are none."
        elif months is not None and months_after(last, months) < on:
            why = f"The declaration of {person} ran out on {day_text(months_after(last, months))}."
        else:
            continue
        who = f"{person} declares now, or the secretary does so for them"
        found.append(_found("K1", person, why, who=who, until=", before the step or the vote"))
    return tuple(found)


def k2(group: str, *, has_gp_provider: bool, lead: Lead) -> tuple[Finding, ...]:
    """Where a provider run by GPs is in a group's area, the group has named who leads on its behalf."""
    if not has_gp_provider or lead.person:
        return ()
    said = f"A provider run by GPs is in the area of {group}, and nobody is named who leads on the group's behalf."
    return (_found("K2", group, said, who="The group names one", until=" before drafting is opened"),)


def k3(group: str, may_bid: Iterable[str], lead: Lead) -> tuple[Finding, ...]:
    """Where a clinician may bid, another person who may not is the commissioning lead."""
    bidders = sorted(set(may_bid))
    if not bidders:
        return ()
    who = ", ".join(bidders)
    if not lead.person:
        why = f"{who} may bid, and {group} has no commissioning lead beside them."
    elif lead.person in bidders or lead.may_bid:
        why = f"The commissioning lead of {group}, {lead.person}, may bid."
    else:
        return ()
    return (_found("K3", group, why, who="The group names another", until=" before any further step"),)


def k4(group: str, formed: Lead, adviser: Lead) -> tuple[Finding, ...]:
    """The commissioning lead of the redesign advises on the tender too, or the one who does has a reason."""
    if not formed.person or adviser.person == formed.person or (adviser.person and adviser.reason.strip()):
        return ()
    who = adviser.person or "nobody"
    said = f"{formed.person} led for {group} in the redesign, and {who} advises on the tender without a reason."
    mend = f"The group names {formed.person}, or gives the reason"
    return (_found("K4", group, said, who=mend, until=", before procurement"),)


def k5(items: Iterable[Heard]) -> tuple[Finding, ...]:
    """Each item has its declarations (perhaps none); who is conflicted has left, is not in quorum and did not vote."""
    found = []
    for item in items:
        where = item.where
        if not item.declarations_recorded and item.minute:
            said = f"It is not recorded who took part in {where}, and who left for an interest."
            mend = "The secretary corrects the record, naming them"
            found.append(_found("K5", where, said, who=mend, until="; until then the decision is not carried out"))
        elif not item.declarations_recorded:
            said = f"Item {item.number} has no record of declarations."
            mend = "The secretary records them, or that none were made"
            found.append(_found("K5", where, said, who=mend, until=", before the decision is carried out"))
        out = item.conflicted | item.recused
        for wrong, people in (
            ("did not leave", item.conflicted - item.recused),
            ("is counted in the quorum", out & item.in_quorum),
            ("voted", out & item.voted),
        ):
            found += [
                _found(
                    "K5",
                    where,
                    f"{person} has an interest in {where} and {wrong}.",
                    who="The chair mends it",
                    until=" before the decision; afterwards the vote is void",
                )
                for person in sorted(people)
            ]
    return tuple(found)


def k6(tender: str, readers: Iterable[str], conflicted: Iterable[str]) -> tuple[Finding, ...]:
    """Nobody with an interest in a bidder reads bids, scores or notes of a tender."""
    return tuple(
        _found(
            "K6",
            tender,
            f"{person} has an interest in a bidder and may read {tender}.",
            who="The commissioner takes the access away at once",
            until="; it opens when the tender is over",
        )
        for person in sorted(set(readers) & set(conflicted))
    )


def k7(duties: Iterable[Duty]) -> tuple[Finding, ...]:
    """Nobody both commissions and provides one service."""
    sides: dict[tuple[str, str], set[str]] = {}
    for each in duties:
        sides.setdefault((each.person, each.service), set()).add(each.side)
    return tuple(
        _found(
            "K7",
            service,
            f"{person} both commissions and provides {service}.",
            who="One of the two duties goes to somebody else",
            until=" before either is given",
        )
        for (person, service), held in sorted(sides.items())
        if {COMMISSIONING, PROVISION} <= held
    )


def k8(authors: Iterable[Author], applicants: Iterable[str], listed: Iterable[Author]) -> tuple[Finding, ...]:
    """Authors of the specification who work for an applicant are listed in the tender file, each with it."""
    bidding, known = set(applicants), set(listed)
    return tuple(
        _found(
            "K8",
            each.organisation,
            f"{each.person} wrote the specification and works for {each.organisation}, which applies.",
            who="The commissioner lists them in the tender file and tells the panel",
            until=" before it scores",
        )
        for each in sorted(set(authors), key=lambda each: (each.organisation, each.person))
        if each.organisation in bidding and each not in known
    )


def k9(group: str, kind: str, *, has_standing_orders: bool) -> tuple[Finding, ...]:
    """A commissioning company is advised to have standing orders of its own: a warning, and never a block."""
    if kind != COMPANY or has_standing_orders:
        return ()
    said = f"{group} is a company without standing orders for interests on file."
    mend = "It is advised to send them to the secretary"
    return (_found("K9", group, said, who=mend, until="; this is said until they are on file", level=Level.WARNING),)


def k10(contract: str, signer: str, commissioner: str) -> tuple[Finding, ...]:
    """Contracts are signed for the commissioner."""
    if signer == commissioner:
        return ()
    said = f"{contract} would be signed for {signer or 'nobody'}, and contracts are the commissioner's to sign."
    mend = f"Somebody of {commissioner} signs"
    return (_found("K10", contract, said, who=mend, until="; that holds for good, for whoever signs for another"),)


def k11(group: str, level: str, may_bid: Iterable[str]) -> tuple[Finding, ...]:
    """A group does not sign off a case itself where one of its members may bid."""
    bidders = sorted(set(may_bid))
    if level != "D1" or not bidders:
        return ()
    said = f"{', '.join(bidders)} of {group} may bid, so the group cannot sign off this case itself."
    return (_found("K11", group, said, who="The committee decides it", until="; that holds while one of them may bid"),)


def k12(access: Iterable[str], provider_side: Iterable[str], *, procurement_begun: bool) -> tuple[Finding, ...]:
    """From the start of procurement nobody of the providers' side has access to its records."""
    if not procurement_begun:
        return ()
    return tuple(
        _found(
            "K12",
            person,
            f"{person} is of the providers' side and can still see the records of the procurement.",
            who="The commissioner takes the access away, and only its own people have it",
            until=" from the start of procurement until it is over",
        )
        for person in sorted(set(access) & set(provider_side))
    )
