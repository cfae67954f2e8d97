"""Local codes: one mapped by hand, and a file of them."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile

from openpbc.activity.actions.local_codes import COLUMNS
from tests.integration.site.conftest import HERE, As, send

AT = f"/p/{HERE}/codes"
MAPPING = {
    "kind": "tfc", "provider": "RWG", "code": "LOC1", "national": "100", "valid_from": "1 April 2008",
    "reason": "SYNTHETIC", "seen": "0", "confirmed": "yes",
}  # fmt: skip


def _mapped(as_role: As) -> Callable[[], object]:
    browser = as_role("analyst")
    return lambda: send(browser, f"{AT}/map", MAPPING)


def _loaded(as_role: As) -> Callable[[], object]:
    browser = as_role("analyst")
    content = f"{','.join(COLUMNS)}\ntfc,RWG,LOC1,100,2008-04-01,,SYNTHETIC\n".encode()
    return lambda: send(browser, f"{AT}/file", {"file": SimpleUploadedFile("codes.csv", content)})


FORMS = {"activity:code-map": _mapped, "activity:codes-load": _loaded}
