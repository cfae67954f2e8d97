-- One row an out-patient appointment, kept or not.
create or replace temp table op_number as
select c.*, unnest(range(c.records)) as number
from cell as c
inner join wanted_month as m on c.month = m.month
where c.kind = 'appointments';

create or replace temp table op_clean as
with keyed as (
    select *, concat(seed(), '|op|', month, '|', provider, '|', number) as key from op_number
),

drawn as (
    select
        *,
        hashed(concat(key, '|a')) as a,
        hashed(concat(key, '|b')) as b,
        hashed(concat(key, '|c')) as c,
        hashed(concat(key, '|d')) as d
    from keyed
),

placed as (
    select
        d.*,
        day.day as appointment_date,
        t.tfc,
        t.main_spec,
        pick(d.b, 1, 1000) < t.first as is_first,
        also_happens(d.b, 1, rate_telephone()) as by_telephone,
        t.procedure_ppm,
        p.practice,
        p.commissioner,
        p.outward,
        w.first + pick(d.b, 2, w.people) as person,
        pick(d.c, 0, 1000000) as fate
    from drawn as d
    inner join day_slot as day on day.kind = 'appointments' and d.month = day.month and day.slot = pick(d.a, 0, 1024)
    inner join clinic_slot as t on t.slot = pick(d.a, 1, 4096)
    inner join practice_slot as p
        on p.stream = 'op' and d.provider = p.provider and d.era = p.era and p.slot = pick(d.a, 2, 8192)
    inner join band_slot as u on t.profile = u.profile and u.slot = pick(d.b, 0, 4096)
    inner join crowd as w on p.practice = w.practice and u.band = w.band
),

settled as (
    select
        *,
        case
            when fate < rate_did_not_attend() then '3'
            when fate < rate_did_not_attend() + rate_cancelled_by_patient() then '2'
            when fate < rate_did_not_attend() + rate_cancelled_by_patient() + rate_cancelled_by_provider() then '4'
            when fate < rate_did_not_attend() + rate_cancelled_by_patient() + rate_cancelled_by_provider()
                + rate_late_not_seen() then '7'
            when happens(d, 0, rate_late_seen()) then '6'
            else '5'
        end as attended_or_dna
    from placed
)

select
    r.month,
    r.provider,
    r.key,
    r.appointment_date as cared_on,
    concat('SYNO', r.provider, substr(r.month, 3, 2), substr(r.month, 6, 2), lpad(cast(r.number as varchar), 7, '0'))
        as cds_unique_id,
    concat(r.provider, '01') as site,
    case when happens(r.c, 1, rate_private()) then 'VPP00' else r.commissioner end as commissioner,
    case when happens(r.c, 2, rate_elsewhere()) then 'ELSEW=' else 'ACUTE1' end as csn,
    concat('O', substr(r.month, 3, 2), substr(r.month, 6, 2), lpad(cast(r.number as varchar), 7, '0')) as attendance_id,
    p.nhs_number,
    pick(r.d, 1, 1000000) < rate_untraced() * q.untraced // 1000 as untraced,
    p.dob,
    p.sex,
    p.ethnic,
    concat(r.outward, ' ', p.inward) as postcode,
    p.person,
    case
        when not happens(r.c, 1, rate_private()) and happens(r.c, 1, rate_private() + rate_unregistered()) then 'V81997'
        else r.practice
    end as practice,
    case when happens(r.c, 1, rate_private()) then '02' else '01' end as admin_category,
    case when r.is_first then '1' else '2' end as face_to_face,
    r.by_telephone,
    r.attended_or_dna,
    r.attended_or_dna in ('5', '6') as attended,
    one_of('1 2 2 3', r.d, 2) as outcome,
    case
        when r.is_first and happens(r.c, 2, rate_elsewhere() + rate_two_week_wait()) then '3'
        when r.is_first and happens(r.d, 0, rate_urgent()) then '2'
        else '1'
    end as priority_type,
    f.code as source_of_referral,
    r.appointment_date - case when r.is_first then 7 + pick(r.b, 1, 70) else 30 + pick(r.b, 1, 400) end
        as referral_received_date,
    happens(r.d, 1, rate_untraced() * 4 + rate_many_professionals()) and pick(r.d, 1, 1000000) >= rate_untraced() * 4
        as many_professionals,
    r.main_spec,
    r.tfc,
    case
        when r.attended_or_dna in ('5', '6') and not r.by_telephone and happens(r.d, 2, r.procedure_ppm) then h.hrg else ''
    end as hrg
from settled as r
inner join person as p on r.person = p.person
inner join quality as q on r.provider = q.provider
inner join referral_slot as f on f.slot = pick(r.a, 0, 7919) % 1024
left join procedure_slot as h on r.tfc = h.tfc and h.slot = pick(r.c, 0, 7919) % 1024;
