"""Users for a demonstration: one for each persona, and who speaks for the other groups; never beside real users."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads
from openpbc.organisations.actions.people import assign_role
from openpbc.organisations.models import User
from openpbc.organisations.rules.roles import ANY_PLACE

_PEOPLE = {
    "gp_lead": ("gp@demo", "Demo GP practice lead"),
    "practice_staff": ("practice@demo", "Demo practice manager"),
    "group_manager": ("group@demo", "Demo group manager"),
    "finance_manager": ("finance@demo", "Demo finance manager"),
    "contract_manager": ("contracts@demo", "Demo contract manager"),
    "analyst": ("analyst@demo", "Demo information analyst"),
    "committee_secretary": ("secretary@demo", "Demo committee secretary"),
    "committee_chair": ("chair@demo", "Demo committee chair"),
    "conclave_chair": ("conclave@demo", "Demo conclave co-chair"),
    "provider_lead": ("provider@demo", "Demo provider contract lead"),
    "sha_manager": ("sha@demo", "Demo performance manager"),
    "administrator": ("admin@demo", "Demo administrator"),
}
_EVERYWHERE = frozenset({"administrator"})
# What concerns every group needs an answer of each, so somebody speaks for those that no persona is of.
_OTHERS = ("groups@demo", "Demo manager of the other groups")


@dataclass(frozen=True)
class _Given:
    sign_in: str
    role: str
    place: str
    scope: str = "place"
    code: str = ""


@audit.action("organisations.create_demo_users", late=True)
def create_demo_users(*, by: Actor, place: str, password: str) -> tuple[str, ...]:
    """Make one user a persona with roles in a loaded place, and give their sign-in names; a second run changes nothing.

    Refused where real users are, because everybody knows a demo password.
    """
    if User.objects.filter(is_demo=False).exists():
        raise UserError("demo users are not made beside real users", do="Use a home of its own for a demonstration.")
    hashed, everybody = make_password(password), (*_PEOPLE.values(), _OTHERS)
    with audit.writing():
        made = []
        for sign_in, name in everybody:
            facts = {"display_name": name, "password": hashed, "is_demo": True}
            if User.objects.get_or_create(sign_in=sign_in, defaults=facts)[1]:
                made.append(sign_in)
        for given in _roles(place):
            user = User.objects.get(sign_in=given.sign_in)
            assign_role(
                by=by,
                user_id=user.pk,
                role=given.role,
                place=given.place,
                scope=given.scope,
                code=given.code,
                valid_from=date.min,
                reason="demonstration",
            )
        if made:
            audit.note(subject=f"place/{place}", after={"users": made})
        else:
            audit.nothing_changed()
    return tuple(sign_in for sign_in, _ in everybody)


def _roles(place: str) -> Iterator[_Given]:
    """Scope the roles: the first unit, one of its practices, the first provider of the place; then the other units."""
    units, practices = reads.units(place), reads.practices(place)
    home = reads.book(place).place.commissioner
    providers = sorted(reads.providers(place), key=lambda provider: (provider.coordinator != home, provider.code))
    unit = units[0].code if units else ""
    own = [practice.code for practice in practices if practice.unit == unit]
    for role, (who, _) in _PEOPLE.items():
        if role in _EVERYWHERE:
            yield _Given(who, role, ANY_PLACE)
        elif role in ("gp_lead", "practice_staff"):
            if own:
                yield _Given(who, role, place, "practice", own[0])
        elif role == "group_manager":
            if unit:
                yield _Given(who, role, place, "unit", unit)
        elif role == "provider_lead":
            if providers:
                yield _Given(who, role, place, "provider", providers[0].code)
        else:
            yield _Given(who, role, place)
    for each in units[1:]:
        yield _Given(_OTHERS[0], "group_manager", place, "unit", each.code)
