"""Organisations follow the rulebook, membership runs on two clocks, and the database refuses contradictions."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions, reads
from openpbc.organisations.models import Membership, Organisation
from tests.integration.organisations.conftest import PLACE, PRACTICES, PROVIDERS

pytestmark = pytest.mark.django_db
OPEN, END = date.min, date.max


@pytest.fixture(autouse=True)
def loaded(pack, db) -> None:
    """Load the place."""
    actions.load_place(by=SYSTEM, place=PLACE)


def units_of(practice: str, known_on: date | None = None) -> list[tuple[date, date, str]]:
    rows = reads.membership_rows(PLACE, known_on)
    return [(row.valid_from, row.valid_to, row.unit) for row in rows if row.practice == practice]


def record(**changes) -> None:
    given = {
        "place": PLACE,
        "practice": "P00001",
        "unit": "WEST",
        "valid_from": date(2008, 6, 1),
        "known_from": date(2008, 7, 1),
        "reason": "moved",
    }
    actions.record_membership(by=SYSTEM, **(given | changes))


def test_a_place_is_loaded_once_and_a_second_time_changes_nothing() -> None:
    events = audit.head().sequence
    again = actions.load_place(by=SYSTEM, place=PLACE)
    assert not again.any and again.missing == ()
    assert audit.head().sequence == events == 1
    assert [unit.aliases for unit in reads.units(PLACE)] == [("Easties", "EAST GROUP"), ()]
    assert [(each.code, each.mff_e7) for each in reads.providers(PLACE)] == [("RZ1", 11_000_000)]
    assert [each.code for each in reads.commissioners(PLACE)] == ["9Z9"]
    assert [place.id for place in reads.places()] == [PLACE]


def test_a_table_that_is_not_set_is_named_and_skipped(settings) -> None:
    (settings.RULEBOOK / "places" / PLACE / "organisations" / "providers.yaml").unlink()
    loaded = actions.load_place(by=SYSTEM, place=PLACE)
    assert loaded.missing == (f"places/{PLACE}/organisations/providers.yaml",)
    assert (loaded.added, loaded.removed) == (0, 1)
    assert reads.providers(PLACE) == [] and len(reads.units(PLACE)) == 2


def test_an_unknown_place_is_a_persons_mistake() -> None:
    with pytest.raises(UserError, match="no place 'nowhere'"):
        actions.load_place(by=SYSTEM, place="nowhere")


def test_a_changed_pack_changes_the_rows_that_differ(pack) -> None:
    pack("practices", PRACTICES.replace("2008-09-30", "2008-10-31").replace("2008-10-01", "2008-11-01"))
    loaded = actions.load_place(by=SYSTEM, place=PLACE)
    assert (loaded.added, loaded.changed, loaded.removed) == (1, 1, 1)
    assert units_of("P00002") == [(OPEN, date(2008, 10, 31), "EAST"), (date(2008, 11, 1), END, "WEST")]


def test_rows_that_contradict_each_other_are_refused_whole(pack) -> None:
    pack("practices", PRACTICES.replace("2008-10-01", "2008-09-30"))
    with pytest.raises(UserError, match="contradict"):
        actions.load_place(by=SYSTEM, place=PLACE)
    assert units_of("P00002") == [(OPEN, date(2008, 9, 30), "EAST"), (date(2008, 10, 1), END, "WEST")]


def test_a_date_that_is_none_names_its_row(pack) -> None:
    pack("practices", PRACTICES.replace("2008-10-01", "2008-13-01"))
    with pytest.raises(UserError, match=r"practices\.yaml: row 3: .*YYYY-MM-DD"):
        actions.load_place(by=SYSTEM, place=PLACE)


def test_who_belongs_where_depends_on_the_day() -> None:
    def unit(day: date | None) -> str:
        return {each.code: each.unit for each in reads.practices(PLACE, day)}["P00002"]

    assert unit(date(2008, 9, 30)) == "EAST"
    assert unit(date(2008, 10, 1)) == unit(None) == "WEST"
    assert reads.practices(PLACE)[2].list_size is None


def test_a_correction_keeps_what_was_believed_before() -> None:
    record(valid_to=date(2008, 6, 30))
    june = (date(2008, 6, 1), date(2008, 6, 30), "WEST")
    assert units_of("P00001") == [(OPEN, date(2008, 5, 31), "EAST"), june, (date(2008, 7, 1), END, "EAST")]
    assert units_of("P00001", known_on=date(2008, 6, 30)) == [(OPEN, END, "EAST")]
    assert units_of("P00001", known_on=date(2008, 7, 1)) == units_of("P00001")
    (event,) = audit.events(action="organisations.record_membership")
    assert (event.reason, event.subject) == ("moved", f"practice/{PLACE}/P00001")


def test_what_a_person_recorded_outlives_the_next_loading() -> None:
    record(valid_to=date(2008, 6, 30))
    before = units_of("P00001")
    assert not actions.load_place(by=SYSTEM, place=PLACE).any
    assert units_of("P00001") == before


def test_rows_of_a_pack_that_recorded_ones_cover_are_left_out_and_told(pack) -> None:
    record(valid_to=date(2008, 6, 30))
    before = units_of("P00001")
    pack("practices", PRACTICES.replace("EAST,9Z9,ZZ1 1ZZ,1000,,", "EAST,9Z9,ZZ1 1ZZ,1000,2008-04-01,"))
    loaded = actions.load_place(by=SYSTEM, place=PLACE)
    assert loaded.left_out == ("P00001 in EAST from 1 April 2008",)
    assert units_of("P00001") == before and len(units_of("P00002")) == 2
    assert audit.events(action="organisations.load_place")[0].after["left_out"] == 1
    assert actions.load_place(by=SYSTEM, place=PLACE).left_out == loaded.left_out  # the place can be loaded again
    told = {"place_id": PLACE, "kind": "provider", "code": "RZ2", "name": "SYNTHETIC Second", "recorded": True}
    Organisation.objects.create(valid_from=date(2007, 1, 1), known_from=date(2008, 1, 1), **told)
    pack("providers", PROVIDERS + "RZ2,SYNTHETIC Other,Other,acute,11000000,9Z9\n")
    loaded = actions.load_place(by=SYSTEM, place=PLACE)
    assert "SYNTHETIC Other (RZ2)" in loaded.left_out and loaded.added == 0


def test_a_second_correction_lies_on_top_of_the_first() -> None:
    record(valid_to=date(2008, 6, 30))
    record(unit="EAST", known_from=date(2008, 8, 1), reason="an error")
    assert {unit for _, _, unit in units_of("P00001")} == {"EAST"}
    assert [unit for _, _, unit in units_of("P00001", date(2008, 7, 15))] == ["EAST", "WEST", "EAST"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": " "}, "needs a reason"),
        ({"valid_to": date(2008, 5, 1)}, "before the first"),
        ({"practice": "P9"}, "no practice 'P9'"),
        ({"unit": "NORTH"}, "no unit 'NORTH'"),
    ],
)
def test_what_cannot_be_recorded_is_said(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        record(**changes)
    assert units_of("P00001") == [(OPEN, END, "EAST")]


def test_knowledge_does_not_run_backwards() -> None:
    record()
    with pytest.raises(UserError, match="something later is already known"):
        record(known_from=date(2008, 6, 15))


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_from": date(2008, 4, 1)},
        {"valid_from": date(2008, 4, 1), "valid_to": date(2008, 4, 1), "unit": "EAST"},
        {"practice": "P9", "valid_from": date(2008, 4, 2), "valid_to": date(2008, 4, 1)},
        {"practice": "P9", "known_from": date(2008, 4, 2), "known_to": date(2008, 4, 2)},
        {"practice": ""},
    ],
)
def test_the_database_itself_refuses_contradictions(wrong: dict[str, object]) -> None:
    row = {"place_id": PLACE, "practice": "P00001", "unit": "WEST"} | wrong
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**row)


def test_the_database_refuses_an_overlap_by_change() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(practice="P00002", unit="EAST").update(valid_to=None)


def test_the_database_refuses_organisations_of_no_kind() -> None:
    for wrong in ({"kind": "club", "code": "X", "name": "X"}, {"kind": "unit", "code": "", "name": "X"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Organisation.objects.create(place_id=PLACE, **wrong)


@pytest.mark.parametrize("name", ["east", "EAST", "Easties", " east group "])
def test_a_unit_is_found_by_any_of_its_names(name: str) -> None:
    assert reads.unit_by_alias(PLACE, name).code == "EAST"


def test_an_unknown_unit_is_answered_with_those_there_are() -> None:
    with pytest.raises(UserError, match="Choose one of EAST, WEST"):
        reads.unit_by_alias(PLACE, "north")


def test_membership_rows_are_what_attribution_needs() -> None:
    row = reads.membership_rows(PLACE)[0]
    assert (row.practice, row.unit, row.budget_line, row.commissioner) == ("P00001", "EAST", "EAST", "9Z9")
    assert (row.postcode, row.list_size, row.valid_from, row.valid_to) == ("ZZ1 1ZZ", 1000, OPEN, END)
