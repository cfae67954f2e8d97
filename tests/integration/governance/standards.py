"""A minimum operating standard for tests, in a rulebook folder of their own."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.integration.site.conftest import HERE

LEAD, MINUTES = ("Lead", "A clinician leads the group."), ("Minutes", "Minutes are kept.")
POINTS = (LEAD, MINUTES)


def lay(folder: Path, *points: tuple[str, str], place: str = HERE) -> None:
    """Set the points of a place's standard in a rulebook folder, whatever they were before."""
    path = folder / "places" / place / "governance" / "operating_standard.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    entry = {
        "status": "assumed",
        "source": {"document": "synthetic-county", "section": "Tests", "mark": "SYN"},
        "rows": [{"key": key, "words": words} for key, words in points],
    }
    head = {"id": "governance.operating_standard", "meaning": "SYNTHETIC standard", "unit": "table", "key": ["key"]}
    path.write_text(yaml.safe_dump(head | {"tables": {"always": entry}}), encoding="utf-8")
