"""The fields that every layout is mapped to: one list a stream, all text until a check has read them."""

from __future__ import annotations

from collections.abc import Mapping

STREAMS = ("apc", "op", "ae")
STREAM_WORDS: Mapping[str, str] = {"apc": "admitted care", "op": "outpatients", "ae": "A&E"}

_PERSON = (
    "cds_unique_id provider site commissioner csn nhs_number nhs_number_status local_patient_id dob sex ethnic postcode"
    " practice gp admin_category age"
)
FIELDS: Mapping[str, tuple[str, ...]] = {
    stream: tuple(f"{_PERSON} {own}".split())
    for stream, own in {
        "apc": "spell_no epi_no last_epi episode_status patient_class adm_method adm_source adm_date dta_date"
        " dis_method dis_dest ready_date dis_date epi_start epi_end los_adj_rehab los_adj_spc critical_care_days"
        " main_spec tfc consultant diag_01 diag_02 diag_03 proc_01 proc_01_date proc_02 hrg_spell hrg_fce"
        " unbundled_hrg bpt_flag pathway_id",
        "op": "attendance_id appointment_date first_attendance attended_or_dna outcome priority_type source_of_referral"
        " referral_received_date multi_professional_ind main_spec tfc consultant diag_01 proc_01 hrg"
        " unbundled_hrg bpt_flag pathway_id",
        "ae": "attendance_id arrival_date arrival_time initial_assessment_time seen_time conclusion_time departure_date"
        " departure_time attendance_category arrival_mode department_type patient_group referral_source disposal"
        " diag_01 investigation_01 treatment_01 hrg",
    }.items()
}

# The date by which practice, unit and code lists are looked up, and the one that must lie in the file's month.
CARE_DATE: Mapping[str, str] = {"apc": "adm_date", "op": "appointment_date", "ae": "arrival_date"}
PERIOD_DATE: Mapping[str, str] = {"apc": "dis_date", "op": "appointment_date", "ae": "arrival_date"}

# Fields held against the national list of their own name (``data.codes.<field>``) on the date of care.
CODED: Mapping[str, tuple[str, ...]] = {
    "apc": tuple(
        "sex ethnic admin_category nhs_number_status patient_class adm_method adm_source dis_method dis_dest last_epi"
        " main_spec tfc".split()
    ),
    "op": tuple(
        "sex ethnic admin_category nhs_number_status first_attendance attended_or_dna outcome priority_type"
        " source_of_referral main_spec tfc".split()
    ),
    "ae": tuple(
        "sex ethnic admin_category nhs_number_status attendance_category arrival_mode department_type patient_group"
        " referral_source disposal".split()
    ),
}
LISTS = tuple(sorted({field for fields in CODED.values() for field in fields}))

DATES = frozenset(
    "dob adm_date dta_date ready_date dis_date epi_start epi_end proc_01_date appointment_date referral_received_date"
    " arrival_date departure_date".split()
)
TIMES = frozenset("arrival_time initial_assessment_time seen_time conclusion_time departure_time".split())
NUMBERS = frozenset("age epi_no los_adj_rehab los_adj_spc critical_care_days".split())
