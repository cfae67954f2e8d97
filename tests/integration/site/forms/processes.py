"""Putting a diagram in force."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile

from openpbc.casework import choosing
from tests.integration.site.conftest import HERE, As, send


def store(as_role: As) -> Callable[[], object]:
    browser = as_role("committee_secretary")
    text = choosing.chosen(HERE, "redesign").text.replace(b"Priority proposed", b"Idea proposed")
    sent = {"reason": "The Committee agreed it.", "seen": "0"}
    # a file is read once, so each sending has its own
    return lambda: send(browser, f"/p/{HERE}/process/new", sent | {"file": SimpleUploadedFile("own.bpmn", text)})


FORMS = {"governance:process-store": store}
