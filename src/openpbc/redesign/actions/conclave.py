"""Writes of the conclave: a report to all to whom it is accountable, its receipts, and blocks put on its agenda."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localtime

from openpbc import audit
from openpbc.governance import actions as governance
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.periods import day_text, moment_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.redesign import models
from openpbc.redesign.actions.holding import long_text
from openpbc.redesign.reads import conclave, recommendations
from openpbc.redesign.reads.seeing import seen_by
from openpbc.redesign.rules.versions import body_hash


@audit.action("redesign.issue_conclave_report")
def issue_conclave_report(*, by: Actor, place: str, note: str, seen: int, synthetic: bool = False) -> int:
    """Issue a report of the conclave, the same to everybody to whom it is accountable, and give its number.

    It says where each shared pathway, each block and the paper that proposes the conclave stand today. ``seen`` is the
    number of the report before.
    """
    book = organisations.book(place)
    if not conclave.audiences(book):
        raise book.table(conclave.AUDIENCES).problem  # type: ignore[union-attr]
    body = conclave.says(book, long_text("note", note, required="Say in a few sentences what the conclave did."))
    body |= recommendations.says(book)
    last = next(iter(conclave.reports(place)), None)
    if last is not None and last.number != seen:
        raise _issued_meanwhile(last)
    facts = {"body": body, "sha256": body_hash(body), "synthetic": synthetic}
    try:
        with transaction.atomic():
            row = models.ConclaveReport.objects.create(
                place=place, number=seen + 1, issued_by=by.name[:200], issued_at=timezone.now(), **facts
            )
    except IntegrityError as problem:
        raise _issued_meanwhile(conclave.reports(place)[0]) from problem
    audit.note(subject=f"conclave-report/{place}/{row.number}", after={"sha256": row.sha256, "note": body["note"]})
    return row.number


def _issued_meanwhile(last: conclave.Report) -> Stale:
    at = timezone.localtime(last.issued_at)
    return Stale(f"{last.issued_by} issued report {last.number} on {moment_text(at)}", do="Read that one first.")


@audit.action("redesign.receive_conclave_report")
def receive_conclave_report(*, by: Actor, place: str, number: int, audience: str) -> None:
    """Confirm that a report was received for one of those to whom the conclave is accountable."""
    found = conclave.report(place, number)
    wanted = next((each for each in conclave.audiences(organisations.book(place)) if each.code == audience), None)
    if wanted is None:
        raise UserError(f"the conclave is not accountable to '{audience[:40]}'", do="Open it from the report.")
    if by != SYSTEM and not by.roles & wanted.roles:
        raise UserError(f"you do not confirm receipts for {wanted.title}", do="The report names who does.")
    row = models.ConclaveReport.objects.get(place=place, number=number)
    facts = {"by": by.name[:200], "person": by.id[:150], "at": timezone.now()}
    try:
        with transaction.atomic():
            models.ReportReceived.objects.create(report=row, audience=audience, **facts)
    except IntegrityError as problem:
        known = conclave.report(place, number).receipt(audience)
        who = f"{known.by} confirmed it on {day_text(localtime(known.at))}" if known else "somebody confirmed it"
        raise Stale(
            f"the receipt is on record already: {who}", do="It stays so for good; nothing is left to do."
        ) from problem
    audit.note(subject=f"{found.address}/{audience}", after={"received": True})


@audit.action("redesign.put_blocks_on_agenda")
def put_blocks_on_agenda(*, by: Actor, place: str) -> tuple[str, ...]:
    """Put every aged block of a shared pathway on the list of what waits for the conclave's next agenda.

    Each is a matter of its own, so that the case itself is decided meanwhile. One of a case that is withheld from
    whoever asks is left to somebody else; give a sentence for each that was left.
    """
    book, left = organisations.book(place), []
    found = conclave.blocks(book, conclave.shared(place), organisations.today())
    known = {each.case.id: each.case for each in found}
    open_to = {each.id for each in (known.values() if by == SYSTEM else seen_by(by, place, known.values()))}
    wanted = [each for each in found if each.aged and each.case.id in open_to]
    if any(each.aged and each.case.id not in open_to for each in found):
        left.append("What is withheld from you is left to somebody else.")
    for each in wanted:
        title = f"Block: {each.block.what}"[:200]
        try:
            governance.put_on_agenda(
                by=by, place=place, body=conclave.BODY, matter=each.matter, title=title, kind="discussion",
                proposing=each.case.unit, synthetic=each.case.synthetic,
            )  # fmt: skip
        except Stale as problem:
            left.append(f"Case {each.case.number}: {problem.sentence}")
    if not wanted:
        audit.nothing_changed()
    audit.note(subject=f"conclave/{place}", after={"blocks": [each.block.id for each in wanted], "left": left})
    return tuple(left)
