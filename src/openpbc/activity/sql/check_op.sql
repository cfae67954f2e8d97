-- Records whose key an equal or earlier one already has: of each set the latest applicable stays, then the first by content.
create or replace table repeated_op as
with twice as (
    select provider_match(provider) as provider, cds_unique_id
    from canonical_op
    where cds_unique_id is not null
    group by provider_match(provider), cds_unique_id
    having count(*) > 1
),

ranked as (
    select
        c.file,
        c.line,
        row_number() over (partition by t.provider, c.cds_unique_id order by c.applicable_at desc nulls last, c.content, c.file, c.line) as place,
        first_value(c.file) over (partition by t.provider, c.cds_unique_id order by c.applicable_at desc nulls last, c.content, c.file, c.line) as keeper,
        first_value(c.of_changes) over (partition by t.provider, c.cds_unique_id order by c.applicable_at desc nulls last, c.content, c.file, c.line) as keeper_changes
    from canonical_op as c
    inner join twice as t on t.provider = provider_match(c.provider) and t.cds_unique_id = c.cds_unique_id
)

-- A record of another file gives way to one of a file of changes by that file's nature: it is renewed, and no fault.
select file, line, keeper_changes and keeper <> file as renewed from ranked where place > 1;

-- One column a check of an outpatient record, named RULE:field, true where the check is broken. Only rows with a broken
-- check are ever read out of this view, in one pass over the landed columns.
create or replace view judged_op as
with written as (
    select
        *,
        day_of(appointment_date) as active,
        day_of(dob) as born,
        ten_digits(nhs_number) as number,
        day_of(referral_received_date) as referred,
        attended_or_dna in ('5', '6') as seen
    from canonical_op
)

select
    c.file,
    c.line,
    c.notes,
    provider_wrong(c.provider, known.provider, c.by_place) as "V-ALL-01:provider",
    c.commissioner is null or no_payer.code is not null as "V-ALL-02:commissioner",
    nhs_number_wrong(c.nhs_number, c.number) as "V-ALL-03:nhs_number",
    nhs_status_wrong(c.nhs_number, c.nhs_number_status) as "V-ALL-04:nhs_number",
    born_wrong(c.born, c.active) as "V-ALL-05:dob",
    practice_wrong(c.practice, open.practice, stands_in.code, c.by_place) as "V-ALL-06:practice",
    outside_period(c.active, c.period_first, c.period_last) as "V-ALL-07:appointment_date",
    repeated.line is not null and not repeated.renewed as "V-ALL-08:cds_unique_id",
    coalesce(repeated.renewed, false) as "X-NET:cds_unique_id",
    names_person(c.cds_unique_id, c.nhs_number, c.number, c.born) as "V-ALL-09:cds_unique_id",
    code_wrong(c.sex, k_sex.first_day, k_sex.last_day, c.active) as "V-ALL-10:sex",
    code_wrong(c.ethnic, k_ethnic.first_day, k_ethnic.last_day, c.active) as "V-ALL-10:ethnic",
    code_wrong(c.admin_category, k_admin.first_day, k_admin.last_day, c.active) as "V-ALL-10:admin_category",
    code_wrong(c.nhs_number_status, k_status.first_day, k_status.last_day, c.active) as "V-ALL-10:nhs_number_status",
    code_wrong(c.first_attendance, k_first.first_day, k_first.last_day, c.active) as "V-ALL-10:first_attendance",
    code_wrong(c.attended_or_dna, k_attended.first_day, k_attended.last_day, c.active) as "V-ALL-10:attended_or_dna",
    code_wrong(c.outcome, k_outcome.first_day, k_outcome.last_day, c.active) as "V-ALL-10:outcome",
    code_wrong(c.priority_type, k_priority.first_day, k_priority.last_day, c.active) as "V-ALL-10:priority_type",
    code_wrong(c.source_of_referral, k_source.first_day, k_source.last_day, c.active) as "V-ALL-10:source_of_referral",
    c.tfc is null or code_wrong(c.tfc, k_tfc.first_day, k_tfc.last_day, c.active) as "V-ALL-11:tfc",
    code_wrong(c.main_spec, k_spec.first_day, k_spec.last_day, c.active) as "V-ALL-11:main_spec",
    code_wrong(c.rtt_status, k_rtt.first_day, k_rtt.last_day, c.active) as "V-ALL-10:rtt_status",
    code_wrong(c.wt_type, k_wait.first_day, k_wait.last_day, c.active) as "V-ALL-10:wt_type",
    coalesce(day_of(c.rtt_start) > day_of(c.rtt_end), false)
    or (c.rtt_end is null and c.rtt_status in ('30', '31', '32', '33', '34', '35', '36')) as "V-RTT-01:rtt_end",
    postcode_wrong(c.postcode) as "V-ALL-12:postcode",
    c.seen and c.active > c.period_last as "V-OP-01:appointment_date",
    (c.seen and c.first_attendance is null) or (c.first_attendance = '5' and c.proc_01 is not null)
        as "V-OP-02:first_attendance",
    c.referred > c.active as "V-OP-03:referral_received_date",
    c.seen and c.outcome is null as "V-OP-04:outcome",
    c.attended_or_dna = '0' and c.active <= c.period_last as "V-OP-05:attended_or_dna",
    c.first_attendance in ('1', '3') and c.source_of_referral is null as "V-OP-06:source_of_referral",
    c.dob is not null and c.born is null as "T-01:dob",
    c.referral_received_date is not null and c.referred is null as "T-01:referral_received_date",
    c.active is null as "T-03:appointment_date",
    c.attendance_id is null as "T-04:attendance_id",
    provider_match(c.provider) <> c.sender as "T-05:provider",
    c.update_type = '1' as "X-DEL:update_type",
    contains(c.csn, '=') and regexp_matches(c.csn, '= *$') as "X-EQ:csn",
    x_category.code is not null as "X-PRIV:admin_category",
    x_payer.code is not null as "X-OSV:commissioner",
    stands_in.code is not null as "D-01:practice",
    k_sex.stands_in and c.active between k_sex.first_day and k_sex.last_day as "D-01:sex",
    k_ethnic.stands_in and c.active between k_ethnic.first_day and k_ethnic.last_day as "D-01:ethnic",
    k_admin.stands_in and c.active between k_admin.first_day and k_admin.last_day as "D-01:admin_category"
