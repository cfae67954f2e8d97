"""Each area has its own body for priorities, each function an owner, each provider its reviews: all on two clocks."""

from __future__ import annotations

import html
import json
from datetime import date, timedelta
from html import unescape

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM, Actor
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
        ({"holder": "  "}, "^holder: the name is empty"),
        ({"holder": "x" * 201}, "^holder: the name has 201 characters. Write at most 200"),
        ({"reason": " "}, "^reason: the reason is empty"),
        ({"reason": "a\0b"}, "^reason: the reason holds a character that cannot be kept"),
        ({"other": "x" * 201}, "^other: the name has 201 characters"),
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
    assert "Healthcare Commission: accredited (said on 18 October 2007)." in shown
    assert "No accreditation is recorded by 17 October 2007." in text_of(browser, f"{PROVIDER}?on=2007-10-17")
    regulator = text_of(browser, PROVIDER.replace("RWG", "HCCOM"))
    assert "What Healthcare Commission found of providers" in regulator and "Sound" in regulator
    assert "found of providers" not in shown
    listed = browser.get(f"/p/{HERE}/organisations?download=accreditation.csv").content.decode()
    assert "West Hertfordshire Hospitals NHS Trust,Healthcare Commission,accredited,18 October 2007" in listed
    assert "East and North Hertfordshire NHS Trust,,not set," in listed
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
    (said,) = arrangements.accreditations(HERE, JULY)
    assert (said.status, said.accredits) == ("ended", False)
    (said,) = arrangements.accreditations(HERE, JULY - timedelta(days=1))
    assert (said.status, said.accredits, said.on) == ("accredited", True, APRIL)
    assert arrangements.accreditations(HERE, APRIL - timedelta(days=1)) == []
    actions.withdraw_review(by=SYSTEM, place=HERE, number=ended, reason="another trust")
    (said,) = arrangements.accreditations(HERE, JULY)
    assert said.accredits and said.on == APRIL
    actions.record_review(status="refused", on=JULY, **given | {"regulator": "MONITOR"})
    actions.record_review(status="conditions", on=JULY, **given | {"provider": "RWH"})
    assert [(each.provider, each.regulator, each.accredits) for each in arrangements.accreditations(HERE, JULY)] == [
        ("RWG", "MONITOR", False),
        ("RWG", "HCCOM", True),
        ("RWH", "HCCOM", True),
    ]
    assert [each.provider for each in arrangements.accreditations(HERE, JULY, provider="RWH")] == ["RWH"]
    assert [each.status for each in arrangements.reviews_by(HERE, "HCCOM")] == ["conditions", "reviewed", "accredited"]
    assert arrangements.accreditations(HERE, JULY, known_on=reads.today() - timedelta(days=1)) == []
    assert [each.withdrawn_because for each in arrangements.withdrawn(HERE, "RWG")] == ["another trust"]
    with pytest.raises(Stale, match="withdrew this review"):
        actions.withdraw_review(by=SYSTEM, place=HERE, number=ended, reason="again")


