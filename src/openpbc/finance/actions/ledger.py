"""Writing into the ledger: posting journals, virements, and corrections by reversal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from openpbc import audit
from openpbc.finance.actions.posting import Posted, append, one_writer, reversal
from openpbc.finance.actions.waiting import must_wait, put_up_journal
from openpbc.finance.actions.year_end import undo_year_end
from openpbc.finance.models import LedgerJournal
from openpbc.finance.reads.ledger import journal as read_journal
from openpbc.finance.reads.year_end import year_end_of
from openpbc.finance.rules.ledger import REVERSAL, Draft, Entry, moved, virement_entries
from openpbc.finance.rules.year_end import CARRY_FORWARD
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import FinancialYear
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations

VIREMENT = "virement"
_TOLD = 40  # entries; the log names more only by their number, the ledger keeps them all


@audit.action("finance.post")
def post(
    *,
    by: Actor,
    place: str,
    kind: str,
    entries: Sequence[Entry],
    on: date,
    reason: str,
    source: str = "",
    key: str = "",
    seen: Mapping[str, int] | None = None,
    year: str = "",
) -> Posted:
    """Post one journal into the place's ledger (of another year if given); a repeated key posts nothing twice.

    ``seen`` gives for an account the number of its last line when the person looked: if somebody moved it since, the
    journal is refused and the sentence says who. A large one waits for a second person instead.
    """
    draft = Draft(kind, tuple(entries), on, reason, source, key, seen)
    _check_by_hand((draft,))
    return _post_or_wait(by, place, year, draft)


@audit.action("finance.post_many")
def post_many(*, by: Actor, place: str, journals: Sequence[Draft], year: str = "") -> tuple[Posted, ...]:
    """Post journals in order in one transaction: all of them, or none. Those that a second person sees go alone."""
    _check_by_hand(journals)
    if any(must_wait(place, draft) for draft in journals):
        raise UserError("one of these journals waits for a second person", do="Post that one by itself.")
    posted = append(by, place, _year(place, year), journals)
    new = [each.number for each in posted if not each.already]
    if not new:
        audit.nothing_changed()
        return posted
    audit.note(
        subject=f"ledger/{place}/{_year(place, year)}/{new[0]}",
        after={"journals": len(new), "first": new[0], "last": new[-1], "kinds": sorted({d.kind for d in journals})},
        reason="; ".join(dict.fromkeys(draft.reason for draft in journals[:_TOLD])),
    )
    return posted


@audit.action("finance.virement")
def virement(
    *,
    by: Actor,
    place: str,
    source: str,
    target: str,
    pence: int,
    on: date,
    reason: str,
    seen: Mapping[str, int] | None = None,
    key: str = "",
    year: str = "",
) -> Posted:
    """Move money from one budget to another; never more than the source holds."""
    if pence <= 0:
        raise UserError("a virement moves more than nought", do="Give the sum in pounds.")
    if source == target:
        raise UserError("a virement goes to another budget than it comes from", do="Choose two budgets.")
    draft = Draft(VIREMENT, virement_entries(source, target, pence), on, reason, key=key, seen=seen)
    return _post_or_wait(by, place, year, draft)


@audit.action("finance.reverse")
def reverse(*, by: Actor, place: str, number: int, on: date, reason: str, year: str = "") -> Posted:
    """Undo a journal by posting its exact opposite; the journal stays. Only once, and never a reversal itself.

    A journal of a year's end is undone with all the others of that end, in both years.
    """
    found = read_journal(place, str(_year(place, year)), number)
    if found.kind == REVERSAL:
        raise UserError(f"journal {number} is itself a reversal", do="Post the money again by a journal of its own.")
    draft = reversal(found, on, reason)
    return _wait(by, place, year, draft) if must_wait(place, draft) else reverse_now(by, place, year, draft)


def reverse_now(by: Actor, place: str, year: str, draft: Draft) -> Posted:
    """Post a reversal, with all the others of its end where it undoes a journal of a year's end."""
    stands, number = str(_year(place, year)), draft.reverses
    ended = year_end_of(read_journal(place, stands, number))
    one_writer(place, str(ended or stands))
    earlier = LedgerJournal.objects.filter(
        reverses__place=place, reverses__year=stands, reverses__number=number
    ).first()
    if earlier is not None:
        raise Stale(f"journal {number} was reversed by {earlier.by_name} with journal {earlier.number}")
    if ended is not None:
        undone = undo_year_end(by=by, place=place, year=str(ended), on=draft.on, reason=draft.reason)
        told = {"undid the end of": str(ended)}
        audit.note(subject=f"ledger/{place}/{stands}/{number}", after=told, reason=draft.reason)
        return undone[stands, number]
    return post_now(by, place, year, draft)


def _post_or_wait(by: Actor, place: str, year: str, draft: Draft) -> Posted:
    return _wait(by, place, year, draft) if must_wait(place, draft) else post_now(by, place, year, draft)


def _wait(by: Actor, place: str, year: str, draft: Draft) -> Posted:
    """Put a journal up for a second person, if it could be posted now; one whose key was posted is given as it is."""
    stands = str(_year(place, year))
    if draft.key and LedgerJournal.objects.filter(place=place, year=stands, key=draft.key).exists():
        return post_now(by, place, year, draft)
    posted = put_up_journal(by, place, stands, draft, _try)
    if posted.already:
        audit.nothing_changed()
        return posted
    facts = {"kind": draft.kind, "on": draft.on.isoformat(), "moved": moved(draft.entries)}
    audit.note(subject=posted.subject(place, stands), after=facts, reason=draft.reason)
    return posted


def _try(by: Actor, place: str, year: str, draft: Draft) -> None:
    """Post a journal and take it back: what would refuse it is told to who puts it up, and not to the second alone."""
    with audit.trial():
        if draft.reverses:
            reverse_now(by, place, year, draft)
        else:
            append(by, place, _year(place, year), (draft,))


def _check_by_hand(drafts: Sequence[Draft]) -> None:
    """What is carried forward stands in two ledgers, so that nobody posts one side of it alone."""
    if any(draft.kind == CARRY_FORWARD for draft in drafts):
        raise UserError(
            "only the end of a year carries money forward", do="Close the year; both ledgers get their side."
        )


def _year(place: str, year: str) -> FinancialYear:
    return FinancialYear.parse(year) if year else organisations.book(place).place.year


def post_now(by: Actor, place: str, year: str, draft: Draft) -> Posted:
    """Post one journal, and tell the running action's event."""
    stands = _year(place, year)
    (posted,) = append(by, place, stands, (draft,))
    if posted.already:
        audit.nothing_changed()
        return posted
    told = {entry.account: entry.pence for entry in draft.entries} if len(draft.entries) <= _TOLD else {}
    facts: dict[str, object] = {"kind": draft.kind, "on": draft.on.isoformat(), "source": draft.source}
    facts |= {"reverses": draft.reverses} if draft.reverses else {}
    audit.note(
        subject=f"ledger/{place}/{stands}/{posted.number}",
        after=facts | {"entries": told or len(draft.entries)},
        reason=draft.reason,
    )
    return posted
