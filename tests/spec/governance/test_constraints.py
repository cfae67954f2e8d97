"""K1 to K12, each in a table of cases: what breaks it, and what does not."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.governance.rules import constraints as k
from openpbc.governance.rules.constraints import COMMISSIONING, PROVISION, Author, Duty, Heard, Lead
from openpbc.kernel.findings import Finding, Level
from tests.told import told as held_to

ON = date(2009, 4, 1)
ANN, BEN = frozenset({"ann"}), frozenset({"ben"})

CASES = [
    ("K1 declared within the months", k.k1({"ann": date(2008, 4, 1)}, ON, 12), []),
    ("K1 a day too old", k.k1({"ann": date(2008, 3, 31)}, ON, 12), ["The declaration of ann ran out on 31 March 2009"]),
    ("K1 never declared", k.k1({"ann": None, "ben": ON}, ON, 12), ["ann has never declared"]),
    ("K1 no age is set", k.k1({"ann": date(1999, 1, 1)}, ON, None), []),
    ("K2 no provider of GPs", k.k2("DACCOM", has_gp_provider=False, lead=Lead()), []),
    ("K2 nobody leads", k.k2("DACCOM", has_gp_provider=True, lead=Lead()), ["nobody is named who leads"]),
    ("K2 somebody leads", k.k2("DACCOM", has_gp_provider=True, lead=Lead("ann")), []),
    ("K3 nobody may bid", k.k3("DACCOM", [], Lead()), []),
    ("K3 no second lead", k.k3("DACCOM", ["ann"], Lead()), ["has no commissioning lead beside them"]),
    ("K3 the same person", k.k3("DACCOM", ["ann"], Lead("ann")), ["The commissioning lead of DACCOM, ann, may bid"]),
    ("K3 the lead may bid too", k.k3("DACCOM", ["ann"], Lead("ben", may_bid=True)), ["ben, may bid"]),
    ("K3 another person who may not", k.k3("DACCOM", ["ann"], Lead("ben")), []),
    ("K4 the same lead", k.k4("DACCOM", Lead("ben"), Lead("ben")), []),
    ("K4 a replacement with a reason", k.k4("DACCOM", Lead("ben"), Lead("cat", reason="ben has left")), []),
    ("K4 a replacement without", k.k4("DACCOM", Lead("ben"), Lead("cat", reason=" ")), ["cat advises on the tender"]),
    ("K4 nobody advises", k.k4("DACCOM", Lead("ben"), Lead()), ["nobody advises on the tender"]),
    ("K5 none declared", k.k5([Heard(1, True, in_quorum=ANN, voted=ANN)]), []),
    ("K5 nothing recorded", k.k5([Heard(2, False)]), ["Item 2 has no record of declarations"]),
    (
        "K5 nobody named",
        k.k5([Heard(0, False, minute="9")]),
        ["who took part in the decision of minute 9"],
    ),
    ("K5 by hand", k.k5([Heard(0, True, ANN, minute="9")]), ["ann has an interest in the decision of minute 9"]),
    ("K5 left", k.k5([Heard(1, True, conflicted=ANN, recused=ANN, in_quorum=BEN, voted=BEN)]), []),
    ("K5 stayed", k.k5([Heard(1, True, conflicted=ANN)]), ["ann has an interest in item 1 and did not leave"]),
    ("K5 counted", k.k5([Heard(1, True, recused=ANN, in_quorum=ANN)]), ["is counted in the quorum"]),
    ("K5 voted", k.k5([Heard(1, True, conflicted=ANN, recused=ANN, voted=ANN)]), ["and voted"]),
    ("K6 a reader in a bidder", k.k6("tender 1", ["ann", "ben"], ["ann"]), ["ann has an interest in a bidder"]),
    ("K6 nobody", k.k6("tender 1", ["ben"], ["ann"]), []),
    ("K7 both sides", k.k7([Duty("ann", "COPD", COMMISSIONING), Duty("ann", "COPD", PROVISION)]), ["both commissions"]),
    ("K7 two services", k.k7([Duty("ann", "COPD", COMMISSIONING), Duty("ann", "ENT", PROVISION)]), []),
    ("K7 two people", k.k7([Duty("ann", "COPD", COMMISSIONING), Duty("ben", "COPD", PROVISION)]), []),
    ("K8 not listed", k.k8([Author("ann", "Co")], ["Co"], []), ["ann wrote the specification and works for Co"]),
    ("K8 listed", k.k8([Author("ann", "Co")], ["Co"], [Author("ann", "Co")]), []),
    (
        "K8 listed for another",
        k.k8([Author("ann", "Co"), Author("ann", "Ltd")], ["Co", "Ltd"], [Author("ann", "Co")]),
        ["ann wrote the specification and works for Ltd"],
    ),
    ("K8 does not apply", k.k8([Author("ann", "Co")], ["Other"], []), []),
    (
        "K9 a company without",
        k.k9("Co", "company", has_standing_orders=False),
        ["is a company without standing orders"],
    ),
    ("K9 a company with", k.k9("Co", "company", has_standing_orders=True), []),
    ("K9 no company", k.k9("DACCOM", "group", has_standing_orders=False), []),
    ("K10 signed for the commissioner", k.k10("contract 1", "5P4", "5P4"), []),
    ("K10 signed for a group", k.k10("contract 1", "DACCOM", "5P4"), ["are the commissioner's to sign"]),
    ("K11 the group itself", k.k11("DACCOM", "D1", ["ann"]), ["the group cannot sign off this case itself"]),
    ("K11 the committee", k.k11("DACCOM", "D3", ["ann"]), []),
    ("K11 nobody may bid", k.k11("DACCOM", "D1", []), []),
    ("K12 before procurement", k.k12(["ann"], ["ann"], procurement_begun=False), []),
    ("K12 still sees", k.k12(["ann", "ben"], ["ann"], procurement_begun=True), ["ann is of the providers' side"]),
]

# Who can mend what a constraint found, and until when it stands.
MENDED = {
    "K1": [("ann declares now, or the secretary does so for them", "before the step or the vote")],
    "K2": [("The group names one", "before drafting is opened")],
    "K3": [("The group names another", "before any further step")],
    "K4": [("The group names ben, or gives the reason", "before procurement")],
    "K5": [
        ("The chair mends it", "before the decision; afterwards the vote is void"),
        ("The secretary records them, or that none were made", "before the decision is carried out"),
        ("The secretary corrects the record", "until then the decision is not carried out"),
    ],
    "K6": [("The commissioner takes the access away", "it opens when the tender is over")],
    "K7": [("goes to somebody else", "before either is given")],
    "K8": [("The commissioner lists them", "before it scores")],
    "K9": [("send them to the secretary", "until they are on file")],
    "K10": [("Somebody of 5P4 signs", "that holds for good")],
    "K11": [("The committee decides it", "while one of them may bid")],
    "K12": [("The commissioner takes the access away", "until it is over")],
}


@pytest.mark.parametrize(("found", "told"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_constraint_finds_what_breaks_it(found: tuple[Finding, ...], told: list[str]) -> None:
    assert len(found) == len(told)
    for finding, part in zip(found, told, strict=True):
        who, until = next(each for each in MENDED[finding.rule] if each[0] in finding.sentence)
        held_to(finding.sentence, why=part, who=who, until=until)
        assert finding.level is (Level.WARNING if finding.rule == "K9" else Level.FATAL)


def test_every_constraint_and_each_of_its_sentences_is_held_to_who_can_and_until_when() -> None:
    found = [finding for _, some, _ in CASES for finding in some]
    assert {finding.rule for finding in found} == set(MENDED) == {f"K{number}" for number in range(1, 13)}
    said = {(rule, who) for rule, some in MENDED.items() for who, _ in some}
    assert said == {(each.rule, who) for each in found for who, _ in MENDED[each.rule] if who in each.sentence}
