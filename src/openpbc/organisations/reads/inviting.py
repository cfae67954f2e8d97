"""Who invited whom, and who was invited as an administrator and waits for a second administrator to give the role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.organisations import models
from openpbc.organisations.reads import Invitation
from openpbc.organisations.rules.roles import ADMINISTRATOR

__all__ = ["ADMINISTRATOR", "Awaited", "awaited", "inviters", "waits_for_another"]


@dataclass(frozen=True)
class Awaited:
    """The role of an administrator that somebody was invited for and nobody gave yet; ``by`` names who invited."""

    place: str
    scope: str
    code: str
    by: str


def inviters(sign_in: str) -> tuple[str, ...]:
    """Give the sign-in name of who invited a user and of whom that person acted for; none where nobody did."""
    rows = models.Invitation.objects.filter(sign_in=sign_in, accepted_at__isnull=False)
    return tuple(each for row in rows.values_list("invited_by", "acting_for") for each in row if each)


def waits_for_another(invitation: Invitation) -> bool:
    """Tell whether accepting gives no role yet: an administrator invited by a person, not by who runs the system."""
    if invitation.role != ADMINISTRATOR:
        return False
    return models.User.objects.filter(sign_in=invitation.invited_by).exists()


def awaited() -> Mapping[str, Awaited]:
    """Give, by sign-in name, the active people who were invited as an administrator and never were given the role."""
    names = dict(models.User.objects.filter(is_active=True).values_list("sign_in", "display_name"))
    given = set(models.RoleAssignment.objects.filter(role=ADMINISTRATOR).values_list("user__sign_in", flat=True))
    rows = models.Invitation.objects.filter(role=ADMINISTRATOR, accepted_at__isnull=False).order_by("sign_in")
    return {
        row.sign_in: Awaited(row.place, row.scope, row.code, names.get(row.invited_by, row.invited_by))
        for row in rows
        if row.sign_in in names and row.sign_in not in given
    }
