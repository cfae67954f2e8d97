"""Uploading a scheme of delegation, putting it in force by a recorded decision, and keeping the level of a matter."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.governance import models, reads
from openpbc.governance.reads.delegation import Judged, Level, checked_table, judged, scheme_bodies
from openpbc.governance.rules.decisions import matter_address
from openpbc.governance.rules.delegation import QUESTIONS, SCOPES, Facts
from openpbc.kernel import texts, two_people
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import day_text, moment_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations

LARGEST = 1_048_576


@audit.action("governance.upload_scheme")
def upload_scheme(*, by: Actor, place: str, title: str, table: str, scope: str, answers: Mapping[str, str]) -> int:
    """Keep a new version of the scheme of delegation, and give its number. It decides nothing until it is in force."""
    named = texts.line(title, "the title", field="title")
    if scope not in SCOPES:
        raise UserError("it is not said for whom the scheme holds", "scope", f"Choose one of {', '.join(SCOPES)}.")
    if len(table.encode()) > LARGEST:
        raise UserError("the table is larger than 1 MiB", "table", "Upload the decision table alone.")
    checked_table(table, named)
    told = {each: texts.passage(answers.get(each, ""), f"the answer to '{QUESTIONS[each]}'") for each in QUESTIONS}
    hashed, known = hashlib.sha256(table.encode()).hexdigest(), reads.schemes(place)
    if known and (known[0].sha256, known[0].title, known[0].scope, known[0].answers) == (hashed, named, scope, told):
        audit.nothing_changed()
        return known[0].number
    number = known[0].number + 1 if known else 1
    facts = {"title": named, "sha256": hashed, "scope": scope, "answers": told}
    try:
        with transaction.atomic():
            models.Scheme.objects.create(
                place=place, number=number, table=table, at=timezone.now(), by=by.name[:200], by_person=by.id,
                acting_for=by.acting_for[:150] or None, **facts,
            )  # fmt: skip
    except IntegrityError as problem:
        faster = reads.schemes(place)[0]
        at = timezone.localtime(faster.at)
        raise Stale(f"{faster.by} uploaded version {number} on {moment_text(at)}", do="Look at it.") from problem
    audit.note(subject=f"scheme/{place}/{number}", after=facts)
    return number


@audit.action("governance.put_scheme_in_force")
def put_scheme_in_force(*, by: Actor, place: str, number: int, valid_from: date, decision: int) -> None:
    """Put a version in force from a day on, by the recorded decision of a body that may; never by its uploader."""
    scheme, decided = reads.scheme(place, number), reads.decision(decision, place)
    if scheme.valid_from is not None:
        if (scheme.valid_from, scheme.decision) == (valid_from, decision):
            audit.nothing_changed()
            return
        raise Stale(
            f"scheme {number} was put in force from {day_text(scheme.valid_from)} by record {scheme.decision}",
            do="It stays in force until another is; look at the versions.",
        )
    who_can = "Somebody else of the secretary's office, or the chair, puts it in force; that holds for good."
    accounts = organisations.accounts()
    put_up = [each for each in (scheme.by_person, scheme.acting_for) if each]
    two_people.must_be_another(by, put_up, accounts, "a scheme is put in force", who_can=who_can)
    allowed = scheme_bodies(organisations.book(place))
    if decided.matter != scheme.address or not decided.approves or decided.body not in allowed:
        raise UserError(
            f"record {decision} does not approve scheme {number}",
            "decision",
            f"Record the approval of {scheme.address} by {' or '.join(sorted(allowed)) or 'a body'} first.",
        )
    if valid_from < decided.taken_on:
        raise UserError(f"it was decided on {decided.when.name}", "valid_from", "Give that day or a later one.")
    try:
        with transaction.atomic():
            models.SchemeForce.objects.create(
                scheme=models.Scheme.objects.get(place=place, number=number), place=place, valid_from=valid_from,
                decision=decision, at=timezone.now(), by=by.name[:200],
            )  # fmt: skip
    except IntegrityError as problem:
        raise Stale(
            f"a scheme was put in force from {day_text(valid_from)} in the meantime", do="Look at the versions."
        ) from problem
    audit.note(subject=scheme.address, after={"valid_from": str(valid_from), "decision": decision})


@audit.action("governance.set_level")
def set_level(
    *, by: Actor, place: str, matter: str, facts: Facts, unit: str = "", specialty: str = "", on: date | None = None
) -> Level:
    """Work out by whom a matter is decided, and keep it with the scheme's number; ask again when value or route change.

    Cases of one group in one specialty within the months that the rulebook names are valued together.
    """
    where, day = matter_address(matter, place), on or organisations.today()
    if not where:
        raise UserError("no matter is named", do="Open the case and go on from there.")
    found = judged(Judged(place, where, facts, unit, specialty, day))
    kept = reads.level_kept(place, where)
    if kept and (kept.facts, kept.level.because, kept.unit, kept.specialty) == (facts, found.because, unit, specialty):
        audit.nothing_changed()
        return found
    _keep(by, place, where, (kept.number if kept else 0) + 1, facts, found, (unit, specialty, day))
    before = {"level": kept.level.code} if kept else None
    audit.note(subject=where, before=before, after={"level": found.code, "scheme": found.scheme}, reason=found.because)
    return found


def _keep(
    by: Actor, place: str, matter: str, number: int, facts: Facts, found: Level, about: tuple[str, str, date]
) -> None:
    told = {name: getattr(facts, name) for name in ("conflicted", "disputed", "new_provider", "budget_held")}
    try:
        with transaction.atomic():
            models.MatterLevel.objects.create(
                place=place, matter=matter, number=number, level=found.code, scheme=found.scheme, facts=told,
                value_pence=facts.value_pence, effective_pence=found.effective_pence, route=facts.route,
                unit=about[0], specialty=about[1], on=about[2], because=found.because, at=timezone.now(),
                by=by.name[:200],
            )  # fmt: skip
    except IntegrityError as problem:
        raise Stale("the level was worked out by somebody else in the meantime", do="Look at it again.") from problem
