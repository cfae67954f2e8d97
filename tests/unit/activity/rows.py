"""What tests of activity stand on: the memberships of a place as its book has them, and small files in its layout."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from openpbc.activity.flow.reference import MemberRow
from openpbc.rulebook.reader import Book

PLACE = "west-herts-2008"


def members_of(book: Book) -> list[MemberRow]:
    """Give the memberships of a place's book as attribution takes them."""
    lines = {row["code"]: row["budget_line"] for row in book.need_table("organisations.units")}
    return [
        MemberRow(
            practice=row["code"],
            valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else date.min,
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max,
            unit=row["unit"],
            budget_line=lines.get(row["unit"], ""),
            commissioner=row["commissioner"],
            postcode=row["postcode"],
        )
        for row in book.need_table("organisations.practices")
    ]


# One faultless record of each stream, as RWG would send it for June 2008; NHS numbers are from the range for tests.
_PERSON = {
    "provider": "RWG", "site": "RWG01", "commissioner": "5P4", "csn": "ACUTE1", "nhs_number": "9990000018",
    "nhs_number_status": "01", "local_patient_id": "P1", "dob": "1950-05-05", "sex": "2", "ethnic": "A",
    "postcode": "WD17 9AB", "practice": "E82901", "gp": "G9999998", "admin_category": "01",
}  # fmt: skip
GOOD: dict[str, dict[str, str]] = {
    "apc": {
        "cds_unique_id": "K1", **_PERSON, "spell_no": "S1", "epi_no": "01", "last_epi": "1", "patient_class": "1",
        "adm_method": "11", "adm_source": "19", "adm_date": "2008-06-02", "dta_date": "2008-05-01", "dis_method": "1",
        "dis_dest": "19", "ready_date": "", "dis_date": "2008-06-05", "epi_start": "2008-06-02",
        "epi_end": "2008-06-05", "los_adj_rehab": "0", "los_adj_spc": "0", "critical_care_days": "0",
        "main_spec": "100", "tfc": "100", "consultant": "C9999998", "diag_01": "K409", "diag_02": "I10X", "diag_03": "",
        "proc_01": "T201", "proc_01_date": "2008-06-03", "proc_02": "", "hrg_spell": "F71", "hrg_fce": "F71",
        "unbundled_hrg": "",
    },
    "op": {
        "cds_unique_id": "K1", **_PERSON, "attendance_id": "A1", "appointment_date": "2008-06-02",
        "first_attendance": "1", "attended_or_dna": "5", "outcome": "1", "priority_type": "1",
        "source_of_referral": "03", "referral_received_date": "2008-05-01", "multi_professional_ind": "",
        "main_spec": "100", "tfc": "100", "consultant": "C9999998", "diag_01": "", "proc_01": "", "hrg": "",
    },
    "ae": {
        "cds_unique_id": "K1", **_PERSON, "attendance_id": "A1", "arrival_date": "2008-06-02", "arrival_time": "10:00",
        "initial_assessment_time": "10:15", "seen_time": "10:50", "conclusion_time": "11:30",
        "departure_date": "2008-06-02", "departure_time": "11:45", "attendance_category": "1", "arrival_mode": "2",
        "department_type": "01", "patient_group": "80", "referral_source": "01", "disposal": "03", "diag_01": "",
        "investigation_01": "", "treatment_01": "", "hrg": "V08",
    },
}  # fmt: skip
CARE = {"apc": "dis_date", "op": "appointment_date", "ae": "arrival_date"}


def rows(stream: str, number: int = 3, **changes: str) -> list[dict[str, str]]:
    """Give faultless records with keys of their own, each with the changes."""
    key = "spell_no" if stream == "apc" else "attendance_id"
    return [{**GOOD[stream], "cds_unique_id": f"K{at}", key: f"N{at}", **changes} for at in range(1, number + 1)]


def text_of(stream: str, records: list[dict[str, str]]) -> str:
    """Write records as the layout openpbc-cds has them."""
    header = list(GOOD[stream])
    lines = [",".join(record[name] for name in header) for record in records]
    return "\n".join([",".join(header), *lines]) + "\n"


def write(folder: Path, stream: str, records: list[dict[str, str]] | None = None, name: str | None = None) -> Path:
    """Write a file of faultless records (or of those given) under the name that tells whose it is."""
    path = folder / (name or f"RWG_2008-06_{stream}.csv")
    path.write_text(text_of(stream, rows(stream) if records is None else records), encoding="utf-8")
    return path
