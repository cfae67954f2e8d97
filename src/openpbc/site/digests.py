"""The day's work by e-mail: for those who want it, if there is any, and at most once a day.

A mail holds the lines of "my work today" with the way to each, and nothing else: no reasons, no figures, no papers, for
it travels outside the site. What an interest withholds from a person does not stand in it, as it does not on the page.
"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.site import mail, sealing, shell
from openpbc.site.actions import begin_digest, end_digest
from openpbc.site.models import Digest, DigestWish

SUBJECT = "OpenPBC: what waits for you today"
# What going wrong with one mail looks like; the next may still go.
TROUBLE = (smtplib.SMTPException, OSError)


@dataclass(frozen=True)
class Mail:
    """A mail that may be sent: to whom, and its lines by the title of the place."""

    sign_in: str
    lines: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

    @property
    def count(self) -> int:
        """How many things wait."""
        return sum(len(own) for _, own in self.lines)

    @property
    def text(self) -> str:
        """The mail as plain text."""
        told = [f"{self.count} {'thing waits' if self.count == 1 else 'things wait'} for you in OpenPBC."]
        for title, own in self.lines:
            told += ["", title]
            told += [f"- {text}\n  {settings.SITE_URL.rstrip('/')}{href}" for text, href in own]
        told += ["", f"You asked for this mail. To end it: {settings.SITE_URL.rstrip('/')}/account/digest"]
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
            made = mail_for(person.sign_in)
            if made.count:
                yield made


def mail_for(sign_in: str) -> Mail:
    """What waits for a person in every place where they hold a role today."""
    viewer = organisations.viewer_by_sign_in(sign_in)
    if viewer is None:
        return Mail(sign_in, ())
    lines = []
    for place in shell.open_places(viewer):
        book = organisations.book(place.id)
        found = sealing.open_work(book, viewer)
        own = tuple((" ".join((each.outside or each.text).split()), each.href) for each in found)
        lines += [(place.title, own)] if own else []
    return Mail(sign_in, tuple(lines))


def send(by: Actor, day: date) -> tuple[Sent, ...]:
    """Send what is due, one mail after another, each written down before it leaves and after; give what became of them.

    Without a mail server, or with one that does not answer, nothing is written down and the run can be repeated.
    """
    if lacking := mail.missing(settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL, settings.SITE_URL):
        raise UserError(f"no e-mail can be sent: {lacking} not set", do="Set it in the environment, then send again.")
    done = []
    connection = _opened()
    try:
        for each in due(day):
            if begin_digest(by=by, sign_in=each.sign_in, day=day, lines=each.count):
                why = _delivered(connection, each)
                end_digest(by=by, sign_in=each.sign_in, day=day, why=why)
                done.append(Sent(each.sign_in, day, each.count, Digest.FAILED if why else Digest.SENT, why))
    finally:
        connection.close()
    return tuple(done)


def _opened() -> BaseEmailBackend:
    connection = get_connection()
    try:
        connection.open()
    except TROUBLE as problem:
        raise UserError(
            f"the mail server does not answer ({type(problem).__name__})", do="Nothing was sent; try again later."
        ) from problem
    return connection


def _delivered(connection: BaseEmailBackend, each: Mail) -> str:
    """Hand a mail to the server; the kind of trouble if it did not take it, which names nobody."""
    message = EmailMessage(SUBJECT, each.text, settings.DEFAULT_FROM_EMAIL, [each.sign_in], connection=connection)
    try:
        taken = message.send()
    except TROUBLE as problem:
        return type(problem).__name__
    return "" if taken else "not taken"
