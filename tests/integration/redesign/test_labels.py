"""Everybody in a case is commissioner, provider or both: it is asked, and whoever is both needs another lead beside."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from openpbc.kernel.problems import UserError
from openpbc.redesign import actions, reads
from openpbc.redesign.models import Member
from openpbc.redesign.rules.membership import SIDES, side_fault
from tests.integration.redesign.conftest import DAY, SEATS, as_actor, drafting, forming, revision, seated, step
from tests.integration.redesign.test_separation import found, lead, seat
from tests.integration.redesign.walker import Person
from tests.integration.site.conftest import HERE, As

pytestmark = pytest.mark.usefixtures("people")
UNLABELLED = "It is not said whether Demo GP practice lead is commissioner, provider or both."


@pytest.mark.parametrize(
    ("kind", "side", "fits"),
    [
        ("commissioner", "commissioner", True),
        ("commissioner", "both", True),
        ("commissioner", "provider", False),
        ("clinician", "provider", True),
        ("clinician", "both", True),
        ("clinician", "commissioner", False),
        *(("management", side, True) for side in SIDES),
        ("patient", "", False),
        ("management", "somebody", False),
    ],
)
def test_a_label_is_one_of_three_and_fits_the_seat(kind: str, side: str, fits: bool) -> None:
    assert (side_fault(kind, side) == "") is fits


def test_nobody_is_taken_in_without_a_label(as_role: As) -> None:
    number = forming()
    for side, why in (("", "it is not said whether"), ("provider", "is commissioner, or both")):
        with pytest.raises(UserError, match=why):
            actions.add_member(
                by=as_actor("gp_lead"), place=HERE, number=number, revision=revision(number), person="gp@demo",
                kind="commissioner", side=side, on=DAY,
            )  # fmt: skip
    assert not reads.case(HERE, number).members
    manager = Person(as_role("group_manager"))
    form = f"/p/{HERE}/cases/{number}/team/add"
    given = {"person": "gp@demo", "seat": "commissioner", "leads": "yes"}
    assert "Say whether they are commissioner, provider or both." in manager.refused(form, **given)
    assert not reads.case(HERE, number).members
    manager.fill(form, side="commissioner", **given)
    assert [each.side for each in reads.case(HERE, number).present] == ["commissioner"]


def test_whoever_is_both_may_bid_and_needs_another_lead_before_any_further_step(as_role: As) -> None:
    number = forming()
    seated(number)
    manager = Person(as_role("group_manager"))
    where = manager.fill(
        f"/p/{HERE}/cases/{number}/team/add", person="gp@demo", seat="commissioner", leads="yes", side="both"
    )
    assert where.endswith("/team#table-leads"), "the form leads to who leads the commissioning"
    told = manager.read(where.partition("#")[0])
    assert "both, and may bid" in told and "The group names another before any further step." in told
    assert next(each for each in reads.case(HERE, number).present if each.leads).may_bid
    with pytest.raises(UserError, match="may bid. The group names another before any further step"):
        step("gp_lead", "T03", number)
    with pytest.raises(UserError, match="may bid, or sits in the joint group for those who provide"):
        lead(number, "provider_lead")
    assert found(number, "K3")


def test_a_manager_of_those_who_provide_does_not_lead_the_commissioning() -> None:
    number = forming()
    seat(number, "group_manager", "management", side="provider")
    with pytest.raises(UserError, match="sits in the joint group for those who provide"):
        lead(number, "group_manager")


def test_a_label_that_contradicts_the_bid_is_refused_by_the_database() -> None:
    drafting()
    for wrong in ({"side": "both"}, {"side": "somebody"}, {"may_bid": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Member.objects.filter(person="gp@demo").update(**wrong)


def test_who_sat_there_before_it_was_asked_keeps_what_is_known_and_is_labelled_before_drafting(as_role: As) -> None:
    number = forming()
    seated(number)
    Member.objects.update(side="")
    Member.objects.filter(person="practice@demo").update(may_bid=True)  # a nurse: what else they do is not known
    Member.objects.filter(person="gp@demo").update(may_bid=True)
    migration = importlib.import_module("openpbc.redesign.migrations.0011_member_side")
    migration.keep_what_is_known(apps, None)
    sides = {each.person: (each.side, each.may_bid) for each in reads.case(HERE, number).present}
    assert sides["gp@demo"] == ("both", True)
    assert sides["practice@demo"] == ("", True) and sides["group@demo"] == ("", False)
    Member.objects.filter(person="gp@demo").update(side="", may_bid=False)
    manager = Person(as_role("group_manager"))
    told = manager.read(f"/p/{HERE}/cases/{number}/team")
    assert told.count("not labelled") == len(SEATS) and "not labelled, may bid" in told and UNLABELLED in told
    with pytest.raises(UserError, match=UNLABELLED):
        step("gp_lead", "T03", number)
    seat(number, "gp_lead", "commissioner", leads=True)
    assert UNLABELLED not in manager.read(f"/p/{HERE}/cases/{number}/team")
    history = [each for each in reads.case(HERE, number).members if each.person == "gp@demo"]
    assert [(each.side, each.left_on is None) for each in history] == [("", False), ("commissioner", True)]
