"""Writing joint work: items and milestones, the transfers that the law book names, and what runs on at a year's end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from openpbc import audit
from openpbc.finance import models
from openpbc.finance.actions.revisions import added, change, signed, written
from openpbc.finance.reads import joint as reads
from openpbc.finance.rules.joint import KINDS, LOCAL, NEW, PROPOSED, STATES, TARGETS, TRANSFER
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.texts import one_of
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.partners import council as council_of
from openpbc.organisations.reads.partners import own_commissioners, partners
from openpbc.organisations.reads.partners import partner as partner_of
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet


@audit.action("finance.write_joint_item")
def write_joint_item(
    *,
    by: Actor,
    place: str,
    kind: str,
    title: str,
    partner: str,
    state: str = PROPOSED,
    target: str = "",
    target_name: str = "",
    council: str = "",
    commissioner: str = "",
    pence: int | None = None,
    may_run_on: bool = False,
    due: date | None = None,
    legal_basis: str = "",
    pooled_funds: str = "",
    code: str = "",
    revision: int = 0,
) -> str:
    """Add an item to the place's year, or change the one with a code; what nobody has said stays empty.

    The partner is one of the register, by code or name. A local target is assigned to a council and a commissioner.
    """
    book = organisations.book(place)
    facts: dict[str, Any] = {
        "kind": one_of("kind", kind, KINDS),
        "title": written("title", title),
        **_partner(book, code, written("partner", partner)),
        "state": one_of("state", state, STATES),
        "target": one_of("target", target, TARGETS) if target else "",
        "target_name": written("target_name", target_name, required=bool(target)),
        **_assigned(book, target, council, commissioner),
        "pence": pence,
        "may_run_on": may_run_on,
        "due": due,
        "legal_basis": written("legal_basis", legal_basis, required=False),
        "pooled_funds": written("pooled_funds", pooled_funds, required=False),
    }
    if pence is not None and pence < 0:
        raise UserError("an investment is not below nought", "pence", "Give the sum in pounds.")
    rows = models.JointItem.objects.filter(place=place)
    if code:
        change(rows.filter(code=code), f"joint item {code}", by=by, revision=revision, **facts)
    else:
        so_far = rows.filter(code__startswith="JI").count()
        code = added(rows, "JI", so_far, place=place, year=str(book.place.year), revision=1, **signed(by), **facts)
    audit.note(subject=f"joint/{place}/{code}", after=facts | {"due": due and due.isoformat()})
    return code


def _partner(book: Book, code: str, text: str) -> dict[str, str]:
    """The partner that the register holds; a name from before it was asked stays with its item."""
    if code and text and models.JointItem.objects.filter(place=book.place.id, code=code, partner=text).exists():
        return {}
    found = partner_of(book, text)
    return {"partner": found.name, "partner_code": found.code}


def _assigned(book: Book, target: str, council: str, commissioner: str) -> dict[str, str]:
    """Who has the target: one of the councils, and one of the commissioners of the area."""
    if (council or commissioner) and target != LOCAL:
        raise UserError(
            "only a local target is assigned", "council" if council else "commissioner", "Choose the local target."
        )
    if commissioner and commissioner not in own_commissioners(book):
        raise UserError(f"'{commissioner[:20]}' is no commissioner of the area", "commissioner", "Choose one.")
    return {"council": council_of(book, council).code if council else "", "commissioner": commissioner}


@audit.action("finance.write_joint_milestone")
def write_joint_milestone(
    *,
    by: Actor,
    place: str,
    code: str,
    revision: int,
    what: str,
    due: date,
    done_on: date | None = None,
    number: int = 0,
) -> int:
    """Add a milestone to an item, or change one of its own; the item's revision goes up with it."""
    facts = {"what": written("what", what), "due": due, "done_on": done_on}
    if done_on is not None and done_on > organisations.today():
        raise UserError("this day has not come yet", "done_on", "Say it once the milestone is reached.")
    found = models.JointItem.objects.filter(place=place, code=code)
    item = change(found, f"joint item {code}", by=by, revision=revision)
    rows = models.JointMilestone.objects.filter(item=item)
    if number:
        if not rows.filter(number=number).update(**facts):
            raise UserError(f"{code} has no milestone {number}", do="Choose one from its page.")
    else:
        number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
        rows.create(item=item, number=number, **facts)
    days = {"due": due.isoformat(), "done_on": done_on and done_on.isoformat()}
    audit.note(subject=f"joint/{place}/{code}/milestone/{number}", after=facts | days)
    return number


