"""Every write of the room, a file a noun."""

from openpbc.activity.actions.late import decide_late, freeze_month
from openpbc.activity.actions.price_lists import PricesLoaded, load_prices
from openpbc.activity.actions.receiving import Receipt, receive
from openpbc.activity.actions.running import run

__all__ = ["PricesLoaded", "Receipt", "decide_late", "freeze_month", "load_prices", "receive", "run"]
