"""Invitations: how a person gets an account. The link is handed over by the one who invites; nothing is mailed."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads
from openpbc.organisations.actions.people import assign_role, check_reach, check_role, checked_password
from openpbc.organisations.models import Invitation, User
from openpbc.organisations.reads import hashed_token
from openpbc.organisations.reads.inviting import waits_for_another

LASTS = timedelta(days=7)
_SIGN_IN = re.compile(r"[a-z0-9._+'-]+@[a-z0-9.-]+")


@dataclass(frozen=True)
class Invited:
    """An invitation just made; the token is shown once and kept nowhere."""

    sign_in: str
    token: str
    days: int = LASTS.days


@audit.action("organisations.invite_user")
def invite_user(
    *, by: Actor, sign_in: str, display_name: str, role: str, place: str, scope: str = "place", code: str = ""
) -> Invited:
    """Invite somebody to sign in with a role; an earlier open invitation of the same name is replaced.

    Nobody invites with a role that reaches farther than their own. Who is invited as an administrator gets an account,
    and the role from another administrator.
    """
    sign_in, display_name = sign_in.strip().lower(), display_name.strip()
    if not _SIGN_IN.fullmatch(sign_in) or len(sign_in) > 150:
        raise UserError("a sign-in name has the form of an e-mail address", where=sign_in[:150])
    if not display_name:
        raise UserError("a name is needed, as others will see it", where=sign_in)
    if User.objects.filter(sign_in=sign_in).exists():
        raise UserError("there is already a user of this name", where=sign_in, do="Give that user the role instead.")
    check_role(role, place, scope, code)
    check_reach(by, place, scope, code)
    Invitation.objects.filter(sign_in=sign_in, accepted_at__isnull=True).delete()
    token = secrets.token_urlsafe(32)
    given = {"role": role, "place": place, "scope": scope, "code": code}
    _create(
        token_hash=hashed_token(token),
        sign_in=sign_in,
        display_name=display_name[:150],
        invited_by=by.id,
        acting_for=by.acting_for[:150],
        expires_at=timezone.now() + LASTS,
        **given,
    )
    audit.note(subject=f"invitation/{sign_in}", after=given)
    return Invited(sign_in, token)


def _create(**facts: object) -> None:
    try:
        with transaction.atomic():
            Invitation.objects.create(**facts)
    except IntegrityError as problem:
        raise UserError("somebody else is inviting this person now", do="Look at the open invitations.") from problem


@audit.action("organisations.accept_invitation", late=True)
def accept_invitation(*, by: Actor, token: str, password: str) -> int:
    """Make the invited person's account with a password of their choice; give the user's id. A token works once.

    The role comes with it, but that of an administrator where a person invited: another administrator gives it.
    """
    invitation = reads.invitation(token)
    hashed = checked_password(password, User(sign_in=invitation.sign_in, display_name=invitation.display_name))
    with audit.writing():
        taken = Invitation.objects.filter(pk=invitation.id, accepted_at__isnull=True).update(accepted_at=timezone.now())
        if not taken:
            raise reads.no_invitation()
        try:
            with transaction.atomic():
                user = User.objects.create(
                    sign_in=invitation.sign_in, display_name=invitation.display_name, password=hashed
                )
        except IntegrityError as problem:
            raise UserError("there is already a user of this name", where=invitation.sign_in) from problem
        if not waits_for_another(invitation):
            assign_role(
                by=by,
                user_id=user.pk,
                role=invitation.role,
                place=invitation.place,
                scope=invitation.scope,
                code=invitation.code,
                valid_from=timezone.localdate(),
                reason=f"invited by {invitation.invited_by}",
            )
        audit.note(subject=f"user/{user.sign_in}", after={"invited_by": invitation.invited_by})
    return user.pk
