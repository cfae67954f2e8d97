"""The administrator's page of people: who may sign in, with which roles; inviting, disabling, enabling."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openpbc.kernel.problems import UserError
from openpbc.organisations import actions, reads
from openpbc.organisations.reads.inviting import awaited
from openpbc.site.pages.roles import told
from openpbc.ui.pages import Crumb, Page, respond

_TRAIL = (Crumb("People", "/people"),)
_FIELDS = ("sign_in", "display_name", "role", "place", "scope", "code")


def listing(request: HttpRequest) -> HttpResponse:
    """Everybody who may sign in, and the open invitations."""
    context = {
        "people": reads.people(), "invitations": reads.invitations(), "roles": reads.ROLES, "awaited": awaited(),
    }  # fmt: skip
    return respond(request, Page("site/people/listing.jinja", "People", context=context))


def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody with one role; the link is shown once, to be handed over."""
    if request.method != "POST":
        return _invite_form(request, dict.fromkeys(_FIELDS, ""))
    given = {name: request.POST.get(name, "").strip() for name in _FIELDS}
    given["scope"] = given["scope"] or "place"
    try:
        invited = actions.invite_user(by=request.viewer.actor, **given)
    except UserError as problem:
        return _invite_form(request, given, problem.sentence, 422)
    request.session["invitation"] = [invited.sign_in, invited.token]
    return redirect("people:invited")


def _invite_form(request: HttpRequest, given: dict[str, str], error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "given": given,
        "roles": reads.ROLES,
        "scopes": reads.SCOPES,
        "places": reads.places(),
        "any_place": reads.ANY_PLACE,
        "errors": [{"text": error, "href": "#sign_in"}] if error else [],
    }
    return respond(
        request, Page("site/people/invite.jinja", "Invite somebody", trail=_TRAIL, context=context, status=status)
    )


def invited(request: HttpRequest) -> HttpResponse:
    """Show the link of the invitation just made, once."""
    sign_in, token = request.session.pop("invitation", ("", ""))
    if not token:
        return redirect("people:listing")
    address = request.build_absolute_uri(reverse("account:invitation", args=[token]))
    context = {"sign_in": sign_in, "address": address}
    return respond(request, Page("site/people/invited.jinja", "Invitation made", trail=_TRAIL, context=context))


def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """One person: roles held, and disabling or enabling with a reason."""
    shown = reads.person(user_id)
    if request.method != "POST":
        return _person_page(request, shown)
    change = actions.enable_user if request.POST.get("change") == "enable" else actions.disable_user
    try:
        change(by=request.viewer.actor, user_id=user_id, reason=request.POST.get("reason", ""))
    except UserError as problem:
        return _person_page(request, shown, problem.sentence, 422)
    return redirect("people:person", user_id)


def _person_page(request: HttpRequest, shown: reads.Person, error: str = "", status: int = 200) -> HttpResponse:
    errors = [{"text": error, "href": "#reason"}] if error else []
    context = {"person": shown, "told": told, "errors": errors, "awaited": awaited().get(shown.sign_in)}
    return respond(request, Page("site/people/person.jinja", shown.name, trail=_TRAIL, context=context, status=status))
