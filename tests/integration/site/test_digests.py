"""The day's work by e-mail: to those who want it, at most once a day, and nothing that is withheld from them."""

from __future__ import annotations

import json
import socketserver
import threading
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.core import mail
from django.core.mail.backends import locmem

from openpbc.audit.models import AuditEvent
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.site import digests
from openpbc.site.actions import choose_digest
from openpbc.site.commands.digest import digest
from openpbc.site.mail import Server, server
from openpbc.site.models import Digest
from tests.integration.redesign.conftest import proposed
from tests.integration.site.conftest import HERE, SIGN_INS, As, send
from tests.integration.site.test_search import close_to

SHELL = Actor(id="shell/x", name="x", roles=frozenset({"administrator"}))
pytestmark = pytest.mark.usefixtures("people")


@pytest.fixture(autouse=True)
def server_set(settings) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "127.0.0.1", "openpbc@example.org"
    settings.SITE_URL = "https://pbc.example.org"


def wants(role: str) -> None:
    viewer = organisations.viewer_by_sign_in(SIGN_INS[role])
    choose_digest(by=viewer.actor, wants=True)


def sends() -> list[tuple[str, str]]:
    return [(each.sign_in, each.state) for each in digests.send(SHELL, organisations.today())]


def test_it_goes_once_a_day_to_who_wants_it_and_only_if_something_waits() -> None:
    proposed(title="Knees")
    wants("group_manager")
    wants("administrator")  # for whom nothing waits
    assert sends() == [("group@demo", "sent")]
    assert sends() == []
    [letter] = mail.outbox
    assert letter.to == ["group@demo"] and letter.from_email == "openpbc@example.org"
    assert f"https://pbc.example.org/p/{HERE}" in letter.body and "/account/digest" in letter.body
    assert not letter.attachments
    [tomorrow] = digests.send(SHELL, organisations.today() + timedelta(days=1))
    assert tomorrow.state == "sent" and len(mail.outbox) == 2


def test_a_mail_holds_lines_and_ways_but_no_reasons_and_nothing_withheld() -> None:
    proposed(title="Knees", area="Bones")
    made = digests.mail_for(SIGN_INS["group_manager"])
    assert "Agree 'Knees' as a priority" in made.text and "Priority proposed" not in made.text
    assert made.count == made.text.count("https://pbc.example.org") - 1
    close_to("group_manager")
    assert "Knees" not in digests.mail_for(SIGN_INS["group_manager"]).text


