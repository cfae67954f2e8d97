"""What the room remembers."""

from openpbc.redesign.models.cases import Case, ConcernedGroup, Member, Part, Passage, Waiver
from openpbc.redesign.models.conclave import ConclaveReport, ReportReceived
from openpbc.redesign.models.consulting import Consultation, IntentionState
from openpbc.redesign.models.leads import CommissioningLead, Handover
from openpbc.redesign.models.milestones import CaseMilestone, Milestone
from openpbc.redesign.models.public import PublicSummary, PublicSummaryEnd, PublicSummaryReason
from openpbc.redesign.models.registers import Adoption, Barrier, CaseIntention, CasePriority, SchemeReview
from openpbc.redesign.models.review import Agreement, Block, Comment, Review, Version
from openpbc.redesign.models.support import NotApplying
from openpbc.redesign.models.tertiary import TertiaryWord

__all__ = [
    "Adoption",
    "Agreement",
    "Barrier",
    "Block",
    "Case",
    "CaseIntention",
    "CasePriority",
    "CaseMilestone",
    "Comment",
    "CommissioningLead",
    "ConcernedGroup",
    "ConclaveReport",
    "Consultation",
    "Handover",
    "IntentionState",
    "Member",
    "Milestone",
    "NotApplying",
    "Part",
    "Passage",
    "PublicSummary",
    "PublicSummaryEnd",
    "PublicSummaryReason",
    "ReportReceived",
    "Review",
    "SchemeReview",
    "TertiaryWord",
    "Version",
    "Waiver",
]
