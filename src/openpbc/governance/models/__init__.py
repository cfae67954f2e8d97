"""What governance remembers, a file a noun; private to the room."""

from openpbc.governance.models.decisions import Decision
from openpbc.governance.models.interests import ENDED, REVIEWED, Interest, InterestEvent, Link, NilReturn
from openpbc.governance.models.parties import MatterParties, Opening, Ruling

__all__ = [
    "ENDED",
    "REVIEWED",
    "Decision",
    "Interest",
    "InterestEvent",
    "Link",
    "MatterParties",
    "NilReturn",
    "Opening",
    "Ruling",
]
