"""Holds a contract's totals against what stands behind them: care priced here, patients' lines, drugs and devices.

For each provider, commissioner and point of delivery: care + patients + drugs + devices + lines that belong to no
patient = totals, within a tolerance. A charge outside tariff without backing data is held. The copy for millions is
``sql/reconcile.sql``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from openpbc.kernel.citations import Citation
from openpbc.kernel.money import round_div
from openpbc.kernel.steps import Step

AGREES, UNBACKED, UNCHARGED = "AGREES", "UNBACKED", "UNCHARGED"
CARE, PATIENTS, DRUGS, DEVICES, NOBODY = "care", "plcm", "drplcm", "deplcm", "no_patient"
SOURCES = (CARE, PATIENTS, DRUGS, DEVICES, NOBODY)
TOTALS = "acm"
EXCESS = "XBD"
_LABELS = {
    CARE: "Care priced here from the records of care",
    PATIENTS: "Patients' lines of contract monitoring",
    DRUGS: "Drugs",
    DEVICES: "Devices",
    NOBODY: "Lines of the totals that belong to no patient",
}
_CITATION = Citation("openpbc-domain-notes", "Contract monitoring, reconciliation", "D")


@dataclass(frozen=True)
class Amount:
    """One amount in pence that goes into the test; ``source`` is a stream of contract monitoring, or care."""

    provider: str
    commissioner: str
    pod: str
    category: str
    source: str
    pence: int
    outside_tariff: bool = False


@dataclass(frozen=True, order=True)
class Agreement:
    """How a provider's total for a commissioner and point of delivery stands against what is behind it, in pence.

    residual = totals - (care + plcm + drplcm + deplcm + no_patient); ``held`` is what is charged outside tariff without
    backing data.
    """

    provider: str
    commissioner: str
    pod: str
    acm: int
    care: int
    plcm: int
    drplcm: int
    deplcm: int
    no_patient: int
    outside_tariff: int
    residual: int
    held: int
    verdict: str

    @property
    def steps(self) -> tuple[Step, ...]:
        """The residual, step by step: the total less everything that stands behind it."""
        first = Step("reconciliation.totals", "The contract's total (ACM)", self.acm, citation=_CITATION)
        backing = tuple(
            Step(f"reconciliation.{source}", _LABELS[source], -getattr(self, source), citation=_CITATION)
            for source in SOURCES
            if getattr(self, source)
        )
        return (first, *backing)


def shares_of_care(pod: str, charge: int, long_stay: int, pre_mff: int) -> tuple[tuple[str, int], ...]:
    """Split a priced unit as totals are written: days beyond the trim point are a point of delivery of their own."""
    if not long_stay or not pre_mff:
        return ((pod, charge),)
    beyond = round_div(charge * long_stay, pre_mff) if pre_mff > 0 else 0
    return ((pod, charge - beyond), (f"{pod}{EXCESS}", beyond))


def reconcile(amounts: Iterable[Amount], no_patient: Collection[str], tolerance: int) -> list[Agreement]:
    """Reconcile every provider that sent totals, in order of provider, commissioner and point of delivery.

    A provider without totals is not in the answer: there is nothing to hold its records against.
    """
    listed = list(amounts)
    senders = {one.provider for one in listed if one.source == TOTALS}
    sums: dict[tuple[str, str, str], dict[str, int]] = {}
    for one in listed:
        if one.provider not in senders:
            continue
        found = sums.setdefault((one.provider, one.commissioner, one.pod), dict.fromkeys((TOTALS, *SOURCES, "out"), 0))
        found[one.source] += one.pence
        if one.source == TOTALS:
            found[NOBODY] += one.pence if one.pod in no_patient else 0
            found["out"] += one.pence if one.outside_tariff and one.pod not in no_patient else 0
    return [_agreement(key, found, tolerance) for key, found in sorted(sums.items())]


def _agreement(key: tuple[str, str, str], found: dict[str, int], tolerance: int) -> Agreement:
    residual = found[TOTALS] - sum(found[source] for source in SOURCES)
    verdict = AGREES if abs(residual) <= tolerance else UNBACKED if residual > 0 else UNCHARGED
    held = max(0, min(residual, found["out"])) if verdict == UNBACKED else 0
    provider, commissioner, pod = key
    return Agreement(
        provider=provider,
        commissioner=commissioner,
        pod=pod,
        acm=found[TOTALS],
        care=found[CARE],
        plcm=found[PATIENTS],
        drplcm=found[DRUGS],
        deplcm=found[DEVICES],
        no_patient=found[NOBODY],
        outside_tariff=found["out"],
        residual=residual,
        held=held,
        verdict=verdict,
    )
