"""Every write of the room, a file a noun."""

from openpbc.finance.actions.ledger import post, post_many, reverse, virement
from openpbc.finance.actions.posting import Posted

__all__ = ["Posted", "post", "post_many", "reverse", "virement"]
