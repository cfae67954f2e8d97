"""Asking the time-stamping authority for a stamp of the present head: the one place that calls it.

Nobody waits for it who works in the site: an act that wants a stamp is an event like any other, and this is run by a
timer. The stamp is kept by an action, whose own event follows the head that was stamped; the next stamp covers it.
Nothing asks for a stamp because of that event, so one run is one question, and there is no loop.
"""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from email.message import Message
from typing import IO

from django.conf import settings

from openpbc.audit import actions, reads, stamps
from openpbc.audit.chain import Head
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError

SECONDS = 20  # how long each step of the exchange may take, and reading all of the answer
LARGEST = 1 << 18  # bytes of an answer; real ones hold some thousands
AGAIN = "Nothing was kept; run it again later."


class _Unreached(Exception):
    """The authority could not be asked, with the reason."""


class _StayHere(urllib.request.HTTPRedirectHandler):
    """The question goes to the address that is set and to no other."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Follow nowhere."""


def stamp(by: Actor) -> stamps.Stamped | None:
    """Ask for a stamp of the present head and keep it; None if the log is empty or the head was stamped meanwhile.

    Raises UserError when no authority is set, or when what it answers is no stamp of this head. Trouble with the
    authority is kept for the page, once for as long as it stays the same.
    """
    if lacking := stamps.lacking():
        raise UserError(f"no stamp can be asked for: {lacking} not set", do="Set it in the environment.")
    pem = stamps.trusted()
    head = reads.head()
    if not head.sequence:
        return None
    try:
        answer, at = _answer(head, pem)
    except _Unreached as problem:
        why = str(problem)
        actions.keep_trouble(by=by, head=head, why=why)
        raise UserError(f"no stamp was given: {why}", do=AGAIN) from problem
    kept = actions.keep_stamp(by=by, head=head, at=at, authority=stamps.authority(), answer=answer)
    return stamps.Stamped(head, at, stamps.authority()) if kept else None


def _answer(head: Head, pem: bytes) -> tuple[bytes, datetime]:
    from openpbc.audit import tokens  # its library is loaded for a stamp, not for every start

    asked = tokens.question(head)
    answer = _sent(asked.body)
    try:
        token = tokens.check(answer, tokens.imprint(head), pem, asked.nonce)
    except tokens.Refused as problem:
        raise _Unreached(f"the answer of {stamps.authority()} was not taken: {problem}") from problem
    if abs(token.at - datetime.now(UTC)) > stamps.APART:
        apart = stamps.in_words(stamps.APART)
        raise _Unreached(f"the clock of {stamps.authority()} and the one here differ by more than {apart}")
    return answer, token.at


def _sent(body: bytes) -> bytes:
    """Send the question; bytes that come too late or are too many are trouble as well."""
    request = urllib.request.Request(
        settings.TSA, data=body, headers={"Content-Type": "application/timestamp-query"}, method="POST"
    )
    until = time.monotonic() + SECONDS
    held = b""
    try:
        with urllib.request.build_opener(_StayHere).open(request, timeout=SECONDS) as response:
            while part := response.read1(LARGEST):
                held += part
                if len(held) > LARGEST or time.monotonic() > until:
                    raise _Unreached(f"the answer of {stamps.authority()} is too long or too slow")
    except urllib.error.HTTPError as problem:
        raise _Unreached(f"{stamps.authority()} answers with {problem.code}") from problem
    except (OSError, http.client.HTTPException, ValueError) as problem:
        raise _Unreached(f"{stamps.authority()} does not answer ({type(problem).__name__})") from problem
    return held
