"""A month that two people close: the first is told, everybody else is asked, and the second publishes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from openpbc.audit.models import AuditEvent
from openpbc.kernel.periods import Month
from openpbc.monitoring import actions, offers, reads
from openpbc.monitoring.reads.two_closers import waiting_closes
from openpbc.organisations import reads as persons
from tests.integration.site.conftest import HERE, As, as_role, people, quick_hashing, send
from tests.integration.site.forms.months import received
from tests.integration.two_people_book import set_in_a_book

__all__ = ["as_role", "people", "quick_hashing"]
pytestmark = pytest.mark.one_database
PAGE, JUNE = f"/p/{HERE}/months/2008-06/close", Month(2008, 6)


def work(sign_in: str) -> list[bool]:
    viewer = persons.viewer_by_sign_in(sign_in)
    assert viewer
    found = offers.WORK(persons.book(HERE), viewer)
    return [each.waits for each in found if each.text == "Close June 2008 as the second person"]


def test_the_first_waits_the_others_are_asked_and_the_second_publishes(
    people: None, as_role: As, settings, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    browser = as_role("analyst")
    assert "whether it takes two is not set" in browser.get(PAGE).content.decode()
    set_in_a_book(settings, tmp_path, closing="yes")
    assert "It takes two people" in browser.get(PAGE).content.decode()
    received()
    shown = send(browser, PAGE, {"point": "now", "confirmed": "yes"}, follow=True).content.decode()
    assert "You closed it on" in shown and not any(each.published for each in reads.months(HERE))
    assert work("analyst@demo") == [True] and work("finance@demo") == [False]
    event = AuditEvent.objects.get(action="monitoring.close")
    assert event.subject == f"month/{HERE}/2008-06" and '"waits":1' in event.after
    second = actions.close(by=actor("finance@demo"), place=HERE, month=JUNE)
    assert (second.waits, second.already) == (0, False) and waiting_closes(HERE) == {}
    assert [each.by for each in reads.history(HERE, JUNE)] == ["Demo finance manager"]
    assert (
        work("analyst@demo") == []
        and "is already closed" in actions.close(by=actor("analyst@demo"), place=HERE, month=JUNE).sentence
    )


def actor(sign_in: str):
    return persons.viewer(persons.person_by_sign_in(sign_in).id).actor
