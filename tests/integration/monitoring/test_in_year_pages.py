"""Positions, statements, packs and forms as people see them: by role, with every figure explained, in plain HTML."""

from __future__ import annotations

import csv
import io
import json
import re

import openpyxl
import pytest
from click.testing import CliRunner
from django.test import Client

from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.kernel.steps import recompute
from openpbc.monitoring import actions, reads
from openpbc.monitoring.commands.in_year import monitoring
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions as redesign
from openpbc.redesign.reads import address as of_case
from openpbc.site import rooms
from tests.integration.governance.committee import conflicted
from tests.integration.monitoring.invented import unit
from tests.integration.site.conftest import As, as_role, people, quick_hashing, send

pytestmark = pytest.mark.one_database

PLACE = "west-herts-2008"
AT = f"/p/{PLACE}"
APRIL, MAY = Month(2008, 4), Month(2008, 5)
FIGURE = re.compile(r'data-figure="([^"]*)" data-value="(-?\d+)"')
OWN, OTHER = "WATCOM", "HERTSMERE"
__all__ = ["as_role", "people", "quick_hashing"]


@pytest.fixture
def county(publish, plan, budgeted, people):
    units = [
        unit(1, charge=60_000),
        unit(2, charge=40_000, pod="NEL", practice="E82902"),
        unit(3, charge=20_000, unit="DATCOM", budget_line="DATCOM", practice="E82921"),
    ]
    publish("2008-04", units)
    publish("2008-05", units)
    plan(*[f"RWG,WATCOM,apc,{pod},2008-{month:02d},1,50000" for pod in ("DC", "NEL") for month in range(4, 13)])
    amounts = {"acute": 100_000_00, "emergency": 50_000_00, "prescribing": 600_000_00}
    actions.divide_budget(
        by=SYSTEM, place=PLACE, unit=OWN, amounts=amounts, on=APRIL.first, reason="SYNTHETIC division"
    )
    for month in (APRIL, MAY):
        actions.enter(
            by=SYSTEM,
            place=PLACE,
            month=month,
            unit=OWN,
            practice="E82901",
            service_line="prescribing",
            kind="actual",
            pence=6_000_000,
            source="SYNTHETIC statement",
        )


def page(browser: Client, path: str, status: int = 200) -> str:
    answer = browser.get(AT + path)
    assert answer.status_code == status, path
    return answer.content.decode()


@pytest.mark.usefixtures("county")
def test_every_figure_of_every_page_is_explained(as_role: As) -> None:
    browser = as_role("finance_manager")
    viewer = organisations.viewer(organisations.person_by_sign_in("finance@demo").id)
    seen = set()
    for path in (
        "/position/2008-05",
        "/position/2008-05?by=line",
        f"/units/{OWN}/position/2008-05?by=practice",
        "/practices/E82901/position/2008-05",
        f"/units/{OWN}/statement?month=2008-05",
        "/practices/E82901/statement?month=2008-05",
        "/months/2008-05",
        f"/units/{OWN}",
        "/position/2008-05/due",
    ):
        for address, value in FIGURE.findall(page(browser, path)):
            explained = rooms.explain(address.replace("&amp;", "&"), viewer)
            assert (explained.value, recompute(explained)) == (int(value), int(value)), (path, address)
            seen.add(address)
    assert len(seen) > 150
    first = min(address for address in seen if address.startswith("in-year/"))
    assert browser.get(f"/explain/{first}").status_code == 200


