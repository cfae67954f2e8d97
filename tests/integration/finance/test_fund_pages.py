"""Pooled funds, freed-up resources, opening balances and the year's end on the site: checked before they are posted."""

from __future__ import annotations

import re
from datetime import date

import pytest

from openpbc.finance import actions, reads
from openpbc.finance.reads import funds
from openpbc.finance.reads.explaining import explain
from openpbc.finance.rules.ledger import Entry
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.steps import recompute
from openpbc.organisations import actions as places
from openpbc.organisations.reads import book
from tests.integration.at_once import at_once
from tests.integration.finance.conftest import ANN, BOB
from tests.integration.site.conftest import HERE, As, as_role, people, quick_hashing, send

pytestmark = pytest.mark.one_database

__all__ = ["as_role", "people", "quick_hashing"]
AT, YEAR, DAY = f"/p/{HERE}/ledger", "2008-09", date(2008, 4, 1)
TOLD = {"on": "1/4/2008", "reason": "SYNTHETIC"}
POSTED = {"place": HERE, "on": DAY, "reason": "SYNTHETIC"}
WATCOM = "group/WATCOM/in-scope"


def give(pence: int = 1_000_00) -> None:
    entries = (Entry("allocation", -pence), Entry(WATCOM, pence))
    actions.post(by=SYSTEM, kind="budget", entries=entries, **POSTED)


def holds(year: str = YEAR) -> dict[str, int]:
    return {each.account.code: each.pence for each in reads.ledger_balances(HERE, year) if each.pence}


def figures(text: str) -> list[tuple[str, int]]:
    found = re.findall(r'data-figure="([^"]+)" data-value="(-?\d+)"', text)
    return [(address.replace("&amp;", "&"), int(value)) for address, value in found]


def test_partners_pay_in_and_bear_what_is_spent_by_their_shares(as_role: As) -> None:
    give()
    finance = as_role("finance_manager")
    first = {"pool": "Community equipment", "partner": "county", "pence": "300"} | TOLD
    checked = send(finance, f"{AT}/funds/pay", first).content.decode()
    assert "Received from the partner" in checked and "Pooled fund Community equipment: share of county" in checked
    assert not any(code.startswith("pool/") for code in holds())
    assert send(finance, f"{AT}/funds/pay", first | {"confirmed": "yes"}).status_code == 302
    own = {"pool": "Community equipment", "partner": "pct", "pence": "100", "source": WATCOM} | TOLD
    send(finance, f"{AT}/funds/pay", own | {"confirmed": "yes"})
    spent = {"pool": "Community-equipment", "purpose": "hoists", "pence": "80.01"} | TOLD
    checked = send(finance, f"{AT}/funds/spend", spent).content.decode()
    assert "-£60.01" in checked.replace("\N{MINUS SIGN}", "-") and "-£20.00" in checked.replace("\N{MINUS SIGN}", "-")
    send(finance, f"{AT}/funds/spend", spent | {"confirmed": "yes"})
    pool = "pool/Community-equipment"
    assert (holds()[f"{pool}/county"], holds()[f"{pool}/pct"]) == (239_99, 80_00)
    shown = as_role("sha_manager").get(f"{AT}/funds").content.decode()
    for address, value in figures(shown):
        found = explain(book(HERE), address)
        assert found.value == recompute(found) == value, address
    assert "£300.00" in shown and "funds/pay" not in shown
    too_much = send(finance, f"{AT}/funds/spend", spent | {"pence": "9,000"})
    assert too_much.status_code == 422 and "would have to pay" in too_much.content.decode()


def test_a_reversed_payment_is_no_share(as_role: As) -> None:
    give()
    told = {"by": ANN, "pool": "beds", **POSTED}
    actions.pay_into_pool(partner="county", pence=300, **told)
    wrong = actions.pay_into_pool(partner="pct", pence=100, source=WATCOM, **told)
    actions.reverse(by=ANN, place=HERE, number=wrong.number, on=DAY, reason="a mistake")
    assert [(each.partner, each.flow.came, each.flow.went) for each in funds.pool_shares(book(HERE))] == [
        ("county", 300, 0), ("pct", 0, 0),
    ]  # fmt: skip
    assert funds.spending(book(HERE), "beds", 10, "x") == (Entry("pool/beds/county", -10), Entry("spent/pool/x", 10))


