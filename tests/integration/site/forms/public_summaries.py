"""Telling the public of an approved case, and taking it off again."""

from __future__ import annotations

from django.utils import timezone

from openpbc.kernel.actor import SYSTEM
from openpbc.redesign import actions, models
from openpbc.redesign.rules.versions import body_hash
from tests.integration.redesign.conftest import proposed, revision
from tests.integration.site.conftest import HERE, form

CASE = f"/p/{HERE}/cases/1"
BODY = {"parts": {"summary": {"text": "SYNTHETIC: nearer home."}}}


def approved() -> None:
    """An approved case, without the way to it."""
    proposed()
    models.Case.objects.update(stage="approved")
    models.Version.objects.create(
        case=models.Case.objects.get(), number=1, body=BODY, sha256=body_hash(BODY), book_hash="0", frozen_by="x",
        frozen_at=timezone.now(),
    )  # fmt: skip


def _published() -> None:
    approved()
    actions.publish_summary(by=SYSTEM, place=HERE, number=1, revision=revision())


def _failed() -> None:
    proposed()
    models.Case.objects.update(stage="withdrawn")


ENDED = {"text": "SYNTHETIC", "reason": "SYNTHETIC", "revision": "1", "confirmed": "yes"}
OFF = {"reason": "SYNTHETIC", "confirmed": "yes"}
FORMS = {
    "redesign:public-publish": form(
        "committee_secretary", f"{CASE}/public", {"revision": "1", "confirmed": "yes"}, approved
    ),
    "redesign:public-ending": form("committee_secretary", f"{CASE}/public/ending", ENDED, _failed),
    "redesign:public-take-off": form("committee_secretary", f"{CASE}/public/take-off", OFF, _published),
}
