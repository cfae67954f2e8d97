"""One table: every channel of a matter, by the nature of an interest and by what was ruled: is it shown, or is it not.

One world is made for all cells. What should be is told here in a few words, and knows nothing of the product's rules.
"""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date

import pytest
from django.test import Client

from openpbc.governance import actions
from openpbc.governance.reads import LEAVES, TAKES_PART, WITHOUT_VOTE, Party, shut_out
from openpbc.governance.reads import items as items_read
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as people_reads
from openpbc.organisations.models import User
from openpbc.redesign import actions as redesign
from openpbc.redesign import reads as redesign_reads
from openpbc.site import sessions
from openpbc.site.digests import mail_for
from tests.integration.governance.committee import BODY, terms
from tests.integration.redesign import conftest as cases
from tests.integration.site.conftest import HERE

pytestmark = [pytest.mark.usefixtures("people"), pytest.mark.one_database]
MAIL, FEED, NEWS = "the day's work by e-mail", "private feed", "private news of the body"
CANARY, COMPANY, HOLDING = "Canarywing", "SYNTHETIC Company", "SYNTHETIC Holding"
SECRETARY = Actor("secretary@demo", "The secretary", frozenset({"committee_secretary"}))
RULINGS = ("", TAKES_PART, WITHOUT_VOTE, LEAVES)
NATURES = ("financial-personal", "financial-other", "professional", "indirect")
# Nature (or the way by which an interest reaches its holder) and ruling; the material ones leave whatever is ruled.
WAYS = (*NATURES, "through-an-owner")
PEOPLE = (*((way, ruling) for way in WAYS for ruling in RULINGS), ("through-a-household", ""))
FREE = ("none", "")
# Who has a seat in the committee and tries to vote.
SEATED = (*((way, "") for way in WAYS), *(("professional", ruling) for ruling in RULINGS[1:]))


def out(way: str, ruling: str) -> bool:
    """Whether somebody sees nothing."""
    return way != "none" and (way != "professional" or ruling == LEAVES)


def votes(way: str, ruling: str) -> bool:
    """Whether somebody may vote and counts."""
    return not out(way, ruling) and ruling != WITHOUT_VOTE


def name_of(way: str, ruling: str) -> str:
    return f"{way}.{ruling or 'unruled'}@x"


def channels(number: int, item: items_read.Item, decision: int) -> dict[str, str]:
    """Every channel on which something of the matter could be seen."""
    place, case = f"/p/{HERE}", f"/p/{HERE}/cases/{number}"
    meeting, one = f"{place}/meetings/{item.meeting}", f"{place}/meeting-items/{item.id}"
    matter = redesign_reads.address(HERE, number)
    return {
        "case": case,
        "case as a paper": f"{case}?download=paper.docx",
        "case as a PDF": f"{case}?download=paper.pdf",
        "a table of the case": f"{case}?download=comments.csv",
        "version": f"{case}/versions/1",
        "version as a paper": f"{case}/versions/1?download=paper.docx",
        "part": f"{case}/parts/risks",
        "picture": f"{case}/picture.svg",
        "side by side": f"{case}/compare",
        "joint group": f"{case}/team",
        "comment": f"{case}/comments/add",
        "step": f"{case}/steps/T24",
        "list": f"{place}/cases",
        "list as a file": f"{place}/cases?download=cases.csv",
        "speed": f"{place}/cases/speed",
        "barriers": f"{place}/barriers",
        "search": f"{place}/search?q=needle",
        "work": place,
        "agenda": meeting,
        "agenda as a paper": f"{meeting}?download=paper.docx",
        "pack": f"{meeting}/pack.zip",
        "calendar": f"{place}/bodies/{BODY}/meetings.ics",
        "room": f"{meeting}/room",
        "minutes": f"{meeting}/minutes",
        "item": one,
        "item in the room": f"{one}/room",
        "paper of the item": f"{one}/papers/{item.papers[0].id}",
        "register of decisions": f"{place}/decisions",
        "register as a file": f"{place}/decisions?download=decisions.csv",
        "decision": f"{place}/decisions/{decision}",
        "matters": f"{place}/matters",
        "matter": f"{place}/matters/one?matter={matter}",
        "explanation": f"/explain/{matter}/value",
    }


