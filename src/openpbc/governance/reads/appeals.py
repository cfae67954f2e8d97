"""Appeals: who appeals against what, where each stands, how long it takes, and who may not hear it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from openpbc.governance import models
from openpbc.governance.reads import items
from openpbc.governance.reads.decisions import Decision, decision, decisions_on, people, told
from openpbc.governance.reads.seats import all_bodies
from openpbc.governance.rules import appeals as rule
from openpbc.governance.rules.appeals import PREFIX, RESULTS, Clock
from openpbc.governance.rules.voting import DECIDES
from openpbc.governance.rules.withholding import TAKES_PART
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

DAYS, DECISION_DAYS = "governance.appeal_days", "governance.appeal_decision_days"


@dataclass(frozen=True)
class Appeal:
    """An appeal with where it stands; ``body`` hears it once named, ``settled`` is the decision on it."""

    number: int
    place: str
    decision: Decision
    appellant: str
    appellant_name: str
    grounds: str
    lodged_by: str
    person: str
    lodged_at: datetime
    taken_back: str
    taken_back_at: datetime | None
    body: str
    item: int | None
    settled: Decision | None
    clock: Clock

    @property
    def matter(self) -> str:
        """The address by which items and decisions name the appeal."""
        return matter_of(self.place, self.number)

    @property
    def state(self) -> str:
        """Where it stands."""
        if self.taken_back_at:
            return rule.TAKEN_BACK
        if self.settled:
            return rule.HEARD
        return rule.WAITING if self.item else rule.LODGED

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its decision."""
        return self.state in (rule.LODGED, rule.WAITING)

    @property
    def result(self) -> str:
        """What became of it: allowed or dismissed; empty before that."""
        return RESULTS[self.settled.outcome] if self.settled else ""


def matter_of(place: str, number: int) -> str:
    """The address of an appeal."""
    return f"{PREFIX}/{place}/{number}"


def days_set(book: Book, id: str) -> int | None:
    """A number of days of the rulebook, none where it is not set."""
    found = book.value(id)
    return None if isinstance(found, NotSet) else found.int


def appeals(book: Book) -> tuple[Appeal, ...]:
    """Every appeal of a place, the latest first."""
    return _appeals(book, _rows(book.place.id).order_by("-number"), names(book.place.id))


def appeal(book: Book, number: int) -> Appeal:
    """One appeal; an unknown number is a person's mistake."""
    found = _appeals(book, _rows(book.place.id).filter(number=number), names(book.place.id))
    if not found:
        raise UserError(f"there is no appeal {number}", where=book.place.id, do="Choose one from the list of appeals.")
    return found[0]


def names(place: str) -> dict[str, str]:
    """Groups and practices that may appeal, by code."""
    units = {each.code: each.name for each in organisations.units(place)}
    return units | {each.code: each.name for each in organisations.practices(place)}


def speaks_for(viewer: Viewer, place: str) -> dict[str, str]:
    """The groups and practices for which somebody may appeal."""
    roles = (("unit", each.code, each.name) for each in organisations.units(place))
    found = {
        code: name
        for kind, code, name in roles
        if any(viewer.owns(role, place, kind, code) for role in ("gp_lead", "group_manager"))
    }
    named = {each.code: each.name for each in organisations.practices(place)}
    own = viewer.codes(place, "practice", ("gp_lead", "practice_staff"))
    return found | {code: named[code] for code in own if code in named}


def kept_out(matter: str) -> dict[str, str]:
    """Who may not take part in an item because it is an appeal: who decided before or left it, and who lodged it."""
    row = _of_matter(matter)
    if row is None:
        return {}
    item = items.item_of_decision(row.decision_id)
    if item is None:  # written into the register, with those who are named there
        known = people(row.decision_id)
        return rule.kept_out(known.took_part, row.person, organisations.accounts(), known.left)
    took_part = {*item.record.get("counted", ()), *item.record.get("votes", {})}
    left = [each.person for each in item.declared if each.ruling != TAKES_PART]
    return rule.kept_out(sorted(took_part), row.person, organisations.accounts(), left)


def wrong_body(place: str, body: str, matter: str) -> str:
    """Say why a body may not settle an appeal, be it its own decision or beyond its power; empty where it may."""
    found = _of_matter(matter)
    if found is None or found.place != place:
        return ""
    known = all_bodies(organisations.book(place)).get(body)
    decides = known is not None and known.power == DECIDES
    return rule.may_hear(body, decision(found.decision_id).body, decides=decides)


def _of_matter(matter: str) -> models.Appeal | None:
    named = rule.number_of(matter)
    return models.Appeal.objects.filter(place=named[0], number=named[1]).first() if named else None


def appealed(book: Book, against: int) -> str:
    """Say why a decision is not carried out: an appeal against it waits or was allowed; empty where it may be."""
    return appealed_of(book, (against,))[against]


def appealed_of(book: Book, against: Collection[int]) -> dict[int, str]:
    """Say of each of several decisions why it is not carried out, asking once for all; empty where it may be."""
    found = dict.fromkeys(against, "")
    for each in _appeals(book, _rows(book.place.id).filter(decision__in=found).order_by("number"), {}):
        found[each.decision.id] = found[each.decision.id] or _keeps(each)
    return found


def _keeps(each: Appeal) -> str:
    if each.is_open:
        return f"Appeal {each.number} against the decision waits to be decided, so it is not carried out yet."
    if each.result == rule.ALLOWED:
        return f"Appeal {each.number} against the decision was allowed: the body has to decide again."
    return ""


def refusal(book: Book, against: Decision, appellant: str = "") -> str:
    """Say why a decision may not be appealed; empty where it may."""
    known = models.Appeal.objects.filter(decision=against.id, appellant=appellant).exists()
    looked = rule.Appealed(against.outcome, against.stands, against.matter, against.taken_on)
    return rule.refusal(looked, organisations.today(), days_set(book, DAYS), is_known=known)


def _rows(place: str) -> QuerySet[models.Appeal, models.Appeal]:
    return models.Appeal.objects.filter(place=place).select_related("decision__replaced_by", "end")


def _appeals(book: Book, rows: Iterable[models.Appeal], named: dict[str, str]) -> tuple[Appeal, ...]:
    """Give appeals with what was decided on each and the item on which it waits, asking once for all."""
    known = {matter_of(row.place, row.number): row for row in rows}
    if not known:
        return ()
    decided, waits = decisions_on(book.place.id, known), items.open_items(book.place.id, known)
    limit = days_set(book, DECISION_DAYS)
    return tuple(_appeal(row, named, decided[matter], waits.get(matter), limit) for matter, row in known.items())


def _appeal(
    row: models.Appeal, named: dict[str, str], decided: Iterable[Decision], item: items.Item | None, limit: int | None
) -> Appeal:
    end = getattr(row, "end", None)
    settled = next((each for each in decided if each.stands and each.outcome in RESULTS), None)
    over: date | None = settled.taken_on if settled else timezone.localdate(end.at) if end else None
    lodged = timezone.localdate(row.lodged_at)
    return Appeal(
        row.number, row.place, told(row.decision), row.appellant, named.get(row.appellant, row.appellant),
        row.grounds, row.lodged_by, row.person, row.lodged_at, end.reason if end else "", end.at if end else None,
        item.body if item else settled.body if settled else "", item.id if item else None, settled,
        rule.clock(lodged, over, organisations.today(), limit),
    )  # fmt: skip
