"""What every template may use beside its page."""

from __future__ import annotations

from django.http import HttpRequest

from openpbc.organisations import reads
from openpbc.site import rooms, shell
from openpbc.site.access import asker
from openpbc.site.idempotency import new_key


def context(request: HttpRequest) -> dict[str, object]:
    """Give the key for this page's forms, who is looking, what they may open, where a matter is, and the furniture."""
    viewer = getattr(request, "viewer", reads.PUBLIC)
    own = {"idempotency_key": new_key(), "viewer": viewer, "may": asker(viewer), "matter_page": rooms.matter_page}
    return own | shell.context(request)