@pytest.mark.usefixtures("county")
def test_where_a_budget_came_from_adds_up_to_it(as_role: As) -> None:
    from openpbc.finance import actions as finance
    from openpbc.finance.rules.ledger import Draft, Entry
    from openpbc.monitoring.reads.holders import Holder

    call = (Entry("held/contingency", -1_000_000), Entry(f"group/{OWN}/in-scope", 1_000_000))
    journals = (Draft("virement", call, MAY.first, "SYNTHETIC winter beds"),)
    finance.post_many(by=SYSTEM, place=PLACE, journals=journals)
    found = reads.statement(PLACE, MAY, Holder("group", OWN))
    moves = [each.figure.value for each in found.origins if "/moved/" in each.figure.address]
    assert moves == [156_000_008, 1_000_000]
    assert sum(moves) == found.position.total.figures["budget"].value
    browser = as_role("finance_manager")
    text = page(browser, f"/units/{OWN}/statement?month=2008-05")
    assert "was received by the PCT" in text and "came later: Journal" in text and "winter beds" in text
    viewer = organisations.viewer(organisations.person_by_sign_in("finance@demo").id)
    for origin in found.origins:
        explained = rooms.explain(origin.figure.address, viewer)
        assert (explained.value, recompute(explained)) == (origin.figure.value, origin.figure.value), origin.words
    assert found.origins[0].figure.value == 224_608_008


@pytest.mark.usefixtures("county")
def test_the_shell_tells_the_groups_together_as_the_page_does() -> None:
    told = ["position", "2008-05", "--place", PLACE]
    found = json.loads(CliRunner().invoke(monitoring, [*told, "--json"]).output)
    together = reads.in_year(PLACE, MAY).groups.figures["budget"].value
    assert found["groups"]["name"] == "Groups together" and found["groups"]["figures"]["budget"]["value"] == together
    assert "Groups together" in CliRunner().invoke(monitoring, told).output
    of_one = json.loads(CliRunner().invoke(monitoring, [*told, "--unit", OWN, "--json"]).output)
    assert of_one["groups"] is None, "a group's own position has no such sum"


DIFFERENCES = (("variance", "actual-to-date", "compared"), ("outlook", "forecast", "budget"))


@pytest.mark.usefixtures("county")
def test_every_difference_that_is_shown_is_that_of_the_figures_beside_it(as_role: As) -> None:
    browser, differences, blanks = as_role("finance_manager"), 0, 0
    for path in (
        "/position/2008-05",
        "/position/2008-05?by=line",
        f"/units/{OWN}/position/2008-05",
        f"/units/{OWN}/position/2008-05?by=practice",
        "/practices/E82901/position/2008-05",
        "/months/2008-05",
        f"/units/{OWN}",
    ):
        for row in re.findall(r"<tr.*?</tr>", page(browser, path), re.DOTALL):
            shown = {
                address.rsplit("/", 1)[1]: int(value)
                for address, value in FIGURE.findall(row)
                if address.startswith("in-year/")
            }
            for gap, whole, less in DIFFERENCES:
                blanks += whole in shown and gap not in shown
                if gap in shown:
                    assert shown[gap] == shown.get(whole, 0) - shown.get(less, 0), (path, gap, shown)
                    differences += 1
    assert differences > 20 and blanks


@pytest.mark.usefixtures("county")
def test_the_whole_tells_the_groups_apart_from_what_is_held(as_role: As) -> None:
    text = page(as_role("finance_manager"), "/position/2008-05")
    assert "Money held by the PCT is not compared." in text
    assert text.index("WatCom") < text.index("Groups together") < text.index("in-year/west-herts-2008/2008-05/held/")
    found = reads.in_year(PLACE, MAY)
    assert found.groups is not None
    for measure in ("budget", "compared", "actual-to-date", "variance", "forecast"):
        parts = [row.figures[measure].value or 0 for row in found.rows if row.holder.kind == "group"]
        assert found.groups.figures[measure].value == sum(parts)
    held = next(row.figures["budget"].value for row in found.rows if row.holder.kind == "held")
    lines = reads.in_year(PLACE, MAY, by="line")
    assert sum(row.figures["budget"].value or 0 for row in lines.rows) == lines.total.figures["budget"].value
    assert [row.holder.kind for row in lines.rows][-1] == "held" and "Groups together" in page(
        as_role("finance_manager"), "/position/2008-05?by=line"
    )
    assert found.total.figures["budget"].value == found.groups.figures["budget"].value + held


@pytest.mark.usefixtures("county")
def test_a_statement_says_what_how_far_why_and_from_where(as_role: As) -> None:
    text = page(as_role("finance_manager"), f"/units/{OWN}/statement?month=2008-05")
    for words in (
        "What you have for the year",
        "What you used in those months",
        "What the year will come to",
        "Prescribing took more than its budget",
        "Where the budget came from",
        "is the budget of WatCom",
        "What to do next",
        "nobody has said why",
        "Community services: nothing is entered up to May 2008",
    ):
        assert words in text, words


