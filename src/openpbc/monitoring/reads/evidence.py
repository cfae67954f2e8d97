"""What an explanation rests on: book, plan, runs with code and engine, and the files that were received."""

from __future__ import annotations

from typing import Any

from openpbc.monitoring.reads.figures import Cut
from openpbc.organisations.reads.installation import store
from openpbc.warehouse import runs


def evidence(cut: Cut) -> tuple[tuple[str, str], ...]:
    """Name everything that the figures of a cut were made from."""
    pairs = [("place", cut.book.place.id)]
    if cut.planned.sha256:
        pairs.append(("activity plan", f"{cut.planned.file_name} {cut.planned.sha256}"))
    for month, run in cut.published.runs:
        manifest = runs.read(store(), run).manifest
        pairs.append((f"run of {month}", f"{run}, book {_text(manifest, 'book')}, code {_text(manifest, 'code')}"))
        if month == cut.month:
            pairs += [(f"file {each['provider']} {each['stream']}", each["sha256"]) for each in manifest["inputs"]]
    return tuple(pairs)


def _text(manifest: dict[str, Any], key: str) -> str:
    found = manifest.get(key, "")
    return str(found if not isinstance(found, dict) else found.get("hash", found))


def statuses(cut: Cut) -> tuple[str, ...]:
    """Name the statuses of the tables that priced what a cut sums."""
    found = {str(cut.book.table(id).status) for id in ("payment.tariff_apc", "payment.tariff_op", "payment.tariff_ae")}
    return tuple(sorted(found))
