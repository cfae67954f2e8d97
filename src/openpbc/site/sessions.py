"""Sessions end after a quarter of an hour without a request, and after half a day in any case."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from openpbc.kernel.sight import everywhere
from openpbc.organisations import reads

STARTED = "started"
SEEN = "seen"
# A reading page writes its session at most once in this many seconds.
REFRESH_SECONDS = 60


class SessionLimits:
    """Ends sessions that are over, and says on every request who looks: ``request.viewer``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the person whose session this is, or as to the public."""
        request.viewer = reads.PUBLIC
        if request.user.is_authenticated:
            if _is_over(request):
                request.session.flush()
                request.user = _nobody()
            else:
                with everywhere("the roles of whoever asks say which places they may see"):
                    request.viewer = reads.viewer(request.user.pk)
        return self.get_response(request)


def begin(request: HttpRequest) -> None:
    """Start the clocks of a session at sign-in."""
    request.session[STARTED] = request.session[SEEN] = int(time.time())


def _is_over(request: HttpRequest) -> bool:
    now = int(time.time())
    started, seen = request.session.get(STARTED, 0), request.session.get(SEEN, 0)
    if now - started > settings.SESSION_ABSOLUTE_SECONDS or now - seen > settings.SESSION_IDLE_SECONDS:
        return True
    if now - seen >= REFRESH_SECONDS:
        request.session[SEEN] = now
    return False


def _nobody() -> object:
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()
