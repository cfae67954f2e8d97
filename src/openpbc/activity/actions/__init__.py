"""Every write of the room, a file a noun."""

from openpbc.activity.actions.drafts import (
    cancel_draft,
    check_again,
    open_draft,
    receive_draft,
    receive_mended,
    sweep_drafts,
)
from openpbc.activity.actions.late import decide_late, freeze_month
from openpbc.activity.actions.local_codes import CodeMapping, load_codes, map_code, show_codes
from openpbc.activity.actions.measuring import measure_quality
from openpbc.activity.actions.people import OptOutsLoaded, load_opt_outs, make_keys
from openpbc.activity.actions.price_lists import PricesLoaded, load_prices
from openpbc.activity.actions.receiving import Receipt, receive
from openpbc.activity.actions.running import run
from openpbc.activity.actions.unmasking import unmask

__all__ = [
    "CodeMapping",
    "OptOutsLoaded",
    "PricesLoaded",
    "Receipt",
    "cancel_draft",
    "check_again",
    "decide_late",
    "freeze_month",
    "load_codes",
    "load_opt_outs",
    "load_prices",
    "make_keys",
    "map_code",
    "measure_quality",
    "open_draft",
    "receive",
    "receive_draft",
    "receive_mended",
    "run",
    "show_codes",
    "sweep_drafts",
    "unmask",
]
