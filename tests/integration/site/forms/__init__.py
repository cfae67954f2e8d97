"""Each form of the site: a function that makes everything ready, and gives what sends the form with success.

A module a noun, each with its ``FORMS``: route -> function. ``tests.integration.site.test_one_event`` tries them all.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable

FORMS: dict[str, Callable[..., Callable[[], object]]] = {}
for _found in pkgutil.iter_modules(__path__):
    FORMS |= importlib.import_module(f"{__name__}.{_found.name}").FORMS
