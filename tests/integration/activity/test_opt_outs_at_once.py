"""Two registers loaded at the same moment: the one that comes last counts whole, and never a mixture."""

from __future__ import annotations

from pathlib import Path

import pytest

from openpbc.activity import actions, models, reads
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.pseudonyms import pseudonym
from tests.integration.at_once import at_once
from tests.unit.activity.rows import PLACE

pytestmark = pytest.mark.django_db(transaction=True)
# SYNTHETIC: valid numbers of the range that is given to nobody
FIRST, SECOND = ("9990000018", "9990000026"), ("9990000034", "9990000042", "9990000050")


def test_two_registers_do_not_mix(place, tmp_path: Path) -> None:
    actions.make_keys(by=SYSTEM, place=place)
    paths = []
    for at, numbers in enumerate((FIRST, SECOND)):
        paths.append(tmp_path / f"register {at}.csv")
        paths[-1].write_text("\n".join(numbers) + "\n")
    at_once(*(lambda path=path: actions.load_opt_outs(by=SYSTEM, place=place, path=path) for path in paths))
    key = reads.key_of(PLACE, "measures")
    held = set(models.OptOut.objects.filter(purpose="measures").values_list("pid", flat=True))
    wanted = [{pseudonym(key, number) for number in numbers} for numbers in (FIRST, SECOND)]
    assert held in wanted
    assert reads.opt_outs(PLACE).people == len(held)
