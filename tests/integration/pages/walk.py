"""Opens every page of a home as the personas who may, and works every figure out again; prints what it found as JSON.

Run as a process of its own, because a home is chosen before the framework starts:
``OPENPBC_HOME=... python -m tests.integration.pages.walk 2`` works two figures of each kind on each page out, and
without a number every one.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import defaultdict
from functools import lru_cache
from html import unescape

FIGURE = re.compile(r'<a class="openpbc-figure" data-figure="([^"]*)" data-value="(-?\d+)" href="([^"]*)">([^<]*)</a>')
MONEY = re.compile(r"<td[^>]*>\s*-?\+?£[\d,]+(?:\.\d\d)?\s*</td>")
DOWNLOADS = re.compile(r'href="(\?[^"]*download=[^"]*\.(?:csv|xlsx))"')
PAPERS = re.compile(r'href="(\?[^"]*download=paper\.(?:docx|pdf))"')
# What is around a page that prints a document whole: there, every number must be the one on the screen.
PAPER = 'class="openpbc-paper"'
# The tables of single records print each record's charge beside its explained price.
UNLINKED = ("/explain/",)


def main() -> None:
    """Walk, and print."""
    import django

    django.setup()
    from django.conf import settings

    from openpbc.monitoring.reads import in_year_explaining

    settings.ALLOWED_HOSTS.append("testserver")
    # Reading writes nothing, so what the figures of a month rest on is read once and not for each of hundreds of them.
    in_year_explaining.ingredients = lru_cache(in_year_explaining.ingredients)
    print(json.dumps(walk(int(sys.argv[1]) if sys.argv[1:] else None)))


def walk(each: int | None = None) -> dict[str, object]:
    """Give the number of pages, figures and downloads seen, and everything that was wrong.

    ``each`` is how many figures of a kind are worked out on a page; None is all of them.
    """
    from tests.browser.inventory import VISITS

    found: dict[str, object] = {"pages": 0, "figures": 0, "downloads": 0, "papers": 0}
    wrong: list[str] = []
    known: dict[str, int] = {}
    codes = made_up_codes()
    for visit in VISITS:
        if not visit.who or visit.status != 200:
            continue
        browser, path = signed_in(visit.who), visit.path.format(**codes)
        answer = browser.get(path)
        if answer.status_code != 200:
            wrong.append(f"{path} answers {answer.status_code}")
            continue
        text = answer.content.decode()
        found["pages"] += 1
        figures = set(FIGURE.findall(text))
        found["figures"] += len(figures)
        wrong += [problem for figure in chosen(figures, each) for problem in check(visit.who, figure, known)]
        if not path.startswith(UNLINKED):
            wrong += [f"{path} prints money without its explanation: {cell[:80]}" for cell in MONEY.findall(text)]
        for href in sorted(set(DOWNLOADS.findall(text))):
            found["downloads"] += 1
            status = browser.get(path.partition("?")[0] + unescape(href)).status_code
            wrong += [] if status == 200 else [f"{path}{href} answers {status}"]
        for href in sorted(set(PAPERS.findall(text))):
            found["papers"] += 1
            wrong += unlike(browser, path.partition("?")[0] + unescape(href), text)
    return found | {"addresses": len(known), "wrong": wrong}


def chosen(figures: set[tuple[str, str, str, str]], each: int | None) -> list[tuple[str, str, str, str]]:
    """Choose some figures of each kind: a kind has the same first and last words in its address."""
    kinds: dict[tuple[str, str], list[tuple[str, str, str, str]]] = defaultdict(list)
    for figure in sorted(figures):
        words = unescape(figure[0]).partition("?")[0].split("/")
        kinds[words[0], words[-1]].append(figure)
    return [figure for alike in kinds.values() for figure in alike[:each]]


def check(who: str, figure: tuple[str, str, str, str], known: dict[str, int]) -> list[str]:
    """Work one figure out again; it must be allowed to whom it is shown, and be the very number that is printed."""
    from openpbc.kernel.steps import recompute
    from openpbc.site import rooms
    from openpbc.site.access import Decision
    from openpbc.site.pages.explain import decision

    address, value = unescape(figure[0]), int(figure[1])
    viewer = viewer_of(who)
    if decision(viewer, address) is not Decision.ALLOW:
        return [f"{who} is shown {address} but may not open it"]
    if address not in known:
        explanation = rooms.explain(address, viewer)
        known[address] = recompute(explanation)
        if explanation.value != known[address]:
            return [f"{address}: {explanation.value} is explained as {known[address]}"]
    return [] if known[address] == value else [f"{address}: {value} is printed, {known[address]} explained"]


def unlike(browser, href: str, text: str) -> list[str]:
    """Read a paper back: its numbers must be those of its page, in the same order."""
    from tests.unit.ui.paper_text import docx_text, html_text, numbers, pdf_text

    answer = browser.get(href)
    if answer.status_code != 200:
        return [f"{href} answers {answer.status_code}"]
    read = docx_text if href.endswith(".docx") else pdf_text
    same = PAPER not in text or numbers(read(answer.content)) == numbers(html_text(text))
    return [] if same else [f"{href} prints other numbers than its page"]


def made_up_codes() -> dict[str, str]:
    """Codes that the demonstration made up, as the browser tests find them."""
    from openpbc.activity import reads as activity
    from openpbc.governance.reads import appeals
    from openpbc.governance.reads import items as agenda
    from openpbc.monitoring import reads as monitoring
    from openpbc.organisations import reads as organisations
    from openpbc.site import rooms

    here, there = "west-herts-2008", "blmk-2023"
    explained = rooms.explain(f"position/{here}/2008-11/WATCOM/RWG/all/actual-charge", viewer_of("analyst@demo"))
    listed = {meeting: agenda.items(here, meeting) for meeting in (4, 5, 6)}
    lease = next(each for each in agenda.waiting(here) if "a lease" in each.title)
    return {
        "clinic": str(listed[4][0].id),
        "confirmed": str(listed[5][0].id),
        "advice": str(listed[5][1].id),
        "beds": str(listed[6][0].id),
        "lease": str(lease.id),
        "refusal": str(appeals.appeal(organisations.book(here), 1).decision.id),
        "practice": organisations.practices(here)[0].code,
        "unit": organisations.units(there)[0].code,
        "submission": activity.submissions(here)[-1].file,
        "price": monitoring.records(explained.records[0]).rows[0]["address"],
    }


def viewer_of(who: str):
    """The persona with roles."""
    from openpbc.organisations import reads

    return reads.viewer(reads.person_by_sign_in(who).id)


def signed_in(who: str):
    """A client with the persona's session."""
    from django.test import Client

    from openpbc.organisations.models import User
    from openpbc.site import sessions

    client = Client()
    client.force_login(User.objects.get(sign_in=who))
    session = client.session
    session[sessions.STARTED] = session[sessions.SEEN] = int(time.time())
    session.save()
    return client


if __name__ == "__main__":
    sys.exit(main())
