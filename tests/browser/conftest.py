"""A browser on a served demonstration; every page starts signed in as the persona that a test asks for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser import demonstration

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ACTUAL = "position/west-herts-2008/2008-11/WATCOM/RWG/all/actual-charge"
ITEMS = "a[href*='/meeting-items/']"
Open = Callable[..., Page]


def chromium() -> str:
    """Give the path of Chromium; without it the tests are skipped, and under CI they fail."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found and AXE.exists():
        return found
    missing = "Chromium is not on PATH" if not found else "axe-core is not installed: run 'make setup'"
    if os.environ.get("CI"):
        pytest.fail(f"{missing}; under CI the browser tests may not be skipped")
    pytest.skip(missing)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's Chromium; root needs it without its sandbox."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": chromium(), "args": [*arguments, "--disable-dev-shm-usage"]}


@pytest.fixture(scope="session", autouse=True)
def whole_pages() -> Iterator[None]:
    """Let a click return when the page that it asks for has arrived whole; by itself it returns at the first bytes."""
    click = Locator.click

    def click_and_wait(locator: Locator, **options: Any) -> None:
        click(locator, **options)
        locator.page.wait_for_load_state()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Locator, "click", click_and_wait)
        yield


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a small demonstration, one for all workers."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return demonstration.made(shared)


@pytest.fixture(scope="session")
def site(home: Path) -> Iterator[str]:
    """The address of the served demonstration."""
    with demonstration.served(home) as address:
        yield address


@pytest.fixture(scope="session")
def cookies(browser: Browser, site: str) -> Callable[[str], list[dict[str, Any]]]:
    """Sign a persona in once, through the form, and give the cookies of the session."""
    kept: dict[str, list[dict[str, Any]]] = {}

    def of(who: str) -> list[dict[str, Any]]:
        if who not in kept:
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{site}/sign-in")
            page.get_by_label("Sign-in name").fill(who)
            page.get_by_label("Password", exact=True).fill(demonstration.PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(lambda url: "/sign-in" not in url)
            kept[who] = [dict(cookie) for cookie in context.cookies()]
            context.close()
        return kept[who]

    return of


@pytest.fixture
def open_as(browser: Browser, site: str, cookies: Callable[[str], list[dict[str, Any]]]) -> Iterator[Open]:
    """Give a function that opens a page of the site as a persona, with what the browser complained about."""
    contexts: list[BrowserContext] = []

    def open_page(path: str, who: str = "finance@demo", width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, base_url=site, **options)
        contexts.append(context)
        if who:
            context.add_cookies(cookies(who))  # type: ignore[arg-type]
        page = context.new_page()
        page.complaints = []  # type: ignore[attr-defined]
        page.on("console", lambda message: _complain(page, message.type, message.text))
        page.on("pageerror", lambda error: _complain(page, "error", str(error)))
        page.status = page.goto(path).status  # type: ignore[attr-defined, union-attr]
        return page

    yield open_page
    for context in contexts:
        context.close()


def _complain(page: Page, kind: str, text: str) -> None:
    # A page that is not there is meant not to be there; everything else that the browser complains of counts.
    if kind in ("error", "warning") and "Failed to load resource: the server responded with a status of 4" not in text:
        page.complaints.append(text)  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def codes(browser: Browser, site: str, cookies: Callable[[str], list[dict[str, Any]]]) -> dict[str, str]:
    """Codes that the demonstration made up: a practice, a unit, items of meetings, a submission, a priced record."""
    context = browser.new_context(base_url=site)
    context.add_cookies(cookies("analyst@demo"))  # type: ignore[arg-type]
    page = context.new_page()
    found = {}
    for name, path, selector in (
        ("practice", "/p/west-herts-2008/organisations", "a[href*='/practices/']"),
        ("unit", "/p/blmk-2023/organisations", "a[href*='/units/']"),
        ("clinic", "/p/west-herts-2008/meetings/4", ITEMS),
        ("confirmed", "/p/west-herts-2008/meetings/5", ITEMS),
        ("advice", "/p/west-herts-2008/meetings/5", f"li:nth-child(2) {ITEMS}"),
        ("beds", "/p/west-herts-2008/meetings/6", ITEMS),
        ("lease", "/p/west-herts-2008/meetings", f"{ITEMS}:has-text('a lease')"),
        ("refusal", "/p/west-herts-2008/appeals/1", "main a[href*='/decisions/']"),
        ("submission", "/p/west-herts-2008/submissions", "main table a[href*='/submissions/']"),
        (
            "price",
            "/explain/position/west-herts-2008/2008-11/WATCOM/RWG/all/actual-charge",
            "a[href*='/explain/price/']",
        ),
    ):
        page.goto(path)
        href = page.locator(selector).first.get_attribute("href") or ""
        last = href.partition("?")[0].rpartition("/")[2]
        found[name] = href.removeprefix("/explain/") if name == "price" else last
    context.close()
    return found
