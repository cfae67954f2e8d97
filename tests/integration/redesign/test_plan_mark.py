"""A case that serves no intention of the commissioning plan is marked wherever its body sees it."""

from __future__ import annotations

import html
import io
import zipfile

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openpbc.audit.models import AuditEvent
from openpbc.finance import actions as finance
from openpbc.governance import actions as governance
from openpbc.governance.commands.meetings import meeting as shown_meeting
from openpbc.governance.reads import items
from openpbc.governance.reads.marks import mark, marks
from openpbc.governance.rules.interests import Party
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions, reads
from openpbc.redesign.commands import redesign
from openpbc.redesign.reads.registers import intentions, plan_fault
from tests.integration.governance import committee
from tests.integration.redesign.conftest import UNIT, agreed, as_actor, prioritised
from tests.integration.redesign.test_deciding import waits
from tests.integration.site.conftest import HERE, SIGN_INS, As, send

pytestmark = pytest.mark.usefixtures("people")
MARK = "not in plan"

IN_GROUP = "in the group's plan, not in the PCT's"
OWN = {"place": HERE, "unit": UNIT}


def planned(*, agreed: bool = True) -> tuple[str, int]:
    """Write the group's own plan with one item for a priority, and have it agreed: its code and the plan's revision."""
    code = finance.add_priority(by=SYSTEM, place=HERE, title="Care at home", kind="local")
    finance.write_plan_item(by=SYSTEM, **OWN, revision=0, title="Clinics", priority=code)
    if not agreed:
        return code, 1
    finance.submit_group_plan(by=SYSTEM, **OWN, revision=1)
    finance.answer_group_plan(by=SYSTEM, **OWN, revision=2, agreed=True, answer="")
    return code, 3


def serve(number: int, code: str) -> None:
    actions.link_priority(by=as_actor("group_manager"), place=HERE, number=number, key=f"{UNIT}/{code}")


def listed(number: int) -> tuple[int, int]:
    """Put the case before the committee, which sits today: the meeting and the item."""
    item = waits(number)
    assert item is not None
    committee.seat_all()
    return committee.opened(item.id, on=organisations.today()), item.id


def link(number: int) -> None:
    key = intentions(organisations.book(HERE))[0].key
    actions.link_intention(by=as_actor("group_manager"), place=HERE, number=number, key=key)


def test_the_mark_stands_on_every_page_and_paper_of_the_meeting(as_role: As) -> None:
    number = agreed(title="Knees")
    reader = as_role("committee_secretary")
    assert MARK in reader.get(f"/p/{HERE}/meetings").content.decode()  # it waits
    meeting, item = listed(number)
    for page in (f"meetings/{meeting}", f"meetings/{meeting}/room", f"meeting-items/{item}",
                 f"meeting-items/{item}/room", f"meetings/{meeting}/minutes"):  # fmt: skip
        answer = reader.get(f"/p/{HERE}/{page}")
        assert answer.status_code == 200, page
        assert MARK in answer.content.decode(), page
    pack = zipfile.ZipFile(io.BytesIO(reader.get(f"/p/{HERE}/meetings/{meeting}/pack.zip").content))
    assert "Knees (not in plan)" in pack.read("index.html").decode()
    assert "Marked: not in plan." in pack.read("minutes.txt").decode()
    link(number)
    assert MARK not in reader.get(f"/p/{HERE}/meetings/{meeting}").content.decode()


def test_what_was_decided_keeps_the_mark_that_it_had() -> None:
    number = agreed()
    _, item = listed(number)
    governance.declare_none_at_item(by=committee.BY, place=HERE, item=item)
    committee.votes(item)
    committee.decide(item, "approved")
    link(number)
    assert mark(items.item(HERE, item)) == MARK
    assert items.item(HERE, item).record["mark"] == MARK


def test_a_case_that_serves_an_intention_has_no_mark() -> None:
    number = agreed()
    link(number)
    _, item = listed(number)
    assert mark(items.item(HERE, item)) == ""


def test_from_whom_the_item_is_withheld_sees_no_mark(as_role: As) -> None:
    number = agreed(title="Knees")
    who = SIGN_INS["finance_manager"]
    governance.declare_interest(
        by=SYSTEM, place=HERE, person=who, organisation="Knee Ltd", nature="financial-personal", role="owner",
        held_from=organisations.today(),
    )  # fmt: skip
    governance.set_parties(
        by=SYSTEM, place=HERE, matter=reads.address(HERE, number), parties=(Party("Knee Ltd", "possible-bidder"),)
    )
    meeting, _ = listed(number)
    for page in (f"meetings/{meeting}", f"meetings/{meeting}/room", f"meetings/{meeting}/minutes", "meetings"):
        text = as_role("finance_manager").get(f"/p/{HERE}/{page}").content.decode()
        assert MARK not in text, page
        assert "Knees" not in text, page


