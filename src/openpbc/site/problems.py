"""What people see when something is wrong: one sentence, on a page like every other."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from openpbc import audit
from openpbc.kernel.problems import Stale, UserError, Withheld
from openpbc.ui.pages import capital
from openpbc.ui.writing import keep_refused

TEMPLATE = "site/problem.jinja"
_TITLES = {
    400: "This request cannot be read",
    403: "You may not do this",
    404: "Page not found",
    405: "This page cannot be used that way",
    409: "Still at work",
    422: "There is a problem",
    429: "Too many attempts",
    500: "Something went wrong on our side",
}
_SENTENCES = {
    400: "Go back, reload the page, and try again.",
    403: "Your role does not cover this page. It opens to you once an administrator gives you a role that does.",
    404: "There is nothing at this address, or nothing that you may see.",
    405: "Open the page from its link.",
    500: "It was written down for those who run this site. No change was half done: each is kept whole or not at all.",
}


def page(request: HttpRequest | None, status: int, sentence: str = "", title: str = "") -> HttpResponse:
    """Give the page for a problem: its title (by status unless given), and one sentence."""
    shown = {"title": title or _TITLES[status], "status": status}
    context = {"page": shown, "sentence": sentence or _SENTENCES.get(status, "")}
    return HttpResponse(render_to_string(TEMPLATE, context, request), status=status)


def user_error(request: HttpRequest, problem: UserError) -> HttpResponse:
    """Give the page for a person's mistake; one who came second is told so, and one with an interest why."""
    if request.method not in ("GET", "HEAD") and hasattr(request, "viewer"):
        keep_refused(request, problem)  # who only looked did not try anything
    audit.keep(problem)
    if isinstance(problem, Withheld):
        return page(request, 403, problem.sentence, "Withheld from you")
    if isinstance(problem, Stale):
        return page(request, 409, problem.sentence, "Somebody was faster")
    return page(request, 422, problem.sentence if problem.where else capital(problem.sentence))


class Problems:
    """Turns a person's mistake anywhere in a view into its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a person's mistake; anything else is ours and goes on."""
        return user_error(request, exception) if isinstance(exception, UserError) else None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be read."""
    return page(_usable(request), 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what a role does not cover."""
    return page(_usable(request), 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address with nothing behind it; somebody else's object looks the same."""
    return page(_usable(request), 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer our own fault, without touching session or database again."""
    return page(None, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from this site, or came after its session ended."""
    return page(
        _usable(request),
        403,
        "The form was too old or did not come from this site, so nothing was done. You can send it once you have gone"
        " back and loaded the page anew.",
    )


def _usable(request: HttpRequest) -> HttpRequest | None:
    # A request that failed before it had a session cannot be shown the page's furniture.
    return request if hasattr(request, "viewer") else None
