"""People: passwords, disabling, and the roles that they hold."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from openpbc import audit
from openpbc.kernel import two_people
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads
from openpbc.organisations.models import Invitation, Organisation, RoleAssignment, User
from openpbc.organisations.reads.inviting import inviters
from openpbc.organisations.rules.duties import both_sides
from openpbc.organisations.rules.roles import ADMINISTRATOR, ANY_PLACE, ROLES, SCOPES, Assignment


def checked_password(password: str, user: User) -> str:
    """Hash a new password after the checks of length, commonness and likeness to the name.

    Hashing takes a good part of a second; callers do it before they open the transaction.
    """
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise UserError(" ".join(problem.messages), do="Choose another password.") from problem
    return make_password(password)


def find_user(user_id: int, *, lock: bool = False) -> User:
    """Give a user, locked against other writers if asked; an unknown one is a person's mistake."""
    users = User.objects.select_for_update() if lock else User.objects
    user = users.filter(pk=user_id).first()
    if user is None:
        raise UserError(f"there is no user {user_id}")
    return user


@audit.action("organisations.change_password", late=True)
def change_password(*, by: Actor, user_id: int, old: str, new: str) -> None:
    """Change one's own password, knowing the old one; other sessions of the user end."""
    user = find_user(user_id)
    if user.is_demo:
        raise UserError("a demo user's password cannot be changed", do="Invite a user of your own.")
    if not check_password(old, user.password):
        raise UserError("the present password is not right", do="Type it again.")
    _store_password(user, checked_password(new, user))


@audit.action("organisations.set_password", late=True)
def set_password(*, by: Actor, user_id: int, new: str) -> None:
    """Give a user a new password from the shell; all sessions of the user end."""
    user = find_user(user_id)
    _store_password(user, checked_password(new, user))


def _store_password(user: User, hashed: str) -> None:
    with audit.writing():
        User.objects.filter(pk=user.pk).update(password=hashed, is_demo=False)
        audit.note(subject=f"user/{user.sign_in}")


@audit.action("organisations.disable_user")
def disable_user(*, by: Actor, user_id: int, reason: str) -> None:
    """Stop a user from signing in; open sessions end at their next request. Nobody stops one out of their reach."""
    user = find_user(user_id, lock=True)
    if not reason.strip():
        raise UserError("disabling a user needs a reason", where=user.sign_in)
    if user.sign_in == by.id:
        raise UserError("nobody can disable their own account", do="Ask another administrator.")
    _check_reach_over(by, user)
    _set_active(user, active=False, reason=reason)


@audit.action("organisations.enable_user")
def enable_user(*, by: Actor, user_id: int, reason: str) -> None:
    """Let a disabled user sign in again; nobody lets in one out of their reach."""
    user = find_user(user_id, lock=True)
    _check_reach_over(by, user)
    _set_active(user, active=True, reason=reason)


def _set_active(user: User, *, active: bool, reason: str) -> None:
    if user.is_active == active:
        audit.nothing_changed()
        return
    User.objects.filter(pk=user.pk).update(is_active=active)
    audit.note(
        subject=f"user/{user.sign_in}", before={"active": user.is_active}, after={"active": active}, reason=reason
    )


@audit.action("organisations.join_accounts")
def join_accounts(*, by: Actor, user_id: int, with_user_id: int, reason: str) -> None:
    """Record that two accounts are one person's, so that neither can agree to what the other did.

    Accounts with roles on both sides are not joined: nobody commissions and provides, under any account.
    """
    one, other = (find_user(each, lock=True) for each in sorted((user_id, with_user_id)))
    if one.pk == other.pk:
        raise UserError("this is one account and not two", where=one.sign_in)
    if not reason.strip():
        raise UserError("joining accounts needs a reason", where=one.sign_in)
    if one.person_key and one.person_key == other.person_key:
        audit.nothing_changed()
        return
    key = one.person_key or other.person_key or one.sign_in
    joined = [each.person_key for each in (one, other) if each.person_key]
    accounts = User.objects.filter(Q(pk__in=(one.pk, other.pk)) | Q(person_key__in=joined))
    for each in accounts:
        _check_reach_over(by, each)
    _refuse_joined_sides(accounts)
    accounts.update(person_key=key)
    audit.note(subject=f"user/{one.sign_in}", after={"one person with": other.sign_in}, reason=reason)


