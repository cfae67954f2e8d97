"""What may be asked of contracts: the register, the terms that pricing needs, and the activity plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Sum

from openpbc.contracts import models
from openpbc.contracts.rules.mechanisms import MECHANISMS, Agreed, Paid, paid_to_date
from openpbc.contracts.rules.plan_file import PlanRow
from openpbc.kernel.citations import Citation
from openpbc.kernel.money import pence_from_text, ppm_from_text
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation, Step
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.values import NotSet, Table

__all__ = ["MECHANISMS", "Agreed", "Paid", "PlanRow", "paid_to_date"]

PREFIX = "local-price"
RULE = "contracts.local_price"
Terms = dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]
LINE_COLUMNS = ("provider", "stream", "pod", "code", "arrangement", "price")
UNBUNDLING_COLUMNS = ("provider", "hrg", "element", "deduction")
TERM_COLUMNS = ("provider", "multi_professional", "left_before_treatment")


@dataclass(frozen=True)
class LocalPrice:
    """What a contract pays beside the tariff; ``price`` is pence, None where no amount is agreed."""

    stream: str
    pod: str
    code: str
    arrangement: str
    price: int | None


@dataclass(frozen=True)
class Contract:
    """A register entry. Dates are None where not set; ``coordinator`` is empty where none is agreed."""

    provider: str
    year: str
    title: str
    kind: str
    form: str
    mechanism: str
    coordinator: str
    starts: date | None
    ends: date | None
    multi_professional: bool
    left_before_treatment: bool | None
    note: str
    local_prices: tuple[LocalPrice, ...]


@dataclass(frozen=True)
class Plan:
    """The version of the activity plan that counts, with its totals in units of activity and pence."""

    year: str
    sha256: str
    file_name: str
    loaded_at: datetime
    loaded_by: str
    lines: int
    activity: int
    charge: int


def year_of(place: str) -> str:
    """Give the financial year that a place's book is for."""
    return str(organisations.book(place).place.year)


def register(place: str, year: str | None = None) -> list[Contract]:
    """List a place's contracts of a year (its own unless said) by provider."""
    entries = models.Contract.objects.filter(place=place, year=year or year_of(place))
    return [_contract(entry) for entry in entries.order_by("provider").prefetch_related("local_prices")]


def _contract(entry: models.Contract) -> Contract:
    names = (
        "provider year title kind form mechanism coordinator starts ends multi_professional left_before_treatment note"
    ).split()
    prices = sorted(
        (
            LocalPrice(price.stream, price.pod, price.code, price.arrangement, price.price_pence)
            for price in entry.local_prices.all()
        ),
        key=lambda price: (price.stream, price.pod, price.code),
    )
    return Contract(**{name: getattr(entry, name) for name in names}, local_prices=tuple(prices))


def terms(place: str, year: str | None = None) -> Terms:
    """Give the snapshot of contract terms that pricing needs: table name -> (columns, rows), prices in pence."""
    contracts = register(place, year)
    lines = [
        (contract.provider, price.stream, price.pod, price.code, price.arrangement, price.price)
        for contract in contracts
        for price in contract.local_prices
    ]
    settings = [(each.provider, each.multi_professional, each.left_before_treatment) for each in contracts]
    found: Terms = {"contract_lines": (LINE_COLUMNS, lines), "contract_terms": (TERM_COLUMNS, settings)}
    if unbundled := _unbundlings(place):
        found["contract_unbundlings"] = (UNBUNDLING_COLUMNS, unbundled)
    return found


def _unbundlings(place: str) -> list[tuple[Any, ...]]:
    """Read what contracts leave out of a price for elements done elsewhere; a deduction is written in pounds."""
    listed = organisations.book(place).table("contracts.unbundlings")
    if isinstance(listed, NotSet):
        return []
    return [
        (row["provider"], row["hrg"], row["element"], pence_from_text(row["deduction"]))
        for row in sorted(listed, key=lambda row: (row["provider"], row["hrg"], row["element"]))
    ]


def plan(place: str, year: str | None = None) -> Plan | None:
    """Give the current activity plan of a year, or None where none was loaded."""
    version = _current(place, year)
    if version is None:
        return None
    sums = version.lines.aggregate(
        line_count=Count("id"), activity_sum=Sum("activity"), charge_sum=Sum(F("activity") * F("price_pence"))
    )
    return Plan(
        year=version.year,
        sha256=version.sha256,
        file_name=version.file_name,
        loaded_at=version.loaded_at,
        loaded_by=version.loaded_by,
        lines=sums["line_count"],
        activity=int(sums["activity_sum"] or 0),
        charge=int(sums["charge_sum"] or 0),
    )


