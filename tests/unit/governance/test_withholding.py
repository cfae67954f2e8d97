"""How a person stands in a matter: every nature of an interest with every ruling."""

from __future__ import annotations

import pytest

from openpbc.governance.rules import withholding
from openpbc.governance.rules.interests import FINANCIAL_PERSONAL, PROFESSIONAL, Conflict
from openpbc.governance.rules.two_people import must_be_another
from openpbc.governance.rules.withholding import LEAVES, TAKES_PART, WITHOUT_VOTE
from openpbc.kernel.problems import UserError

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


def test_nobody_is_let_in_whose_interest_is_material() -> None:
    assert "nobody can rule" in withholding.may_rule(TAKES_PART, (LIGHT, GRAVE))
    assert withholding.may_rule(LEAVES, (GRAVE,)) == ""
    assert withholding.may_rule(TAKES_PART, (LIGHT,)) == ""


def test_a_second_account_is_the_same_person() -> None:
    accounts = {name: frozenset({"a@x", "a2@x"}) for name in ("a@x", "a2@x")}
    must_be_another("b@x", ("a@x",), accounts, "it is approved", who_can="The chair can.")
    for doing in ("a@x", "a2@x"):
        with pytest.raises(UserError, match=r"it was you.* The chair can\."):
            must_be_another(doing, ("a@x",), accounts, "it is approved", who_can="The chair can.")
