"""Milestones of the review of acute services, the cases that hang on them, and what is late against them."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction

from openpbc.audit.models import AuditEvent
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.dated import Dated
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import actions as organising
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions, models
from openpbc.redesign.commands import redesign
from openpbc.redesign.reads import milestones as reads
from openpbc.redesign.reads.cases import case, cases
from openpbc.redesign.rules.milestones import DROPPED, ENDED, LATE, NO_DATE, NOT_DUE, ON_TIME, Lateness, lateness
from tests.integration.redesign.conftest import as_actor, prioritised, proposed, revision, step
from tests.integration.site.conftest import HERE, As, send
from tests.integration.site.test_search import close_to

PAGE, CASE = f"/p/{HERE}/milestones", f"/p/{HERE}/cases/1"
pytestmark = pytest.mark.usefixtures("people")


def add(**more: object) -> str:
    facts = {"name": "Beds close", "source": "SYNTHETIC paper", "area": "WEST", "due": Dated.of(Month(2008, 6))} | more
    return actions.add_milestone(by=as_actor("analyst"), place=HERE, **facts)  # type: ignore[arg-type]


def move(code: str, seen: int, **more: object) -> int:
    facts = {"name": "Beds close", "source": "SYNTHETIC paper", "area": "WEST", "reason": "SYNTHETIC"} | more
    return actions.move_milestone(by=as_actor("analyst"), place=HERE, code=code, revision=seen, **facts)  # type: ignore[arg-type]


def link(code: str, number: int = 1) -> None:
    actions.link_milestone(by=as_actor("gp_lead"), place=HERE, number=number, revision=revision(number), code=code)


def text(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.mark.parametrize(
    ("due", "began", "on", "more", "found"),
    [
        (date(2008, 6, 30), None, date(2008, 6, 30), {}, Lateness(NOT_DUE)),
        (date(2008, 6, 30), None, date(2008, 7, 1), {}, Lateness(LATE, 1)),
        (date(2008, 6, 30), date(2008, 6, 30), date(2009, 1, 1), {}, Lateness(ON_TIME)),
        (date(2008, 6, 30), date(2008, 7, 12), date(2009, 1, 1), {}, Lateness(LATE, 12)),
        (None, None, date(2008, 7, 1), {}, Lateness(NO_DATE)),
        (None, date(2008, 6, 1), date(2008, 7, 1), {}, Lateness(NO_DATE)),
        (date(2008, 6, 30), None, date(2009, 1, 1), {"ended": True}, Lateness(ENDED)),
        (date(2008, 6, 30), date(2008, 6, 1), date(2009, 1, 1), {"ended": True}, Lateness(ON_TIME)),
        (date(2008, 6, 30), None, date(2009, 1, 1), {"dropped": True}, Lateness(DROPPED)),
    ],
)
def test_a_case_is_late_from_the_day_after_its_milestone(due, began, on, more, found) -> None:
    assert lateness(due, began, on, **more) == found


def test_lateness_is_told_in_words() -> None:
    assert Lateness(LATE, 1).text == "1 day late" and Lateness(LATE, 1200).text == "1,200 days late"
    assert Lateness(NOT_DUE).text == "not yet due" and Lateness(ENDED).text == "the case ended without it"


def test_the_source_dates_one_step_to_the_month() -> None:
    (only,) = reads.milestones(organisations.book(HERE))
    assert (only.code, only.now.due, only.now.area, only.now.number) == ("AR-1", Dated.of(Month(2007, 11)), "", 0)
    assert only.now.source == "west-herts-intentions-2008-09, line 19" and only.moves == ()


def test_what_was_said_of_a_milestone_stays_and_its_moves_are_counted() -> None:
    code = add()
    assert code == "OWN-01" and add(due=None) == "OWN-02"
    assert move(code, 1, due=Dated(date(2008, 9, 12))) == 2
    assert move(code, 2, due=Dated(date(2008, 9, 12)), name="Beds are gone") == 3
    known = reads.milestone(organisations.book(HERE), code)
    assert [each.name for each in known.said] == ["Beds close", "Beds close", "Beds are gone"]
    assert known.moves == ((Dated.of(Month(2008, 6)), Dated(date(2008, 9, 12))),)
    event = AuditEvent.objects.filter(action="redesign.move_milestone").earliest("pk")
    before, after = json.loads(event.before), json.loads(event.after)
    assert before["due"] == "2008-06" and after["due"] == "2008-09-12" and event.reason == "SYNTHETIC"
    with pytest.raises(Stale, match="changed milestone OWN-01"):
        move(code, 2, due=None)
    assert move(code, 3, due=Dated(date(2008, 9, 12)), name="Beds are gone") == 3  # the same again changes nothing
    assert move("AR-1", 0, area="", due=Dated.of(Month(2008, 1))) == 1
    assert [each.number for each in reads.milestone(organisations.book(HERE), "AR-1").said] == [0, 1]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"name": " "}, "Say what is reached"),
        ({"source": ""}, "Name the paper"),
        ({"area": "NORTH"}, "there is no area 'NORTH'"),
        ({"due": Dated(date(1066, 1, 1))}, "too far away"),
    ],
)
def test_a_milestone_that_says_too_little_is_refused(more: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        add(**more)
    with pytest.raises(UserError, match="Say why"):
        move("AR-1", 0, reason="")
    with pytest.raises(UserError, match="there is no milestone 'X'"):
        move("X", 0)


def test_the_database_itself_keeps_milestones_and_links() -> None:
    proposed()
    link(add())
    for table in ("redesign_milestone", "redesign_casemilestone"):
        for wrong in (f"UPDATE {table} SET number = 9", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(wrong)


def test_a_case_hangs_on_one_milestone_or_none_and_what_it_hung_on_is_kept() -> None:
    proposed()
    book, seen = organisations.book(HERE), revision()
    link(add())
    assert revision() == seen + 1
    with pytest.raises(Stale):
        actions.link_milestone(by=as_actor("gp_lead"), place=HERE, number=1, revision=seen, code="AR-1")
    link("OWN-01")  # changes nothing
    link("AR-1")
    assert reads.hangs(book, case(HERE, 1)).milestone.code == "AR-1" and reads.unlinked(book, cases(HERE)) == ()
    link("")
    assert reads.hangs(book, case(HERE, 1)) is None and len(reads.unlinked(book, cases(HERE))) == 1
    rows = models.CaseMilestone.objects.values_list("number", "code")
    assert list(rows) == [(1, "OWN-01"), (2, "AR-1"), (3, "")]
    move("OWN-01", 1, due=None, dropped=True)
    with pytest.raises(UserError, match="was dropped"):
        link("OWN-01")


def test_whoever_is_kept_from_a_case_links_nothing_and_does_not_see_it_among_the_milestones(as_role: As) -> None:
    proposed()
    link("AR-1")
    close_to("analyst")
    with pytest.raises(UserError):
        actions.link_milestone(by=as_actor("analyst"), place=HERE, number=1, revision=revision(), code="")
    client = as_role("analyst")
    for path in (PAGE, f"{PAGE}/of/AR-1"):
        page = text(client, path)
        assert "Breathing clinics" not in page and "1 more case is withheld from you" in page
    assert client.get(f"{CASE}/milestone").status_code == 403


def test_the_page_lists_milestones_with_who_sets_the_priorities_and_what_is_late(as_role: As) -> None:
    prioritised()
    proposed(title="Knees")
    proposed(title="Hips")
    step("group_manager", "T24", 3, reason="SYNTHETIC")
    client = as_role("gp_lead")
    assert "1 milestone is known. 0 cases hang on one, 0 of them late. 2 under way hang on none." in text(client, PAGE)
    organising.arrange(
        by=SYSTEM, place=HERE, kind="priorities", subject="WEST", holder="SYNTHETIC board", other="RWG",
        valid_from=date(2008, 4, 1), reason="SYNTHETIC", seen=0,
    )  # fmt: skip
    later = Month(organisations.today().year + 1, 6)
    link(add())
    link(add(due=Dated.of(later), area="EAST-NORTH"), 2)
    days = (organisations.today() - date(2008, 6, 30)).days
    page = text(client, PAGE)
    assert f"{days:,} days late" in page and "not yet due" in page and "June 2008" in page and later.name in page
    assert "SYNTHETIC board, with West Hertfordshire Hospitals NHS Trust" in page
    assert "An administrator has not recorded which body sets the priorities" in page
    assert "3 milestones are known. 2 cases hang on one, 1 of them late. 0 under way hang on none." in page
    told = text(client, CASE)
    assert f"Beds close (West; planned for June 2008): {days:,} days late" in told and "SYNTHETIC board" in told
    assert f"{CASE}/milestone" in told
    assert "not set: nobody has recorded it" in text(client, f"/p/{HERE}/cases/2")
    assert "It hangs on none." in text(client, f"/p/{HERE}/cases/3")
    csv = client.get(f"{PAGE}?download=hanging.csv").content.decode()
    assert f'Breathing clinics,Beds close,West,June 2008,Priority agreed,"{days:,} days late"' in csv


def test_people_add_move_and_link_on_the_pages(as_role: As) -> None:
    proposed()
    client, lead = as_role("analyst"), as_role("gp_lead")
    given = {"name": "Beds close", "area": "WEST", "due": "June 2008", "source": "SYNTHETIC paper"}
    assert send(client, f"{PAGE}/add", given).headers["Location"] == f"{PAGE}/of/OWN-01"
    wrong = send(client, f"{PAGE}/add", given | {"due": "in summer"})
    assert wrong.status_code == 422 and "neither a day nor a month" in wrong.content.decode()
    assert 'value="June 2008"' in text(client, f"{PAGE}/of/OWN-01/move")
    moved = given | {"due": "12 September 2008", "dropped": "no", "reason": "SYNTHETIC delay", "revision": "1"}
    assert send(client, f"{PAGE}/of/OWN-01/move", moved).status_code == 302
    assert send(client, f"{PAGE}/of/OWN-01/move", moved | {"due": ""}).status_code == 409
    page = text(client, f"{PAGE}/of/OWN-01")
    assert "12 September 2008" in page and "SYNTHETIC delay" in page and "June 2008" in page
    assert "once; first planned June 2008" in text(client, PAGE)
    assert "Beds close (12 September 2008)" in text(lead, f"{CASE}/milestone")
    chosen = {"code": "OWN-01", "revision": str(revision()), "confirmed": "yes"}
    assert send(lead, f"{CASE}/milestone", chosen).headers["Location"] == CASE
    assert "Beds close (West; planned for 12 September 2008)" in text(lead, CASE)
    text(client, f"{PAGE}/of/NONE", 404)
    text(client, f"{PAGE}/of/NONE/move", 404)
    assert lead.get(f"{PAGE}/add").status_code == 403


def test_the_shell_lists_them() -> None:
    proposed()
    link(add())
    runner = CliRunner()
    told = runner.invoke(redesign, ["milestones", "--place", HERE], catch_exceptions=False).output
    assert "AR-1  2007-11  Every area  The Board receives the business case of the review" in told
    assert "priorities of West are set by: not set" in told and "case 1, Priority proposed: " in told
    assert "Cases under way that hang on none: 0." in told
    rows = json.loads(runner.invoke(redesign, ["milestones", "--place", HERE, "--json"]).output)
    assert rows[1]["cases"][0]["number"] == 1 and rows[1]["cases"][0]["state"] == LATE


def test_the_shell_adds_and_moves_them_by_the_actions_of_the_forms() -> None:
    runner = CliRunner()

    def said(*words: str) -> str:
        return runner.invoke(redesign, [*words, "--place", HERE], catch_exceptions=False).output

    assert said("milestone-add", "Beds close", "SYNTHETIC paper", "--area", "WEST", "--due", "2008-06") == (
        "Milestone OWN-01 added.\n"
    )
    assert "OWN-01  2008-06  West  Beds close" in said("milestones")
    assert (
        said("milestone-move", "OWN-01", "SYNTHETIC delay", "--due", "2008-09-12") == "Milestone OWN-01 is said anew.\n"
    )
    assert said("milestone-move", "OWN-01", "SYNTHETIC delay", "--due", "2008-09-12") == "Nothing changed.\n"
    known = reads.milestone(organisations.book(HERE), "OWN-01")
    assert [(each.name, each.area, str(each.due), each.source) for each in known.said] == [
        ("Beds close", "WEST", "2008-06", "SYNTHETIC paper"), ("Beds close", "WEST", "2008-09-12", "SYNTHETIC paper"),
    ]  # fmt: skip
    assert known.now.reason == "SYNTHETIC delay"
    said("milestone-move", "OWN-01", "SYNTHETIC: not wanted", "--due", "", "--dropped")
    assert "OWN-01  dropped  West  Beds close" in said("milestones")
    with pytest.raises(UserError, match="is not a date"):
        said("milestone-add", "Beds close", "SYNTHETIC paper", "--due", "in summer")
