"""One unit of care as a whole, whose it is and what it costs, from its accepted rows: as ``sql`` does for millions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpbc.activity.rules.attribution import Attributed, Care, Geography, attribute
from openpbc.activity.rules.emergency import arrival_of, price_arrival
from openpbc.activity.rules.law import PricingLaw
from openpbc.activity.rules.outpatients import appointment_of, price_attendance
from openpbc.activity.rules.priced import Priced
from openpbc.activity.rules.pricing import price_spell
from openpbc.activity.rules.spells import episode_of, spell_of

Row = Mapping[str, Any]


@dataclass(frozen=True)
class UnitOfCare:
    """A priced unit: a spell (``episodes`` rows), an appointment or an A&E attendance (one row)."""

    stream: str
    provider: str
    file: str
    line: int
    key: str
    month: str
    attributed: Attributed
    priced: Priced
    episodes: int = 1

    def record(self) -> dict[str, Any]:
        """Give the unit in the columns of the table ``priced``."""
        whose, what = self.attributed, self.priced
        own = {"stream": self.stream, "provider": self.provider, "file": self.file, "line": self.line, "key": self.key}
        placed = {"month": self.month, "practice": whose.practice, "unit": whose.unit, "budget_line": whose.budget_line}
        decided = {"commissioner": whose.commissioner, "method": whose.method, "pod": what.pod, "hrg": what.hrg}
        told = {"status": what.status.value, "reason": what.reason, "base": what.base, "topup": what.topup}
        parts = {"long_stay": what.long_stay, "unbundled": what.unbundled, "pre_mff": what.pre_mff}
        paid = {"mff_amount": what.mff_amount, "price": what.price, "charge": what.charge}
        days = {"los": what.los, "excess_bed_days": what.excess_bed_days, "episodes": self.episodes}
        return own | placed | decided | told | parts | paid | days

    def elements(self) -> list[dict[str, Any]]:
        """Give the unbundled elements of the unit in the columns of the table ``priced_elements``."""
        own = {"stream": self.stream, "file": self.file, "line": self.line, "provider": self.provider}
        return [
            own | {"code": each.code, "times": each.times, "price": each.price, "amount": each.amount}
            for each in self.priced.elements
        ]


def unit_of(
    stream: str,
    rows: Sequence[Row],
    law: PricingLaw,
    places: Geography,
    run_month: str,
    elsewhere: frozenset[str] = frozenset(),
) -> UnitOfCare:
    """Attribute and price the accepted rows of one unit; only a spell may have several.

    ``run_month`` (``YYYY-MM``) dates a unit that has no date of its own, such as an open spell; ``elsewhere`` are the
    resource groups of what other providers did on the spell's pathway (``rules.pathways``).
    """
    if stream == "apc":
        return _spell(rows, law, places, run_month, elsewhere)
    (row,) = rows
    if stream == "op":
        appointment = appointment_of(row)
        return _single("op", row, appointment.appointment_date, price_attendance(appointment, law), places, run_month)
    arrival = arrival_of(row)
    return _single("ae", row, arrival.arrival_date, price_arrival(arrival, law), places, run_month)


def _spell(
    rows: Sequence[Row], law: PricingLaw, places: Geography, run_month: str, elsewhere: frozenset[str]
) -> UnitOfCare:
    spell = spell_of([episode_of(row) for row in rows], law, elsewhere)
    first = next(row for row in rows if (row["file"], row["line"]) == (spell.file, spell.line))
    day = spell.dis_date if law.scheme.assign_on == "DISCHARGE" and spell.dis_date else spell.adm_date
    whose = attribute(_care("apc", first, day), places)
    month = _month(spell.dis_date, run_month)
    priced = price_spell(spell, law)
    return UnitOfCare(
        "apc", spell.provider, spell.file, spell.line, spell.key, month, whose, priced, spell.episodes
    )  # fmt: skip


def _single(stream: str, row: Row, day: date | None, priced: Priced, places: Geography, run_month: str) -> UnitOfCare:
    file, line = str(row["file"]), int(row["line"])
    key = str(row.get("attendance_id") or f"{file}:{line}")
    whose = attribute(_care(stream, row, day), places)
    return UnitOfCare(stream, str(row["provider"]), file, line, key, _month(day, run_month), whose, priced)


def _month(day: date | None, run_month: str) -> str:
    return run_month if day is None else day.isoformat()[:7]


def _care(stream: str, row: Row, day: date | None) -> Care:
    names = "provider site commissioner practice postcode admin_category adm_source tfc".split()
    wanted = [name for name in names if stream == "apc" or name != "adm_source"]
    if stream == "ae":
        wanted.remove("tfc")
    return Care(stream, day=day, **{name: str(row.get(name) or "") for name in wanted})
