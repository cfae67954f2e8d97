"""What falls on primary care is closed once those whom the commissioner consults were asked, or a note says why not."""

from __future__ import annotations

import json
from datetime import date
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, transaction

from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions, models, reads
from openpbc.redesign.commands import redesign
from openpbc.redesign.reads import consulting
from openpbc.redesign.reads.consulting import Consulting
from openpbc.redesign.rules.consulting import unconsulted
from tests.integration.site.conftest import FOREIGN, HERE, send

pytestmark = pytest.mark.usefixtures("people")
AT = f"/p/{HERE}/intentions"
GROUPS = {"WATCOM", "DATCOM", "STAHCOM", "HERTSMERE", "REDHOUSE"}
DAY = date(2008, 3, 3)


def known() -> Consulting:
    return Consulting(organisations.book(HERE))


def note(kind: str = "intention", ref: str = "N3.1", **facts) -> tuple[int, ...]:
    given = {"body": "LMC", "asked": True, "on": DAY, "said": "SYNTHETIC: content", **facts}
    return actions.note_consultation(by=SYSTEM, place=HERE, kind=kind, ref=ref, **given)


def stand(state: str = "done", key: str = "N3.1", seen: int = 0) -> None:
    actions.say_how_intention_stands(by=SYSTEM, place=HERE, key=key, state=state, reason="SYNTHETIC", seen=seen)


def rest(kind: str = "intention", ref: str = "N3.1") -> tuple[int, ...]:
    return note(kind, ref, body="REST", asked=False, on=None, said="SYNTHETIC: asked on the same plan in May")


def test_what_falls_on_primary_care_and_who_is_consulted_on_it() -> None:
    found = known()
    assert {"5.1", "5.2.a", "4.3", "N3.1", "N3.4"} <= found.keys
    assert not {"1.1.a", "2.4.a", "3.5.a"} & found.keys, "what is meant for every provider does not fall on it"
    assert set(found.wanted) == {"LMC", *GROUPS}
    assert unconsulted({}, ()) == () and unconsulted({"a": "A"}, {"a"}) == ()
    assert not Consulting(organisations.book(FOREIGN)).wanted


def test_an_intention_of_primary_care_is_not_closed_before_groups_and_the_committee_were_asked(as_role) -> None:
    stand("under way")
    with pytest.raises(UserError, match="Local Medical Committee"):
        stand(seen=1)
    stand(key="3.5.a")
    note()
    with pytest.raises(UserError, match="WatCom"):
        stand("given up", seen=1)
    assert len(rest()) == len(GROUPS)
    stand(seen=1)
    with pytest.raises(Stale, match="after you had looked"):
        stand("open", seen=1)
    shown = unescape(as_role("finance_manager").get(f"{AT}/N3.1").content.decode())
    assert "SYNTHETIC: content" in shown and "not asked" in shown and "It is done." in shown
    assert audit.events(action="redesign.say_how_intention_stands")[0].subject == f"intention/{HERE}/N3.1"


