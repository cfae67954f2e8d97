"""The pages of decisions: who may record, what a mistake shows, and that answers are checked before it is for good."""

from __future__ import annotations

import pytest

from openpbc.governance import reads
from tests.integration.site.conftest import HERE, As, send

pytestmark = pytest.mark.one_database

NEW = f"/p/{HERE}/decisions/new?matter=budget-set/{HERE}/2008-09/1&title=Budget+set+1"
GIVEN = {
    "body": "board",
    "taken_on": "25/3/2008",
    "matter": f"budget-set/{HERE}/2008-09/1",
    "minute": "08/31",
    "title": "Budget set 1",
    "outcome": "approved",
    "text": "Approved <b>as put</b>.",
}


def test_a_decision_is_checked_then_recorded_and_stands_in_the_register(as_role: As) -> None:
    secretary = as_role("committee_secretary")
    asked = send(secretary, NEW, GIVEN)
    assert asked.status_code == 200
    assert "Check: Record a decision" in asked.content.decode()
    assert "25 March 2008" in asked.content.decode()
    assert not reads.decisions(HERE)
    again = send(secretary, NEW, GIVEN | {"change": "yes"})
    assert again.status_code == 200
    assert 'value="25/3/2008"' in again.content.decode()
    done = send(secretary, NEW, GIVEN | {"confirmed": "yes"})
    assert done.status_code == 302
    (kept,) = reads.decisions(HERE)
    assert kept.matter == f"budget-set/{HERE}/2008-09/1"
    page = secretary.get(done.headers["Location"]).content.decode()
    assert "Approved &lt;b&gt;as put&lt;/b&gt;." in page
    assert "Correct this record" in page
    listed = as_role("sha_manager").get(f"/p/{HERE}/decisions").content.decode()
    assert "08/31" in listed
    assert "Record a decision" not in listed


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"taken_on": "31/2/2008"}, "is neither a day nor a month"),
        ({"taken_on": "1/1/2199"}, "has not come yet"),
        ({"minute": ""}, "Give the reference of the minute."),
        ({"outcome": "withdrawn"}, "not one of the choices"),
        ({"text": "a\x00b"}, "cannot be printed"),
    ],
)
def test_a_mistake_is_told_beside_its_field(changes: dict[str, str], sentence: str, as_role: As) -> None:
    answer = send(as_role("committee_chair"), NEW, GIVEN | {"confirmed": "yes"} | changes)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert text.count(sentence) == 2, "in the summary and beside the field"
    assert not reads.decisions(HERE)


def test_a_correction_starts_from_the_record_and_keeps_its_matter(as_role: As) -> None:
    secretary = as_role("committee_secretary")
    send(secretary, NEW, GIVEN | {"confirmed": "yes"})
    (wrong,) = reads.decisions(HERE)
    path = f"/p/{HERE}/decisions/new?replaces={wrong.id}"
    assert 'value="08/31"' in secretary.get(path).content.decode()
    send(secretary, path, GIVEN | {"outcome": "withdrawn", "replaces": str(wrong.id), "confirmed": "yes"})
    right = reads.decision(reads.decision(wrong.id).replaced_by)
    assert (right.matter, right.outcome, right.stands) == (wrong.matter, "withdrawn", False)
    assert "This record was corrected" in secretary.get(f"/p/{HERE}/decisions/{wrong.id}").content.decode()
