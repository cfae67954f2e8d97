"""The minimum operating standard: groups assess themselves, each assessment stays, and a changed list is asked anew."""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from openpbc.audit import reads as audit
from openpbc.governance import actions
from openpbc.governance.models import StandardAssessment
from openpbc.governance.reads.standard import assessments, latest_assessments
from openpbc.governance.rules.standard import Point, fingerprint
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.site import rooms
from openpbc.site.cli import main
from tests.integration.governance.standards import LEAD, MINUTES, POINTS, lay
from tests.integration.site.conftest import FOREIGN, HERE, SIGN_INS, As, send

pytestmark = pytest.mark.usefixtures("people")
PAGE, UNIT = f"/p/{HERE}/standard", "DATCOM"
DAY = date(2008, 4, 1)
Lay = Callable[..., None]


@pytest.fixture(autouse=True)
def relay(settings, tmp_path: Path) -> Lay:
    """Give what changes the standard; two points stand in it at first."""
    settings.RULEBOOK = tmp_path / "own packs"
    lay(settings.RULEBOOK, *POINTS)
    return lambda *points, place=HERE: lay(settings.RULEBOOK, *points, place=place)


def assess(unit: str = UNIT, on: date = DAY, seen: int | None = None, place: str = HERE, **results: str) -> int:
    told = {key: (result, f"See {key}.") for key, result in (results or {"Lead": "met"}).items()}
    return actions.assess_standard(by=SYSTEM, place=place, unit=unit, assessed_on=on, results=told, seen=seen)


def plain(page: bytes) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.decode())).split())


def rows(browser, table: str, path: str = PAGE) -> list[list[str]]:
    """Give the rows of a table of a page, as they are downloaded."""
    lines = list(csv.reader(browser.get(path, {"download": f"{table}.csv"}).content.decode("utf-8-sig").splitlines()))
    width = max(len(line) for line in lines)
    return [line for line in lines if len(line) == width][1:]


def field(what: str, point: tuple[str, str]) -> str:
    return f"{what}_{fingerprint((Point(*point),))[:12]}"


def results(place: str = HERE, unit: str = UNIT) -> list[list[tuple[str, str]]]:
    return [[(said.point.key, said.result) for said in each.said] for each in assessments(place, unit)]


def test_every_assessment_stays_and_the_latest_counts() -> None:
    assert assess(Lead="met", Minutes="partly") == 1
    assert assess(Lead="met", Minutes="partly") == 1, "the very same again changes nothing"
    assert assess(Lead="met", Minutes="met", on=date(2008, 9, 1), seen=1) == 2
    assert results() == [[("Lead", "met"), ("Minutes", "met")], [("Lead", "met"), ("Minutes", "partly")]]
    assert latest_assessments(HERE)[UNIT].number == 2
    last, first = audit.events(action="governance.assess_standard")
    assert (first.subject, last.subject) == (f"standard/{HERE}/{UNIT}/1", f"standard/{HERE}/{UNIT}/2")


