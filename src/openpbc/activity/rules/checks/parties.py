"""The checks of every record: who sent it, who pays, who the patient is and where the patient belongs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from openpbc.activity.rules.checks.fields import bad_day, stand_in, unlisted
from openpbc.activity.rules.checks.record import Check, Record, after
from openpbc.kernel import codes

_OLDEST_BIRTH = date(1880, 1, 1)
_VERIFIED, _NOT_PRESENT = "01", "07"
_NEVER_NOT_KNOWN = ("nhs_number_status", "rtt_status", "wt_type")
_STOPPED = ("30", "31", "32", "33", "34", "35", "36")


def _provider(record: Record) -> bool:
    given = record.text("provider")
    if given is None:
        return True
    if record.file.by_place:
        return codes.provider_match(given) not in record.lists.providers
    return not codes.matches(codes.PROVIDER, given)


def _commissioner(record: Record) -> bool:
    return not record.has("commissioner") or _in_list(record, "commissioner", "commissioner")


def _in_list(record: Record, name: str, field: str) -> bool:
    return record.text(field) in record.lists.codes.get(name, {})


def _nhs_number(record: Record) -> bool:
    given = record.text("nhs_number")
    return given is not None and not codes.nhs_number_ok(given)


def _nhs_status(record: Record) -> bool:
    if record.has("nhs_number"):
        return record.one_of("nhs_number_status", (_NOT_PRESENT,))
    return record.one_of("nhs_number_status", (_VERIFIED,))


def _born(record: Record) -> bool:
    born = record.day("dob")
    return after(_OLDEST_BIRTH, born) or after(born, record.active)


def _practice(record: Record) -> bool:
    given = record.text("practice")
    if given is None:
        return True
    if not record.file.by_place:
        return not codes.matches(codes.PRACTICE, given)
    if _in_list(record, "practice", "practice"):
        return False
    on = record.active
    spans = record.lists.practices.get(given, ())
    return on is None or not any(span.first <= on <= span.last for span in spans)


def _names_person(record: Record) -> bool:
    key = record.text("cds_unique_id")
    return key is not None and any(digits in key for digits in _digits_of_person(record))


def _digits_of_person(record: Record) -> Iterator[str]:
    """Give the NHS number, and the day of birth as it is written here and as people write it."""
    number, born = codes.clean_nhs_number(record.text("nhs_number") or ""), record.day("dob")
    if codes.matches(codes.NHS_NUMBER, number):
        yield number
    if born is not None:
        year, month, day = born.isoformat().split("-")
        yield year + month + day
        yield day + month + year


def _postcode(record: Record) -> bool:
    given = record.text("postcode")
    return given is not None and not codes.matches(codes.POSTCODE, given) and not given.startswith("ZZ99")


def _other_provider(record: Record) -> bool:
    given, sender = record.text("provider"), record.file.sender
    return given is not None and sender is not None and codes.provider_match(given) != sender


def _clock_ended_wrongly(record: Record) -> bool:
    """A period ends on or after its start, and has an end where its status says that the clock stopped."""
    if not record.has("rtt_end"):
        return record.one_of("rtt_status", _STOPPED)
    return after(record.day("rtt_start"), record.day("rtt_end"))


OF_SENDER: tuple[Check, ...] = (
    Check("V-ALL-01", "provider", _provider),
    Check("V-ALL-02", "commissioner", _commissioner),
    Check("T-05", "provider", _other_provider),
)


def of_parties(stand_ins: Iterable[str]) -> tuple[Check, ...]:
    """Give the checks of every stream; ``stand_ins`` are its fields whose lists hold codes for not known."""
    return (
        Check("V-ALL-01", "provider", _provider),
        Check("V-ALL-02", "commissioner", _commissioner),
        Check("V-ALL-03", "nhs_number", _nhs_number),
        Check("V-ALL-04", "nhs_number", _nhs_status),
        Check("V-ALL-05", "dob", _born),
        Check("V-ALL-06", "practice", _practice),
        Check("V-ALL-09", "cds_unique_id", _names_person),
        *(unlisted("V-ALL-10", field) for field in ("sex", "ethnic", "admin_category", *_NEVER_NOT_KNOWN)),
        Check("V-ALL-12", "postcode", _postcode),
        Check("V-RTT-01", "rtt_end", _clock_ended_wrongly),
        bad_day("dob"),
        Check("T-05", "provider", _other_provider),
        Check("D-01", "practice", lambda record: _in_list(record, "practice", "practice")),
        *(stand_in(field) for field in ("sex", "ethnic", "admin_category", *stand_ins)),
        Check("X-DEL", "update_type", lambda record: record.one_of("update_type", ("1",))),
        Check("X-EQ", "csn", lambda record: (record.text("csn") or "").rstrip(" ").endswith("=")),
        Check("X-PRIV", "admin_category", lambda record: _in_list(record, "X-PRIV", "admin_category")),
        Check("X-OSV", "commissioner", lambda record: _in_list(record, "X-OSV", "commissioner")),
    )
