"""The pages of need: read by whom they may be, right to the figure, and a mistake is a sentence beside its field."""

from __future__ import annotations

import re
from html import unescape

import pytest

from openpbc.finance import actions, offers, reads
from openpbc.finance.rules.practice_groups import Member
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.steps import recompute
from openpbc.organisations import actions as organisation_actions
from openpbc.organisations import reads as organisations
from tests.integration.site.conftest import FOREIGN, HERE, As, as_role, people, quick_hashing, send

pytestmark = pytest.mark.one_database

__all__ = ["as_role", "people", "quick_hashing"]

FIGURE = re.compile(r'data-figure="([^"]*)" data-value="(-?\d+)"')
GROUPS = f"/p/{HERE}/groups"
LIST = "E82901\nE82902, 2008-06-01\nE99999\nE82901, 2008-05-01"


def figures(client, path: str) -> set[tuple[str, int]]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return {(unescape(address), int(value)) for address, value in FIGURE.findall(answer.content.decode())}


@pytest.fixture
def there(people) -> None:
    """The personas hold their roles in the other place too."""
    organisation_actions.create_demo_users(by=SYSTEM, place=FOREIGN, password="demo")


@pytest.mark.parametrize(
    ("path", "least"),
    [
        (f"/p/{FOREIGN}/fair-shares/need", 40),
        (f"/p/{FOREIGN}/fair-shares/need?on=2023-06-01&known_on=2024-01-01", 40),
        (f"/p/{FOREIGN}/fair-shares/need/england?by=R22", 70),
        (f"/p/{FOREIGN}/fair-shares/method?practice=E81005&list=X00003", 30),
        (f"/p/{HERE}/fair-shares/method", 40),
        (f"/p/{HERE}/fair-shares/pace?growth=4&minimum=0&step=2&years=2", 20),
    ],
)
def test_every_figure_is_explained_as_printed(path: str, least: int, as_role: As, there) -> None:
    found = figures(as_role("gp_lead"), path)
    assert len(found) >= least
    viewer = organisations.viewer(organisations.person_by_sign_in("gp@demo").id)
    for address, value in found:
        explained = offers.explain(address, viewer)
        assert explained.value == recompute(explained) == value, address


def test_the_method_page_works_the_published_example_out_live(as_role: As) -> None:
    """Floors, step 2 and step 3 in thousands of pounds, to the penny (FSH-02 to FSH-04)."""
    found = dict(figures(as_role("gp_lead"), f"/p/{HERE}/fair-shares/method"))
    shown = {
        figure: [
            value for address, value in sorted(found.items()) if f"/{figure}?" in address and "/all/" not in address
        ]
        for figure in ("floor", "after_extra", "amount")
    }
    assert shown["floor"] == [12620569500, 8123725500, 10757230000, 15578233000]
    assert shown["after_extra"] == [13164039000, 8430000000, 11220460000, 16249066000]
    assert shown["amount"] == [13478700000, 8430000000, 11223200000, 16436000000]


def test_the_method_page_says_what_is_not_known(as_role: As) -> None:
    text = as_role("gp_lead").get(f"/p/{HERE}/fair-shares/method").content.decode()
    assert "SYNTHETIC" in text
    assert f"places/{HERE}/fair_shares/age_sex_lists.yaml" in text
    assert as_role("gp_lead").get(f"/p/{HERE}/fair-shares/method?list=E82901").status_code == 422


def test_a_day_that_cannot_be_read_is_told_beside_its_field(as_role: As, there) -> None:
    answer = as_role("analyst").get(f"/p/{FOREIGN}/fair-shares/need?on=soon").content.decode()
    assert answer.count("&#39;soon&#39; is not a day") >= 2
    answer = as_role("analyst").get(f"/p/{FOREIGN}/fair-shares/need?known_on=2023-04-01").content.decode()
    assert "Give the day whose units are wanted" in answer


def test_pace_asks_for_what_no_source_gives(as_role: As) -> None:
    client = as_role("group_manager")
    path = f"/p/{HERE}/fair-shares/pace"
    assert "No source gives a pace" in client.get(path).content.decode()
    missing = client.get(f"{path}?growth=5").content.decode()
    assert "pace_minimum_growth.yaml" in missing
    assert "say by how much the money grows" in client.get(f"{path}?minimum=1&step=2&years=2").content.decode().lower()
    assert "smaller than the least growth" in client.get(f"{path}?growth=1&minimum=3&step=2&years=2").content.decode()


@pytest.mark.parametrize("page", ["need/england", "method", "pace", "need"])
def test_who_does_not_plan_does_not_see_need(page: str, as_role: As) -> None:
    path = f"/p/{HERE}/fair-shares/{page}"
    assert as_role("provider_lead").get(path).status_code == 403
    assert as_role("public").get(path).status_code == 302
    assert as_role("gp_lead").get(path).status_code == 200


