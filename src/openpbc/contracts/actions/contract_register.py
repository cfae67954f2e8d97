"""Every write of the room: loading the register from the rulebook, and the activity plan from a file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from openpbc import audit
from openpbc.contracts.models import ActivityPlan, Contract, LocalPrice, PlanLine
from openpbc.contracts.reads import contract_register as reads
from openpbc.contracts.rules.plan_file import KnownCodes, read_plan
from openpbc.kernel.actor import Actor
from openpbc.kernel.money import pence_from_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table

_TEXTS = ("title", "kind", "form", "mechanism", "coordinator", "note")


@dataclass(frozen=True)
class RegisterLoaded:
    """What loading the register left behind; ``already`` says that nothing had to be changed."""

    place: str
    year: str
    contracts: int
    already: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanLoaded:
    """The plan that counts after loading; ``already`` says that it counted before."""

    place: str
    year: str
    sha256: str
    lines: int
    activity: int
    charge: int
    already: bool


@audit.action("contracts.load_register")
def load_register(*, by: Actor, place: str) -> RegisterLoaded:
    """Bring the register of a place's year into line with its book; a second run changes nothing."""
    book = organisations.book(place)
    year = str(book.place.year)
    table, prices = book.table("contracts.register"), book.table("contracts.local_prices")
    missing = tuple(found.path for found in (table, prices) if not isinstance(found, Table))
    wanted = _wanted(table, prices)
    before = [_facts(contract) for contract in reads.register(place, year)]
    if before == [wanted[provider] for provider in sorted(wanted)]:
        audit.nothing_changed()
        return RegisterLoaded(place, year, len(wanted), already=True, missing=missing)
    Contract.objects.filter(place=place, year=year).delete()
    for provider in sorted(wanted):
        facts = dict(wanted[provider])
        local = facts.pop("local_prices")
        contract = Contract.objects.create(place=place, year=year, **facts)
        LocalPrice.objects.bulk_create(
            LocalPrice(contract=contract, stream=stream, pod=pod, code=code, arrangement=how, price_pence=price)
            for stream, pod, code, how, price in local
        )
    providers = {"before": sorted(facts["provider"] for facts in before), "after": sorted(wanted)}
    audit.note(
        subject=f"contract-register/{place}/{year}",
        before={"providers": providers["before"]},
        after={"providers": providers["after"], "book": book.hash},
    )
    return RegisterLoaded(place, year, len(wanted), already=False, missing=missing)


def _facts(contract: reads.Contract) -> dict[str, Any]:
    names = ("provider", "starts", "ends", "multi_professional", "left_before_treatment", *_TEXTS)
    prices = [(price.stream, price.pod, price.code, price.arrangement, price.price) for price in contract.local_prices]
    return {name: getattr(contract, name) for name in names} | {"local_prices": prices}


def _wanted(table: object, prices: object) -> dict[str, dict[str, Any]]:
    if not isinstance(table, Table):
        return {}
    local: dict[str, list[tuple[str, str, str, str, int | None]]] = {}
    for row in prices.rows if isinstance(prices, Table) else ():
        price = pence_from_text(row["price"]) if row["price"] else None
        local.setdefault(row["provider"], []).append(
            (row["stream"], row["pod"], row["code"], row["arrangement"], price)
        )
    wanted = {
        provider: {
            "provider": provider,
            "starts": _date(row["starts"]),
            "ends": _date(row["ends"]),
            "multi_professional": row["multi_professional"] == "yes",
            "left_before_treatment": {"yes": True, "no": False}.get(row["left_before_treatment"]),
            "local_prices": sorted(local.pop(provider, [])),
            **{name: row[name] for name in _TEXTS},
        }
        for provider, row in table.keyed("provider").items()
    }
    if local:
        raise UserError(f"local prices name {sorted(local)[0]}, which has no contract", where=table.path)
    return wanted


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@audit.action("contracts.load_plan")
def load_plan(*, by: Actor, place: str, path: Path) -> PlanLoaded:
    """Load an activity plan from a CSV file and make it the one that counts; its last version stays on record.

    The columns are provider, unit, stream, pod, month, activity and price_pence (the expected charge of one unit). A
    faulty file is refused whole, with the row and column of its first fault. The same file again changes nothing.
    """
    content = _content(path)
    book = organisations.book(place)
    year, sha = str(book.place.year), hashlib.sha256(content).hexdigest()
    counted = reads.plan(place, year)
    if counted is not None and counted.sha256 == sha:
        audit.nothing_changed()
        return _loaded(place, counted, already=True)
    rows = read_plan(content, path.name, _known(place, book))
    ActivityPlan.objects.filter(place=place, year=year, current=True).update(current=False)
    facts = {"file_name": path.name[:200], "loaded_at": timezone.now(), "loaded_by": by.name[:200], "current": True}
    version, new = ActivityPlan.objects.update_or_create(place=place, year=year, sha256=sha, defaults=facts)
    if new:
        PlanLine.objects.bulk_create((PlanLine(plan=version, **vars(row)) for row in rows), batch_size=2000)
    loaded = reads.plan(place, year)
    assert loaded is not None, "the version just written is the current one"
    audit.note(
        subject=f"activity-plan/{place}/{year}",
        before={"sha256": counted.sha256, "charge": counted.charge} if counted else None,
        after={"sha256": sha, "lines": loaded.lines, "activity": loaded.activity, "charge": loaded.charge},
    )
    return _loaded(place, loaded, already=False)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UserError("there is no such file", where=str(path)) from error
    except OSError as error:
        raise UserError(f"the file cannot be read ({error.strerror})", where=str(path)) from error


def _known(place: str, book: Book) -> KnownCodes:
    contracts = reads.register(place, str(book.place.year))
    if not contracts:
        raise UserError(
            f"the place has no contracts in {book.place.year.label}", where=place, do="Load its register first."
        )
    return KnownCodes(
        year=book.place.year,
        provider={contract.provider for contract in contracts},
        unit={unit.code for unit in organisations.units(place)},
        pod={row["code"] for row in book.need_table("data.codes.pod").rows},
    )


def _loaded(place: str, plan: reads.Plan, already: bool) -> PlanLoaded:
    return PlanLoaded(place, plan.year, plan.sha256, plan.lines, plan.activity, plan.charge, already)
