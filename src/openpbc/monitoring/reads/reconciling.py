"""How a provider's contract totals of a closed month stand against what is behind them, and what is held for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openpbc.kernel.citations import Citation
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation, Step
from openpbc.monitoring.reads.addresses import nowhere
from openpbc.monitoring.reads.months import manifest, run_id
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.warehouse import runs

PREFIX = "reconciliation"
CITATION = Citation("openpbc-domain-notes", "Contract monitoring, reconciliation", "D")
SOURCES = ("care", "plcm", "drplcm", "deplcm", "no_patient")
MEASURES = ("acm", *SOURCES, "residual", "held")
WORDS: Mapping[str, str] = {
    "acm": "Charged (ACM)",
    "care": "Care priced here",
    "plcm": "Patients' lines (PLCM)",
    "drplcm": "Drugs (DrPLCM)",
    "deplcm": "Devices (DePLCM)",
    "no_patient": "Lines of no patient",
    "residual": "Without explanation",
    "held": "Held",
}


@dataclass(frozen=True)
class Agreed:
    """One commissioner and point of delivery: pence charged, what stands behind them, and the difference."""

    commissioner: str
    pod: str
    acm: int
    care: int
    plcm: int
    drplcm: int
    deplcm: int
    no_patient: int
    residual: int
    held: int
    verdict: str


@dataclass(frozen=True)
class CategorySum:
    """Pence of one point of delivery by who commissions the service; care does not say, so its category is empty."""

    commissioner: str
    pod: str
    category: str
    source: str
    pence: int
    lines: int


@dataclass(frozen=True)
class Reconciliation:
    """The test of a provider's month. ``twins`` counts lines of totals that repeat another but for their measures."""

    place: str
    month: Month
    provider: str
    run_id: str
    pods: tuple[Agreed, ...]
    categories: tuple[CategorySum, ...]
    twins: int
    totals: Mapping[str, int]

    @property
    def sent(self) -> bool:
        """Whether the provider sent totals at all."""
        return bool(self.pods)

    @property
    def agrees(self) -> bool:
        """Whether every point of delivery agrees within the tolerance."""
        return self.sent and all(one.verdict == "AGREES" for one in self.pods)


@dataclass(frozen=True)
class Sender:
    """A provider that sent totals for a month, and what the test of them comes to."""

    provider: str
    acm: int
    residual: int
    held: int
    differing: int


def senders(place: str, month: Month) -> list[Sender]:
    """List the providers whose totals stand in a closed month, and how many points of delivery differ."""
    run = run_id(place, month)
    if not _tested(run):
        return []
    found = runs.query(
        store(),
        [run],
        "select provider, cast(sum(acm) as bigint) as acm, cast(sum(residual) as bigint) as residual, "
        "cast(sum(held) as bigint) as held, count(case when verdict <> 'AGREES' then 1 end) as differing "
        "from reconciliation group by provider order by provider",
    )
    return [Sender(**row) for row in found]


def reconciliation(place: str, month: Month, provider: str) -> Reconciliation:
    """Give the test of one provider's month; a provider that is none of the place is a person's mistake."""
    if provider not in {one.code for one in organisations.providers(place)}:
        raise UserError(f"there is no provider '{provider[:20]}' in this place", do="Choose one from the month's page.")
    run = run_id(place, month)
    if not _tested(run):
        return Reconciliation(place, month, provider, run, (), (), 0, dict.fromkeys(MEASURES, 0))
    of = {"provider": provider}
    pods = _query(run, "select * from reconciliation where provider = $provider order by commissioner, pod", of)
    sums = _query(
        run,
        "select commissioner, pod, category, source, cast(sum(pence) as bigint) as pence, "
        "cast(sum(lines) as bigint) as lines from reconciled_amount where provider = $provider "
        "group by all order by all",
        of,
    )
    twins = _query(run, "select count(*) as n from findings where rule = 'CM-17' and file in (select file from "
                   "contract_monitoring where provider = $provider)", of)  # fmt: skip
    names = Agreed.__dataclass_fields__
    agreed = tuple(Agreed(**{name: row[name] for name in names}) for row in pods)
    totals = {measure: sum(getattr(one, measure) for one in agreed) for measure in MEASURES}
    categories = tuple(CategorySum(**row) for row in sums)
    return Reconciliation(place, month, provider, run, agreed, categories, twins[0]["n"], totals)


