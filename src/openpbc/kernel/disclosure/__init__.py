"""Disclosure control: what may leave of a table of counts, so that nobody can work out how few people a cell holds.

``Profile`` says how small is small and how the rest is rounded; ``line``, ``tree``, ``grid`` and ``shares`` say which
counts add up to which; ``protect`` decides what is shown, and ``release`` what may be shown after earlier releases. A
protected table cannot be protected again.
"""

from openpbc.kernel.disclosure.profiles import Profile, published, rate_ppm
from openpbc.kernel.disclosure.protecting import Protected, protect
from openpbc.kernel.disclosure.register import Release, release
from openpbc.kernel.disclosure.sums import Count, Sums, grid, line, shares, tree

__all__ = [
    "Count",
    "Profile",
    "Protected",
    "Release",
    "Sums",
    "grid",
    "line",
    "protect",
    "published",
    "rate_ppm",
    "release",
    "shares",
    "tree",
]
