"""Every write of the room."""

from openpbc.redesign.actions.board_demonstration import demonstrate_board
from openpbc.redesign.actions.cases import change_case, concern_group, propose, rank_priority
from openpbc.redesign.actions.conclave import issue_conclave_report, put_blocks_on_agenda, receive_conclave_report
from openpbc.redesign.actions.consulting import note_consultation, say_how_intention_stands
from openpbc.redesign.actions.decided_demonstration import demonstrate_decisions
from openpbc.redesign.actions.demonstration import demonstrate_cases
from openpbc.redesign.actions.leading import name_lead
from openpbc.redesign.actions.milestones import add_milestone, link_milestone, move_milestone
from openpbc.redesign.actions.public import publish_ending, publish_summary, take_off_summary
from openpbc.redesign.actions.recommendations import demonstrate_recommendations, put_recommendation
from openpbc.redesign.actions.registers import (
    adopt_pathway,
    change_barrier,
    link_intention,
    link_priority,
    raise_barrier,
    review_service,
)
from openpbc.redesign.actions.review import agree, comment, reply, return_review
from openpbc.redesign.actions.rising import put_to_body
from openpbc.redesign.actions.steps import take_step
from openpbc.redesign.actions.supporting import say_not_applying
from openpbc.redesign.actions.team import add_member, end_member, waive_seat
from openpbc.redesign.actions.tertiary import say_tertiary
from openpbc.redesign.actions.writing import remove_row, write_limits, write_prose, write_row, write_table

__all__ = [
    "add_member",
    "add_milestone",
    "adopt_pathway",
    "agree",
    "change_barrier",
    "change_case",
    "comment",
    "concern_group",
    "demonstrate_board",
    "demonstrate_cases",
    "demonstrate_decisions",
    "demonstrate_recommendations",
    "end_member",
    "issue_conclave_report",
    "link_intention",
    "link_priority",
    "link_milestone",
    "move_milestone",
    "name_lead",
    "note_consultation",
    "propose",
    "publish_ending",
    "publish_summary",
    "put_blocks_on_agenda",
    "put_recommendation",
    "put_to_body",
    "raise_barrier",
    "rank_priority",
    "receive_conclave_report",
    "remove_row",
    "reply",
    "return_review",
    "review_service",
    "say_how_intention_stands",
    "say_not_applying",
    "say_tertiary",
    "take_off_summary",
    "take_step",
    "waive_seat",
    "write_limits",
    "write_prose",
    "write_row",
    "write_table",
]
