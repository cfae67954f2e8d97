"""Explains what a contract pays beside the tariff: the one figure of this room that no other room explains."""

from __future__ import annotations

from openpbc.contracts import reads
from openpbc.contracts.reads import LocalPrice
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation, Step
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer

PREFIX = "local-price"
RULE = "contracts.local_price"


def local_price_address(place: str, provider: str, price: LocalPrice) -> str:
    """Give the address of a local price; an empty code is written as a dash."""
    return "/".join((PREFIX, place, provider, price.stream, price.pod or "-", price.code or "-"))


def explain(address: str, viewer: Viewer) -> Explanation:
    """Explain ``local-price/<place>/<provider>/<stream>/<pod>/<code>``."""
    parts = address.split("/")
    place = parts[1] if len(parts) == 6 else ""
    agreed = {
        local_price_address(place, contract.provider, price): (contract, price)
        for contract in (reads.register(place) if place else ())
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
