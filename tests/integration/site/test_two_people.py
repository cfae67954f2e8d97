"""Acts that take two people, against every way in which one person may try to be both of them.

Each cell of the table is one act and one way around it: refused, or the act does not exist with a second person today,
and then the table says why. The counts are asserted, so that an act that comes to exist has to be tried here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from openpbc.audit.models import AuditEvent
from openpbc.finance import actions as finance
from openpbc.finance import reads as finance_reads
from openpbc.finance.reads import waiting
from openpbc.finance.rules.ledger import Entry
from openpbc.governance import actions as governance
from openpbc.governance import reads as governance_reads
from openpbc.governance.reads import LEAVES, Party
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.monitoring import actions as monitoring
from openpbc.monitoring import reads as monitoring_reads
from openpbc.organisations import actions, reads
from openpbc.organisations.models import RoleAssignment
from tests.integration.site.conftest import HERE, As, send
from tests.integration.site.forms.months import received
from tests.integration.two_people_book import set_in_a_book

pytestmark = pytest.mark.one_database

WAYS = ("second role", "second session", "second account", "delegation", "conflicted second", "self-approval by edit")
MATTER, COMPANY, OTHER = f"case/{HERE}/17", "SYNTHETIC Company", "SYNTHETIC Other"
# Acts of which the product knows no second person, each with the reason; nothing is tried of these.
NO_SUCH_ACT = {
    "award": "procurement is not built",
    "open bids": "procurement is not built",
    "publish": "what is published was agreed or decided by others before; nobody confirms the publishing itself",
    "unmask": "a practice is shown its own patients alone, for which one person is enough; others are shown none",
}
WHO_CAN = (
    "The chair rules", "Another administrator gives it", "tell the secretary", "Another finance manager agrees",
    "Another information analyst closes it",
)  # fmt: skip
LARGE, JUNE = 5_000_00, Month(2008, 6)
FUNDED = (
    ("allocation", "allocation", "held/unallocated", LARGE * 4),
    ("reserve", "held/unallocated", "held/contingency", 100),
)
Try = Callable[[As], None]


def actor(sign_in: str, acting_for: str = "") -> Actor:
    """A persona with the roles that it holds now."""
    found = reads.viewer(reads.person_by_sign_in(sign_in).id).actor
    return Actor(found.id, found.name, found.roles, acting_for)


def give(sign_in: str, role: str, place: str) -> None:
    facts = {"role": role, "place": place, "valid_from": date(2008, 4, 1)}
    actions.assign_role(by=SYSTEM, user_id=reads.person_by_sign_in(sign_in).id, **facts)


def join(one: str, other: str) -> None:
    ids = [reads.person_by_sign_in(each).id for each in (one, other)]
    actions.join_accounts(by=SYSTEM, user_id=ids[0], with_user_id=ids[1], reason="One person.")


# A ruling on an interest: whoever rules is nobody on whom is ruled, and has no interest in the matter.
def rule(by: Actor, person: str = "gp@demo", ruling: str = "takes-part") -> None:
    governance.rule_on_interest(by=by, place=HERE, matter=MATTER, person=person, ruling=ruling, reason="It is small.")


def own(sign_in: str, organisation: str = COMPANY) -> None:
    governance.declare_interest(
        by=SYSTEM, place=HERE, person=sign_in, organisation=organisation, nature="financial-personal", role="Owner",
        held_from=date(2008, 4, 1),
    )  # fmt: skip


def concerns(by: Actor, *organisations: str) -> None:
    listed = [Party(each, "possible-bidder") for each in organisations]
    governance.set_parties(by=by, place=HERE, matter=MATTER, parties=listed)


def ruling_by_a_second_role(as_role: As) -> None:
    give("gp@demo", "conclave_chair", HERE)
    rule(actor("gp@demo"))


def ruling_by_a_second_session(as_role: As) -> None:
    given = {"matter": MATTER, "person": "chair@demo", "ruling": "takes-part", "reason": "x", "confirmed": "yes"}
    for browser in (as_role("committee_chair"), as_role("committee_chair")):
        answer = send(browser, f"/p/{HERE}/matters/ruling", given)
        assert answer.status_code == 422
        assert "it was you who did the other half" in answer.content.decode()
    rule(actor("chair@demo"), "chair@demo")


def ruling_by_a_second_account(as_role: As) -> None:
    join("gp@demo", "chair@demo")
    rule(actor("chair@demo"))


def ruling_by_delegation(as_role: As) -> None:
    join("gp@demo", "practice@demo")
    with pytest.raises(UserError, match="you act for practice@demo, who did the other half"):
        rule(actor("secretary@demo", acting_for="practice@demo"))
    rule(actor("secretary@demo", acting_for="gp@demo"))


def ruling_by_somebody_conflicted(as_role: As) -> None:
    own("chair@demo")
    concerns(SYSTEM, COMPANY)
    with pytest.raises(UserError, match="by somebody without an interest in it"):
        rule(actor("secretary@demo", acting_for="chair@demo"))
    rule(actor("chair@demo"))


def ruling_by_an_edit(as_role: As) -> None:
    """Neither a ruling that somebody else made, nor the list on which an interest rests, is changed by its holder."""
    rule(actor("secretary@demo"), "chair@demo", LEAVES)
    concerns(SYSTEM, COMPANY)
    own("conclave@demo")
    for holder in ("chair@demo", "conclave@demo"):
        with pytest.raises(UserError, match="by somebody without an interest in it"):
            concerns(actor(holder), OTHER)
    rule(actor("chair@demo"), "chair@demo")


# The role of an administrator: whoever gives it is nobody who gets it.
def administrator(by: Actor, sign_in: str = "analyst@demo", **dates: date) -> None:
    facts = {"role": "administrator", "place": "*", "reason": "Needed."}
    user = reads.person_by_sign_in(sign_in).id
    actions.assign_role(by=by, user_id=user, **facts, **({"valid_from": date(2020, 1, 1)} | dates))


def administrator_by_a_second_role(as_role: As) -> None:
    give("analyst@demo", "contract_manager", HERE)
    administrator(actor("analyst@demo"))


def administrator_by_a_second_session(as_role: As) -> None:
    me = reads.person_by_sign_in("admin@demo").id
    given = {"role": "administrator", "over": "*|place|", "valid_from": "1 April 1990", "reason": "x"}
    for browser in (as_role("administrator"), as_role("administrator")):
        answer = send(browser, f"/people/{me}/roles/give", given)
        assert answer.status_code == 422, answer.content.decode()
        assert "it was you who did the other half" in answer.content.decode()
    administrator(actor("admin@demo"), "admin@demo", valid_from=date(1990, 4, 1))


def administrator_by_a_second_account(as_role: As) -> None:
    join("admin@demo", "analyst@demo")
    administrator(actor("admin@demo"))


def administrator_by_delegation(as_role: As) -> None:
    administrator(actor("admin@demo", acting_for="analyst@demo"))


def administrator_by_an_edit(as_role: As) -> None:
    """A role that somebody else gave until a day is not made longer, nor begun again after it, by its holder."""
    last = reads.today() + timedelta(days=1)
    administrator(actor("admin@demo"), valid_to=last)
    mine = actor("analyst@demo")
    assert mine.has("administrator")
    with pytest.raises(UserError, match="by somebody else: it was you"):
        administrator(mine, valid_from=last + timedelta(days=1))
    administrator(mine)


# A large journal, once the rulebook says what is large: whoever agrees did not put it up, and has no interest in it.
def money(by: Actor, pence: int = LARGE) -> int:
    facts = {"source": "held/unallocated", "target": "group/WATCOM/in-scope", "on": date(2008, 4, 1), "reason": "x"}
    return finance.virement(by=by, place=HERE, pence=pence, **facts).number


def agree(by: Actor, number: int = 1, sha256: str = "") -> None:
    seen = sha256 or waiting.waiting_journal(HERE, number).asked.sha256
    finance.agree_journal(by=by, place=HERE, number=number, sha256=seen)


def journal_by_a_second_role(as_role: As) -> None:
    give("analyst@demo", "finance_manager", HERE)
    money(actor("analyst@demo"))
    agree(actor("analyst@demo"))


def journal_by_a_second_session(as_role: As) -> None:
    given = {"source": "held/unallocated", "target": "held/contingency", "pence": f"{LARGE // 100}", "reason": "x"}
    browser = as_role("finance_manager")
    sent = given | {"on": "1 April 2008", "seen": "2", "confirmed": "yes"}
    assert send(browser, f"/p/{HERE}/ledger/virement", sent)["Location"] == f"/p/{HERE}/ledger/waiting"
    told = {"answer": "agree", "seen": "2", "sha256": waiting.waiting_journal(HERE, 1).asked.sha256}
    for again in (browser, as_role("finance_manager")):
        answer = send(again, f"/p/{HERE}/ledger/waiting/1", told | {"confirmed": "yes"})
        assert answer.status_code == 422
        assert "it was you who did the other half" in answer.content.decode()
    agree(actor("finance@demo"))


def journal_by_a_second_account(as_role: As) -> None:
    money(actor("finance@demo"))
    join("finance@demo", "analyst@demo")
    agree(actor("analyst@demo"))


def journal_by_delegation(as_role: As) -> None:
    money(actor("finance@demo", acting_for="contracts@demo"))
    with pytest.raises(UserError, match="it was you who did the other half"):
        agree(actor("contracts@demo"))
    agree(actor("analyst@demo", acting_for="finance@demo"))


def journal_by_somebody_conflicted(as_role: As) -> None:
    money(actor("finance@demo"))
    own("analyst@demo", "WATCOM")
    with pytest.raises(UserError, match="moves money of WATCOM, in which you have one"):
        agree(actor("chair@demo", acting_for="analyst@demo"))
    agree(actor("analyst@demo"))


def journal_by_an_edit(as_role: As) -> None:
    """What was put up is not changed: put up anew with another sum, it is the second's own, and the first is over."""
    seen = waiting.waiting_journal(HERE, money(actor("finance@demo"))).asked.sha256
    second = actor("analyst@demo")
    finance.turn_down_journal(by=second, place=HERE, number=1, reason="Twice as much.")
    number = money(second, 2 * LARGE)
    with pytest.raises(UserError, match="turned it down: Twice as much"):
        agree(actor("chair@demo"), 1)
    with pytest.raises(UserError, match="number 2 is not what you saw"):
        agree(actor("finance@demo"), number, seen)
    agree(second, number)


