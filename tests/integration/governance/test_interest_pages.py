"""The pages of interests: quick to fill in, each reader sees what is for them, and what is late is told."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.governance import actions, reads
from openpbc.governance.reads import Party
from openpbc.governance.rules.breaches import without_vote
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import reads as organisations
from tests.integration.governance.test_delegation import in_force
from tests.integration.site.conftest import HERE, As, send

pytestmark = pytest.mark.one_database

AT = f"/p/{HERE}/interests"
COMPANY = "SYNTHETIC Company"
SECRET = "my cousin of 4 Invented Lane owes 5000"
TOLD = {"organisation": COMPANY, "role": "Director", "nature": "financial-personal", "held_from": "1/4/2024"}
MATTER = f"budget-set/{HERE}/2008-09/1"


def declare(person: str = "gp@demo", **changes: object) -> int:
    facts = TOLD | {"held_from": date(2024, 4, 1), "detail": SECRET}
    return actions.declare_interest(by=SYSTEM, place=HERE, person=person, **(facts | changes))


def page(browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_an_interest_is_declared_with_one_check_and_stands_on_the_page(as_role: As) -> None:
    gp = as_role("gp_lead")
    assert "You have not declared anything yet" in page(gp, AT)
    assert "Declare your interests" in page(gp, f"/p/{HERE}")
    checked = send(gp, f"{AT}/new", TOLD).content.decode()
    assert "you will see no papers and have no vote" in checked
    assert not reads.declarations(HERE)
    assert send(gp, f"{AT}/new", TOLD | {"confirmed": "yes"}).status_code == 302
    assert COMPANY in page(gp, AT)
    assert "Declare your interests" not in page(gp, f"/p/{HERE}")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"organisation": ""}, "Name the organisation."),
        ({"nature": "friend"}, "not one of the choices"),
        ({"held_from": "1/1/2199"}, "has not come yet"),
        ({"held_to": "1/1/2020"}, "the last day lies before the first"),
    ],
)
def test_a_mistake_is_told_beside_its_field(changes: dict[str, str], sentence: str, as_role: As) -> None:
    answer = send(as_role("gp_lead"), f"{AT}/new", TOLD | {"confirmed": "yes"} | changes)
    assert (answer.status_code, answer.content.decode().lower().count(sentence.lower())) == (422, 2)


def test_the_detail_is_for_secretary_and_chair_and_nothing_private_is_public(as_role: As) -> None:
    declare()
    declare(organisation="SYNTHETIC Firm", nature="indirect", role="My wife's firm")
    assert SECRET in page(as_role("committee_secretary"), f"{AT}/register")
    for file in ("", "?download=register.csv"):
        assert SECRET not in page(as_role("finance_manager"), f"{AT}/register{file}")
    assert as_role("gp_lead").get(f"{AT}/register").status_code == 403
    for file in ("", "?download=public-interests.csv"):
        shown = page(as_role("public"), f"{AT}/public{file}")
        assert all(text in shown for text in (COMPANY, "Director", "GP practice lead", "SYNTHETIC Firm", "Indirect"))
        assert all(text not in shown for text in (SECRET, "cousin", "wife", "Demo GP", "gp@demo", "5000"))


def test_nobody_ends_anothers_interest_but_the_secretary(as_role: As) -> None:
    number, sent = declare(), {"last_day": "1/5/2024", "reason": "Sold.", "confirmed": "yes"}
    answer = as_role("analyst").get(f"{AT}/{number}/end")
    assert (answer.status_code, "somebody else" in answer.content.decode()) == (422, True)
    assert send(as_role("committee_secretary"), f"{AT}/{number}/end", sent).status_code == 302
    assert reads.declaration(number, HERE).end is not None


def test_the_secretary_declares_for_a_member_without_an_account_in_use(as_role: As) -> None:
    sent = TOLD | {"person": "sha@demo", "confirmed": "yes"}
    assert send(as_role("committee_secretary"), f"{AT}/for", sent).status_code == 302
    (found,) = reads.declarations(HERE, "sha@demo")
    assert found.declared_by == "Demo committee secretary"
    assert as_role("gp_lead").get(f"{AT}/for").status_code == 403


def test_a_late_declaration_lists_what_was_opened_and_decided_and_reaches_the_chair(as_role: As) -> None:
    actions.set_parties(by=SYSTEM, place=HERE, matter=MATTER, parties=[Party(COMPANY, "possible-bidder")])
    number = actions.record_decision(
        by=SYSTEM, place=HERE, body="board", taken_on=date(2026, 4, 1), minute="1", outcome="approved", text="Yes.",
        matter=MATTER, title="Budget set 1",
    )  # fmt: skip
    as_role("gp_lead").get(f"/p/{HERE}/decisions/{number}")
    interest = declare()
    (late,) = reads.breaches(organisations.book(HERE))
    assert late.days_late > 300
    assert [each.what for each in late.opened] == [f"decision/{HERE}/{number}"]
    assert [each.decision.id for each in late.decided] == [number]
    chair = as_role("committee_chair")
    assert "See 1 interest that was declared late" in page(chair, f"/p/{HERE}")
    assert f"decision/{HERE}/{number}" in page(chair, f"{AT}/late/{interest}")
    assert send(chair, f"{AT}/late/{interest}", {"text": "Spoken to."}).status_code == 302
    assert "Spoken to." in page(chair, f"{AT}/late/{interest}")
    assert "declared late" not in page(chair, f"/p/{HERE}")
    assert as_role("finance_manager").get(f"{AT}/late").status_code == 403


def test_an_interest_declared_in_time_is_no_breach(as_role: As) -> None:
    declare(held_from=organisations.today())
    assert reads.breaches(organisations.book(HERE)) == ()
    answer = as_role("committee_chair").get(f"{AT}/late/1")
    assert (answer.status_code, "was not declared late" in answer.content.decode()) == (422, True)


def test_a_matter_shows_who_is_out_and_why_and_not_to_them(as_role: As) -> None:
    secretary, at = as_role("committee_secretary"), f"/p/{HERE}/matters"
    sent = {"matter": MATTER, "parties": f"{COMPANY}; possible-bidder\nother", "seen": "0", "confirmed": "yes"}
    answer = send(secretary, f"{at}/parties", sent)
    assert "line 2 is not" in answer.content.decode()
    sent["parties"] = f"{COMPANY}; possible-bidder"
    assert send(secretary, f"{at}/parties", sent).status_code == 302
    declare("group@demo")
    shown = page(secretary, f"{at}/one?matter={MATTER}")
    assert "Demo group manager" in shown
    assert "1 of them see nothing of it" in shown
    group = as_role("group_manager")
    assert COMPANY not in page(group, at)
    assert group.get(f"{at}/one?matter={MATTER}").status_code == 403
    stale = send(secretary, f"{at}/parties", sent | {"parties": "Other; provider"}, form=f"{at}/parties")
    assert (stale.status_code, "changed the list on" in stale.content.decode()) == (409, True)


def test_everybody_reads_the_scheme_in_force_on_any_day(as_role: As) -> None:
    assert "every case goes to the committee" in page(as_role("public"), f"/p/{HERE}/delegation")
    number = in_force()
    shown = page(as_role("public"), f"/p/{HERE}/delegation?on=2/4/2026")
    assert f"scheme {number} is in force" in shown
    assert all(text in shown for text in ("What this scheme is", "Why is it so?", "small sums of its own"))
    assert "every case goes to the committee" in page(as_role("public"), f"/p/{HERE}/delegation?on=31/3/2026")
    assert "is not a day" in page(as_role("public"), f"/p/{HERE}/delegation?on=31/2/2026")


def test_a_vote_of_somebody_who_told_late_is_void() -> None:
    votes = {"a@x": "for", "b@x": "for", "c@x": "against", "d@x": "abstains"}
    assert without_vote(votes, frozenset({"z@x"})) == ""
    assert "still carried" not in without_vote(votes, frozenset({"a@x"}))
    assert "the body decides again" in without_vote(votes, frozenset({"a@x"}))
    assert "2 for and 0 against, so it is still carried" in without_vote(votes, frozenset({"c@x"}))
