"""The banner of a demonstration: that it is invented, and how large it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from openpbc.site.demo import MARKER

from .conftest import As

SAID = "are 1.5 % of a true size; budgets are not made smaller."


@pytest.mark.parametrize(("scale", "told"), [(15_000, True), (1_000_000, False), (None, False)])
def test_a_small_demonstration_says_how_small_it_is(as_role: As, settings, tmp_path: Path, scale, told: bool) -> None:
    settings.HOME = tmp_path
    if scale is not None:
        (tmp_path / MARKER).write_text(json.dumps({"scale_ppm": scale}), encoding="utf-8")
    browser = as_role("finance_manager")
    pages = [browser.get(f"/p/west-herts-2008/{path}").content.decode() for path in ("submissions", "plan")]
    assert "<strong>SYNTHETIC</strong>" in pages[0]
    assert (SAID in pages[0]) is told
    assert SAID not in pages[1], "what is published is not invented"