def test_the_regional_body_records_what_came_of_its_review_of_the_commissioner_and_nobody_else_does(as_role) -> None:
    page, browser = PROVIDER.replace("RWG", "5P4"), as_role("sha_manager")
    given = {"regulator": "Q35", "on": "18 October 2008", "finding": "Plan sound, waits to be watched"}
    assert "Record what came of a review" in text_of(browser, page)
    assert send(browser, f"{page}/reviews/outcome", given).status_code == 302
    shown = text_of(as_role("contract_manager"), page)
    assert all(each in shown for each in ("NHS East of England", "18 October 2008", "waits to be watched"))
    assert "Withdraw" not in shown and "Withdraw" in text_of(browser, page)
    assert as_role("contract_manager").get(f"{page}/reviews/outcome").status_code == 403
    assert browser.get(f"{PROVIDER}/reviews/outcome").status_code == 404
    empty = send(browser, f"{page}/reviews/outcome", given | {"finding": " "})
    assert empty.status_code == 422 and "Say what came of it" in empty.content.decode()
    facts = {"place": HERE, "commissioner": "5P4", "on": APRIL, "finding": "x"}
    with pytest.raises(UserError, match="not yours to write"):
        actions.record_outcome(by=reads.viewer_by_sign_in("contracts@demo").actor, regulator="Q35", **facts)
    with pytest.raises(UserError, match="does not answer to 'HCCOM'"):
        actions.record_outcome(by=SYSTEM, regulator="HCCOM", **facts)
    with pytest.raises(UserError, match="has not come yet"):
        actions.record_outcome(by=SYSTEM, regulator="Q35", **facts | {"on": date(2199, 1, 1)})
    taken_back = {"reason": "another trust", "confirmed": "yes"}
    opened = as_role("contract_manager").get(f"/p/{HERE}/organisations/reviews/1/withdraw")
    told = html.unescape(opened.content.decode())
    assert opened.status_code == 422 and "not yours to write" in told
    assert "<form method" not in told.partition("<main")[2], "what is refused is not filled in first"
    assert "Those who reviewed do (Performance manager of the regional body)" in told
    with pytest.raises(UserError, match="not yours to write"):
        by = reads.viewer_by_sign_in("contracts@demo").actor
        actions.withdraw_review(by=by, place=HERE, number=1, reason="another trust")
    assert send(browser, f"/p/{HERE}/organisations/reviews/1/withdraw", taken_back).status_code == 302
    assert arrangements.reviews(HERE, "5P4") == []
    actions.record_outcome(by=Actor("shell/op", "op in the shell"), regulator="Q35", **facts)
    actions.record_review(by=SYSTEM, place=HERE, provider="RWG", regulator="HCCOM", status="accredited", on=APRIL)
    assert browser.get(f"/p/{HERE}/organisations/reviews/3/withdraw").status_code == 422
    assert "Withdraw" not in text_of(browser, PROVIDER)


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
    run("record-review", "--provider", "RWG", "--regulator", "HCCOM", "--status", "accredited", "--on", "2008-05-01")
    stands = run("accreditations", "--on", "2008-05-01").splitlines()
    assert "RWG  West Hertfordshire Hospitals NHS Trust: accredited, Healthcare Commission, 2008-05-01" in stands
    assert "RWH  East and North Hertfordshire NHS Trust: not set" in stands
    assert json.loads(run("accreditations", "--on", "2007-04-01", "--json")) == []
    run("record-outcome", "--commissioner", "5P4", "--reviewer", "Q35", "--on", "2008-05-01", "--finding", "Sound")
    assert "NHS East of England: Reviewed. Sound" in run("reviews", "--provider", "5P4")
    for number in ("4", "5"):
        run("withdraw-review", "--number", number, "--reason", "mistake")
    assert "Nobody has recorded" in run("reviews", "--provider", "RWG")


def test_filtered_by_ambulance_the_two_intentions_that_fall_to_it_are_apart_from_those_that_name_it(as_role) -> None:
    answer = CliRunner().invoke(redesign, ["intentions", "--place", HERE, "--kind", "ambulance"])
    *found, others = answer.output.splitlines()
    assert [line.split()[0] for line in found] == ["3.5.a", "4.2.d"]
    assert others == "Others name it, in the narrative or beside the kind in their title: 3.5.b, N1.2."
    answer = CliRunner().invoke(redesign, ["intentions", "--place", HERE, "--kind", "ambulance", "--json"])
    assert [(each["key"], each["falls_to"]) for each in json.loads(answer.output)] == [
        ("3.5.a", ["ambulance"]),
        ("4.2.d", ["acute", "ambulance"]),
    ]
    browser = as_role("contract_manager")
    shown = text_of(browser, f"/p/{HERE}/intentions?kind=ambulance")
    assert "By the plan's table 2 fall to Ambulance service; 2 more name it. 31 are written" in unescape(shown)
    first, second = shown.split("More that name: Ambulance service", 1)
    assert "Fewer admissions by ambulance" in first and "Thrombolysis" in first and "follow-up" not in shown
    assert "Ambulance handover" not in first and "which has no column of providers" in second
    assert "Fewer admissions from nursing homes" in second and "Its title names another kind" in second
    homes = text_of(browser, f"/p/{HERE}/intentions?kind=nursing_home")
    assert "1 fall to Nursing home; 1 more name it" in homes
    assert browser.get(f"/p/{HERE}/intentions?kind=none").status_code == 422
    table = browser.get(f"/p/{HERE}/organisations?download=providers.csv").content.decode()
    assert "East and North Hertfordshire NHS Trust,RWH,Acute trust,East and North,5P3," in table
    assert "Barnet and Chase Farm Hospitals NHS Trust,RVL,Acute trust,Outside,not set," in table
    listed = text_of(browser, f"/p/{HERE}/organisations")
    assert "Ambulance service" in listed and "Beds and Herts Breast Screening Service" in listed
