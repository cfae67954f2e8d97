"""Every write of the room."""

from openpbc.governance.actions.adoption import answer_process
from openpbc.governance.actions.appeals import hear_appeal, lodge_appeal, take_back_appeal
from openpbc.governance.actions.deciding import confirm_minutes, decide_item
from openpbc.governance.actions.decisions import record_decision
from openpbc.governance.actions.delegation import put_scheme_in_force, set_level, upload_scheme
from openpbc.governance.actions.feeds import (
    close_body_feed,
    close_meeting_feed,
    end_body_feed,
    end_meeting_feed,
    open_body_feed,
    open_meeting_feed,
)
from openpbc.governance.actions.interests import (
    confirm_interests,
    declare_interest,
    declare_none,
    end_interest,
    record_household,
    record_owner,
    tell_chair,
)
from openpbc.governance.actions.interests_demonstration import demonstrate_interests, demonstrate_parties
from openpbc.governance.actions.items import add_item, change_item, list_items, put_on_agenda, take_back
from openpbc.governance.actions.matters import (
    note_possible_bidder,
    open_pack,
    open_paper,
    rule_on_interest,
    set_parties,
)
from openpbc.governance.actions.meetings import (
    call_meeting,
    cancel_meeting,
    change_meeting,
    close_meeting,
    note_meeting,
    open_meeting,
    record_attendance,
)
from openpbc.governance.actions.meetings_demonstration import demonstrate_meetings, demonstrate_sitting
from openpbc.governance.actions.minutes import act_urgently, agree_action, chase_action, finish_action, note_item
from openpbc.governance.actions.papers import add_paper, remove_paper
from openpbc.governance.actions.papers_demonstration import demonstrate_papers
from openpbc.governance.actions.route_maps import demonstrate_route_map, record_route_map
from openpbc.governance.actions.seats import end_seat, record_seat, record_terms
from openpbc.governance.actions.sitting import cast_vote, declare_at_item, declare_none_at_item, record_votes
from openpbc.governance.actions.standard import assess_standard
from openpbc.governance.actions.standard_demonstration import demonstrate_standard, lay_standard

__all__ = [
    "act_urgently",
    "add_item",
    "add_paper",
    "agree_action",
    "answer_process",
    "assess_standard",
    "call_meeting",
    "cancel_meeting",
    "cast_vote",
    "change_item",
    "change_meeting",
    "chase_action",
    "close_meeting",
    "close_body_feed",
    "close_meeting_feed",
    "end_body_feed",
    "end_meeting_feed",
    "confirm_interests",
    "confirm_minutes",
    "decide_item",
    "declare_at_item",
    "declare_interest",
    "declare_none",
    "declare_none_at_item",
    "demonstrate_interests",
    "demonstrate_meetings",
    "demonstrate_papers",
    "demonstrate_parties",
    "demonstrate_route_map",
    "demonstrate_sitting",
    "demonstrate_standard",
    "end_interest",
    "end_seat",
    "finish_action",
    "hear_appeal",
    "lay_standard",
    "list_items",
    "lodge_appeal",
    "note_item",
    "note_meeting",
    "note_possible_bidder",
    "open_meeting",
    "open_body_feed",
    "open_meeting_feed",
    "open_pack",
    "open_paper",
    "put_on_agenda",
    "put_scheme_in_force",
    "record_attendance",
    "record_decision",
    "record_household",
    "record_owner",
    "record_route_map",
    "record_seat",
    "record_terms",
    "record_votes",
    "remove_paper",
    "rule_on_interest",
    "set_level",
    "set_parties",
    "take_back",
    "take_back_appeal",
    "tell_chair",
    "upload_scheme",
]
