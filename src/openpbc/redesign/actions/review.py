"""Writes about a case that was handed in: reviews, comments and replies, and what groups say of it."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localtime

from openpbc import audit
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.periods import moment_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.redesign import models
from openpbc.redesign.actions.following import follow
from openpbc.redesign.actions.holding import changed, held, long_text, own_case, passed, roles_here
from openpbc.redesign.models.review import MORE_WORK, RETURNED, WAIVED
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.facts import facts_of
from openpbc.redesign.reads.interests import OTHERS_ANSWER, answers_fault
from openpbc.redesign.reads.versions import (
    Version,
    agreements_in_force,
    comments,
    function_roles,
    functions,
    latest,
    void_agreements,
)
from openpbc.redesign.rules.completeness import PARTS
from openpbc.redesign.rules.guards import refusal_told, refusals
from openpbc.redesign.rules.transitions import REVIEW, ROUTES


@audit.action("redesign.return_review")
def return_review(*, by: Actor, place: str, number: int, function: str, version: int, outcome: str, text: str) -> None:
    """Return the review of one function on the version that was read, or say that it is not needed and why."""
    known = held(by, place, number)
    newest = _read_version(known, version)
    if known.stage != REVIEW:
        raise UserError(
            f"the case is at '{known.at.title.lower()}', so it is not under review",
            do="Reviews are returned from the day it is handed in until its review is closed.",
        )
    titles, roles = functions(organisations.book(place)), function_roles(organisations.book(place))
    if function not in titles:
        raise UserError("there is no such function", do="Open the review from the page of the case.")
    if outcome not in (RETURNED, MORE_WORK, WAIVED):
        raise UserError("this is not one of the choices", where="outcome", do="Choose one.")
    if own_case(by, known):
        raise UserError("you are a member of the joint group, and nobody reviews a case of their own",
                        do=f"Somebody else reviews for {titles[function].lower()}; that holds as long as you sit"
                        " there.").for_the_log()  # fmt: skip
    if by != SYSTEM and not roles_here(by, place) & roles[function]:
        raise UserError(
            f"you do not review for {titles[function].lower()}",
            do="The list of functions shows who does; it holds as long as you hold none of their roles.",
        )
    told = long_text("text", text, required="Write what you found.")
    models.Review.objects.update_or_create(
        version_id=newest.id,
        function=function,
        defaults={"outcome": outcome, "text": told, "reviewer": by.name[:200], "reviewed_at": timezone.now()},
    )
    audit.note(subject=f"{known.matter}/review/{function}", after={"version": version, "outcome": outcome})


def _read_version(known: Case, version: int) -> Version:
    newest = latest(known)
    if newest is None:
        raise UserError("the case was not handed in yet", do="Wait for its first version.")
    if newest.number != version:
        raise Stale(
            f"version {newest.number} was handed in by {newest.frozen_by} on"
            f" {moment_text(localtime(newest.frozen_at))}, after you read version {version}",
            do="Read the new version, then say what you think of it; you can until another is handed in.",
        ).for_the_log()
    return newest


@audit.action("redesign.comment")
def comment(*, by: Actor, place: str, number: int, part: str, text: str, function: str = "") -> int:
    """Comment on a part of a case, and give the comment's number."""
    known = held(by, place, number)
    if part not in PARTS:
        raise UserError("this is not one of the choices", where="part", do="Choose a part.")
    told = long_text("text", text, required="Write your comment.")
    row = models.Comment.objects.create(
        case_id=known.id, part=part, function=function, text=told, by=by.name[:200], at=timezone.now()
    )
    audit.note(subject=f"{known.matter}/comment/{row.pk}", after={"part": part, "function": function})
    return row.pk


@audit.action("redesign.reply")
def reply(*, by: Actor, place: str, number: int, comment: int, text: str) -> None:
    """Reply to a comment for the joint group; a reply that was given stands."""
    known = held(by, place, number)
    found = next((each for each in comments(known) if each.id == comment), None)
    if found is None:
        raise UserError("there is no such comment", do="Open it from the page of the case.")
    if not known.has_member(by.id):
        raise UserError("the joint group replies to comments", do="Its page shows who is in it.")
    if found.replied_at is not None:
        raise Stale(
            f"{found.replied_by} replied on {moment_text(localtime(found.replied_at))}", do="Comment once more."
        )
    told = long_text("text", text, required="Write the reply.")
    models.Comment.objects.filter(pk=comment).update(reply=told, replied_by=by.name[:200], replied_at=timezone.now())
    audit.note(subject=f"{known.matter}/comment/{comment}", after={"replied": True})


@audit.action("redesign.agree")
def agree(
    *, by: Actor, place: str, number: int, unit: str, version: int, agreed: bool, route: str = "", reason: str = ""
) -> None:
    """Say for a group whether it agrees a version, and by which route; a no takes the case back for more work."""
    known = held(by, place, number)
    newest = _read_version(known, version)
    _may_agree(by, known, unit)
    told = long_text("reason", reason)
    way = "T07" if agreed else "T09"
    found = refusals(way, facts_of(organisations.book(place), known, reason=told))
    if found:
        raise UserError.whole(refusal_told(way, found), where="reason" if not agreed and not told else "")
    if agreed and route not in ROUTES:
        raise UserError("choose the route to a provider", where="route", do="Take one of the list.")
    try:
        with transaction.atomic():
            if unit in void_agreements(known):
                models.Agreement.objects.filter(version_id=newest.id, unit=unit, lapsed=False).update(lapsed=True)
            models.Agreement.objects.create(
                version_id=newest.id, unit=unit, agreed=agreed, route=route if agreed else "", reason=told,
                by=by.name[:200], person=by.id[:150], at=timezone.now(),
            )  # fmt: skip
    except IntegrityError as problem:
        raise Stale("somebody answered for this group at this very moment", do="Open the case again.") from problem
    to, _ = follow(by, known, way)
    passed(by, known, way, to, unit=unit, reason=told, version=version)
    more = {} if agreed else {"refusals": known.refusals + 1}
    changed(by, known, stage=to, **more)
    audit.note(
        subject=f"{known.matter}/{unit}", after={"agreed": agreed, "route": route, "version": version}, reason=told
    )


def _may_agree(by: Actor, known: Case, unit: str) -> None:
    people = [each for each in (by.acting_for, by.id) if each and by != SYSTEM]
    if why := next((found for each in people if (found := answers_fault(known, each))), ""):
        raise UserError(f"you cannot answer for a group here. {why}", do=OTHERS_ANSWER).for_the_log()
    if known.group(unit) is None:
        raise UserError("the case does not concern this group", do="The page of the case shows whom it concerns.")
    said = agreements_in_force(known).get(unit)
    if said is not None:
        answer = "agreed" if said.agreed else "said no"
        raise Stale(
            f"{said.by} {answer} for this group on {moment_text(localtime(said.at))}",
            do="Look at the case again.",
        )
