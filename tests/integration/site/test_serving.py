"""The site as it is served, and as it is set up behind a proxy that ends TLS."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError, connections

from openpbc.site.commands import serve as serving
from openpbc.site.headers import strict_headers


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that is set up and empty."""
    folder = tmp_path_factory.mktemp("served") / "home"
    openpbc(folder, "migrate")
    return folder


def test_what_no_longer_counts_goes_while_the_site_is_served(monkeypatch) -> None:
    rounds = iter((False, False, True))
    done: list[int] = []

    def tidy() -> None:
        done.append(1)
        raise OperationalError("the database is locked")

    class Stopped(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            assert timeout is not None and timeout <= 3600
            return next(rounds)

    monkeypatch.setattr(serving, "_tidy", tidy)
    monkeypatch.setattr(connections, "close_all", lambda: None)
    serving._keep_tidy(Stopped())
    assert len(done) == 2, "a database that is busy is tidied next time"


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("OPENPBC_HOME", "DATABASE_URL")}


def openpbc(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "openpbc.site.cli", "--home", str(home), *words]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def port(home: Path) -> Iterator[int]:
    """Serve the home; afterwards the server must stop when it is asked to."""
    number = free_port()
    command = [sys.executable, "-m", "openpbc.site.cli", "--home", str(home), "serve", "--port", str(number)]
    process = subprocess.Popen(command, env=environment())
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{number}/sign-in")
                break
            except OSError:
                time.sleep(0.2)
        yield number
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def get(port: int, path: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as problem:
        return problem.code, dict(problem.headers), problem.read()


@pytest.mark.parametrize(("path", "status"), [("/sign-in", 200), ("/", 200), ("/nothing", 404), ("/static/none", 404)])
def test_what_is_served_carries_the_strict_headers(port: int, path: str, status: int) -> None:
    found, headers, _ = get(port, path)
    assert found == status
    lower = {name.lower(): value for name, value in headers.items()}
    for name, value in strict_headers(https=False).items():
        assert lower[name.lower()] == value


def test_the_style_of_the_pages_is_served(port: int) -> None:
    status, headers, body = get(port, "/static/openpbc/openpbc.js")
    assert status == 200 and body and "javascript" in headers.get("content-type", headers.get("Content-Type", ""))


def test_a_second_server_on_the_same_port_is_refused(home: Path, port: int) -> None:
    done = openpbc(home, "serve", "--port", str(port))
    assert done.returncode == 2
    assert "Address already in use" in done.stderr


def behind_tls(code: str) -> dict[str, object]:
    """Set the site up for a public https address, and ask something of it."""
    script = f"import django, json; django.setup(); from django.conf import settings\n{code}"
    own = environment() | {
        "OPENPBC_URL": "https://pbc.example.nhs.uk",
        "DJANGO_SETTINGS_MODULE": "openpbc.site.settings",
        "OPENPBC_HOME": os.environ["OPENPBC_HOME"],
    }
    done = subprocess.run([sys.executable, "-c", script], env=own, capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_behind_tls_cookies_and_headers_are_strict() -> None:
    found = behind_tls(
        """
from django.test import Client
seen = Client(SERVER_NAME="pbc.example.nhs.uk").get("/nothing", secure=True)
print(json.dumps({
    "session": settings.SESSION_COOKIE_NAME, "csrf": settings.CSRF_COOKIE_NAME,
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE],
    "hosts": settings.ALLOWED_HOSTS, "origins": settings.CSRF_TRUSTED_ORIGINS, "headers": dict(seen.headers),
}))
"""
    )
    assert found["session"] == "__Host-openpbc-session" and found["csrf"] == "__Host-openpbc-csrf"
    assert found["secure"] == [True, True]
    assert found["hosts"] == ["pbc.example.nhs.uk", "127.0.0.1", "localhost", "[::1]"]
    assert found["origins"] == ["https://pbc.example.nhs.uk"]
    headers = found["headers"]
    assert isinstance(headers, dict)
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert "upgrade-insecure-requests" in headers["Content-Security-Policy"]


def test_behind_tls_the_proxy_says_who_asks() -> None:
    found = behind_tls(
        """
from django.test import RequestFactory
from openpbc.site.pages.account import network_address
request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR="6.6.6.6, 10.0.0.1", REMOTE_ADDR="127.0.0.1")
print(json.dumps({"address": network_address(request)}))
"""
    )
    assert found["address"] == "10.0.0.1", "what the sender wrote in front is not believed"