from written as c
left join check_provider as known on known.provider = provider_match(c.provider)
left join check_practice as open
    on open.practice = c.practice and c.active between open.first_day and open.last_day
left join repeated_op as repeated on repeated.file = c.file and repeated.line = c.line
left join check_code as no_payer on no_payer.field = 'commissioner' and no_payer.code = c.commissioner
left join check_code as x_category on x_category.field = 'X-PRIV' and x_category.code = c.admin_category
left join check_code as x_payer on x_payer.field = 'X-OSV' and x_payer.code = c.commissioner
left join check_code as stands_in on stands_in.field = 'practice' and stands_in.code = c.practice
left join check_code as k_rtt on k_rtt.field = 'rtt_status' and k_rtt.code = c.rtt_status
left join check_code as k_wait on k_wait.field = 'wt_type' and k_wait.code = c.wt_type
left join check_code as k_sex on k_sex.field = 'sex' and k_sex.code = c.sex
left join check_code as k_ethnic on k_ethnic.field = 'ethnic' and k_ethnic.code = c.ethnic
left join check_code as k_admin on k_admin.field = 'admin_category' and k_admin.code = c.admin_category
left join check_code as k_status on k_status.field = 'nhs_number_status' and k_status.code = c.nhs_number_status
left join check_code as k_first on k_first.field = 'first_attendance' and k_first.code = c.first_attendance
left join check_code as k_attended on k_attended.field = 'attended_or_dna' and k_attended.code = c.attended_or_dna
left join check_code as k_outcome on k_outcome.field = 'outcome' and k_outcome.code = c.outcome
left join check_code as k_priority on k_priority.field = 'priority_type' and k_priority.code = c.priority_type
left join check_code as k_source on k_source.field = 'source_of_referral' and k_source.code = c.source_of_referral
left join check_code as k_tfc on k_tfc.field = 'tfc' and k_tfc.code = c.tfc
left join check_code as k_spec on k_spec.field = 'main_spec' and k_spec.code = c.main_spec;
