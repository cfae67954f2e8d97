"""What finance remembers, a file a noun; private to the room."""

from openpbc.finance.models.budget_sets import BudgetSet, BudgetSetChange, BudgetSetLine
from openpbc.finance.models.commissioning import (
    GroupPlan,
    GroupPlanItem,
    Priority,
    PublishedPlan,
    SupportRequest,
    SupportRole,
)
from openpbc.finance.models.incentives import Achievement, InnovationBid, SchemeCompetency
from openpbc.finance.models.joint import JointItem, JointMilestone, JointYear
from openpbc.finance.models.ledger import LedgerAccount, LedgerJournal, LedgerLine
from openpbc.finance.models.operational_plan import OperationalEntry
from openpbc.finance.models.plan_versions import PlanChange, PlanVersion, PlanVersionLine
from openpbc.finance.models.planning_calendar import CalendarEntry, CalendarFeed
from openpbc.finance.models.practice_groups import PracticeGroup, PracticeGroupMember
from openpbc.finance.models.reserve import Reserve, ReserveCall
from openpbc.finance.models.scenario_library import SavedScenario, ScenarioRevision
from openpbc.finance.models.scope_register import ScopeAmount, ScopeItem, ScopeProposal
from openpbc.finance.models.settlement import DepositStatement, GroupReply, PlanSubmission, QuestionClosing, TaskMark

__all__ = [
    "Achievement",
    "BudgetSet",
    "BudgetSetChange",
    "BudgetSetLine",
    "CalendarEntry",
    "CalendarFeed",
    "DepositStatement",
    "GroupPlan",
    "GroupPlanItem",
    "GroupReply",
    "InnovationBid",
    "JointItem",
    "JointMilestone",
    "JointYear",
    "LedgerAccount",
    "LedgerJournal",
    "LedgerLine",
    "OperationalEntry",
    "PlanChange",
    "PlanSubmission",
    "PlanVersion",
    "PlanVersionLine",
    "PracticeGroup",
    "PracticeGroupMember",
    "Priority",
    "PublishedPlan",
    "QuestionClosing",
    "Reserve",
    "ReserveCall",
    "SavedScenario",
    "ScenarioRevision",
    "SchemeCompetency",
    "ScopeAmount",
    "ScopeItem",
    "ScopeProposal",
    "SupportRequest",
    "SupportRole",
    "TaskMark",
]
