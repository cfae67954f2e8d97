"""Adding dates, recording what became of them, reminders, feeds."""

from __future__ import annotations

from tests.integration.site.conftest import HERE, form

PAGE = f"/p/{HERE}/calendar"
NEW = {
    "event": "Plans are due",
    "owner": "WatCom",
    "kind": "deadline",
    "sort_date": "27 March 2008",
    "precision": "day",
}

OUTCOME = {"happened_on": "14 February 2008", "evidence": "SYNTHETIC note", "revision": "0"}
REMINDER = {"owner": "WatCom", "remind_days": "7", "revision": "0"}
FORMS = {
    "finance:calendar-add": form("finance_manager", f"{PAGE}/add", NEW),
    "finance:calendar-outcome": form("finance_manager", f"{PAGE}/entries/CAL-28/outcome", OUTCOME),
    "finance:calendar-reminder": form("group_manager", f"{PAGE}/entries/CAL-28/reminder", REMINDER),
    "finance:calendar-feed-address": form("sha_manager", f"{PAGE}/feed", {"change": "open"}),
}
