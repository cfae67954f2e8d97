"""When somebody who tries passwords has to wait."""

from __future__ import annotations

import hashlib

WINDOW_MINUTES = 15
PER_ACCOUNT = 5
PER_ADDRESS = 100


def name_hash(sign_in: str) -> str:
    """Hash a sign-in name: what was typed there may be a password in the wrong field."""
    return hashlib.sha256(sign_in.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()


def must_wait(failures_for_account: int, failures_in_all: int) -> bool:
    """Tell whether an address has failed too often in the window: for one account, or for many together.

    Both counts are of one network address, so that a rival who guesses elsewhere cannot lock the owner out.
    """
    return failures_for_account >= PER_ACCOUNT or failures_in_all >= PER_ADDRESS
