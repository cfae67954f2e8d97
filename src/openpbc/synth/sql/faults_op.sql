create or replace temp table op_planted as
with drawn as (
    select *, pick(hashed(concat(seed(), '|fault|', cds_unique_id)), 0, 1000000) as luck from op_clean
)

select d.month, d.cds_unique_id, f.fault, f.rule, f.field
from drawn as d
inner join fault_share as f on f.stream = 'op' and d.provider = f.provider and d.luck >= f.lo and d.luck < f.hi
where case f.fault
    when 'bad_nhs_number' then not d.untraced
    when 'identity_in_key' then not d.untraced
    when 'seen_in_the_future' then d.attended
    when 'first_or_not' then d.attended
    when 'no_outcome' then d.attended
    when 'no_source' then d.attended and d.face_to_face = '1'
    else true
end;

create or replace temp table op_rows as
with faulty as (
    select r.*, coalesce(p.fault, '') as fault
    from op_clean as r
    left join op_planted as p on r.month = p.month and r.cds_unique_id = p.cds_unique_id
),

copies as (
    select *, 0 as copy from faulty
    union all
    select *, 1 as copy from faulty where fault = 'duplicate_record'
),

moved as (
    select *, case fault when 'outside_month' then -35 when 'seen_in_the_future' then 730 else 0 end as ahead from copies
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
    cast(case when r.fault = 'born_later' then r.cared_on + 30 else least(r.dob, r.cared_on - 30) end as varchar) as dob,
    r.sex,
    r.ethnic,
    case when r.fault = 'odd_postcode' then 'UNKNOWN' else r.postcode end as postcode,
    given_practice(r.practice, r.month, r.fault) as practice,
    'G9999998' as gp,
    r.admin_category,
    cast(r.cared_on + r.ahead as varchar) as appointment_date,
    case
        when r.fault = 'first_or_not' then null
        when r.by_telephone and r.face_to_face = '1' then '3'
        when r.by_telephone then '4'
        else r.face_to_face
    end as first_attendance,
    r.attended_or_dna,
    case when r.attended and r.fault <> 'no_outcome' then r.outcome end as outcome,
    r.priority_type,
    case when r.fault <> 'no_source' then r.source_of_referral end as source_of_referral,
    cast(case when r.fault = 'referred_later' then r.cared_on + 10 else r.referral_received_date + r.ahead end as varchar)
        as referral_received_date,
    case when r.many_professionals then 'Y' end as multi_professional_ind,
    r.main_spec,
    case when r.fault = 'wrong_specialty' then '999' else r.tfc end as tfc,
    'C9999998' as consultant,
    cast(null as varchar) as diag_01,
    cast(null as varchar) as proc_01,
    nullif(r.hrg, '') as hrg
from moved as r;
