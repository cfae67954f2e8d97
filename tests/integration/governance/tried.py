"""What somebody might try with a form of the site: each made ready, then sent, with what the refusal has to tell.

No page, form or command lets somebody act for another person, so that half of "delegation" is tried with the actions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from openpbc.governance import actions
from openpbc.governance.models import Item
from openpbc.governance.reads import items
from openpbc.governance.rules.withholding import MAY_BID
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as people_reads
from openpbc.redesign import actions as redesign
from openpbc.redesign.reads.recommendations import PREFIX
from tests.integration.redesign.conftest import UNIT, agreed, as_actor, handed_in, revision, step
from tests.integration.redesign.conftest import decide as decided
from tests.integration.redesign.test_deciding import to_approval
from tests.integration.redesign.test_separation import SCHEME, in_force, seat
from tests.integration.site.conftest import HERE, SIGN_INS, As, send
from tests.integration.site.forms import meetings

SURE = {"confirmed": "yes"}
# The form from which a key is taken where the page of what is tried shows none any more.
OPEN_FORM = f"/p/{HERE}/interests/new"
Doing = Callable[[], Any]


@dataclass(frozen=True)
class Tried:
    """One attempt: what makes it ready, whose it is, under which name the log keeps it, and what is told."""

    name: str
    ready: Callable[[As], Doing]
    by: str
    kept: str
    why: str
    who: str
    until: str


def joined(one: str, other: str) -> None:
    """Record that two accounts are one person's."""
    ids = [people_reads.person_by_sign_in(SIGN_INS[each]).id for each in (one, other)]
    organisations.join_accounts(by=SYSTEM, user_id=ids[0], with_user_id=ids[1], reason="one person")


def _step(as_role: As, role: str, number: int, way: str) -> Doing:
    browser, path = as_role(role), f"/p/{HERE}/cases/{number}/steps/{way}"
    given = {"reason": "Fair.", "revision": str(revision(number)), "route": "existing-contract"} | SURE
    return lambda: send(browser, path, given, form=OPEN_FORM)


def second_account(as_role: As) -> Doing:
    """The chair's account belongs to the one who leads the case."""
    number = agreed()
    decided(number)
    joined("gp_lead", "committee_chair")
    return _step(as_role, "committee_chair", number, "T11")


def second_account_reviews(as_role: As) -> Doing:
    """The account of finance belongs to the one who leads the case."""
    number = handed_in()
    joined("gp_lead", "finance_manager")
    browser = as_role("finance_manager")
    path = f"/p/{HERE}/cases/{number}/reviews/finance"
    given = {"version": "1", "outcome": "returned", "text": "Good."}
    return lambda: send(browser, path, given, form=OPEN_FORM)


def second_role(as_role: As) -> Doing:
    """Who leads the case is made the secretary of the body as well."""
    number = agreed()
    decided(number)
    organisations.assign_role(
        by=SYSTEM, user_id=people_reads.person_by_sign_in("gp@demo").id, role="committee_secretary", place=HERE,
        scope="place", code="", valid_from=date(2008, 4, 1),
    )  # fmt: skip
    return _step(as_role, "gp_lead", number, "T11")


def delegation(as_role: As) -> Doing:
    """The scheme of delegation leaves the case to the group, and one of its members may bid."""
    in_force(SCHEME.replace('"D2"', '"D1"'))
    number = to_approval()
    seat(number, "gp_lead", "commissioner", leads=True, side="both")
    return _step(as_role, "committee_chair", number, "T11")


def second_body(as_role: As) -> Doing:
    """Two bodies had the form open; the other one was faster."""
    browser = as_role("conclave_chair")
    path = f"/p/{HERE}/conclave/recommendations/approach/body"
    redesign.put_recommendation(by=as_actor("conclave_chair"), place=HERE, code="approach", body="governance_committee")
    return lambda: send(browser, path, {"body": "board"}, form=path)


def second_body_by_hand(as_role: As) -> Doing:
    """What waits for one body is to be written down as another's decision."""
    browser = as_role("committee_secretary")
    redesign.put_recommendation(by=as_actor("conclave_chair"), place=HERE, code="approach", body="governance_committee")
    given = {
        "body": "board", "taken_on": "1 March 2026", "minute": "9", "outcome": "approved", "text": "Approved.",
        "title": "The approach", "matter": f"{PREFIX}/{HERE}/approach",
    } | SURE  # fmt: skip
    return lambda: send(browser, f"/p/{HERE}/decisions/new", given)


