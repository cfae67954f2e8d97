"""Each area has its own body for priorities, each function an owner, each provider its reviews: all on two clocks."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import actions, reads
from openpbc.organisations.commands import organisations
from openpbc.organisations.models import Arrangement
from openpbc.organisations.reads import arrangements, bodies
from openpbc.organisations.reads.arrangements import FORM, FUNCTION, PRIORITIES
from openpbc.redesign.commands import redesign
from tests.integration.site.conftest import FOREIGN, HERE, send

pytestmark = [pytest.mark.usefixtures("people"), pytest.mark.one_database]
LISTING = f"/p/{HERE}/organisations/arrangements"
PROVIDER = f"/p/{HERE}/organisations/follow/RWG"
APRIL, JULY = date(2008, 4, 1), date(2008, 7, 1)


def arrange(subject: str = "WEST", holder: str = "West priorities board", **changes) -> None:
    kind = changes.pop("kind", PRIORITIES)
    seen = changes.pop("seen", arrangements.seen(HERE, kind, subject))
    given = {"valid_from": APRIL, "reason": "agreed", **changes}
    actions.arrange(by=SYSTEM, place=HERE, kind=kind, subject=subject, holder=holder, seen=seen, **given)


def text_of(client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


def test_an_administrator_gives_each_area_its_own_body_and_no_group_of_the_other_area_is_there_before(as_role) -> None:
    book = reads.book(HERE)
    assert arrangements.subjects(book, PRIORITIES) == {"EAST-NORTH": "East & North", "WEST": "West"}
    assert not [tie for tie in bodies.ties(HERE) if tie.holder == "5P3" and tie.kind == bodies.links.WITHIN]
    browser = as_role("administrator")
    assert "No body that sets priorities is recorded yet" in text_of(browser, LISTING)
    for area, body, trust in (
        ("EAST-NORTH", "Joint board of the east", "East and North Hertfordshire NHS Trust"),
        ("WEST", "conclave", "RWG"),
    ):
        given = {"holder": body, "other": trust, "valid_from": "1 April 2008", "reason": "agreed", "seen": "0"}
        assert send(browser, f"{LISTING}/priorities/{area}", given).status_code == 302
    held = arrangements.arrangements(HERE, PRIORITIES, APRIL)
    assert {code: (each.holder, each.other) for code, each in held.items()} == {
        "EAST-NORTH": ("Joint board of the east", "RWH"),
        "WEST": ("conclave", "RWG"),
    }
    shown = text_of(browser, f"{LISTING}?on=2008-04-01")
    assert "Every area has a body that sets its priorities" in shown and "Joint board of the east" in shown
    assert arrangements.arrangements(HERE, PRIORITIES, APRIL - timedelta(days=1)) == {}
    assert as_role("group_manager").get(f"{LISTING}/priorities/WEST").status_code == 403
    assert browser.get(f"{LISTING}/priorities/NORTH").status_code == 404


def test_a_place_that_lists_no_areas_is_one_and_one_that_lists_no_functions_shows_that(as_role) -> None:
    assert list(arrangements.subjects(reads.book(FOREIGN), PRIORITIES)) == [arrangements.WHOLE]
    shown = text_of(as_role("administrator"), LISTING.replace(HERE, FOREIGN))
    assert "No source at hand lists the functions of this integrated care board" in shown


def test_each_function_shows_its_owner_and_who_performs_it_and_is_not_set_until_then(as_role) -> None:
    functions = arrangements.subjects(reads.book(HERE), FUNCTION)
    assert len(functions) == 6
    shown = text_of(as_role("gp_lead"), LISTING)
    assert "6 of 6 functions have no owner yet" in shown and shown.count("not set") >= 6
    arrange("contracts", "Director of commissioning", kind=FUNCTION, other="Payment agency")
    arrange("health", "Director of public health", kind=FUNCTION)
    shown = text_of(as_role("gp_lead"), LISTING)
    assert "4 of 6 functions have no owner yet" in shown
    assert "Director of commissioning" in shown and "Payment agency" in shown and "nobody else" in shown


def test_a_later_body_leaves_what_was_so_before_and_a_correction_what_was_believed(as_role) -> None:
    arrange()
    arrange(holder="Second board", valid_from=JULY, reason="reformed")
    rows = [(each.holder, each.valid_from, each.valid_to) for each in arrangements.history(HERE, PRIORITIES)]
    june = JULY - timedelta(days=1)
    assert rows == [("West priorities board", APRIL, june), ("Second board", JULY, None)]
    arrange(holder="First board", reason="the name was wrong")
    assert [each.holder for each in arrangements.history(HERE, PRIORITIES)] == ["First board"]
    assert len(arrangements.believed_before(HERE, PRIORITIES)) == 3
    yesterday = reads.today() - timedelta(days=1)
    assert arrangements.history(HERE, PRIORITIES, known_on=yesterday) == []
    event = audit.events(action="organisations.arrange")[0]
    assert (event.subject, event.reason) == (f"priorities/{HERE}/WEST", "the name was wrong")
    assert "West priorities board" in text_of(as_role("sha_manager"), LISTING)


def test_who_is_overtaken_is_told_by_whom_and_nothing_is_lost(as_role) -> None:
    arrange()
    browser = as_role("administrator")
    given = {"holder": "Mine", "valid_from": "1 April 2008", "reason": "mine", "seen": "0"}
    answer = send(browser, f"{LISTING}/priorities/WEST", given)
    assert answer.status_code == 409 and "changed &#39;West&#39;" in answer.content.decode()
    assert [each.holder for each in arrangements.history(HERE, PRIORITIES)] == ["West priorities board"]
    with pytest.raises(Stale):
        arrange(seen=0)
    row = {"place_id": HERE, "kind": PRIORITIES, "subject": "WEST", "holder": "x", "reason": "x", "valid_from": APRIL}
    with pytest.raises(IntegrityError), transaction.atomic():
        Arrangement.objects.create(known_from=timezone.now(), by="x", **row)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"subject": "NORTH"}, "no area"),
        ({"kind": "other", "seen": 0}, "there is no other"),
        ({"kind": FORM, "subject": "DATCOM", "holder": "club"}, "not one of the choices"),
        ({"holder": "  "}, "Say who"),
        ({"holder": "x" * 201}, "longer than 200"),
        ({"reason": " "}, "Say why"),
        ({"holder": "RWG", "other": "West Hertfordshire Hospitals NHS Trust"}, "same one twice"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(changes: dict[str, str], sentence: str) -> None:
    before = audit.head().sequence
    with pytest.raises(UserError, match=sentence):
        arrange(**changes)
    assert audit.head().sequence == before


def test_accreditation_with_its_date_stands_on_the_page_of_the_provider(as_role) -> None:
    browser = as_role("contract_manager")
    assert "Nobody has recorded what a regulator found" in text_of(browser, PROVIDER)
    given = {"regulator": "HCCOM", "status": "accredited", "on": "18 October 2007", "finding": "Sound"}
    assert send(browser, f"{PROVIDER}/reviews/add", given).status_code == 302
    shown = text_of(as_role("gp_lead"), PROVIDER)
    assert all(each in shown for each in ("Healthcare Commission", "accredited", "18 October 2007", "Sound"))
    assert as_role("gp_lead").get(f"{PROVIDER}/reviews/add").status_code == 403
    again = send(browser, f"{PROVIDER}/reviews/add", given)
    assert again.status_code == 422 and "recorded already" in again.content.decode()
    later = send(browser, f"{PROVIDER}/reviews/add", given | {"on": "1 January 2199"})
    assert later.status_code == 422 and "has not come yet" in later.content.decode()
    assert browser.get(f"{PROVIDER.replace('RWG', 'WATCOM')}/reviews/add").status_code == 404


def test_the_last_word_on_accreditation_counts_and_what_was_recorded_by_mistake_does_not() -> None:
    given = {"by": SYSTEM, "place": HERE, "provider": "RWG", "regulator": "HCCOM"}
    actions.record_review(status="accredited", on=APRIL, **given)
    actions.record_review(status="reviewed", on=date(2008, 5, 1), **given)
    ended = actions.record_review(status="ended", on=JULY, **given)
    said = arrangements.accreditation(HERE, "RWG", "HCCOM", JULY)
    assert said is not None and not said.accredits
    actions.withdraw_review(by=SYSTEM, place=HERE, number=ended, reason="another trust")
    said = arrangements.accreditation(HERE, "RWG", "HCCOM", JULY)
    assert said is not None and said.accredits and said.on == APRIL
    assert arrangements.accreditation(HERE, "RWG", "MONITOR", JULY) is None
    assert [each.withdrawn_because for each in arrangements.withdrawn(HERE, "RWG")] == ["another trust"]
    with pytest.raises(Stale, match="withdrew this review"):
        actions.withdraw_review(by=SYSTEM, place=HERE, number=ended, reason="again")


def test_the_same_from_the_shell_and_a_demonstration_that_changes_nothing_again() -> None:
    def run(*words: str) -> str:
        answer = CliRunner().invoke(organisations, [*words, "--place", HERE], catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        return answer.output

    actions.demonstrate_arrangements(by=SYSTEM, place=HERE)
    before = audit.head().sequence
    actions.demonstrate_arrangements(by=SYSTEM, place=HERE)
    assert audit.head().sequence == before
    shown = run("arrangements")
    assert "SYNTHETIC priorities board of East & North; with East and North Hertfordshire NHS Trust" in shown
    assert "emergencies  Planning for emergencies: not set" in shown
    run("arrange", "--kind", "function", "--subject", "emergencies", "--holder", "Q35", "--from", "2008-04-01",
        "--reason", "handed over")  # fmt: skip
    assert "Planning for emergencies: NHS East of England" in run("arrangements")
    assert json.loads(run("arrangements", "--json"))[FUNCTION]["emergencies"]["holder"] == "Q35"
    run("record-review", "--provider", "RWG", "--regulator", "AUDIT", "--status", "reviewed", "--on", "2008-05-01")
    assert "Audit Commission: Reviewed" in run("reviews", "--provider", "RWG")
    run("withdraw-review", "--number", "3", "--reason", "mistake")
    assert "Nobody has recorded" in run("reviews", "--provider", "RWG")


def test_intentions_for_ambulance_services_are_found_by_the_kind_of_provider(as_role) -> None:
    answer = CliRunner().invoke(redesign, ["intentions", "--place", HERE, "--kind", "ambulance"])
    keys = [line.split()[0] for line in answer.output.splitlines()]
    assert keys == ["3.5.a", "3.5.b", "4.2.d", "N1.2"]
    browser = as_role("contract_manager")
    shown = text_of(browser, f"/p/{HERE}/intentions?kind=ambulance")
    assert "4 intentions name this kind: Ambulance service. 31 more are written for every provider." in shown
    assert "Fewer admissions by ambulance" in shown and "follow-up attendances" not in shown
    assert browser.get(f"/p/{HERE}/intentions?kind=none").status_code == 422
    listed = text_of(browser, f"/p/{HERE}/organisations")
    assert "Ambulance service" in listed and "Beds and Herts Breast Screening Service" in listed
