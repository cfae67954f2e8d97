"""Every write of the room, a file a noun."""

from openpbc.activity.actions.receiving import Receipt, receive
from openpbc.activity.actions.running import run

__all__ = ["Receipt", "receive", "run"]
