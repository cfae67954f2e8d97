"""Custom groups: made, seen, changed and closed by whom it may be, explained figure by figure, and never lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from openpbc.audit import reads as audit
from openpbc.finance import actions, offers, reads
from openpbc.finance.rules.practice_groups import Member
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.steps import recompute
from openpbc.organisations import actions as organisation_actions
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.values import NotSet
from tests.integration.at_once import at_once

PLACE, ELSEWHERE = "blmk-2023", "west-herts-2008"
ON = date(2023, 6, 1)
ANN, BEN = Actor("ann@demo", "Ann Demo"), Actor("ben@demo", "Ben Demo")
MANAGER = Actor("fin@demo", "Finance Demo", frozenset({"finance_manager"}))
MEMBERS = (Member("E81001", date(2023, 4, 1)), Member("E81002", date(2023, 4, 1), date(2023, 12, 31)))

pytestmark = pytest.mark.django_db


def make(by: Actor = ANN, members=MEMBERS, shared: bool = True, name: str = "Neighbours") -> int:
    return actions.make_group(by=by, place=PLACE, name=name, members=members, shared=shared)


def seen(number: int, by: Actor = ANN):
    return reads.practice_group(PLACE, number, by.id)


def test_a_group_is_made_seen_and_logged() -> None:
    number = make()
    group = seen(number, BEN)
    assert (group.name, group.owner, group.shared, group.revision) == ("Neighbours", ANN.id, True, 1)
    assert group.members == MEMBERS
    assert group.practices(date(2023, 12, 31)) == ("E81001", "E81002")
    assert group.practices(date(2024, 1, 1)) == ("E81001",)
    (event,) = audit.events(subject=f"practice-group/{PLACE}/{number}")
    assert event.action == "finance.make_group"
    assert event.after["members"] == ["E81001, 2023-04-01", "E81002, 2023-04-01, 2023-12-31"]


def test_what_is_not_shared_is_not_there_for_others() -> None:
    number = make(shared=False)
    assert seen(number) and seen(number, BEN) is None
    assert [each.id for each in reads.practice_groups(PLACE, BEN.id)] == []
    assert reads.practice_group(ELSEWHERE, number, ANN.id) is None
    group = seen(number)
    address = reads.group_need(organisations.book(PLACE), group, ON).address("population")
    assert offers.explain(address, Viewer(actor=ANN)).value > 0
    with pytest.raises(UserError, match="names no figure"):
        offers.explain(address, Viewer(actor=BEN))
    with pytest.raises(UserError, match="there is no group"):
        actions.close_group(by=BEN, place=PLACE, group=number, revision=1, on=ON, reason="mine now")


def test_only_its_owner_and_a_finance_manager_change_it() -> None:
    number = make()
    with pytest.raises(UserError, match="belongs to Ann Demo"):
        actions.change_group(by=BEN, place=PLACE, group=number, revision=1, name="Mine", members=MEMBERS, shared=True)
    actions.change_group(by=MANAGER, place=PLACE, group=number, revision=1, name="Ours", members=MEMBERS, shared=True)
    assert (seen(number).name, seen(number).revision, seen(number).changed_by) == ("Ours", 2, "Finance Demo")
    actions.change_group(by=ANN, place=PLACE, group=number, revision=2, name="Ours", members=MEMBERS, shared=True)
    assert seen(number).revision == 2, "the same again changes nothing"


def test_who_comes_second_is_told_who_changed_it() -> None:
    number = make()
    actions.change_group(by=MANAGER, place=PLACE, group=number, revision=1, name="New", members=MEMBERS, shared=True)
    with pytest.raises(Stale, match="Finance Demo changed it .it is at revision 2. on"):
        actions.change_group(by=ANN, place=PLACE, group=number, revision=1, name="Old", members=MEMBERS, shared=True)
    assert seen(number).name == "New"


def test_a_closed_group_stays_to_be_read_and_holds_nobody() -> None:
    number = make()
    with pytest.raises(UserError, match="needs a reason"):
        actions.close_group(by=ANN, place=PLACE, group=number, revision=1, on=ON, reason=" ")
    actions.close_group(by=ANN, place=PLACE, group=number, revision=1, on=ON, reason="merged into the network")
    group = seen(number)
    assert group.practices(ON - timedelta(days=1)) == ("E81001", "E81002")
    assert group.practices(ON) == ()
    with pytest.raises(UserError, match="was closed on 2023-06-01"):
        actions.change_group(by=ANN, place=PLACE, group=number, revision=2, name="New", members=MEMBERS)
    assert make() != number, "its name is free again"


@pytest.mark.parametrize(
    ("members", "what"),
    [
        ((), "at least one practice"),
        ((MEMBERS[0], Member("E81001", date(2024, 1, 1))), "stands twice"),
        ((Member("E81001", date(2024, 1, 1), date(2023, 1, 1)),), "before its first"),
    ],
)
def test_members_that_cannot_be_are_refused(members, what: str) -> None:
    with pytest.raises(UserError, match=what):
        make(members=members)
    assert reads.practice_groups(PLACE, ANN.id) == []


def test_one_person_has_no_two_groups_of_a_name() -> None:
    make()
    with pytest.raises(UserError, match="you have a group 'Neighbours' already"):
        make()
    make(by=BEN)


def test_every_figure_of_a_group_is_explained_as_shown() -> None:
    group = seen(make())
    need = reads.group_need(organisations.book(PLACE), group, ON)
    assert [each.key for each in need.against] == ["place", "file"]
    viewer, checked = Viewer(actor=BEN), 0
    for number, part in enumerate(need.need.components):
        figures = [("weighted", part.weighted)]
        for against in need.against:
            own = against.need.components[number]
            figures += [(f"share-of-{against.key}", own.share), (f"index-to-{against.key}", own.index * 1000)]
        for figure, value in figures:
            explained = offers.explain(need.address(figure, number), viewer)
            assert explained.value == recompute(explained) == value
            checked += 1
    assert checked == 45
    assert offers.explain(need.address("population"), viewer).value == need.need.population == 13611


def test_a_group_of_a_unit_is_that_unit() -> None:
    book = organisations.book(PLACE)
    organisation_actions.load_place(by=SYSTEM, place=PLACE)
    luton = [each.code for each in organisations.practices(PLACE) if each.unit == "E06000032"]
    need = reads.group_need(book, seen(make(members=[Member(code, ON) for code in luton])), ON)
    unit = reads.need_shares(book).place("E06000032")
    assert need.need.population == unit.population
    assert [part.index for part in need.need.components] == [part.index for part in unit.components]


def test_a_group_without_weights_is_not_set() -> None:
    number = actions.make_group(by=ANN, place=ELSEWHERE, name="Here", members=[Member("E82901", date(2008, 4, 1))])
    group = reads.practice_group(ELSEWHERE, number, ANN.id)
    assert isinstance(reads.group_need(organisations.book(ELSEWHERE), group, date(2008, 6, 1)), NotSet)


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_leave_one_and_tell_the_other() -> None:
    number = make()
    for revision in range(1, 9):

        def change(by: Actor, name: str, revision: int = revision) -> None:
            actions.change_group(
                by=by, place=PLACE, group=number, revision=revision, name=name, members=MEMBERS, shared=True
            )

        results = at_once(
            lambda change=change, r=revision: change(ANN, f"by Ann {r}"),
            lambda change=change, r=revision: change(MANAGER, f"by the manager {r}"),
        )
        assert results.count(None) == 1, results
        assert sum("somebody was faster" in str(each) for each in results) == 1, results
        assert seen(number).revision == revision + 1
        assert seen(number).members == MEMBERS
    assert audit.verify().intact