def _at_item(as_role: As) -> tuple[int, str]:
    """The SYNTHETIC meeting, open, with everybody asked for interests: an item, and where it stands."""
    actions.demonstrate_meetings(by=SYSTEM, place=HERE)
    meetings.asked()
    path = meetings.item()
    return int(path.rpartition("/")[2]), path


def _vote(as_role: As, number: int, path: str, papers: str) -> Doing:
    browser = as_role("conclave_chair")
    return lambda: send(browser, f"{path}/vote", {"choice": "for", "papers": papers}, form=OPEN_FORM)


def vote_after_leaving(as_role: As) -> Doing:
    """A member declares an interest at the item, leaves, and sends the form that was open."""
    number, path = _at_item(as_role)
    papers = items.item(HERE, number).papers_hash
    actions.declare_at_item(by=as_actor("conclave_chair"), place=HERE, item=number, person="conclave@demo", what="x")
    return _vote(as_role, number, path, papers)


def vote_without_one(as_role: As) -> Doing:
    """A member of whom it is on record that they may bid stays, and votes."""
    number, path = _at_item(as_role)
    matter = Item.objects.get(pk=number).matter or f"{items.PREFIX}/{HERE}/{number}"
    actions.note_possible_bidder(by=SYSTEM, place=HERE, matter=matter, person="conclave@demo", may_bid=True)
    return _vote(as_role, number, path, items.item(HERE, number).papers_hash)


def changed_paper(as_role: As) -> Doing:
    """The paper of an item changes while a member has the form of the vote open."""
    number, path = _at_item(as_role)
    papers = items.item(HERE, number).papers_hash
    actions.add_paper(by=as_actor("committee_secretary"), place=HERE, item=number, name="case.txt", body=b"other")
    return _vote(as_role, number, path, papers)


def changed_after_decision(as_role: As) -> Doing:
    """The secretary puts another paper to an item that is decided."""
    actions.demonstrate_meetings(by=SYSTEM, place=HERE)
    meetings.closed()
    browser, path = as_role("committee_secretary"), meetings.item()
    sent = {"file": SimpleUploadedFile("case.txt", b"another")}
    return lambda: send(browser, f"{path}/papers/add", sent, form=OPEN_FORM)


def changed_case(as_role: As) -> Doing:
    """A group agrees the version that it read, and the case was handed in anew since."""
    number = handed_in()
    step("finance_manager", "T05", number, reason="SYNTHETIC: more work.")
    step("gp_lead", "T04", number)
    browser, path = as_role("group_manager"), f"/p/{HERE}/cases/{number}/groups/{UNIT}/answer"
    given = {"version": "1", "agreed": "yes", "route": "tender"} | SURE
    return lambda: send(browser, path, given, form=OPEN_FORM)


def diagram(text: str) -> Callable[[As], Doing]:
    """Put a diagram of one's own in force."""

    def ready(as_role: As) -> Doing:
        browser = as_role("committee_secretary")
        sent = {"file": SimpleUploadedFile("own.bpmn", text.encode()), "reason": "Agreed.", "seen": "0"} | SURE
        return lambda: send(browser, f"/p/{HERE}/process/new", sent)

    return ready


def dated_back(as_role: As) -> Doing:
    """A member who voted declares an interest once the item is decided, as if it had been said before."""
    actions.demonstrate_meetings(by=SYSTEM, place=HERE)
    meetings.closed()
    browser, path = as_role("conclave_chair"), meetings.item()
    given = {"person": "conclave@demo", "what": "Shares, declared last year", "seen": "1"}
    return lambda: send(browser, f"{path}/declare", given, form=OPEN_FORM)


def _interest(person: str = "gp@demo") -> int:
    return actions.declare_interest(
        by=SYSTEM, place=HERE, person=person, organisation="SYNTHETIC Company", nature="financial-personal",
        role="director", held_from=date(2008, 1, 1),
    )  # fmt: skip


def hidden(as_role: As) -> Doing:
    """Who declared an interest declares that there is none."""
    browser, _ = as_role("gp_lead"), _interest()
    return lambda: send(browser, f"/p/{HERE}/interests/none", {})


def _ended(as_role: As, role: str, number: int, last_day: date) -> Doing:
    browser, path = as_role(role), f"/p/{HERE}/interests/{number}/end"
    given = {"last_day": f"{last_day:%-d %B %Y}", "reason": "Sold."} | SURE
    return lambda: send(browser, path, given, form=OPEN_FORM)


