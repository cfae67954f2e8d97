"""Files of the register of organisations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions
from tests.integration.site.conftest import HERE, form

FILE = Path(__file__).parents[3] / "fixtures" / "ods" / "boards_2026_extract.csv"
ADDRESS = f"/p/{HERE}/organisations/files"


def _sent() -> None:
    day = date(2026, 4, 1)
    actions.receive_register(
        by=SYSTEM, place=HERE, name=FILE.name, content=FILE.read_bytes(), layout="boards", as_at=day
    )


FORMS = {
    "organisations:file-new": form(
        "analyst",
        f"{ADDRESS}/new",
        {"file": SimpleUploadedFile(FILE.name, FILE.read_bytes()), "layout": "boards", "as_at": "2026-04-01"},
    ),
    "organisations:file": form("analyst", f"{ADDRESS}/1", {"seen": "0"}, _sent),
}
