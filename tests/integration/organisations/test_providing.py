"""Everybody that sources name as a provider has a kind, an area and the commissioners of the contract, or "not set"."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner
from django.db import IntegrityError, transaction

from openpbc.organisations import reads
from openpbc.organisations.commands import organisations
from openpbc.organisations.models import Link
from openpbc.organisations.reads.providing import Named, named_providers
from tests.integration.site.conftest import HERE

pytestmark = pytest.mark.usefixtures("people")


def named() -> dict[str, Named]:
    return {each.code: each for each in named_providers(reads.book(HERE))}


def test_every_provider_that_the_sources_name_is_there_with_kind_area_and_commissioners() -> None:
    found = named()
    told = {code: (each.kind, each.area, each.coordinator, each.associates) for code, each in found.items()}
    assert told["RWG"] == ("acute", "West", "5P4", ("5P3",))
    assert told["RWH"] == ("acute", "East and North", "5P3", ("5P4",))
    assert told["MVCC"] == ("site", "East and North", "5P3", ("5P4",))
    assert told["RC9"] == ("acute", "outside", "", ("5P3", "5P4")), "the source names associates and no co-ordinator"
    assert told["RVL"] == ("acute", "outside", "", ()), "the part of London providers is still being discussed"
    assert told["LONDONTRUSTS"] == ("trust group", "outside", "", ())
    assert told["EOETRUSTS"] == ("trust group", "outside", "", ("5P3", "5P4"))
    assert {"NLBS", "BHBSS", "HEMEL"} <= set(found) and all(each.kind for each in found.values())
    assert found["HEMEL"].theirs and found["HEMEL"].coordinator == "5P4", "a site goes by its trust's contract"
    assert not found["NLBS"].theirs and found["NLBS"].within == "RVL"


def test_the_page_shows_them_and_what_no_source_tells(as_role) -> None:
    shown = " ".join(as_role("finance_manager").get(f"/p/{HERE}/organisations").content.decode().split())
    table = shown[shown.index('id="table-named-providers"') :]
    assert "London trusts" in table and "Other East of England trusts" in table
    assert "No source says who co-ordinates it." in table
    assert "West Hertfordshire PCT, by the contract of West Hertfordshire Hospitals NHS Trust" in table


def test_a_second_coordinator_of_one_provider_is_refused_by_the_database() -> None:
    row = Link.objects.get(place_id=HERE, kind="coordinated_by", member="MVCC")
    row.pk, row.holder, row.valid_from = None, "5P4", date(2008, 4, 1)
    with pytest.raises(IntegrityError, match="once at a time"), transaction.atomic():
        row.save(force_insert=True)


def test_the_same_from_the_shell() -> None:
    told = CliRunner().invoke(organisations, ["providers", "--place", HERE], catch_exceptions=False).output
    assert "RWG  West Hertfordshire Hospitals NHS Trust  acute  West  co-ordinated by 5P4; associates 5P3" in told
    assert "LONDONTRUSTS  London trusts  trust group  outside  co-ordinator not set" in told
    asked = ["providers", "--place", HERE, "--json"]
    assert {each["code"] for each in json.loads(CliRunner().invoke(organisations, asked).output)} == set(named())
