"""Runs the same accepted rows through both engines, Python's law and the warehouse's SQL, and gives their records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from openpbc.activity.flow import pricing
from openpbc.activity.rules.attribution import Dated, Geography
from openpbc.activity.rules.law import PricingLaw
from openpbc.activity.rules.pathways import Done, done_elsewhere, done_on_pathways
from openpbc.activity.rules.spells import episode_of, pathways
from openpbc.activity.rules.units import unit_of
from openpbc.kernel.periods import Month
from openpbc.warehouse.session import Session

Row = dict[str, Any]
Rows = Mapping[str, Sequence[Row]]
TWO_THREADS = partial(Session, threads=2)

_TEXT = {
    "apc": (
        "stream file provider site commissioner csn spell_no last_epi sex postcode practice admin_category "
        "patient_class adm_method adm_source dis_method dis_dest main_spec tfc consultant diag_01 diagnoses "
        "proc_01 procedures hrg_spell hrg_fce unbundled_hrg bpt_flag pathway_id"
    ),
    "op": (
        "stream file provider site commissioner csn attendance_id sex postcode practice admin_category "
        "first_attendance attended_or_dna outcome priority_type source_of_referral multi_professional_ind main_spec "
        "tfc consultant diag_01 proc_01 hrg unbundled_hrg bpt_flag pathway_id"
    ),
    "ae": (
        "stream file provider site commissioner csn attendance_id sex postcode practice admin_category arrival_time "
        "departure_time attendance_category arrival_mode department_type patient_group referral_source disposal "
        "diag_01 investigation_01 treatment_01 hrg"
    ),
}
_OTHER = {
    "apc": {
        **dict.fromkeys(("adm_date", "ready_date", "dis_date", "epi_start", "epi_end"), "DATE"),
        **dict.fromkeys(("epi_no", "age", "los_adj_rehab", "los_adj_spc", "critical_care_days"), "INTEGER"),
    },
    "op": {"appointment_date": "DATE", "referral_received_date": "DATE", "age": "INTEGER"},
    "ae": {"arrival_date": "DATE", "departure_date": "DATE", "age": "INTEGER"},
}
COLUMNS = {
    stream: {"line": "BIGINT", **dict.fromkeys(_TEXT[stream].split(), "VARCHAR"), **_OTHER[stream]} for stream in _TEXT
}


def row(stream: str, line: int, **given: Any) -> Row:
    """Make an accepted row; what is not given is missing, and an empty text is missing too."""
    unknown = given.keys() - COLUMNS[stream].keys()
    assert not unknown, f"{stream} has no column {unknown}"
    made: Row = dict.fromkeys(COLUMNS[stream])
    return (
        made
        | {"stream": stream, "file": "f00000000000", "line": line, "provider": "RAA"}
        | {name: None if value == "" else value for name, value in given.items()}
    )


def lay_rows(session: Session, rows: Rows) -> None:
    """Lay accepted rows down as the tables that checking would have made."""
    for stream, columns in COLUMNS.items():
        held = [[one[name] for name in columns] for one in rows.get(stream, ())]
        session.table(f"accepted_{stream}", columns, held)


def lay_places(session: Session, places: Geography, mff: Mapping[str, int], providers: Iterable[str] = ()) -> None:
    """Lay the reference tables down as the flow lays them, from a geography of one day's knowledge."""
    text = "VARCHAR"
    days = {"valid_from": "DATE", "valid_to": "DATE"}
    session.table(
        "memberships",
        {"practice": text, "unit": text, "budget_line": text, **days},
        [(m.practice, m.unit, m.budget_line, *_days(m.dated)) for m in places.memberships],
    )
    session.table(
        "practices",
        {"practice": text, "commissioner": text, "postcode": text, **days},
        [(p.practice, p.commissioner, None, *_days(p.dated)) for p in places.practices],
    )
    listed = sorted({*mff, *providers})
    session.table(
        "providers",
        {"provider": text, "name": text, "mff_e7": "BIGINT", "coordinator": text},
        [(code, code, mff.get(code), None) for code in listed],
    )
    session.table("postcodes", {"prefix": text, "commissioner": text}, list(places.postcodes.items()))
    session.table("commissioners", {"commissioner": text, "name": text}, [(c, c) for c in sorted(places.commissioners)])


def _days(dated: Dated) -> tuple[date, date]:
    return dated.valid_from or date.min, dated.valid_to or date.max


def run_sql(session: Session, rows: Rows, law: PricingLaw, places: Geography, month: Month) -> None:
    """Attribute, price and monitor in the warehouse."""
    lay_rows(session, rows)
    lay_places(session, places, law.mff)
    pricing.attribute_by(session, law, places, month)
    pricing.price_by(session, law)
    pricing.monitor(session, month)


def by_sql(
    rows: Rows, law: PricingLaw, places: Geography, month: Month, opened: Callable[[], Session] = TWO_THREADS
) -> dict[tuple[str, str, int], Row]:
    """Give the priced records of the warehouse by stream, file and line."""
    with opened() as session:
        run_sql(session, rows, law, places, month)
        assert pricing.imbalances(session) == ()
        return priced_in(session)


def priced_in(session: Session) -> dict[tuple[str, str, int], Row]:
    """Give what a session priced by stream, file and line."""
    lines = session.records("select * from priced_elements order by code")
    return _with_lines(session.records("select * from priced"), lines)


def _with_lines(records: Iterable[Row], lines: Iterable[Row]) -> dict[tuple[str, str, int], Row]:
    """Key the records of units, each with the lines of its unbundled elements."""
    keyed = {(r["stream"], r["file"], r["line"]): {**r, "elements": []} for r in records}
    for line in lines:
        keyed[line["stream"], line["file"], line["line"]]["elements"].append(line)
    return keyed


def by_law(rows: Rows, law: PricingLaw, places: Geography, month: Month) -> dict[tuple[str, str, int], Row]:
    """Give the priced records of the law for one record, unit by unit."""
    spells: dict[str, list[Row]] = defaultdict(list)
    for one in rows.get("apc", ()):
        spells[episode_of(one).key].append(one)
    done = done_on_pathways(rows.get("op", ()), law.codes)
    units = [unit_of("apc", own, law, places, str(month), _elsewhere(own, done)) for own in spells.values()]
    for stream in ("op", "ae"):
        units += [unit_of(stream, [one], law, places, str(month)) for one in rows.get(stream, ())]
    return _with_lines((u.record() for u in units), (line for u in units for line in u.elements()))


def _elsewhere(rows: Sequence[Row], done: Done) -> frozenset[str]:
    episodes = [episode_of(one) for one in rows]
    return done_elsewhere(pathways(episodes), episodes[0].provider, done)
