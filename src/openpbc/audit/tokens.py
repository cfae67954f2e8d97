"""What is asked of a time-stamping authority and what its answers say (RFC 3161); nothing is sent from here.

What is stamped is the text ``SEQUENCE:HASH`` of a head, by its SHA-256: whoever has a head as printed and an answer as
kept checks them with any other program. The library of the protocol is opened by this file alone, and loaded by those
who need it: it costs a start more than the rest of the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from openpbc.audit.chain import Head
from openpbc.kernel.problems import UserError

SHA256 = "2.16.840.1.101.3.4.2.1"


class Refused(ValueError):
    """An answer that is no stamp of what was asked, with the reason as words that follow a colon."""


@dataclass(frozen=True)
class Asked:
    """A question as it is sent, and the number by which its own answer is known from an earlier one."""

    body: bytes
    nonce: int


@dataclass(frozen=True)
class Token:
    """What an answer says: when, and the SHA-256 of what was stamped."""

    at: datetime
    imprint: bytes


def imprint(head: Head) -> bytes:
    """The SHA-256 of a head as it is printed."""
    return sha256(str(head).encode("ascii")).digest()


def question(head: Head) -> Asked:
    """Ask for a stamp of a head, with the certificate of whoever signs."""
    built = TimestampRequestBuilder().data(str(head).encode("ascii")).hash_algorithm(HashAlgorithm.SHA256).build()
    if built.nonce is None:
        raise RuntimeError("the question has no number of its own")
    return Asked(built.as_bytes(), built.nonce)


def certificates(path: Path) -> bytes:
    """Read the file of certificates against which stamps are checked; refuses one that holds none."""
    try:
        pem = path.read_bytes()
        _loaded(pem)
    except (OSError, ValueError) as problem:
        raise UserError(
            "the certificates of the time-stamping authority cannot be read",
            str(path),
            "Give a file in PEM form that holds the authority's root, and what lies between it and who signs.",
        ) from problem
    return pem


def read(answer: bytes) -> Token:
    """Read an answer without trusting it; raises :class:`Refused` for one that holds no stamp."""
    return _token(_granted(answer))


@lru_cache(maxsize=1024)
def check(answer: bytes, stamped: bytes, pem: bytes, nonce: int | None = None) -> Token:
    """Hold an answer against the SHA-256 of what was stamped and the certificates, as of the time that it tells.

    A certificate that ended since does no harm: it was good when it signed. Raises :class:`Refused`. What held once
    holds again, so an answer is worked out once.
    """
    response = _granted(answer)
    token = _token(response)
    if token.imprint != stamped:
        raise Refused("it is a stamp of something else")
    if nonce is not None and response.tst_info.nonce != nonce:
        raise Refused("it answers another question")
    try:
        VerifierBuilder(roots=list(_loaded(pem))).build().verify(response, stamped)
    except (VerificationError, ValueError) as problem:
        raise Refused(
            "its signature does not hold under the certificates that are set, at the time it tells"
        ) from problem
    return token


def _granted(answer: bytes) -> TimeStampResponse:
    try:
        response = decode_timestamp_response(answer)
        status = PKIStatus(response.status)
    except ValueError as problem:
        raise Refused("it is no answer of the time-stamp protocol") from problem
    if status is not PKIStatus.GRANTED:
        words = "; ".join(" ".join(each.split())[:100] for each in response.status_string)
        raise Refused(f"the authority refused ({status.name.lower().replace('_', ' ')}){': ' if words else ''}{words}")
    return response


def _token(response: TimeStampResponse) -> Token:
    try:
        told = response.tst_info
        stamped, by = told.message_imprint.message, told.message_imprint.hash_algorithm
        token = Token(told.gen_time, stamped)
    except ValueError as problem:
        raise Refused("it holds no stamp that can be read") from problem
    if by.dotted_string != SHA256:
        raise Refused("it is a stamp of something else")
    return token


@lru_cache(maxsize=4)
def _loaded(pem: bytes) -> Sequence[x509.Certificate]:
    return x509.load_pem_x509_certificates(pem)
