"""The scope register: items entered, moves proposed by groups, and decided by finance with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.finance.actions.posting import one_writer
from openpbc.finance.models import ScopeAmount, ScopeItem, ScopeProposal
from openpbc.finance.reads.scenarios import SHARES
from openpbc.finance.reads.scope_register import BASIS, WORDS, Item, effect_of, item
from openpbc.finance.rules.scope_moves import ACTUAL, BASES, OUT, SCOPES, ItemAmounts
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Value

AGREED, REFUSED = "agreed", "refused"


@audit.action("finance.add_scope_item")
def add_scope_item(
    *, by: Actor, place: str, title: str, scope: str, amounts: Mapping[str, ItemAmounts], note: str = ""
) -> int:
    """Enter a budget item as the draft budgets have it: in or out of scope, with each group's actual amounts in pence.

    Entering the same title once more changes nothing if nothing else differs. The item's number.
    """
    book = organisations.book(place)
    year = str(book.place.year)
    title = _title(title)
    _check(book, scope, amounts)
    one_writer(place, year)
    known = ScopeItem.objects.filter(place=place, year=year, folded=title.casefold(), withdrawn=False).first()
    if known is not None:
        entered = item(book, known.number)
        if (dict(entered.entered), entered.scope_first) == (_given(amounts), scope):
            audit.nothing_changed()
            return known.number
        raise UserError(f"item '{title[:60]}' is in the register", where="title", do="Give this one another name.")
    number = ScopeItem.objects.filter(place=place, year=year).count() + 1
    basis = _basis(book)
    row = ScopeItem.objects.create(
        place=place,
        year=year,
        number=number,
        title=title,
        folded=title.casefold(),
        note=note.strip(),
        scope_first=scope,
        scope=scope,
        basis_first=basis,
        basis=basis,
        **_stamp(by),
    )
    ScopeAmount.objects.bulk_create(
        ScopeAmount(item=row, unit=unit, last=each.last, this=each.this) for unit, each in _given(amounts).items()
    )
    told = {unit: [each.last, each.this] for unit, each in _given(amounts).items()}
    audit.note(subject=f"scope/{place}/{number}", after={"title": title, "scope": scope, "amounts": told})
    return number


@audit.action("finance.propose_scope")
def propose_scope(
    *, by: Actor, place: str, number: int, revision: int, wanted: str, reason: str, unit: str = ""
) -> int:
    """Propose to move an item, or to share it on another basis; one proposal at a time waits. Its number."""
    book = organisations.book(place)
    one = _item(book, number, revision)
    if wanted not in (*SCOPES, *BASES):
        raise UserError(f"'{wanted[:20]}' is nothing that can be proposed", where="wanted", do="Choose from the list.")
    if wanted not in one.may_be:
        raise UserError(f"the item stands so already: {WORDS[wanted]}", where="wanted", do="Choose the other way.")
    if not reason.strip():
        raise UserError("a proposal needs a reason", where="reason", do="Say in a few words why.")
    effect_of(book, one, wanted)
    row = ScopeItem.objects.get(place=place, year=str(book.place.year), number=number)
    facts = {"wanted": wanted, "reason": reason.strip(), "unit": unit, "by_id": by.id, "by_name": by.name}
    try:
        with transaction.atomic():
            proposal = ScopeProposal.objects.create(
                item=row, number=row.proposals.count() + 1, at=timezone.now(), **facts
            )
    except IntegrityError as problem:
        waiting = item(book, number).open
        who = f"{waiting.by_name} proposed to {waiting.words}" if waiting else "another proposal was made"
        raise Stale(f"{who}, and it waits for a decision", do="Wait for it, or ask finance to decide.") from problem
    audit.note(subject=f"scope/{place}/{number}", after={"proposal": proposal.number, "wanted": wanted}, reason=reason)
    return proposal.number


@audit.action("finance.decide_scope")
def decide_scope(
    *, by: Actor, place: str, number: int, revision: int, proposal: int, outcome: str, reason: str
) -> None:
    """Agree to a proposal or refuse it, with a reason; agreed, the item stands as proposed from now on."""
    if outcome not in (AGREED, REFUSED):
        raise UserError("a proposal is agreed or refused", where="outcome", do="Choose one of the two.")
    if not reason.strip():
        raise UserError("a decision needs a reason", where="reason", do="Say in a few words why.")
    book = organisations.book(place)
    one = _item(book, number, revision)
    waiting = one.open
    if waiting is None or waiting.number != proposal:
        raise Stale("this proposal no longer waits for a decision", do="Open the item again.")
    row = ScopeItem.objects.get(place=place, year=str(book.place.year), number=number)
    _move_on(row, revision, {} if outcome == REFUSED else _as_proposed(waiting.wanted), by)
    decided = {"state": outcome, "decided_by_name": by.name, "decided_at": timezone.now()}
    row.proposals.filter(number=proposal).update(decision_reason=reason.strip(), **decided)
    audit.note(
        subject=f"scope/{place}/{number}",
        before={"scope": one.scope, "basis": one.basis},
        after={"proposal": proposal, "outcome": outcome, "wanted": waiting.wanted},
        reason=reason,
    )


@audit.action("finance.remove_scope_item")
def remove_scope_item(*, by: Actor, place: str, number: int, revision: int, reason: str) -> None:
    """Take an item off the register, with what was agreed on it; the log keeps both."""
    if not reason.strip():
        raise UserError("taking an item off the register needs a reason", where="reason", do="Say why.")
    book = organisations.book(place)
    _item(book, number, revision)
    row = ScopeItem.objects.get(place=place, year=str(book.place.year), number=number)
    _move_on(row, revision, {"withdrawn": True}, by)
    audit.note(subject=f"scope/{place}/{number}", before={"title": row.title}, after={}, reason=reason)


def _as_proposed(wanted: str) -> dict[str, Any]:
    return {"scope": wanted} if wanted in SCOPES else {"basis": wanted}


def _given(amounts: Mapping[str, ItemAmounts]) -> dict[str, ItemAmounts]:
    return {unit: each for unit, each in sorted(amounts.items()) if each != ItemAmounts(0, 0)}


def _title(title: str) -> str:
    title = " ".join(title.split())
    if not title or len(title) > 120:
        raise UserError("an item needs a name of at most 120 characters", where="title", do="Name it as budgets do.")
    return title


def _check(book: Book, scope: str, amounts: Mapping[str, ItemAmounts]) -> None:
    known = {row["code"] for row in book.need_table(SHARES)}
    unknown = sorted(set(amounts) - known)
    if unknown:
        raise UserError(f"there is no group '{unknown[0][:40]}'", do=f"Choose from {', '.join(sorted(known))}.")
    if scope not in SCOPES:
        raise UserError("an item is in scope or out of it", where="scope", do="Choose one of the two.")
    if any(each.last < 0 or each.this < 0 for each in amounts.values()):
        raise UserError("an amount may not be negative", do="Give nought or more.")
    if not _given(amounts):
        raise UserError("an item without an amount moves nothing", do="Give at least one group's amount.")


def _basis(book: Book) -> str:
    found = book.value(BASIS)
    return found.text if isinstance(found, Value) and found.text in BASES else ACTUAL


def _item(book: Book, number: int, revision: int) -> Item:
    one = item(book, number)
    if one.withdrawn:
        raise UserError(f"item {number} was taken off the register", do="Choose another.")
    if one.revision != revision:
        raise _stale(one)
    return one


def _stale(one: Item) -> Stale:
    at = timezone.localtime(one.changed_at).strftime("%d %B %Y at %H:%M")
    stands = "out of scope" if one.scope == OUT else "in scope"
    return Stale(f"{one.changed_by_name} changed the item on {at}: it is now {stands}", do="Open it again.")


def _stamp(by: Actor) -> dict[str, Any]:
    return {"changed_by_name": by.name, "changed_at": timezone.now()}


def _move_on(row: ScopeItem, seen: int, changes: dict[str, Any], by: Actor) -> None:
    """Step to the next revision if nobody else did since."""
    facts = changes | _stamp(by) | {"revision": seen + 1}
    if not ScopeItem.objects.filter(pk=row.pk, revision=seen).update(**facts):
        raise _stale(item(organisations.book(row.place), row.number))
