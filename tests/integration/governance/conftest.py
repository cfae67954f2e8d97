"""The personas of the site."""

from tests.integration.site.conftest import as_role, people, quick_hashing

__all__ = ["as_role", "people", "quick_hashing"]
