"""What waits in redesign for somebody: steps that can be taken now, and reviews, answers and replies that are due."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime

from openpbc.kernel.periods import day_text
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.redesign.pages import approval
from openpbc.redesign.pages.supporting import asked
from openpbc.redesign.reads import conclave
from openpbc.redesign.reads.beside import Beside
from openpbc.redesign.reads.cases import Case, Concerned, cases, is_open, rule_members, rule_waived
from openpbc.redesign.reads.deciding import CARRIED_OUT
from openpbc.redesign.reads.facts import AT_WILL, OWN_FORM, decision, next_steps
from openpbc.redesign.reads.interests import answers_kept
from openpbc.redesign.reads.seeing import seen
from openpbc.redesign.reads.tertiary import fault
from openpbc.redesign.reads.value import decided_elsewhere
from openpbc.redesign.reads.versions import (
    function_roles,
    functions,
    newest_number,
    reviews_open,
)
from openpbc.redesign.rules.completeness import ELEMENTS, part_title
from openpbc.redesign.rules.membership import missing_kinds, wanted_kinds
from openpbc.redesign.rules.roles import LANE_ROLES, turn_fault
from openpbc.redesign.rules.transitions import (
    APPROVAL,
    CHOSEN,
    COMMITTEE,
    DRAFTING,
    FORMING,
    GROUP,
    GROUPS,
    HELD,
    PLANNING,
    PROPOSED,
    REVIEW,
    TRANSITIONS,
)
from openpbc.rulebook.reader import Book
from openpbc.ui.offers import Work


def work(book: Book, viewer: Viewer) -> Iterator[Work]:
    """What the viewer can do now, one line a case and step."""
    if not viewer.signed_in or not viewer.roles_in(book.place.id):
        return
    yield from _of_conclave(book, viewer)
    known = cases(book.place.id)
    going = seen(viewer, book.place.id, filter(is_open, known))
    beside = Beside(book, going, known, viewer)
    for each in going:
        yield from _of_groups(viewer, each, beside)
        yield from _of_functions(viewer, each, beside)
        yield from _of_members(viewer, each, beside)
        yield from _of_tertiary(viewer, each, beside)
        yield from _of_body(viewer, each, beside)
        yield from _steps(viewer, each, beside)


def _of_conclave(book: Book, viewer: Viewer) -> Iterator[Work]:
    """The conclave's reports of which a receipt is the viewer's to confirm."""
    place, known = book.place.id, conclave.audiences(book)
    if not any(viewer.roles_in(place) & each.roles for each in known):
        return
    for report in conclave.reports(place):
        for each in conclave.due(viewer, place, known, report):
            href = reverse("redesign:conclave-report", args=[place, report.number])
            day = day_text(localtime(report.issued_at))
            told = f"Issued on {day}, for {each.title}; nobody has confirmed that it came"
            yield Work(f"Read report {report.number} of the {book.word('conclave')}", told, href)


def _href(case: Case) -> str:
    return reverse("redesign:case", args=[case.place, case.number])


def _since(case: Case) -> str:
    days = (organisations.today() - timezone.localdate(case.since)).days
    return f"{case.at.title}, {days} days"


def _kept_by(case: Case) -> str:
    """What holds a case up, who is to clear it and for how long already; empty for a case that is not held."""
    block = case.block
    if block is None:
        return ""
    days = (organisations.today() - timezone.localdate(block.raised_at)).days
    return f"{block.what.rstrip('.')}. {block.owner} is to clear it; held for {days} days"


def _of_groups(viewer: Viewer, case: Case, beside: Beside) -> Iterator[Work]:
    """Ranks and answers of the groups for which the viewer speaks; who speaks for several is told for which."""
    if case.stage not in (PROPOSED, CHOSEN, FORMING, GROUPS):
        return
    own = [each for each in case.groups
           if any(viewer.owns(role, case.place, "unit", each.unit) for role in LANE_ROLES[GROUP])]  # fmt: skip
    if own:
        yield from _to_form(viewer, case, own)
    said = beside.answers(case) if own and case.stage == GROUPS else {}
    for group in own:
        at = [case.place, case.number, group.unit]
        whose = f" for {beside.units[group.unit].name}" if len(own) > 1 and group.unit in beside.units else ""
        if case.stage == PROPOSED and group.rank is None:
            told, href = f"Agree '{case.title}' as a priority{whose}", reverse("redesign:rank", args=at)
            yield Work(told, _since(case), href, unit=group.unit)
        if case.stage == GROUPS and group.unit not in said:
            told = f"Answer on '{case.title}'{whose}"
            if why := answers_kept(case, viewer.actor.id, beside):
                yield Work(told, why, _href(case), unit=group.unit, waits=True)
            else:
                yield Work(told, _since(case), reverse("redesign:agree", args=at), unit=group.unit)


def _to_form(viewer: Viewer, case: Case, own: list[Concerned]) -> Iterator[Work]:
    """What a group does before there is a joint group to do it: name the group that leads, and fill the seats."""
    if case.stage == CHOSEN and not case.lead_group:
        href = reverse("redesign:concern", args=[case.place, case.number])
        yield Work(f"Name the group that leads '{case.title}' for all", "The conclave cannot choose it before.", href)
    if case.stage != FORMING or case.has_member(viewer.actor.id) or case.unit not in {each.unit for each in own}:
        return
    if empty := missing_kinds(rule_members(case), rule_waived(case)):
        told = f"{len(empty)} of {len(wanted_kinds())} seats are empty; drafting cannot start before they are filled."
        href = reverse("redesign:team", args=[case.place, case.number])
        yield Work(f"Form the joint group of '{case.title}'", told, href)


def _of_functions(viewer: Viewer, case: Case, beside: Beside) -> Iterator[Work]:
    """Reviews that the viewer's roles return, unless the case is the viewer's own."""
    if case.stage != REVIEW or case.has_member(viewer.actor.id):
        return
    book, held = beside.book, viewer.roles_in(case.place)
    roles, titles = function_roles(book), functions(book)
    for code in reviews_open(book, case, beside.reviews[case.id]):
        if held & roles[code]:
            href = reverse("redesign:review", args=[case.place, case.number, code])
            yield Work(f"Review '{case.title}' for {titles[code].lower()}", _since(case), href)


def _of_members(viewer: Viewer, case: Case, beside: Beside) -> Iterator[Work]:
    """Elements of which the viewer's side is asked, and comments that wait for a reply of the joint group."""
    if not case.has_member(viewer.actor.id):
        return
    for code in ELEMENTS if case.stage in (DRAFTING, PLANNING) else ():
        if asked(case, viewer.actor.id, code):
            href = reverse("redesign:part", args=[case.place, case.number, code])
            told = f"Say whether {part_title(code).lower()} does not apply in '{case.title}'"
            yield Work(told, "It is marked so; it counts once the supporters of both sides have said so.", href)
    waiting = [each for each in beside.comments[case.id] if each.replied_at is None]
    if waiting:
        text = f"Reply to {len(waiting)} comment{'s' if len(waiting) > 1 else ''} on '{case.title}'"
        yield Work(text, f"The first is of {day_text(localtime(waiting[0].at))}", _href(case) + "#table-comments")


