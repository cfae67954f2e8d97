"""Addresses of the room's pages."""

from django.urls import path

from openpbc.finance.pages import (
    checks,
    compare,
    ledger,
    ledger_writing,
    library,
    need,
    papers,
    plan,
    planning_calendar,
    practice_groups,
    shares,
)

app_name = "finance"
urlpatterns = [
    path("p/<str:place>/ledger", ledger.trial_balance, name="ledger"),
    path("p/<str:place>/ledger/accounts/<path:code>", ledger.account, name="ledger-account"),
    path("p/<str:place>/ledger/journals", ledger.journals, name="ledger-journals"),
    path("p/<str:place>/ledger/journals/<int:number>", ledger.journal, name="ledger-journal"),
    path("p/<str:place>/ledger/journals/<int:number>/reverse", ledger_writing.reverse_journal, name="ledger-reverse"),
    path("p/<str:place>/ledger/virement", ledger_writing.virement, name="ledger-virement"),
    path("p/<str:place>/papers", papers.index, name="papers"),
    path("p/<str:place>/papers/board", papers.board, name="paper-board"),
    path("p/<str:place>/papers/submission", papers.submission, name="paper-submission"),
    path("p/<str:place>/papers/letters/<str:group>", papers.letter, name="paper-letter"),
    path("p/<str:place>/plan", plan.plan, name="plan"),
    path("p/<str:place>/plan/checks", checks.checks, name="checks"),
    path("p/<str:place>/fair-shares", shares.shares, name="fair-shares"),
    path("p/<str:place>/fair-shares/compare", compare.compare, name="compare"),
    path("p/<str:place>/fair-shares/save", library.save, name="scenario-save"),
    path("p/<str:place>/fair-shares/saved/<str:code>", library.saved, name="scenario"),
    path("p/<str:place>/fair-shares/saved/<str:code>/change", library.change, name="scenario-change"),
    path("p/<str:place>/fair-shares/saved/<str:code>/withdraw", library.withdraw, name="scenario-withdraw"),
    path("p/<str:place>/fair-shares/need", need.need_shares, name="need-shares"),
    path("p/<str:place>/calendar", planning_calendar.calendar, name="calendar"),
    path("p/<str:place>/calendar/add", planning_calendar.add, name="calendar-add"),
    path("p/<str:place>/calendar/feed", planning_calendar.feed_address, name="calendar-feed-address"),
    path("p/<str:place>/calendar/dates.ics", planning_calendar.download, name="calendar-file"),
    path("p/<str:place>/calendar/entries/<str:code>", planning_calendar.entry, name="calendar-entry"),
    path("p/<str:place>/calendar/entries/<str:code>/outcome", planning_calendar.outcome, name="calendar-outcome"),
    path("p/<str:place>/calendar/entries/<str:code>/reminder", planning_calendar.reminder, name="calendar-reminder"),
    path("feeds/calendar/<str:token>.ics", planning_calendar.feed, name="calendar-feed"),
    path("p/<str:place>/groups", practice_groups.groups, name="practice-groups"),
    path("p/<str:place>/groups/new", practice_groups.new, name="practice-group-new"),
    path("p/<str:place>/groups/<int:group>", practice_groups.group, name="practice-group"),
    path("p/<str:place>/groups/<int:group>/edit", practice_groups.edit, name="practice-group-edit"),
    path("p/<str:place>/groups/<int:group>/close", practice_groups.close, name="practice-group-close"),
]
