"""What is remembered of organisations, membership, people and roles."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from openpbc.organisations.rules.arrangements import ARRANGED, STANDINGS
from openpbc.organisations.rules.links import LINKS
from openpbc.organisations.rules.register_files import LAYOUTS
from openpbc.organisations.rules.roles import ROLES, SCOPES

BODY = "body"
KINDS = ("commissioner", "unit", "practice", "provider", BODY)


class Place(models.Model):
    """A place that was loaded from the rulebook, and the hash of the book from which it was loaded."""

    code = models.CharField(max_length=60, primary_key=True)
    title = models.CharField(max_length=200)
    book_hash = models.CharField(max_length=64)


class Organisation(models.Model):
    """An organisation of a place, on two clocks as membership is; ``detail`` holds its kind's own columns.

    The book's commissioners, units, practices and providers are those that money and activity follow. A ``body`` is any
    organisation that a source or a file of the register tells of, whatever its kind; ``source`` says which.
    An open start is kept as the first day of the calendar, because databases differ on whether two nulls are equal.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="organisations")
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)
    valid_from = models.DateField(default=date.min)
    valid_to = models.DateField(null=True)
    known_from = models.DateField(default=date.min)
    known_to = models.DateField(null=True)
    source = models.CharField(max_length=300, blank=True)
    # Rows of the rulebook follow the rulebook; what a file told stays until another file tells otherwise.
    recorded = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="organisation_kind"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="organisation_named"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="organisation_valid_in_order",
            ),
            models.CheckConstraint(
                condition=Q(known_to__isnull=True) | Q(known_to__gt=F("known_from")),
                name="organisation_known_in_order",
            ),
            models.UniqueConstraint(
                fields=("place", "kind", "code", "valid_from", "known_from"), name="organisation_once"
            ),
        )


class Membership(models.Model):
    """That a practice belonged to a unit and a commissioner, on two clocks.

    ``valid_*`` is when it was so (first and last day included); ``known_*`` is when the system took it to be so (first
    day, and the day from which it was known to be otherwise). A trigger refuses two rows of one practice that overlap
    on both clocks.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="memberships")
    practice = models.CharField(max_length=30)
    unit = models.CharField(max_length=30)
    commissioner = models.CharField(max_length=30, blank=True)
    list_size = models.PositiveIntegerField(null=True)
    valid_from = models.DateField(default=date.min)
    valid_to = models.DateField(null=True)
    known_from = models.DateField(default=date.min)
    known_to = models.DateField(null=True)
    # Rows of the rulebook follow the rulebook; rows that a person recorded stay until a person corrects them.
    recorded = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=("place", "practice"), name="membership_practice"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="membership_valid_in_order"
            ),
            models.CheckConstraint(
                condition=Q(known_to__isnull=True) | Q(known_to__gt=F("known_from")), name="membership_known_in_order"
            ),
            models.CheckConstraint(condition=~Q(practice="") & ~Q(unit=""), name="membership_named"),
        )


class Link(models.Model):
    """That one organisation was joined to another in one of the ways of the rules, on two clocks.

    ``alone`` names what there may be only one of at a time; a trigger refuses two rows of it that overlap on both
    clocks. ``seen`` says that the first day is only the first one on which a source saw it so.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="links")
    kind = models.CharField(max_length=20)
    member = models.CharField(max_length=30)
    holder = models.CharField(max_length=30)
    about = models.CharField(max_length=120, blank=True)
    alone = models.CharField(max_length=220)
    seen = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField(default=date.min)
    valid_to = models.DateField(null=True)
    known_from = models.DateField(default=date.min)
    known_to = models.DateField(null=True)
    recorded = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=("place", "alone"), name="org_link_alone"),
            models.Index(fields=("place", "holder"), name="org_link_holder"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=tuple(LINKS)), name="org_link_kind"),
            models.CheckConstraint(
                condition=~Q(member="") & ~Q(holder="") & ~Q(member=F("holder")), name="org_link_of_two"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="org_link_valid_in_order"
            ),
            models.CheckConstraint(
                condition=Q(known_to__isnull=True) | Q(known_to__gt=F("known_from")), name="org_link_known_in_order"
            ),
        )


class RegisterFile(models.Model):
    """A file of the register that somebody sent: kept by its hash, looked at, and then taken or not.

    ``taken`` counts the files of a place that were taken, so that one looked at before another was taken is told so.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="register_files")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    layout = models.CharField(max_length=20)
    as_at = models.DateField()
    only = models.CharField(max_length=200, blank=True)
    received_by = models.CharField(max_length=200)
    received_at = models.DateTimeField(default=timezone.now)
    taken = models.PositiveIntegerField(null=True)
    taken_by = models.CharField(max_length=200, blank=True)
    taken_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "number"), name="register_file_number"),
            models.UniqueConstraint(fields=("place", "taken"), name="register_file_taken_once"),
            models.CheckConstraint(condition=Q(layout__in=tuple(LAYOUTS)), name="register_file_layout"),
        )


class Arrangement(models.Model):
    """Who sets the priorities of an area or owns a function, and what a group or a practice has: on two clocks.

    ``holder`` is an organisation's code, a name in plain words, one of the forms or a level; ``other`` is the trust
    with which the body agrees priorities, or the outside body that performs the function. People put a mistake right
    on the day on which they made it, so that ``known_*`` are moments here. A trigger refuses two rows of one subject
    that overlap on both clocks; of what is believed now there is one row a first day.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="arrangements")
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=40)
    holder = models.CharField(max_length=200)
    other = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    by = models.CharField(max_length=200)
    synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=tuple(ARRANGED)), name="arrangement_kind"),
            models.CheckConstraint(condition=~Q(holder="") & ~Q(reason=""), name="arrangement_said"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="arrangement_in_order"
            ),
            models.CheckConstraint(
                condition=Q(known_to__isnull=True) | Q(known_to__gte=F("known_from")), name="arrangement_known_in_order"
            ),
            models.UniqueConstraint(
                fields=("place", "kind", "subject", "valid_from"),
                condition=Q(known_to__isnull=True),
                name="arrangement_once",
            ),
        )


