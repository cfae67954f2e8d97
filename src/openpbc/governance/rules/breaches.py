"""What a late declaration did: by how many days it was late, and whether a decision still holds without the vote."""

from __future__ import annotations

from collections.abc import Mapping

FOR, AGAINST = "for", "against"


def without_vote(votes: Mapping[str, str], people: frozenset[str]) -> str:
    """Say how a vote went without those who may not have voted; empty if none of them did."""
    void = sorted(people & set(votes))
    if not void:
        return ""
    left = [choice for person, choice in votes.items() if person not in people]
    yes, no = left.count(FOR), left.count(AGAINST)
    holds = "it is still carried" if yes > no else "it is no longer carried: the body decides again"
    return f"The vote is void. Without it there are {yes} for and {no} against, so {holds}."