def read(client: Client, path: str) -> str:
    """Everything that a channel says, unpacked; a PDF says that it was handed out."""
    body = client.get(path).content
    if body.startswith(b"%PDF"):
        return CANARY
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace").replace("\r\n ", "")
    told = []
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            inner = archive.read(name)
            told.append(name)
            if inner.startswith(b"PK"):
                with zipfile.ZipFile(io.BytesIO(inner)) as more:
                    told += [more.read(each).decode("utf-8", "replace") for each in more.namelist()]
            elif not inner.startswith(b"%PDF"):
                told.append(inner.decode("utf-8", "replace"))
    return "\n".join(told)


def shows(who: str, client: Client, name: str, path: str) -> bool:
    """Whether a channel shows a person something of the matter."""
    if name == MAIL:
        return CANARY in mail_for(who).text
    if name == FEED:
        path = f"/feeds/meetings/{actions.open_meeting_feed(by=Actor(who, who), place=HERE)}.ics"
        return CANARY in read(Client(SERVER_NAME="localhost"), path)
    if name == NEWS:
        token = actions.open_body_feed(by=Actor(who, who), place=HERE, body=BODY)
        return CANARY in read(Client(SERVER_NAME="localhost"), f"/feeds/bodies/{token}.atom")
    return CANARY in read(client, path)


def signed_in(sign_in: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(sign_in=sign_in))
    session = client.session
    session[sessions.STARTED] = session[sessions.SEEN] = int(time.time())
    session.save()
    return client


def person(sign_in: str) -> None:
    """A member of the committee who holds the chair's role on the site, and so sees all that anybody sees."""
    made = User.objects.create(sign_in=sign_in, display_name=sign_in)
    given = {"role": "committee_chair", "place": HERE, "valid_from": date.min}
    organisations.assign_role(by=SYSTEM, user_id=made.pk, **given)  # type: ignore[arg-type]


def seated(sign_in: str) -> None:
    seat = {"person": sign_in, "capacity": "member", "kind": "lay", "votes": True, "valid_from": date(2008, 4, 1)}
    actions.record_seat(by=SYSTEM, place=HERE, body=BODY, **seat)  # type: ignore[arg-type]


def made() -> tuple[int, int, int]:
    """A case before the committee in an open meeting, decided on once before; give case, item and decision."""
    number = cases.reviewed(title=f"{CANARY} case", area=f"{CANARY} area", need=f"{CANARY} needle")
    own = {"place": HERE, "number": number}
    redesign.comment(by=cases.as_actor("analyst"), part="risks", text=f"{CANARY} comment", **own)
    redesign.raise_barrier(by=SYSTEM, place=HERE, title=f"{CANARY} barrier", owner="x", case=number)
    matter = redesign_reads.address(HERE, number)
    decision = actions.record_decision(
        by=SYSTEM, place=HERE, body="board", taken_on=date(2026, 3, 25), minute=f"{CANARY}/1", matter=matter,
        title=f"{CANARY} title", outcome="noted", text=f"{CANARY} text.",
    )  # fmt: skip
    redesign.agree(by=cases.as_actor("group_manager"), unit=cases.UNIT, version=1, agreed=True, route="tender", **own)
    papers = ((f"{CANARY}.txt", f"{CANARY} paper".encode()),)
    cases.step("group_manager", "T08", number, papers=papers)
    item = items_read.open_item(HERE, matter)
    assert item is not None
    for sign_in, capacity in ((SECRETARY.id, "secretary"), ("chair@demo", "chair")):
        facts = {"person": sign_in, "capacity": capacity, "kind": "lay", "votes": capacity == "chair"}
        actions.record_seat(by=SYSTEM, place=HERE, body=BODY, valid_from=date(2008, 4, 1), **facts)  # type: ignore[arg-type]
    for each in (*PEOPLE, FREE):
        person(name_of(*each))
    for each in (*SEATED, FREE):
        seated(name_of(*each))
    terms()
    meeting = actions.call_meeting(by=SECRETARY, place=HERE, body=BODY, held_on=people_reads.today())
    actions.list_items(by=SECRETARY, place=HERE, meeting=meeting, items=[item.id])
    actions.open_meeting(by=SECRETARY, place=HERE, meeting=meeting)
    there = {name_of(*each): ("present", "") for each in (*SEATED, FREE)}
    actions.record_attendance(by=SECRETARY, place=HERE, meeting=meeting, there=there)
    actions.declare_none_at_item(by=SECRETARY, place=HERE, item=item.id)
    return number, item.id, decision