def ended_before(as_role: As) -> Doing:
    """The end of an interest is to lie further back than was told."""
    number, today = _interest(), people_reads.today()
    actions.end_interest(by=SYSTEM, place=HERE, number=number, last_day=today, reason="Sold.")
    return _ended(as_role, "gp_lead", number, today - timedelta(days=90))


def ended_for_another(as_role: As) -> Doing:
    """Somebody makes an interest of somebody else go away."""
    return _ended(as_role, "conclave_chair", _interest(), people_reads.today())


TEXT = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' targetNamespace="x"><process id="redesign" isExecutable="true"><startEvent id="s"/>{}<endEvent id="e"/>'
    '<sequenceFlow id="f" sourceRef="s" targetRef="x"/><sequenceFlow id="g" sourceRef="x" targetRef="e"/>'
    "</process></definitions>"
)
SCRIPT = TEXT.format('<scriptTask id="x" name="Pay"><script>import os</script></scriptTask>')
BOMB = '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
UNKNOWN = TEXT.format('<serviceTask id="x" name="Pay" implementation="pay_all"/>')

SITS = ("Somebody who does not sit there does it", "as long as you sit there")
DIAGRAM = ("Whoever may put a diagram in force sends it again", "until then the one in force stays")
ITS_CASE = "nobody reviews or approves a case of their own"
DECIDED = ("the secretary can put the matter on a later agenda", "stays for good")
TRIED = (
    Tried("a second account", second_account, "chair@demo", "redesign.take_step", ITS_CASE, *SITS),
    Tried("a second account reviews", second_account_reviews, "finance@demo", "redesign.return_review",
          "nobody reviews a case of their own", "Somebody else reviews for", "as long as you sit there"),
    Tried("a second role", second_role, "gp@demo", "redesign.take_step", ITS_CASE, *SITS),
    Tried("a delegation", delegation, "chair@demo", "redesign.take_step", "may bid, so the group cannot sign off",
          "The committee decides it", "while one of them may bid"),
    Tried("two bodies", second_body, "conclave@demo", "redesign.put_recommendation", "put this matter to the",
          "its secretary has taken the item back", "until its outcome is recorded"),
    Tried("two bodies by hand", second_body_by_hand, "secretary@demo", "governance.record_decision",
          "was put on the agenda of a meeting", "Who keeps the meetings of the body", "that holds for good"),
    Tried("a vote after leaving", vote_after_leaving, "conclave@demo", "governance:item-vote",
          "because of an interest", "tell the secretary", "It opens again when"),
    Tried("a vote of who may bid", vote_without_one, "conclave@demo", "governance.cast_vote",
          MAY_BID, "tell who keeps the meeting", "until the item is decided"),
    Tried("a changed paper", changed_paper, "conclave@demo", "governance.cast_vote",
          "Demo committee secretary changed the papers on", "Read them, then vote", "until the item is decided"),
    Tried("a changed paper after the decision", changed_after_decision, "secretary@demo", "governance.add_paper",
          "recorded the outcome of this item on", *DECIDED),
    Tried("a changed case after it was read", changed_case, "group@demo", "redesign.agree",
          "version 2 was handed in by Demo GP practice lead on", "Read the new version", "until another is handed in"),
    Tried("a script", diagram(SCRIPT), "secretary@demo", "casework.store", "a diagram carries no", *DIAGRAM),
    Tried("an entity bomb", diagram(BOMB), "secretary@demo", "casework.store",
          "declares a document type or entities", *DIAGRAM),
    Tried("an unknown service", diagram(UNKNOWN), "secretary@demo", "casework.store",
          "the program knows no service 'pay_all'", *DIAGRAM),
    Tried("a declaration dated back", dated_back, "conclave@demo", "governance.declare_at_item",
          "recorded the outcome of this item on", *DECIDED),
    Tried("an interest hidden", hidden, "gp@demo", "governance.declare_none", "was declared on",
          "its holder or the secretary ends it", "until it has ended"),
    Tried("an end dated back", ended_before, "gp@demo", "governance.end_interest", "ended this interest on",
          "the secretary can note what is wrong", "for good"),
    Tried("an interest of another", ended_for_another, "conclave@demo", "governance:interest-end",
          "this interest is somebody else's", "Its holder ends it, or the secretary", "it stands until then"),
)  # fmt: skip
