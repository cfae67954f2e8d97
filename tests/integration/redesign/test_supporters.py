"""In business planning every element is written, or the supporters of both sides have said that it does not apply."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions, reads
from openpbc.redesign.models import NotApplying
from openpbc.redesign.reads.parts import bodies, case_for_change, faults, lines, part
from openpbc.redesign.rules.completeness import ELEMENTS, CaseForChange, Prose, Said, case_faults
from openpbc.redesign.rules.membership import supports
from openpbc.site import rooms
from tests.integration.redesign.conftest import as_actor, drafting, revision, seated, step, written
from tests.integration.redesign.test_conclave import chosen, conclave_decides
from tests.integration.redesign.test_seats import joined
from tests.integration.redesign.test_separation import refusals, seat
from tests.integration.redesign.walker import Person
from tests.integration.site.conftest import HERE, SIGN_INS, As

pytestmark = pytest.mark.usefixtures("people")
BOTH = "the commissioner's support and the trust's support have not said so yet"
OURS, THEIRS = Said("commissioner", "A", "1 April 2008"), Said("provider", "B", "2 April 2008")


def planning() -> int:
    """A case in business planning, with a manager of each side in its joint group."""
    number = chosen()
    actions.concern_group(
        by=as_actor("gp_lead"), place=HERE, number=number, revision=revision(number), unit="DATCOM", leads=True
    )
    conclave_decides(number, "agreed")
    step("conclave_chair", "W02", number)
    seated(number)
    step("gp_lead", "T03", number)
    written(number)
    step("gp_lead", "W03", number)
    answers = dict.fromkeys(("budget", "targets", "strategy"), "yes")
    actions.write_limits(by=as_actor("gp_lead"), place=HERE, number=number, revision=0, answers=answers)
    conclave_decides(number, "agreed")
    step("conclave_chair", "W04", number)
    seat(number, "provider_lead", "management", side="provider")
    return number


def now(number: int, code: str) -> int:
    return part(reads.case(HERE, number), code).revision


def mark(number: int, role: str = "gp_lead", code: str = "estates", text: str = "SYNTHETIC: no room.") -> None:
    actions.write_prose(
        by=as_actor(role), place=HERE, number=number, part=code, revision=now(number, code), text=text, applies=False
    )


def say(number: int, role: str, code: str = "estates") -> None:
    actions.say_not_applying(by=as_actor(role), place=HERE, number=number, part=code, revision=now(number, code))


def lacking(number: int) -> list[str]:
    return [each.sentence for each in faults(reads.case(HERE, number))]


@pytest.mark.parametrize("element", ELEMENTS)
def test_each_element_is_due_where_both_support_the_plan(element: str) -> None:
    def found(written: Prose, *, supported: bool = True) -> list[str]:
        case = CaseForChange(prose={element: written})
        return [each.sentence for each in case_faults(case, supported=supported) if each.part == element]

    assert found(Prose()) and found(Prose("No.", applies=False)) and found(Prose("No.", applies=False, said=(OURS,)))
    assert not found(Prose("Two rooms.")) and not found(Prose("No.", applies=False, said=(OURS, THEIRS)))
    assert bool(found(Prose("No.", applies=False), supported=False)) is (element in ("activity", "finance"))


def test_who_supports_is_of_one_side() -> None:
    assert supports("management", "provider") == "provider" and supports("finance", "commissioner") == "commissioner"
    for kind, side in (
        ("management", "both"),
        ("management", ""),
        ("clinician", "provider"),
        ("patient", "commissioner"),
    ):
        assert supports(kind, side) == ""


def test_a_business_plan_waits_until_both_supporters_have_said_so(as_role: As) -> None:
    number = planning()
    mark(number)
    assert any(BOTH in each for each in lacking(number))
    with pytest.raises(UserError, match=BOTH):
        step("gp_lead", "W06", number)
    manager, trust = Person(as_role("group_manager")), Person(as_role("provider_lead"))
    here = f"/p/{HERE}/cases/{number}/parts/estates"
    assert "Say whether estates does not apply" in manager.read(f"/p/{HERE}")
    manager.fill(f"{here}/does-not-apply")
    assert "Say whether estates does not apply" not in manager.read(f"/p/{HERE}")
    assert "Say that it does not apply" not in manager.links(here)
    with pytest.raises(UserError, match="marked as not applying; the trust's support has not said so yet"):
        step("gp_lead", "W06", number)
    assert "not said yet" in trust.read(here)
    trust.fill(trust.links(here)["Say that it does not apply"])
    told = trust.read(here)
    assert told.count("said so") == 2 and "Demo group manager" in told
    assert lacking(number) == []
    step("gp_lead", "W06", number)
    version = reads.versions_of(reads.case(HERE, number))[-1]
    assert [each[0] for each in version.body["parts"]["estates"]["said"]] == ["commissioner", "provider"]
    assert any("for the trust's support on" in each for each in lines(version.body["parts"])["estates"])


def test_whoever_supports_says_so_by_writing_it_and_nobody_says_so_for_both() -> None:
    number = planning()
    mark(number, "group_manager", "finance")
    assert any("Finance is marked as not applying; the trust's support has not" in each for each in lacking(number))
    with pytest.raises(Stale, match="said so for the commissioner's support"):
        say(number, "group_manager", "finance")
    with pytest.raises(UserError, match="said by the commissioner's and the trust's supporters"):
        say(number, "gp_lead", "finance")
    with pytest.raises(UserError, match="only members of the joint group"):
        say(number, "finance_manager", "finance")
    joined("group_manager", "provider_lead")
    with pytest.raises(UserError, match="you have said so for the other side already"):
        say(number, "provider_lead", "finance")
    assert len([each for each in refusals() if "supporters" in each or "other side" in each]) == 2


def test_what_is_written_anew_asks_both_again_and_what_was_said_stays_on_record() -> None:
    number = planning()
    mark(number, "group_manager")
    say(number, "provider_lead")
    assert lacking(number) == []
    mark(number, "gp_lead", text="SYNTHETIC: another reason.")
    assert any(BOTH in each for each in lacking(number))
    assert NotApplying.objects.count() == 2
    with pytest.raises(UserError, match="changed"):
        actions.say_not_applying(
            by=as_actor("provider_lead"), place=HERE, number=number, part="estates",
            revision=now(number, "estates") - 1,
        )  # fmt: skip
    actions.write_prose(
        by=as_actor("gp_lead"), place=HERE, number=number, part="estates", revision=now(number, "estates"),
        text="SYNTHETIC: one room.",
    )  # fmt: skip
    with pytest.raises(UserError, match="it is not marked as not applying"):
        say(number, "provider_lead")
    assert lacking(number) == [] and not case_for_change(bodies(reads.case(HERE, number))).prose["estates"].said
    for change in (lambda: NotApplying.objects.update(side="provider"), NotApplying.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_of_two_who_say_so_at_once_one_is_told() -> None:
    number = planning()
    mark(number, "group_manager")
    held = NotApplying.objects.get()
    again = {"case_id": held.case_id, "part": held.part, "revision": held.revision, "by": "x", "at": held.at}
    for other in ({"side": held.side, "person": "x"}, {"side": "provider", "person": held.person}):
        with pytest.raises(IntegrityError), transaction.atomic():
            NotApplying.objects.create(**again, **other)


def test_the_process_without_a_conclave_marks_a_part_as_before() -> None:
    number = drafting()
    written(number)
    mark(number)
    assert lacking(number) == [] and not NotApplying.objects.exists()
    with pytest.raises(UserError, match="this part always applies"):
        mark(number, code="activity")
    with pytest.raises(UserError, match="no element that supporters are asked about"):
        say(number, "group_manager")
    viewer = organisations.viewer_by_sign_in(SIGN_INS["group_manager"])
    assert not [each for each in rooms.work(organisations.book(HERE), viewer) if "does not apply" in each.text]
