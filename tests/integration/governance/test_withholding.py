"""The gate on every channel: whoever has a material interest finds nothing of the matter, and is told why."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.governance import actions, reads
from openpbc.governance.reads import LEAVES, NATURES, TAKES_PART, WITHOUT_VOTE, Party
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError, Withheld
from openpbc.site import rooms, sealing
from openpbc.site.cli import main
from tests.integration.site.conftest import HERE, As, send
from tests.integration.site.conftest import reads as organisations

MATTER = f"budget-set/{HERE}/2008-09/1"
CANARY = "Canarywing"
SECRETARY = Actor("secretary@demo", "The secretary")
RULED = (("professional", WITHOUT_VOTE), ("professional", LEAVES), ("financial-personal", TAKES_PART))


def decide(**changes: object) -> int:
    said = {
        "body": "board", "taken_on": date(2008, 3, 25), "minute": f"{CANARY}/1", "matter": MATTER,
        "title": f"{CANARY} title", "outcome": "approved", "text": f"{CANARY} text.",
    }  # fmt: skip
    return actions.record_decision(by=SYSTEM, place=HERE, **(said | changes))


def interested(nature: str, ruling: str, person: str = "finance@demo") -> bool:
    """Give a person an interest in the matter, and rule; tell whether the person is kept out."""
    actions.declare_interest(
        by=SYSTEM,
        place=HERE,
        person=person,
        organisation="Company",
        nature=nature,
        role="x",
        held_from=date(2026, 1, 1),
    )
    actions.set_parties(by=SYSTEM, place=HERE, matter=MATTER, parties=[Party("company", "possible-bidder")])
    facts = {"place": HERE, "matter": MATTER, "person": person, "reason": "Because."}
    material = nature != "professional"
    if ruling and material and ruling != LEAVES:
        with pytest.raises(UserError, match="the interest is material"):
            actions.rule_on_interest(by=SECRETARY, ruling=ruling, **facts)
    elif ruling:
        actions.rule_on_interest(by=SECRETARY, ruling=ruling, **facts)
    return material or ruling == LEAVES


def channels(browser, number: int) -> dict[str, str]:
    """Everything that the site says of the matter, by channel."""
    here = f"/p/{HERE}/decisions"
    asked = {
        "register": here,
        "register of one matter": f"{here}?matter={MATTER}",
        "file": f"{here}?download=decisions.csv",
        "decision": f"{here}/{number}",
        "matter's page": rooms.matter_page(MATTER),
        "file below the matter's page": rooms.matter_page(MATTER) + "/approve?download=page.xlsx",
        "explanation": f"/explain/{MATTER}/total",
        "home": f"/p/{HERE}",
    }
    return {name: browser.get(path).content.decode("utf-8", "replace") for name, path in asked.items()}


# Every ruling on every nature is tried in test_interest_matrix; here a matter of another room, with its own pages.
@pytest.mark.parametrize(("nature", "ruling"), [*((nature, "") for nature in sorted(NATURES)), *RULED])
def test_every_channel_by_nature_and_ruling(nature: str, ruling: str, as_role: As) -> None:
    number = decide()
    out = interested(nature, ruling)
    shown = channels(as_role("finance_manager"), number)
    leaking = {name for name, text in shown.items() if CANARY in text}
    assert leaking == (set() if out else {"register", "register of one matter", "file", "decision"})
    for channel in ("decision", "matter's page", "file below the matter's page", "explanation"):
        assert ("withheld from you because of an interest" in shown[channel]) == out, channel
    assert ("withheld from you" in shown["register"]) == out
    assert CANARY in channels(as_role("group_manager"), number)["decision"], "others see it"


def test_a_matter_of_every_room_has_a_page_that_the_gate_can_close() -> None:
    """A room that lets others decide on its matters says on which page each stands, or nothing could close it."""
    for room in rooms.offers():
        for prefix in getattr(room, "MATTERS", {}):
            pages = [rooms.matter_page(f"{prefix}/{HERE}/{rest}") for rest in ("2008-09/1", "2008-11", "1")]
            assert any(page.startswith(f"/p/{HERE}/") for page in pages), prefix


def test_the_gate_closes_a_page_and_all_below_it_and_nothing_beside_it() -> None:
    closed = {"/p/here/budgets/1": "because"}
    assert sealing.why_closed(closed, "/p/here/budgets/1")
    assert sealing.why_closed(closed, "/p/here/budgets/1?download=page.xlsx")
    assert sealing.why_closed(closed, "/p/here/budgets/1/lines/3")
    assert not sealing.why_closed(closed, "/p/here/budgets/11")
    assert not sealing.why_closed(closed, "/p/here/budgets")


def test_the_gate_costs_two_questions_where_no_matter_has_parties(people, django_assert_num_queries) -> None:
    viewer = organisations.viewer_by_sign_in("analyst@demo")
    with django_assert_num_queries(2):
        assert sealing.closed_pages(viewer, HERE) == {}


def test_somebody_kept_out_records_no_decision_and_corrects_none(as_role: As) -> None:
    number = decide()
    interested("financial-personal", "", person=SECRETARY.id)
    with pytest.raises(Withheld, match="recorded by somebody without an interest"):
        actions.record_decision(
            by=SECRETARY, place=HERE, body="board", taken_on=date(2008, 4, 1), minute="2", matter=MATTER, title="x",
            outcome="refused", text="y",
        )  # fmt: skip
    secretary = as_role("committee_secretary")
    answer = secretary.get(f"/p/{HERE}/decisions/new?replaces={number}")
    assert (answer.status_code, CANARY in answer.content.decode()) == (403, False)
    sent = {"body": "board", "taken_on": "1/4/2008", "minute": "2", "matter": MATTER, "title": "x", "text": "y"}
    refused = send(secretary, f"/p/{HERE}/decisions/new", sent | {"outcome": "refused", "confirmed": "yes"})
    assert "withheld from you" in refused.content.decode()
    assert len(reads.decisions(HERE)) == 1


def test_the_shell_keeps_out_whom_the_site_keeps_out(people, capsys, monkeypatch) -> None:
    decide()
    assert main(["governance", "decisions", "--place", HERE]) == 0
    assert CANARY in capsys.readouterr().out


def test_a_decision_that_was_opened_is_kept(as_role: As) -> None:
    number = decide()
    as_role("analyst").get(f"/p/{HERE}/decisions/{number}")
    (seen,) = reads.opened(HERE, MATTER)
    assert (seen.person, seen.what) == ("analyst@demo", f"decision/{HERE}/{number}")
