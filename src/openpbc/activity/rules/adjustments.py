"""What a contract pays less than the sum of its records: the marginal rate for emergencies, and readmissions.

Both are settled by contract and year and never touch a record's price. The law; ``sql/readmissions.sql`` is its copy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from openpbc.kernel.money import PPM, apply_ppm, round_div

ELECTIVE, NON_ELECTIVE = frozenset({"EL", "DC"}), frozenset({"EM", "NE"})
MONTHS = 12
PRICED, WITHOUT_PRICE = "PRICED", "no price"


@dataclass(frozen=True)
class Admission:
    """An admitted unit as readmission sees it.

    ``id`` is its file and line, ``person`` empty where nobody is known, ``kind`` EL, DC, EM, NE or empty (what is none
    of these neither is nor has a readmission). ``diagnoses`` are those of the first episode, parted by semicolons.
    ``charge`` is pence, 0 where none is stated; only what is ``PRICED`` is a case of the settlement, so that no such
    nought lowers its mean.
    """

    id: str
    provider: str
    person: str
    kind: str
    adm_date: date | None
    dis_date: date | None
    age: int | None
    hrg: str
    tfc: str
    adm_method: str
    dis_method: str
    diagnoses: str
    status: str
    charge: int


@dataclass(frozen=True)
class ReadmissionExclusion:
    """A field whose code lies from first to last (compared as far as ``last`` goes) takes a readmission out."""

    field: str
    first: str
    last: str
    reason: str


@dataclass(frozen=True)
class ReadmissionLaw:
    """How a year tells a readmission that it may not pay."""

    within_days: int
    same_provider: bool
    exclusions: tuple[ReadmissionExclusion, ...] = ()


@dataclass(frozen=True)
class Readmission:
    """An emergency admission soon after a discharge; ``reason`` says why it is paid all the same (empty: it is not)."""

    id: str
    provider: str
    index: str
    index_kind: str
    days: int
    reason: str
    charge: int


def readmissions(admissions: Iterable[Admission], law: ReadmissionLaw) -> tuple[Readmission, ...]:
    """Find every emergency admission within the days after a discharge of the same person, the latest one before it."""
    listed = [each for each in admissions if each.kind and each.person]
    by_person: dict[str, list[Admission]] = defaultdict(list)
    for each in listed:
        by_person[each.person].append(each)
    found = []
    for each in sorted(listed, key=lambda one: one.id):
        index = _index(each, by_person[each.person], law) if each.kind == "EM" else None
        if index is not None and index.dis_date and each.adm_date:
            days = (each.adm_date - index.dis_date).days
            reason = _paid_because(each, index, law)
            found.append(Readmission(each.id, each.provider, index.id, index.kind, days, reason, each.charge))
    return tuple(found)


def _index(back: Admission, own: Sequence[Admission], law: ReadmissionLaw) -> Admission | None:
    def fits(before: Admission) -> bool:
        if before.id == back.id or before.dis_date is None or back.adm_date is None:
            return False
        if law.same_provider and before.provider != back.provider:
            return False
        return 0 <= (back.adm_date - before.dis_date).days <= law.within_days

    return max(
        (each for each in own if fits(each)),
        key=lambda each: (each.dis_date or date.min, each.adm_date or date.min, each.id),
        default=None,
    )


def _paid_because(back: Admission, index: Admission, law: ReadmissionLaw) -> str:
    diagnoses = back.diagnoses.split(";")
    codes = {
        "hrg": (back.hrg,), "tfc": (back.tfc,), "adm_method": (back.adm_method,), "status": (back.status,),
        "diag_first": diagnoses[:1], "diag_second": diagnoses[1:],
        "index_dis_method": (index.dis_method,), "age": ("" if back.age is None else f"{back.age:03d}",),
    }  # fmt: skip
    for rule in law.exclusions:
        for code in codes[rule.field]:
            if code and rule.first <= code and code[: len(rule.last)] <= rule.last:
                return rule.reason
    return "" if back.status == PRICED else WITHOUT_PRICE


@dataclass(frozen=True)
class NotPaid:
    """What a provider is not paid for readmissions, in pence.

    ``beyond`` of the ``cases`` after a non-elective stay lie above what the agreed threshold allows; None where no
    threshold is agreed and there are cases, so that nothing can be said of them.
    """

    after_elective: int
    value: int
    cases: int
    allowed: int | None
    beyond: int | None
    after_non_elective: int | None

    @property
    def amount(self) -> int | None:
        """The whole amount, None where a threshold is missing."""
        return None if self.after_non_elective is None else self.after_elective + self.after_non_elective


def not_paid(found: Iterable[Readmission], discharges: int, threshold_ppm: int | None) -> NotPaid:
    """Settle one provider's readmissions: none after elective care is paid, others only up to the threshold.

    ``discharges`` counts its non-elective stays; the threshold allows that share of them, rounded down.
    """
    counted = [each for each in found if not each.reason]
    elective = sum(each.charge for each in counted if each.index_kind in ELECTIVE)
    rest = [each for each in counted if each.index_kind in NON_ELECTIVE]
    value, cases = sum(each.charge for each in rest), len(rest)
    if threshold_ppm is None:
        return NotPaid(elective, value, cases, None, None if cases else 0, None if cases else 0)
    allowed = discharges * threshold_ppm // PPM
    beyond = max(0, cases - allowed)
    return NotPaid(elective, value, cases, allowed, beyond, round_div(value * beyond, cases) if cases else 0)


def baseline_to_date(year: int, months: int) -> int:
    """Give the part of a year's baseline that belongs to its first months."""
    return round_div(year * months, MONTHS)


def marginal_adjustment(actual: int, baseline: int, rate_ppm: int) -> int:
    """Give what is taken off where emergencies cost more than the baseline: only a share of the excess is paid."""
    excess = max(0, actual - baseline)
    return apply_ppm(excess, rate_ppm) - excess


@dataclass(frozen=True)
class AdjustmentLaw:
    """The year's adjustments; a part that is None is off."""

    marginal_ppm: int | None = None
    marginal_pods: frozenset[str] = frozenset()
    readmission: ReadmissionLaw | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
