"""At least two hundred bad files through the shell's way and the upload page: a sentence each, or every line told."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from openpbc.activity import actions, models, reads
from openpbc.activity.actions import working
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from tests.integration.site.conftest import HERE, KEY, As
from tests.unit.activity.bad_corpus import corpus

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
FILES = corpus()
ROOT = Path(__file__).parents[3]
TITLE = re.compile(r"There is a problem")
SECONDS, MEGABYTES = 2, 64


def test_the_corpus_is_large_and_every_file_is_another() -> None:
    assert len(FILES) >= 200
    assert len({what for what, _, _ in FILES}) == len(FILES)


def state() -> tuple[list[str], int, int]:
    home = reads.store().root.parent
    files = sorted(str(path) for path in home.rglob("*") if path.is_file() and path.name != "secret.key")
    return files, models.Submission.objects.count(), models.Draft.objects.count()


def test_every_bad_file_is_refused_in_a_sentence_or_accounted_for_by_the_shells_way(
    people: None, settings, tmp_path: Path
) -> None:
    settings.HOME = tmp_path / "home"
    (tmp_path / "home").mkdir()
    accepted = []
    for what, name, content in FILES:
        path, before = tmp_path / name, state()
        path.write_bytes(content)
        try:
            accepted.append((what, actions.receive(by=SYSTEM, place=HERE, path=path)))
        except UserError as refused:
            assert "\n" not in refused.sentence and len(refused.sentence) < 500, (what, refused.sentence)
            assert refused.where and refused.do, (what, refused.sentence)
            assert state() == before, f"{what} left something behind"
    assert 20 < len(accepted) < len(FILES) / 2
    for what, receipt in {receipt.sha256: (what, receipt) for what, receipt in accepted}.values():
        assert receipt.lines >= receipt.unparsed, what
    for what, receipt in accepted[:: len(accepted) // 6]:
        found = reads.checked(HERE, receipt.sha256)
        assert found.lines == found.accepted + found.rejected + found.excluded == receipt.lines, what


def test_every_bad_file_is_refused_in_a_sentence_or_waits_by_the_page(
    as_role: As, settings, tmp_path: Path, monkeypatch
) -> None:
    settings.HOME = tmp_path / "home"
    (tmp_path / "home").mkdir()
    monkeypatch.setattr(working, "start", lambda folder: False)  # what the check makes of them is tried elsewhere
    browser = as_role("analyst")
    address = f"/p/{HERE}/submissions/new"
    found = KEY.search(browser.get(address).content.decode())
    assert found
    waits = 0
    for what, name, content in FILES:
        before = state()
        answer = browser.post(address, {"file": SimpleUploadedFile(name, content), "idempotency_key": found[1]})
        if answer.status_code == 302:
            waits += 1
            models.Draft.objects.all().delete()  # the page lists all that wait, and is not tried with a hundred
            continue
        page = answer.content.decode()
        assert answer.status_code == 422, (what, answer.status_code)
        assert TITLE.search(page) and "Traceback" not in page, what
        assert state() == before, f"{what} left something behind"
    assert 20 < waits < len(FILES) / 2


def test_hostile_archives_are_refused_quickly_and_in_little_memory(tmp_path: Path) -> None:
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from bench.measuring import peak_mib\n"
        "from openpbc.kernel.problems import UserError\n"
        "from openpbc.ui.workbooks import read_workbook\n"
        "from openpbc.warehouse.survey import survey\n"
        "start = peak_mib()\n"
        "for path in sorted(Path(sys.argv[1]).iterdir()):\n"
        "    for read in (survey, lambda path: read_workbook(path.read_bytes(), path.name)):\n"
        "        begun = time.process_time()\n"
        "        try:\n"
        "            read(path)\n"
        "            print(path.name, 'was taken')\n"
        "        except UserError:\n"
        "            pass\n"
        "        took = time.process_time() - begun\n"
        f"        if took > {SECONDS}:\n"
        "            print(path.name, 'took', took)\n"
        f"if (grown := peak_mib() - start) > {MEGABYTES}:\n"
        "    print('memory grew by', grown)\n"
    )
    hostile = [bad for bad in FILES if bad[1] != "RWG_2008-06_op.csv" and not bad[1].endswith(".csv")]
    assert len(hostile) >= 20
    for number, (_, _, content) in enumerate(hostile):
        (tmp_path / f"{number:02}").write_bytes(content)
    command = [sys.executable, "-c", code, str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.returncode) == ("", 0), ran.stdout + ran.stderr[-500:]
