"""Every address of the site, opened as every role: nobody finds what an interest or another place keeps from them.

The addresses are the site's own, so a new page, feed or file that shows a matter without asking the gate fails here.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from datetime import date
from urllib.parse import urljoin

import pytest
from django.http import HttpResponse
from django.urls import reverse

from openpbc.governance import actions, reads
from openpbc.governance.reads import Party
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions as redesign
from openpbc.redesign import reads as redesign_reads
from openpbc.site import access
from tests.integration.site.conftest import FOREIGN, HERE, SIGN_INS, As
from tests.integration.site.test_access import patterns, samples
from tests.unit.ui.paper_text import pdf_text

pytestmark = pytest.mark.one_database

CANARY, FOREIGNER = "Canarywing", "Foreignfinch"
COMPANY = "SYNTHETIC Company"
# A table is the same in each of its formats, and which of its rows somebody sees is settled before: the chair looks at
# every file, the others at one of each table and paper.
EVERY_KIND, ONE_KIND = r"\w+", "csv|docx"
# They come upon the matter on no page that is tried here, so that nothing could be kept from them.
SEES_NO_MATTER = {"public", "provider_lead", "administrator"}
# Where the chair reads of it: if that were nowhere, the test would prove nothing.
FOUND = f"search?q={CANARY[1:-1]}"
SEEN = {
    f"/p/{HERE}/{page}"
    for page in ("decisions", "decisions/1", "meeting-items/1", "cases", "cases/1", "meetings/1", FOUND)
}


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


@pytest.fixture
def elsewhere(people: None) -> None:
    """The same in a place in which nobody of this one holds a role."""
    told = {"title": f"{FOREIGNER} case", "area": f"{FOREIGNER} area", "need": f"{FOREIGNER} need"}
    number = redesign.propose(by=SYSTEM, place=FOREIGN, unit=organisations.units(FOREIGN)[0].code, **told)
    matter = redesign_reads.case(FOREIGN, number).matter
    papers = [(f"{FOREIGNER}.txt", f"{FOREIGNER} paper".encode())]
    body = next(iter(reads.bodies(organisations.book(FOREIGN))))
    own = {"by": SYSTEM, "place": FOREIGN}
    actions.record_decision(
        **own, body=body, taken_on=date(2026, 3, 25), minute=f"{FOREIGNER}/1", matter=matter,
        title=f"{FOREIGNER} title", outcome="deferred", text=f"{FOREIGNER} text.",
    )  # fmt: skip
    actions.set_parties(**own, matter=matter, parties=[Party(f"{FOREIGNER} company", "possible-bidder")])
    item = actions.put_on_agenda(**own, matter=matter, body=body, title=f"{FOREIGNER} item", papers=papers)
    meeting = actions.call_meeting(**own, body=body, held_on=date(2027, 1, 5), venue=f"{FOREIGNER} hall")
    actions.list_items(**own, meeting=meeting, items=[item])
    redesign.raise_barrier(
        **own, title=f"{FOREIGNER} barrier", owner=f"{FOREIGNER} owner", proposal=f"{FOREIGNER} proposal"
    )


def every_page(matter: str) -> set[str]:
    """Give the address of every page, feed and file of both places, with what is the personas' own in it."""
    own, found = samples("")["own"], set()
    for name, kinds in patterns():
        for place in (HERE, FOREIGN) if "place" in kinds else (HERE,):
            given = {key: 1 if kind == "IntConverter" else own.get(key, "x") for key, kind in kinds.items()}
            found.add(reverse(name, kwargs=given | ({"place": place} if "place" in kinds else {})))
    # A part of the word finds it all the same, and its echo on the page is not mistaken for it.
    asked = {f"/p/{place}/search?q={word[1:-1]}" for place in (HERE, FOREIGN) for word in (CANARY, FOREIGNER)}
    return found | asked | {f"/p/{HERE}/matters/one?matter={matter}", f"/explain/{matter}/value"}


def told(answer: HttpResponse) -> str:
    """Everything that an answer says, unpacked."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"%PDF"):
        return pdf_text(body)
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace").replace("\r\n ", "")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(name + archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def files_of(path: str, page: str, kinds: str) -> set[str]:
    """The downloads that a page offers, of some kinds."""
    return {
        urljoin(path, html.unescape(href)) for href in re.findall(rf'href="([^"]*download=[^"]*\.(?:{kinds}))"', page)
    }


def private_feeds(role: str) -> set[str]:
    """The private addresses of a persona, which no page shows twice."""
    if role == "public":
        return set()
    own = Actor(SIGN_INS[role], SIGN_INS[role])
    calendar = actions.open_meeting_feed(by=own, place=HERE)
    news = actions.open_body_feed(by=own, place=HERE, body="governance_committee")
    return {f"/feeds/meetings/{calendar}.ics", f"/feeds/bodies/{news}.atom"}


@pytest.mark.parametrize("role", access.ALL_ROLES)
def test_no_role_finds_a_withheld_matter_or_one_of_another_place(
    role: str, matter: str, elsewhere: None, as_role: As
) -> None:
    """Each role looks at everything; what showed the matter is looked at again with an interest, and shows nothing."""
    browser = as_role(role, raise_request_exception=False)
    feeds = private_feeds(role)
    pages = {path: told(browser.get(path)) for path in sorted(every_page(matter) | feeds)}
    kinds = EVERY_KIND if role == "committee_chair" else ONE_KIND
    offered = {file for path, page in pages.items() if CANARY in page for file in files_of(path, page, kinds)}
    pages |= {file: told(browser.get(file)) for file in sorted(offered)}
    sees_all = role == "administrator"  # whose role is of every place
    assert {path for path, page in pages.items() if FOREIGNER in page and not sees_all} == set()
    shown = {path for path, page in pages.items() if CANARY in page}
    assert bool(shown) != (role in SEES_NO_MATTER), sorted(shown)
    assert role != "committee_chair" or shown >= SEEN | feeds, sorted((SEEN | feeds) - shown)
    if role == "public":
        return
    actions.set_parties(by=SYSTEM, place=HERE, matter=matter, parties=[Party(COMPANY, "possible-bidder")])
    actions.declare_interest(
        by=SYSTEM, place=HERE, person=SIGN_INS[role], organisation=COMPANY, nature="financial-personal",
        role="Owner", held_from=date(2026, 1, 1),
    )  # fmt: skip
    assert reads.withheld(SIGN_INS[role], HERE, matter)
    assert {path for path in shown if CANARY in told(browser.get(path))} == set()
