"""A plan's workbook: sent back, and its lines taken."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from openpbc.finance import actions
from openpbc.kernel.actor import SYSTEM
from tests.integration.site.conftest import HERE, As, send

AT = f"/p/{HERE}/plan/versions/1"


def changed(browser: Client) -> SimpleUploadedFile:
    """The workbook of the first version with one note that nobody wrote before."""
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"{AT}/plan.xlsx").content))
    next(row for row in book["Plan"].iter_rows() if row[0].value == "prescribing")[16].value = uuid.uuid4().hex
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("plan.xlsx", out.getvalue())


def sent(as_role: As) -> Callable[[], object]:
    actions.load_published_plan(by=SYSTEM, place=HERE)
    browser = as_role("finance_manager")
    return lambda: send(browser, f"{AT}/workbook", {"workbook": changed(browser)})


def taken(as_role: As) -> Callable[[], object]:
    browser = as_role("finance_manager")
    address = sent(as_role)().url
    return lambda: send(browser, address, {"revision": "1"}, address)


FORMS = {"finance:plan-workbook": sent, "finance:plan-workbook-check": taken}
