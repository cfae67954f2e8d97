"""A place with its organisations, and a warehouse of its own."""

from tests.integration.activity.conftest import place

__all__ = ["place"]
