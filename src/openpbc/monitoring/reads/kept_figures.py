"""Explains what was written down once: an amount that somebody entered, and a figure that a lock kept."""

from __future__ import annotations

from django.utils.timezone import localtime

from openpbc.kernel.periods import Month, day_text
from openpbc.kernel.steps import Explanation, Step
from openpbc.monitoring.reads.addresses import nowhere
from openpbc.monitoring.reads.bases import PeriodEvent, period_events
from openpbc.monitoring.reads.entered import Entered, cell_of
from openpbc.monitoring.reads.holders import IN_YEAR
from openpbc.monitoring.reads.reckoning import MEASURES
from openpbc.monitoring.rules.in_year import CITATION

ENTRY, LOCK = "entry", "lock"


def entry_address(place: str, entry: int) -> str:
    """Give the address of one entry."""
    return f"{ENTRY}/{place}/{entry}"


def lock_address(event: PeriodEvent, address: str) -> str:
    """Give the address of a figure (told by its own address) as one lock kept it."""
    _, place, month, *rest = address.split("/")
    return "/".join((LOCK, place, month, str(event.number), *rest))


def explain_entry(address: str) -> Explanation:
    """Explain ``entry/<place>/<id>``: who entered it, from what source."""
    parts = address.split("/")
    if len(parts) != 3 or not parts[2].isdecimal():
        raise nowhere(address)
    found = next((each for each in cell_of(parts[1], int(parts[2])) if each.id == int(parts[2])), None)
    if found is None:
        raise nowhere(address)
    title = f"{found.kind.capitalize()} entered for {Month.parse(found.month).name}, {found.service_line}"
    return Explanation(
        address=address,
        title=title,
        value=found.pence,
        unit="pence",
        formula="the difference to what stood there before" if found.corrects else "as it was entered",
        steps=(Step("monitoring.entry", found.source, found.pence, _told(found), CITATION),),
        citations=(CITATION,),
        evidence=(("place", parts[1]), ("entry", str(found.id)), ("entered by", found.by)),
    )


def _told(found: Entered) -> tuple[tuple[str, str], ...]:
    whose = found.practice or found.unit or "the commissioner itself"
    return (("whose", whose), ("number in its cell", str(found.number)), ("on", f"{localtime(found.at):%Y-%m-%d}"))


def explain_lock(address: str) -> Explanation:
    """Explain ``lock/<place>/<month>/<number>/<holder kind>/<holder>/<line>/<measure>`` as that lock kept it."""
    parts = address.split("/")
    if len(parts) != 8 or not parts[3].isdecimal() or parts[7] not in MEASURES:
        raise nowhere(address)
    _, place, month, number, *rest = parts
    asked = Month.parse(month)
    event = next((each for each in period_events(place, asked) if each.number == int(number)), None)
    value = event.figures.get("/".join((IN_YEAR, place, month, *rest))) if event else None
    if event is None or value is None:
        raise nowhere(address)
    runs = tuple((f"run of {name}", run) for name, run in event.basis["runs"])
    kept = (("last entry", str(event.basis["last_entry"])), ("last journal", str(event.basis["last_journal"])))
    label = f"Kept when {event.by} locked {asked.name} on {day_text(localtime(event.at))}"
    return Explanation(
        address=address,
        title=f"{MEASURES[parts[7]]}, as locked, {asked.name}",
        value=value,
        unit="pence",
        formula="as it was when the position was locked",
        steps=(Step("monitoring.lock", label, value, (), CITATION),),
        citations=(CITATION,),
        evidence=(("place", place), ("book", str(event.basis["book"])), *runs, *kept),
    )
