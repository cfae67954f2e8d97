"""Pseudonyms of people: keyed, one key a place and purpose; without the key nobody can try numbers against them.

A plain hash is no pseudonym: there are under a thousand million valid NHS numbers, and all can be tried in minutes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection

from openpbc.kernel.codes import clean_nhs_number, nhs_number_ok

KEY_BYTES = 32


def pseudonym(key: bytes, nhs_number: str) -> str:
    """Give the pseudonym of a valid NHS number: HMAC-SHA-256 over its ten digits, in hexadecimal digits."""
    return hmac.new(_strong(key), clean_nhs_number(nhs_number).encode("ascii"), hashlib.sha256).hexdigest()


def pseudonym_of(
    key: bytes, nhs_number: str | None, withheld: str | None, diagnoses: Collection[str], restricted: Collection[str]
) -> tuple[str | None, str]:
    """Give the pseudonym of a record, or None, and what became of it: ``linked``, or why it has none.

    A record whose identity is withheld has none, nor one of care that the law keeps apart (``restricted`` are the first
    characters of such diagnoses), nor one without a valid number.
    """
    if withheld:
        return None, "withheld"
    if any(code.startswith(start) for code in diagnoses for start in restricted):
        return None, "restricted"
    if not nhs_number or not nhs_number_ok(nhs_number):
        return None, "no valid number"
    return pseudonym(key, nhs_number), "linked"


def pads(key: bytes) -> tuple[bytes, bytes]:
    """Give the two blocks that the key is mixed into (RFC 2104), for engines that know SHA-256 but no keyed hash."""
    block = _strong(key).ljust(hashlib.sha256().block_size, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def fingerprint(key: bytes) -> str:
    """Name a key without giving it away, so that what was made with another can be told apart."""
    return hmac.new(_strong(key), b"fingerprint of this key", hashlib.sha256).hexdigest()[:20]


def _strong(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key of pseudonyms has {KEY_BYTES} bytes")
    return key
