"""A page prints as HTML, CSV, workbook and picture from the same address."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import openpyxl
import pytest
from django.http import Http404, QueryDict
from django.test import RequestFactory

from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import open_book
from openpbc.ui import tables
from openpbc.ui.charts import Chart, Point
from openpbc.ui.figures import Figure, Style
from openpbc.ui.forms import (
    Field,
    Form,
    percentage,
    plain_percentage,
    plain_thousand_pounds,
    signed_thousand_pounds,
    thousand_pounds,
)
from openpbc.ui.jinja import environment
from openpbc.ui.offers import Headline, Tile, Work
from openpbc.ui.pages import Crumb, Page, capital, first_sentence, respond
from openpbc.ui.paging import pager

BOOK = open_book("west-herts-2008")


def page(**more) -> Page:
    shown = tables.table(
        "plan", "Plan", [tables.text("Line"), tables.number("Amount", "£")], [["=a", Figure(-150, Style.PENCE)]]
    )
    drawn = Chart("plan", "Plan", "One bar.", "plan", (Point("a", "now", -1.5),), "£")
    facts = (("As at", "30 November 2008"),)
    return Page("openpbc/base.jinja", "My plan", BOOK, tables=(shown,), charts=(drawn,), facts=facts, **more)


def get(query: str, shown: Page | None = None):
    return respond(RequestFactory().get(f"/p/west-herts-2008/plan{query}"), shown or page())


def test_downloads_carry_place_book_and_their_own_name():
    answer = get("?download=plan.csv&floor=5")
    assert answer["Content-Disposition"] == 'attachment; filename="west-herts-2008_my_plan_plan.csv"'
    text = answer.content.decode("utf-8-sig")
    assert 'Place,"West Hertfordshire, 2008/09"' in text
    assert f"Rulebook,{BOOK.hash}" in text
    assert "'=a,-1.5" in text


def test_a_table_is_json_with_the_same_facts():
    answer = get("?download=plan.json&floor=5")
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="west-herts-2008_my_plan_plan.json"'
    told = json.loads(answer.content)
    assert ["Rulebook", BOOK.hash] in told["facts"]
    assert told["rows"] == [["=a", -1.5]]


def test_the_whole_page_is_one_workbook():
    book = openpyxl.load_workbook(io.BytesIO(get("?download=page.xlsx").content))
    assert book.sheetnames == ["plan"]
    assert [cell.value for cell in book.active[book.active.max_row]] == ["=a", -1.5]


@pytest.mark.parametrize("wanted", ["other.csv", "plan.exe", "../secret.key", "plan", "page.csv"])
def test_downloads_that_do_not_exist_are_not_found(wanted):
    with pytest.raises(Http404):
        get(f"?download={wanted}")


def test_charts_are_pictures_at_the_same_address():
    wide, narrow = get("?chart=plan"), get("?chart=plan&size=narrow")
    assert wide["Content-Type"] == "image/svg+xml"
    assert wide.content != narrow.content
    with pytest.raises(Http404):
        get("?chart=other")


def test_a_chart_is_taken_away_as_a_picture_that_says_what_it_shows_of_what_and_when():
    drawn, pixels = get("?download=plan.svg"), get("?download=plan.png")
    assert drawn["Content-Disposition"] == 'attachment; filename="west-herts-2008_my_plan_plan.svg"'
    text = " ".join(re.findall(r">([^<>]+)<", drawn.content.decode()))
    for said in ("One bar.", "Place: West Hertfordshire, 2008/09", "As at: 30 November 2008", BOOK.hash[:20]):
        assert text.count(said) == 2, f"{said!r} is read aloud and drawn"
    assert "Plan" in text and "Taken on" not in text
    assert "Taken on: " in get("?download=plan.svg", replace(page(), facts=())).content.decode()
    assert pixels.content.startswith(b"\x89PNG") and pixels["Content-Type"] == "image/png"
    for other in ("svg", "png"):
        with pytest.raises(Http404):
            get(f"?download=other.{other}")


def test_a_page_says_what_it_rests_on():
    shown = page(
        rests_on=(
            BOOK.table("payment.tariff_ae"),
            BOOK.value("payment.mff_payer"),
            BOOK.value("finance.deposit_agreed"),
            BOOK.value("fair_shares.minimum_growth"),
        )
    )
    assert shown.shows_synthetic
    assert shown.to_fill == ("places/west-herts-2008/finance/deposit_agreed.yaml",)
    assert [item.rpartition("(")[2] for item in shown.assumed] == ["payment.mff_payer)", "payment.tariff_ae)"]
    assert ("Data", "SYNTHETIC: invented, no real patient") in shown.all_facts
    assert not page().shows_synthetic


def test_the_trail_starts_at_the_place():
    assert page(trail=(Crumb("Months", "/m"),)).full_trail[0] == Crumb("West Hertfordshire", "/p/west-herts-2008")
    assert page(is_home=True).full_trail == ()


def test_templates_escape():
    assert environment(autoescape=True).from_string("{{ text }}").render(text="<b>") == "&lt;b&gt;"


@pytest.mark.parametrize(
    ("asked", "number", "first", "last"),
    [("", 1, 1, 100), ("page=3", 3, 201, 250), ("page=99", 3, 201, 250), ("page=-1", 1, 1, 100), ("page=x", 1, 1, 100)],
)
def test_any_page_number_gives_a_page(asked, number, first, last):
    found = pager(QueryDict(asked), 250)
    assert (found.number, found.first, found.last, found.pages) == (number, first, last, 3)


def test_links_to_other_pages_keep_the_query():
    found = pager(QueryDict("rule=V-01&page=2&download=x.csv"), 250)
    assert found.previous == "?rule=V-01&page=1"
    assert found.next == "?rule=V-01&page=3"
    assert found.cut(range(250)) == range(100, 200)
    empty = pager(QueryDict(""), 0)
    assert (empty.first, empty.last, empty.next, empty.previous) == (0, 0, "", "")


def test_a_form_tells_each_mistake_beside_its_field():
    form = Form((Field("floor", "Minimum growth", percentage), Field("pot", "Pot", thousand_pounds)))
    answer = form.read(QueryDict("floor=much&pot=10,000"))
    assert answer.values == {"pot": 1_000_000_000}
    assert [(error["href"], error["text"].partition(":")[0]) for error in answer.errors] == [
        ("#floor", "Minimum growth")
    ]
    assert not form.read(QueryDict("")).asked


@pytest.mark.parametrize(("text", "ppm"), [("4.5", 45_000), ("4.5%", 45_000), ("0", 0), ("100", 1_000_000)])
def test_percentages_are_read_as_people_write_them(text, ppm):
    assert percentage(text) == ppm
    assert percentage(plain_percentage(ppm)) == ppm


@pytest.mark.parametrize("text", ["-1", "100.1", "4,5", "", "1e3"])
def test_other_percentages_are_refused(text):
    with pytest.raises(UserError):
        percentage(text)


def test_sums_may_not_be_negative():
    with pytest.raises(UserError):
        thousand_pounds("-1")


def test_words():
    assert capital("PBC groups") == "PBC groups"
    assert capital("place") == "Place"
    assert first_sentence("Who pays:  DH or\n PCT. And more.") == "Who pays"
    assert (Tile("a", "b").text, Headline("a", 1).more, Work("a", "b", "c").roles) == ("a", "", frozenset())


@pytest.mark.parametrize("pence", [0, 1, -1, 100_000, -123_456_789, 1_550_000])
def test_thousands_to_be_edited_are_read_back_as_they_were(pence):
    assert signed_thousand_pounds(plain_thousand_pounds(pence)) == pence
    assert "," not in plain_thousand_pounds(pence)
