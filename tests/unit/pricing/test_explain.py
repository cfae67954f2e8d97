"""One price explains itself: its steps rebuild it, and a stored record that differs is told."""

from __future__ import annotations

import time
from collections import defaultdict

from openpbc.activity.rules.explain import explain_price
from openpbc.activity.rules.spells import episode_of
from openpbc.kernel.steps import recompute
from tests.property.pricing.engines import Row
from tests.property.pricing.records import County, rich_law, rich_places


def _units() -> list[tuple[str, list[Row]]]:
    rows = County(7, rich_law(), rich_places()).rows(400, 200, 200)
    spells: dict[str, list[Row]] = defaultdict(list)
    for row in rows["apc"]:
        spells[episode_of(row).key].append(row)
    singles = [(stream, [row]) for stream in ("op", "ae") for row in rows[stream]]
    return [*(("apc", own) for own in spells.values()), *singles]


def test_the_steps_of_every_price_add_up_to_it() -> None:
    law, places = rich_law(), rich_places()
    for stream, rows in _units():
        explained = explain_price("price/x", stream, rows, law, places, "2008-11")
        assert recompute(explained) == explained.value
        assert explained.steps and all(step.citation for step in explained.steps if step.rule.startswith("attribute"))


def test_a_price_is_explained_within_50_milliseconds() -> None:
    law, places = rich_law(), rich_places()
    units = _units()[:100]
    started = time.perf_counter()
    for stream, rows in units:
        explain_price("price/x", stream, rows, law, places, "2008-11")
    assert (time.perf_counter() - started) / len(units) < 0.05


def _plain() -> list[Row]:
    own = County(7, rich_law(), rich_places())
    spell = own.spell(1)[:1]
    spell[0].update(
        provider="RWG", adm_method="21", patient_class="1", hrg_spell="A01", age=50, admin_category="01", csn=None,
        commissioner="5P4", tfc="100", dis_date=spell[0]["adm_date"].replace(month=6, day=30), unbundled_hrg=None,
        critical_care_days=0, los_adj_rehab=0, los_adj_spc=0, ready_date=None, practice="E82901",
    )  # fmt: skip
    spell[0]["adm_date"] = spell[0]["dis_date"].replace(day=20)
    return spell


def test_the_charge_and_the_year_without_the_factor_are_told() -> None:
    explained = explain_price("price/x", "apc", _plain(), rich_law(), rich_places(), "2008-11")
    assert any("The budget is charged" in note and "DH" in note for note in explained.notes)
    assert [step.label for step in explained.steps if step.rule == "price.long_stay"] == ["Days beyond the trim point"]


def test_a_stored_record_that_differs_is_told() -> None:
    law, places = rich_law(), rich_places()
    stored = {"price": 1, "unit": "WATCOM", "reason": ""}
    explained = explain_price("price/x", "apc", _plain(), law, places, "2008-11", stored)
    assert [note for note in explained.notes if note.startswith("The published run holds price = 1;")]
    assert not [note for note in explained.notes if "unit" in note.split("=")[0]]


def test_no_price_is_told_as_such() -> None:
    rows = _plain()
    rows[0].update(hrg_spell=None, hrg_fce=None)
    explained = explain_price("price/x", "apc", rows, rich_law(), rich_places(), "2008-11")
    assert explained.value == 0
    assert "The record has no resource group." in explained.notes
    assert "No price is stated; the figure counts as 0 in sums." in explained.notes
