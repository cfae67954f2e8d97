"""Saved scenarios: a name for settings, kept in every wording, found by everybody, changed by one at a time."""

from __future__ import annotations

import pytest

from openpbc.audit import reads as audit
from openpbc.finance import actions, reads
from openpbc.finance.reads.scenario_library import saved_scenario, saved_scenarios, wordings
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.steps import recompute
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as organisations_reads
from tests.integration.at_once import at_once
from tests.integration.finance.conftest import ANN, BOB
from tests.integration.site.conftest import HERE, As, as_role, people, quick_hashing, send

GROUP = Actor("gil@example.org", "Gil of the group", frozenset({"group_manager"}))
CAP = "scenario=no_deposit&cap=68000"


@pytest.fixture
def book(db):
    organisations.load_place(by=SYSTEM, place=HERE)
    return organisations_reads.book(HERE)


def save(title: str = "A smaller cap", query: str = CAP, by: Actor = ANN) -> str:
    return actions.save_scenario(by=by, place=HERE, title=title, query=query, note="For the Board")


@pytest.mark.django_db
def test_a_saved_scenario_is_a_name_for_settings(book) -> None:
    code = save()
    assert save() == code, "saving the same again changes nothing"
    assert [event.action for event in audit.events(action="finance.")] == ["finance.save_scenario"]
    found = reads.choice(book, code)
    assert found.settings == reads.Settings("no_deposit", cap=68_000)
    assert found in reads.choices(book)
    assert reads.choice(book, CAP) == found, "settings that have a name go by it"
    assert reads.choice(book, "scenario=no_deposit").title == "No deposit"
    assert reads.choice(book, "scenario=no_deposit&cap=1").kind == "tried"
    compared = reads.compare(book, reads.choices(book))
    assert compared.alternatives[-1].result.cap == 68_000


@pytest.mark.django_db
def test_whoever_named_a_wording_can_still_read_it(book) -> None:
    code = save()
    assert actions.change_scenario(
        by=ANN, place=HERE, code=code, revision=1, title="Tighter", query="scenario=no_deposit&cap=60000"
    ) == 2  # fmt: skip
    actions.withdraw_scenario(by=ANN, place=HERE, code=code, revision=2, reason="overtaken")
    assert saved_scenarios(book) == ()
    assert [each.title for each in wordings(book, code)] == ["Tighter", "Tighter", "A smaller cap"]
    assert reads.choice(book, f"{code}@1").settings.cap == 68_000
    assert saved_scenario(book, code).withdrawn
    assert save(), "a withdrawn scenario's name is free again"
    events = [event.action for event in audit.events(action="finance.")]
    assert sorted(set(events)) == ["finance.change_scenario", "finance.save_scenario", "finance.withdraw_scenario"]


