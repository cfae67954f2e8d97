"""From the address of any finance figure to what stands behind it: formula, inputs, rule, source, book."""

from __future__ import annotations

from openpbc.finance.reads.explained_ledger import explain_ledger
from openpbc.finance.reads.explained_multi_year import explain_multi_year
from openpbc.finance.reads.explained_need import explain_need
from openpbc.finance.reads.explained_shares import explain_share
from openpbc.finance.reads.explained_tables import explain_table_figure
from openpbc.finance.reads.scope_register import explain_item
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation
from openpbc.rulebook.reader import Book

_ROOMS = {
    "finance": explain_table_figure,
    "fair-shares": explain_share,
    "need-shares": explain_need,
    "ledger": explain_ledger,
    "multi-year": explain_multi_year,
    "scope-item": explain_item,
}


def explain(book: Book, address: str) -> Explanation:
    """Explain the figure at an address of this book's place; a gap raises the sentence that names the file to fill.

    ``finance/<place>/<table>/<row>/<column>`` is a published figure, a check (table ``checks``), a value of the
    rulebook (``value``), a rate (``assumptions``), a result of the plan (``plan``) or a distance (``distance``);
    ``fair-shares/<place>/<group or all>/<figure>?<settings>`` a result of the rule;
    ``need-shares/<place>/<unit or all>/<figure>/<column>`` one of need;
    ``ledger/<place>/<balance|budget|line>/<code>`` what the ledger holds, a step a journal.
    ``multi-year/<place>/<year, group, all, together or purpose>/<figure>`` the years ahead;
    ``scope-item/<place>/<item>/<last or this>-<group or all>`` an amount of the scope register.
    """
    prefix, _, rest = address.partition("/")
    place, _, rest = rest.partition("/")
    if prefix not in _ROOMS or place != book.place.id:
        raise UserError(f"'{address[:80]}' is no figure of {book.place.id}", do="Open the figure from its page again.")
    return _ROOMS[prefix](book, address, rest)
