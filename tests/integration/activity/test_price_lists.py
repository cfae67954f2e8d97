"""Loading a price list: a dry run keeps nothing, a load is audited, and the page shows what is in force."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openpbc.organisations import reads as organisations
from openpbc.site.cli import main
from tests.unit.activity.rows import PLACE
from tests.unit.activity.test_price_lists import HEAD

pytestmark = pytest.mark.django_db
LIST = f"{HEAD}\nA01,SYNTHETIC one,-,400,5,-,8,171,No,-,-\nA99,SYNTHETIC new,-,0,5,1,8,171,No,-,-\n"


@pytest.fixture
def overlay(settings, tmp_path: Path) -> Path:
    settings.RULEBOOK = tmp_path / "book"
    settings.RULEBOOK.mkdir()
    return settings.RULEBOOK


@pytest.fixture
def price_list(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


def _load(path: Path, *more: str) -> int:
    said = ("--mark", "SYN", "--status", "assumed", "--note", "SYNTHETIC: a test")
    return main(["activity", "tariff", "load", str(path), "--place", PLACE, *said, *more])


def test_a_dry_run_tells_every_change_and_keeps_nothing(place, overlay: Path, price_list: Path, capsys) -> None:
    assert _load(price_list, "--dry-run") == 0
    said = capsys.readouterr().out
    assert "New: 1 (A99)." in said and "Gone: 120 (" in said
    assert "A01 combined_dc_el_price: 396 -> 400" in said and "A01 nel_price: 500 -> -" in said
    assert list(overlay.iterdir()) == []


def test_a_loaded_list_is_in_force_and_audited(place, overlay: Path, price_list: Path, capsys) -> None:
    from openpbc.activity import reads
    from openpbc.audit.models import AuditEvent

    assert _load(price_list) == 0
    held = organisations.book(PLACE).need_table("payment.tariff_apc")
    assert [row["hrg_code"] for row in held] == ["A01", "A99"]
    assert held.citation.section.startswith("list.csv, sheet list.csv, SHA-256 ")
    event = AuditEvent.objects.filter(action="activity.load_prices").get()
    assert event.subject == f"price-list/{PLACE}/2008-09/apc"
    capsys.readouterr()
    assert _load(price_list, "--json") == 0
    again = json.loads(capsys.readouterr().out)
    assert "was loaded before" in again["done"] and again["changes"]["cells"] == []
    found = {one.word: one for one in reads.tables_in_force(PLACE)}
    assert (found["apc"].rows, found["apc"].without_price) == (2, 0)
    assert main(["rulebook", "check", "--overlay", str(overlay)]) == 0
    explained = reads.explain_listed(f"listed-price/{PLACE}/A99/day_case_price")
    assert (explained.value, explained.steps[0].effect) == (0, 0)


def _files(overlay: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in overlay.rglob("*") if path.is_file() and path.suffix != ".lock"}


def test_the_same_list_again_is_no_event_and_touches_no_file(place, overlay: Path, price_list: Path) -> None:
    from openpbc.audit.models import AuditEvent

    assert _load(price_list) == 0
    before = {path: path.stat().st_mtime_ns for path in overlay.rglob("*.*") if path.suffix != ".lock"}
    assert _load(price_list) == 0
    assert {path: path.stat().st_mtime_ns for path in overlay.rglob("*.*") if path.suffix != ".lock"} == before
    assert AuditEvent.objects.filter(action="activity.load_prices").count() == 1
    assert _load(price_list, "--note", "SYNTHETIC: another note") == 0
    assert AuditEvent.objects.filter(action="activity.load_prices").count() == 2


def test_a_load_that_stops_before_the_last_step_leaves_the_prices_that_stood(
    place, overlay: Path, price_list: Path, monkeypatch
) -> None:
    from openpbc.rulebook.laying import Laying

    assert _load(price_list) == 0
    held, files = organisations.book(PLACE), _files(overlay)
    seen = []

    def stopped(self: Laying) -> None:
        book = organisations.book(PLACE)  # the new rows lie there, and nobody reads them
        seen.append(list(book.need_table("payment.tariff_apc")) == list(held.need_table("payment.tariff_apc")))
        raise OSError("killed")

    price_list.write_text(LIST.replace(",400,", ",401,"), encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(Laying, "put", stopped)
        with pytest.raises(OSError, match="killed"):
            _load(price_list)
    assert seen == [True] and _files(overlay) == files
    assert organisations.book(PLACE).hash == held.hash
    assert _load(price_list) == 0
    (row, _) = organisations.book(PLACE).need_table("payment.tariff_apc")
    assert row["combined_dc_el_price"] == "401" and len(_files(overlay)) == len(files)
    assert main(["rulebook", "check", "--overlay", str(overlay)]) == 0


def test_no_price_comes_into_force_without_its_event(place, overlay: Path, price_list: Path, monkeypatch) -> None:
    from openpbc.audit import recording

    def fails(frames) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(recording, "_append", fails)
    with pytest.raises(RuntimeError, match="gone"):
        _load(price_list)
    assert _files(overlay) == {}


def test_dated_entries_of_a_year_are_not_dropped(place, overlay: Path, price_list: Path, capsys) -> None:
    import yaml

    assert _load(price_list) == 0
    (pack,) = overlay.rglob("*.yaml")
    body = yaml.safe_load(pack.read_text(encoding="utf-8"))
    body["tables"]["2008-09"] = [body["tables"]["2008-09"], body["tables"]["2008-09"] | {"known_from": "2008-06-01"}]
    pack.write_text(yaml.safe_dump(body), encoding="utf-8")
    files = _files(overlay)
    price_list.write_text(LIST.replace(",400,", ",401,"), encoding="utf-8")
    assert _load(price_list) == 2
    assert "has 2 entries for 2008-09 by the day each became known" in capsys.readouterr().err
    assert _files(overlay) == files


def test_wrong_cells_refuse_the_whole_list(place, overlay: Path, tmp_path: Path, capsys) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text(LIST.replace(",400,", ",four hundred,"), encoding="utf-8")
    assert _load(path) == 2
    assert "D2: combined_dc_el_price" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        _load(path, "--dry-run")
    assert "D2: combined_dc_el_price: 'four hundred' is not a number" in capsys.readouterr().out
    assert list(overlay.iterdir()) == []


def test_without_a_folder_of_its_own(place, settings, price_list: Path, capsys) -> None:
    settings.RULEBOOK = None
    assert _load(price_list) == 2
    assert "OPENPBC_RULEBOOK" in capsys.readouterr().err