@pytest.mark.django_db
def test_the_second_of_two_who_change_is_told_who_was_first(book) -> None:
    code = save()
    change = {"place": HERE, "code": code, "revision": 1, "query": CAP}
    actions.change_scenario(by=ANN, title="Ann's", **change)
    with pytest.raises(Stale, match="Ann of finance changed it to 'Ann's' on"):
        actions.change_scenario(by=BOB, title="Bob's", **change)
    assert saved_scenario(book, code).title == "Ann's"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("title", "query", "told"),
    [
        ("", CAP, "needs a name"),
        ("x" * 121, CAP, "longer than 120"),
        ("no DEPOSIT", CAP, "there is a scenario 'no DEPOSIT' already"),
        ("Odd", "scenario=nothing", "there is no scenario 'nothing'"),
        ("Odd", "cap=-1", "is no setting of fair shares"),
        ("Odd", "scenario=no_deposit&deposit=99999999999999", "no cap on growth releases"),
        ("Odd", "scenario=no_deposit&scope=WATCOM.-1.x.1", "is no move in or out of scope"),
    ],
)
def test_what_cannot_be_worked_out_is_not_saved(book, title: str, query: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        save(title, query)
    assert saved_scenarios(book) == ()


@pytest.mark.django_db
def test_refusals(book) -> None:
    code = save()
    for code_, by, told in (
        ("no_deposit", ANN, "of the papers cannot be changed"),
        ("saved-99", ANN, "there is no saved scenario"),
        ("nonsense", ANN, "there is no scenario"),
        (code, GROUP, "only who saved a scenario and finance"),
    ):
        with pytest.raises(UserError, match=told):
            actions.withdraw_scenario(by=by, place=HERE, code=code_, revision=1, reason="no longer")
    with pytest.raises(UserError, match="needs a reason"):
        actions.withdraw_scenario(by=ANN, place=HERE, code=code, revision=1, reason=" ")
    with pytest.raises(UserError, match="already"):
        save("A SMALLER CAP", "scenario=no_deposit&cap=1")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_two_numbers_and_one_name() -> None:
    organisations.load_place(by=SYSTEM, place=HERE)
    book = organisations_reads.book(HERE)
    codes = at_once(lambda: save("One"), lambda: save("Two"))
    assert sorted(codes) == ["saved-1", "saved-2"]
    results = at_once(lambda: save("Three", CAP), lambda: save("Three", "scenario=no_deposit&cap=61000", BOB))
    assert sum("already" in str(each) for each in results) == 1
    assert [each.title for each in saved_scenarios(book)].count("Three") == 1
    code = saved_scenarios(book)[0].code

    def change(by: Actor, title: str):
        return actions.change_scenario(by=by, place=HERE, code=code, revision=1, title=title, query=CAP)

    results = at_once(lambda: change(ANN, "Ann's"), lambda: change(BOB, "Bob's"))
    assert 2 in results
    assert sum("changed it to" in str(each) for each in results) == 1
    assert saved_scenario(book, code).revision == 2


@pytest.mark.django_db
def test_a_what_if_is_saved_from_its_page_and_compared(as_role: As) -> None:
    client = as_role("group_manager")
    shares = f"/p/{HERE}/fair-shares"
    page = client.get(f"{shares}?scenario=no_deposit&cap=6.8").content.decode()
    assert f'href="{shares}/save?query=scenario%3Dno_deposit%26cap%3D68000"' in page
    form = f"{shares}/save?query=scenario%3Dno_deposit%26cap%3D68000"
    empty = send(client, f"{shares}/save", {"query": CAP}, form)
    assert empty.status_code == 422
    assert "Give it a name" in empty.content.decode()
    saved = send(client, f"{shares}/save", {"query": CAP, "title": "<b>Mine</b>", "note": ""}, form)
    assert saved.status_code == 302
    shown = client.get(saved.url).content.decode()
    assert "&lt;b&gt;Mine&lt;/b&gt;" in shown and "<b>Mine</b>" not in shown
    assert "&lt;b&gt;Mine" in client.get(f"{shares}/compare").content.decode()
    changed = send(client, f"{saved.url}/change", {"title": "Ours", "note": "", "cap": "6.7", "revision": "1"})
    assert (changed.status_code, changed.url) == (302, saved.url)
    stale = send(client, f"{saved.url}/change", {"title": "Theirs", "note": "", "revision": "1"})
    assert stale.status_code == 409
    assert "after you had opened it" in stale.content.decode()
    checked = send(client, f"{saved.url}/withdraw", {"reason": "done", "revision": "2"})
    assert "What this does" in checked.content.decode()
    gone = send(client, f"{saved.url}/withdraw", {"reason": "done", "revision": "2", "confirmed": "yes"})
    assert gone.status_code == 302
    assert "Withdrawn" in client.get(saved.url).content.decode()


@pytest.mark.django_db
def test_who_may_not_save_is_not_asked_to(as_role: As) -> None:
    client = as_role("sha_manager")
    assert "Save this" not in client.get(f"/p/{HERE}/fair-shares?cap=6.8").content.decode()
    assert client.get(f"/p/{HERE}/fair-shares/save?query={CAP}").status_code == 403
    assert client.get(f"/p/{HERE}/fair-shares/compare").status_code == 200


@pytest.mark.django_db
def test_a_group_sees_what_each_scenario_leaves_for_its_plan(as_role: As) -> None:
    client = as_role("group_manager")
    actions.write_plan_item(by=SYSTEM, place=HERE, unit="DATCOM", revision=0, title="Clinic", cost=200_000_000_00)
    page = client.get(f"/p/{HERE}/fair-shares/compare?with=no_deposit&with={CAP.replace('&', '%26')}").content.decode()
    assert page.count(">Its plan<") == 1, "only where a plan is costed"
    book = organisations_reads.book(HERE)
    for query, left in (("scenario=no_deposit", 190_124_000_00 - 200_000_000_00), (CAP, None)):
        address = f"group-plan/{HERE}/DATCOM/gap?{query}"
        assert f'data-figure="{address.replace("&", "&amp;")}"' in page
        shown = explain_plan_gap(address)
        assert shown.value == recompute(shown)
        assert left is None or shown.value == left
        assert (
            shown.value == reads.fair_shares(book, reads.Settings.parse(query)).group("DATCOM").total - 200_000_000_00
        )


def explain_plan_gap(address: str):
    from openpbc.organisations.reads import PUBLIC
    from openpbc.site import rooms

    return rooms.explain(address, PUBLIC)


__all__ = ["as_role", "people", "quick_hashing"]
