"""Who may see what stands in files: those who sent them, and the commissioner's analysts."""

from __future__ import annotations

from openpbc.organisations.reads import Viewer

SENDER, READER = "provider_lead", "analyst"


def may_send(viewer: Viewer, place: str, provider: str) -> bool:
    """Tell whether a viewer is one of a provider's own people, who send its files."""
    return bool(provider) and viewer.owns(SENDER, place, "provider", provider)


def may_read(viewer: Viewer, place: str) -> bool:
    """Tell whether a viewer reads whatever was sent to a place, save for who the people in it are."""
    return READER in viewer.roles_in(place)
