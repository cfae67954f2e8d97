"""Who a patient is, shown to somebody of the practice."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from openpbc.activity import actions
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from tests.integration.site.conftest import HERE, As, send
from tests.unit.activity.rows import rows, write

# The practice whose people the persona belongs to.
OWN = "E82921"


def _shown(as_role: As) -> Callable[[], object]:
    browser = as_role("practice_staff")
    path = write(Path(tempfile.mkdtemp()), "op", rows("op", 1, practice=OWN))
    sent = actions.receive(by=SYSTEM, place=HERE, path=path)
    actions.run(by=SYSTEM, place=HERE, month=Month(2008, 6))
    at = f"/p/{HERE}/practices/{OWN}/records/2008-06/op/{sent.sha256[:12]}/1/person"
    return lambda: send(browser, at, {"reason": "SYNTHETIC", "confirmed": "yes"})


FORMS = {"activity:unmask": _shown}
