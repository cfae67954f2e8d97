"""The demonstration shows cases at several stages, says SYNTHETIC in each, and changes nothing when it runs again."""

from __future__ import annotations

import pytest

from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions as organisations
from openpbc.redesign import actions, reads
from tests.integration.site.conftest import FOREIGN, HERE

pytestmark = pytest.mark.usefixtures("people")


def test_the_demonstration_shows_cases_at_several_stages() -> None:
    actions.demonstrate_cases(by=SYSTEM, place=HERE)
    found = reads.cases(HERE)
    stages = {each.stage for each in found}
    assert stages == {"review", "approval", "drafting", "held", "groups", "proposed", "withdrawn"}
    assert all(each.synthetic and "SYNTHETIC" in each.title for each in found)
    before = audit.head().sequence
    actions.demonstrate_cases(by=SYSTEM, place=HERE)
    assert audit.head().sequence == before


def test_a_place_with_the_common_process_has_its_own() -> None:
    organisations.create_demo_users(by=SYSTEM, place=FOREIGN, password="demo")
    actions.demonstrate_cases(by=SYSTEM, place=FOREIGN)
    assert {each.stage for each in reads.cases(FOREIGN)} == {"review", "approval", "proposed", "withdrawn"}
