-- Records whose key an equal or earlier one already has: of each set the latest applicable stays, then the first by content.
create or replace table repeated_ae as
with twice as (
    select provider_match(provider) as provider, cds_unique_id
    from canonical_ae
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
    from canonical_ae as c
    inner join twice as t on t.provider = provider_match(c.provider) and t.cds_unique_id = c.cds_unique_id
)

-- A record of another file gives way to one of a file of changes by that file's nature: it is renewed, and no fault.
select file, line, keeper_changes and keeper <> file as renewed from ranked where place > 1;

-- One column a check of an A&E record, named RULE:field, true where the check is broken. Clock times without a date count
-- on from the arrival, over midnight where need be.
create or replace view judged_ae as
with written as (
    select
        *,
        day_of(arrival_date) as active,
        day_of(dob) as born,
        ten_digits(nhs_number) as number,
        day_of(departure_date) as left_on,
        minute_of(arrival_time) as came,
        minute_of(departure_time) as went,
        minute_of(initial_assessment_time) as assessed,
        minute_of(seen_time) as seen,
        minute_of(conclusion_time) as concluded
    from canonical_ae
),

-- minutes in the department: from both dates, or without a date of departure to the next such time on the clock
stayed as (
    select
        *,
        case
            when left_on is not null
                then date_diff('day', cast(active as date), cast(left_on as date)) * 1440 + went - came
            when departure_date is null then (went - came + 1440) % 1440
        end as stay
    from written
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
    outside_period(c.active, c.period_first, c.period_last) as "V-ALL-07:arrival_date",
    repeated.line is not null and not repeated.renewed as "V-ALL-08:cds_unique_id",
    coalesce(repeated.renewed, false) as "X-NET:cds_unique_id",
    names_person(c.cds_unique_id, c.nhs_number, c.number, c.born) as "V-ALL-09:cds_unique_id",
    wrong_sex(c.sex, c.active) as "V-ALL-10:sex",
    wrong_ethnic(c.ethnic, c.active) as "V-ALL-10:ethnic",
    wrong_admin_category(c.admin_category, c.active) as "V-ALL-10:admin_category",
    wrong_nhs_number_status(c.nhs_number_status, c.active) as "V-ALL-10:nhs_number_status",
    wrong_attendance_category(c.attendance_category, c.active) as "V-ALL-10:attendance_category",
    wrong_arrival_mode(c.arrival_mode, c.active) as "V-ALL-10:arrival_mode",
    wrong_department_type(c.department_type, c.active) as "V-ALL-10:department_type",
    wrong_patient_group(c.patient_group, c.active) as "V-ALL-10:patient_group",
    wrong_referral_source(c.referral_source, c.active) as "V-ALL-10:referral_source",
    wrong_disposal(c.disposal, c.active) as "V-ALL-10:disposal",
    wrong_rtt_status(c.rtt_status, c.active) as "V-ALL-10:rtt_status",
    wrong_wt_type(c.wt_type, c.active) as "V-ALL-10:wt_type",
    coalesce(day_of(c.rtt_start) > day_of(c.rtt_end), false)
    or (c.rtt_end is null and c.rtt_status in ('30', '31', '32', '33', '34', '35', '36')) as "V-RTT-01:rtt_end",
    postcode_wrong(c.postcode) as "V-ALL-12:postcode",
    c.arrival_date is null as "V-AE-01:arrival_date",
    c.arrival_time is null as "V-AE-01:arrival_time",
    c.stay is null and c.left_on < c.active as "V-AE-01:departure_date",
    c.stay < 0 as "V-AE-01:departure_time",
    c.stay >= 0 and (c.assessed - c.came + 1440) % 1440 > c.stay as "V-AE-01:initial_assessment_time",
    c.stay >= 0 and (c.seen - c.came + 1440) % 1440 > c.stay as "V-AE-01:seen_time",
    c.stay >= 0 and (c.concluded - c.came + 1440) % 1440 > c.stay as "V-AE-01:conclusion_time",
    c.stay > 7 * 1440 as "V-AE-02:departure_date",
    c.patient_group = '70' and (c.disposal is null or c.disposal <> '10') as "V-AE-04:disposal",
    c.dob is not null and c.born is null as "T-01:dob",
    c.departure_date is not null and c.left_on is null as "T-01:departure_date",
    c.active is null as "T-03:arrival_date",
    c.attendance_id is null as "T-04:attendance_id",
    provider_match(c.provider) <> c.sender as "T-05:provider",
    c.arrival_time is not null and c.came is null as "T-06:arrival_time",
    c.departure_time is not null and c.went is null as "T-06:departure_time",
    c.initial_assessment_time is not null and c.assessed is null as "T-06:initial_assessment_time",
    c.seen_time is not null and c.seen is null as "T-06:seen_time",
    c.conclusion_time is not null and c.concluded is null as "T-06:conclusion_time",
    c.update_type = '1' as "X-DEL:update_type",
    contains(c.csn, '=') and regexp_matches(c.csn, '= *$') as "X-EQ:csn",
    listed_x_priv(c.admin_category) as "X-PRIV:admin_category",
    listed_x_osv(c.commissioner) as "X-OSV:commissioner",
    listed_practice(c.practice) as "D-01:practice",
    stands_in_sex(c.sex, c.active) as "D-01:sex",
    stands_in_ethnic(c.ethnic, c.active) as "D-01:ethnic",
    stands_in_admin_category(c.admin_category, c.active) as "D-01:admin_category",
    stands_in_attendance_category(c.attendance_category, c.active) as "D-01:attendance_category",
    stands_in_referral_source(c.referral_source, c.active) as "D-01:referral_source",
    stands_in_disposal(c.disposal, c.active) as "D-01:disposal"
from stayed as c
left join check_provider as known on known.provider = provider_match(c.provider)
left join check_practice as open
    on open.practice = c.practice and c.active between open.first_day and open.last_day
left join repeated_ae as repeated on repeated.file = c.file and repeated.line = c.line;

-- Who is said to have been admitted must have a stay that begins on the day of leaving or beside it. A provider is judged
-- where its admitted care is in the run, in files that also hold stays that go on; who left on the month's last day is not.
create or replace view judged_admission as
with stay as (
    select
        provider_match(c.provider) as provider,
        ten_digits(c.nhs_number) as number,
        c.local_patient_id,
        day_of(c.adm_date) as admitted
    from canonical_apc as c
    where coalesce(c.update_type, '') <> '1'
),

telling as (
    select provider_match(c.provider) as provider
    from canonical_apc as c
    left join check_without as w on w.file = c.file and w.rule = 'V-AE-03'
    group by provider_match(c.provider)
    having count(w.rule) = 0
),

attended as (
    select
        c.file,
        c.line,
        t.provider,
        ten_digits(c.nhs_number) as number,
        c.local_patient_id,
        coalesce(day_of(c.departure_date), day_of(c.arrival_date)) as left_on,
        c.period_last
    from canonical_ae as c
    inner join telling as t on t.provider = provider_match(c.provider)
    where c.disposal = '01' and coalesce(c.update_type, '') <> '1'
),

held as (
    select * from attended where left_on < period_last and (number is not null or local_patient_id is not null)
),

met as (
    select a.file, a.line
    from held as a
    inner join stay as s on s.provider = a.provider and s.number = a.number
    where date_diff('day', cast(a.left_on as date), cast(s.admitted as date)) between -1 and 1
    union
    select a.file, a.line
    from held as a
    inner join stay as s on s.provider = a.provider and s.local_patient_id = a.local_patient_id
    where date_diff('day', cast(a.left_on as date), cast(s.admitted as date)) between -1 and 1
)

select a.file, a.line, cast(null as varchar) as notes, m.line is null as "V-AE-03:disposal"
from held as a
left join met as m on m.file = a.file and m.line = a.line;
