"""Recording what a group says of itself against the minimum operating standard of its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localtime

from openpbc import audit
from openpbc.governance import models
from openpbc.governance.reads.standard import Assessment, assessments, standard
from openpbc.governance.rules.standard import NOT_ANSWERED, RESULTS, Point, Said, counted, fingerprint
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import moment_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.values import NotSet

LONGEST_NOTE = 500


@audit.action("governance.assess_standard")
def assess_standard(
    *,
    by: Actor,
    place: str,
    unit: str,
    assessed_on: date,
    results: Mapping[str, tuple[str, str]],
    points: str = "",
    seen: int | None = None,
    synthetic: bool = False,
) -> int:
    """Record for a group how it meets the standard: for each point's key the result and a note; give its number.

    A point that is left out is kept as not answered. ``points`` is the fingerprint of the points that were asked,
    ``seen`` the number of the last assessment that was looked at (0: none). Every assessment stays on record.
    """
    group, asked = organisations.unit_by_alias(place, unit), standard(organisations.book(place))
    if isinstance(asked, NotSet):
        raise asked.problem
    if points and points != fingerprint(asked):
        raise Stale("the points of the standard changed after you opened this page", do="Look at them, then answer.")
    said = _said(asked, results)
    if assessed_on > organisations.today():
        raise UserError("the day lies ahead", "assessed_on", "Give the day on which the group looked at itself.")
    last = next(iter(assessments(place, group.code)), None)
    if last is not None and (last.said, last.assessed_on) == (said, assessed_on):
        audit.nothing_changed()
        return last.number
    _refuse_unseen(group.name, last, seen)
    number = last.number + 1 if last else 1
    kept = [[each.point.key, each.point.words, each.result, each.note] for each in said]
    try:
        with transaction.atomic():
            models.StandardAssessment.objects.create(
                place=place, unit=group.code, number=number, assessed_on=assessed_on, said=kept, synthetic=synthetic,
                by=by.name[:200], at=timezone.now(),
            )  # fmt: skip
    except IntegrityError as problem:
        raise Stale(f"somebody assessed {group.name} at this very moment", do="Look at that one first.") from problem
    audit.note(
        subject=f"standard/{place}/{group.code}/{number}", before=dict(counted(last.said)) if last else None,
        after={"assessed_on": str(assessed_on), "points": fingerprint(asked), **counted(said)},
    )  # fmt: skip
    return number


def _said(asked: Sequence[Point], results: Mapping[str, tuple[str, str]]) -> tuple[Said, ...]:
    """Put results to their points; a point that is not asked, and an assessment without any result, are mistakes."""
    known = [each.key for each in asked]
    for key, (result, _) in results.items():
        if key not in known:
            raise UserError(f"the standard has no point '{key[:60]}'", do=f"Its points are {', '.join(known)}.")
        if result not in (*RESULTS, NOT_ANSWERED):
            raise UserError(f"'{result[:30]}' is no result", where=key, do=f"Say one of {', '.join(RESULTS)}.")
    if all(result == NOT_ANSWERED for result, _ in results.values()):
        raise UserError("no point is answered", do="Say of at least one whether the group meets it.")
    return tuple(Said(point, *_result(point, results)) for point in asked)


def _result(point: Point, results: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    result, note = results.get(point.key, (NOT_ANSWERED, ""))
    return result, texts.line(note, f"the note on {point.key}", LONGEST_NOTE) if note.strip() else ""


def _refuse_unseen(name: str, last: Assessment | None, seen: int | None) -> None:
    if last is not None and seen is not None and seen != last.number:
        said = f"{last.by} assessed {name} on {moment_text(localtime(last.at))}"
        raise Stale(said, do="Look at that assessment first.")