@pytest.mark.usefixtures("county")
def test_a_statement_is_one_sheet_of_paper_and_a_workbook_with_the_same_figures(as_role: As) -> None:
    browser = as_role("finance_manager")
    path = f"{AT}/units/{OWN}/statement?month=2008-05"
    screen = set(re.findall(r">([-+]?£[\d,]+)<", browser.get(path).content.decode()))
    paper = browser.get(f"{path}&download=paper.pdf")
    assert paper.content.startswith(b"%PDF") and paper.content == browser.get(f"{path}&download=paper.pdf").content
    assert b"/Count 1" in paper.content
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"{path}&download=page.xlsx").content))
    cells = {
        cell.value for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)
    }
    assert 120_000 in cells
    assert "£120,000" in screen
    word = browser.get(f"{path}&download=paper.docx")
    assert word.content.startswith(b"PK")


@pytest.mark.usefixtures("county")
def test_who_sees_which_position(as_role: As) -> None:
    group, gp = as_role("group_manager"), as_role("gp_lead")
    mine = organisations.viewer(organisations.person_by_sign_in("group@demo").id).codes(PLACE, "unit")[0]
    practice = organisations.viewer(organisations.person_by_sign_in("gp@demo").id).codes(PLACE, "practice")[0]
    page(group, "/position/2008-05")
    page(group, f"/units/{mine}/statement")
    page(group, f"/units/{OTHER}/statement", 404)
    page(gp, f"/practices/{practice}/statement?month=2008-05")
    page(gp, "/practices/E82901/statement" if practice != "E82901" else "/practices/E82902/statement", 404)
    page(gp, "/entries", 403)
    page(as_role("provider_lead"), "/position/2008-05", 403)
    page(as_role("public"), "/position/2008-05", 302)
    page(group, f"/units/{OTHER}/position/2008-05/note", 404)
    page(as_role("finance_manager"), f"/units/{OTHER}/position/2008-05/note", 403)


@pytest.mark.usefixtures("county")
def test_a_group_manager_is_shown_no_way_that_is_closed_to_them(as_role: As) -> None:
    browser, followed = as_role("group_manager"), set()
    mine = organisations.viewer(organisations.person_by_sign_in("group@demo").id).codes(PLACE, "unit")[0]
    for path in ("/months", "/months/2008-05", "/organisations", "/position/2008-05", f"/units/{mine}"):
        main = page(browser, path).partition("<main")[2]
        for href in set(re.findall(r'href="(/p/[^"#]+)"', main)) - followed:
            followed.add(href)
            if "download=" not in href:
                assert browser.get(href.replace("&amp;", "&")).status_code == 200, (path, href)
    assert f"{AT}/units/{mine}" in followed and not any(f"/units/{OTHER}" in href for href in followed)
    assert f'href="{AT}/units/{OTHER}' in page(as_role("finance_manager"), "/organisations")


@pytest.mark.usefixtures("county")
def test_names_stand_where_codes_stood(as_role: As) -> None:
    browser = as_role("finance_manager")
    name = {each.code: each.name for each in organisations.practices(PLACE)}["E82901"]
    for path in ("/entries", "/position/2008-05/due"):
        assert f"{name} (E82901)" in page(browser, path)
    shared = next(each for each in organisations.units(PLACE) if each.budget_line not in ("", each.code))
    for path in (f"/units/{shared.code}", f"/units/{shared.code}/statement?month=2008-05"):
        assert f"The budget of {shared.name} lies inside the" in page(browser, path)
    assert "lies inside" not in page(browser, f"/units/{OWN}")


@pytest.mark.usefixtures("county")
def test_a_gp_finds_the_budget_and_why_within_two_clicks(as_role: As) -> None:
    gp = as_role("gp_lead")
    practice = organisations.viewer(organisations.person_by_sign_in("gp@demo").id).codes(PLACE, "practice")[0]
    home = gp.get(AT).content.decode()
    statement = f"{AT}/practices/{practice}/statement"
    assert f'href="{statement}' in home
    figures = re.findall(r'href="(/explain/in-year/[^"]+)"', gp.get(statement).content.decode())
    assert figures and gp.get(figures[0]).status_code == 200


