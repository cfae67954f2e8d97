"""The paper that proposes the conclave: each recommendation rests on what a body decided, and until then it is open."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openpbc.governance import actions as governance
from openpbc.governance.reads import items
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions
from openpbc.redesign.commands import redesign
from openpbc.redesign.reads import recommendations as reads
from openpbc.redesign.rules.recommendations import IN_PART, PROPOSED, TAKEN, whole
from openpbc.site import rooms
from tests.integration.governance import committee
from tests.integration.redesign.conftest import as_actor
from tests.integration.redesign.walker import Person
from tests.integration.site.conftest import HERE, As

pytestmark = pytest.mark.usefixtures("people")
AT = f"/p/{HERE}/conclave"
CODES = ("approach", "priorities", "governance")


def put(code: str, body: str = "governance_committee") -> int:
    return actions.put_recommendation(by=as_actor("conclave_chair"), place=HERE, code=code, body=body)


def meet(outcomes: dict[str, str]) -> None:
    """Let the committee sit today and decide recommendations."""
    waiting = {put(code): outcome for code, outcome in outcomes.items()}
    committee.seat_all()
    committee.opened(*waiting, on=organisations.today())
    for item, outcome in waiting.items():
        governance.declare_none_at_item(by=committee.BY, place=HERE, item=item)
        committee.votes(item, "for" if outcome == "approved" else "against")
        committee.decide(item, outcome)


def found(code: str) -> reads.Recommendation:
    return reads.recommendation(organisations.book(HERE), code)


def state() -> str:
    return reads.state(reads.recommendations(organisations.book(HERE)))


@pytest.mark.parametrize(
    ("outcomes", "wanted"),
    [
        ((), PROPOSED),
        (("approved", "agreed", ""), PROPOSED),
        (("approved", "agreed", "returned"), PROPOSED),
        (("approved", "agreed", "noted"), PROPOSED),
        (("approved", "agreed", "approved"), TAKEN),
        (("approved", "refused", "approved"), IN_PART),
    ],
)
def test_the_whole_is_proposed_until_each_recommendation_is_settled(outcomes: tuple[str, ...], wanted: str) -> None:
    assert whole(outcomes) == wanted


def test_the_page_says_proposed_until_all_three_are_decided(as_role: As) -> None:
    chair = Person(as_role("conclave_chair"))
    told = chair.read(AT)
    assert "This way of working is proposed: 0 of 3 recommendations are decided." in told
    assert told.count("It stands on no agenda.") == 3
    chair.fill(f"{AT}/recommendations/approach/body", body="governance_committee")
    assert "It waits for the " in chair.read(AT)
    meet(dict.fromkeys(CODES[:2], "approved"))
    assert "proposed: 2 of 3 recommendations" in chair.read(AT)
    assert "SYNTHETIC reasons" in chair.read(f"{AT}/recommendations/approach")
    put(CODES[2])
    item = items.open_item(HERE, found(CODES[2]).matter)
    assert item is not None
    committee.opened(item.id, on=organisations.today())
    governance.declare_none_at_item(by=committee.BY, place=HERE, item=item.id)
    committee.votes(item.id)
    committee.decide(item.id, "approved")
    assert "This way of working is agreed: 3 of 3 recommendations are decided." in chair.read(AT)
    assert rooms.matter_page(found("approach").matter) == f"{AT}/recommendations/approach"


def test_what_is_settled_is_not_put_again_and_what_was_sent_back_may_be() -> None:
    meet({"approach": "approved", "priorities": "returned", "governance": "refused"})
    assert state() == PROPOSED
    for code in ("approach", "governance"):
        with pytest.raises(Stale, match="Where that was recorded by mistake"):
            put(code)
    put("priorities")
    with pytest.raises(Stale, match="where it waits"):
        put("priorities", "board")
    with pytest.raises(UserError, match="this body does not decide it"):
        put("priorities", "conclave")
    with pytest.raises(UserError, match="there is no recommendation 'money'"):
        put("money")


def test_the_conclave_settles_nothing_of_its_own_paper_and_a_record_taken_back_counts_no_more() -> None:
    said = {"place": HERE, "matter": found("approach").matter, "title": "The approach",
            "taken_on": organisations.today(), "text": "SYNTHETIC"}  # fmt: skip
    governance.record_decision(by=SYSTEM, body="conclave", minute="1/1", outcome="agreed", **said)
    assert found("approach").outcome == ""
    taken = governance.record_decision(by=SYSTEM, body="board", minute="2/1", outcome="approved", **said)
    assert found("approach").outcome == "approved"
    governance.record_decision(by=SYSTEM, body="board", minute="2/1b", outcome="withdrawn", replaces=taken, **said)
    assert found("approach").outcome == ""
    assert len(found("approach").decisions) == 3, "the history stays"


def test_from_whom_a_recommendation_is_withheld_opens_neither_its_page_nor_puts_it(as_role: As) -> None:
    committee.conflicted("finance@demo", "Knee Ltd", found("approach").matter)
    Person(as_role("finance_manager")).read(f"{AT}/recommendations/approach", 403)


def test_a_report_tells_how_the_paper_stood_and_nothing_that_is_withheld(as_role: As) -> None:
    meet({"approach": "approved"})
    actions.issue_conclave_report(by=as_actor("conclave_chair"), place=HERE, note="SYNTHETIC", seen=0)
    finance = Person(as_role("finance_manager"))
    told = finance.read(f"{AT}/reports/1")
    assert all(each in told for each in ("approved", "not decided", "The paper as a whole"))
    committee.conflicted("finance@demo", "Knee Ltd", found("approach").matter)
    told = finance.read(f"{AT}/reports/1")
    assert "Withheld from you" in told and "approved" not in told


@pytest.mark.one_database
def test_the_demonstration_leaves_one_open_and_the_shell_says_so() -> None:
    governance.demonstrate_meetings(by=SYSTEM, place=HERE)
    for _ in range(2):
        actions.demonstrate_recommendations(by=SYSTEM, place=HERE)
    assert [each.outcome for each in reads.recommendations(organisations.book(HERE))] == ["approved", "approved", ""]
    assert all(taken.synthetic for code in CODES for taken in found(code).decisions)
    told = CliRunner().invoke(redesign, ["conclave", "--place", HERE], catch_exceptions=False).output
    assert "recommendation governance: not decided\nthe paper as a whole: proposed\n" in told


@pytest.mark.one_database
def test_the_recommendations_are_asked_for_once(as_role: As) -> None:
    book = organisations.book(HERE)
    reads.recommendations(book)
    with CaptureQueriesContext(connection) as asked:
        reads.recommendations(book)
    before = len(asked)
    meet(dict.fromkeys(CODES, "approved"))
    with CaptureQueriesContext(connection) as asked:
        reads.recommendations(book)
    assert len(asked) == before