# Closing a month, once the rulebook asks for two: the second closes it as well, and comes to the same.
def close(by: Actor) -> int:
    return monitoring.close(by=by, place=HERE, month=JUNE).waits


def put_up_close(acting_for: str = "") -> None:
    received()
    assert close(actor("analyst@demo", acting_for))


def close_by_a_second_role(as_role: As) -> None:
    put_up_close()
    give("analyst@demo", "finance_manager", HERE)
    close(actor("analyst@demo"))


def close_by_a_second_session(as_role: As) -> None:
    received()
    page, sent = f"/p/{HERE}/months/2008-06/close", {"point": "now", "confirmed": "yes"}
    assert send(as_role("analyst"), page, sent)["Location"] == page
    answer = send(as_role("analyst"), page, sent)
    assert answer.status_code == 422 and "it was you who did the other half" in answer.content.decode()
    close(actor("analyst@demo"))


def close_by_a_second_account(as_role: As) -> None:
    put_up_close()
    join("analyst@demo", "contracts@demo")
    close(actor("contracts@demo"))


def close_by_delegation(as_role: As) -> None:
    put_up_close(acting_for="finance@demo")
    with pytest.raises(UserError, match="it was you who did the other half"):
        close(actor("finance@demo"))
    close(actor("contracts@demo", acting_for="analyst@demo"))