@pytest.mark.usefixtures("county")
def test_a_mistake_stands_beside_its_field_and_nothing_is_lost(as_role: As) -> None:
    browser = as_role("finance_manager")
    given = {
        "month": "2008-05", "unit": OWN, "practice": "E82921", "service_line": "prescribing", "kind": "actual",
        "amount": "12", "source": "statement of May", "confirmed": "yes",
    }  # fmt: skip
    answer = send(browser, f"{AT}/entries/new", given)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#practice"' in text and "is not in the group" in text
    assert 'value="statement of May"' in text
    taken = send(browser, f"{AT}/entries/new", given | {"practice": "E82901"})
    assert taken.status_code == 409
    assert "already has £60,000.00: OpenPBC itself entered it" in taken.content.decode()


@pytest.mark.usefixtures("county")
def test_a_locked_month_says_who_can_reopen_it(as_role: As) -> None:
    browser = as_role("finance_manager")
    checked = send(browser, f"{AT}/position/2008-04/lock", {"revision": "0"}).content.decode()
    assert "Entries for April 2008 and all earlier months are refused" in checked
    assert "nothing is entered" in checked
    assert send(browser, f"{AT}/position/2008-04/lock", {"revision": "0", "confirmed": "yes"}).status_code == 302
    given = {
        "month": "2008-04", "unit": OWN, "service_line": "community", "kind": "actual", "amount": "12", "source": "x",
    }  # fmt: skip
    answer = send(browser, f"{AT}/entries/new", given | {"confirmed": "yes"})
    assert answer.status_code == 422
    assert "A finance manager can reopen it, with a reason" in answer.content.decode()
    text = page(browser, "/position/2008-04")
    assert "Reopen this position" in text and "Lock this position" not in text
    stale = send(browser, f"{AT}/position/2008-05/lock", {"revision": "0", "confirmed": "yes"})
    assert stale.status_code == 409


@pytest.mark.usefixtures("county")
def test_a_note_and_an_action_stand_on_the_position_and_in_the_work(as_role: As) -> None:
    browser = as_role("group_manager")
    mine = organisations.viewer(organisations.person_by_sign_in("group@demo").id).codes(PLACE, "unit")[0]
    at = f"{AT}/units/{mine}/position/2008-05"
    assert (
        send(browser, f"{at}/note", {"service_line": "acute", "text": "Two <b>beds</b>", "seen": "0"}).status_code
        == 302
    )
    task = {"text": "Ask the ward", "role": "group_manager", "due": "30 June 2008", "service_line": "acute"}
    assert send(browser, f"{at}/action", task).status_code == 302
    text = browser.get(at).content.decode()
    assert "Two &lt;b&gt;beds&lt;/b&gt;" in text and "Ask the ward" in text
    assert "Ask the ward" in browser.get(AT).content.decode()
    assert "Ask the ward" not in as_role("finance_manager").get(AT).content.decode()


@pytest.mark.usefixtures("county")
def test_a_file_with_a_mistake_comes_back_to_be_mended(as_role: As) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser = as_role("finance_manager")
    rows = b"month,group,practice,service_line,kind,amount,source\n2008-05,WATCOM,,community,actual,ten,x\n"
    sent = send(browser, f"{AT}/entries/file", {"file": SimpleUploadedFile("may.csv", rows)})
    assert sent.status_code == 302
    text = browser.get(sent.url).content.decode()
    assert "1 rows: 0 good, 1 with a mistake" in text and "&#39;ten&#39; is not a number" in text
    assert b"'ten' is not a number" in browser.get(f"{sent.url}?download=mend.csv").content
    empty = send(browser, f"{AT}/entries/file", {})
    assert empty.status_code == 422 and "Choose the file to send" in empty.content.decode()