def test_what_a_group_frees_up_is_its_own_to_use(as_role: As) -> None:
    give()
    finance = as_role("finance_manager")
    said = {"source": WATCOM, "pence": "100.01"} | TOLD
    checked = send(finance, f"{AT}/funds/free-up", said).content.decode()
    assert "£70.01" in checked and "£30.00" in checked, "seventy per cent, to the next penny, stays"
    send(finance, f"{AT}/funds/free-up", said | {"confirmed": "yes"})
    assert (holds()["freed/WATCOM"], holds()["held/unallocated"]) == (70_01, 30_00)
    use = {"unit": "WATCOM", "pence": "20"} | TOLD
    for wrong, sentence in (
        ({}, "say either which budget"),
        ({"target": WATCOM, "purpose": "scanner"}, "say either which budget"),
        ({"purpose": "scanner", "pence": "0"}, "more than nought"),
        ({"purpose": "a/b"}, "is no short name"),
    ):
        refused = send(finance, f"{AT}/funds/use", use | wrong)
        assert refused.status_code == 422 and sentence in refused.content.decode().lower().replace("&#39;", "'")
    send(finance, f"{AT}/funds/use", use | {"purpose": "scanner", "confirmed": "yes"})
    send(finance, f"{AT}/funds/use", use | {"target": WATCOM, "confirmed": "yes"})
    assert (holds()["freed/WATCOM"], holds()["spent/freed/scanner"]) == (30_01, 20_00)
    with pytest.raises(UserError, match="is the group's to use"):
        other = "group/DATCOM/in-scope"
        actions.post(by=ANN, kind="budget", entries=(Entry("allocation", -5), Entry(other, 5)), **POSTED)
        actions.use_freed(by=ANN, unit="WATCOM", pence=5, target=other, **POSTED)
    shown = as_role("analyst").get(f"{AT}/funds").content.decode()
    assert "WatCom" in shown and "£40.00" in shown.replace("\N{MINUS SIGN}", "-")


def test_opening_balances_are_pasted_checked_and_posted_whole(as_role: As) -> None:
    finance = as_role("finance_manager")
    assert "bring in opening balances" in finance.get(AT).content.decode()
    good = "allocation\t-1,000.00\nheld/contingency\t100\ngroup/WATCOM/in-scope\t900\n"
    checked = send(finance, f"{AT}/opening", {"rows": good}).content.decode()
    assert "£900.00" in checked and not holds()
    done = send(finance, f"{AT}/opening", {"rows": good, "confirmed": "yes"})
    assert done.headers["Location"] == f"{AT}/journals/1"
    assert holds() == {"allocation": -1_000_00, "held/contingency": 100_00, WATCOM: 900_00}
    other = send(finance, f"{AT}/opening", {"rows": "allocation,-5\nheld/x,5", "confirmed": "yes"})
    assert other.status_code == 422 and "was opened by" in other.content.decode()


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("allocation,-5\nheld/x,six", "is not a number"),
        ("allocation,-5\nheld/x,4", "must add up to nought"),
        ("allocation,-5\nsavings,5", "is no account of the ledger"),
        ("allocation,-5\nheld/x,4,1", "cells"),
        ('allocation,-5\n"held/x,5', "no table"),
        ("=cmd,5\nallocation,-5", "is no account of the ledger"),
    ],
)
def test_faulty_balances_are_told_beside_the_field(rows: str, sentence: str, as_role: As) -> None:
    refused = send(as_role("finance_manager"), f"{AT}/opening", {"rows": rows, "confirmed": "yes"})
    assert refused.status_code == 422 and sentence in refused.content.decode().lower().replace("&#39;", "'")
    assert not holds()


def test_a_year_is_carried_forward_as_it_was_shown(as_role: As) -> None:
    finance = as_role("finance_manager")
    give()
    entries = (Entry(WATCOM, -100_00), Entry("deposit/WATCOM", 100_00))
    actions.post(by=ANN, kind="deposit", entries=entries, **POSTED)
    text = finance.get(f"{AT}/year-end").content.decode()
    assert "£100.00" in text and "£900.00" in text and 'name="seen" value="2"' in text
    said = {"on": "31/3/2009", "reason": "Year end", "seen": "2"}
    give(5_00)
    late = send(finance, f"{AT}/year-end", said | {"confirmed": "yes"})
    assert late.status_code == 409 and "posted journal 3 after you had looked" in late.content.decode()
    done = send(finance, f"{AT}/year-end", said | {"seen": "3", "confirmed": "yes"})
    assert done.status_code == 302
    assert holds("2009-10") == {"allocation": -100_00, "deposit/WATCOM": 100_00}
    assert holds() == {}


