"""The personas of both places, loaded once for a file wherever each of its tests can go back to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings

ONCE = "people_once"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Ask for the people once where no test of the file really commits, which would be taken back with them."""
    files: dict[object, list[pytest.Item]] = defaultdict(list)
    for item in items:
        files[item.path].append(item)
    for tests in files.values():
        if not any(_commits(each) for each in tests):
            for each in tests:
                names = getattr(each, "fixturenames", [])
                if "people" in names and ONCE not in names:
                    names.insert(0, ONCE)


def _commits(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("django_db")
    asked = getattr(item, "fixturenames", ())
    return "transactional_db" in asked or bool(mark and mark.kwargs.get("transaction"))


@pytest.fixture(scope="module")
def people_once(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Load them for a file: each of its tests goes back to here."""
    from tests.integration.site.conftest import QUICK, load_people

    hashing = override_settings(PASSWORD_HASHERS=QUICK)
    with django_db_blocker.unblock(), hashing, transaction.atomic():
        load_people()
        yield
        transaction.set_rollback(True)
