"""Finance from the shell; the ledger needs the database, the rest needs neither it nor settings."""

import click

from openpbc.finance.commands.ahead import compare, scenarios, scope, years_ahead
from openpbc.finance.commands.budget_sets import budgets
from openpbc.finance.commands.funds import funds
from openpbc.finance.commands.joint import joint
from openpbc.finance.commands.ledger import ledger
from openpbc.finance.commands.need import need_shares
from openpbc.finance.commands.need_place import need
from openpbc.finance.commands.operational_plan import operational_plan, priorities
from openpbc.finance.commands.papers import paper_command
from openpbc.finance.commands.plan import plan
from openpbc.finance.commands.plan_workbook import export_plan, import_plan, plan_template
from openpbc.finance.commands.planning import calendar_command, group_plans_command
from openpbc.finance.commands.published import tables
from openpbc.finance.commands.sharing import fair_shares


@click.group()
def finance() -> None:
    """Published tables, versions of the plan, fair shares, need shares, and the ledger."""


finance.add_command(tables)
finance.add_command(fair_shares)
finance.add_command(need_shares)
finance.add_command(need)
finance.add_command(paper_command)
finance.add_command(ledger)
finance.add_command(funds)
finance.add_command(budgets)
finance.add_command(calendar_command)
finance.add_command(group_plans_command)
finance.add_command(plan)
for command in (scenarios, compare, years_ahead, scope, operational_plan, priorities, joint):
    finance.add_command(command)
for command in (export_plan, import_plan, plan_template):
    plan.add_command(command)
