"""How often Python looks for rubbish: less often than it would by itself."""

from __future__ import annotations

import gc

# Loading the rooms makes some hundred thousand things that stay; with Python's own 700 it goes through all of them
# again and again, which took a quarter of each start.
EVERY = (50_000, 20, 20)


def collect_less() -> None:
    """Look for rubbish after more new things than Python would; for programs that load all the rooms."""
    gc.set_threshold(*EVERY)
