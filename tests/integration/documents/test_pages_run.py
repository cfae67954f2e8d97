"""The tutorial and the how-to pages do what they say, from their first block to their last."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.documents import running

PAGES = sorted([*(running.ROOT / "docs" / "tutorial").glob("*.md"), *(running.ROOT / "docs" / "how-to").glob("*.md")])


@pytest.fixture(scope="session")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which nothing was done but to set it up."""
    folder = tmp_path_factory.mktemp("set-up")
    page = folder / "page.md"
    page.write_text("```sh\nopenpbc migrate\n```\n```text\nApplied ... migrations.\n```\n")
    running.run_page(page, folder)
    return folder / "home"


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.stem)
def test_page_runs(document: Path, tmp_path: Path, set_up: Path):
    assert any(block.language == "sh" for block in running.blocks(document))
    of_its_own = document.parent.name == "tutorial"  # it begins with nothing, and says what setting up prints
    running.run_page(document, tmp_path, None if of_its_own else set_up)


def test_a_broken_promise_is_noticed(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("```sh\necho one 2 three\n```\n```text\none ... three\n```\n")
    running.run_page(page, tmp_path)
    page.write_text("```sh\necho one 2 three\n```\n```text\none\nfour\n```\n")
    with pytest.raises(AssertionError, match="promises 'four'"):
        running.run_page(page, tmp_path)
    page.write_text("```sh\nfalse\n```\n")
    with pytest.raises(AssertionError, match="ended with 1"):
        running.run_page(page, tmp_path)
