"""How e-mail leaves: one address in the environment names the server, and without it nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from openpbc.kernel.problems import UserError

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class Server:
    """A mail server; no host: none is set."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    ssl: bool = False


def server(address: str) -> Server:
    """Read ``smtp://``, ``smtp+starttls://`` or ``smtps://user:password@host:port``; no text is no server."""
    if not address:
        return Server()
    wrong = UserError(
        "OPENPBC_SMTP is no address of a mail server",
        do="Write smtp+starttls://user:password@host:587, smtps:// or, inside one network, smtp://host:25.",
    )
    try:
        parts = urlsplit(address)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise wrong from None
    if not parts.hostname:
        raise wrong
    return Server(
        parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""),
        parts.scheme == "smtp+starttls", parts.scheme == "smtps",
    )  # fmt: skip


def missing(host: str, sender: str, site: str) -> str:
    """Name what is not set and keeps e-mail from being sent; empty when all is."""
    named = (("OPENPBC_SMTP", host), ("OPENPBC_MAIL_FROM", sender), ("OPENPBC_URL", site))
    return ", ".join(name for name, value in named if not value)
