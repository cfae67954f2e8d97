"""The day's work by e-mail: for those who want it, if there is any, and at most once a day.

A mail holds the lines of "my work today" that can be done now, with the way to each, and nothing else: no reasons, no
figures, no papers, for it travels outside the site. What an interest withholds from a person does not stand in it, as
it does not on the page.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address
from django.urls import reverse

from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.kernel.sight import within
from openpbc.organisations import reads as organisations
from openpbc.site import mail, sealing, shell
from openpbc.site.actions import begin_digest, end_digest
from openpbc.site.models import Digest, DigestWish

SUBJECT = "OpenPBC: what waits for you today"
# What going wrong with one mail looks like; the next may still go.
TROUBLE = (smtplib.SMTPException, OSError)
UNKNOWN, NO_ADDRESS = "what waits could not be found", "no e-mail address"


@dataclass(frozen=True)
class Mail:
    """A mail that may be sent: to whom, and its lines by the title of the place; or what kept them from being found."""

    sign_in: str
    lines: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    trouble: str = ""

    @property
    def count(self) -> int:
        """How many things wait."""
        return sum(len(own) for _, own in self.lines)

    @property
    def text(self) -> str:
        """The mail as plain text."""
        site = settings.SITE_URL.rstrip("/")
        told = [f"{self.count} {'thing waits' if self.count == 1 else 'things wait'} for you in OpenPBC."]
        for title, own in self.lines:
            told += ["", title]
            told += [f"- {text}\n  {site}{href}" for text, href in own]
        told += ["", f"You asked for this mail. To end it: {site}{reverse('account:digest')}"]
        return "\n".join(told) + "\n"


@dataclass(frozen=True)
class Sent:
    """A mail of a day and what became of it."""

    sign_in: str
    day: date
    lines: int
    state: str
    why: str


def wanted(sign_in: str) -> bool:
    """Whether a person asked for the mail."""
    return DigestWish.objects.filter(sign_in=sign_in).exists()


def sent(day: date) -> tuple[Sent, ...]:
    """The mails of a day by sign-in name."""
    rows = Digest.objects.filter(day=day).order_by("sign_in")
    return tuple(Sent(row.sign_in, row.day, row.lines, row.state, row.why) for row in rows)


def due(day: date) -> Iterator[Mail]:
    """The mails that may leave on a day: of active people who asked for one, have none yet, and for whom work waits."""
    begun = set(Digest.objects.filter(day=day).values_list("sign_in", flat=True))
    wish = set(DigestWish.objects.values_list("sign_in", flat=True)) - begun
    for person in organisations.people():
        if person.sign_in in wish and person.active:
            made = _mail_or_trouble(person.sign_in)
            if made.count or made.trouble:
                yield made


def _mail_or_trouble(sign_in: str) -> Mail:
    """Give a person's mail; a mistake in what lies behind one list keeps nobody else from theirs."""
    try:
        return mail_for(sign_in)
    except UserError:
        return Mail(sign_in, (), UNKNOWN)


def mail_for(sign_in: str) -> Mail:
    """What waits for a person in every place where they hold a role today."""
    viewer = organisations.viewer_by_sign_in(sign_in)
    if viewer is None:
        return Mail(sign_in, ())
    lines = []
    for place in shell.open_places(viewer):
        book = organisations.book(place.id)
        with within((place.id,)):
            found = [each for each in sealing.open_work(book, viewer) if not each.waits]
        own = tuple((" ".join((each.outside or each.text).split()), each.href) for each in found)
        lines += [(place.title, own)] if own else []
    return Mail(sign_in, tuple(lines))


def send(by: Actor, day: date) -> tuple[Sent, ...]:
    """Send what is due, one mail after another, each written down before it leaves and after; give what became of them.

    What each mail holds is found before the first one leaves. Without a mail server, or with one that does not answer,
    nothing more is written down and the run can be repeated; a line that was cut is opened again for the next mail.
    """
    if lacking := mail.missing(settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL, settings.SITE_URL):
        raise UserError(f"no e-mail can be sent: {lacking} not set", do="Set it in the environment, then send again.")
    _refuse_wrong_sender()
    done, mails = [], tuple(due(day))
    connection = _opened(get_connection())
    try:
        for each in mails:
            _opened(connection)
            if begin_digest(by=by, sign_in=each.sign_in, day=day, lines=each.count):
                why = each.trouble or _delivered(connection, each)
                end_digest(by=by, sign_in=each.sign_in, day=day, why=why)
                done.append(Sent(each.sign_in, day, each.count, Digest.FAILED if why else Digest.SENT, why))
    finally:
        _closed(connection)
    return tuple(done)


def _refuse_wrong_sender() -> None:
    try:
        sanitize_address(settings.DEFAULT_FROM_EMAIL, "utf-8")
    except ValueError as problem:
        raise UserError("OPENPBC_MAIL_FROM is no e-mail address", do="Set it, then send again.") from problem


def _opened(connection: BaseEmailBackend) -> BaseEmailBackend:
    """Open the line to the server, unless it is open."""
    try:
        connection.open()
    except TROUBLE as problem:
        raise UserError(
            f"the mail server does not answer ({type(problem).__name__})",
            do="What was not sent yet was not begun: send again later.",
        ) from problem
    return connection


def _closed(connection: BaseEmailBackend) -> None:
    """Give up a line after trouble; one that the server cut stays open in name until it is closed."""
    with suppress(*TROUBLE):
        connection.close()


def _delivered(connection: BaseEmailBackend, each: Mail) -> str:
    """Hand a mail to the server; the kind of trouble if it did not take it, which names nobody."""
    message = EmailMessage(SUBJECT, each.text, settings.DEFAULT_FROM_EMAIL, [each.sign_in], connection=connection)
    try:
        taken = message.send()
    except ValueError:
        return NO_ADDRESS
    except TROUBLE as problem:
        _closed(connection)
        return type(problem).__name__
    return "" if taken else "not taken"
