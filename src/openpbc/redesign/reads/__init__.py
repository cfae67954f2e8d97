"""What may be asked of the room."""

from openpbc.redesign.reads.cases import PREFIX, Case, address, case, cases
from openpbc.redesign.reads.facts import NextStep, facts_of, next_steps
from openpbc.redesign.reads.versions import Version, agreements, comments, latest, reviews, versions_of

__all__ = [
    "PREFIX",
    "Case",
    "NextStep",
    "Version",
    "address",
    "agreements",
    "case",
    "cases",
    "comments",
    "facts_of",
    "latest",
    "next_steps",
    "reviews",
    "versions_of",
]
