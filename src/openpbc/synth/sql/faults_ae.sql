create or replace temp table ae_planted as
with drawn as (
    select *, pick(hashed(concat(seed(), '|fault|', cds_unique_id)), 0, 1000000) as luck from ae_clean
)

select d.month, d.cds_unique_id, f.fault, f.rule, f.field
from drawn as d
inner join fault_share as f on f.stream = 'ae' and d.provider = f.provider and d.luck >= f.lo and d.luck < f.hi
where case f.fault
    when 'bad_nhs_number' then not d.untraced
    when 'identity_in_key' then not d.untraced
    when 'left_before_arrival' then d.arrival >= 20
    when 'wrong_specialty' then false
    else true
end;

create or replace temp table ae_rows as
with faulty as (
    select r.*, coalesce(p.fault, '') as fault
    from ae_clean as r
    left join ae_planted as p on r.month = p.month and r.cds_unique_id = p.cds_unique_id
),

copies as (
    select *, 0 as copy from faulty
    union all
    select *, 1 as copy from faulty where fault = 'duplicate_record'
),

moved as (
    select *, cared_on - case when fault = 'outside_month' then 35 else 0 end as day from copies
)

select
    r.month,
    r.provider as sender,
    r.cared_on,
    r.cds_unique_id as sort_id,
    r.copy,
    r.fault,
    case
        when r.fault = 'identity_in_key' then concat('SYN', r.nhs_number, substr(r.cds_unique_id, 8)) else r.cds_unique_id
    end as cds_unique_id,
    r.provider,
    r.site,
    case r.fault
        when 'commissioner_not_known' then 'Q99'
        when 'other_commissioner' then other_commissioner()
        else r.commissioner
    end as commissioner,
    r.csn,
    r.attendance_id,
    given_number(r.nhs_number, r.untraced, r.fault) as nhs_number,
    case when r.untraced and r.fault <> 'unmarked_nhs_number' then '03' else '01' end as nhs_number_status,
    concat('P', lpad(cast(r.person as varchar), 7, '0')) as local_patient_id,
    cast(case when r.fault = 'born_later' then r.day + 30 else least(r.dob, r.day) end as varchar) as dob,
    r.sex,
    r.ethnic,
    case when r.fault = 'odd_postcode' then 'UNKNOWN' else r.postcode end as postcode,
    given_practice(r.practice, r.month, r.fault) as practice,
    'G9999998' as gp,
    '01' as admin_category,
    cast(r.day as varchar) as arrival_date,
    clock(r.arrival) as arrival_time,
    clock(r.assessed) as initial_assessment_time,
    clock(r.seen) as seen_time,
    clock(r.concluded) as conclusion_time,
    cast(case when r.fault = 'a_week_in_the_department' then r.day + 8 else r.day end as varchar) as departure_date,
    clock(case when r.fault = 'left_before_arrival' then r.arrival - 15 else r.departure end) as departure_time,
    r.attendance_category,
    r.arrival_mode,
    '01' as department_type,
    case when r.fault = 'dead_but_discharged' then '70' else r.patient_group end as patient_group,
    r.referral_source,
    case when r.fault = 'dead_but_discharged' then '03' else r.disposal end as disposal,
    cast(null as varchar) as diag_01,
    cast(null as varchar) as investigation_01,
    cast(null as varchar) as treatment_01,
    r.hrg
from moved as r;
