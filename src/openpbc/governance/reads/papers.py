"""Papers as files: where one lies, what may be one, and its bytes, proven against the hash under which it is kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings

from openpbc.kernel.problems import UserError

FOLDER = ("warehouse", "papers")  # beside what a backup takes with it
LARGEST = 20 << 20
ENDINGS = ("pdf", "docx", "odt", "xlsx", "ods", "pptx", "csv", "txt", "md", "png", "jpg")


def path_of(sha256: str) -> Path:
    """Give where the file of a hash lies."""
    return Path(settings.HOME).joinpath(*FOLDER, sha256[:2], sha256)


def check(body: bytes, name: str) -> None:
    """Refuse a file that cannot be a paper: empty, too large, or of a kind that nobody reads in a meeting."""
    if name.rpartition(".")[2].lower() not in ENDINGS:
        raise UserError(f"'{name[:60]}' is no paper", "file", f"Give one of {', '.join(ENDINGS)}.")
    if not body:
        raise UserError(f"'{name[:60]}' is empty", "file", "Give the file itself.")
    if len(body) > LARGEST:
        raise UserError(f"'{name[:60]}' has {len(body):,} bytes", "file", f"Give at most {LARGEST:,}.")


def content(sha256: str) -> bytes:
    """Give the bytes of a paper; a file that is gone or was changed is refused, and never given out as the paper."""
    path = path_of(sha256)
    try:
        body = path.read_bytes()
    except FileNotFoundError as error:
        raise UserError("the file of this paper is gone", sha256[:12], "Restore it from a backup.") from error
    if hashlib.sha256(body).hexdigest() != sha256:
        raise UserError(
            "the file of this paper was changed on the disk; it is not what was put",
            sha256[:12],
            "Restore it from a backup.",
        )
    return body
