"""The pages of a month's files, closes and differences, as the right and the wrong role see them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from openpbc.activity import actions as activity
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.monitoring import actions
from tests.integration.pages.walk import MONEY
from tests.integration.site.conftest import HERE, As, as_role, people, quick_hashing, send  # noqa: F401
from tests.unit.activity.rows import rows, write

pytestmark = [pytest.mark.usefixtures("people"), pytest.mark.one_database]
AT = f"/p/{HERE}"
EARLY, BETWEEN, LATE = (datetime(2008, *day, 9, tzinfo=UTC) for day in ((5, 10), (6, 10), (7, 10)))


@pytest.fixture
def sent(settings, tmp_path, people) -> str:  # noqa: F811
    """April of RWG: in time, revised between flex and freeze, and once more after it; gives the late one."""
    settings.HOME = tmp_path / "home"
    for number, arrived in ((5, EARLY), (7, BETWEEN), (9, LATE)):
        folder = tmp_path / str(number)
        folder.mkdir()
        records = rows("op", number, appointment_date="2008-04-02", referral_received_date="2008-03-01")
        path = write(folder, "op", records, "RWG_2008-04_op.csv")
        last = activity.receive(by=SYSTEM, place=HERE, path=path, arrived=arrived)
    return last.sha256[:12]


def test_a_month_from_its_files_to_flex_against_freeze(as_role: As, sent: str) -> None:  # noqa: F811
    analyst, contracts = as_role("analyst"), as_role("contract_manager")
    files = analyst.get(f"{AT}/months/2008-04/files").content.decode()
    assert "1 of 12 data sets are in; 1 file came after the freeze and waits for a decision" in files
    assert "Fallback by working days" in files and "Close April 2008 at freeze" in files
    assert f"/submissions/{sent}/late" not in files, "an analyst does not decide"
    quality = analyst.get(f"{AT}/quality?month=2008-04").content.decode()
    assert quality.count("nothing to judge") == 3, "who sent nothing is within no limit"
    assert "nothing was due" not in quality
    for point in ("flex", "freeze"):
        answer = send(analyst, f"{AT}/months/2008-04/close", {"point": point, "confirmed": "yes"})
        assert answer.status_code == 302, answer.content.decode()
    page = analyst.get(f"{AT}/months/2008-04/flex-and-freeze").content.decode()
    assert "+2 units of activity" in page and "to the penny" in page
    assert not MONEY.findall(page), "every pound leads to its explanation"
    csv = analyst.get(f"{AT}/months/2008-04/flex-and-freeze?download=difference.csv").content.decode()
    assert "checksum" in csv and "WatCom" in csv
    assert f"{AT}/submissions/{sent}/late" in contracts.get(f"{AT}/months/2008-04/files").content.decode()
    form = f"{AT}/submissions/{sent}/late"
    asked = send(contracts, form, {"verdict": "accept", "reason": "Agreed"})
    assert asked.status_code == 200 and "Records of the file that counts now" in asked.content.decode()
    assert send(contracts, form, {"verdict": "accept", "reason": "Agreed", "confirmed": "yes"}).status_code == 302
    told = send(contracts, form, {"verdict": "refuse", "reason": "No", "confirmed": "yes"})
    assert told.status_code == 409 and "accepted this file on" in told.content.decode()
    months = analyst.get(f"{AT}/months").content.decode()
    assert "freeze, " in months and "1 of 12" in months
    lacks = "1 file that counts now is not in the published figures"
    assert lacks in months and f"{AT}/months/2008-04/reopen" in months, "the next step is told"
    shown = contracts.get(f"{AT}/months/2008-04/files").content.decode()
    assert lacks in shown and shown.count(">settled<") == 11, "that data set is not settled while its file is left out"


def test_reopening_asks_for_a_decision(as_role: As, sent: str) -> None:  # noqa: F811
    actions.close(by=SYSTEM, place=HERE, month=Month(2008, 4), point="freeze")
    analyst = as_role("analyst")
    page = analyst.get(f"{AT}/months/2008-04/reopen").content.decode()
    assert "No decision on this month is recorded" in page and "may decide to reopen a month" in page
    answer = send(analyst, f"{AT}/months/2008-04/reopen", {"reason": "x", "seen": "1", "confirmed": "yes"})
    assert answer.status_code == 422 and "Without a recorded one" in answer.content.decode()


def test_a_provider_sees_its_own_log_and_no_others(as_role: As, sent: str) -> None:  # noqa: F811
    provider = as_role("provider_lead")
    page = provider.get(f"{AT}/providers/RWG/log").content.decode()
    assert "RWG_2008-04_op.csv" in page and "not set" in page and "waiting" in page
    assert not MONEY.findall(page), "every pound leads to its explanation"
    assert provider.get(f"{AT}/providers/RWG/quality/2008-04").status_code == 200
    assert provider.get(f"{AT}/providers/RWH/log").status_code == 404
    assert provider.get(f"{AT}/providers/RWH/quality/2008-04").status_code == 404
    assert provider.get(f"{AT}/months/2008-04/files").status_code == 403
    assert provider.get(f"{AT}/quality").status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("months/2008-04/difference", 422),
        ("months/2008-04/flex-and-freeze", 422),
        ("months/2023-04/files", 422),
        ("months/2008-13/files", 422),
        ("providers/XXX/log", 422),
        ("quality?month=never", 422),
        ("submissions/0123456789ab/late", 422),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(as_role: As, path: str, status: int) -> None:  # noqa: F811
    answer = as_role("contract_manager").get(f"{AT}/{path}")
    assert answer.status_code == status and "Traceback" not in answer.content.decode()


@pytest.mark.parametrize("role", ["gp_lead", "public", "committee_chair"])
def test_others_do_not_see_files(as_role: As, role: str) -> None:  # noqa: F811
    browser = as_role(role)
    for path in ("months/2008-04/files", "quality", "months/2008-04/close", "months/2008-04/reopen"):
        assert browser.get(f"{AT}/{path}").status_code in (302, 403)
