"""What the room remembers."""

from openpbc.redesign.models.cases import Case, ConcernedGroup, Member, Part, Passage, Waiver
from openpbc.redesign.models.conclave import ConclaveReport, ReportReceived
from openpbc.redesign.models.leads import CommissioningLead, Handover
from openpbc.redesign.models.public import PublicSummary, PublicSummaryEnd
from openpbc.redesign.models.registers import Adoption, Barrier, CaseIntention, SchemeReview
from openpbc.redesign.models.review import Agreement, Block, Comment, Review, Version

__all__ = [
    "Adoption",
    "Agreement",
    "Barrier",
    "Block",
    "Case",
    "CaseIntention",
    "Comment",
    "CommissioningLead",
    "ConcernedGroup",
    "ConclaveReport",
    "Handover",
    "Member",
    "Part",
    "Passage",
    "PublicSummary",
    "PublicSummaryEnd",
    "ReportReceived",
    "Review",
    "SchemeReview",
    "Version",
    "Waiver",
]
