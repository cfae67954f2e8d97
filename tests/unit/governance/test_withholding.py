"""How a person stands in a matter: every nature of an interest with every ruling."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from openpbc.governance.rules import withholding
from openpbc.governance.rules.interests import (
    FINANCIAL_PERSONAL,
    OWNER,
    POSSIBLE_BIDDER,
    PROFESSIONAL,
    PROVIDER,
    Conflict,
    Interest,
    Ownership,
    Party,
)
from openpbc.governance.rules.interests import conflicts as conflicts_of
from openpbc.governance.rules.withholding import LEAVES, TAKES_PART, WITHOUT_VOTE
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.kernel.two_people import must_be_another

DAY = date(2008, 4, 1)
GRAVE = Conflict("a@x", 1, "Alpha", FINANCIAL_PERSONAL, True, "An interest in Alpha.")
LIGHT = Conflict("a@x", 2, "Alpha", PROFESSIONAL, False, "A seat at Alpha.")
OTHERS = Conflict("b@x", 3, "Alpha", FINANCIAL_PERSONAL, True, "Somebody else's.")


@pytest.mark.parametrize(
    ("conflicts", "ruled", "stands"),
    [
        ((), "", TAKES_PART),
        ((OTHERS,), "", TAKES_PART),
        ((LIGHT,), "", TAKES_PART),
        ((LIGHT,), TAKES_PART, TAKES_PART),
        ((LIGHT,), WITHOUT_VOTE, WITHOUT_VOTE),
        ((LIGHT,), LEAVES, LEAVES),
        ((GRAVE,), "", LEAVES),
        ((GRAVE,), TAKES_PART, LEAVES),
        ((GRAVE,), WITHOUT_VOTE, LEAVES),
        ((GRAVE, LIGHT), LEAVES, LEAVES),
        ((), LEAVES, LEAVES),
    ],
)
def test_the_stricter_of_nature_and_ruling_counts(conflicts: tuple[Conflict, ...], ruled: str, stands: str) -> None:
    found = withholding.standing("a@x", conflicts, ruled, "Because.")
    assert (found.ruling, found.sees, found.votes) == (stands, stands != LEAVES, stands == TAKES_PART)
    assert "Somebody else's" not in found.because
    if conflicts and stands == LEAVES:
        assert found.because


def test_one_holding_is_told_once_with_every_party_that_it_reaches() -> None:
    held = Interest(4, "a@x", "Holding", FINANCIAL_PERSONAL, True, DAY, None, datetime(2008, 4, 1, 12, 0))
    parties = [Party("Company", POSSIBLE_BIDDER), Party("Holding", OWNER), Party("Other", PROVIDER)]
    owners = [Ownership("Holding", "Company"), Ownership("Holding", "Other")]
    found = conflicts_of([held], parties, DAY, owners=owners)
    assert len(found) == len(parties)
    words = "An interest (financial, one's own; declared on 1 April 2008) in Holding"
    told = withholding.standing("a@x", found).because
    assert told == f"{words}, which owns Company; Company may bid; Other provides the service."
    alone = conflicts_of([held], parties[1:2], DAY, owners=owners)
    assert withholding.standing("a@x", alone).because == f"{words}; Holding owns somebody who may bid."


def test_a_ruling_says_so_and_ends_as_a_sentence() -> None:
    found = withholding.standing("a@x", (LIGHT,), LEAVES, "Partner in a company that may bid")
    assert found.by_ruling and found.because.endswith("may bid.")
    assert not withholding.standing("a@x", (GRAVE,)).by_ruling


def test_nobody_is_let_in_whose_interest_is_material() -> None:
    assert "nobody can rule" in withholding.may_rule(TAKES_PART, (LIGHT, GRAVE))
    assert withholding.may_rule(LEAVES, (GRAVE,)) == ""
    assert withholding.may_rule(TAKES_PART, (LIGHT,)) == ""


def test_a_second_account_is_the_same_person() -> None:
    accounts = {name: frozenset({"a@x", "a2@x"}) for name in ("a@x", "a2@x")}
    must_be_another(Actor("b@x", "B"), ("a@x",), accounts, "it is approved", who_can="The chair can.")
    for doing in ("a@x", "a2@x"):
        with pytest.raises(UserError, match=r"it was you.* The chair can\."):
            must_be_another(Actor(doing, "A"), ("a@x",), accounts, "it is approved", who_can="The chair can.")
        with pytest.raises(UserError, match=r"you act for .* The chair can\."):
            must_be_another(
                Actor("b@x", "B", acting_for=doing), ("a@x",), accounts, "it is approved", who_can="The chair can."
            )
