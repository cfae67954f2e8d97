"""What governance remembers, a file a noun; private to the room."""

from openpbc.governance.models.decisions import Decision

__all__ = ["Decision"]
