"""A new layout is one file: laid into the installation's own rulebook, and files of it are received."""

from __future__ import annotations

from pathlib import Path

import pytest

from openpbc.activity import reads
from openpbc.kernel.problems import UserError
from tests.unit.activity.rows import PLACE, rows

pytestmark = pytest.mark.django_db

LAYOUT = """
id: data.layout.trust-own
kind: layout
meaning: One trust's own outpatient extract.
status: assumed
source: {document: openpbc-domain-notes, section: a test, mark: P}
layout:
  title: A trust's own extract
  delimiter: ";"
  coverage: place
  period: month
  padded: yes
  dates: DD/MM/YYYY
  not_known: ["?"]
  streams:
    op:
      recognised_by: Attendance Seen
      columns:
        cds_unique_id: Key
        provider: Trust
        commissioner: Payer
        practice: Surgery
        attendance_id: Attendance
        appointment_date: Seen
        first_attendance: First
        attended_or_dna: Outcome
        outcome: What next
        source_of_referral: From
        tfc: Function
        dob: Born
"""
SENT = """Key;Trust;Payer;Surgery;Attendance;Seen;First;Outcome;What next;From;Function;Born;Ward note
K1;RWG;5P4; E82901 ;A1;02/06/2008;1;5;1;03;100;05/05/1950;x
K2;RWG;5P4;E82901;A2;31/06/2008;1;5;1;03;100;05/05/1950;"a;b"
K3;RWG;5P4;?;A3;03/06/2008;2;5;1;;100;1950/05/05;
"""


@pytest.fixture
def overlay(settings, tmp_path: Path) -> Path:
    folder = tmp_path / "own packs"
    (folder / "england" / "common" / "layouts").mkdir(parents=True)
    settings.RULEBOOK = folder
    return folder / "england" / "common" / "layouts" / "trust-own.yaml"


def test_a_file_of_a_new_layout_is_received_and_checked(receive, overlay: Path, tmp_path: Path) -> None:
    sent = tmp_path / "june.csv"
    sent.write_text(SENT)
    with pytest.raises(UserError, match="fits no layout"):
        receive(sent)
    overlay.write_text(LAYOUT)
    receipt = receive(sent)
    assert (receipt.layout, receipt.provider, receipt.month, receipt.lines) == ("trust-own", "RWG", "2008-06", 3)
    found = reads.checked(PLACE, receipt.sha256)
    assert (found.accepted, found.rejected) == (2, 1)
    marks = {(one.place.line, one.rule, one.place.field) for one in reads.findings(PLACE, receipt.sha256)}
    assert marks == {
        (2, "T-03", "appointment_date"),
        (2, "V-ALL-06", "practice"),
        (3, "D-01", "practice"),
        (3, "V-ALL-06", "practice"),
        (3, "T-01", "dob"),
    }
    assert reads.records(PLACE, receipt.sha256, [2], identities=True)[0]["Ward note"] == "a;b"


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (("dates: DD/MM/YYYY", "dates: Y-M-D"), "dates is 'Y-M-D'"),
        (("padded: yes", "padding: yes"), "has no 'padding'"),
        (("recognised_by: Attendance Seen", "recognised_by: ''"), "recognised"),
        (("        dob: Born", "        birthday: Born"), "no field 'birthday'"),
        (("    op:", "    xx:"), "no stream 'xx'"),
    ],
)
def test_a_faulty_layout_names_its_file(
    receive, overlay: Path, tmp_path: Path, change: tuple[str, str], word: str
) -> None:
    overlay.write_text(LAYOUT.replace(*change))
    sent = tmp_path / "june.csv"
    sent.write_text(SENT)
    with pytest.raises(UserError) as raised:
        receive(sent)
    assert word in raised.value.sentence and "trust-own.yaml" in raised.value.sentence


def test_layouts_of_the_place_still_win_their_own_files(receive, overlay: Path, tmp_path: Path) -> None:
    overlay.write_text(LAYOUT)
    from tests.unit.activity.rows import write

    assert receive(write(tmp_path, "op", rows("op"))).layout == "openpbc-cds"
