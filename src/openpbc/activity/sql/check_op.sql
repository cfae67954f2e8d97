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
    c.commissioner is null or listed_commissioner(c.commissioner) as "V-ALL-02:commissioner",
    nhs_number_wrong(c.nhs_number, c.number) as "V-ALL-03:nhs_number",
    nhs_status_wrong(c.nhs_number, c.nhs_number_status) as "V-ALL-04:nhs_number",
    born_wrong(c.born, c.active) as "V-ALL-05:dob",
    practice_wrong(c.practice, open.practice, listed_practice(c.practice), c.by_place) as "V-ALL-06:practice",
    outside_period(c.active, c.period_first, c.period_last) as "V-ALL-07:appointment_date",
    repeated.line is not null and not repeated.renewed as "V-ALL-08:cds_unique_id",
    coalesce(repeated.renewed, false) as "X-NET:cds_unique_id",
    names_person(c.cds_unique_id, c.nhs_number, c.number, c.born) as "V-ALL-09:cds_unique_id",
    wrong_sex(c.sex, c.active) as "V-ALL-10:sex",
    wrong_ethnic(c.ethnic, c.active) as "V-ALL-10:ethnic",
    wrong_admin_category(c.admin_category, c.active) as "V-ALL-10:admin_category",
    wrong_nhs_number_status(c.nhs_number_status, c.active) as "V-ALL-10:nhs_number_status",
    wrong_first_attendance(c.first_attendance, c.active) as "V-ALL-10:first_attendance",
    wrong_attended_or_dna(c.attended_or_dna, c.active) as "V-ALL-10:attended_or_dna",
    wrong_outcome(c.outcome, c.active) as "V-ALL-10:outcome",
    wrong_priority_type(c.priority_type, c.active) as "V-ALL-10:priority_type",
    wrong_source_of_referral(c.source_of_referral, c.active) as "V-ALL-10:source_of_referral",
    c.tfc is null or wrong_tfc(c.tfc, c.active) as "V-ALL-11:tfc",
    wrong_main_spec(c.main_spec, c.active) as "V-ALL-11:main_spec",
    wrong_rtt_status(c.rtt_status, c.active) as "V-ALL-10:rtt_status",
    wrong_wt_type(c.wt_type, c.active) as "V-ALL-10:wt_type",
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
    listed_x_priv(c.admin_category) as "X-PRIV:admin_category",
    listed_x_osv(c.commissioner) as "X-OSV:commissioner",
    listed_practice(c.practice) as "D-01:practice",
    stands_in_sex(c.sex, c.active) as "D-01:sex",
    stands_in_ethnic(c.ethnic, c.active) as "D-01:ethnic",
    stands_in_admin_category(c.admin_category, c.active) as "D-01:admin_category"
from written as c
left join check_provider as known on known.provider = provider_match(c.provider)
left join check_practice as open
    on open.practice = c.practice and c.active between open.first_day and open.last_day
left join repeated_op as repeated on repeated.file = c.file and repeated.line = c.line;
