"""Search: what it finds, that every result opens for its reader, and that what is withheld is not even counted."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from openpbc.governance import actions as governance
from openpbc.governance.rules.interests import POSSIBLE_BIDDER, Party
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions as redesign
from openpbc.redesign import reads as cases
from openpbc.site import searching
from openpbc.site.access import asker
from openpbc.site.commands.search import search
from tests.integration.redesign.conftest import handed_in, proposed
from tests.integration.site.conftest import FOREIGN, HERE, SIGN_INS, As

PAGE = f"/p/{HERE}/search"
# Words, and the kind and title of something that they find.
FOUND = (
    ("breath", "Cases", "Bréathing clinics"),
    ("  CLINICS   breathing ", "Cases", "Bréathing clinics"),
    ("wheeze", "Cases", "Bréathing clinics"),
    ("datcom", "Commissioning units", "DatCom"),
    ("committee governance", "Bodies", "PBC Governance Committee"),
    ("copd", "Shared pathways", "COPD and respiratory"),
    ("4.4 copd", "Intentions", "4.4 COPD"),
    ("business case review", "Milestones", "The Board receives the business case of the review"),
    ("lead of clinicians", "Recommendations", "Endorse the approach"),
    ("décision_weeks", "Rulebook", "redesign.decision_weeks"),
    ("fair shares", "Pages", "Fair shares"),
)
pytestmark = pytest.mark.usefixtures("people")


def found(role: str, words: str) -> dict[str, list[searching.Hit]]:
    viewer = organisations.viewer_by_sign_in(SIGN_INS[role])
    groups = searching.search(organisations.book(HERE), viewer, asker(viewer), words)
    return {group.kind: list(group.hits) for group in groups}


def close_to(role: str) -> None:
    """Let a persona own a company that may bid for case 1."""
    governance.declare_interest(
        by=SYSTEM, place=HERE, person=SIGN_INS[role], organisation="Chest Company", nature="financial-personal",
        role="owner", held_from=organisations.today() - timedelta(days=30),
    )  # fmt: skip
    governance.set_parties(
        by=SYSTEM, place=HERE, matter=cases.address(HERE, 1), parties=[Party("Chest Company", POSSIBLE_BIDDER)]
    )


def test_it_finds_whatever_the_case_the_accents_and_the_order() -> None:
    proposed(title="Bréathing clinics", need="SYNTHETIC: people wheeze.")
    for words, kind, title in FOUND:
        assert title in [hit.title for hit in found("group_manager", words)[kind]], words


def test_all_words_must_occur_and_no_words_find_nothing(as_role: As) -> None:
    proposed()
    assert "Cases" not in found("group_manager", "breathing elephants")
    assert found("group_manager", "   ") == {}
    client = as_role("group_manager")
    assert b"Look for cases" in client.get(PAGE).content
    assert b"Nothing that you may see bears the words" in client.get(f"{PAGE}?q=elephants").content


def test_every_result_opens_for_the_person_who_found_it(as_role: As) -> None:
    proposed(title="Committee of the surgery")
    for role in ("practice_staff", "provider_lead", "sha_manager", "administrator"):
        client = as_role(role)
        seen = {hits[-1].href.partition("#")[0] for kind, hits in found(role, "e").items() if kind != "Pages"}
        assert seen
        for href in sorted(seen):
            assert client.get(href).status_code == 200, (role, href)


def test_what_an_interest_withholds_is_neither_found_nor_counted(as_role: As) -> None:
    handed_in(title="Breathing clinics")
    redesign.raise_barrier(
        by=SYSTEM, place=HERE, title="Breathing rooms", owner="SYNTHETIC", proposal="", case=1
    )  # fmt: skip
    taken = {
        "by": SYSTEM, "place": HERE, "body": "governance_committee", "taken_on": organisations.today(),
        "text": "SYNTHETIC",
    }  # fmt: skip
    governance.record_decision(**taken, minute="1", title="Breath", matter="", outcome="noted")
    against = governance.record_decision(
        **taken, minute="2", title="Breathing put off", matter=cases.address(HERE, 1), outcome="refused"
    )
    governance.put_on_agenda(
        by=SYSTEM, place=HERE, body="governance_committee", matter=cases.address(HERE, 1), title="Breathing",
        papers=(("Gasping.txt", b"SYNTHETIC"),),
    )  # fmt: skip
    speaker = organisations.viewer_by_sign_in(SIGN_INS["group_manager"]).actor
    governance.lodge_appeal(by=speaker, place=HERE, against=against, appellant="DATCOM", grounds="SYNTHETIC: air.")
    redesign.note_consultation(
        by=SYSTEM, place=HERE, kind="case", ref="1", body="LMC", asked=True, on=organisations.today(),
        said="SYNTHETIC: breath is short",
    )  # fmt: skip
    before = found("finance_manager", "breath")
    assert set(before) == {"Cases", "Barriers", "Items of meetings", "Decisions", "Appeals", "Consultations"}
    assert before["Appeals"] == found("finance_manager", "air")["Appeals"], "the grounds are looked in"
    assert list(found("finance_manager", "gasping")) == ["Items of meetings"], "a paper is found by its name"
    close_to("finance_manager")
    assert set(found("finance_manager", "breath")) == {"Decisions"}  # of another matter
    assert found("finance_manager", "gasping") == {}
    page = as_role("finance_manager").get(f"{PAGE}?q=breath").content.decode()
    assert "1 thing found, of what you may see." in page and "Breathing" not in page
    assert set(found("committee_chair", "breath")) == set(before)


def test_a_role_finds_only_what_its_pages_show(as_role: As) -> None:
    handed_in(title="Breathing clinics")
    proposed(title="Breathing rooms", area="Other")
    assert [hit.title for hit in found("provider_lead", "breathing")["Cases"]] == ["Breathing clinics"]  # a member
    governance.call_meeting(by=SYSTEM, place=HERE, body="governance_committee", held_on=organisations.today())
    assert "Meetings" in found("committee_chair", "committee")
    assert "Meetings" not in found("provider_lead", "committee") and "Measures" not in found("provider_lead", "a")
    assert as_role("finance_manager").get(f"/p/{FOREIGN}/search?q=a").status_code == 404
    assert as_role("public").get(PAGE).status_code == 302


def test_more_than_ten_of_a_kind_are_told_and_shown_behind_a_link(as_role: As) -> None:
    client = as_role("finance_manager")
    page = client.get(f"{PAGE}?q=surgery").content.decode()
    count = len(found("finance_manager", "surgery")["Practices"])
    assert f"{count - 10} more are not shown here." in page
    every = client.get(f"{PAGE}?q=surgery&kind=Practices").content.decode()
    assert "more are not shown" not in every and "Every kind" in every


def test_the_shell_searches_as_anybody() -> None:
    proposed()
    actor = Actor(id="shell/x", name="x", roles=frozenset({"administrator"}))
    words = ["breathing", "--place", HERE, "--json"]
    told = json.loads(CliRunner().invoke(search, words, obj=actor, catch_exceptions=False).output)
    assert told[0]["kind"] == "Cases" and told[0]["hits"][0]["href"] == f"/p/{HERE}/cases/1"
    words = ["breathing", "--place", HERE, "--as", SIGN_INS["provider_lead"]]
    assert "Nothing bears these words." in CliRunner().invoke(search, words, obj=actor, catch_exceptions=False).output
