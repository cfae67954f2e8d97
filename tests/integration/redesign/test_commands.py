"""Cases from the shell."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from openpbc.redesign.commands import redesign
from tests.integration.redesign.conftest import handed_in
from tests.integration.site.conftest import HERE

pytestmark = pytest.mark.usefixtures("people")


def said(*words: str) -> str:
    answer = CliRunner().invoke(redesign, [*words, "--place", HERE], catch_exceptions=False)
    assert answer.exit_code == 0
    return answer.output


def test_cases_are_listed_with_what_keeps_them() -> None:
    assert said("cases") == "There is no case yet.\n"
    handed_in()
    assert "1  Review by functions  Functions of the commissioner  Breathing clinics" in said("cases")
    assert json.loads(said("cases", "--json"))[0]["stage"] == "review"
    assert "cannot start yet: Finance has neither returned its review nor been waived." in said(
        "waits", "--number", "1"
    )