@audit.action("organisations.assign_role")
def assign_role(
    *,
    by: Actor,
    user_id: int,
    role: str,
    place: str,
    scope: str = "place",
    code: str = "",
    valid_from: date,
    valid_to: date | None = None,
    reason: str = "",
) -> None:
    """Give a user a role in a place (``*``: every place), over a unit, practice or provider if named; from a day on.

    It counts from the user's next request. Giving what is already held changes nothing. Nobody gives a role farther
    than their own reaches. The role of an administrator is given by nobody who gets it or who invited whoever gets it,
    under any account or acting for anybody.
    """
    user = find_user(user_id, lock=True)
    check_role(role, place, scope, code)
    if role == ADMINISTRATOR:
        _refuse_own(by, user)
    check_reach(by, place, scope, code)
    if valid_to is not None and valid_to < valid_from:
        raise UserError("the last day lies before the first", where=user.sign_in)
    held = RoleAssignment.objects.filter(user=user, role=role, place=place, scope=scope, code=code)
    if any(_covers(row, valid_from, valid_to) for row in held):
        audit.nothing_changed()
        return
    given = {"role": role, "place": place, "scope": scope, "code": code}
    _refuse_both_sides(user, Assignment(role, place, scope, code, valid_from, valid_to))
    try:
        with transaction.atomic():
            RoleAssignment.objects.create(user=user, valid_from=valid_from, valid_to=valid_to, **given)
    except IntegrityError as problem:
        raise UserError("this role was already given from that day", where=user.sign_in) from problem
    dates = {"from": valid_from.isoformat(), "to": valid_to.isoformat() if valid_to else ""}
    audit.note(subject=f"user/{user.sign_in}", after=given | dates, reason=reason)


def _refuse_own(by: Actor, user: User) -> None:
    who_can = "Another administrator gives it, or whoever runs the system does, from the shell."
    what = "the role of an administrator is given"
    others = (user.sign_in, *inviters(user.sign_in))
    two_people.must_be_another(by, others, reads.accounts(), what, who_can=who_can)


def check_reach(by: Actor, place: str, scope: str, code: str) -> None:
    """Refuse to give or end a role farther than the giver's own reaches; whoever runs the system has no account."""
    _check_reach(by, place, scope, code, "roles in {where} are not yours to give or end")


def _check_reach_over(by: Actor, user: User) -> None:
    """Refuse to change an account with a role out of reach; one without roles is as far as what it was invited for."""
    found = {(each.place, each.scope, each.code) for each in _held_yet(RoleAssignment.objects.filter(user=user))}
    invited = Invitation.objects.filter(sign_in=user.sign_in, accepted_at__isnull=False)
    for place, scope, code in sorted(found or invited.values_list("place", "scope", "code")):
        _check_reach(by, place, scope, code, f"the account {user.sign_in}, with a role in {{where}}, is not yours")


def _check_reach(by: Actor, place: str, scope: str, code: str, said: str) -> None:
    row = User.objects.filter(sign_in=by.id).first()
    if row is None:
        return
    viewer = reads.viewer(row.pk)
    if viewer.owns(ADMINISTRATOR, place, scope, code):
        return
    where = "every place" if place == ANY_PLACE else f"{scope} {code} of {place}" if code else place
    raise UserError(f"{said.format(where=where)}: {_reached(viewer)}", do=_who_reaches(place)).for_the_log()


