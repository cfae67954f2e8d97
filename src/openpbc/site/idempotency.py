"""A form sent twice does its work once: a hidden key on every form, and a receipt kept with the work itself.

The receipt is written in the same transaction as what the form does. A second sending waits for the first and is led
to where the first was led; if the first failed, the second does the work. Work too long for one transaction (a route
marked ``lasting`` in the access file) is claimed first and the receipt completed afterwards; such work must itself be
safe to repeat after a crash. All of it works without JavaScript.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from openpbc.kernel.problems import UserError
from openpbc.site import problems
from openpbc.site.access import rule_for
from openpbc.site.models import FormReceipt

FIELD = "idempotency_key"
# A form cannot be older than the longest session; its receipt is kept a little longer.
FORM_LASTS = timedelta(hours=12)
RECEIPT_LASTS = timedelta(hours=24)
# After a crash a claimed form may be sent again.
CLAIM_LASTS = timedelta(minutes=10)
_signer = signing.TimestampSigner(salt="openpbc.form")
View = Callable[..., HttpResponse]


def new_key() -> str:
    """Make the key of one rendered form: chance and time, signed, so that only our own forms are taken."""
    return _signer.sign(secrets.token_urlsafe(12))


def is_ours(key: str) -> bool:
    """Tell whether a key was made here and is not too old."""
    try:
        _signer.unsign(key, max_age=FORM_LASTS)
    except signing.BadSignature:
        return False
    return True


def forget_old_receipts() -> int:
    """Remove receipts of forms that are too old to be sent again; give how many."""
    return FormReceipt.objects.filter(at__lt=timezone.now() - RECEIPT_LASTS).delete()[0]


class Idempotency:
    """The innermost middleware: runs the view of a form at most once for a key, sender, address and content."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; forms are taken up when their view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Take a form in hand; everything else goes its way."""
        rule = rule_for(request)
        if request.method in ("GET", "HEAD") or rule is None or rule.repeatable:
            return None
        if not is_ours(request.POST.get(FIELD, "")):
            return problems.page(
                request, 400, "The form was too old or incomplete. Go back, reload the page, try again."
            )
        once = _once_lasting if rule.lasting else _once
        try:
            return once(request, lambda: view(request, *args, **kwargs))
        except UserError as problem:
            return problems.user_error(request, problem)


def _once(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Receipt and work in one transaction: both are kept, or neither."""
    key = fingerprint(request)
    with transaction.atomic():
        if not _claim(key):
            return _repeat(request, key)
        response = work()
        _settle(key, response)
    return response


def _once_lasting(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Claim first, work outside any transaction, then complete or give back the claim."""
    key = fingerprint(request)
    FormReceipt.objects.filter(key=key, location="", at__lt=timezone.now() - CLAIM_LASTS).delete()
    if not _claim(key):
        return _repeat(request, key)
    done = False
    try:
        response = work()
        _settle(key, response)
        done = True
    finally:
        if not done:
            FormReceipt.objects.filter(key=key).delete()
    return response


def _claim(key: str) -> bool:
    # On PostgreSQL the second sender waits here until the first one's transaction ends.
    try:
        with transaction.atomic():
            FormReceipt.objects.create(key=key)
    except IntegrityError:
        return False
    return True


def _settle(key: str, response: HttpResponse) -> None:
    """Work that is done ends in a redirect; anything else is the form again with its mistakes, to be sent anew."""
    if isinstance(response, HttpResponseRedirect):
        FormReceipt.objects.filter(key=key).update(location=response.url)
    else:
        FormReceipt.objects.filter(key=key).delete()


def _repeat(request: HttpRequest, key: str) -> HttpResponse:
    receipt = FormReceipt.objects.filter(key=key).first()
    if receipt is None or not receipt.location:
        return problems.page(
            request, 409, "This form was already sent and is still being worked on. Look again shortly."
        )
    return HttpResponseRedirect(receipt.location)


def fingerprint(request: HttpRequest) -> str:
    """Hash sender, address, key and content: only the same form, sent again by the same sender, is the same."""
    digest = hashlib.sha256()
    for part in _parts(request):
        digest.update(f"{len(part)}:".encode())
        digest.update(part)
    return digest.hexdigest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    sender = f"user/{request.user.pk}" if request.user.is_authenticated else request.META.get("CSRF_COOKIE", "")
    yield from (sender.encode(), request.get_full_path().encode())
    for name, values in sorted(request.POST.lists()):
        if name != "csrfmiddlewaretoken":
            yield from (text.encode("utf-8", "surrogatepass") for text in (name, *values))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            content = hashlib.sha256()
            for chunk in file.chunks():
                content.update(chunk)
            file.seek(0)
            yield from (name.encode(), str(file.name).encode(), content.digest())
