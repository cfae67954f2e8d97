"""The scope register: items entered, moves proposed and decided, and what they change seen before."""

from __future__ import annotations

import pytest

from openpbc.audit import reads as audit
from openpbc.finance import actions, reads
from openpbc.finance.reads.explaining import explain
from openpbc.finance.reads.scope_register import Effect, agreed, effect_of, item, items, settings_of
from openpbc.finance.rules.scope_moves import ItemAmounts
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.steps import recompute
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as organisations_reads
from tests.integration.at_once import at_once
from tests.integration.finance.conftest import ANN, BOB
from tests.integration.site.conftest import HERE, As, as_role, people, quick_hashing, send

THOUSAND = 100_000
GIL = Actor("gil@example.org", "Gil of WatCom", frozenset({"group_manager"}))
HUNDRED = {"WATCOM": ItemAmounts(100 * THOUSAND, 100 * THOUSAND)}
SPREAD = {"WATCOM": ItemAmounts(400 * THOUSAND, 410 * THOUSAND), "DATCOM": ItemAmounts(600 * THOUSAND, 590 * THOUSAND)}


@pytest.fixture
def book(db):
    organisations.load_place(by=SYSTEM, place=HERE)
    return organisations_reads.book(HERE)


def enter(title: str = "Minor surgery", amounts=HUNDRED, scope: str = "in") -> int:
    return actions.add_scope_item(by=ANN, place=HERE, title=title, scope=scope, amounts=amounts, note="SYNTHETIC")


def propose(number: int, wanted: str = "out", revision: int = 1, by: Actor = GIL) -> int:
    return actions.propose_scope(
        by=by, place=HERE, number=number, revision=revision, wanted=wanted, reason="Set nationally", unit="WATCOM"
    )


def decide(number: int, proposal: int = 1, outcome: str = "agreed", revision: int = 1, by: Actor = ANN) -> None:
    facts = {"number": number, "proposal": proposal, "outcome": outcome, "revision": revision}
    actions.decide_scope(by=by, place=HERE, reason="As the groups asked", **facts)


@pytest.mark.django_db
def test_an_item_of_a_hundred_moves_a_hundred_once_it_is_agreed(book) -> None:
    number = enter()
    assert enter() == number, "entering the same again changes nothing"
    propose(number)
    assert agreed(book) == {}
    seen = effect_of(book, item(book, number), "out")
    assert isinstance(seen, Effect)
    decide(number)
    assert item(book, number).scope == "out"
    after = reads.fair_shares(book, settings_of(agreed(book)))
    before = reads.fair_shares(book)
    one, other = before.group("WATCOM"), after.group("WATCOM")
    assert (one.base - other.base, other.excluded - one.excluded) == (100 * THOUSAND, 100 * THOUSAND)
    assert [group.amount for group in after.groups] == [group.amount for group in seen.after.groups]
    assert after.share_total == before.share_total
    events = [event.action for event in audit.events(action="finance.")]
    assert events == ["finance.decide_scope", "finance.propose_scope", "finance.add_scope_item"]


@pytest.mark.django_db
def test_a_move_and_its_way_back_leave_nothing(book) -> None:
    number = enter()
    propose(number)
    decide(number)
    propose(number, "in", revision=2)
    decide(number, proposal=2, revision=2)
    assert agreed(book) == {}
    assert settings_of(agreed(book)) == reads.Settings()


@pytest.mark.django_db
@pytest.mark.parametrize("scope", ["in", "out"])
def test_provider_services_by_capitation_move_bases_and_keep_the_total(book, scope: str) -> None:
    number = enter("Provider services", SPREAD, scope)
    assert item(book, number).basis == "actual"
    propose(number, "capitation")
    decide(number)
    before, after = reads.fair_shares(book), reads.fair_shares(book, settings_of(agreed(book)))
    assert after.base_total == before.base_total
    assert after.pot == before.pot
    assert sum(one.base for one in after.groups) == sum(one.base for one in before.groups)
    figure = "base" if scope == "in" else "excluded"
    moved = [getattr(a, figure) - getattr(b, figure) for a, b in zip(after.groups, before.groups, strict=True)]
    assert sum(moved) == 0 and any(moved)
    for shown in (f"last-{code}" for code in (*item(book, number).amounts, "all")):
        found = explain(book, f"scope-item/{HERE}/{number}/{shown}")
        assert found.value == recompute(found)
    assert explain(book, f"scope-item/{HERE}/{number}/last-all").value == 1_000 * THOUSAND