@audit.action("finance.load_joint_transfers")
def load_joint_transfers(*, by: Actor, place: str) -> int:
    """Write down the transfers that the place's law book names, and give how many are new; others stay as they are."""
    book = organisations.book(place)
    named = book.table(reads.TRANSFERS)
    rows = models.JointItem.objects.filter(place=place)
    known = set(rows.values_list("code", flat=True))
    new = [] if isinstance(named, NotSet) else [row for row in named if row["code"] not in known]
    if not new:
        audit.nothing_changed()
        return 0
    named_so = {
        name: {"partner": each.name, "partner_code": each.code} for each in partners(book) for name in each.called
    }
    for row in new:
        facts = {name: row[name] for name in ("code", "title", "partner", "legal_basis", "pooled_funds")}
        facts |= named_so.get(row["partner"].casefold(), {})
        try:
            with transaction.atomic():
                rows.create(place=place, year=str(book.place.year), kind=TRANSFER, state=PROPOSED, revision=1,
                            due=date.fromisoformat(row["due"]), **signed(by), **facts)  # fmt: skip
        except IntegrityError as problem:
            raise Stale("somebody wrote them down at this moment", do="Look at the list.") from problem
    audit.note(subject=f"joint/{place}", after={"codes": [row["code"] for row in new], "book": book.hash})
    return len(new)


@audit.action("finance.run_joint_items_on")
def run_joint_items_on(*, by: Actor, place: str, seen: int | None = None) -> tuple[str, ...]:
    """Bring what was begun, is unfinished and may run on into the next year, and give the codes; history is kept.

    What an item costs in the next year nobody has said yet, so its sum is empty there. ``seen`` is the state of all
    items that the person had looked at.
    """
    book = organisations.book(place)
    year = book.place.year
    if seen is not None and seen != reads.seen(book):
        raise Stale("somebody changed joint work after you had looked", do="Look at what would run on once more.")
    done = []
    for item in reads.running_on(book):
        rows = models.JointItem.objects.filter(place=place, code=item.code, year=str(year))
        row = change(rows, f"joint item {item.code}", by=by, revision=item.revision)
        models.JointYear.objects.create(
            item=row, year=str(year), state=item.state, pence=item.pence, left_by=by.name[:200], left_at=timezone.now()
        )
        rows.update(year=str(year.next), pence=None)
        done.append(item.code)
    if not done:
        audit.nothing_changed()
    else:
        audit.note(subject=f"joint/{place}", before={"year": str(year)}, after={"year": str(year.next), "codes": done})
    return tuple(done)


@audit.action("finance.demonstrate_joint")
def demonstrate_joint(*, by: Actor, place: str) -> int:
    """Add SYNTHETIC joint work to a place whose law book names transfers, and give how many items that made; once."""
    book = organisations.book(place)
    loaded = load_joint_transfers(by=by, place=place)
    if not loaded:
        audit.nothing_changed()
        return 0
    year = book.place.year
    common: dict[str, Any] = {"by": by, "place": place, "partner": "Adult Care Services"}
    invested = (
        write_joint_item(kind="existing", title="SYNTHETIC: carers' support in every district", state="under way",
                         pence=120_000_00, may_run_on=True, **common),
        write_joint_item(kind=NEW, title="SYNTHETIC: stop smoking groups", state="under way", target="local",
                         target_name="SYNTHETIC: a target of the local area agreement", pence=85_000_00,
                         **_first_assigned(book), **common),
        write_joint_item(kind=NEW, title="SYNTHETIC: befriending by telephone", pence=22_500_00, **common),
    )  # fmt: skip
    code = models.JointItem.objects.filter(place=place, kind=TRANSFER).values_list("code", flat=True)[0]
    steps = (
        ("SYNTHETIC: both boards agree in principle", year.first.replace(month=6, day=30), year.first.replace(month=7)),
        ("SYNTHETIC: staff and contracts are listed", year.first.replace(month=10, day=31), None),
    )
    for at, (what, due, done_on) in enumerate(steps, start=1):
        write_joint_milestone(by=by, place=place, code=code, revision=at, what=what, due=due, done_on=done_on)
    audit.note(subject=f"joint/{place}", after={"items": [*invested, code]})
    return len(invested) + loaded


def _first_assigned(book: Book) -> dict[str, Any]:
    """A council and a commissioner for the demonstration's local target."""
    councils = [each.code for each in partners(book) if each.is_council]
    return {"council": councils[-1] if councils else "", "commissioner": next(iter(own_commissioners(book)), "")}
