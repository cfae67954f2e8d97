"""How the environment names a time-stamping authority; without one nothing is sent anywhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from openpbc.kernel.problems import UserError

MINUTES = 60  # so much of the log could be cut without a trace, at most


def address(text: str) -> str:
    """Check the address of an authority; no text is no authority."""
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0 and not parts.username
    except ValueError:
        good = False
    if text and not good:
        raise UserError(
            "OPENPBC_TSA is no address of a time-stamping authority",
            do="Write it as https://tsa.example.org/tsr, or http://, without a name or password in it.",
        )
    return text


def minutes(text: str) -> int:
    """Read how old the newest stamp may be, in whole minutes from 1; without a text it is an hour."""
    if not text:
        return MINUTES
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 100_000):
        raise UserError("OPENPBC_TSA_MINUTES is no number of minutes", do="Write whole minutes, such as 60.")
    return int(text)
