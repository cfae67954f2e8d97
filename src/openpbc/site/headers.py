"""Security headers on every response, errors and static files included."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Nothing is allowed but what a page needs from this very site; no inline script or style, no eval.
CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
YEAR = 365 * 24 * 60 * 60


def strict_headers(*, https: bool) -> dict[str, str]:
    """Give the headers that every response carries."""
    policy = dict(CONTENT_SECURITY_POLICY)
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    if https:
        headers["Content-Security-Policy"] += "; upgrade-insecure-requests"
        headers["Strict-Transport-Security"] = f"max-age={2 * YEAR}; includeSubDomains"
    return headers


class SecurityHeaders:
    """The outermost middleware, so that no answer leaves without the headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.headers = strict_headers(https=settings.HTTPS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers; what a signed-in person saw is not kept by any cache."""
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers[name] = value
        if _is_personal(request):
            response.headers["Cache-Control"] = "no-store"
        return response


def _is_personal(request: HttpRequest) -> bool:
    # Static files are answered before anybody is known; every other answer may hold something of the person.
    return hasattr(request, "session")