def test_money_of_which_nobody_has_said_is_decided_on_the_page_and_comes_back(as_role: As) -> None:
    give()
    actions.pay_into_pool(by=ANN, pool="beds", partner="county", pence=300_00, **POSTED)
    actions.pay_into_pool(by=ANN, pool="beds", partner="health", pence=100_00, source=WATCOM, **POSTED)
    actions.free_up(by=ANN, source=WATCOM, pence=50_00, **POSTED)
    before, last = holds(), len(reads.journals(HERE, YEAR))
    finance = as_role("finance_manager")
    asked = finance.get(f"{AT}/year-end").content.decode()
    assert "decide it here" in asked and 'name="carries-pool"' in asked and 'name="carries-freed"' in asked
    said = {"on": "31/3/2009", "reason": "Year end", "seen": str(last), "confirmed": "yes"}
    assert send(finance, f"{AT}/year-end", said | {"carries-pool": "yes", "why": "x"}).status_code == 422
    said |= {"carries-pool": "yes", "carries-freed": "no"}
    assert send(finance, f"{AT}/year-end", said).status_code == 422, "a decision needs its reason"
    said |= {"why": "The partners agreed on 3 March"}
    checked = send(finance, f"{AT}/year-end", {**said, "confirmed": ""}).content.decode()
    assert "It is carried into the next year" in checked and "The partners agreed on 3 March" in checked
    assert send(finance, f"{AT}/year-end", said).status_code == 302
    after = {"allocation": -100_00, "allocation/partners": -300_00, "pool/beds/county": 300_00}
    assert holds("2009-10") == after | {"pool/beds/health": 100_00} and holds() == {}
    assert reads.partners_shares(HERE, "2009-10") == {"pool/beds/county"}
    closing = reads.journals(HERE, YEAR, limit=1)[0]
    assert "Decided at the year's end" in closing.reason and "The partners agreed on 3 March" in closing.reason
    undo = {"on": "31/3/2009", "reason": "Too early", "confirmed": "yes"}
    assert send(finance, f"{AT}/journals/{closing.number}/reverse", undo).status_code == 302
    assert holds() == before and holds("2009-10") == {}
    with pytest.raises(UserError, match="nothing to decide on accounts of kind group"):
        actions.roll_over(by=ANN, place=HERE, on=DAY, reason="x", decided={"group": True}, why="x")


@pytest.mark.parametrize("path", ["funds/pay", "funds/spend", "funds/free-up", "funds/use", "opening", "year-end"])
def test_others_do_not_move_this_money(path: str, as_role: As) -> None:
    for role in ("group_manager", "sha_manager", "analyst"):
        assert as_role(role).get(f"{AT}/{path}").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_who_spend_from_a_pool_or_end_the_year_at_once(transactional_db: None, settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    places.load_place(by=SYSTEM, place=HERE)
    give()
    told = {"pool": "beds", **POSTED}
    actions.pay_into_pool(by=ANN, partner="county", pence=100, **told)
    spend = [lambda by=by: actions.spend_from_pool(by=by, pence=80, purpose="x", **told) for by in (ANN, BOB)]
    results = at_once(*spend)
    assert sum(isinstance(each, actions.Posted) for each in results) == 1, results
    assert holds()["pool/beds/county"] == 20
    actions.spend_from_pool(by=ANN, pence=20, purpose="x", **told)
    seen = reads.journals(HERE, YEAR, limit=1)[0].number
    ends = [lambda by=by: actions.roll_over(by=by, place=HERE, on=DAY, reason="end", seen=seen) for by in (ANN, BOB)]
    results = at_once(*ends)
    assert sum(isinstance(each, str) and "after you had looked" in each for each in results) == 1, results
    assert reads.ledger_check(HERE, YEAR).intact
    with pytest.raises(Stale):
        actions.roll_over(by=ANN, place=HERE, on=DAY, reason="again", seen=seen)
