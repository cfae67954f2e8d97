"""The order of the suite: what cannot follow a browser in one process never does."""

from __future__ import annotations

import pytest


def test_the_tests_with_a_browser_come_last(request: pytest.FixtureRequest):
    """An open browser leaves a running event loop behind, in which every query of a later test would fail."""
    with_browser = [item.nodeid.startswith("tests/browser/") for item in request.session.items]
    assert with_browser == sorted(with_browser)