class Review(models.Model):
    """What a regulator found of a provider on a day. One recorded by mistake is withdrawn and stays readable."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="reviews")
    number = models.PositiveIntegerField()
    provider = models.CharField(max_length=30)
    regulator = models.CharField(max_length=30)
    status = models.CharField(max_length=20)
    on = models.DateField()
    finding = models.CharField(max_length=500, blank=True)
    known_from = models.DateTimeField()
    by = models.CharField(max_length=200)
    known_to = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)
    withdrawn_because = models.CharField(max_length=500, blank=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("place", "number"), name="review_number"),
            models.UniqueConstraint(
                fields=("place", "provider", "regulator", "on"), condition=Q(known_to__isnull=True), name="review_once"
            ),
            models.CheckConstraint(condition=Q(status__in=tuple(STANDINGS)), name="review_status"),
            models.CheckConstraint(
                condition=Q(known_to__isnull=True, withdrawn_because="")
                | (Q(known_to__isnull=False) & ~Q(withdrawn_because="")),
                name="review_withdrawn_why",
            ),
        )


class Users(BaseUserManager["User"]):
    """Finds users by their sign-in name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a user by sign-in name."""
        return self.get(sign_in=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who may sign in. The sign-in name has the form of an e-mail address and is kept in lower case."""

    sign_in = models.CharField(max_length=150, unique=True)
    display_name = models.CharField(max_length=150)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    # The same text on every account of a person who has several; empty for everybody else.
    person_key = models.CharField(max_length=150, blank=True, default="", db_index=True)
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "sign_in"
    last_login = None  # sign-ins are in the audit log; a column would be a write past it
    objects = Users()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(sign_in__contains="@"), name="user_sign_in_form"),
            models.CheckConstraint(condition=~Q(display_name=""), name="user_named"),
        )


class RoleAssignment(models.Model):
    """A role that a person holds: in a place (``*`` is every place), over a scope, between dates."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=40)
    place = models.CharField(max_length=60)
    scope = models.CharField(max_length=10)
    code = models.CharField(max_length=30, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(role__in=tuple(ROLES)), name="assignment_role"),
            models.CheckConstraint(condition=Q(scope__in=SCOPES), name="assignment_scope"),
            models.CheckConstraint(
                condition=(Q(scope="place") & Q(code="")) | (~Q(scope="place") & ~Q(code="")),
                name="assignment_code_with_scope",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="assignment_in_order"
            ),
            models.UniqueConstraint(
                fields=("user", "role", "place", "scope", "code", "valid_from"), name="assignment_once"
            ),
        )


class Invitation(models.Model):
    """An invitation to sign in, with the role to be given; only a hash of its token is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    token_hash = models.CharField(max_length=64, unique=True)
    sign_in = models.CharField(max_length=150)
    display_name = models.CharField(max_length=150)
    role = models.CharField(max_length=40)
    place = models.CharField(max_length=60)
    scope = models.CharField(max_length=10)
    code = models.CharField(max_length=30, blank=True)
    invited_by = models.CharField(max_length=150)
    acting_for = models.CharField(max_length=150, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(role__in=tuple(ROLES)), name="invitation_role"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="invitation_expires_later"),
            models.UniqueConstraint(
                fields=("sign_in",), condition=Q(accepted_at__isnull=True), name="invitation_open_once"
            ),
        )


class SignInAttempt(models.Model):
    """A failed sign-in, kept for a quarter of an hour to slow down guessing; the name is kept as a hash."""

    name_hash = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=("address", "name_hash", "at"), name="attempt_lookup"),)


class SecondAsked(models.Model):
    """An act that one person put up and that waits for a second: exactly what is to be done, and its hash."""

    place = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=40)
    facts = models.JSONField()
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=200)
    by_person = models.CharField(max_length=150)
    acting_for = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True

    class Meta:
        constraints = (models.UniqueConstraint(fields=("place", "number"), name="second_asked_once"),)


class SecondAnswered(models.Model):
    """That somebody agreed, and what was done then, or turned it down: once for each act that waited."""

    asked = models.OneToOneField(SecondAsked, on_delete=models.PROTECT, related_name="answer")
    agreed = models.BooleanField()
    result = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=200)
    by_person = models.CharField(max_length=150)
    acting_for = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()

    only_added: ClassVar[bool] = True
