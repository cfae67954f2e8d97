"""The checks of an admitted episode by itself; those that hold a spell's episodes together are in ``spell``."""

from __future__ import annotations

from openpbc.activity.rules.checks.fields import bad_day, bad_number, missing, outside_month, unlisted
from openpbc.activity.rules.checks.parties import of_parties
from openpbc.activity.rules.checks.record import Check, Record, after, years_between
from openpbc.kernel import codes

_PLANNED = ("11", "12", "13")
_BIRTH = "82"
_MATERNITY = ("31", "32")
_CHILDBEARING = range(10, 61)
_DAY_CASE = "2"
_REGULAR = ("3", "4")
_DEATHS = ("4", "5")
_DIED = "79"
_LEFT = tuple("1234567")
_NOT_LEFT = "8"
_FINISHED = "3"
_UNCODED = "R69X"
_EXTERNAL = ("V", "W", "X", "Y")
_NEVER_FIRST = ("Y", "Z")
_MALE, _FEMALE = "1", "2"
_STAND_INS = ("patient_class", "adm_method", "adm_source", "dis_method", "dis_dest")
_LISTS = (
    "patient_class",
    "adm_method",
    "adm_source",
    "dis_method",
    "dis_dest",
    "last_epi",
    "episode_status",
    "intended_mgmt",
    "operation_status",
)
_DAYS = ("dta_date", "ready_date", "dis_date", "epi_start", "epi_end", "proc_01_date")
_TAKEN_OFF = ("los_adj_rehab", "los_adj_spc", "critical_care_days")


def _finished(record: Record) -> bool:
    if record.has("episode_status"):
        return record.one_of("episode_status", (_FINISHED,))
    return record.has("dis_date")


def los_of(record: Record) -> int | None:
    """Count the nights from admission to discharge; none where a day is missing or they are out of order."""
    admitted, discharged = record.day("adm_date"), record.day("dis_date")
    if admitted is None or discharged is None or discharged < admitted:
        return None
    return (discharged - admitted).days


def _longer_than(record: Record, nights: int) -> bool:
    los = los_of(record)
    return los is not None and los > nights


def _years(record: Record) -> int | None:
    counted = years_between(record.day("dob"), record.day("adm_date"))
    return record.number("age") if counted is None else counted


def _discharge_told_twice(record: Record) -> bool:
    if record.has("dis_date"):
        return record.one_of("dis_method", (_NOT_LEFT,))
    return record.one_of("dis_method", _LEFT)


def _undecided(record: Record) -> bool:
    if not record.one_of("adm_method", _PLANNED):
        return False
    return not record.has("dta_date") or after(record.day("dta_date"), record.day("adm_date"))


def _uncoded(record: Record) -> bool:
    return _finished(record) and (not record.has("diag_01") or record.plain("diag_01") == _UNCODED)


def _misshapen(field: str, shape: str) -> Check:
    def test(record: Record) -> bool:
        code = record.plain(field)
        return code is not None and not codes.matches(shape, code)

    return Check("V-APC-10", field, test)


def _outside_spell(record: Record) -> bool:
    day = record.day("proc_01_date")
    return after(record.day("adm_date"), day) or after(day, record.day("dis_date"))


def _odd_birth_or_mother(record: Record) -> bool:
    years, born = _years(record), record.day("dob")
    if record.one_of("adm_method", (_BIRTH,)):
        return after(record.day("adm_date"), born) if born else years is not None and years > 0
    if not record.one_of("adm_method", _MATERNITY):
        return False
    return record.one_of("sex", (_MALE,)) or (years is not None and years not in _CHILDBEARING)


def _odd_day_case(record: Record) -> bool:
    if not record.one_of("patient_class", (_DAY_CASE,)):
        return False
    return not record.one_of("adm_method", _PLANNED) or _longer_than(record, 0)


def _too_many_days_off(record: Record) -> bool:
    los = los_of(record)
    return los is not None and sum(record.number(field) or 0 for field in _TAKEN_OFF) > los


def _ready_outside_stay(record: Record) -> bool:
    ready = record.day("ready_date")
    return after(record.day("adm_date"), ready) or after(ready, record.day("dis_date"))


def _ungrouped(record: Record) -> bool:
    if not _finished(record):
        return False
    group, shape = record.text("hrg_spell"), record.lists.ungrouped
    return group is None or (shape is not None and codes.matches(shape, group))


def _other_sex(record: Record) -> bool:
    diagnosis = record.plain("diag_01") or ""
    if record.one_of("sex", (_MALE,)):
        return diagnosis.startswith("O")
    return record.one_of("sex", (_FEMALE,)) and "N40" <= diagnosis[:3] <= "N51"


def _order(field: str, first: str, second: str) -> Check:
    return Check("V-APC-01", field, lambda record: after(record.day(first), record.day(second)))


ADMITTED: tuple[Check, ...] = (
    *of_parties(_STAND_INS),
    outside_month("dis_date"),
    *(unlisted("V-ALL-10", field) for field in _LISTS),
    unlisted("V-ALL-11", "tfc", needed=True),
    unlisted("V-ALL-11", "main_spec"),
    _order("dis_date", "adm_date", "dis_date"),
    _order("epi_start", "adm_date", "epi_start"),
    _order("epi_end", "epi_end", "dis_date"),
    Check("V-APC-02", "epi_end", lambda record: after(record.day("epi_start"), record.day("epi_end"))),
    Check("V-APC-03", "epi_end", lambda record: _finished(record) and not record.has("epi_end")),
    Check("V-APC-04", "dis_method", _discharge_told_twice),
    Check(
        "V-APC-05",
        "dis_dest",
        lambda record: record.one_of("dis_method", _DEATHS) != record.one_of("dis_dest", (_DIED,)),
    ),
    Check("V-APC-08", "dta_date", _undecided),
    Check("V-APC-09", "diag_01", _uncoded),
    *(_misshapen(field, codes.ICD10) for field in ("diag_01", "diag_02", "diag_03")),
    *(_misshapen(field, codes.OPCS4) for field in ("proc_01", "proc_02")),
    Check("V-APC-11", "diag_01", lambda record: (record.text("diag_01") or "").startswith(_EXTERNAL)),
    Check("V-APC-11", "proc_01", lambda record: (record.text("proc_01") or "").startswith(_NEVER_FIRST)),
    Check("V-APC-12", "proc_01_date", _outside_spell),
    Check("V-APC-13", "adm_method", _odd_birth_or_mother),
    Check("V-APC-14", "patient_class", _odd_day_case),
    Check(
        "V-APC-15",
        "patient_class",
        lambda record: record.one_of("patient_class", _REGULAR) and _longer_than(record, 1),
    ),
    Check("V-APC-16", "los_adj_rehab", _too_many_days_off),
    Check("V-APC-17", "ready_date", _ready_outside_stay),
    Check("V-APC-18", "hrg_spell", _ungrouped),
    Check("V-APC-19", "diag_01", _other_sex),
    *(bad_day(field) for field in _DAYS),
    *(bad_number(field) for field in ("epi_no", *_TAKEN_OFF)),
    Check("T-03", "adm_date", lambda record: record.day("adm_date") is None),
    missing("T-04", "spell_no"),
)
