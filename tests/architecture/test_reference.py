"""The generated pages in the repository are those that would be generated now."""

from __future__ import annotations

import re

from docs import generate


def test_command_reference_is_up_to_date():
    assert generate.CLI_PAGE.read_text(encoding="utf-8") == generate.cli_page(), "run `make docs`"


def test_every_command_has_help_and_every_option_a_meaning():
    page = generate.cli_page()
    sections = page.split("\n## ")[1:]
    assert len(sections) > 20
    assert [section.splitlines()[0] for section in sections if not section.splitlines()[2].strip()] == []
    assert re.findall(r"^\| `-.*\|\s*(?:\([^)]*\))?\s*\|$", page, flags=re.MULTILINE) == []