def close_by_somebody_conflicted(as_role: As) -> None:
    put_up_close()
    own("contracts@demo", "RWG")
    with pytest.raises(UserError, match="says what RWG is paid, in which you have one"):
        close(actor("finance@demo", acting_for="contracts@demo"))
    close(actor("contracts@demo"))


def close_by_an_edit(as_role: As) -> None:
    """A file that comes in between makes what the first closed void: whoever closes it now is the first."""
    put_up_close()
    received(4)
    assert close(actor("contracts@demo")), "nothing is published: it is not what the first came to"
    close(actor("contracts@demo"))


TRIED: dict[str, tuple[Try | None, ...]] = {
    "ruling on an interest": (
        ruling_by_a_second_role,
        ruling_by_a_second_session,
        ruling_by_a_second_account,
        ruling_by_delegation,
        ruling_by_somebody_conflicted,
        ruling_by_an_edit,
    ),
    # Nobody's interests bear on who is an administrator, but for who becomes one, and that is refused in every way.
    "role of an administrator": (
        administrator_by_a_second_role,
        administrator_by_a_second_session,
        administrator_by_a_second_account,
        administrator_by_delegation,
        None,
        administrator_by_an_edit,
    ),
    "large manual journal": (
        journal_by_a_second_role,
        journal_by_a_second_session,
        journal_by_a_second_account,
        journal_by_delegation,
        journal_by_somebody_conflicted,
        journal_by_an_edit,
    ),
    "close a month": (
        close_by_a_second_role,
        close_by_a_second_session,
        close_by_a_second_account,
        close_by_delegation,
        close_by_somebody_conflicted,
        close_by_an_edit,
    ),
}
CELLS = {(act, way): ways for act, tries in TRIED.items() for way, ways in zip(WAYS, tries, strict=True)}
REFUSED = [cell for cell, attempt in CELLS.items() if attempt]


