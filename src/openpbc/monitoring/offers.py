"""What the room offers to the roof."""

from __future__ import annotations

from openpbc.kernel.steps import Explanation
from openpbc.monitoring import reads
from openpbc.monitoring.pages import today
from openpbc.monitoring.pages.reopening import matter_page
from openpbc.monitoring.reads import difference_explaining, kept, kept_figures, reconciling
from openpbc.monitoring.reads.decisions import MATTER
from openpbc.monitoring.reads.holders import IN_YEAR
from openpbc.monitoring.reads.payments import PREFIX as PAYMENT
from openpbc.monitoring.reads.payments_explaining import explain_payment
from openpbc.organisations.reads import Viewer
from openpbc.ui.offers import Tile


def _explain(address: str, viewer: Viewer) -> Explanation:
    """Explain a figure; who may see it is decided by the access matrix before this is called."""
    return reads.explain(address)


def _explain_kept(address: str, viewer: Viewer) -> Explanation:
    """Explain what became of the rows and pounds of a run."""
    return kept.explain_kept(address)


def _explain_in_year(address: str, viewer: Viewer) -> Explanation:
    """Explain a figure of a position in the year."""
    return reads.explain_in_year(address)


def _explain_entry(address: str, viewer: Viewer) -> Explanation:
    """Explain an amount that somebody entered."""
    return kept_figures.explain_entry(address)


def _explain_lock(address: str, viewer: Viewer) -> Explanation:
    """Explain a figure as a lock kept it."""
    return kept_figures.explain_lock(address)


def _explain_difference(address: str, viewer: Viewer) -> Explanation:
    """Explain what differs between two runs of a month."""
    return difference_explaining.explain_difference(address)


def _explain_reconciliation(address: str, viewer: Viewer) -> Explanation:
    """Explain a figure of the test of a contract's totals."""
    return reconciling.explain_reconciliation(address)


def _explain_payment(address: str, viewer: Viewer) -> Explanation:
    """Explain what a contract pays."""
    return explain_payment(address)


TILES = (Tile("Months", "monitoring:months"),)
HEADLINES = today.headlines
WORK = today.work
MATTERS = {MATTER: matter_page}
EXPLAIN = {
    "position": _explain,
    kept.PREFIX: _explain_kept,
    reconciling.PREFIX: _explain_reconciliation,
    IN_YEAR: _explain_in_year,
    kept_figures.ENTRY: _explain_entry,
    kept_figures.LOCK: _explain_lock,
    difference_explaining.PREFIX: _explain_difference,
    PAYMENT: _explain_payment,
}
