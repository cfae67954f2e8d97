"""Every question about finance that others may ask, over a place's book and what finance remembers.

What a place has not filled is answered with ``NotSet`` in place of the result; it names the file to fill.
"""

from openpbc.finance.reads.assumptions import Assumptions, Changes, Rate, RealGrowth, assumptions
from openpbc.finance.reads.budget_sets import budget_set_in_force
from openpbc.finance.reads.cells import TABLES
from openpbc.finance.reads.checking import CHECKS, Check, check_summary, checks
from openpbc.finance.reads.claims import JudgedClaim, claims
from openpbc.finance.reads.comparing import Alternative, Beside, Choice, Comparison, compare, solved
from openpbc.finance.reads.distance import DistancePoint, DistanceReport, distance_report
from openpbc.finance.reads.england import ENGLAND, england_need
from openpbc.finance.reads.explaining import explain
from openpbc.finance.reads.group_need import group_need
from openpbc.finance.reads.indicative import Issues, indicative_issue, issuable
from openpbc.finance.reads.ledger import (
    AccountFacts,
    Balance,
    Budget,
    Journal,
    JournalEntry,
    NoBudget,
    balance,
    budget_of,
    count_journals,
    has_budgets,
    journal,
    journals,
    ledger_balances,
    ledger_years,
    money_received,
)
from openpbc.finance.reads.ledger_addresses import ledger_address
from openpbc.finance.reads.ledger_check import LedgerCheck, ledger_check
from openpbc.finance.reads.ledger_files import opening_file, read_opening
from openpbc.finance.reads.ledger_statements import (
    Preview,
    StatementLine,
    TrialBalance,
    TrialRow,
    count_lines,
    preview,
    seen_at,
    statement,
    trial_balance,
)
from openpbc.finance.reads.need import WEIGHTS, NeedReport
from openpbc.finance.reads.need import place_need as need_shares
from openpbc.finance.reads.need_on import need_on
from openpbc.finance.reads.planning import (
    ALLOCATION,
    FUNDING,
    PLAN,
    GroupBudgets,
    PlanPosition,
    allocation,
    funding,
    group_budgets,
    plan,
    plan_scenarios,
)
from openpbc.finance.reads.planning_calendar import CALENDAR, calendar, calendar_entry, feed_of, has_feed, reminders
from openpbc.finance.reads.planning_calendar import Entry as CalendarEntry
from openpbc.finance.reads.practice_groups import group as practice_group
from openpbc.finance.reads.practice_groups import groups as practice_groups
from openpbc.finance.reads.printed import Cell, Column, PrintedTable, Row, tables
from openpbc.finance.reads.scenario_library import choice, choices
from openpbc.finance.reads.scenarios import (
    SCENARIOS,
    FairShares,
    GroupShare,
    Scenario,
    Settings,
    fair_shares,
    scenarios,
)
from openpbc.finance.reads.whereabouts import Stands, Whereabouts, partners_shares, whereabouts
from openpbc.finance.rules.indicative import METHODS as INDICATIVE_METHODS
from openpbc.finance.rules.ledger import (
    ACCOUNT_KINDS,
    JOURNAL_KINDS,
    Draft,
    Entry,
    JournalKind,
    virement_entries,
)

__all__ = [
    "ACCOUNT_KINDS",
    "ALLOCATION",
    "AccountFacts",
    "Alternative",
    "Assumptions",
    "Balance",
    "Beside",
    "Budget",
    "CALENDAR",
    "CHECKS",
    "CalendarEntry",
    "Cell",
    "Changes",
    "Check",
    "Choice",
    "Column",
    "Comparison",
    "DistancePoint",
    "DistanceReport",
    "Draft",
    "ENGLAND",
    "Entry",
    "FUNDING",
    "FairShares",
    "GroupBudgets",
    "GroupShare",
    "INDICATIVE_METHODS",
    "Issues",
    "JOURNAL_KINDS",
    "Journal",
    "JournalEntry",
    "JournalKind",
    "JudgedClaim",
    "LedgerCheck",
    "NeedReport",
    "NoBudget",
    "PLAN",
    "PlanPosition",
    "Preview",
    "PrintedTable",
    "Rate",
    "RealGrowth",
    "Row",
    "SCENARIOS",
    "Scenario",
    "Settings",
    "StatementLine",
    "TABLES",
    "TrialBalance",
    "TrialRow",
    "WEIGHTS",
    "allocation",
    "assumptions",
    "balance",
    "budget_of",
    "budget_set_in_force",
    "calendar",
    "calendar_entry",
    "check_summary",
    "checks",
    "choice",
    "choices",
    "claims",
    "compare",
    "count_journals",
    "count_lines",
    "distance_report",
    "england_need",
    "explain",
    "fair_shares",
    "feed_of",
    "funding",
    "group_budgets",
    "group_need",
    "has_budgets",
    "has_feed",
    "indicative_issue",
    "issuable",
    "journal",
    "journals",
    "ledger_address",
    "Stands",
    "Whereabouts",
    "ledger_balances",
    "partners_shares",
    "whereabouts",
    "ledger_check",
    "ledger_years",
    "money_received",
    "need_on",
    "need_shares",
    "opening_file",
    "read_opening",
    "plan",
    "plan_scenarios",
    "practice_group",
    "practice_groups",
    "preview",
    "reminders",
    "scenarios",
    "seen_at",
    "solved",
    "statement",
    "tables",
    "trial_balance",
    "virement_entries",
]
