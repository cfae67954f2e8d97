"""The fields that every layout is mapped to: one list a stream, all text until a check has read them."""

from __future__ import annotations

from collections.abc import Mapping

STREAMS = ("apc", "op", "ae")
# Contract monitoring: the contract's totals, and the patient's lines, drugs and devices that stand behind them.
CONTRACT = ("acm", "plcm", "drplcm", "deplcm")
EVERY = (*STREAMS, *CONTRACT)
STREAM_WORDS: Mapping[str, str] = {
    "apc": "admitted care",
    "op": "outpatients",
    "ae": "A&E",
    "acm": "contract monitoring, totals",
    "plcm": "contract monitoring, patients",
    "drplcm": "contract monitoring, drugs",
    "deplcm": "contract monitoring, devices",
}

_PERSON = (
    "cds_unique_id provider site commissioner csn nhs_number nhs_number_status local_patient_id dob sex ethnic postcode"
    " practice gp admin_category age"
)
_MORE_OF_PERSON = (
    "cds_activity_date local_patient_org withheld_reason residence_org line_no prov_ref comm_ref ubrn pathway_id"
    " pathway_org rtt_status rtt_start rtt_end wt_type applicable_at update_type"
)
# What an extract of the national system says of the price, kept beside ours.
SUPPLIED = "sus_tariff sus_mff sus_price sus_excluded sus_exclusion_reason"


def _numbered(shape: str, first: int, last: int) -> str:
    return " ".join(shape.format(f"{number:02}") for number in range(first, last + 1))


_CRITICAL = "crit_{0}_start crit_{0}_end crit_{0}_unit crit_{0}_level2_days crit_{0}_level3_days crit_{0}_organs"
_CONTRACT = (
    "provider site commissioner practice gp_practice residence_org fin_month fin_year created_at reporting_type"
    " tfc main_spec sub_spec ward service_category service_code mh_category pod pod_detail pod_detail_words"
    " local_pod local_pod_words local_contract local_contract_words local_monitoring local_monitoring_words detail"
    " detail_words tariff_code national_tariff csn prov_ref line_no activity price mff total_cost unit_cost"
    " quantity activity_date cds_unique_id nhs_number withheld_reason local_patient_id postcode dob age sex ethnic"
    " spell_no attendance_id item_code item_taxonomy item_name item_category item_serial indication route strength"
    " volume pack_size unit dispensing_route"
)
FIELDS: Mapping[str, tuple[str, ...]] = {
    stream: tuple(f"{_PERSON} {own} {_MORE_OF_PERSON} {SUPPLIED}".split())
    for stream, own in {
        "apc": "spell_no epi_no last_epi episode_status patient_class adm_method adm_source adm_date dta_date"
        " dis_method dis_dest ready_date dis_date epi_start epi_end los_adj_rehab los_adj_spc critical_care_days"
        " main_spec tfc consultant diag_01 diag_02 diag_03 proc_01 proc_01_date proc_02 hrg_spell hrg_fce"
        " unbundled_hrg adm_time intended_mgmt elective_wait neonatal_level operation_status assign_start assign_end"
        " service_code sub_spec referrer ref_org hrg_ver dom_grouping_var bpt_flag "
        f"{_numbered('diag_{}', 4, 13)} {_numbered('proc_{}', 3, 13)} {_numbered('proc_{}_date', 2, 13)}"
        f" {_numbered(_CRITICAL, 1, 9)}",
        "op": "attendance_id appointment_date first_attendance attended_or_dna outcome priority_type source_of_referral"
        " referral_received_date multi_professional_ind main_spec tfc consultant diag_01 proc_01 hrg appointment_time"
        " consultation_medium expected_duration service_type_requested last_dna_or_cancel_date"
        " earliest_reasonable_offer_date clinic_code medical_staff_type direct_access_ind hrg_sus consultation_type"
        " pifu_ind pifu_start pifu_end remote_monitoring_ind latest_appropriate_date referrer ref_org unbundled_hrg"
        " bpt_flag "
        f"{_numbered('diag_{}', 2, 12)} {_numbered('proc_{}', 2, 12)}",
        "ae": "attendance_id arrival_date arrival_time initial_assessment_time seen_time conclusion_time departure_date"
        " departure_time attendance_category arrival_mode department_type patient_group referral_source disposal"
        " diag_01 investigation_01 treatment_01 hrg incident_location staff_member ambulance_incident conveying_trust"
        " arrival_mode_snomed attendance_source_snomed attendance_source_site assessment_date seen_date"
        " conclusion_date dta_date dta_time dta_tfc ready_date ready_time acuity_snomed chief_complaint_snomed"
        " discharge_status_snomed discharge_destination_snomed discharge_followup_snomed"
        " discharge_information_snomed injury_intent_snomed injury_activity_snomed injury_mechanism_snomed"
        f" injury_place_snomed {_numbered('diagnosis_{}_snomed', 1, 12)}"
        f" {_numbered('investigation_{}_snomed', 1, 12)} {_numbered('treatment_{}_snomed', 1, 12)}",
    }.items()
} | dict.fromkeys(CONTRACT, tuple(_CONTRACT.split()))

