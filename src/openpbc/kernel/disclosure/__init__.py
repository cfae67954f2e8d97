"""Disclosure control: what may leave of a table of counts, so that nobody can work out how few people a cell holds.

``Profile`` says how small is small and how the rest is rounded; ``line``, ``tree``, ``grid`` and ``shares`` say which
counts add up to which; ``protect`` decides what is shown. A protected table cannot be protected again.
"""

from openpbc.kernel.disclosure.money import hide_money
from openpbc.kernel.disclosure.profiles import Profile, published, rate_ppm
from openpbc.kernel.disclosure.protecting import Protected, protect
from openpbc.kernel.disclosure.register import Difference, Past, differences
from openpbc.kernel.disclosure.sums import Count, Sums, grid, line, shares, tree

__all__ = [
    "Count",
    "Difference",
    "Past",
    "Profile",
    "Protected",
    "Sums",
    "differences",
    "grid",
    "hide_money",
    "line",
    "protect",
    "published",
    "rate_ppm",
    "shares",
    "tree",
]