def test_every_act_is_tried_in_every_way_or_said_not_to_exist() -> None:
    assert not set(TRIED) & set(NO_SUCH_ACT) and all(NO_SUCH_ACT.values())
    absent = [(act, way) for act in NO_SUCH_ACT for way in WAYS] + [cell for cell in CELLS if cell not in REFUSED]
    assert (len(REFUSED), len(absent), len(REFUSED) + len(absent)) == (23, 25, 48)


@pytest.mark.parametrize(("act", "way"), REFUSED)
def test_it_is_refused_in_a_sentence_that_says_why_and_who_can(act: str, way: str, as_role: As) -> None:
    attempt = CELLS[act, way]
    assert attempt
    with pytest.raises(UserError) as refused:
        attempt(as_role)
    told = f"{refused.value}"
    assert "by somebody else" in told or "without an interest in it" in told
    assert any(who in told for who in WHO_CAN)
    kept = AuditEvent.objects.filter(action="audit.refuse")
    assert "second session" not in way or kept.exists(), "the log keeps who tried"
    assert not any(each.ruling != LEAVES for each in governance_reads.rulings(HERE, MATTER))
    mine = RoleAssignment.objects.filter(role="administrator").exclude(user__sign_in="admin@demo")
    assert all(each.valid_to is not None for each in mine)
    assert RoleAssignment.objects.filter(role="administrator", user__sign_in="admin@demo").count() == 1
    assert finance_reads.count_journals(HERE, "2008-09") == 2
    assert not any(each.published for each in monitoring_reads.months(HERE))


def test_another_person_may(as_role: As) -> None:
    """The same acts by a second person, else the table would only show that nobody can do anything."""
    rule(actor("chair@demo"))
    administrator(actor("admin@demo"))
    agree(actor("analyst@demo"), money(actor("finance@demo")))
    assert finance_reads.count_journals(HERE, "2008-09") == 3
    put_up_close()
    assert close(actor("finance@demo")) == 0
    assert [f"{each.month}" for each in monitoring_reads.months(HERE) if each.published] == ["2008-06"]
    rule(actor("secretary@demo"), "chair@demo")
    found = {each.person: each.by for each in governance_reads.rulings(HERE, MATTER)}
    assert found == {"gp@demo": actor("chair@demo").name, "chair@demo": actor("secretary@demo").name}
    assert actor("analyst@demo").has("administrator")


@pytest.fixture(autouse=True)
def with_people(people: None, settings, tmp_path: Path) -> None:
    """Both places and the personas, some money, and a rulebook that says from which sum a journal takes two people."""
    for kind, taken, given, pence in FUNDED:
        entries = (Entry(taken, -pence), Entry(given, pence))
        facts = {"kind": kind, "entries": entries, "on": date(2008, 4, 1), "reason": "SYNTHETIC"}
        finance.post(by=SYSTEM, place=HERE, **facts)
    set_in_a_book(settings, tmp_path, large=LARGE, closing="yes")
    settings.HOME = tmp_path
