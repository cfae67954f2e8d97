"""What the room offers to the roof."""

from openpbc.activity.pages.today import work
from openpbc.activity.reads import codes, draft_effect, price_lists, result_explaining
from openpbc.activity.reads.prices import PREFIX, explain
from openpbc.kernel.steps import Explanation
from openpbc.organisations.reads import Viewer
from openpbc.ui.offers import Tile


def _explain(address: str, viewer: Viewer) -> Explanation:
    return explain(address)


def _explain_listed(address: str, viewer: Viewer) -> Explanation:
    return price_lists.explain_listed(address)


def _explain_draft(address: str, viewer: Viewer) -> Explanation:
    return draft_effect.explain_effect(address, viewer)


def _explain_result(address: str, viewer: Viewer) -> Explanation:
    return result_explaining.explain_result(address)


def _explain_quality(address: str, viewer: Viewer) -> Explanation:
    return result_explaining.explain_quality(address)


def _explain_code(address: str, viewer: Viewer) -> Explanation:
    return codes.explain_code(address)


TILES = (
    Tile("Submissions", "activity:submissions"),
    Tile("Data quality", "activity:quality"),
    Tile("Local codes", "activity:codes"),
    Tile("Prices", "activity:prices"),
)
EXPLAIN = {
    PREFIX: _explain,
    price_lists.PREFIX: _explain_listed,
    codes.PREFIX: _explain_code,
    draft_effect.PREFIX: _explain_draft,
    result_explaining.RESULT: _explain_result,
    result_explaining.QUALITY: _explain_quality,
}
WORK = work
