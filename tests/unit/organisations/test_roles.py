"""What a dated, scoped role covers; and when somebody who tries passwords has to wait."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.kernel.actor import Actor
from openpbc.organisations.rules.guessing import PER_ACCOUNT, PER_ADDRESS, must_wait, name_hash
from openpbc.organisations.rules.roles import PUBLIC, Assignment, Viewer

MEMBERS = {("here", "P1"): frozenset({"EAST"}), ("here", "P2"): frozenset({"EAST", "WEST"})}


def viewer(*held: Assignment) -> Viewer:
    return Viewer(Actor("a@b", "Ann"), held, MEMBERS, signed_in=True)


def test_roles_count_in_their_place() -> None:
    both = viewer(Assignment("analyst", "here"), Assignment("administrator", "*"))
    assert both.roles == {"analyst", "administrator"}
    assert both.roles_in("here") == {"analyst", "administrator"}
    assert both.roles_in("there") == {"administrator"}
    assert both.places == {"here", "*"}


def test_the_public_holds_one_role_everywhere() -> None:
    assert PUBLIC.roles == PUBLIC.roles_in("here") == {"public"}


@pytest.mark.parametrize(
    ("held", "kind", "code", "owned"),
    [
        (Assignment("gp_lead", "here", "practice", "P1"), "practice", "P1", True),
        (Assignment("gp_lead", "here", "practice", "P1"), "practice", "P2", False),
        (Assignment("gp_lead", "here", "practice", "P1"), "unit", "EAST", True),
        (Assignment("gp_lead", "here", "practice", "P1"), "unit", "WEST", False),
        (Assignment("gp_lead", "here", "unit", "WEST"), "practice", "P2", True),
        (Assignment("gp_lead", "here", "unit", "WEST"), "practice", "P1", False),
        (Assignment("gp_lead", "here", "provider", "RZ1"), "provider", "RZ1", True),
        (Assignment("gp_lead", "here", "provider", "RZ1"), "unit", "RZ1", False),
        (Assignment("gp_lead", "here"), "provider", "RZ1", True),
        (Assignment("gp_lead", "there", "practice", "P1"), "practice", "P1", False),
        (Assignment("analyst", "here", "practice", "P1"), "practice", "P1", False),
    ],
)
def test_what_is_ones_own(held: Assignment, kind: str, code: str, owned: bool) -> None:
    assert viewer(held).owns("gp_lead", "here", kind, code) is owned


def test_codes_of_a_scope() -> None:
    several = viewer(
        Assignment("gp_lead", "here", "practice", "P2"),
        Assignment("practice_staff", "here", "practice", "P1"),
        Assignment("gp_lead", "there", "practice", "P9"),
    )
    assert several.codes("here", "practice") == ("P1", "P2")
    assert several.codes("here", "practice", ["gp_lead"]) == ("P2",)


def test_first_and_last_day_count() -> None:
    held = Assignment("analyst", "here", valid_from=date(2008, 4, 1), valid_to=date(2008, 4, 30))
    days = (date(2008, 3, 31), date(2008, 4, 1), date(2008, 4, 30), date(2008, 5, 1))
    assert [held.holds_on(day) for day in days] == [False, True, True, False]
    assert Assignment("analyst", "here").holds_on(date.max)


def test_guessing_is_slowed_by_account_and_by_address() -> None:
    assert not must_wait(PER_ACCOUNT - 1, PER_ADDRESS - 1)
    assert must_wait(PER_ACCOUNT, PER_ACCOUNT)
    assert must_wait(0, PER_ADDRESS)
    assert name_hash(" Ann@B ") == name_hash("ann@b") != name_hash("bob@b")