def test_the_same_on_the_pages(as_role) -> None:
    manager = as_role("contract_manager")
    shown = manager.get(f"{AT}/5.1").content.decode()
    assert "yes: it is closed once everybody below was consulted" in shown and "It is open." in shown
    sent = {"state": "done", "reason": "SYNTHETIC", "seen": "0"}
    assert send(manager, f"{AT}/5.1/state", sent).status_code == 422
    add = f"/p/{HERE}/consultations/intention/5.1/add"
    assert "Still to be asked on primary care" in manager.get(add).content.decode()
    told = {"body": "LMC", "asked": "yes", "on": "3 March 2008", "said": "SYNTHETIC: content"}
    assert send(manager, add, told | {"on": ""}).status_code == 422, "on which day?"
    assert send(manager, add, told).status_code == 302
    why = {"body": "REST", "asked": "no", "on": "", "said": "SYNTHETIC: they wrote the plan"}
    assert send(manager, add, why).status_code == 302
    assert send(manager, f"{AT}/5.1/state", sent).status_code == 302
    listed = unescape(manager.get(f"/p/{HERE}/consultations").content.decode())
    assert "they wrote the plan" in listed and "Cardiac network" not in listed
    assert manager.get(f"{AT}/99/state").status_code == 404
    assert manager.get(f"/p/{HERE}/consultations/intention/99/add").status_code == 404
    assert manager.get(f"/p/{HERE}/consultations/priest/1/add").status_code == 404
    assert as_role("provider_lead").get(f"/p/{HERE}/consultations").status_code == 403


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"on": None}, "day on which they said it"),
        ({"asked": False}, "said nothing on a day"),
        ({"on": date(2099, 1, 1)}, "has not come yet"),
        ({"said": " "}, "what they said"),
        ({"body": "RWG"}, "body"),
        ({"body": "REST"}, "each body says its own"),
        ({"ref": "99"}, "no intention"),
        ({"kind": "case", "ref": "x"}, "no case"),
        ({"kind": "barrier", "ref": "7"}, "no barrier 7"),
    ],
)
def test_what_cannot_be_noted_is_refused(facts: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        note(**facts)


def test_a_case_and_its_barrier_fall_on_primary_care_by_the_intention_that_the_case_serves(as_role) -> None:
    number = actions.propose(
        by=SYSTEM, place=HERE, unit="WATCOM", title="Late opening", area="Access", need="SYNTHETIC"
    )
    block = actions.raise_barrier(by=SYSTEM, place=HERE, title="No rooms", owner="Somebody", case=number)
    assert known().of_case(reads.case(HERE, number)) == ()
    actions.link_intention(by=SYSTEM, place=HERE, number=number, key="N3.1")
    leave = {"by": SYSTEM, "place": HERE, "number": number, "way": "T24", "reason": "Overtaken."}
    revision = reads.case(HERE, number).revision
    with pytest.raises(UserError, match="falls on primary care"):
        actions.take_step(revision=revision, **leave)
    solve = {"by": SYSTEM, "place": HERE, "number": block, "title": "No rooms", "owner": "Somebody", "state": "solved"}
    with pytest.raises(UserError, match="falls on primary care"):
        actions.change_barrier(revision=1, **solve)
    actions.change_barrier(revision=1, **(solve | {"state": "in hand"}))
    note("barrier", str(block))
    rest("barrier", str(block))
    actions.change_barrier(revision=2, **solve)
    note("case", str(number), said="SYNTHETIC: later opening is welcome")
    rest("case", str(number))
    page = unescape(as_role("finance_manager").get(f"/p/{HERE}/cases/{number}").content.decode())
    assert "later opening is welcome" in page
    sent = as_role("finance_manager").get(f"/p/{HERE}/cases/{number}?download=paper.docx").content
    paper = ZipFile(BytesIO(sent)).read("word/document.xml").decode()
    assert "later opening is welcome" in paper
    actions.take_step(revision=revision, **leave)
    assert reads.case(HERE, number).stage == "withdrawn"


def test_notes_stay_as_they_were_written() -> None:
    note()
    stand("under way")
    for model in (models.Consultation, models.IntentionState):
        with pytest.raises(DatabaseError, match="not allowed|cannot be"), transaction.atomic():
            model.objects.update(by="Nobody")
        with pytest.raises(DatabaseError, match="not allowed|cannot be"), transaction.atomic():
            model.objects.all().delete()


def test_the_same_from_the_shell() -> None:
    def told(*command: str) -> str:
        return CliRunner().invoke(redesign, [command[0], "--place", HERE, *command[1:]], catch_exceptions=False).output

    assert "Nobody has noted" in told("consultations")
    assert "Note 1" in told("consult", "intention", "N3.1", "LMC", "SYNTHETIC: content", "--on", "2008-03-03")
    assert "Notes 2, 3, 4, 5, 6" in told("consult", "intention", "N3.1", "REST", "SYNTHETIC: same plan", "--not-asked")
    assert "N3.1 is done" in told("intention-state", "N3.1", "done", "SYNTHETIC: all practices open late")
    (first, *others) = json.loads(told("consultations", "--json"))
    assert (first["body"], first["asked"], len(others)) == ("LMC", True, 5)
    assert f"intention/{HERE}/N3.1" in told("consultations") and consulting.states(HERE)["N3.1"][-1].state == "done"
