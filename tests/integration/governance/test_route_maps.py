"""The route map for innovation: signed by both sides, kept by hash, public with every version."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from openpbc.audit import reads as audit
from openpbc.governance import actions
from openpbc.governance.models import RouteMap
from openpbc.governance.reads.route_maps import commissioners_of, route_maps, signed_maps, signing_bodies
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.site.cli import main
from tests.integration.at_once import at_once
from tests.integration.site.conftest import FOREIGN, HERE, As, send

pytestmark = pytest.mark.usefixtures("people")
PAGE, PCT = f"/p/{HERE}/route-map", "5P4"
DAY = date(2008, 4, 1)
BOTH = {"DATCOM": "gp_lead", "WATCOM": "group_manager"}


def sign(content: bytes = b"SYNTHETIC rules", on: date = DAY, seen: int | None = None, **other: object) -> int:
    told = {"place": HERE, "commissioner": PCT, "name": "map.txt", "for_commissioner": "board", "for_groups": BOTH}
    return actions.record_route_map(by=SYSTEM, signed_on=on, content=content, seen=seen, **told | other)  # type: ignore[arg-type]


def test_every_version_stays_and_the_latest_signed_counts() -> None:
    assert signed_maps(HERE) == {}
    assert sign() == 1
    assert sign() == 1, "the very same again changes nothing"
    assert sign(b"SYNTHETIC, later", on=date(2008, 9, 1), seen=1) == 2
    assert sign(b"SYNTHETIC, found late", on=date(2007, 4, 1), seen=2) == 3
    assert signed_maps(HERE)[PCT].number == 2, "one that was signed before it does not take its place"
    assert [each.number for each in route_maps(HERE)] == [2, 1, 3]
    event = audit.events(action="governance.record_route_map")[-1]
    assert event.subject == f"route-map/{HERE}/{PCT}/1" and event.after["for_groups"] == BOTH


def test_who_did_not_see_the_last_one_is_told() -> None:
    sign(seen=0)
    with pytest.raises(Stale, match=r"recorded a route map on .* at \d\d:\d\d, after you opened this page"):
        sign(b"SYNTHETIC, other", seen=0)
    assert len(route_maps(HERE)) == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"commissioner": "5XX"}, "'5XX' commissions nothing here"),
        ({"for_commissioner": "conclave"}, "'conclave' cannot sign for it"),
        ({"for_commissioner": "group"}, "'group' cannot sign for it"),
        ({"for_groups": {}}, "no group signed"),
        ({"for_groups": {"DATCOM": "finance_manager"}}, "'finance_manager' cannot sign for a group"),
        ({"for_groups": {"NOBODY": "gp_lead"}}, "there is no unit 'NOBODY'"),
        ({"name": "map.exe"}, "'map.exe' is no paper"),
        ({"content": b""}, "'map.txt' is empty"),
    ],
)
def test_a_side_that_is_none_of_the_places_and_no_document_are_refused(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        sign(**wrong)  # type: ignore[arg-type]
    assert not route_maps(HERE)


def test_a_day_ahead_is_refused() -> None:
    with pytest.raises(UserError, match="the day lies ahead"):
        sign(on=organisations.today() + timedelta(days=1))


def test_rows_are_only_added() -> None:
    sign()
    for statement in ("UPDATE governance_routemap SET number = 7", "DELETE FROM governance_routemap"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert RouteMap.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_each_is_kept_under_its_own_number_or_told() -> None:
    for seed in range(4):
        texts = [f"SYNTHETIC {seed} {one}".encode() for one in "ab"]
        done = at_once(*(lambda text=text, seen=seed: sign(text, seen=seen) for text in texts), seed=seed)
        told = [each for each in done if isinstance(each, str)]
        assert len(told) == 1 and "recorded a route map" in told[0], done
        assert sorted(each.number for each in route_maps(HERE)) == list(range(1, seed + 2))


def test_everybody_reads_it_and_takes_its_document(as_role: As) -> None:
    visitor = as_role("public")
    assert "none signed yet" in visitor.get(PAGE).content.decode()
    sign()
    sign(b"SYNTHETIC, later", on=date(2008, 9, 1))
    page = visitor.get(PAGE).content.decode()
    assert "none signed yet" not in page and "DatCom: GP practice lead" in page
    assert "Hertsmere, Red House, St A &amp; H" in page, "who has not signed is told"
    assert "SYSTEM" not in page and "Record a signed route map" not in page
    for number, content in ((1, b"SYNTHETIC rules"), (2, b"SYNTHETIC, later")):
        assert f'href="{PAGE}/{PCT}/{number}"' in page
        answer = visitor.get(f"{PAGE}/{PCT}/{number}")
        assert answer.content == content and 'filename="map.txt"' in answer.headers["Content-Disposition"]
    assert visitor.get(f"{PAGE}/{PCT}/3").status_code == 422


def test_the_secretary_records_one_on_the_page(as_role: As) -> None:
    given = {"signed_on": "1 April 2008", "commissioner": PCT, "for_commissioner": "board", "seen": "0"}
    secretary = as_role("committee_secretary")

    def sent(**more: str):
        file = SimpleUploadedFile("map.txt", b"SYNTHETIC rules")
        return send(secretary, f"{PAGE}/new", given | more | {"file": file})

    assert sent().status_code == 422 and not route_maps(HERE), "no group signed"
    assert sent(unit_DATCOM="gp_lead").status_code == 302
    assert route_maps(HERE)[0].for_groups == {"DATCOM": "gp_lead"}
    late = sent(unit_DATCOM="gp_lead", unit_WATCOM="gp_lead")
    assert late.status_code == 409
    for role, status in (("gp_lead", 403), ("public", 302)):
        assert as_role(role).get(f"{PAGE}/new").status_code == status


def test_a_place_of_a_later_year_signs_one_too() -> None:
    book = organisations.book(FOREIGN)
    (commissioner,) = commissioners_of(book)
    unit, body = organisations.units(FOREIGN)[0].code, next(iter(signing_bodies(book)))
    told = {"place": FOREIGN, "commissioner": commissioner, "for_commissioner": body, "for_groups": {unit: "gp_lead"}}
    assert sign(**told) == 1  # type: ignore[arg-type]
    assert list(signed_maps(FOREIGN)) == [commissioner] and not signed_maps(HERE)


def test_the_page_asks_as_often_for_many_versions_as_for_few(as_role: As) -> None:
    visitor = as_role("public")
    sign()
    visitor.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        visitor.get(PAGE)
    for number in range(8):
        sign(f"SYNTHETIC {number}".encode())
    with CaptureQueriesContext(connection) as many:
        visitor.get(PAGE)
    assert len(many) == len(few)


@pytest.mark.parametrize("page", ["process", "accountability", "bodies", "delegation"])
def test_it_is_found_where_people_look(page: str, as_role: As) -> None:
    assert f'href="{PAGE}"' in as_role("finance_manager").get(f"/p/{HERE}/{page}").content.decode()


def test_the_shell_records_and_shows(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    here, file = ("--place", HERE), tmp_path / "map.txt"
    file.write_text("SYNTHETIC rules")
    assert main(["governance", "route-maps", *here]) == 0
    assert "none signed yet" in capsys.readouterr().out
    words = ["governance", "record-route-map", str(file), *here, "--signed-on", "2008-04-01", "--body", "board"]
    assert main([*words, "--group", "DATCOM"]) == 2
    assert "is not UNIT=ROLE" in capsys.readouterr().err
    assert main([*words, "--group", "DATCOM=gp_lead"]) == 0
    assert capsys.readouterr().out == "Version 1 is recorded.\n"
    assert main(["governance", "route-maps", *here]) == 0
    assert "version 1, signed 2008-04-01" in capsys.readouterr().out
    assert main(["governance", "route-maps", *here, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["for_groups"] == {"DATCOM": "gp_lead"}


def test_a_demonstration_signs_two_versions_once() -> None:
    for _ in range(2):
        actions.demonstrate_route_map(by=SYSTEM, place=HERE)
    found = [(each.number, len(each.for_groups), each.synthetic) for each in route_maps(HERE)]
    assert found == [(2, 5, True), (1, 4, True)]