# The date by which practice, unit and code lists are looked up, and the one that must lie in the file's month.
CARE_DATE: Mapping[str, str] = {"apc": "adm_date", "op": "appointment_date", "ae": "arrival_date"}
PERIOD_DATE: Mapping[str, str] = {"apc": "dis_date", "op": "appointment_date", "ae": "arrival_date"}

# The month of a line, as SQL: that of its date, or the month of its financial year that contract monitoring names.
_FIN_MONTH = (
    "case when regexp_matches(fin_year, '^20[0-9]{4}$') and regexp_matches(fin_month, '^0?[1-9]$|^1[0-2]$')"
    " then concat(cast(cast(substr(fin_year, 1, 4) as integer)"
    " + case when cast(fin_month as integer) > 9 then 1 else 0 end as varchar), '-',"
    " lpad(cast((cast(fin_month as integer) + 2) % 12 + 1 as varchar), 2, '0')) end"
)
MONTH_OF: Mapping[str, str] = {
    **{stream: f"substr({day}, 1, 7)" for stream, day in PERIOD_DATE.items()},
    **dict.fromkeys(CONTRACT, _FIN_MONTH),
}

# Fields held against the national list of their own name (``data.codes.<field>``) on the date of care.
CODED: Mapping[str, tuple[str, ...]] = {
    "apc": tuple(
        "sex ethnic admin_category nhs_number_status patient_class adm_method adm_source dis_method dis_dest last_epi"
        " main_spec tfc episode_status intended_mgmt operation_status rtt_status wt_type".split()
    ),
    "op": tuple(
        "sex ethnic admin_category nhs_number_status first_attendance attended_or_dna outcome priority_type"
        " source_of_referral main_spec tfc rtt_status wt_type".split()
    ),
    "ae": tuple(
        "sex ethnic admin_category nhs_number_status attendance_category arrival_mode department_type patient_group"
        " referral_source disposal rtt_status wt_type".split()
    ),
    "acm": ("tfc", "main_spec", "service_category", "pod"),
    **dict.fromkeys(CONTRACT[1:], ("tfc", "main_spec", "service_category", "pod", "sex", "ethnic")),
}
LISTS = tuple(sorted({field for fields in CODED.values() for field in fields}))

# What a check of its own reads, and so types; fields beside them are typed where a layout is mapped.
CHECKED_DATES = frozenset(
    "dob adm_date dta_date ready_date dis_date epi_start epi_end proc_01_date appointment_date referral_received_date"
    " arrival_date departure_date activity_date".split()
)
CHECKED_TIMES = frozenset("arrival_time initial_assessment_time seen_time conclusion_time departure_time".split())
CHECKED_NUMBERS = frozenset("age epi_no los_adj_rehab los_adj_spc critical_care_days fin_month".split())
_EVERY = frozenset(field for fields in FIELDS.values() for field in fields)
DATES = CHECKED_DATES | frozenset(
    field
    for field in _EVERY
    if field.endswith("_date")
    or field in {"assign_start", "assign_end", "rtt_start", "rtt_end", "pifu_start", "pifu_end"}
    or (field.startswith("crit_") and field.endswith(("_start", "_end")))
)
TIMES = CHECKED_TIMES | frozenset(field for field in _EVERY if field.endswith("_time"))
NUMBERS = CHECKED_NUMBERS | frozenset(
    field
    for field in _EVERY
    if field in {"elective_wait", "expected_duration"}
    or (field.startswith("crit_") and field.endswith(("_days", "_organs")))
)


def kind_of(field: str) -> str:
    """Tell what a field holds as far as its writing goes: date, time, number or text."""
    kinds = {"date": DATES, "time": TIMES, "number": NUMBERS}
    return next((kind for kind, fields in kinds.items() if field in fields), "text")
