"""The page of one case: where it stands, what comes next and what keeps it, then everything that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.governance.reads import Decision, Level
from openpbc.kernel.periods import day_text
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads import book as open_book
from openpbc.redesign.pages import approval, case_tables
from openpbc.redesign.pages.case_paper import case_paper
from openpbc.redesign.pages.listing import crumb
from openpbc.redesign.pages.milestones import case_facts
from openpbc.redesign.pages.opening import PAPER, opened
from openpbc.redesign.pages.public import public_links
from openpbc.redesign.pages.rising import TITLE as PUT
from openpbc.redesign.reads import clocks, deciding, tertiary
from openpbc.redesign.reads.belonging import Belonging
from openpbc.redesign.reads.beside import Beside
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.facts import OWN_FORM, NextStep, decision, next_steps
from openpbc.redesign.reads.interests import answers_kept
from openpbc.redesign.reads.registers import group_priorities, plan_fault
from openpbc.redesign.reads.running import picture, present_place
from openpbc.redesign.reads.value import agreed_route, decided_elsewhere, decides
from openpbc.redesign.reads.versions import agreements_in_force, newest_number
from openpbc.redesign.rules.roles import turn_fault
from openpbc.redesign.rules.transitions import (
    COMMITTEE,
    CONCLAVE,
    DECIDED_AT,
    GROUPS,
    LANES,
    PROPOSED,
    REJECTED,
    TRANSITIONS,
    VARIANTS,
)
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Value
from openpbc.ui.charts import SVG_TYPE
from openpbc.ui.pages import Page, respond

# Steps that take a case back or to its end are shown after those that take it on, and what may be done at any time
# apart from both, so that the next step is seen at once.
BACK = frozenset({"T05", "T09", "T12", "T13", "T14", "T19", "W05", "W07", "T22F"})
ONWARD = frozenset(TRANSITIONS) - BACK - {"T10", "T23", "T24"}


@dataclass(frozen=True)
class ShownStep:
    """A step as the page shows it: its name, whose turn it is, the way to its form, and why it cannot start yet.

    ``yours`` is whether it falls to the reader, now or once nothing keeps it; ``told`` is what else there is to know.
    """

    name: str
    lane: str
    href: str
    waits: tuple[str, ...]
    yours: bool
    told: str = ""


def case(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Everything about one case, the next step first; that its paper was taken away is kept."""
    book = open_book(place)
    known = opened(request, place, number, PAPER)
    beside = Beside(book, (known,), viewer=request.viewer)
    taken = decision(known, beside)
    every_step = next_steps(book, known, beside)
    open_steps = deciding.steps_to_show(known, every_step, taken)
    steps = [(each.way.id, _shown(request, known, each, beside)) for each in open_steps]
    level = decides(known, agreed_route(known, beside), beside)
    page = Page(
        template="redesign/case.jinja",
        title=known.title,
        book=book,
        trail=(crumb(book),),
        tables=case_tables.all_tables(request, known, level, beside),
        synthetic=known.synthetic,
        draft=newest_number(known) is None,
        document=case_paper(book, known, None, level),
        rests_on=(clocks.heard(book),),
        context={
            "case": known,
            "lead": lead(known, taken, beside),
            "steps": _to_decide(request, known, taken, level, every_step, beside)
            + [each for way, each in steps if way in ONWARD]
            + [each for way, each in steps if way in BACK],
            "aside": [each for way, each in steps if way not in ONWARD | BACK],
            "links": _links(request, known),
            "facts": _facts(book, known, beside),
            "present_place": present_place(known),
        },
    )
    return respond(request, page)