def _tested(run: str) -> bool:
    """Tell whether a run holds the test; an open month has no run, and a run of an earlier version has no test."""
    return bool(run) and (runs.read(store(), run).folder / "reconciliation.parquet").is_file()


def _query(run: str, sql: str, of: dict[str, Any]) -> list[dict[str, Any]]:
    return runs.query(store(), [run], sql, of)


def address(place: str, month: Month, provider: str, commissioner: str, pod: str, measure: str) -> str:
    """Give the address of one figure of the test; ``total`` stands for all commissioners and points of delivery."""
    return f"{PREFIX}/{place}/{month}/{provider}/{commissioner or '-'}/{pod or '-'}/{measure}"


TOTAL = "total"


def explain_reconciliation(asked: str) -> Explanation:
    """Explain ``reconciliation/<place>/<month>/<provider>/<commissioner>/<pod>/<measure>``."""
    parts = asked.split("/")
    if len(parts) != 7 or parts[6] not in MEASURES:
        raise nowhere(asked)
    place, month, provider, commissioner, pod, measure = parts[1], Month.parse(parts[2]), *parts[3:]
    found = reconciliation(place, month, provider)
    if pod == TOTAL:
        steps = tuple(
            Step(
                "reconciliation.pod",
                f"{one.commissioner}, {one.pod}",
                getattr(one, measure),
                (("verdict", one.verdict),),
                CITATION,
                address(place, month, provider, one.commissioner, one.pod, measure),
            )
            for one in found.pods
        )
        return _explained(asked, found, f"{WORDS[measure]}, {provider}", steps, "sum over points of delivery")
    row = next((one for one in found.pods if (one.commissioner or "-", one.pod or "-") == (commissioner, pod)), None)
    if row is None:
        raise nowhere(asked)
    steps, formula = _steps_of(found, row, measure)
    return _explained(asked, found, f"{WORDS[measure]}, {provider}, {commissioner}, {pod}", steps, formula)


def _steps_of(found: Reconciliation, row: Agreed, measure: str) -> tuple[tuple[Step, ...], str]:
    own = [one for one in found.categories if (one.commissioner, one.pod) == (row.commissioner, row.pod)]
    if measure in ("residual", "held"):
        at = (found.place, found.month, found.provider, row.commissioner, row.pod)
        signs = {"acm": 1, **dict.fromkeys(SOURCES, -1)}
        steps = tuple(
            Step("reconciliation.residual", WORDS[name], sign * getattr(row, name), (), CITATION, address(*at, name))
            for name, sign in signs.items()
        )
        if measure == "residual":
            return steps, "charged less everything that stands behind it"
        kept = Step("reconciliation.held", "Not held: charged within tariff, or within the tolerance",
                    row.held - row.residual, (), CITATION)  # fmt: skip
        return (*steps, kept), "what is charged outside tariff and has no backing data"
    source = "acm" if measure == "no_patient" else measure
    listed = [one for one in own if one.source == source] if measure != "no_patient" or row.no_patient else []
    return tuple(
        Step(f"reconciliation.{measure}", f"Service category {one.category or 'not told'}", one.pence,
             (("lines", f"{one.lines:,}"),), CITATION)
        for one in listed
    ), "sum of its lines by who commissions the service"  # fmt: skip


def _explained(asked: str, found: Reconciliation, title: str, steps: tuple[Step, ...], formula: str) -> Explanation:
    files = [
        (f"file {each['stream']}", each["sha256"])
        for each in manifest(found.place, found.month).get("inputs", ())
        if each["provider"] == found.provider
    ]
    return Explanation(
        address=asked,
        title=f"{title}, {found.month.name}",
        value=sum(step.effect for step in steps),
        unit="pence",
        formula=formula,
        steps=steps,
        citations=(CITATION,),
        evidence=(("place", found.place), ("run", found.run_id), *files),
    )