def plan_rows(place: str, year: str | None = None) -> list[PlanRow]:
    """Give the lines of the current plan in the order of their columns; none where no plan was loaded."""
    version = _current(place, year)
    if version is None:
        return []
    columns = ("provider", "unit", "stream", "pod", "month", "activity", "price_pence")
    return [PlanRow(*line) for line in version.lines.order_by(*columns[:5]).values_list(*columns)]


def _current(place: str, year: str | None) -> models.ActivityPlan | None:
    wanted: Mapping[str, Any] = {"place": place, "year": year or year_of(place), "current": True}
    return models.ActivityPlan.objects.filter(**wanted).first()


def local_price_address(place: str, provider: str, price: LocalPrice) -> str:
    """Give the address of a local price; an empty code is written as a dash."""
    return "/".join((PREFIX, place, provider, price.stream, price.pod or "-", price.code or "-"))


def explain(address: str, viewer: Viewer) -> Explanation:
    """Explain ``local-price/<place>/<provider>/<stream>/<pod>/<code>``."""
    parts = address.split("/")
    place = parts[1] if len(parts) == 6 else ""
    agreed = {
        local_price_address(place, contract.provider, price): (contract, price)
        for contract in (register(place) if place else ())
        for price in contract.local_prices
    }
    contract, price = agreed.get(address, (None, None))
    if contract is None or price is None or price.price is None:
        raise UserError(f"'{address[:80]}' names no agreed price", do="Open the figure from its page again.")
    found = organisations.book(place).need_table("contracts.local_prices")
    inputs = (("stream", price.stream), ("point of delivery", price.pod), ("code", price.code))
    return Explanation(
        address=address,
        title=f"Price agreed beside the tariff, {contract.title}",
        value=price.price,
        unit="pence",
        formula="as agreed in the contract",
        steps=(Step(RULE, price.arrangement.lower(), price.price, inputs, found.citation),),
        citations=(found.citation,),
        evidence=(("place", place), ("book", organisations.book(place).hash), ("file", found.path)),
        statuses=(str(found.status),),
    )


@dataclass(frozen=True)
class PaymentTerms:
    """How the place's contracts pay: what is agreed by provider, and what of the year's scheme they need (or None)."""

    agreed: Mapping[str, Agreed]
    baselines: Mapping[str, int]
    thresholds: Mapping[str, int]
    variable_pods: frozenset[str] | None
    low_volume_years: int | None
    citations: Mapping[str, Citation]


def payment_terms(place: str) -> PaymentTerms:
    """Read the sums, baselines (pence a year) and thresholds (ppm) that contracts agreed, from the place's book."""
    book = organisations.book(place)
    years = book.value("payment.low_volume_years")
    pods = book.table("payment.variable_pods")
    agreed, baselines, thresholds = (
        book.table(f"contracts.{name}") for name in ("agreed_values", "marginal_baselines", "readmission_thresholds")
    )
    return PaymentTerms(
        agreed=_agreed(_rows(agreed)),
        baselines={row["provider"]: pence_from_text(row["baseline"]) for row in _rows(baselines)},
        thresholds={row["provider"]: ppm_from_text(row["rate"]) for row in _rows(thresholds)},
        variable_pods=None if isinstance(pods, NotSet) else frozenset(row["code"] for row in pods),
        low_volume_years=None if isinstance(years, NotSet) else years.int,
        citations={
            found.id: found.citation for found in (agreed, baselines, thresholds, pods, years)
            if not isinstance(found, NotSet)
        },
    )  # fmt: skip


def _rows(found: Table | NotSet) -> tuple[dict[str, str], ...]:
    return () if isinstance(found, NotSet) else found.rows


def _agreed(rows: Sequence[Mapping[str, str]]) -> dict[str, Agreed]:
    found = {}
    for provider in sorted({row["provider"] for row in rows}):
        own = [row for row in rows if row["provider"] == provider]
        fixed = [pence_from_text(row["amount"]) for row in own if row["basis"] == "FIXED"]
        past = [pence_from_text(row["amount"]) for row in own if row["basis"] == "PAST"]
        if len(fixed) > 1 or len(fixed) + len(past) != len(own):
            raise UserError(
                f"the agreed values of {provider} do not fit", where="contracts.agreed_values",
                do="Give one FIXED sum, or a PAST sum for each year of the average.",
            )  # fmt: skip
        found[provider] = Agreed(fixed[0] if fixed else None, tuple(past))
    return found
