"""A form sent twice does its work once: one after the other, at the same moment, with and without a failure between."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import Client
from django.urls import path
from django.utils import timezone

from openpbc import audit
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations.models import Place
from openpbc.site import access
from openpbc.site.access import Matrix, Rule
from openpbc.site.idempotency import forget_old_receipts, new_key
from openpbc.site.models import FormReceipt
from openpbc.site.urls import urlpatterns as site_urls

DOUBLES = 200
ALL = frozenset(access.ALL_ROLES)


@audit.action("test.count")
def count(*, by: Actor, code: str) -> int:
    """Add one row for every time it is called."""
    number = Place.objects.count() + 1
    Place.objects.create(code=f"{code}-{number}", title=code, book_hash="")
    return number


def add(request: HttpRequest) -> HttpResponse:
    """Add one and lead to it; some inputs fail."""
    code = request.POST["code"]
    if code == "bad":
        return HttpResponse("the form again", status=422)
    number = count(by=SYSTEM, code=code)
    if code == "late mistake":
        raise UserError("after the write")
    return HttpResponseRedirect(f"/done/{number}")


urlpatterns = [path("t/add", add, name="t-add"), path("t/long", add, name="t-long"), *site_urls]
handler400, handler403 = "openpbc.site.problems.bad_request", "openpbc.site.problems.forbidden"
handler404, handler500 = "openpbc.site.problems.not_found", "openpbc.site.problems.server_error"


@pytest.fixture(autouse=True)
def counting(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Serve two forms that count: one in a transaction, one claimed."""
    settings.ROOT_URLCONF = __name__
    real = access.matrix()
    rows = {"t-add": {"POST": Rule(ALL)}, "t-long": {"POST": Rule(ALL, lasting="a test")}}
    monkeypatch.setattr(access, "matrix", lambda: Matrix({**real.routes, **rows}, real.addresses))


@pytest.fixture(params=["/t/add", "/t/long"])
def form(request: pytest.FixtureRequest) -> str:
    """Both kinds of form."""
    return str(request.param)


def client() -> Client:
    return Client(SERVER_NAME="localhost", raise_request_exception=False)


@pytest.mark.django_db
@pytest.mark.parametrize("doubles", [DOUBLES, pytest.param(1000, marks=pytest.mark.soak)])
def test_double_sendings_have_single_effects(form: str, doubles: int) -> None:
    browser = client()
    for turn in range(doubles):
        data = {"code": f"c{turn}", "idempotency_key": new_key()}
        first, second = browser.post(form, data), browser.post(form, data)
        assert first.headers["Location"] == second.headers["Location"] == f"/done/{turn + 1}"
    assert Place.objects.count() == doubles


@pytest.mark.django_db
def test_the_same_words_in_a_fresh_form_are_a_new_wish(form: str) -> None:
    browser = client()
    answers = [browser.post(form, {"code": "same", "idempotency_key": new_key()}) for _ in range(2)]
    assert [answer.headers["Location"] for answer in answers] == ["/done/1", "/done/2"]


@pytest.mark.django_db
def test_other_words_under_the_same_key_are_a_new_wish(form: str) -> None:
    """Back, change, send again."""
    browser, key = client(), new_key()
    answers = [browser.post(form, {"code": code, "idempotency_key": key}) for code in ("a", "b", "a")]
    assert [answer.headers["Location"] for answer in answers] == ["/done/1", "/done/2", "/done/1"]


@pytest.mark.django_db
def test_another_sender_is_not_shown_the_first_ones_answer(form: str) -> None:
    key = new_key()
    answers = []
    for secret in ("a" * 32, "b" * 32):
        browser = client()
        browser.cookies["openpbc-csrf"] = secret
        answers.append(browser.post(form, {"code": "x", "idempotency_key": key}).headers["Location"])
    assert answers == ["/done/1", "/done/2"]


@pytest.mark.django_db
def test_a_refused_form_may_be_sent_again(form: str) -> None:
    data = {"code": "bad", "idempotency_key": new_key()}
    assert [client().post(form, data).status_code for _ in range(2)] == [422, 422]
    assert not FormReceipt.objects.exists()


@pytest.mark.django_db
def test_a_mistake_after_a_write_takes_the_write_back() -> None:
    data = {"code": "late mistake", "idempotency_key": new_key()}
    for _ in range(2):
        answer = client().post("/t/add", data)
        assert (answer.status_code, b"After the write" in answer.content) == (422, True)
    assert not Place.objects.exists() and not FormReceipt.objects.exists()


@pytest.mark.django_db
def test_our_fault_leaves_no_receipt(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = {"code": "x", "idempotency_key": new_key()}
    with monkeypatch.context() as broken:
        broken.setattr(Place.objects, "count", lambda: 1 // 0)
        assert client().post(form, data).status_code == 500
    assert not FormReceipt.objects.exists()
    assert client().post(form, data).status_code == 302


@pytest.mark.django_db
def test_a_claimed_form_that_never_ended_may_be_sent_again_later() -> None:
    from django.test import RequestFactory

    from openpbc.site.idempotency import fingerprint

    data = {"code": "x", "idempotency_key": new_key()}
    request = RequestFactory().post("/t/long", data)
    request.user = type("Nobody", (), {"is_authenticated": False})()
    receipt = FormReceipt.objects.create(key=fingerprint(request))
    assert client().post("/t/long", data).status_code == 409
    assert not Place.objects.exists()
    FormReceipt.objects.filter(key=receipt.key).update(at=timezone.now() - timedelta(minutes=11))
    assert client().post("/t/long", data).headers["Location"] == "/done/1"


@pytest.mark.django_db
def test_files_count_as_content() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    browser, key = client(), new_key()

    def upload(content: bytes) -> str:
        file = SimpleUploadedFile("f.csv", content)
        return browser.post("/t/add", {"code": "x", "idempotency_key": key, "f": file}).headers["Location"]

    assert [upload(b"1"), upload(b"2"), upload(b"1")] == ["/done/1", "/done/2", "/done/1"]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x", "a:b:c"])
def test_a_key_that_is_not_ours_is_refused(form: str, key: str) -> None:
    assert client().post(form, {"code": "x", "idempotency_key": key}).status_code == 400


@pytest.mark.django_db
def test_an_old_form_is_refused_and_its_receipt_forgotten(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    key, real = new_key(), time.time
    client().post(form, {"code": "x", "idempotency_key": key})
    monkeypatch.setattr(time, "time", lambda: real() + 13 * 3600)
    assert client().post(form, {"code": "y", "idempotency_key": key}).status_code == 400
    assert forget_old_receipts() == 0
    FormReceipt.objects.update(at=timezone.now() - timedelta(hours=25))
    assert forget_old_receipts() == 1


@pytest.mark.django_db(transaction=True)
def test_forms_sent_at_the_same_moment_have_single_effects() -> None:
    senders, forms = 4, 10
    keys = [new_key() for _ in range(forms)]
    led: list[tuple[int, str]] = []
    start = threading.Barrier(senders)

    def sender() -> None:
        try:
            browser = client()
            for turn, key in enumerate(keys):
                start.wait()
                answer = browser.post("/t/add", {"code": f"c{turn}", "idempotency_key": key})
                led.append((turn, answer.headers.get("Location", str(answer.status_code))))
        finally:
            connection.close()

    threads = [threading.Thread(target=sender) for _ in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Place.objects.count() == forms
    assert len(led) == senders * forms
    assert len(set(led)) == forms, "every sender of a form is led to the same page"
