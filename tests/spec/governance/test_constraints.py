"""K1 to K12, each in a table of cases: what breaks it, and what does not."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.governance.rules import constraints as k
from openpbc.governance.rules.constraints import COMMISSIONING, PROVISION, Author, Duty, Heard, Lead
from openpbc.kernel.findings import Finding, Level

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


@pytest.mark.parametrize(("found", "told"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_constraint_finds_what_breaks_it(found: tuple[Finding, ...], told: list[str]) -> None:
    assert len(found) == len(told)
    for finding, part in zip(found, told, strict=True):
        assert part in finding.sentence
        assert finding.sentence.count(".") >= 2, "it says what is wrong, and then who can mend it"
        assert finding.level is (Level.WARNING if finding.rule == "K9" else Level.FATAL)
