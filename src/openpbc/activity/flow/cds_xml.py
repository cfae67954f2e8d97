"""Reads and writes Emergency Care (type 011) in CDS-XML 6-2-3, validated against the official schema both ways.

A message becomes one row whose columns are named after the schema's elements; the layout ``cds-xml-011`` maps them to
fields of A&E like the columns of any file. What repeats is numbered (``EmergencyCareDiagnosis_SnomedCt_02``), and what
no column is made for is kept as path and text in the column ``OtherElements``, so that nothing vanishes.

A file is read as a stream: messages are validated, turned into rows and forgotten one by one. Document types, entities
and other encodings than UTF-8 are refused before anything is parsed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from lxml import etree

from openpbc.kernel.problems import UserError

NAMESPACE = "http://www.nhsia.nhs.uk/DataStandards/XMLschema/CDS/ns"
ROOT = "CDS-XMLInterchange"
OTHER = "OtherElements"
APPLICABLE = "Applicable"
REPEATS = 12
_BLOCK = 1 << 20
_MESSAGES = ("CDSNetChange-All-MessageTypes", "CDSBulkGroup-160-Message")
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY", b"<!doctype")
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_FAULT = re.compile(r"(?s)(?P<element>Element '[\w.-]+'(?:, attribute '[\w.:-]+')?): (?P<rest>.*)")
_AFTER_A_VALUE = re.compile(
    r"(?:The value|') (?P<phrase>has a length of|is not accepted by the pattern|is not an element of the set"
    r"|is not a valid value of|does not match the fixed value constraint|is less than the|is greater than the)"
)
_SCHEMA = "CDS-XML_Message_Root-V6-2-3.xsd"

NET, BULK = "CDSTransactionHeader_NetChange", "CDSTransactionHeader_BulkUpdate"
_HEADER = {
    NET: "CDSTypeCode CDSProtocolIdentifierCode CDSUniqueIdentifier CDSUpdateType CDSApplicableDate CDSApplicableTime"
    " CDSActivityDate OrganisationIdentifier_CDSSender OrganisationIdentifier_CDSRecipient",
    BULK: "CDSTypeCode CDSProtocolIdentifierCode CDSUniqueIdentifier CDSBulkReplacementGroupCode CDSExtractDate"
    " CDSExtractTime CDSReportPeriodStartDate CDSReportPeriodEndDate CDSActivityDate OrganisationIdentifier_CDSSender"
    " OrganisationIdentifier_CDSRecipient",
}
_CARE = "AttendanceOccurrence"
_PERSON = "PersonGroupPatient"
_IDENTITY = f"{_PERSON}/PatientIdentity"
# Where each column stands below EmergencyCare, in the order of the schema; # marks what repeats and is numbered.
_PLACES = tuple(
    f"{group}/{name}"
    for group, names in (
        ("PatientPathway/PatientPathwayIdentity", "UniqueBookingReferenceNumber_Converted PatientPathwayIdentifier"
         " OrganisationIdentifier_PatientPathwayIdentifierIssuer"),
        ("PatientPathway/RTTPeriodCharacteristics", "ReferralToTreatmentPeriod_Status WaitingTimeMeasurementType"
         " ReferralToTreatmentPeriod_StartDate ReferralToTreatmentPeriod_EndDate"),
        (f"{_IDENTITY}/IDENTITY", "NHSNumberStatusIndicatorCode LocalPatientIdentifier_Extended"
         " OrganisationIdentifier_LocalPatientIdentifier NHSNumber PostcodeOfUsualAddress"
         " OrganisationIdentifier_ResidenceResponsibility PersonBirthDate WithheldIdentityReason"),
        (f"{_PERSON}/PatientCharacteristics_EmergencyCare", "PersonStatedGenderCode EthnicCategory"),
        ("GPRegistration", "GeneralMedicalPractitioner_Specified GeneralPractice_PatientRegistration"),
        ("EmergencyCareAttendanceLocation", "OrganisationSiteIdentifier_OfTreatment EmergencyCareDepartmentType"),
        (f"{_CARE}/AmbulanceDetails", "AmbulanceCallIdentifier OrganisationIdentifier_ConveyingAmbulanceTrust"),
        (f"{_CARE}/EmergencyCareAttendanceActivityCharacteristics", "EmergencyCareAttendanceIdentifier"
         " EmergencyCareArrivalMode_SnomedCt EmergencyCareAttendanceCategory EmergencyCareAttendanceSource_SnomedCt"
         " OrganisationSiteIdentifier_EmergencyCareAttendanceSource EmergencyCareArrivalDate EmergencyCareArrivalTime"
         " AgeAtCdsActivityDate EmergencyCareInitialAssessmentDate EmergencyCareInitialAssessmentTime"
         " EmergencyCareAcuity_SnomedCt EmergencyCareChiefComplaint_SnomedCt EmergencyCareDateSeenForTreatment"
         " EmergencyCareTimeSeenForTreatment"),
        (f"{_CARE}/InjuryCharacteristics", "InjuryDate InjuryTime EmergencyCarePlaceOfInjury_SnomedCt"
         " EmergencyCareInjuryIntent_SnomedCt EmergencyCareInjuryActivityStatus_SnomedCt"
         " EmergencyCareInjuryActivityType_SnomedCt EmergencyCareInjuryMechanism_SnomedCt"),
        (f"{_CARE}/ServiceAgreementDetails", "CommissioningSerialNumber NhsServiceAgreementLineNumber"
         " ProviderReferenceNumber CommissionerReferenceNumber OrganisationIdentifier_CodeOfProvider"
         " OrganisationIdentifier_CodeOfCommissioner"),
        (f"{_CARE}/EmergencyCareDiagnoses_SnomedCt#", "EmergencyCareDiagnosis_SnomedCt"
         " CodedClinicalEntrySequenceNumber EmergencyCareDiagnosisQualifier_SnomedCt"),
        (f"{_CARE}/EmergencyCareInvestigations_SnomedCt#", "EmergencyCareClinicalInvestigation_SnomedCt"
         " ProcedureDate_EmergencyCareClinicalInvestigation ProcedureTime_EmergencyCareClinicalInvestigation"),
        (f"{_CARE}/EmergencyCareTreatments_SnomedCt#", "EmergencyCareProcedure_SnomedCt"
         " ProcedureDate_EmergencyCareProcedure ProcedureTime_EmergencyCareProcedure"),
        (f"{_CARE}/DischargeFromEmergencyCare", "DecidedToAdmitDate DecidedToAdmitTime"
         " ActivityTreatmentFunctionCode_DecisionToAdmit EmergencyCareClinicallyReadyToProceedTimeStamp"
         " EmergencyCareDischargeStatus_SnomedCt EmergencyCareAttendanceConclusionDate"
         " EmergencyCareAttendanceConclusionTime EmergencyCareDepartureDate EmergencyCareDepartureTime"
         " EmergencyCareDischargeDestination_SnomedCt OrganisationSiteIdentifier_DischargeFromEmergencyCare"
         " EmergencyCareDischargeFollowUp_SnomedCt EmergencyCareDischargeInformationGiven_SnomedCt"),
    )
    for name in names.split()
)  # fmt: skip


def _columns() -> tuple[str, ...]:
    found: list[str] = ["Transaction", *dict.fromkeys(f"{_HEADER[NET]} {_HEADER[BULK]}".split())]
    for place in _PLACES:
        name = place.rpartition("/")[2]
        numbers = range(1, REPEATS + 1) if "#" in place else ()
        found += [f"{name}_{number:02}" for number in numbers] or [name]
    return (*found, OTHER)


COLUMNS = _columns()
_KNOWN = frozenset(COLUMNS)
# Where the parts of an identity stand: by its structure, the blocks and the names within each, in the schema's order.
_BLOCKS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "WithheldIdentity_Structure": (
        ("", "NHSNumberStatusIndicatorCode OrganisationIdentifier_ResidenceResponsibility WithheldIdentityReason"),
    ),
    "VerifiedIdentity_Structure": (
        ("LocalIdentifierStructure", "LocalPatientIdentifier_Extended OrganisationIdentifier_LocalPatientIdentifier"),
        (
            "DataElementStructure",
            "NHSNumber NHSNumberStatusIndicatorCode PostcodeOfUsualAddress"
            " OrganisationIdentifier_ResidenceResponsibility PersonBirthDate",
        ),
    ),
    "UnverifiedIdentity_Structure": (
        ("LocalIdentifierStructure", "LocalPatientIdentifier_Extended OrganisationIdentifier_LocalPatientIdentifier"),
        ("DataElementStructure", "NHSNumber NHSNumberStatusIndicatorCode"),
        (
            "DataElementStructure2",
            "PostcodeOfUsualAddress OrganisationIdentifier_ResidenceResponsibility PersonBirthDate",
        ),
    ),
}
Row = dict[str, str]


def is_xml(path: Path) -> bool:
    """Tell whether a file starts as XML does."""
    with path.open("rb") as file:
        return file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


@cache
def schema() -> Any:
    """Give the official schema, read once."""
    with as_file(files("openpbc.rulebook") / "schemas" / "cds-xml-6-2-3") as folder:
        return etree.XMLSchema(file=str(folder / _SCHEMA))


@cache
def _version() -> Mapping[str, str]:
    """Give the attributes that the schema fixes for the root: its own version and date."""
    with as_file(files("openpbc.rulebook") / "schemas" / "cds-xml-6-2-3") as folder:
        told = etree.parse(str(folder / _SCHEMA)).iter("{http://www.w3.org/2001/XMLSchema}attribute")
        return {one.get("name"): one.get("fixed") for one in told}


def convert(path: Path, csv_path: Path) -> int:
    """Write the messages of an interchange as rows of a CSV file, and give their number."""
    number = 0
    with csv_path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, (*COLUMNS, APPLICABLE), lineterminator="\n")
        writer.writeheader()
        for row in read(path):
            number += 1
            told = {name: " ".join(text.split()) for name, text in row.items()}
            # a deletion says only who sends it
            told.setdefault("OrganisationIdentifier_CodeOfProvider", told.get("OrganisationIdentifier_CDSSender", ""))
            writer.writerow(told | {APPLICABLE: _applicable(told)})
    if not number:
        raise UserError("the interchange holds no message", path.name, "Ask the sender for the file again.")
    return number


def _applicable(row: Row) -> str:
    """Say when a transaction applies: its applicable moment, or that of the extract of a bulk replacement."""
    day = row.get("CDSApplicableDate") or row.get("CDSExtractDate", "")
    clock = row.get("CDSApplicableTime") or row.get("CDSExtractTime", "")
    return f"{day}T{clock}" if day and clock else ""


def read(path: Path) -> Iterator[Row]:
    """Give the messages of an interchange one by one, each valid by the schema; refuse the file at the first fault."""
    _refuse_dangerous(path)
    tags = {f"{{{NAMESPACE}}}{name}" for name in _MESSAGES}
    safe = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    parsed = etree.iterparse(str(path), events=("end",), schema=schema(), **safe)
    whole = False
    try:
        for _, message in parsed:
            if message.tag not in tags:
                whole = whole or message.tag == f"{{{NAMESPACE}}}{ROOT}"
                continue
            yield _row(message)
            message.clear()
            while message.getprevious() is not None:
                del message.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise _invalid(path, str(error)) from error
    faults = [each for each in parsed.error_log if each.level >= etree.ErrorLevels.ERROR]
    if faults or not whole:  # a parser that validates as it reads stops at malformed text without a word
        raise _invalid(path, faults[0].message if faults else "")


def _invalid(path: Path, told: str) -> UserError:
    sentence = f"the file is not valid CDS-XML 6-2-3: {_plainly(told)}"
    return UserError(sentence, path.name, "Ask the sender for a valid file.")


def _plainly(text: str) -> str:
    """Say by the parser's words which element is at fault and how, without a word of what the record holds.

    The schema speaks after the last phrase that follows a value; else what is quoted is left out.
    """
    found = _FAULT.match(text.removesuffix(" (<string>, line 0)").replace(f"{{{NAMESPACE}}}", ""))
    if found is None:
        return "it breaks off, or is not well-formed XML"
    phrases, rest = list(_AFTER_A_VALUE.finditer(found["rest"])), found["rest"]
    bare = f"a value {rest[phrases[-1].start('phrase') :]}" if phrases else re.sub("(?s)'.*'", "...", rest)
    return f"{found['element']}: {bare}"[:300]


def _refuse_dangerous(path: Path) -> None:
    tail = b""
    with path.open("rb") as file:
        first = file.read(_BLOCK)
        declared = _ENCODING.search(first[:200])
        if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
            raise UserError("the XML is written in another encoding than UTF-8", path.name, "Save it as UTF-8.")
        block = first
        while block:
            seen = tail + block
            if any(word in seen for word in _FORBIDDEN) or b"\0" in block:
                raise UserError(
                    "the XML brings a document type or entities of its own, which is not allowed",
                    path.name,
                    "Ask the sender for a plain CDS-XML file.",
                )
            tail = seen[-16:]
            block = file.read(_BLOCK)


def _local(element: Any) -> str:
    return str(etree.QName(element).localname)


def _row(message: Any) -> Row:
    row: Row = {}
    others: list[str] = []
    for child in message:
        name = _local(child)
        if name in (NET, BULK):
            row["Transaction"] = name
            _take(child, name, row, others)
        elif name == "EmergencyCare":
            _take(child, "", row, others)
    if others:
        row[OTHER] = "; ".join(others)
    return row


def _take(element: Any, path: str, row: Row, others: list[str]) -> None:
    """Put every text below an element into its column; further ones of the same name go to the numbered columns."""
    for child in element:
        name = _local(child) if isinstance(child.tag, str) else ""
        place = f"{path}/{name}".lstrip("/")
        if not name:
            continue
        if len(child):
            _take(child, place, row, others)
            continue
        _put(row, others, name, place, child.text or "", _number_of(child))


def _number_of(child: Any) -> int:
    """Count which of its kind the element's parent is."""
    parent = child.getparent()
    return 1 + sum(1 for before in parent.itersiblings(parent.tag, preceding=True))


