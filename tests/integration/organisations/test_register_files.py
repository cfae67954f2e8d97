"""Published files through the register: shown before they count, taken once, and one population followed by them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import actions, models, reads
from openpbc.organisations.reads import bodies, register
from tests.integration.site.conftest import KEY, As, send

ODS = Path(__file__).parents[2] / "fixtures" / "ods"
HERE, BOARD = "west-herts-2008", "blmk-2023"
FILES = {
    "practices": ("epraccur_2019_extract.csv", date(2019, 10, 1)),
    "map": ("practice_map_2022_extract.csv", date(2022, 1, 1)),
    "boards": ("boards_2026_extract.csv", date(2026, 4, 1)),
}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path: Path) -> None:
    """Give the files a home of their own."""
    settings.HOME = tmp_path


def sent(layout: str, place: str = HERE) -> int:
    name, as_at = FILES[layout]
    content = (ODS / name).read_bytes()
    return actions.receive_register(by=SYSTEM, place=place, name=name, content=content, layout=layout, as_at=as_at)


def take(layout: str, place: str = HERE) -> dict[str, int]:
    number = sent(layout, place)
    return actions.take_register(by=SYSTEM, place=place, number=number, seen=register.preview(place, number).seen)


def test_one_population_is_followed_from_a_group_of_2008_to_a_board_of_2026() -> None:
    actions.load_place(by=SYSTEM, place=HERE)
    found = bodies.follow(HERE, "WATCOM", date(2026, 4, 1))
    steps = [(step.before, step.tie.kind, step.after, step.on) for step in found.way.steps]
    assert steps == [
        ("WATCOM", "within", "5P4", None),
        ("5P4", "succeeded_by", "06N", date(2013, 4, 1)),
        ("06N", "within", "QM7", date(2022, 1, 1)),
        ("QM7", "within", "Y61", date(2022, 1, 1)),
    ]
    assert all(step.tie.source for step in found.way.steps)
    assert "recalled" in found.way.steps[1].tie.source  # what is not cited says so
    assert [step.after for step in bodies.follow(HERE, "06N", date(2026, 4, 1)).before] == ["5P4"]
    # The group itself: no source says what became of it, and nothing is invented.
    assert not [tie for tie in found.ties if tie.kind == "succeeded_by"] and found.way.gaps == ()


def test_ties_end_with_their_sides_and_no_later() -> None:
    actions.load_place(by=SYSTEM, place=HERE)
    there = {(tie.member, tie.holder): tie for tie in bodies.who_in_what(HERE, date(2026, 4, 1))}
    assert not [pair for pair in there if "5P4" in pair] and ("06N", "QM7") in there
    assert there["RC9", "HCCOM"].valid_to is None  # no source gives an end: the pages say so
    eve = {(tie.member, tie.holder): tie for tie in bodies.who_in_what(HERE, date(2013, 3, 31))}
    assert eve["5P4", "Q35"].valid_to == date(2013, 3, 31)
    assert eve["5P4", "Q35"].because == "5P4 was succeeded by 06N"
    moved = {each.holder: len(each.members) for each in bodies.follow(HERE, "5P4", date(2026, 4, 1)).moved}
    assert set(moved) == {""}  # with whom its practices are since no source here says


def test_what_was_believed_before_is_asked_by_what_was_known(as_role: As) -> None:
    actions.load_place(by=SYSTEM, place=HERE)
    told = {"place_id": HERE, "kind": "within", "member": "XX1", "alone": "within/XX1", "valid_from": date(2013, 4, 1)}
    for holder, first, last in (("AA1", 2014, 2016), ("BB1", 2016, 2018), ("CC1", 2018, None)):
        until = date(last, 1, 1) if last else None
        models.Link.objects.create(holder=holder, known_from=date(first, 1, 1), known_to=until, **told)
    models.Organisation.objects.create(
        place_id=HERE, kind="body", code="XX1", name="Once", known_from=date(2014, 1, 1), known_to=date(2016, 1, 1)
    )
    for known_on, holders, names in (
        (None, ["AA1", "BB1"], ["Once"]),
        (date(2017, 1, 1), ["AA1"], ["Once"]),
        (date(2015, 12, 31), [], []),
    ):
        found = bodies.follow(HERE, "XX1", date(2020, 1, 1), known_on)
        assert [each.tie.holder for each in found.tied_before] == holders, known_on
        assert [each.name for each in found.believed_before] == names, known_on
    page = as_role("analyst").get(f"/p/{HERE}/organisations/follow/XX1").content.decode()
    assert "What it was believed to belong to before" in page and "BB1" in page


def test_published_files_add_up_and_tell_where_practices_went() -> None:
    actions.load_place(by=SYSTEM, place=BOARD)
    first = take("practices", BOARD)
    counted = {"rows": 372, "accepted": 245, "rejected": 0, "excluded": 127}
    assert first == counted | {"new": 245, "changed": 0, "closed": 0, "as it is": 0}
    second = take("map", BOARD)
    assert second["rows"] == second["accepted"] == 202 and second["rejected"] == 0
    moved = {
        code: {each.holder: len(each.members) for each in bodies.follow(BOARD, code, date(2022, 1, 1)).moved}
        for code in ("06F", "06P", "04F")
    }
    # Counted apart from the product, from the two published files: 95 of the 96 practices of 2022 were there in 2019.
    assert sum(each["M1J4Y"] for each in moved.values()) == 95
    now = Counter(tie.holder for tie in bodies.who_in_what(BOARD, date(2022, 1, 1), kind="commissioned_by"))
    # A map that leaves out one of the 66 practices of 2019 does not say that it closed.
    assert now["M1J4Y"] == 96 and now["06N"] == 66
    before = bodies.who_in_what(BOARD, date(2022, 1, 1), date(2021, 12, 31), kind="commissioned_by")
    assert not [tie for tie in before if tie.holder == "M1J4Y" and tie.source.startswith("practice_map")]


def test_a_file_taken_twice_says_nothing_new_and_an_older_one_comes_too_late() -> None:
    actions.load_place(by=SYSTEM, place=HERE)
    take("map")
    assert take("map")["as it is"] == 202
    late = take("practices")
    assert late["rows"] == late["accepted"] + late["rejected"] + late["excluded"] == 372
    assert late["excluded"] > 127  # what was said of 2022 already is not overwritten by what was said in 2019
    assert reads.practices(HERE) and len(reads.practices(HERE)) == 60  # money follows the book alone


def test_a_second_load_of_the_book_leaves_what_files_told() -> None:
    actions.load_place(by=SYSTEM, place=HERE)
    take("boards")
    told = models.Organisation.objects.filter(recorded=True).count()
    assert not actions.load_place(by=SYSTEM, place=HERE).any
    assert models.Organisation.objects.filter(recorded=True).count() == told > 0


def test_two_people_take_two_files_and_the_second_is_told() -> None:
    actions.load_place(by=SYSTEM, place=HERE)
    one, two = sent("practices"), sent("boards")
    seen = register.preview(HERE, two).seen
    actions.take_register(by=SYSTEM, place=HERE, number=one, seen=seen)
    events = audit.head().sequence
    with pytest.raises(Stale, match="took epraccur_2019_extract.csv"):
        actions.take_register(by=SYSTEM, place=HERE, number=two, seen=seen)
    with pytest.raises(Stale, match="already"):
        actions.take_register(by=SYSTEM, place=HERE, number=one, seen=seen + 1)
    assert audit.head().sequence == events
    actions.take_register(by=SYSTEM, place=HERE, number=two, seen=seen + 1)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"as_at": date(2999, 1, 1)}, "day to come"),
        ({"layout": "guess"}, "is no layout"),
        ({"only": ["../x"]}, "no code"),
        ({"content": b"\x00\x01"}, "no text"),
        ({"place": "nowhere"}, "not loaded"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(changes: dict[str, object], sentence: str) -> None:
    actions.load_place(by=SYSTEM, place=HERE)
    name, as_at = FILES["boards"]
    given = {"place": HERE, "name": name, "content": (ODS / name).read_bytes(), "layout": "boards", "as_at": as_at}
    with pytest.raises(UserError, match=sentence):
        actions.receive_register(by=SYSTEM, **(given | changes))
    assert register.files(HERE) == []


def test_the_database_refuses_two_alike_at_a_time() -> None:
    actions.load_place(by=SYSTEM, place=HERE)
    alike = {"place_id": HERE, "kind": "within", "member": "06N", "alone": "within/06N"}
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Link.objects.create(holder="QUE", valid_from=date(2023, 1, 1), **alike)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Organisation.objects.create(
            place_id=HERE, kind="body", code="QM7", name="Two", valid_from=date(2023, 1, 1), known_from=date(2023, 1, 1)
        )
    models.Link.objects.create(holder="QUE", valid_from=date(2020, 1, 1), valid_to=date(2020, 2, 1), **alike)


def test_the_pages_show_a_file_take_it_and_follow_by_it(as_role: As) -> None:
    browser = as_role("analyst")
    name, _ = FILES["boards"]
    content = (ODS / name).read_bytes()
    given = {"file": SimpleUploadedFile(name, content), "layout": "boards", "as_at": "1 April 2026"}
    answer = send(browser, f"/p/{HERE}/organisations/files/new", given)
    assert answer.status_code == 302, answer.content.decode()
    page = browser.get(answer["Location"]).content.decode()
    assert "Nothing of this file counts yet" in page and "NHS Central East" in page
    assert "No organisation" in browser.get(f"/p/{HERE}/organisations/register?name=S1Y5D").content.decode()
    taken = send(browser, answer["Location"], {"seen": "0"})
    assert taken.status_code == 302
    assert "took 6 of 6 rows" in browser.get(answer["Location"]).content.decode()
    assert send_again(browser, answer["Location"]) == 409
    followed = browser.get(f"/p/{HERE}/organisations/follow/S1Y5D").content.decode()
    assert "No end and no successor" in followed and "is not known" in followed
    who = browser.get(f"/p/{HERE}/organisations/who?code=herts+valleys&on=2022-07-01").content.decode()
    assert "seen on 1 April 2026" in followed  # a file of one day does not say since when
    assert "lies within" in who and "Integrated Care Board" in who
    assert browser.get(f"/p/{HERE}/organisations/follow/NOBODY").status_code == 422
    assert "give the code" in browser.get(f"/p/{HERE}/organisations/who?code=watford").content.decode().casefold()
    assert as_role("gp_lead").get(f"/p/{HERE}/organisations/files").status_code == 403
    assert as_role("contract_manager").get(f"/p/{HERE}/organisations/files/new").status_code == 403


def send_again(browser, path: str) -> int:
    """Send the form as somebody does who opened it before the file was taken."""
    found = KEY.search(browser.get(f"/p/{HERE}/organisations/files/new").content.decode())
    assert found
    return browser.post(path, {"seen": "1", "idempotency_key": found[1]}).status_code