@pytest.mark.django_db
def test_refused_and_withdrawn_items_move_nothing(book) -> None:
    number = enter()
    propose(number)
    decide(number, outcome="refused")
    assert agreed(book) == {}
    assert [each.state for each in item(book, number).proposals] == ["refused"]
    other = enter("Dressings", SPREAD)
    propose(other)
    decide(other)
    assert agreed(book)
    actions.remove_scope_item(by=ANN, place=HERE, number=other, revision=2, reason="entered twice")
    assert agreed(book) == {}
    assert [each.title for each in items(book)] == ["Minor surgery"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"title": ""}, "needs a name"),
        ({"amounts": {}}, "without an amount moves nothing"),
        ({"amounts": {"NOBODY": ItemAmounts(1, 1)}}, "there is no group 'NOBODY'"),
        ({"amounts": {"WATCOM": ItemAmounts(-1, 1)}}, "may not be negative"),
        ({"scope": "beside"}, "in scope or out of it"),
    ],
)
def test_items_that_cannot_be_are_refused(book, given, told: str) -> None:
    with pytest.raises(UserError, match=told):
        enter(**({"title": "X", "amounts": HUNDRED} | given))
    assert items(book) == ()


@pytest.mark.django_db
def test_proposals_and_decisions_that_cannot_be_are_refused(book) -> None:
    number = enter()
    huge = enter("Everything", {"WATCOM": ItemAmounts(10**13, 1)})
    for call, told in (
        (lambda: propose(number, "in"), "stands so already"),
        (lambda: propose(number, "away"), "nothing that can be proposed"),
        (lambda: propose(99), "there is no item 99"),
        (lambda: propose(huge), "take more than WatCom holds"),
        (lambda: decide(number), "no longer waits"),
        (lambda: decide(number, outcome="perhaps"), "agreed or refused"),
        (lambda: enter(amounts=SPREAD), "is in the register"),
    ):
        with pytest.raises(UserError, match=told):
            call()
    propose(number)
    with pytest.raises(Stale, match="Gil of WatCom proposed to move it out of scope, and it waits"):
        propose(number, "capitation", by=BOB)
    decide(number)
    with pytest.raises(Stale, match="Ann of finance changed the item on .* out of scope"):
        decide(number)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_propose_or_decide_at_once_one_is_told() -> None:
    organisations.load_place(by=SYSTEM, place=HERE)
    book = organisations_reads.book(HERE)
    number = enter()
    results = at_once(lambda: propose(number), lambda: propose(number, "capitation", by=BOB))
    assert 1 in results
    assert sum("waits for a decision" in str(each) for each in results) == 1
    results = at_once(lambda: decide(number), lambda: decide(number, outcome="refused", by=BOB))
    assert results.count(None) == 1
    assert item(book, number).revision == 2
    assert [each.state for each in item(book, number).proposals] in (["agreed"], ["refused"])


@pytest.mark.django_db
def test_a_group_proposes_and_finance_decides_on_pages(as_role: As) -> None:
    finance, group = as_role("finance_manager"), as_role("group_manager")
    register = f"/p/{HERE}/scope"
    page = finance.get(register).content.decode()
    assert "Not supplied" in page and "No item is entered yet" in page
    given = {"title": "Minor <b>surgery</b>", "scope": "in", "last-0": "100", "this-0": "100", "note": ""}
    assert send(finance, f"{register}/add", given | {"last-0": "many"}).status_code == 422
    entered = send(finance, f"{register}/add", given)
    assert (entered.status_code, entered.url) == (302, f"{register}/1")
    assert "Minor &lt;b&gt;surgery" in group.get(register).content.decode()
    assert group.get(f"{register}/add").status_code == 403
    asked = {"wanted": "out", "reason": "Set nationally", "revision": "1"}
    checked = send(group, f"{register}/1/propose", asked)
    assert "What it would change" in checked.content.decode()
    assert send(group, f"{register}/1/propose", asked | {"confirmed": "yes"}).status_code == 302
    assert "Demo group manager (DatCom)" in finance.get(f"{register}/1").content.decode()
    assert group.get(f"{register}/1/decide").status_code == 403
    decided = {"outcome": "agreed", "reason": "Right", "proposal": "1", "revision": "1"}
    assert "What it changes to move it out" in send(finance, f"{register}/1/decide", decided).content.decode()
    assert send(finance, f"{register}/1/decide", decided | {"confirmed": "yes"}).status_code == 302
    page = finance.get(register).content.decode()
    assert "What the moves agreed so far change" in page
    assert "scope%3DWATCOM.-10000000.10000000.10000000" in page
    what_if = finance.get(f"/p/{HERE}/fair-shares?scope=WATCOM.-10000000.10000000.10000000").content.decode()
    assert "Items are moved in or out of scope: bases in scope change by £-100 thousand" in what_if
    stale = send(finance, f"{register}/1/remove", {"reason": "x", "revision": "1", "confirmed": "yes"})
    assert stale.status_code == 409


__all__ = ["as_role", "people", "quick_hashing"]
