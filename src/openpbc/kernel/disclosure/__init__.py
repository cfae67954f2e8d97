"""Disclosure control: what may leave of a table of counts, so that nobody can work out how few people a cell holds.

``Profile`` says how small is small and how the rest is rounded, and ``published`` and ``rate_ppm`` what one count or
rate looks like under it. ``protect`` names the rows of a table that are hidden, and ``release`` those that are hidden
after earlier releases. It takes true counts, so what was hidden once cannot be taken again.
"""

from openpbc.kernel.disclosure.profiles import Profile, published, rate_ppm
from openpbc.kernel.disclosure.protecting import TOTAL, Table, protect
from openpbc.kernel.disclosure.register import Release, release

__all__ = ["TOTAL", "Profile", "Release", "Table", "protect", "published", "rate_ppm", "release"]
