"""Coverage counts practices with an arrangement; how far each takes part is told apart; both as at a day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions, models, reads
from openpbc.organisations.commands import organisations
from openpbc.organisations.reads import arrangements
from openpbc.organisations.reads.arrangements import COVER, LEVEL
from openpbc.organisations.reads.cover import cover
from openpbc.organisations.rules.cover import Cover, Practised
from tests.integration.site.conftest import HERE, send

pytestmark = [pytest.mark.usefixtures("people"), pytest.mark.one_database]
PAGE = f"/p/{HERE}/organisations/cover"
CLOSED, OWN, OTHERS = "E82904", "E82901", "E82929"  # OWN and the one that closed were of the first group
BEFORE, AFTER = date(2008, 7, 31), date(2008, 8, 1)


def lay(settings, folder: Path) -> None:
    """Set the levels of the place in a rulebook folder of the test."""
    settings.RULEBOOK = folder
    path = folder / "places" / HERE / "organisations" / "participation_levels.yaml"
    path.parent.mkdir(parents=True)
    entry = {
        "status": "assumed",
        "source": {"document": "synthetic-county", "section": "Tests", "mark": "SYN"},
        "rows": [{"code": "some", "name": "Takes part in some"}, {"code": "all", "name": "Takes part in all"}],
    }
    head = {"id": "organisations.participation_levels", "meaning": "SYNTHETIC", "unit": "table", "key": ["code"]}
    path.write_text(yaml.safe_dump(head | {"tables": {"always": entry}}), encoding="utf-8")


def arrange(kind: str, practice: str, holder: str, first: date = AFTER, **changes) -> None:
    given = {"reason": "agreed", "seen": arrangements.seen(HERE, kind, practice), "valid_from": first, **changes}
    actions.arrange(by=SYSTEM, place=HERE, kind=kind, subject=practice, holder=holder, **given)


def covered(on: date, known_on: date | None = None) -> Cover:
    return cover(reads.book(HERE), on, known_on)


def text_of(client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


def test_a_practice_counts_by_its_arrangement_and_never_by_how_far_it_takes_part() -> None:
    deep = Practised("A", "A", unit="G", level="all")
    shallow, other = Practised("B", "B", unit="G", level="some"), Practised("C", "C", other="an agency")
    alone, both = Practised("D", "D", level="all"), Practised("E", "E", unit="G", other="an agency")
    found = Cover((deep, shallow, other, alone, both))
    assert (found.in_group, found.otherwise, found.arranged, found.without) == (3, 1, 4, (alone,))
    assert found.share == 800_000
    assert found.by_level(["none", "some"]) == {"none": 0, "some": 1, "all": 2, "": 2}
    assert (Cover(()).share, Cover(()).by_level([])) == (None, {"": 0})


def test_the_share_follows_groups_and_other_arrangements_on_both_clocks(as_role) -> None:
    before = covered(BEFORE)
    assert (len(before.practices), before.arranged, before.share) == (60, 60, 1_000_000)
    after = covered(AFTER)
    assert (after.arranged, [each.code for each in after.without]) == (59, [CLOSED])
    assert (after.share, after.without[0].left) == (983_333, ("WATCOM", BEFORE))
    browser = as_role("contract_manager")
    assert "59 of 60 practices have an arrangement (98.33%)" in text_of(browser, f"/p/{HERE}/organisations")
    shown = text_of(browser, PAGE)
    assert "59 of 60 practices have an arrangement (98.33%)" in shown and "31 July 2008" in shown
    assert "60 of 60 practices have an arrangement (100.00%)" in text_of(browser, f"{PAGE}?on=2008-07-31")
    given = {"holder": "Neighbouring agency", "valid_from": "1 August 2008", "reason": "agreed", "seen": "0"}
    assert send(browser, f"{PAGE}/{CLOSED}/cover", given).status_code == 302
    shown = text_of(browser, PAGE)
    assert "Every practice has an arrangement" in shown and "Neighbouring agency" in shown
    assert (covered(AFTER).in_group, covered(AFTER).otherwise) == (59, 1)
    yesterday = reads.today() - timedelta(days=1)
    assert covered(AFTER, yesterday).arranged == 59
    arrange(COVER, CLOSED, " None ", date(2008, 12, 1))
    assert covered(date(2008, 11, 30)).arranged == 60 and covered(date(2008, 12, 1)).arranged == 59
    listed = browser.get(f"{PAGE}?on=2008-12-01&download=without.csv").content.decode()
    assert f'{CLOSED},"WatCom, 31 July 2008",' in listed
    figures = browser.get(f"{PAGE}?download=coverage.csv").content.decode()
    assert "60,59,0,1,98.3333,100" in figures
    assert "Neighbouring agency" in text_of(browser, PAGE).split("What was believed before")[1]


def test_a_practice_for_which_another_stands_is_no_practice_of_the_place_any_more(settings, tmp_path: Path) -> None:
    settings.RULEBOOK = tmp_path
    path = tmp_path / "places" / HERE / "organisations" / "successions.yaml"
    path.parent.mkdir(parents=True)
    entry = {
        "status": "assumed",
        "source": {"document": "synthetic-county", "section": "Tests", "mark": "SYN"},
        "rows": [
            {"predecessor": CLOSED, "successor": OWN, "valid_from": "2008-08-01", "known_from": "", "known_to": ""}
        ],
    }
    head = {"id": "organisations.successions", "meaning": "SYNTHETIC", "unit": "table"}
    path.write_text(yaml.safe_dump(head | {"tables": {"2008-09": entry}}), encoding="utf-8")
    assert (len(covered(BEFORE).practices), len(covered(AFTER).practices)) == (60, 59)
    assert covered(AFTER).share == 1_000_000


def test_levels_are_not_set_until_the_rulebook_names_them(as_role) -> None:
    with pytest.raises(UserError, match="participation_levels"):
        arrange(LEVEL, OWN, "all")
    browser = as_role("contract_manager")
    shown = text_of(browser, PAGE)
    assert "The levels are not set" in shown and "participation_levels.yaml" in shown
    assert "Record the level" not in shown
    refused = browser.get(f"{PAGE}/{OWN}/level")
    assert refused.status_code == 422 and "participation_levels" in refused.content.decode()


def test_a_group_tells_how_far_its_own_practices_take_part_and_the_share_stays(as_role, settings, tmp_path) -> None:
    lay(settings, tmp_path)
    group, share = as_role("group_manager"), covered(AFTER).share
    own = next(each for each in covered(AFTER).practices if each.unit == _unit_of_the_group())
    other = next(each for each in covered(AFTER).practices if each.unit not in ("", own.unit))
    given = {"holder": "some", "valid_from": "1 August 2008", "reason": "its own choice", "seen": "0"}
    assert send(group, f"{PAGE}/{own.code}/level", given).status_code == 302
    assert group.get(f"{PAGE}/{other.code}/level").status_code == 404
    assert as_role("sha_manager").get(f"{PAGE}/{own.code}/level").status_code == 403
    assert group.get(f"{PAGE}/{own.code}/form").status_code == 404
    found = covered(AFTER)
    assert found.by_level(["some", "all"]) == {"some": 1, "all": 0, "": 59} and found.share == share
    assert covered(BEFORE).by_level([]) == {"": 60}
    counted = group.get(f"{PAGE}?download=levels.csv").content.decode()
    assert "Takes part in some,1" in counted and "Takes part in all,0" in counted and "Not told,59" in counted
    event = audit.events(action="organisations.arrange")[0]
    assert (event.subject, event.reason) == (f"level/{HERE}/{own.code}", "its own choice")
    refused = send(group, f"{PAGE}/{own.code}/level", given)
    assert refused.status_code == 409
    with pytest.raises(UserError, match="not one of the choices"):
        arrange(LEVEL, own.code, "most")
    arrange(LEVEL, own.code, "none", date(2009, 1, 1))
    assert covered(date(2009, 1, 1)).by_level([]) == {"": 60}


def _unit_of_the_group() -> str:
    viewer = reads.viewer_by_sign_in("group@demo")
    assert viewer is not None
    return next(iter(viewer.codes(HERE, "unit")))


def test_the_same_from_the_shell_and_as_many_questions_for_any_number_of_levels(settings, tmp_path: Path) -> None:
    def run(*words: str) -> str:
        answer = CliRunner().invoke(organisations, [*words, "--place", HERE], catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        return answer.output

    lay(settings, tmp_path)
    with CaptureQueriesContext(connection) as few:
        covered(AFTER)
    for kind, practice, holder in ((LEVEL, OWN, "all"), (LEVEL, OTHERS, "all"), (LEVEL, CLOSED, "some")):
        run("arrange", "--kind", kind, "--subject", practice, "--holder", holder, "--from", "2008-08-01",
            "--reason", "told")  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        covered(AFTER)
    assert len(few) == len(many)
    told = run("cover", "--on", "2008-08-01").splitlines()
    assert told[0] == "59 of 60 practices have an arrangement: 98.33%"
    assert told[1].startswith(f"without  {CLOSED}  ")
    assert told[2:] == ["level  Takes part in some: 1", "level  Takes part in all: 2", "level  not told: 57"]
    facts = json.loads(run("cover", "--on", "2008-07-31", "--json"))
    assert (facts["practices"], facts["arranged"], facts["share_ppm"]) == (60, 60, 1_000_000)
    assert OWN not in run("arrangements")


def test_the_database_still_refuses_two_arrangements_of_one_practice_that_overlap() -> None:
    arrange(COVER, CLOSED, "One agency")
    row = {"place_id": HERE, "kind": COVER, "subject": CLOSED, "holder": "x", "reason": "x", "by": "x"}
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Arrangement.objects.create(valid_from=date(2009, 1, 1), known_from=timezone.now(), **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Arrangement.objects.create(valid_from=BEFORE, known_from=timezone.now(), **row | {"kind": "depth"})
