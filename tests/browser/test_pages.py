"""Every page at two widths: nothing that axe or the browser complains of, nothing wider than the screen."""

from __future__ import annotations

import json
import os

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import AXE, ROOT, Open
from tests.browser.inventory import NOT_VISITED, VISITS, Visit

WIDTHS = (320, 1280)
SHOT_HEIGHT, TALL = 800, 1500
MOMENTS = 30
# On a phone what stands above a page takes no more of the screen than this.
NEAR_THE_TOP = 200
SHOTS = ROOT / "docs" / "screenshots"
# Told apart are the violations alone: where a rule was kept is not asked, which takes a third of the time.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


# Visits of one route differ in what the page says and not in how it is built: axe looks at the first of them at both
# widths, and at the others on a phone.
LOOKED_AT_TWICE = {visit.name for visit in {each.route: each for each in reversed(VISITS)}.values()}


def path_of(visit: Visit, codes: dict[str, str]) -> str:
    """Fill the codes that the demonstration made up into a path."""
    return visit.path.format(**codes)


def settled(page: Page, width: int) -> int:
    """Give how wide the page is; the menu measures itself anew a moment after the window has changed."""
    for _ in range(MOMENTS):
        if page.evaluate("document.documentElement.scrollWidth") <= width:
            break
        page.wait_for_timeout(100)
    return int(page.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: visit.name)
def test_page(visit: Visit, open_as: Open, codes: dict[str, str]):
    """Each page is opened once, at the width of a desk, and looked at again when the window is a phone's."""
    page = open_as(path_of(visit, codes), visit.who, max(WIDTHS))
    assert page.status == visit.status
    assert page.locator("h1").count() == 1
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for width in sorted(WIDTHS, reverse=True):
        page.set_viewport_size({"width": width, "height": TALL if visit.tall else SHOT_HEIGHT})
        wide = settled(page, width)
        if os.environ.get("OPENPBC_SCREENSHOTS"):
            SHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=SHOTS / f"{visit.name}-{width}.png")
        assert wide <= width, f"at {width} px the page is {wide} px wide"
        if width == min(WIDTHS):
            top = page.evaluate(
                "document.querySelector('.nhsuk-error-summary, h1').getBoundingClientRect().top + window.scrollY"
            )
            assert top <= NEAR_THE_TOP, f"what the page says begins {top} px from the top"
        if width != min(WIDTHS) and visit.name not in LOOKED_AT_TWICE:
            continue
        violations = page.evaluate("async (rules) => (await axe.run(document, rules)).violations", RULES)
        told = [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in violations]
        assert not told, f"at {width} px: {json.dumps(told, indent=1)}"
    assert page.complaints == []


def test_every_route_is_visited():
    from openpbc.site import access

    routes = {route for route, methods in access.matrix().routes.items() if "GET" in methods}
    assert routes - {visit.route for visit in VISITS} <= NOT_VISITED


def test_targets_are_large_enough_to_touch(open_as: Open):
    page = open_as("/p/west-herts-2008/fair-shares", width=320)
    small = page.evaluate(
        """() => [...document.querySelectorAll('main a, main button, main input, main summary')]
            .filter(each => each.type !== 'hidden')
            .map(each => [each.textContent.trim().slice(0, 40), each.getBoundingClientRect()])
            .filter(([text, box]) => box.width > 0 && (box.height < 23.5 || box.width < 23.5))
            .map(([text, box]) => `${text} ${box.width}x${box.height}`)"""
    )
    assert small == []


@pytest.mark.skipif(bool(os.environ.get("OPENPBC_SCREENSHOTS")), reason="the pictures are being taken")
def test_screenshots_are_complete():
    """The committed pictures are those of the inventory; OPENPBC_SCREENSHOTS=1 takes them anew."""
    wanted = {f"{visit.name}-{width}.png" for visit in VISITS for width in WIDTHS}
    assert {path.name for path in SHOTS.glob("*.png")} == wanted, "take them with OPENPBC_SCREENSHOTS=1"


def test_pictures_are_small():
    assert all(path.stat().st_size < 400_000 for path in SHOTS.glob("*.png"))
