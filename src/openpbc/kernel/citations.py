"""Where a fact comes from, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

MARKS = {
    "S": "sourced",
    "R": "recalled, believed right",
    "R?": "recalled, low confidence",
    "D": "derived",
    "P": "proposed by this project",
    "SYN": "SYNTHETIC",
}


@dataclass(frozen=True)
class Citation:
    """A document known to the rulebook, the place in it, and the evidence mark."""

    document: str
    section: str = ""
    mark: str = "S"

    def __str__(self) -> str:
        """Give the citation as people read it."""
        place = f", {self.section}" if self.section else ""
        return f"{self.document}{place} ({MARKS.get(self.mark, self.mark)})"