def interested(matter: str) -> None:
    """Give everybody their interest, and rule; a ruling that would let in whose interest is material is refused."""
    since = date(2026, 1, 1)
    actions.record_owner(by=SYSTEM, place=HERE, owner=HOLDING, owned=COMPANY, held_from=since, source="x")
    person("partner@x")
    stated = {"place": HERE, "role": "x", "held_from": since, "by": SYSTEM}
    actions.declare_interest(person="partner@x", organisation=COMPANY, nature="financial-personal", **stated)
    actions.declare_none(by=SYSTEM, place=HERE, person=name_of(*FREE))
    actions.set_parties(by=SYSTEM, place=HERE, matter=matter, parties=[Party(COMPANY, "possible-bidder")])
    for way, ruling in PEOPLE:
        who = name_of(way, ruling)
        if way == "through-a-household":
            actions.declare_none(by=SYSTEM, place=HERE, person=who)
            actions.record_household(by=SYSTEM, place=HERE, one=who, other="partner@x", held_from=since, source="x")
        else:
            nature, held = (way, COMPANY) if way in NATURES else ("financial-personal", HOLDING)
            actions.declare_interest(person=who, organisation=held, nature=nature, **stated)
        if ruling:
            facts = {"place": HERE, "matter": matter, "person": who, "ruling": ruling, "reason": "Because."}
            if out(way, ruling) and ruling != LEAVES:
                with pytest.raises(UserError, match="the interest is material"):
                    actions.rule_on_interest(by=SECRETARY, **facts)
            else:
                actions.rule_on_interest(by=SECRETARY, **facts)


def may_vote(who: str, item: int, papers: str) -> bool:
    try:
        actions.cast_vote(by=Actor(who, who), place=HERE, item=item, choice="for", papers=papers)
    except UserError as problem:
        assert "has left this item" in problem.sentence and "who keeps the meeting" in problem.sentence
        return False
    return True


def test_every_channel_by_nature_and_ruling_shows_what_it_should_and_nothing_else() -> None:
    number, item, decision = made()
    known = items_read.item(HERE, item)
    interested(known.matter)
    asked = {name_of(*each) for each in (*PEOPLE, FREE)}
    assert asked & shut_out(HERE, known.matter) == {name_of(*each) for each in PEOPLE if out(*each)}
    paths = channels(number, known, decision) | {MAIL: "", FEED: "", NEWS: ""}
    free = signed_in(name_of(*FREE))
    showing = {name for name, path in paths.items() if shows(name_of(*FREE), free, name, path)}
    # Of those channels somebody without an interest reads something; if they did not, the table would prove nothing.
    assert len(showing) >= 25, sorted(set(paths) - showing)
    wrong, cells = [], 0
    for way, ruling in PEOPLE:
        who = name_of(way, ruling)
        client = signed_in(who)
        for name in paths:
            cells += 1
            shown = shows(who, client, name, paths[name])
            if shown != (name in showing and not out(way, ruling)):
                wrong.append((way, ruling, name, "shown" if shown else "not shown"))
        cells += (way, ruling) in SEATED
        if (way, ruling) in SEATED and may_vote(who, item, known.papers_hash) != votes(way, ruling):
            wrong.append((way, ruling, "vote", "taken or refused"))
    counted = items_counted(item)
    for each in SEATED:
        cells += 1
        if (name_of(*each) in counted) != votes(*each):
            wrong.append((*each, "quorum", "counted or not"))
    assert wrong == []
    assert cells == len(PEOPLE) * len(paths) + 2 * len(SEATED) >= 750


def items_counted(item: int) -> tuple[str, ...]:
    from openpbc.governance.reads import meetings
    from openpbc.governance.reads.seats import meeting_rule
    from openpbc.governance.reads.sitting import counted

    found = items_read.item(HERE, item)
    rule = meeting_rule(people_reads.book(HERE), BODY)
    return counted(found, meetings.meeting(HERE, found.meeting or 0), rule).counted  # type: ignore[arg-type]