def test_one_that_was_cut_off_while_it_was_sent_is_not_sent_again(monkeypatch) -> None:
    wants("committee_secretary")

    def cut(self: object, messages: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(locmem.EmailBackend, "send_messages", cut)
        with pytest.raises(KeyboardInterrupt):
            sends()
    assert sends() == [] and mail.outbox == []
    assert [row.state for row in Digest.objects.all()] == ["begun"]


def test_trouble_with_one_mail_is_recorded_and_the_next_still_goes(monkeypatch) -> None:
    wants("committee_secretary")
    wants("committee_chair")
    taken = locmem.EmailBackend.send_messages

    def fails_for_the_chair(self, messages):
        if messages[0].to == ["chair@demo"]:
            raise ConnectionResetError("the line went down for chair@demo")
        return taken(self, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", fails_for_the_chair)
    assert sends() == [("chair@demo", "failed"), ("secretary@demo", "sent")]
    assert Digest.objects.get(sign_in="chair@demo").why == "ConnectionResetError"
    assert sends() == []


def test_without_a_server_or_an_answer_nothing_is_written_down(settings) -> None:
    wants("committee_secretary")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 9  # nobody listens there
    with pytest.raises(UserError, match="the mail server does not answer"):
        sends()
    settings.EMAIL_HOST = settings.DEFAULT_FROM_EMAIL = ""
    with pytest.raises(UserError, match="OPENPBC_SMTP, OPENPBC_MAIL_FROM not set"):
        sends()
    assert not Digest.objects.exists()


def test_a_person_asks_for_it_and_ends_it_on_the_account_page(as_role: As, settings) -> None:
    client = as_role("committee_secretary")
    assert b"You get no mail." in client.get("/account/digest").content
    assert send(client, "/account/digest", {"wants": "yes"}).status_code == 302
    assert b"You get one mail a day at secretary@demo." in client.get("/account/digest").content
    assert "/account/digest" in client.get("/account").content.decode()
    settings.EMAIL_HOST = ""
    assert b"None comes yet" in client.get("/account/digest").content
    assert send(client, "/account/digest", {"wants": "no"}).status_code == 302
    settings.EMAIL_HOST = "127.0.0.1"
    assert sends() == []
    told = AuditEvent.objects.filter(action="site.choose_digest")
    assert [row.actor_id for row in told] == ["secretary@demo"] * 2
    assert send(client, "/account/digest", {"wants": "often"}).status_code == 422


def test_somebody_disabled_gets_none() -> None:
    from openpbc.organisations.models import User

    wants("committee_secretary")
    User.objects.filter(sign_in="secretary@demo").update(is_active=False)
    assert sends() == []


class _Listens(socketserver.StreamRequestHandler):
    """As much of a mail server as a mail needs."""

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline():
            word = line.strip().upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                body = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.letters.append(body.decode())  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")
            if word == b"QUIT":
                return


def test_a_real_server_takes_it_and_the_shell_says_so(settings) -> None:
    wants("committee_secretary")
    with socketserver.TCPServer(("127.0.0.1", 0), _Listens) as listening:
        listening.letters = []  # type: ignore[attr-defined]
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_PORT = listening.server_address[1]
        runner = CliRunner()
        dry = runner.invoke(digest, ["send", "--dry-run"], obj=SHELL, catch_exceptions=False).output
        told = runner.invoke(digest, ["send", "--json"], obj=SHELL, catch_exceptions=False).output
        listening.shutdown()
    assert dry.endswith("lines, would be sent\n")
    assert json.loads(told)[0]["state"] == "sent"
    [letter] = listening.letters  # type: ignore[attr-defined]
    assert "To: secretary@demo" in letter and "Subject: OpenPBC: what waits for you today" in letter
    shown = runner.invoke(digest, ["today"], obj=SHELL, catch_exceptions=False).output
    assert shown.startswith("secretary@demo: ") and shown.endswith("lines, sent\n")


class _Drops(_Listens):
    """A server that cuts the line before it has answered the first letter."""

    def handle(self) -> None:
        if self.server.letters:  # type: ignore[attr-defined]
            super().handle()
            return
        self.wfile.write(b"220 ready\r\n")
        while not self.rfile.readline().upper().startswith(b"MAIL"):
            self.wfile.write(b"250 fine\r\n")
        self.server.letters.append("cut")  # type: ignore[attr-defined]


def test_a_cut_line_and_a_wrong_address_cost_one_mail_each_and_not_the_day(settings, monkeypatch) -> None:
    for role in ("committee_chair", "committee_secretary", "group_manager"):
        wants(role)
    proposed(title="Knees")
    with monkeypatch.context() as patched:
        made = digests.mail_for
        fails = UserError("SYNTHETIC")
        patched.setattr(digests, "mail_for", lambda who: raising(fails) if who == "group@demo" else made(who))
        found = {each.sign_in: each for each in digests.due(organisations.today())}
    assert found["group@demo"].trouble and "secretary@demo" in found
    wrong = digests.Mail("ann@nhs..uk", found["secretary@demo"].lines)
    mails = (found["chair@demo"], wrong, found["group@demo"], found["secretary@demo"])
    monkeypatch.setattr(digests, "due", lambda day: iter(mails))
    with socketserver.TCPServer(("127.0.0.1", 0), _Drops) as listening:
        listening.letters = []  # type: ignore[attr-defined]
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_PORT = listening.server_address[1]
        told = {each.sign_in: (each.state, each.why) for each in digests.send(SHELL, organisations.today())}
        listening.shutdown()
    assert told == {
        "chair@demo": ("failed", "SMTPServerDisconnected"),
        "ann@nhs..uk": ("failed", "no e-mail address"),
        "group@demo": ("failed", "what waits could not be found"),
        "secretary@demo": ("sent", ""),
    }
    assert "To: secretary@demo" in listening.letters[-1]  # type: ignore[attr-defined]
    settings.DEFAULT_FROM_EMAIL = "openpbc@nhs..uk"
    with pytest.raises(UserError, match="OPENPBC_MAIL_FROM is no e-mail address"):
        sends()


def raising(problem: Exception) -> digests.Mail:
    raise problem


def test_the_address_of_a_server_is_read_or_refused() -> None:
    assert server("") == Server()
    assert server("smtp+starttls://a%40b:p%2Fw@mail.example.org") == Server(
        "mail.example.org", 587, "a@b", "p/w", starttls=True
    )
    assert server("smtps://mail.example.org:4650").port == 4650
    for wrong in ("mail.example.org", "http://mail.example.org", "smtp://", "smtp://mail:none"):
        with pytest.raises(UserError, match="OPENPBC_SMTP is no address"):
            server(wrong)