def _put(row: Row, others: list[str], name: str, place: str, text: str, number: int) -> None:
    numbered = f"{name}_{number:02}"
    column = numbered if numbered in _KNOWN else name
    if column in _KNOWN and column not in row:
        row[column] = text
    elif text:
        others.append(f"{place}={text}")


def write(
    path: Path, rows: Iterable[Mapping[str, str]], *, sender: str, receiver: str, reference: str, at: datetime
) -> int:
    """Write rows as one interchange, validate it as a whole, and give the number of messages."""
    number = 0
    with etree.xmlfile(str(path), encoding="utf-8") as out:
        out.write_declaration()
        with out.element(f"{{{NAMESPACE}}}{ROOT}", _version(), nsmap={None: NAMESPACE}):
            out.write(_built("CDSInterchangeHeader", _interchange(sender, receiver, reference, at)))
            for number, row in enumerate(rows, start=1):
                out.write(_message(row, number))
            out.write(_built("CDSInterchangeTrailer", [("CDSInterchangeControlReference", reference),
                                                       ("CDSInterchangeControlCount", str(number))]))  # fmt: skip
    for _ in read(path):
        pass
    return number


def _interchange(sender: str, receiver: str, reference: str, at: datetime) -> list[tuple[str, str]]:
    return [
        ("CDSInterchangeSenderIdentity", sender),
        ("CDSInterchangeReceiverIdentity", receiver),
        ("CDSInterchangeControlReference", reference),
        ("CDSInterchangeDateOfPreparation", f"{at:%Y-%m-%d}"),
        ("CDSInterchangeTimeOfPreparation", f"{at:%H:%M:%S}"),
        ("CDSInterchangeApplicationReference", "NHSCDS"),
    ]