def _reached(viewer: reads.Viewer) -> str:
    held = [each for each in viewer.assignments if each.role == ADMINISTRATOR]
    where = " and ".join(f"{each.scope} {each.code} of {each.place}" if each.code else each.place for each in held)
    return f"your role as administrator reaches {where} alone" if held else "you are no administrator"


def _who_reaches(place: str) -> str:
    rows = RoleAssignment.objects.filter(role=ADMINISTRATOR, scope="place", place__in={ANY_PLACE, place})
    day, held = reads.today(), rows.filter(user__is_active=True).select_related("user").order_by("user__sign_in")
    names = sorted({each.user.display_name for each in held if reads.assignment(each).holds_on(day)})
    return f"Ask {' or '.join((*names[:3], 'whoever runs the system'))}."


def _refuse_both_sides(user: User, new: Assignment) -> None:
    """Refuse a role on the other side of one that the same person holds, under any of their accounts."""
    own = Q(user=user) | (Q(user__person_key=user.person_key) if user.person_key else Q())
    held = (reads.assignment(row) for row in RoleAssignment.objects.filter(own))
    if why := both_sides(new, held):
        mend = "It holds until the other role has ended: end that one first, or give this one to somebody else."
        raise UserError(why, where=user.sign_in, do=mend).for_the_log()


def _refuse_joined_sides(accounts: QuerySet[User]) -> None:
    """Refuse to make one person of accounts whose roles, held now or later, are on both sides."""
    held = _held_yet(RoleAssignment.objects.filter(user__in=accounts))
    if why := next(filter(None, (both_sides(each, held) for each in held)), ""):
        mend = "An administrator ends one of the roles first; then the accounts are joined."
        raise UserError(why, where=", ".join(sorted(each.sign_in for each in accounts)), do=mend).for_the_log()


def _held_yet(rows: QuerySet[RoleAssignment]) -> list[Assignment]:
    """Give the roles that are held now or later."""
    lasting = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=reads.today()))
    return [reads.assignment(row) for row in lasting]


def _covers(row: RoleAssignment, valid_from: date, valid_to: date | None) -> bool:
    return row.valid_from <= valid_from and (
        row.valid_to is None or (valid_to is not None and valid_to <= row.valid_to)
    )


@audit.action("organisations.end_role")
def end_role(
    *, by: Actor, user_id: int, role: str, place: str, scope: str = "place", code: str = "", last_day: date, reason: str
) -> None:
    """End a role after a last day; a role that had not begun by then is removed. Nobody ends one out of their reach."""
    user = find_user(user_id, lock=True)
    check_reach(by, place, scope, code)
    held = RoleAssignment.objects.filter(user=user, role=role, place=place, scope=scope, code=code)
    open_rows = [row for row in held if row.valid_to is None or row.valid_to > last_day]
    if not open_rows:
        raise UserError(f"{user.sign_in} does not hold that role after {last_day.isoformat()}")
    for row in open_rows:
        if row.valid_from > last_day:
            row.delete()
        else:
            row.valid_to = last_day
            row.save(update_fields=["valid_to"])
    facts = {"role": role, "place": place, "scope": scope, "code": code}
    audit.note(subject=f"user/{user.sign_in}", before=facts, after=facts | {"to": last_day.isoformat()}, reason=reason)


def check_role(role: str, place: str, scope: str, code: str) -> None:
    """Refuse a role, place or scope that does not exist."""
    if role not in ROLES:
        raise UserError(f"there is no role '{role[:40]}'", do=f"Choose one of {', '.join(ROLES)}.")
    if scope not in SCOPES:
        raise UserError(f"there is no scope '{scope[:20]}'", do=f"Choose one of {', '.join(SCOPES)}.")
    if (scope == "place") != (code == ""):
        raise UserError("a role over a unit, practice or provider names it, a role over a place names none")
    here = Organisation.objects.filter(kind=scope, code=code, place_id=place)
    if scope != "place" and (place == ANY_PLACE or not here.exists()):
        raise UserError(f"there is no {scope} '{code[:30]}' in {place[:60]}")
