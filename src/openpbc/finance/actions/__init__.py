"""Every write of the room, a file a noun."""

from openpbc.finance.actions.agreeing import agree_journal, turn_down_journal
from openpbc.finance.actions.budget_demonstration import demonstrate_budgets
from openpbc.finance.actions.budget_sets import (
    approve_budget_set,
    change_budget_line,
    draft_budget_set,
    propose_budget_set,
    withdraw_budget_set,
)
from openpbc.finance.actions.commissioning import (
    add_priority,
    answer_group_plan,
    ask_support,
    assign_support,
    own_support,
    publish_group_plan,
    remove_plan_item,
    submit_group_plan,
    write_group_plan,
    write_plan_item,
)
from openpbc.finance.actions.commissioning_demonstration import demonstrate_plans
from openpbc.finance.actions.funds import free_up, pay_into_pool, spend_from_pool, use_freed
from openpbc.finance.actions.incentives import credit_incentive, record_achievement, write_competency
from openpbc.finance.actions.indicative import issue_indicative
from openpbc.finance.actions.innovation import (
    bid_for_innovation,
    decide_innovation_bid,
    evaluate_innovation_bid,
    feed_innovation_fund,
    pay_innovation_bid,
    return_innovation_money,
)
from openpbc.finance.actions.joint import (
    demonstrate_joint,
    load_joint_transfers,
    run_joint_items_on,
    write_joint_item,
    write_joint_milestone,
)
from openpbc.finance.actions.ledger import post, post_many, reverse, virement
from openpbc.finance.actions.ledger_demonstration import demonstrate_ledger
from openpbc.finance.actions.opening import Imported, import_opening
from openpbc.finance.actions.operational_plan import write_operational_entry
from openpbc.finance.actions.plan_claim import PlanChanged
from openpbc.finance.actions.plan_lines import add_line, change_line, remove_line, replace_lines
from openpbc.finance.actions.plan_versions import (
    approve_plan,
    draft_plan,
    load_published_plan,
    submit_plan,
    withdraw_plan,
)
from openpbc.finance.actions.plan_workbook import bring_workbook, receive_workbook
from openpbc.finance.actions.planning_calendar import (
    add_calendar_entry,
    close_calendar_feed,
    end_calendar_feed,
    open_calendar_feed,
    record_calendar_outcome,
    set_calendar_reminder,
)
from openpbc.finance.actions.posting import Posted
from openpbc.finance.actions.practice_groups import change_group, close_group, make_group, show_groups
from openpbc.finance.actions.reserve import add_reserve_call, record_deposit_return, remove_reserve_call
from openpbc.finance.actions.scenario_demonstration import demonstrate_scenarios
from openpbc.finance.actions.scenario_library import change_scenario, save_scenario, withdraw_scenario
from openpbc.finance.actions.scope_register import add_scope_item, decide_scope, propose_scope, remove_scope_item
from openpbc.finance.actions.settlement import (
    close_question,
    mark_task,
    reply_on_funding,
    state_deposit,
    submit_to_region,
)
from openpbc.finance.actions.year_end import RolledOver, roll_over
from openpbc.finance.rules.ledger import Draft, Entry

__all__ = [
    "Draft",
    "Entry",
    "Imported",
    "PlanChanged",
    "Posted",
    "RolledOver",
    "add_calendar_entry",
    "add_line",
    "add_priority",
    "add_reserve_call",
    "add_scope_item",
    "agree_journal",
    "answer_group_plan",
    "approve_budget_set",
    "approve_plan",
    "ask_support",
    "assign_support",
    "bid_for_innovation",
    "bring_workbook",
    "change_budget_line",
    "change_group",
    "change_line",
    "change_scenario",
    "close_calendar_feed",
    "close_group",
    "close_question",
    "credit_incentive",
    "decide_innovation_bid",
    "decide_scope",
    "demonstrate_budgets",
    "demonstrate_joint",
    "demonstrate_ledger",
    "demonstrate_plans",
    "demonstrate_scenarios",
    "draft_budget_set",
    "draft_plan",
    "end_calendar_feed",
    "evaluate_innovation_bid",
    "feed_innovation_fund",
    "free_up",
    "import_opening",
    "issue_indicative",
    "load_joint_transfers",
    "load_published_plan",
    "make_group",
    "mark_task",
    "open_calendar_feed",
    "own_support",
    "pay_innovation_bid",
    "pay_into_pool",
    "post",
    "post_many",
    "propose_budget_set",
    "propose_scope",
    "publish_group_plan",
    "receive_workbook",
    "record_achievement",
    "record_calendar_outcome",
    "record_deposit_return",
    "remove_line",
    "remove_plan_item",
    "remove_reserve_call",
    "remove_scope_item",
    "replace_lines",
    "reply_on_funding",
    "return_innovation_money",
    "reverse",
    "roll_over",
    "run_joint_items_on",
    "save_scenario",
    "set_calendar_reminder",
    "show_groups",
    "spend_from_pool",
    "state_deposit",
    "submit_group_plan",
    "submit_plan",
    "submit_to_region",
    "turn_down_journal",
    "use_freed",
    "virement",
    "withdraw_budget_set",
    "withdraw_plan",
    "withdraw_scenario",
    "write_competency",
    "write_group_plan",
    "write_joint_item",
    "write_joint_milestone",
    "write_operational_entry",
    "write_plan_item",
]