def _element(name: str) -> Any:
    return etree.Element(f"{{{NAMESPACE}}}{name}", nsmap={None: NAMESPACE})


def _built(name: str, texts: Iterable[tuple[str, str]]) -> Any:
    element = _element(name)
    for child, text in texts:
        if text:
            etree.SubElement(element, f"{{{NAMESPACE}}}{child}").text = text
    return element


def _message(row: Mapping[str, str], number: int) -> Any:
    header = row.get("Transaction") or NET
    bulk = header == BULK
    message = _element(_MESSAGES[1] if bulk else _MESSAGES[0])
    message.set("CDSProtocolIdentifierCode", "020" if bulk else "010")
    if bulk:
        message.set("CDSBulkReplacementGroupCode", "160")
    message.set("CDSTypeCode", row.get("CDSTypeCode") or "011")
    about = [
        ("CDSMessageType", "NHSCDS"),
        ("CDSMessageVersionNumber", "CDS062"),
        ("CDSMessageReferenceNumber", str(number)),
    ]
    message.append(_built("CDSMessageHeader", about))
    message.append(_built(header, [(name, row.get(name, "")) for name in _HEADER[header].split()]))
    deleted = not bulk and row.get("CDSUpdateType") == "1" and not row.get("EmergencyCareArrivalDate")
    message.append(_element("DeleteTransaction") if deleted else _care(row))
    message.append(_built("CDSMessageTrailer", about[2:]))
    return message


