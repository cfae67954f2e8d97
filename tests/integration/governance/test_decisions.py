"""Decisions: recorded for good, corrected by a later record, and the same minute kept once whoever is faster."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from openpbc.audit import reads as audit
from openpbc.governance import actions, reads
from openpbc.governance.models import Decision
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError
from tests.integration.at_once import at_once
from tests.integration.site.conftest import HERE

MATTER = f"budget-set/{HERE}/2008-09/1"
SAID = {
    "place": HERE,
    "body": "board",
    "taken_on": date(2008, 3, 25),
    "minute": "08/31",
    "matter": MATTER,
    "title": "Budget set 1",
    "outcome": "approved",
    "text": "The Board approved the budgets.",
}


def record(by: Actor = SYSTEM, **changes: object) -> int:
    return actions.record_decision(by=by, **(SAID | changes))


@pytest.mark.django_db
def test_a_decision_is_kept_with_who_recorded_it_and_an_event() -> None:
    number = record(Actor("s@x", "The secretary"))
    found = reads.decision(number, HERE)
    assert (found.outcome, found.minute, found.taken_on) == ("approved", "08/31", date(2008, 3, 25))
    assert (found.recorded_by, found.stands, found.approves) == ("The secretary", True, True)
    assert reads.approval(HERE, MATTER) == found
    event = audit.events()[-1]
    assert (event.action, event.subject) == ("governance.record_decision", f"decision/{HERE}/{number}")


@pytest.mark.django_db
def test_the_same_minute_recorded_again_changes_nothing_and_differently_is_refused() -> None:
    number, events = record(), audit.head().sequence
    assert record() == number
    assert audit.head().sequence == events
    with pytest.raises(UserError, match="OpenPBC itself already recorded this minute on .*, as approved"):
        record(outcome="refused")


@pytest.mark.django_db
def test_a_mistake_is_corrected_by_a_record_that_names_it() -> None:
    wrong = record()
    right = record(outcome="refused", replaces=wrong)
    assert reads.decision(wrong).replaced_by == right
    assert not reads.decision(wrong).stands
    assert reads.approval(HERE, MATTER) is None
    with pytest.raises(UserError, match=f"corrected this record on .* Look at record {right}"):
        record(outcome="deferred", replaces=wrong)
    withdrawn = record(outcome="withdrawn", replaces=right)
    assert not reads.decision(withdrawn).stands


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"body": "parish"}, "there is no body 'parish'"),
        ({"outcome": "maybe"}, "'maybe' is no outcome"),
        ({"outcome": "withdrawn"}, "only a record that exists can be withdrawn"),
        ({"taken_on": date(9999, 1, 1)}, "has not come yet"),
        ({"minute": "  "}, "the minute's reference is empty"),
        ({"minute": "x" * 61}, "61 characters"),
        ({"text": "a\x00b"}, "a character that cannot be kept"),
        ({"matter": "nonsense"}, "is no address of a matter"),
        ({"matter": "budget-set/blmk-2023/2023-24/1"}, "is no matter of"),
        ({"title": "", "matter": ""}, "the matter is empty"),
        ({"replaces": 99}, "there is no decision 99"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        record(**changes)
    assert not Decision.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement", ["UPDATE governance_decision SET outcome = 'refused'", "DELETE FROM governance_decision"]
)
def test_the_database_refuses_change_and_removal(statement: str) -> None:
    record()
    with pytest.raises(DatabaseError, match="recorded decision|not allowed"), transaction.atomic():
        connection.cursor().execute(statement.format("governance_decision"))
    assert reads.decisions(HERE)[0].outcome == "approved"


@pytest.mark.django_db(transaction=True)
def test_two_people_who_record_one_minute_at_once_leave_one_record() -> None:
    outcomes = at_once(
        *(
            lambda outcome=outcome: record(Actor(outcome, f"Somebody who says {outcome}"), outcome=outcome)
            for outcome in ("approved", "refused")
        )
    )
    (kept,) = reads.decisions(HERE)
    assert kept.id in outcomes
    (told,) = [each for each in outcomes if isinstance(each, str)]
    assert f"Somebody who says {kept.outcome} already recorded this minute" in told
