"""Recording a decision."""

from __future__ import annotations

from collections.abc import Callable

from tests.integration.site.conftest import HERE, As, send


def record(as_role: As) -> Callable[[], object]:
    browser = as_role("committee_secretary")
    given = {"body": "board", "taken_on": "25/3/2008", "minute": "08/31", "title": "Budgets", "outcome": "approved"}
    sent = given | {"text": "Approved.", "confirmed": "yes"}
    return lambda: send(browser, f"/p/{HERE}/decisions/new", sent)


FORMS = {"governance:record": record}