@pytest.mark.usefixtures("county")
def test_a_pack_shows_five_areas_and_counts_late_packs(as_role: As) -> None:
    browser = as_role("analyst")
    text = page(browser, f"/units/{OWN}/pack")
    for area in ("Health of the people", "Inequalities", "Benchmarks", "Budgets and incentive", "Hospital activity"):
        assert area in text
    assert text.count("not set") >= 3
    assert "30 May 2008" in text  # working day 20 after April, past two bank holidays
    assert "month not closed" in text  # ten months have no figures yet: nothing to send, so nothing is late
    assert "0 packs of the year are sent; 2 were or are late." in text
    at = f"{AT}/units/{OWN}/pack"
    assert send(browser, f"{at}/2008-04/sent", {"sent_on": "30 May 2008"}).status_code == 302
    assert send(browser, f"{at}/2008-05/sent", {"sent_on": "1 July 2008"}).status_code == 302
    text = page(browser, f"/units/{OWN}/pack")
    assert "sent in time" in text and "sent late" in text
    assert "2 packs of the year are sent; 1 were or are late." in text
    early = send(browser, f"{at}/2008-06/sent", {"sent_on": "29 June 2008"})
    assert early.status_code == 422 and "before the month has ended" in early.content.decode()


def test_a_place_without_figures_says_so_on_every_page(people, as_role: As) -> None:
    browser = as_role("finance_manager")
    other = "/p/blmk-2023"
    from openpbc.organisations.actions import assign_role

    person = organisations.person_by_sign_in("finance@demo")
    assign_role(
        by=SYSTEM, user_id=person.id, role="finance_manager", place="blmk-2023", scope="place", code="",
        valid_from=APRIL.first, reason="a test",
    )  # fmt: skip
    answer = browser.get(f"{other}/position/2023-06")
    assert answer.status_code == 200
    assert "Budgets are not set" in answer.content.decode()


def functions_of(browser: Client, unit: str) -> list[list[str]]:
    text = page(browser, f"/units/{unit}?download=functions.csv").removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(text)))
    first = next(at for at, row in enumerate(rows) if row and row[0] == "Function")
    return [row[1:3] for row in rows[first + 1 : first + 5]]


@pytest.mark.usefixtures("people")
def test_a_group_with_nothing_yet_shows_its_four_functions_without_an_error(as_role: As) -> None:
    text = page(as_role("finance_manager"), f"/units/{OWN}")
    assert "There is no activity yet" in text and "What the group is for, and what it has now" in text
    nothing = ["0", "nothing yet"]
    pathways, services, budget, managing = functions_of(as_role("finance_manager"), "HERTSMERE")
    assert (pathways, budget, managing) == (nothing, nothing, nothing)
    assert services[0] != "0" or services == nothing
    assert "What the group is for" not in as_role("analyst").get("/p/blmk-2023/organisations").content.decode()


@pytest.mark.usefixtures("county")
def test_a_group_shows_what_it_has_of_each_function_and_a_case_only_to_those_who_may_see_it(as_role: As) -> None:
    given = {"area": "Respiratory", "need": "many admissions"}
    redesign.propose(by=SYSTEM, place=PLACE, unit=OWN, title="Breathing clinics", **given)
    redesign.propose(by=SYSTEM, place=PLACE, unit="DATCOM", title="Of another group", **given | {"area": "Skin"})
    given = {"text": "Look at day cases", "role": "finance_manager", "due": MAY.last}
    actions.set_task(by=SYSTEM, place=PLACE, month=MAY, unit=OWN, **given)
    pathways, _, budget, managing = functions_of(as_role("finance_manager"), OWN)
    assert pathways == ["1", "Breathing clinics (priority proposed)"]
    assert budget[0] != "0" and "Prescribing" in budget[1]
    assert managing[0] == "1" and managing[1].endswith("against the budget to May 2008")
    text = page(as_role("finance_manager"), f"/units/{OWN}")
    assert f'href="{AT}/cases"' in text and f'href="{AT}/units/{OWN}/plan"' in text
    conflicted("analyst@demo", matter=of_case(PLACE, 1))
    assert functions_of(as_role("analyst"), OWN)[0] == ["0", "nothing yet"]
    assert functions_of(as_role("contract_manager"), OWN)[0] == pathways
