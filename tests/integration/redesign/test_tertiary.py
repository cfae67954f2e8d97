"""A change to a tertiary flow that neither body requires is flagged; and to which commissioner a case belongs."""

from __future__ import annotations

import json
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, transaction

from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.models import Link
from openpbc.redesign import actions, models, reads
from openpbc.redesign.commands import redesign
from openpbc.redesign.reads.belonging import Belonging
from openpbc.redesign.reads.registers import intentions
from openpbc.redesign.reads.tertiary import fault, tertiary_keys
from openpbc.redesign.rules.tertiary import tertiary_fault
from tests.integration.site.conftest import HERE, send

pytestmark = pytest.mark.usefixtures("people")
FLAG = "changes a tertiary flow, and neither"


@pytest.fixture
def number(people: None) -> int:
    told = {"title": "Renal care", "area": "Renal", "need": "SYNTHETIC"}
    return actions.propose(by=SYSTEM, place=HERE, unit="DATCOM", **told)


def flag(number: int) -> str:
    return fault(reads.case(HERE, number), tertiary_keys(organisations.book(HERE)))


def say(number: int, **facts) -> None:
    given = {"changes": True, "asked_by": "", "reason": "SYNTHETIC", **facts}
    given.setdefault("revision", reads.case(HERE, number).revision)
    actions.say_tertiary(by=SYSTEM, place=HERE, number=number, **given)


def test_only_the_specialised_group_or_a_cancer_network_is_a_reason(number: int) -> None:
    assert [bool(tertiary_fault(*each)) for each in ((True, ""), (True, "cancer"), (False, ""))] == [True, False, False]
    assert flag(number) == ""
    actions.link_intention(by=SYSTEM, place=HERE, number=number, key="2.4.c")
    assert FLAG in flag(number), "it serves an intention that is about one"
    say(number, asked_by="specialised")
    assert flag(number) == ""
    say(number)
    assert FLAG in flag(number), "the last word counts"
    say(number, changes=False)
    assert flag(number) == "" and len(reads.case(HERE, number).tertiary) == 3
    with pytest.raises(UserError, match="required by nobody"):
        say(number, changes=False, asked_by="cancer")
    with pytest.raises(Stale):
        say(number, revision=1)
    with pytest.raises(DatabaseError, match="not allowed|cannot be"), transaction.atomic():
        models.TertiaryWord.objects.all().delete()


def test_the_flag_stands_on_the_page_in_the_paper_and_among_what_waits(number: int, as_role) -> None:
    lead = as_role("gp_lead")
    at = f"/p/{HERE}/cases/{number}"
    sent = {"changes": "yes", "asked_by": "", "reason": "SYNTHETIC: fewer stays in London", "revision": "1"}
    assert send(lead, f"{at}/tertiary", sent).status_code == 302
    assert send(lead, f"{at}/tertiary", sent).status_code == 409, "somebody had said so"
    assert FLAG in unescape(lead.get(at).content.decode())
    assert "tertiary flow without reason" in lead.get(f"/p/{HERE}/cases").content.decode()
    assert "Say who requires the change of a tertiary flow" in unescape(lead.get(f"/p/{HERE}").content.decode())
    paper = ZipFile(BytesIO(lead.get(f"{at}?download=paper.docx").content)).read("word/document.xml").decode()
    assert FLAG in paper
    assert send(lead, f"{at}/tertiary", sent | {"asked_by": "cancer", "revision": "2"}).status_code == 302
    shown = unescape(lead.get(at).content.decode())
    assert FLAG not in shown and "A cancer network requires it" in shown
    assert "Say who requires the change" not in unescape(lead.get(f"/p/{HERE}").content.decode())


def test_a_case_belongs_to_the_commissioners_of_its_groups_and_an_intention_is_shared(number: int, as_role) -> None:
    book = organisations.book(HERE)
    belonging = Belonging(book)
    assert belonging.of_case(reads.case(HERE, number)) == {"5P4"}
    assert {belonging.told(belonging.of_intention(each)) for each in intentions(book)} == {"both"}
    assert belonging.keeps(frozenset({"5P4", "5P3"}), "5P3") and not belonging.keeps(frozenset({"5P4"}), "5P3")
    assert belonging.told(frozenset()) == ""
    manager = as_role("finance_manager")
    both, west, east = (
        unescape(manager.get(f"/p/{HERE}/cases{asked}").content.decode()) for asked in ("", "?whose=5P4", "?whose=5P3")
    )
    assert "Renal care" in both and "Renal care" in west and "Renal care" not in east
    assert "West Hertfordshire PCT" in both
    assert manager.get(f"/p/{HERE}/cases?whose=XX").status_code == 422
    listed = manager.get(f"/p/{HERE}/intentions?whose=5P3&download=intentions.csv").content.decode()
    assert "Belongs to" in listed and "N3.1" in listed
    Link.objects.filter(place_id=HERE, kind="within", member="DATCOM").update(holder="5P3")
    shared = Belonging(book).of_case(reads.case(HERE, number))
    assert shared == {"5P3", "5P4"} and belonging.told(shared) == "both", "it concerns every group of the place"


def test_the_same_from_the_shell(number: int) -> None:
    def told(*command: str) -> str:
        return CliRunner().invoke(redesign, [command[0], "--place", HERE, *command[1:]], catch_exceptions=False).output

    assert FLAG in told("tertiary", "--number", str(number), "SYNTHETIC: fewer stays in London")
    assert FLAG in told("cases") and "West Hertfordshire PCT" in told("cases")
    assert "There is no case" in told("cases", "--commissioner", "5P3")
    (row,) = json.loads(told("cases", "--json"))
    assert row["belongs_to"] == ["5P4"] and FLAG in row["flag"]
    assert "Said." in told("tertiary", "--number", str(number), "--asked-by", "cancer", "SYNTHETIC")
    assert "N3.1" in told("intentions", "--commissioner", "5P3")
