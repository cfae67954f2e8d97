"""Whether a change to a tertiary flow is required by the specialised group or a cancer network."""

from __future__ import annotations

from collections.abc import Mapping

SPECIALISED, CANCER = "specialised", "cancer"
ASKED_BY: Mapping[str, str] = {
    SPECIALISED: "The specialised commissioning group requires it",
    CANCER: "A cancer network requires it",
}


def tertiary_fault(changes: bool, asked_by: str) -> str:
    """Say that a change to a tertiary flow has no reason that is taken; empty where it has one or changes none."""
    if not changes or asked_by in ASKED_BY:
        return ""
    return "It changes a tertiary flow, and neither the specialised group nor a cancer network is said to require it."
