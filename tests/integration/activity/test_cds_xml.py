"""Emergency Care in CDS-XML 6-2-3: rows to XML, valid by the official schema, and back; and what is refused."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from openpbc.activity import reads
from openpbc.activity.flow import cds_xml
from openpbc.kernel.problems import UserError
from openpbc.warehouse.store import file_hash
from tests.unit.activity.rows import PLACE

AT = datetime(2008, 7, 1, 9, 30)


def row(dice: random.Random, number: int) -> cds_xml.Row:
    """One message with whatever the dice add to what must be there."""
    day = date(2008, 6, 1) + timedelta(days=dice.randrange(28))
    bulk = dice.random() < 0.3
    found = {
        "Transaction": cds_xml.BULK if bulk else cds_xml.NET,
        "CDSTypeCode": "011",
        "CDSProtocolIdentifierCode": "020" if bulk else "010",
        "CDSUniqueIdentifier": f"RWG{number:05}",
        "CDSActivityDate": f"{day}",
        "OrganisationIdentifier_CDSSender": "RWG",
        "OrganisationSiteIdentifier_OfTreatment": "RWG01",
        "EmergencyCareDepartmentType": dice.choice(("01", "02", "03", "04")),
        "EmergencyCareAttendanceIdentifier": f"A{number}",
        "EmergencyCareArrivalDate": f"{day}",
        "EmergencyCareArrivalTime": "10:00:00",
        "AgeAtCdsActivityDate": "58",
        "OrganisationIdentifier_CodeOfProvider": "RWG",
        "OrganisationIdentifier_CodeOfCommissioner": "5P4",
    }
    if bulk:
        found |= {"CDSBulkReplacementGroupCode": "160", "CDSExtractDate": "2008-07-01", "CDSExtractTime": "08:00:00",
                  "CDSReportPeriodStartDate": "2008-06-01", "CDSReportPeriodEndDate": "2008-06-30"}  # fmt: skip
    else:
        found |= {"CDSUpdateType": "9", "CDSApplicableDate": f"{day}", "CDSApplicableTime": "23:00:00"}
    return found | _identity(dice, number) | _course(dice, day)


def _identity(dice: random.Random, number: int) -> cds_xml.Row:
    found: cds_xml.Row = {}
    status = dice.choice(("01", "02", "03"))
    found["NHSNumberStatusIndicatorCode"] = status
    if status == "01":
        found |= {"NHSNumber": "9990000018", "PostcodeOfUsualAddress": "WD17 9AB", "PersonBirthDate": "1950-05-05"}
    elif dice.random() < 0.5:
        found |= {
            "LocalPatientIdentifier_Extended": f"P{number}",
            "OrganisationIdentifier_LocalPatientIdentifier": "RWG",
        }
    return found


def _course(dice: random.Random, day: date) -> cds_xml.Row:
    found: cds_xml.Row = {}
    times = {"EmergencyCareInitialAssessment": ("10:10:00",), "EmergencyCareDeparture": ("12:00:00",)}
    for name, (clock,) in times.items():
        if dice.random() < 0.7:
            found |= {f"{name}Date": f"{day}", f"{name}Time": clock}
    for name in ("EmergencyCareArrivalMode", "EmergencyCareAcuity", "EmergencyCareChiefComplaint",
                 "EmergencyCareDischargeStatus", "EmergencyCareDischargeDestination"):  # fmt: skip
        if dice.random() < 0.6:
            found[f"{name}_SnomedCt"] = f"{dice.randrange(10**6, 10**12)}"
    for at in range(1, dice.randrange(1, 5)):
        found |= {f"EmergencyCareDiagnosis_SnomedCt_{at:02}": f"{dice.randrange(10**6, 10**9)}",
                  f"CodedClinicalEntrySequenceNumber_{at:02}": f"{at}",
                  f"EmergencyCareDiagnosisQualifier_SnomedCt_{at:02}": "410605003"}  # fmt: skip
    for at in range(1, dice.randrange(1, 4)):
        found[f"EmergencyCareClinicalInvestigation_SnomedCt_{at:02}"] = f"{dice.randrange(10**6, 10**9)}"
    if dice.random() < 0.8:
        found |= {"GeneralPractice_PatientRegistration": "E82901", "PersonStatedGenderCode": "2", "EthnicCategory": "A"}
    return found


def written(folder: Path, rows: list[cds_xml.Row], name: str = "RWG_2008-06_ae.xml") -> Path:
    path = folder / name
    assert cds_xml.write(path, rows, sender="RWG", receiver="SUS", reference="R1", at=AT) == len(rows)
    return path


@pytest.mark.parametrize("seed", range(5))
def test_rows_come_back_as_they_were_written(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    rows = [row(dice, number) for number in range(1, 60)]
    if all(one["Transaction"] == rows[0]["Transaction"] for one in rows):
        pytest.fail("the dice should mix")
    for kind in (cds_xml.NET, cds_xml.BULK):  # the schema allows one protocol an interchange
        own = [one for one in rows if one["Transaction"] == kind]
        assert list(cds_xml.read(written(tmp_path, own))) == own


def test_what_cannot_be_valid_is_not_written(tmp_path: Path) -> None:
    faulty = row(random.Random(1), 1) | {"EmergencyCareDepartmentType": "first floor"}
    with pytest.raises(UserError, match="not valid CDS-XML") as raised:
        cds_xml.write(tmp_path / "a.xml", [faulty], sender="RWG", receiver="SUS", reference="R1", at=AT)
    assert "first floor" not in raised.value.sentence


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("EmergencyCareArrivalDate", "Ann O'SECRET"),
        ("EmergencyCareArrivalDate", "SECRET' is not SECRET"),
        ("EmergencyCareArrivalDate", "x' is not accepted by the pattern SECRET 'x"),
        ("EmergencyCareDepartmentType", "O'SECRET' is not an element of the set 'SECRET"),
        ("EmergencyCareArrivalDate", "2008 &amp; O'SECRET"),
        ("EmergencyCareArrivalDate", "2008 & O'SECRET"),
    ],
)
def test_no_value_of_a_record_reaches_the_sentence(tmp_path: Path, field: str, value: str) -> None:
    path = written(tmp_path, [row(random.Random(3), 1)])
    path.write_text(re.sub(f"<{field}>[^<]*", f"<{field}>{value}", path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(UserError, match="not valid CDS-XML") as raised:
        list(cds_xml.read(path))
    assert "SECRET" not in raised.value.sentence and "<string>" not in raised.value.sentence


def test_no_value_of_an_attribute_reaches_the_sentence() -> None:
    told = (
        "Element 'a', attribute 'b': [facet 'maxLength'] The value 'O'SECRET has a length of 'x' has a length of '11';"
    )
    assert cds_xml._plainly(told) == "Element 'a', attribute 'b': a value has a length of '11';"
    assert "SECRET" not in cds_xml._plainly("Element 'a': No match found for 'O'SECRET' and 'x'.")


@pytest.mark.parametrize("part", [0.02, 0.3, 0.5, 0.7, 0.9, 0.995])
def test_an_interchange_that_breaks_off_is_refused_wherever_it_does(tmp_path: Path, part: float) -> None:
    dice = random.Random(5)
    rows = [one for one in (row(dice, number) for number in range(1, 60)) if one["Transaction"] == cds_xml.NET]
    path = written(tmp_path, rows)
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: int(len(text) * part)], encoding="utf-8")
    with pytest.raises(UserError, match="not valid CDS-XML"):
        list(cds_xml.read(path))


def test_a_second_interchange_in_one_file_is_not_lost_in_silence(tmp_path: Path) -> None:
    path = written(tmp_path, [row(random.Random(3), 1)])
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.partition("?>")[2], encoding="utf-8")
    with pytest.raises(UserError, match="not valid CDS-XML"):
        list(cds_xml.read(path))


def _bomb(text: str) -> str:
    entities = "".join(f'<!ENTITY a{n} "{"&a" + str(n - 1) + ";" if n else "x"}">' for n in range(9))
    return text.replace("?>", f"?><!DOCTYPE lolz [{entities}]>", 1)


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (_bomb, "document type or entities"),
        (lambda text: text.replace("?>", '?><!DOCTYPE a SYSTEM "file:///etc/passwd">', 1), "document type or entities"),
        (lambda text: text.replace("utf-8", "utf-7", 1).replace("UTF-8", "utf-7", 1), "another encoding"),
        (lambda text: text[: len(text) // 2], "not valid"),
        (
            lambda text: re.sub("<EmergencyCareArrivalDate>[^<]*", "<EmergencyCareArrivalDate>2008-06-31", text),
            "not valid",
        ),
        (lambda text: text.replace("6-2-3", "6-2-2"), "not valid"),
        (lambda text: "<html><body>not this</body></html>", "not valid|no message"),
        (lambda text: "<", "not valid|no message"),
        (lambda text: text.replace("R1</", "\0</"), "document type or entities|not valid"),
    ],
)
def test_dangerous_and_broken_files_are_refused_in_a_sentence(
    db, receive, tmp_path: Path, spoil: Callable[[str], str], word: str
) -> None:
    path = written(tmp_path, [row(random.Random(3), 1)])
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(UserError, match=word):
        receive(path)
    assert reads.submissions(PLACE) == []


def test_an_interchange_is_received_like_any_file(db, receive, tmp_path: Path) -> None:
    dice = random.Random(11)
    rows = [one for one in (row(dice, number) for number in range(1, 80)) if one["Transaction"] == cds_xml.NET]
    again = rows[0] | {"CDSApplicableTime": "23:30:00", "EmergencyCareDepartmentType": "03"}
    path = written(tmp_path, [*rows, again])
    told = reads.read_as(PLACE, path)
    columns = {one.field: one.column for one in told.filled}
    assert (told.layout, columns["dob"]) == ("cds-xml-011", "PersonBirthDate")
    receipt = receive(path)
    assert (receipt.layout, receipt.stream, receipt.month) == ("cds-xml-011", "ae", "2008-06")
    assert (receipt.sha256, receipt.lines) == (file_hash(path), len(rows) + 1)
    found = reads.checked(PLACE, receipt.sha256)
    assert ("rejected", "V-ALL-08", 1) in found.reasons
    assert found.lines == found.accepted + found.rejected + found.excluded
    kept = reads.findings(PLACE, receipt.sha256, rule="V-ALL-08")
    assert [one.place.line for one in kept] == [1]  # the later applicable one stays
    assert receive(path).already


def test_a_deletion_takes_its_record_out(db, receive, tmp_path: Path) -> None:
    dice = random.Random(5)
    rows = [one for one in (row(dice, number) for number in range(1, 30)) if one["Transaction"] == cds_xml.NET]
    header = {name: rows[0][name] for name in cds_xml._HEADER[cds_xml.NET].split() if name in rows[0]}
    deletion = header | {"Transaction": cds_xml.NET, "CDSUpdateType": "1", "CDSApplicableTime": "23:59:00"}
    receipt = receive(written(tmp_path, [*rows, deletion]))
    found = reads.checked(PLACE, receipt.sha256)
    assert found.accepted == len(rows) - 1