def diagram(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """The diagram of the process with the present place of a case; ``?part=near`` draws what lies around that place."""
    near = request.GET.get("part") == "near"
    drawn = picture(opened(request, place, number), only_near=near)
    return HttpResponse(drawn, content_type=SVG_TYPE)


def lead(known: Case, taken: Decision | None, beside: Beside) -> str:
    """Where the case stands, since when, and what takes it on, in a sentence or two."""
    days = clocks.clocks(known, organisations.today()).here
    words = f"Case {known.number} is at '{known.at.title.lower()}' since {day_text(known.since)} ({days} days)."
    if block := known.block:
        return f"{words} It is held up: {block.what} {block.owner} clears it."
    if not known.at.open:
        return words
    if decided := approval.told(beside.book, taken):
        appealed = beside.appealed[taken.id] if taken else ""
        return f"{words} {decided} {appealed or 'That is now to be carried out.'}"
    return f"{words} It goes on when {known.at.to_leave}."


def _to_decide(
    request: HttpRequest,
    known: Case,
    taken: Decision | None,
    level: Level,
    steps: tuple[NextStep, ...],
    beside: Beside,
) -> list[ShownStep]:
    """While a decision is waited for: whose it is, on which agenda the case stands, and what else a yes needs."""
    if known.stage not in DECIDED_AT or taken is not None:
        return []
    book = beside.book
    own = known.has_member(request.viewer.actor.id)
    wrong = turn_fault(COMMITTEE, request.viewer.roles_in(known.place), is_member=own)
    if (now := decided_elsewhere(known, level, beside)) is not None:
        may = not wrong and request.may("redesign:put-to-body", "POST", place=known.place)
        way = reverse("redesign:put-to-body", args=[known.place, known.number]) if may else ""
        told = f"It was sent to somebody else, who does not decide it any more. {now.because}"
        return [ShownStep(PUT, approval.body_name(book, now.body), way, (), not wrong, told)]
    found = deciding.before_body(book, known, level)
    href = approval.href_of(request, known, found)
    # Whoever may record what a body decided without a meeting here waits for nothing.
    waits = () if found.item is None and href else found.waits
    said = ("" if waits else found.told, *deciding.lacks(known, steps), *deciding.plan_told(book, known))
    told = " ".join(each for each in said if each)
    return [ShownStep(deciding.DECIDE, approval.body_name(book, found.body), href, waits, not wrong, told)]


def _shown(request: HttpRequest, known: Case, step: NextStep, beside: Beside) -> ShownStep:
    viewer: Viewer = request.viewer
    own = known.has_member(viewer.actor.id)
    wrong = turn_fault(step.way.lane, viewer.roles_in(known.place), is_member=own, also=step.way.also)
    lane = LANES[step.way.lane]
    if step.way.id in OWN_FORM:
        return _of_own_group(request, known, step, lane, beside)
    may = not wrong and not step.waits and request.may("redesign:step", "POST", place=known.place)
    href = reverse("redesign:step", args=[known.place, known.number, step.way.id]) if may else ""
    return ShownStep(step.way.name, lane, href, step.waits, not wrong)


def _of_own_group(request: HttpRequest, known: Case, step: NextStep, lane: str, beside: Beside) -> ShownStep:
    """What a group says: on a form of the group, reached for the viewer's own groups that have not said it."""
    href = _group_form(request, known, step)
    if step.way.id == "T01":  # its own form is what it waits for
        return ShownStep(step.way.name, lane, href, () if href else step.waits, bool(href))
    kept = (answers_kept(known, request.viewer.actor.id, beside) if href else "", *step.waits)
    waits = tuple(each for each in kept if each)
    answer = f"{href}?agreed={'yes' if step.way.id == 'T07' else 'no'}"
    return ShownStep(step.way.name, lane, answer if href and not waits else "", waits, bool(href))


def _group_form(request: HttpRequest, known: Case, step: NextStep) -> str:
    route = "redesign:rank" if step.way.id == "T01" else "redesign:agree"
    said = agreements_in_force(known) if known.stage == GROUPS else {}
    for group in known.groups:
        if group.unit not in said and request.may(route, "POST", place=known.place, unit=group.unit):
            return reverse(route, args=[known.place, known.number, group.unit])
    return ""


def _links(request: HttpRequest, known: Case) -> list[tuple[str, str]]:
    at = [known.place, known.number]
    found = [
        ("The joint group", reverse("redesign:team", args=at)),
        ("Comment on it", reverse("redesign:comment", args=at)),
    ]
    if known.stage in (PROPOSED, "prioritised", "chosen", "forming", "drafting", "planning"):
        found.append(("Change what it says of itself", reverse("redesign:change", args=at)))
        shared = known.variant == CONCLAVE
        named = "Name the group that leads it for all" if shared else "Name another group that it concerns"
        found.append((named, reverse("redesign:concern", args=at)))
    found.append(("Versions side by side", reverse("redesign:compare", args=at)))
    if known.stage not in (PROPOSED, REJECTED) and request.may("redesign:intention-link", "POST", place=known.place):
        found.append(("Link it to an intention or a priority", reverse("redesign:intention-link", args=at)))
    if known.at.open and request.may("redesign:tertiary", "POST", place=known.place):
        found.append(("Say whether it changes a tertiary flow", reverse("redesign:tertiary", args=at)))
    if known.at.open and request.may("redesign:milestone-link", "POST", place=known.place):
        found.append(("Say on which milestone it hangs", reverse("redesign:milestone-link", args=at)))
    if known.at.open and request.may("redesign:consultation-add", "POST", place=known.place):
        href = reverse("redesign:consultation-add", args=[known.place, "case", str(known.number)])
        found.append(("Note a consultation on it", href))
    if request.may("governance:matter", place=known.place):
        address = urlencode({"matter": known.matter})
        found.append(
            ("Whom it concerns, and who has an interest", f"{reverse('governance:matter', args=at[:1])}?{address}")
        )
    if request.may("governance:decisions", place=known.place):
        address = urlencode({"matter": known.matter})
        found.append(("Decisions on it", f"{reverse('governance:decisions', args=at[:1])}?{address}"))
    found += public_links(request, known)
    routes = {"redesign:comment", "redesign:change", "redesign:concern"}
    names = {href: route for route in routes for href in [reverse(route, args=at)]}
    return [(text, href) for text, href in found
            if href not in names or request.may(names[href], "POST", place=known.place)]  # fmt: skip


def _facts(book: Book, known: Case, beside: Beside) -> list[tuple[str, str]]:
    names = {unit.code: unit.name for unit in organisations.units(known.place)}
    lead_member, belonging = known.lead, Belonging(book)
    told = [
        ("Area", known.area),
        ("Process", VARIANTS[known.variant]),
        ("Proposed by", names.get(known.proposed_by, known.proposed_by)),
        ("Leads it for all", names.get(known.lead_group, known.lead_group)),
        ("Lead of the joint group", lead_member.name if lead_member else ""),
        ("What patients need", known.need),
        ("Evidence", known.evidence),
        ("Review of acute services", known.acute_review),
        *case_facts(book, known),
        ("Earlier work reused", known.earlier_work),
        (
            "Long-term condition",
            "yes: a known weak area, where earlier redesign has struggled" if known.long_term_condition else "",
        ),
        ("Belongs to", belonging.told(belonging.of_case(known))),
        ("Tertiary flows", tertiary.told(known, beside.tertiary)),
        ("Intentions that it serves", ", ".join(known.intentions) or plan_fault(book, known)),
        ("Priorities of its group's plan", ", ".join(group_priorities(book, known))),
    ]
    if isinstance(weeks := book.value(clocks.WEEKS), Value):
        told.append(("A decision is due", f"within {weeks.int} weeks of a complete case"))
    return [(name, text) for name, text in told if text]