def _care(row: Mapping[str, str]) -> Any:
    care = _element("EmergencyCare")
    identified = False
    for place in _PLACES:
        group, _, name = place.rpartition("/")
        if group.endswith("/IDENTITY"):
            if not identified:
                _identity(care, row)
                identified = True
        elif group.endswith("#"):
            _repeated(care, group[:-1], name, row)
        elif row.get(name):
            etree.SubElement(_below(care, group), f"{{{NAMESPACE}}}{name}").text = row[name]
    return care


def _below(care: Any, path: str) -> Any:
    """Find the last element of a path, making what is not there."""
    at = care
    for name in path.split("/"):
        found = at.find(f"{{{NAMESPACE}}}{name}")
        at = found if found is not None else etree.SubElement(at, f"{{{NAMESPACE}}}{name}")
    return at


def _repeated(care: Any, group: str, name: str, row: Mapping[str, str]) -> None:
    outer, _, own = group.rpartition("/")
    for number in range(1, REPEATS + 1):
        text = row.get(f"{name}_{number:02}")
        if not text:
            continue
        above = _below(care, outer)
        there = above.findall(f"{{{NAMESPACE}}}{own}")
        while len(there) < number:
            there.append(etree.SubElement(above, f"{{{NAMESPACE}}}{own}"))
        etree.SubElement(there[number - 1], f"{{{NAMESPACE}}}{name}").text = text


def _identity(care: Any, row: Mapping[str, str]) -> None:
    """Write the identity in the structure that its status asks for: withheld, verified (01) or unverified."""
    status = row.get("NHSNumberStatusIndicatorCode", "")
    kind = "Withheld" if row.get("WithheldIdentityReason") else "Verified" if status == "01" else "Unverified"
    structure = _below(care, f"{_IDENTITY}/{kind}Identity_Structure")
    structure.set("NHSNumberStatusIndicatorCode", status)
    for block, names in _BLOCKS[f"{kind}Identity_Structure"]:
        texts = [(name, row.get(name, "")) for name in names.split()]
        if not any(text for _, text in texts):
            continue
        inside = _below(structure, block) if block else structure
        for name, text in texts:
            if text:
                etree.SubElement(inside, f"{{{NAMESPACE}}}{name}").text = text