def test_a_case_in_its_groups_own_plan_is_told_so_on_every_page_and_paper(as_role: As) -> None:
    number = agreed(title="Knees")
    code, _ = planned()
    serve(number, code)
    reader, quoted = as_role("committee_secretary"), html.escape(IN_GROUP)
    meeting, item = listed(number)
    for page in (f"meetings/{meeting}", f"meetings/{meeting}/room", f"meeting-items/{item}",
                 f"meeting-items/{item}/room", f"meetings/{meeting}/minutes"):  # fmt: skip
        text = html.unescape(reader.get(f"/p/{HERE}/{page}").content.decode())
        assert IN_GROUP in text and MARK not in text, page
    pack = zipfile.ZipFile(io.BytesIO(reader.get(f"/p/{HERE}/meetings/{meeting}/pack.zip").content))
    assert f"Marked: {IN_GROUP}." in pack.read("minutes.txt").decode() and quoted in pack.read("index.html").decode()
    case = html.unescape(reader.get(f"/p/{HERE}/cases/{number}").content.decode())
    assert "In the group's plan, not in the PCT's: it serves 'Care at home'; no intention of the comm" in case
    link(number)
    assert mark(items.item(HERE, item)) == ""


def test_the_groups_plan_counts_while_it_is_in_force(as_role: As) -> None:
    number, book = agreed(), organisations.book(HERE)
    code, seen = planned(agreed=False)
    with pytest.raises(UserError, match="no such priority in the group's plan in force"):
        serve(number, code)
    text = html.unescape(as_role("group_manager").get(f"/p/{HERE}/cases/{number}/intentions/add").content.decode())
    assert "with a priority is in force, so none is listed" in text
    finance.submit_group_plan(by=SYSTEM, **OWN, revision=seen)
    finance.answer_group_plan(by=SYSTEM, **OWN, revision=seen + 1, agreed=True, answer="")
    serve(number, code)
    serve(number, code)
    assert AuditEvent.objects.filter(action="redesign.link_priority").count() == 1
    told = reads.case(HERE, number)
    assert plan_fault(book, told).startswith("In the group's plan")
    finance.publish_group_plan(by=SYSTEM, **OWN, revision=seen + 2, on=organisations.today())
    finance.write_plan_item(by=SYSTEM, **OWN, revision=seen + 3, title="Clinics", number=1)  # a draft without it
    assert plan_fault(book, told).startswith("In the group's plan"), "what was published stays in force meanwhile"
    finance.submit_group_plan(by=SYSTEM, **OWN, revision=seen + 4)
    finance.answer_group_plan(by=SYSTEM, **OWN, revision=seen + 5, agreed=True, answer="")
    assert plan_fault(book, told).startswith("Not in the plan"), "the plan agreed since serves it no more"


def test_what_was_never_published_is_not_in_force_while_it_is_written_anew() -> None:
    number = agreed()
    code, seen = planned()
    serve(number, code)
    finance.write_plan_item(by=SYSTEM, **OWN, revision=seen, title="More", priority=code)
    assert plan_fault(organisations.book(HERE), reads.case(HERE, number)).startswith("Not in the plan")


def test_people_choose_a_priority_of_the_group_on_the_form_and_in_the_shell(as_role: As) -> None:
    number = agreed()
    code, _ = planned()
    client, form = as_role("group_manager"), f"/p/{HERE}/cases/{number}/intentions/add"
    assert f'value="{UNIT}/{code}"' in client.get(form).content.decode()
    assert send(client, form, {"key": f"{UNIT}/{code}"}).status_code == 302
    assert [(each.unit, each.code) for each in reads.case(HERE, number).priorities] == [(UNIT, code)]
    words = ["serves", f"{UNIT}/{code}", "--number", str(number), "--place", HERE]
    assert "it serves 'Care at home'" in CliRunner().invoke(redesign, words, catch_exceptions=False).output
    key = intentions(organisations.book(HERE))[0].key
    words = ["serves", key, "--number", str(number), "--place", HERE]
    assert CliRunner().invoke(redesign, words, catch_exceptions=False).output == f"It serves {key}.\n"


@pytest.mark.one_database
def test_marks_are_asked_once_for_all_items_and_the_shell_tells_them() -> None:
    numbers = [prioritised(title=f"Case {at}", area=f"Area {at}") for at in range(4)]
    for number in numbers:
        committee.put(reads.address(HERE, number), title=f"Case {number}")
    link(numbers[0])
    found = items.waiting(HERE)
    with CaptureQueriesContext(connection) as few:
        marks(HERE, found[:1])
    with CaptureQueriesContext(connection) as many:
        told = marks(HERE, found)
    assert len(many) == len(few)
    assert sorted(told) == [each.id for each in found if each.matter != reads.address(HERE, numbers[0])]
    committee.seat_all()
    meeting = committee.opened(*(each.id for each in found))
    answer = CliRunner().invoke(shown_meeting, [str(meeting), "--place", HERE, "--json"], catch_exceptions=False)
    assert answer.output.count('"mark": "not in plan"') == 3
    code, _ = planned()
    for number in numbers[1:3]:
        serve(number, code)
    with CaptureQueriesContext(connection) as few:
        marks(HERE, [each for each in found if each.matter == reads.address(HERE, numbers[1])])
    with CaptureQueriesContext(connection) as many:
        told = marks(HERE, found)
    assert len(many) == len(few) and sorted(told.values()) == sorted((IN_GROUP, IN_GROUP, MARK))
