"""A demonstration: every place of the rulebook loaded; where one is described, a SYNTHETIC county received and closed.

Every step is an action that changes nothing when it was done before, so a demonstration that was stopped anywhere is
finished by starting it again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from openpbc.activity import actions as activity
from openpbc.contracts import actions as contracts
from openpbc.finance import actions as finance
from openpbc.governance import actions as governance
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.measures import actions as measures
from openpbc.monitoring import actions as monitoring
from openpbc.monitoring import reads as monitoring_reads
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads
from openpbc.redesign import actions as redesign
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table
from openpbc.site import rooms
from openpbc.site.home import RULEBOOK
from openpbc.synth.arrivals import arrivals
from openpbc.synth.county import STREAMS
from openpbc.synth.making import PLAN, Made, Order, make

MARKER = "demo.json"
PASSWORD = "demo"
MONTHS = 8
# The rulebook's subject without which no county can be invented.
COUNTY = "synth.volumes"
FLEX, FREEZE = "flex", "freeze"
Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Wanted:
    """What a home is asked to show: how many months of the year, the seed, and the scale in parts per million."""

    months: int = MONTHS
    seed: int = 1
    scale_ppm: int = 1_000_000


@dataclass(frozen=True)
class Shown:
    """What a home shows now: its places, those with a county, the months closed in each, and the sign-in names."""

    places: tuple[str, ...]
    closed: dict[str, tuple[str, ...]]
    users: tuple[str, ...]


def prepare(home: Path, by: Actor, wanted: Wanted, told: Told) -> Shown:
    """Fill a home with the demonstration, or finish what an earlier call began."""
    _refuse_real(home)
    _lay_rules(home, by)
    _claim(home, wanted)
    users: tuple[str, ...] = ()
    closed: dict[str, tuple[str, ...]] = {}
    places = rooms.places()
    for at, place in enumerate(places, start=1):
        told(f"Organisations of {place.title}", at, len(places))
        organisations.load_place(by=by, place=place.id)
        users = organisations.create_demo_users(by=by, place=place.id, password=PASSWORD)
        organisations.demonstrate_arrangements(by=by, place=place.id)
        activity.make_keys(by=by, place=place.id, synthetic=True)
        contracts.load_register(by=by, place=place.id)
        contracts.demonstrate_agreements(by=by, place=place.id)
        finance.load_published_plan(by=by, place=place.id)
        finance.demonstrate_budgets(by=by, place=place.id)
        finance.demonstrate_plans(by=by, place=place.id)
        finance.demonstrate_joint(by=by, place=place.id)
        finance.demonstrate_scenarios(by=by, place=place.id)
        finance.show_groups(by=by, place=place.id)
        governance.demonstrate_papers(by=by, place=place.id)
        governance.demonstrate_interests(by=by, place=place.id)
        governance.demonstrate_meetings(by=by, place=place.id)
        governance.demonstrate_standard(by=by, place=place.id)
        redesign.demonstrate_cases(by=by, place=place.id)
    for place in places:
        finance.demonstrate_ledger(by=by, place=place.id)
        redesign.demonstrate_decisions(by=by, place=place.id)
        book = reads.book(place.id)
        if isinstance(book.table(COUNTY), Table):
            governance.demonstrate_route_map(by=by, place=place.id)
            closed[place.id] = _county(home, by, book, wanted, told)
    for place in places:
        redesign.demonstrate_board(by=by, place=place.id)
        redesign.demonstrate_recommendations(by=by, place=place.id)
    return Shown(tuple(place.id for place in places), closed, users)


def scale_ppm(home: Path) -> int:
    """At which scale a home's records of care were invented, in parts per million; nought where it shows none."""
    marker = home / MARKER
    return int(json.loads(marker.read_text(encoding="utf-8"))["scale_ppm"]) if marker.exists() else 0


def _refuse_real(home: Path) -> None:
    if any(not person.demo for person in reads.people()):
        raise UserError("this home has real users", str(home), "Give the demonstration a home of its own with --home.")


def _lay_rules(home: Path, by: Actor) -> None:
    """Lay invented rules into a new home's own rulebook folder, for places with a county; never into a user's."""
    if home / RULEBOOK != settings.RULEBOOK or (home / MARKER).exists():
        return
    for place in rooms.places():
        if isinstance(reads.book(place.id).table(COUNTY), Table):
            governance.lay_standard(by=by, place=place.id)


def _claim(home: Path, wanted: Wanted) -> None:
    """Refuse a home that shows another demonstration or stands on another rulebook."""
    marker = home / MARKER
    # A closed month stands on the book as it was then, so a home is finished by the rulebook that began it.
    claim = asdict(wanted) | {"books": {place.id: reads.book(place.id).hash for place in rooms.places()}}
    if marker.exists():
        if json.loads(marker.read_text(encoding="utf-8")) != claim:
            raise UserError(
                "this home shows another demonstration, or one of an earlier rulebook",
                str(marker),
                "Give another --home, or remove this one.",
            )
    else:
        draft = marker.with_suffix(".part")
        draft.write_text(json.dumps(claim), encoding="utf-8")
        draft.replace(marker)


def _county(home: Path, by: Actor, book: Book, wanted: Wanted, told: Told) -> tuple[str, ...]:
    """Make the county's files, receive them, load the plan, and close the months."""
    place, months = book.place.id, book.place.year.months[: wanted.months]
    order = Order(months[0], months[-1], wanted.seed, wanted.scale_ppm)
    made = make(book, order, home / "synthetic" / place, told)
    _receive(by, place, made, told)
    told("Activity plan", 0, 1)
    contracts.load_plan(by=by, place=place, path=made.folder / PLAN)
    activity.show_codes(by=by, place=place)
    told("Activity plan", 1, 1)
    closed = _close(by, place, months, told)
    for month in months:
        measures.measure(by=by, place=place, month=month, source=monitoring_reads.source_of_measures(place, month))
    measures.show_waits(by=by, place=place, months=months)
    monitoring.show_in_year(by=by, place=place, months=months)
    return closed


def _receive(by: Actor, place: str, made: Made, told: Told) -> None:
    ends = tuple(f"_{stream}.csv" for stream in STREAMS)
    names = sorted(file["name"] for file in made.files if file["name"].endswith(ends))
    book = reads.book(place)
    for at, name in enumerate(names, start=1):
        provider, month, stream = name.removesuffix(".csv").split("_")
        for sent in arrivals(book, provider, Month.parse(month), stream):
            path = sent.of(made.folder / name)
            activity.receive(
                by=by, place=place, path=path, provider=provider, month=Month.parse(month), arrived=sent.arrived
            )
        told("Receiving files", at, len(names))


def _close(by: Actor, place: str, months: tuple[Month, ...], told: Told) -> tuple[str, ...]:
    # A closed month stays as it was closed, even when the rulebook has moved on since.
    frozen = {each.month for each in monitoring_reads.months(place) if each.published and each.point == FREEZE}
    for at, month in enumerate(months):
        told(f"Closing {month.name}", at, len(months))
        if month in frozen:
            continue
        if month == months[0]:  # the first month shows flex against freeze
            monitoring.close(by=by, place=place, month=month, point=FLEX)
        monitoring.close(by=by, place=place, month=month, point=FREEZE)
    told("Closing months", len(months), len(months))
    return tuple(str(month) for month in months)
