"""The pages of the ledger as the finance manager uses them: what they show, post and refuse, and how they say it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from django.test import Client

from openpbc.finance import actions, reads
from openpbc.finance.pages import ledger_writing
from openpbc.finance.rules.ledger import Draft, Entry
from openpbc.kernel.steps import recompute
from openpbc.organisations.reads import book
from openpbc.organisations.reads import people as people_of
from tests.integration.finance.conftest import ANN, DAY
from tests.integration.site.conftest import HERE, As

pytestmark = [pytest.mark.usefixtures("people"), pytest.mark.one_database]
YEAR = "2008-09"
AT = f"/p/{HERE}/ledger"
FROM, TO = "group/WATCOM/in-scope", "group/DATCOM/in-scope"
GIVEN = {"source": FROM, "target": TO, "pence": "12.34", "on": "27 June 2008", "reason": "Shared nurse", "seen": "2"}
FIGURE = re.compile(r'data-figure="([^"]*)" data-value="(-?\d+)"')
KEY = re.compile(r'name="idempotency_key" value="([^"]+)"')


@pytest.fixture
def posted(people: None) -> None:
    """Two journals: money received, and the budgets of two groups."""
    money = (Entry("allocation", -900_00), Entry("held/unallocated", 900_00))
    budgets = (Entry("held/unallocated", -700_00), Entry(FROM, 400_00), Entry(TO, 300_00))
    journals = (
        Draft("allocation", money, DAY, "SYNTHETIC money"),
        Draft("budget", budgets, DAY, "SYNTHETIC budgets", "decision/1"),
    )
    actions.post_many(by=ANN, place=HERE, journals=journals)


def page(browser: Client, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def send(browser: Client, path: str, given: dict[str, str]):
    """Send the form with the key of a page just opened, as a browser would."""
    return browser.post(path, given | {"idempotency_key": KEY.findall(page(browser, path))[0]})


def test_before_anything_is_posted_the_page_says_how_to_begin(as_role: As) -> None:
    text = page(as_role("finance_manager"), AT)
    assert "Nothing is posted for 2008-09 yet" in text and f'href="{AT}/opening"' in text


@pytest.mark.usefixtures("posted")
def test_every_figure_of_every_page_is_explained(as_role: As) -> None:
    browser = as_role("finance_manager")
    seen = 0
    for path in ("", f"/accounts/{FROM}", "/journals", "/journals/2", "?kind=group", "?text=wat", "?unit=DATCOM"):
        for address, value in FIGURE.findall(page(browser, AT + path)):
            found = reads.explain(book(HERE), address.replace("&amp;", "&"))
            assert recompute(found) == found.value == int(value), address
            seen += 1
    assert seen > 30


@pytest.mark.usefixtures("posted")
def test_practices_are_one_row_a_budget_line_until_they_are_asked_for(as_role: As) -> None:
    given = {"by": ANN, "place": HERE, "unit": "WATCOM", "method": "registered-list", "on": DAY, "reason": "SYNTHETIC"}
    actions.issue_indicative(**given)
    browser = as_role("finance_manager")
    text = page(browser, AT)
    assert "Practices of WATCOM" in text and "accounts/practice/" not in text
    for address, value in FIGURE.findall(text):
        found = reads.explain(book(HERE), address.replace("&amp;", "&"))
        assert recompute(found) == found.value == int(value), address
    assert "accounts/practice/" in page(browser, f"{AT}?kind=practice&unit=WATCOM&year={YEAR}")


@pytest.mark.usefixtures("posted")
def test_the_trial_balance_foots_to_nought(as_role: As) -> None:
    found = reads.trial_balance(HERE, YEAR)
    assert found.total is not None and found.total.balance.pence == 0
    assert {moved.pence for moved in found.total.movements.values()} == {0}
    assert found.kinds == ("allocation", "budget")
    assert reads.trial_balance(HERE, YEAR, kind="held").total is None


@pytest.mark.parametrize(
    ("role", "status"),
    [("analyst", 200), ("sha_manager", 200), ("gp_lead", 403), ("group_manager", 403), ("provider_lead", 403)],
)
@pytest.mark.usefixtures("posted")
def test_who_may_read_the_ledger(as_role: As, role: str, status: int) -> None:
    for path in ("", f"/accounts/{FROM}", "/journals", "/journals/1"):
        text = page(as_role(role), AT + path, status)
        assert "Move money" not in text and "Reverse this" not in text


@pytest.mark.parametrize("path", ["/virement", "/journals/2/reverse", "/indicative"])
@pytest.mark.usefixtures("posted")
def test_only_finance_may_post(as_role: As, path: str) -> None:
    for role in ("analyst", "group_manager", "committee_chair"):
        assert as_role(role).get(AT + path).status_code == 403
        assert as_role(role).post(AT + path, GIVEN).status_code == 403
    assert reads.count_journals(HERE, YEAR) == 2


@pytest.mark.usefixtures("posted")
def test_a_virement_is_checked_and_then_posted_once(as_role: As) -> None:
    browser = as_role("finance_manager")
    checked = send(browser, f"{AT}/virement", GIVEN).content.decode()
    assert "Check: Move money between budgets" in checked and "£387.66" in checked and "£312.34" in checked
    assert reads.count_journals(HERE, YEAR) == 2
    key = {"idempotency_key": KEY.findall(checked)[0], "confirmed": "yes"}
    answers = [browser.post(f"{AT}/virement", GIVEN | key) for _ in range(2)]
    assert [answer.url for answer in answers] == [f"{AT}/journals/3"] * 2
    told = reads.journal(HERE, YEAR, 3)
    assert (told.on, told.reason, told.moved, told.by_name) == (
        date(2008, 6, 27),
        "Shared nurse",
        12_34,
        "Demo finance manager",
    )
    assert reads.count_journals(HERE, YEAR) == 3
    assert "Shared nurse" in page(browser, f"{AT}/journals/3")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"pence": "400.01"}, "WatCom in scope holds £400.00; you asked to move £400.01. Move at most £400.00."),
        ({"pence": "-5"}, "A virement moves more than nought"),
        ({"pence": "five"}, "is not a number"),
        ({"pence": ""}, "Give the sum"),
        ({"target": FROM}, "goes to another budget than it comes from"),
        ({"target": "group/NOBODY/in-scope"}, "not one of the choices"),
        ({"source": "allocation"}, "not one of the choices"),
        ({"on": "27 June"}, "is not a day"),
        ({"reason": " "}, "Say why the money moves"),
        ({"on": "27 June 2010"}, "27 June 2010 is no day for the ledger of 2008/09"),
        ({"seen": ""}, "Open the page again."),
    ],
)
@pytest.mark.usefixtures("posted")
def test_a_mistake_brings_the_form_back_with_its_sentence(as_role: As, changes: dict[str, str], sentence: str) -> None:
    answer = send(as_role("finance_manager"), f"{AT}/virement", GIVEN | changes)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert reads.count_journals(HERE, YEAR) == 2


@pytest.mark.usefixtures("posted")
def test_a_day_of_another_year_is_refused_when_it_is_posted(as_role: As) -> None:
    answer = send(as_role("finance_manager"), f"{AT}/virement", GIVEN | {"on": "27 June 2010", "confirmed": "yes"})
    assert answer.status_code == 422 and "no day for the ledger of 2008/09" in answer.content.decode()


@pytest.mark.usefixtures("posted")
def test_a_virement_that_saw_a_journal_that_is_not_there_is_refused_on_the_form(as_role: As) -> None:
    answer = send(as_role("finance_manager"), f"{AT}/virement", GIVEN | {"seen": "9"})
    assert answer.status_code == 409 and "is not posted yet, and you had seen it" in answer.content.decode()


@pytest.mark.usefixtures("posted")
def test_long_lists_of_budgets_are_shortened_by_words_first(as_role: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_writing, "SHORT", 2)
    browser = as_role("finance_manager")

    def offered(text: str, name: str) -> list[str]:
        return re.findall(r'<option value="([^"]+)"', text.split(f'name="{name}"')[1].split("</select>")[0])

    whole = page(browser, f"{AT}/virement")
    assert "Shorten the lists" in whole and {FROM, TO} < set(offered(whole, "target"))
    at = f"{AT}/virement?giving=watcom+SCOPE&taking=datcom"
    short = page(browser, at)
    assert (offered(short, "source"), offered(short, "target")) == ([FROM], [TO])
    assert "1 of 3 budgets" in short
    assert "Check: Move money between budgets" in send(browser, at, GIVEN).content.decode(), "words stay in the address"
    assert "shorten the list by other words" in page(browser, f"{AT}/virement?giving=nobody")


@pytest.mark.usefixtures("posted")
def test_who_comes_second_is_told_and_may_then_decide_again(as_role: As) -> None:
    browser = as_role("finance_manager")
    opened = page(browser, f"{AT}/virement")
    assert 'name="seen" value="2"' in opened
    actions.virement(by=ANN, place=HERE, source=FROM, target=TO, pence=5_00, on=DAY, reason="first")
    answer = send(browser, f"{AT}/virement", GIVEN | {"confirmed": "yes"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody changed this since you looked: Ann of finance posted journal 3 on" in text
    assert 'name="seen" value="3"' in text and "Shared nurse" in text
    assert reads.count_journals(HERE, YEAR) == 3
    again = send(browser, f"{AT}/virement", GIVEN | {"seen": "3", "confirmed": "yes"})
    assert again.status_code == 302


@pytest.mark.usefixtures("posted")
def test_a_journal_is_reversed_from_its_page(as_role: As) -> None:
    browser = as_role("finance_manager")
    assert "Reverse this journal" in page(browser, f"{AT}/journals/2")
    given = {"on": "1 July 2008", "reason": "Wrong set"}
    checked = send(browser, f"{AT}/journals/2/reverse", given).content.decode()
    assert "What this does" in checked and "£900.00" in checked
    answer = browser.post(
        f"{AT}/journals/2/reverse", given | {"confirmed": "yes", "idempotency_key": KEY.findall(checked)[0]}
    )
    assert answer.url == f"{AT}/journals/3"
    assert "Reversed by" in page(browser, f"{AT}/journals/2")
    assert "Reverse this journal" not in page(browser, f"{AT}/journals/2")
    second = send(browser, f"{AT}/journals/2/reverse", given | {"confirmed": "yes"})
    assert second.status_code == 409 and "was reversed by Demo finance manager" in second.content.decode()


@pytest.mark.usefixtures("posted")
def test_what_is_not_there_is_a_sentence(as_role: As) -> None:
    browser = as_role("finance_manager")
    assert "no account" in page(browser, f"{AT}/accounts/held/nothing", 422)
    assert "no journal 9" in page(browser, f"{AT}/journals/9", 422)
    assert "is not a financial year" in page(browser, f"{AT}?year=soon", 422)
    assert "Nothing is posted for 2009-10 yet" in page(browser, f"{AT}?year=2009-10")


@pytest.mark.usefixtures("posted")
def test_a_download_holds_what_the_page_shows(as_role: As) -> None:
    browser = as_role("finance_manager")
    text = browser.get(f"{AT}/accounts/{FROM}?download=statement.csv").content.decode()
    assert "Journal 2,1 April 2008,Budget,SYNTHETIC budgets" in text and ",400,400" in text
    assert browser.get(f"{AT}?download=page.xlsx").status_code == 200


@pytest.mark.usefixtures("posted")
def test_a_group_s_budget_is_issued_from_the_page(as_role: As) -> None:
    browser = as_role("finance_manager")
    assert "Issue indicative budgets of DatCom, WatCom" in page(browser, f"/p/{HERE}")
    given = {"unit": "WATCOM", "method": "registered-list", "on": "1 April 2008", "reason": "SYNTHETIC"}
    checked = send(browser, f"{AT}/indicative", given).content.decode()
    assert "What each practice gets" in checked and "£400.00" in checked
    assert reads.count_journals(HERE, YEAR) == 2
    answer = send(browser, f"{AT}/indicative", given | {"confirmed": "yes"})
    assert answer.status_code == 302
    assert "practice/" in page(browser, answer.url)
    again = send(browser, f"{AT}/indicative", given)
    assert again.status_code == 422 and "not one of the choices" in again.content.decode()
    by_need = send(browser, f"{AT}/indicative", given | {"unit": "DATCOM", "method": "need-weighted"})
    assert by_need.status_code == 422 and "is not set for 2008/09" in by_need.content.decode()


@pytest.mark.usefixtures("posted")
def test_a_practice_sees_its_own_money_and_nobody_else_s(as_role: As) -> None:
    for unit in ("WATCOM", "DATCOM"):
        given = {"by": ANN, "place": HERE, "unit": unit, "method": "registered-list", "on": DAY, "reason": "SYNTHETIC"}
        actions.issue_indicative(**given)
    gp = next(each for each in people_of() if each.sign_in == "gp@demo").assignments[0].code
    shown = {each.account.practice: each for each in reads.ledger_balances(HERE, YEAR, kind="practice")}
    other = next(code for code in shown if code != gp)
    browser = as_role("gp_lead")
    assert browser.get(f"/explain/{shown[gp].address}").status_code == 200
    assert browser.get(f"/explain/{shown[other].address}").status_code == 404
    assert as_role("finance_manager").get(f"/explain/{shown[other].address}").status_code == 200


def test_a_demonstration_uses_the_ledger_once(people: None) -> None:
    assert actions.demonstrate_ledger(by=ANN, place=HERE) == 0  # nothing is posted yet
    budgets = tuple(Entry(code, 1_000_000_00) for code in (FROM, TO, "held/contingency", "held/unallocated"))
    money = (Entry("allocation", -4_000_000_00), *budgets)
    actions.post(by=ANN, place=HERE, kind="budget", entries=money, on=DAY, reason="SYNTHETIC")
    assert actions.demonstrate_ledger(by=ANN, place=HERE) == 11
    kinds = Counter(each.kind for each in reads.journals(HERE, YEAR))
    assert kinds == {"budget": 1, "indicative": 2, "virement": 2, "reversal": 1, "opening": 1, "pool": 3, "freed": 1,
                     "freed-use": 1}  # fmt: skip
    assert all("SYNTHETIC" in each.reason for each in reads.journals(HERE, YEAR))
    assert actions.demonstrate_ledger(by=ANN, place=HERE) == 0
    assert reads.ledger_check(HERE, YEAR).intact
