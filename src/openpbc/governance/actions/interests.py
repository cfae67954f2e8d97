"""Declaring interests, or that there are none; confirming and ending them. Nothing declared is ever changed."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localtime

from openpbc import audit
from openpbc.governance import models, reads
from openpbc.governance.reads.interests import HOUSEHOLD, OWNER, Declared, LinkFacts, Said
from openpbc.governance.rules.interests import NATURES, folded
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import day_text, moment_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations

_LONGEST_ROLE = 100


@audit.action("governance.declare_interest")
def declare_interest(
    *,
    by: Actor,
    place: str,
    person: str,
    organisation: str,
    nature: str,
    role: str,
    held_from: date,
    held_to: date | None = None,
    detail: str = "",
    synthetic: bool = False,
) -> int:
    """Declare an interest of a person for good, and give its number; declaring the very same again changes nothing.

    The moment of the declaration is now, whatever day the interest is said to have begun.
    """
    today = organisations.today()
    if nature not in NATURES:
        raise UserError(
            f"'{nature[:30]}' is no nature of an interest", "nature", f"Choose one of {', '.join(NATURES)}."
        )
    if held_from > today:
        raise UserError(f"{day_text(held_from)} has not come yet", "held_from", "Declare it once you hold it.")
    if held_to is not None and held_to < held_from:
        raise UserError("the last day lies before the first", "held_to", "Give the days in their order.")
    kept = {
        "place": place,
        "person": organisations.person_by_sign_in(person).sign_in,
        "organisation": texts.line(
            reads.organisation_code(place, organisation), "the organisation", field="organisation"
        ),
        "nature": nature,
        "role": texts.line(role, "what the person is there", _LONGEST_ROLE, field="role"),
        "detail": texts.passage(detail, "the detail", field="detail") if detail.strip() else "",
        "held_from": held_from,
        "held_to": held_to,
        "synthetic": synthetic,
    }
    known = next((each for each in reads.declarations(place, person) if each.end is None and _same(each, kept)), None)
    if known is not None:
        audit.nothing_changed()
        return known.id
    row = models.Interest.objects.create(declared_at=timezone.now(), declared_by=by.name[:200], **kept)
    # The detail may tell of somebody's family: the log says that there is one and not what it says.
    told = {**kept, "detail": bool(kept["detail"]), "held_from": str(held_from), "held_to": str(held_to or "")}
    audit.note(subject=f"interest/{place}/{row.pk}", after=told)
    return row.pk


def _same(known: Declared, kept: dict[str, object]) -> bool:
    stated = {"held_to": known.stated_to} | {
        name: getattr(known, name) for name in ("person", "organisation", "nature", "role", "detail", "held_from")
    }
    return all(kept[name] == value for name, value in stated.items())


@audit.action("governance.declare_none")
def declare_none(*, by: Actor, place: str, person: str, synthetic: bool = False) -> None:
    """Declare that a person has no interest: refused while one that was declared still stands."""
    someone = organisations.person_by_sign_in(person)
    standing = [each for each in reads.declarations(place, someone.sign_in) if each.stands]
    if standing:
        raise UserError(
            f"an interest in {standing[0].organisation} was declared on"
            f" {day_text(localtime(standing[0].declared_at))} and stands",
            do="It stands until it has ended: its holder or the secretary ends it then, or confirms what stands.",
        ).for_the_log()
    models.NilReturn.objects.create(
        place=place, person=someone.sign_in, declared_at=timezone.now(), declared_by=by.name[:200], synthetic=synthetic
    )
    audit.note(subject=f"declaration/{place}/{someone.sign_in}", after={"interests": "none"})


@audit.action("governance.confirm_interests")
def confirm_interests(*, by: Actor, place: str, person: str, seen: tuple[int, ...] | None = None) -> None:
    """Confirm that all interests of a person that stand are as declared, and that there are no others.

    ``seen`` are the numbers of those that the person was shown: if others stand by now, they look again.
    """
    standing = [each for each in reads.declarations(place, person) if each.stands]
    if not standing:
        raise UserError("no interest stands that could be confirmed", do="Declare that there are none.")
    if seen is not None and {each.id for each in standing} != set(seen):
        latest = max(standing, key=lambda each: each.declared_at)
        raise Stale(
            f"the declarations changed since you looked: {latest.declared_by} declared {latest.organisation} on"
            f" {moment_text(timezone.localtime(latest.declared_at))}, or one has ended",
            do="Look through them again.",
        )
    now = timezone.now()
    for each in standing:
        models.InterestEvent.objects.create(interest_id=each.id, kind=models.REVIEWED, at=now, by=by.name[:200])
    audit.note(subject=f"declaration/{place}/{person}", after={"confirmed": [each.id for each in standing]})


@audit.action("governance.end_interest")
def end_interest(*, by: Actor, place: str, number: int, last_day: date, reason: str) -> None:
    """Say that an interest ended on a day. It counts until the day on which this is told; it stays in the register."""
    known = reads.declaration(number, place)
    if last_day < known.held_from:
        raise UserError(f"it began on {day_text(known.held_from)}", "last_day", "Give a later day.")
    if last_day > organisations.today():
        raise UserError(f"{day_text(last_day)} has not come yet", "last_day", "End it once it has ended.")
    why = texts.passage(reason, "the reason", field="reason")
    if known.end is not None:
        _refuse_other_end(known.end, last_day, why)
        audit.nothing_changed()
        return
    told = {"kind": models.ENDED, "last_day": last_day, "reason": why, "at": timezone.now(), "by": by.name[:200]}
    try:
        with transaction.atomic():
            models.InterestEvent.objects.create(interest_id=number, **told)
    except IntegrityError:
        faster = reads.declaration(number, place).end
        if faster is None:
            raise
        _refuse_other_end(faster, last_day, why)
        audit.nothing_changed()
        return
    audit.note(subject=known.address, after={"last_day": str(last_day)}, reason=why)


def _refuse_other_end(end: Said, last_day: date, why: str) -> None:
    if (end.last_day, end.reason) != (last_day, why):
        at = timezone.localtime(end.at)
        held = f", last held on {day_text(end.last_day)}" if end.last_day else ""
        told = f"{end.by} ended this interest on {moment_text(at)}{held}"
        mend = "It stays in the register for good with that; the secretary can note what is wrong."
        raise Stale(told, do=mend).for_the_log()


@audit.action("governance.tell_chair")
def tell_chair(*, by: Actor, place: str, number: int, text: str) -> None:
    """Record that the chair was told of an interest that was declared late, and what was decided to do about it."""
    known, said = reads.declaration(number, place), texts.passage(text, "what was decided", field="text")
    if any(each.kind == models.TOLD and each.reason == said for each in known.said):
        audit.nothing_changed()
        return
    models.InterestEvent.objects.create(
        interest_id=number, kind=models.TOLD, reason=said, at=timezone.now(), by=by.name[:200]
    )
    audit.note(subject=known.address, after={"chair": "told"}, reason=said)


@audit.action("governance.record_owner")
def record_owner(
    *,
    by: Actor,
    place: str,
    owner: str,
    owned: str,
    held_from: date,
    held_to: date | None = None,
    source: str,
    seen: int = 0,
) -> None:
    """Record that one organisation owns another, wholly or in part: an interest in it is one in what it owns."""
    pair = (reads.organisation_code(place, owner), reads.organisation_code(place, owned))
    _link(by, place, OWNER, pair, (held_from, held_to), source, seen)


@audit.action("governance.record_household")
def record_household(
    *,
    by: Actor,
    place: str,
    one: str,
    other: str,
    held_from: date,
    held_to: date | None = None,
    source: str,
    seen: int = 0,
) -> None:
    """Record that two people live together: an interest of one is an indirect interest of the other."""
    people = sorted(organisations.person_by_sign_in(each).sign_in for each in (one, other))
    _link(by, place, HOUSEHOLD, (people[0], people[1]), (held_from, held_to), source, seen)


def _link(
    by: Actor, place: str, kind: str, pair: tuple[str, str], held: tuple[date, date | None], source: str, seen: int
) -> None:
    one, other = (texts.line(each, "the name") for each in pair)
    if folded(one) == folded(other):
        raise UserError("both are the same", do="Name two.")
    if held[1] is not None and held[1] < held[0]:
        raise UserError("the last day lies before the first", "held_to", "Give the days in their order.")
    known_from = texts.line(source, "where this is known from", field="source")
    facts = {"held_from": held[0], "held_to": held[1], "source": known_from}
    known = _known(place, kind, one, other)
    if known is not None and all(getattr(known, name) == value for name, value in facts.items()):
        audit.nothing_changed()
        return
    if known is not None and known.number != seen:
        raise _changed(known)
    try:
        with transaction.atomic():
            models.Link.objects.create(
                place=place, kind=kind, one=one, other=other, number=seen + 1, at=timezone.now(), by=by.name[:200],
                **facts,
            )  # fmt: skip
    except IntegrityError as problem:
        now = _known(place, kind, one, other)
        raise (_changed(now) if now else problem) from problem
    what = f"{one} owns {other}" if kind == OWNER else "household"
    after = {"what": what, "number": seen + 1}
    audit.note(subject=f"interest-link/{place}/{kind}", after=after, reason=known_from)


def _known(place: str, kind: str, one: str, other: str) -> LinkFacts | None:
    return next((each for each in reads.links(place, kind) if (each.one, each.other) == (one, other)), None)


def _changed(known: LinkFacts) -> Stale:
    at = timezone.localtime(known.at)
    return Stale(f"{known.by} recorded this on {moment_text(at)}", do="Look at what is recorded now.")
