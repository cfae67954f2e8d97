"""Every page of the site that needs no more than a place and a number, opened by people with an interest in a matter.

The routes are the site's own, so a new page, feed or file that shows a matter without asking the gate fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from openpbc.governance import actions, reads
from openpbc.governance.reads import Party
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions as redesign
from openpbc.redesign import reads as redesign_reads
from tests.integration.site.conftest import HERE, SIGN_INS, As

pytestmark = pytest.mark.one_database

CANARY = "Canarywing"
COMPANY = "SYNTHETIC Company"
# Pages on which somebody without an interest reads of the matter: if none of them did, the test would prove nothing.
SEEN = {"governance:decisions", "governance:decision", "governance:item", "redesign:cases", "redesign:case"}


def routes(patterns: list[URLPattern | URLResolver], space: str = "", before: str = "") -> Iterator[tuple[str, str]]:
    """Give the name and path of every page that a place and numbers lead to; each number is 1."""
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from routes(each.url_patterns, each.namespace or space, before + str(each.pattern))
            continue
        path = before + str(each.pattern)
        for name, converter in each.pattern.converters.items():
            value = HERE if name == "place" else "1" if type(converter).__name__ == "IntConverter" else ""
            path = path.replace(f"<{'int' if value == '1' else 'str'}:{name}>", value) if value else path
        if HERE in path and "<" not in path:
            yield f"{space}:{each.name}" if space else str(each.name), f"/{path}"


@pytest.fixture
def matter(people: None) -> str:
    """A case of redesign before a body, decided on once, that concerns a company."""
    unit = organisations.units(HERE)[0].code
    told = {"title": f"{CANARY} case", "area": f"{CANARY} area", "need": f"{CANARY} need"}
    number = redesign.propose(by=SYSTEM, place=HERE, unit=unit, **told)
    matter = redesign_reads.case(HERE, number).matter
    actions.record_decision(
        by=SYSTEM, place=HERE, body="board", taken_on=date(2026, 3, 25), minute=f"{CANARY}/1", matter=matter,
        title=f"{CANARY} title", outcome="deferred", text=f"{CANARY} text.",
    )  # fmt: skip
    papers = [(f"{CANARY}.txt", f"{CANARY} paper".encode())]
    facts = {"body": "governance_committee", "title": f"{CANARY} item", "papers": papers}
    item = actions.put_on_agenda(by=SYSTEM, place=HERE, matter=matter, **facts)
    meeting = actions.call_meeting(by=SYSTEM, place=HERE, body="governance_committee", held_on=date(2027, 1, 5))
    actions.list_items(by=SYSTEM, place=HERE, meeting=meeting, items=[item])
    return matter


def found(browser, paths: dict[str, str]) -> set[str]:
    return {
        name for name, path in paths.items() if CANARY in browser.get(path).content.decode("utf-8", errors="replace")
    }


def test_no_page_shows_a_withheld_matter_and_others_see_it(matter: str, as_role: As) -> None:
    paths = dict(routes(get_resolver().url_patterns))
    actions.set_parties(by=SYSTEM, place=HERE, matter=matter, parties=[Party(COMPANY, "possible-bidder")])
    control = found(as_role("committee_chair"), paths) | found(as_role("group_manager"), paths)
    assert control >= SEEN
    for role in ("committee_chair", "group_manager"):
        actions.declare_interest(
            by=SYSTEM, place=HERE, person=SIGN_INS[role], organisation=COMPANY, nature="financial-personal",
            role="Owner", held_from=date(2026, 1, 1),
        )  # fmt: skip
        assert reads.withheld(SIGN_INS[role], HERE, matter)
        assert found(as_role(role), {name: paths[name] for name in control}) == set(), role