def _of_tertiary(viewer: Viewer, case: Case, beside: Beside) -> Iterator[Work]:
    """A change to a tertiary flow that nobody is said to require, for its members and who speaks for its group."""
    speaks = any(viewer.owns(role, case.place, "unit", case.unit) for role in LANE_ROLES[GROUP])
    if (speaks or case.has_member(viewer.actor.id)) and (wrong := fault(case, beside.tertiary)):
        href = reverse("redesign:tertiary", args=[case.place, case.number])
        yield Work(f"Say who requires the change of a tertiary flow in '{case.title}'", wrong, href)


def _of_body(viewer: Viewer, case: Case, beside: Beside) -> Iterator[Work]:
    """What a body decided on a case and nobody has carried out yet, for those whose step that is.

    Officers are also told of a case that another body decides than the one to which it was sent.
    """
    taken, own = decision(case, beside), case.has_member(viewer.actor.id)
    if taken is None:
        if case.stage == APPROVAL and not turn_fault(COMMITTEE, viewer.roles_in(case.place), is_member=own):
            yield from _elsewhere(case, beside)
        return
    if case.stage == HELD:
        return
    way, name = approval.carried_out_by(case, taken)
    if turn_fault(TRANSITIONS[way].lane, viewer.roles_in(case.place), is_member=own):
        return
    if why := beside.appealed[taken.id]:
        yield Work(f"Carry out the decision on '{case.title}'", why, _href(case), waits=True)
    else:
        href = reverse("redesign:step", args=[case.place, case.number, way])
        yield Work(f"Carry out the decision on '{case.title}': {name.lower()}", approval.told(beside.book, taken), href)


def _elsewhere(case: Case, beside: Beside) -> Iterator[Work]:
    now = decided_elsewhere(case, beside=beside)
    if now is not None:
        href = reverse("redesign:put-to-body", args=[case.place, case.number])
        yield Work(f"Put '{case.title}' to the {approval.body_name(beside.book, now.body)}", now.because, href)


def _steps(viewer: Viewer, case: Case, beside: Beside) -> Iterator[Work]:
    """The step that takes the case on, if it is the viewer's turn; what keeps it is told as the reason."""
    own = case.has_member(viewer.actor.id)
    for step in next_steps(beside.book, case, beside):
        if step.way.id in AT_WILL | OWN_FORM | CARRIED_OUT:
            continue
        if turn_fault(step.way.lane, viewer.roles_in(case.place), is_member=own, also=step.way.also):
            continue
        if not step.waits:
            href = reverse("redesign:step", args=[case.place, case.number, step.way.id])
            yield Work(f"{step.way.name}: '{case.title}'", _kept_by(case) or _since(case), href)
        elif own or newest_number(case):
            yield Work(f"{step.way.name}: '{case.title}'", _first(step.waits), _href(case), waits=True)


def _first(waits: tuple[str, ...]) -> str:
    """The first thing that keeps a step, and how many more do."""
    more = f" And {len(waits) - 1} more." if len(waits) > 1 else ""
    return f"{waits[0]}{more}"