def made(client, **changed: str):
    given = {"name": "Neighbours", "purpose": "", "starts": "2008-04-01", "members": LIST, "shared": "yes"}
    return send(client, f"{GROUPS}/new", given | changed)


def test_rows_that_cannot_count_are_shown_before_anything_is_made(as_role: As) -> None:
    client = as_role("group_manager")
    text = made(client).content.decode()
    assert "2 of 4 rows are left out" in text
    assert "Practice E99999 is in no list of practices held here." in text
    assert "Practice E82901 is in the list already for these days." in text
    assert reads.practice_groups(HERE, "group@demo") == []
    answer = made(client, confirmed="yes")
    (group,) = reads.practice_groups(HERE, "group@demo")
    assert answer["Location"] == f"{GROUPS}/{group.id}"
    assert [each.practice for each in group.members] == ["E82901", "E82902"]


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"name": ""}, "give the group a name"),
        ({"members": ""}, "give one code a line"),
        ({"members": "nonsense"}, "No row of the list names a practice"),
        ({"starts": "soon"}, "is not a day"),
        ({"shared": "maybe"}, "not one of the choices"),
    ],
)
def test_a_mistake_is_told_beside_its_field(changed: dict[str, str], what: str, as_role: As) -> None:
    answer = made(as_role("group_manager"), **changed)
    assert answer.status_code == 422
    assert answer.content.decode().count(what) >= 2
    assert reads.practice_groups(HERE, "group@demo") == []


def test_hostile_names_stay_inert(as_role: As) -> None:
    client = as_role("group_manager")
    made(client, name='"><script>alert(1)</script>', confirmed="yes")
    (group,) = reads.practice_groups(HERE, "group@demo")
    for path in (GROUPS, f"{GROUPS}/{group.id}", f"{GROUPS}/{group.id}/edit"):
        assert b"<script>alert" not in client.get(path).content


def test_each_sees_of_a_shared_group_what_they_may(as_role: As) -> None:
    """A practice lead sees the group, and of other practices no page and nothing of their register."""
    codes = [practice.code for practice in organisations.practices(HERE)]
    mine = organisations.viewer(organisations.person_by_sign_in("gp@demo").id).codes(HERE, "practice")[0]
    other = next(code for code in codes if code != mine)
    first = HERE_FIRST
    number = actions.make_group(
        by=SYSTEM, place=HERE, name="Shared", members=[Member(mine, first), Member(other, first)], shared=True
    )
    lead = as_role("gp_lead").get(f"{GROUPS}/{number}?on=2008-06-01").content.decode()
    manager = as_role("finance_manager").get(f"{GROUPS}/{number}?on=2008-06-01").content.decode()
    assert f"/practices/{mine}" in lead and f"/practices/{other}" not in lead
    assert "Of 1 practices the register" in lead
    assert f"/practices/{mine}" in manager and f"/practices/{other}" in manager


def test_a_private_group_and_another_places_are_not_there(as_role: As) -> None:
    number = actions.make_group(by=SYSTEM, place=HERE, name="Private", members=[Member("E82901", HERE_FIRST)])
    client = as_role("finance_manager")
    for path in (f"{GROUPS}/{number}", f"{GROUPS}/{number}/edit", f"/p/{FOREIGN}/groups/{number}"):
        assert client.get(path).status_code == 404
    assert "Private" not in client.get(GROUPS).content.decode()


def test_only_who_may_change_a_group_is_offered_it(as_role: As) -> None:
    number = actions.make_group(
        by=SYSTEM, place=HERE, name="Shared", members=[Member("E82901", HERE_FIRST)], shared=True
    )
    path = f"{GROUPS}/{number}"
    assert as_role("gp_lead").get(f"{path}/edit").status_code == 403
    assert f"{path}/edit" not in as_role("gp_lead").get(path).content.decode()
    manager = as_role("finance_manager")
    given = {"name": "Shared still", "starts": "2008-04-01", "members": "E82902", "shared": "yes", "revision": "1"}
    assert send(manager, f"{path}/edit", given | {"confirmed": "yes"})["Location"] == path
    late = send(manager, f"{path}/edit", given | {"name": "Too late", "confirmed": "yes"})
    assert late.status_code == 409
    assert "somebody was faster" in late.content.decode().lower()
    closed = {"on": "2008-07-01", "reason": "done", "revision": "2", "confirmed": "yes"}
    assert send(manager, f"{path}/close", closed)["Location"] == path
    assert "Closed" in manager.get(path).content.decode()


HERE_FIRST = organisations.book(HERE).place.year.first
