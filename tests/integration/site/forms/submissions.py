"""Files of activity: sent, and received or taken back once they were looked at."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile

from openpbc.activity import actions, reads
from openpbc.kernel.actor import SYSTEM
from tests.integration.site.conftest import HERE, As, send
from tests.unit.activity.rows import rows, text_of

AT = f"/p/{HERE}/submissions"


def own_provider() -> str:
    """The provider whose people the persona belongs to."""
    return "RWG"


def own(provider: str) -> str:
    return f"/p/{HERE}/providers/{provider}/submissions"


def month_file(provider: str) -> tuple[str, bytes]:
    """A faultless file of a provider's month."""
    return f"{provider}_2008-06_op.csv", text_of("op", rows("op", provider=provider)).encode()


def _sent(role: str, provider: str, at: str) -> Callable[[As], Callable[[], object]]:
    def do(as_role: As) -> Callable[[], object]:
        browser = as_role(role)
        name, content = month_file(provider or own_provider())
        return lambda: send(browser, f"{at or own(own_provider())}/new", {"file": SimpleUploadedFile(name, content)})

    return do


def _decided(role: str, *, own_file: bool) -> Callable[[As], Callable[[], object]]:
    def do(as_role: As) -> Callable[[], object]:
        browser, scope = as_role(role), own_provider() if own_file else ""
        name, content = month_file(scope or "RWG")
        code = actions.open_draft(by=SYSTEM, place=HERE, scope=scope, name=name, content=[content])
        assert reads.draft(HERE, scope, code).state == "ready"
        address = f"{own(scope) if own_file else AT}/waiting/{code}"
        return lambda: send(browser, address, {"act": "receive", "present": ""})

    return do


FORMS = {
    "activity:submission-new": _sent("analyst", "RWG", AT),
    "activity:draft": _decided("analyst", own_file=False),
    "activity:provider-submission-new": _sent("provider_lead", "", ""),
    "activity:provider-draft": _decided("provider_lead", own_file=True),
}