def test_of_two_who_assess_a_group_the_second_looks_first() -> None:
    assess(seen=0)
    with pytest.raises(Stale, match="assessed DatCom on .* Look at that assessment first"):
        assess(seen=0, Lead="partly")
    assert len(results()) == 1


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"Other": ("met", "")}, "the standard has no point 'Other'"),
        ({"Lead": ("splendid", "")}, "'splendid' is no result"),
        ({"Lead": ("not answered", "Later.")}, "no point is answered"),
        ({}, "no point is answered"),
        ({"Lead": ("met", "x" * 501)}, "the note on Lead has 501 characters"),
    ],
)
def test_what_no_point_asks_and_what_says_nothing_is_refused(told: dict[str, tuple[str, str]], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        actions.assess_standard(by=SYSTEM, place=HERE, unit=UNIT, assessed_on=DAY, results=told)
    assert not StandardAssessment.objects.exists()


def test_a_day_ahead_is_refused() -> None:
    with pytest.raises(UserError, match="the day lies ahead"):
        assess(on=organisations.today() + timedelta(days=1))


def test_rows_are_only_added() -> None:
    assess()
    for statement in (
        "UPDATE governance_standardassessment SET number = 7",
        "DELETE FROM governance_standardassessment",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert len(results()) == 1


def test_the_page_shows_each_group_by_points_and_says_who_said_so(as_role: As) -> None:
    assess(Lead="met", Minutes="not met")
    browser = as_role("finance_manager")
    page = plain(browser.get(PAGE).content)
    assert "1 of 5 have assessed themselves" in page
    assert "SYNTHETIC" in page and '/standard/DATCOM"' not in browser.get(PAGE).content.decode()
    said = rows(browser, "standard")
    assert said[0][:4] == ["DatCom", "met", "not met", "1 April 2008"] and said[0][4]
    assert said[1] == ["Hertsmere", "not answered", "not answered", "not yet", "", ""]
    assert rows(browser, "points")[1] == ["Minutes", "Minutes are kept.", "0", "0", "1", "4"]
    assert rows(browser, "notes")[1] == ["DatCom", "Minutes", "not met", "See Minutes."]


def test_who_speaks_for_a_group_says_so_on_the_page(as_role: As) -> None:
    browser = as_role("group_manager")
    form = browser.get(f"{PAGE}/{UNIT}").content.decode()
    points = re.search(r'name="points" value="(\w+)"', form)
    assert points and "A clinician leads the group." in form
    given = {"assessed_on": "1 April 2008", "points": points[1], "seen": "0"}
    assert "Say of at least one" in plain(send(browser, f"{PAGE}/{UNIT}", given).content)
    given |= {field("result", LEAD): "partly", field("note", LEAD): "Since May."}
    assert send(browser, f"{PAGE}/{UNIT}", given).status_code == 302
    assert results() == [[("Lead", "partly"), ("Minutes", "not answered")]]
    late = send(browser, f"{PAGE}/{UNIT}", given | {field("result", LEAD): "met"})
    assert late.status_code == 409 and "Look at that assessment first" in plain(late.content)
    assert as_role("group_manager").get(f"{PAGE}/WATCOM").status_code == 404
    assert as_role("finance_manager").get(f"{PAGE}/{UNIT}").status_code == 403


def test_a_form_of_points_that_changed_is_refused(as_role: As, relay: Lay) -> None:
    browser = as_role("group_manager")
    points = re.search(r'name="points" value="(\w+)"', browser.get(f"{PAGE}/{UNIT}").content.decode())
    assert points
    relay(("Lead", "Somebody leads."), MINUTES)
    given = {"assessed_on": "1 April 2008", field("result", LEAD): "met", "points": points[1], "seen": "0"}
    answer = send(browser, f"{PAGE}/{UNIT}", given)
    assert answer.status_code == 409 and "The points changed after you opened this page" in plain(answer.content)
    assert not re.search(r'value="met"\s+selected', answer.content.decode()), "no answer goes to a point worded anew"
    assert not results()


def test_a_point_that_came_or_was_worded_anew_is_not_answered(as_role: As, relay: Lay) -> None:
    assess(Lead="met", Minutes="met")
    relay(LEAD, ("Minutes", "Minutes are kept and published."), ("Patients", "Patients are asked."))
    browser = as_role("group_manager")
    assert rows(browser, "standard")[0][:5] == ["DatCom", "met", "not answered", "not answered", "1 April 2008"]
    record = [each[2:5] for each in rows(browser, "assessments", f"{PAGE}/{UNIT}/record")]
    assert record == [[*LEAD, "met"], [*MINUTES, "met"]]
    assert work("group_manager")["Assess DatCom against the minimum operating standard"] == (
        "2 points are new since it did"
    )


def work(role: str) -> dict[str, str]:
    viewer = organisations.viewer_by_sign_in(SIGN_INS[role])
    return {each.text: each.reason for each in rooms.work(organisations.book(HERE), viewer)}


def test_a_group_that_has_not_assessed_itself_is_asked_today(settings) -> None:
    asked = "Assess DatCom against the minimum operating standard"
    assert work("group_manager")[asked] == "It has not said yet which points it meets"
    assert asked not in work("finance_manager")
    assess(Lead="met")
    assert asked not in work("group_manager"), "a point left open was asked all the same"
    settings.RULEBOOK = None
    assert asked not in work("group_manager")


def test_a_place_without_a_standard_names_the_file_to_fill(as_role: As, settings) -> None:
    settings.RULEBOOK = None
    browser = as_role("group_manager")
    for path in (PAGE, f"{PAGE}/{UNIT}"):
        assert f"places/{HERE}/governance/operating_standard.yaml" in plain(browser.get(path).content)
    with pytest.raises(UserError, match=f"places/{HERE}/governance/operating_standard.yaml"):
        assess()


def test_places_of_a_later_year_assess_themselves_too(relay: Lay) -> None:
    relay(LEAD, place=FOREIGN)
    unit = organisations.units(FOREIGN)[0].code
    assert assess(unit=unit, place=FOREIGN, Lead="partly") == 1
    assert results(FOREIGN, unit) == [[("Lead", "partly")]]
    assert not assessments(HERE)


def test_the_pages_ask_as_often_for_many_assessments_as_for_few(as_role: As) -> None:
    browser = as_role("finance_manager")
    assess()
    browser.get(PAGE)  # what is kept for the process is read by the first
    with CaptureQueriesContext(connection) as few:
        browser.get(PAGE)
    for unit in organisations.units(HERE):
        for month in range(1, 7):
            assess(unit=unit.code, on=date(2009, month, 1))
    with CaptureQueriesContext(connection) as many:
        browser.get(PAGE)
    assert len(many) == len(few)


@pytest.mark.parametrize("path", [f"/p/{HERE}/process", f"/p/{HERE}/accountability", f"/p/{HERE}/bodies"])
def test_it_is_found_where_people_look(path: str, as_role: As) -> None:
    assert f'href="{PAGE}"' in as_role("finance_manager").get(path).content.decode()


def test_the_shell_shows_and_records(capsys: pytest.CaptureFixture[str]) -> None:
    here = ("--place", HERE)
    say = ("assess-standard", *here, "--unit", "datcom", "--on", "2008-04-01", "--say", "Lead=met")
    assert main(["governance", *say, "--note", "Lead=Since 2007"]) == 0
    assert capsys.readouterr().out == "Assessment 1 is recorded.\n"
    assert main(["governance", "standard", *here]) == 0
    shown = capsys.readouterr().out
    assert "DATCOM  DatCom  2008-04-01" in shown and "    Minutes: not answered" in shown
    assert "WATCOM  WatCom  not assessed yet" in shown
    assert main(["governance", "standard", *here, "--unit", "datcom"]) == 0
    assert "Lead: met (Since 2007)" in capsys.readouterr().out
    assert main(["governance", "standard", *here, "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["unit"], told["said"][0]["result"]) == ("DATCOM", "met")
    for wrong in (("--say", "Lead"), ("--note", "Minutes=x"), ("--say", "Lead=met")):
        assert main(["governance", *say, *wrong]) == 2
        assert capsys.readouterr().err


def test_a_demonstration_lays_an_invented_standard_once_and_only_over_one_that_is_not_set(settings, relay: Lay) -> None:
    relay_points = latest_assessments(HERE)
    actions.lay_standard(by=SYSTEM, place=HERE)
    actions.demonstrate_standard(by=SYSTEM, place=HERE)
    assert latest_assessments(HERE) == relay_points == {}, "a standard of the place's own is left alone"
    settings.RULEBOOK = settings.RULEBOOK.parent / "demonstration"
    settings.RULEBOOK.mkdir()
    for _ in range(2):
        actions.lay_standard(by=SYSTEM, place=HERE)
        actions.demonstrate_standard(by=SYSTEM, place=HERE)
    assert len(audit.events(action="governance.lay_standard")) == 1
    found = latest_assessments(HERE)
    assert UNIT not in found, "the demo manager's group is left to assess itself"
    assert sorted(each.number for each in found.values()) == [1, 1, 1, 2]
    assert all(each.synthetic for each in found.values())
