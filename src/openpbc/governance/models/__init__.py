"""What governance remembers, a file a noun; private to the room."""

from openpbc.governance.models.adoption import ProcessAnswer
from openpbc.governance.models.appeals import Appeal, AppealEnd
from openpbc.governance.models.decisions import Decider, Decision
from openpbc.governance.models.delegation import MatterLevel, Scheme, SchemeForce
from openpbc.governance.models.feeds import BodyFeed, MeetingFeed
from openpbc.governance.models.interests import ENDED, REVIEWED, TOLD, Interest, InterestEvent, Link, NilReturn
from openpbc.governance.models.items import Ballot, DecisionRecord, Declaration, Item, Paper
from openpbc.governance.models.meetings import Attendance, Meeting, MeetingAction, Minutes
from openpbc.governance.models.parties import MatterParties, Opening, Ruling
from openpbc.governance.models.route_maps import RouteMap
from openpbc.governance.models.seats import Seat, Terms
from openpbc.governance.models.standard import StandardAssessment

__all__ = [
    "Appeal",
    "AppealEnd",
    "Attendance",
    "Ballot",
    "BodyFeed",
    "Decider",
    "Decision",
    "DecisionRecord",
    "Declaration",
    "ENDED",
    "Interest",
    "InterestEvent",
    "Item",
    "Link",
    "MatterLevel",
    "MatterParties",
    "Meeting",
    "MeetingAction",
    "MeetingFeed",
    "Minutes",
    "NilReturn",
    "Opening",
    "Paper",
    "ProcessAnswer",
    "REVIEWED",
    "TOLD",
    "RouteMap",
    "Ruling",
    "Scheme",
    "SchemeForce",
    "Seat",
    "StandardAssessment",
    "Terms",
]
