"""Signing in and out, accepting an invitation, changing one's password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from openpbc.kernel.problems import UserError
from openpbc.organisations import actions, reads
from openpbc.organisations.reads.inviting import waits_for_another
from openpbc.site import digests, mail, sessions
from openpbc.site.actions import choose_digest
from openpbc.ui.forms import Form, choice
from openpbc.ui.pages import Page, respond
from openpbc.ui.writing import Writing, write

_WRONG = "The sign-in name or the password is not right"
_WAIT = "Too many attempts failed from here. Wait a quarter of an hour, then try again"


def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; lead back to where the person wanted to go."""
    wanted = _safe_path(request, request.GET.get("next", ""))
    if request.method != "POST":
        return redirect(wanted) if request.user.is_authenticated else _sign_in_form(request)
    name, address = request.POST.get("sign_in", ""), network_address(request)
    if reads.sign_in_must_wait(name, address):
        return _sign_in_form(request, name, _WAIT, 429)
    user = auth.authenticate(request, username=name, password=request.POST.get("password", ""))
    if user is None:
        actions.refuse_sign_in(by=reads.PUBLIC.actor, sign_in=name, address=address)
        return _sign_in_form(request, name, _WRONG, 422)
    auth.login(request, user)
    sessions.begin(request)
    actions.record_sign_in(by=reads.viewer(user.pk).actor, address=address)
    return redirect(wanted)


def _sign_in_form(request: HttpRequest, name: str = "", error: str = "", status: int = 200) -> HttpResponse:
    demo = [person for person in reads.people() if person.demo and person.active]
    context = {"sign_in": name, "errors": _errors("sign_in", error), "demo": demo}
    return respond(request, Page("site/account/sign_in.jinja", "Sign in", context=context, status=status))


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if request.user.is_authenticated:
        actions.record_sign_out(by=request.viewer.actor)
    auth.logout(request)
    return redirect(settings.LOGIN_URL)


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let an invited person choose a password, and sign them in."""
    invited = reads.invitation(token)
    if request.method != "POST":
        return _invitation_form(request, invited)
    try:
        password = _twice(request)
        user_id = actions.accept_invitation(by=reads.PUBLIC.actor, token=token, password=password)
    except UserError as problem:
        return _invitation_form(request, invited, problem.sentence, 422)
    user = auth.authenticate(request, username=invited.sign_in, password=password)
    auth.login(request, user)
    sessions.begin(request)
    actions.record_sign_in(by=reads.viewer(user_id).actor, address=network_address(request))
    return redirect("/")


def _invitation_form(
    request: HttpRequest, invited: reads.Invitation, error: str = "", status: int = 200
) -> HttpResponse:
    waits = waits_for_another(invited)
    context = {"invited": invited, "role": reads.ROLES[invited.role], "waits": waits, "errors": _errors("new", error)}
    return respond(request, Page("site/account/invitation.jinja", "Choose a password", context=context, status=status))


def password(request: HttpRequest) -> HttpResponse:
    """Let a person change the own password; other sessions of theirs end."""
    if request.method != "POST":
        return _password_form(request)
    user = request.user
    try:
        new = _twice(request)
        old = request.POST.get("old", "")
        actions.change_password(by=request.viewer.actor, user_id=user.pk, old=old, new=new)
    except UserError as problem:
        return _password_form(request, problem.sentence, 422)
    user.refresh_from_db()
    auth.update_session_auth_hash(request, user)
    return redirect("account:password-changed")


def password_changed(request: HttpRequest) -> HttpResponse:
    """Say that it was done."""
    return respond(request, Page("site/account/password_changed.jinja", "Your password is changed"))


def digest(request: HttpRequest) -> HttpResponse:
    """Let a person ask for the day's work by e-mail, or end it."""
    actor = request.viewer.actor

    def act(values: Mapping[str, Any]) -> str:
        choose_digest(by=actor, wants=values["wants"] == "yes")
        return reverse("account:digest")

    wants = digests.wanted(actor.id)
    options = (("yes", "Yes, on days on which something waits"), ("no", "No"))
    writing = Writing(
        title="Your work by e-mail",
        form=Form((choice("wants", "Send me what waits for me", options, "Choose yes or no."),)),
        submit="Keep",
        act=act,
        lead=_mail_told(actor.id, wants=wants),
        first={"wants": "yes" if wants else "no"},
        notes=(
            "One mail a day at most, and none when nothing waits. It holds the lines of 'my work today' with the way to"
            " each: no figures, no papers, and nothing that is withheld from you.",
        ),
        ways=(("Your account", reverse("account:password")),),
    )
    return write(request, writing)


def _mail_told(sign_in: str, *, wants: bool) -> str:
    """Say whether mail comes: also whoever asked for it gets none while the site has no server for it."""
    if not wants:
        return "You get no mail."
    if mail.missing(settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL, settings.SITE_URL):
        return f"You asked for one mail a day at {sign_in}. None comes yet: sending mail is not set up on this site."
    return f"You get one mail a day at {sign_in}."


def _password_form(request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
    context = {"errors": _errors("old", error), "person": reads.person(request.user.pk)}
    return respond(request, Page("site/account/password.jinja", "Your account", context=context, status=status))


def _twice(request: HttpRequest) -> str:
    new = request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        raise UserError("the two new passwords differ", do="Type the same one twice.")
    return new


def _errors(field: str, sentence: str) -> list[dict[str, str]]:
    return [{"text": sentence, "href": f"#{field}"}] if sentence else []


def _safe_path(request: HttpRequest, wanted: str) -> str:
    """Lead only to this very site."""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"


def network_address(request: HttpRequest) -> str:
    """Give the sender's address: behind the TLS proxy the one that the proxy saw, else the connection's own."""
    if settings.HTTPS:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()[:64]
    return str(request.META.get("REMOTE_ADDR", ""))[:64]
