-- One row an A&E attendance: those that end in an emergency spell at the same provider, and those who walk in and out.
create or replace temp table ae_number as
select c.*, unnest(range(c.records)) as number
from cell as c
inner join wanted_month as m on c.month = m.month
where c.kind = 'walk_in';

create or replace temp table ae_clean as
with admitted as (
    select
        m.month,
        s.provider,
        concat(s.key, '|ae') as key,
        concat(substr(s.month, 6, 2), lpad(cast(s.number as varchar), 6, '0')) as number,
        'admitted' as kind,
        s.adm_date as day,
        s.practice,
        s.commissioner,
        s.outward,
        s.person
    from spell as s
    inner join wanted_month as m on (s.month = m.month or s.month = m.next_month) and s.adm_date between m.first and m.last
    where s.adm_method = '21'
),

keyed as (
    select *, concat(seed(), '|ae|', month, '|', provider, '|', number) as key from ae_number
),

drawn as (
    select *, hashed(concat(key, '|a')) as a, hashed(concat(key, '|b')) as b from keyed
),

walked_in as (
    select
        d.month,
        d.provider,
        d.key,
        concat('W', lpad(cast(d.number as varchar), 7, '0')) as number,
        'walk_in' as kind,
        day.day,
        p.practice,
        p.commissioner,
        p.outward,
        w.first + pick(d.b, 0, w.people) as person
    from drawn as d
    inner join day_slot as day on day.kind = 'walk_in' and d.month = day.month and day.slot = pick(d.a, 0, 1024)
    inner join practice_slot as p
        on p.stream = 'ae' and d.provider = p.provider and d.era = p.era and p.slot = pick(d.a, 2, 8192)
    inner join band_slot as u on u.profile = 'urgent' and u.slot = pick(d.a, 1, 4096)
    inner join crowd as w on p.practice = w.practice and u.band = w.band
),

attended as (
    select *, hashed(concat(key, '|c')) as c, hashed(concat(key, '|d')) as d, hashed(concat(key, '|e')) as e
    from (select * from admitted union all select * from walked_in) as both_kinds
),

-- Everybody leaves on the day of arrival: minutes are drawn backwards from the departure.
clocked as (
    select
        *,
        30 + pick(c, 0, 1410) as departure,
        case when kind = 'admitted' then 90 + pick(c, 1, 180) else 30 + pick(c, 1, 215) end as minutes
    from attended
),

timed as (
    select *, greatest(0, departure - minutes) as arrival from clocked
)

select
    r.month,
    r.provider,
    r.key,
    r.day as cared_on,
    concat('SYNE', r.provider, substr(r.month, 3, 2), substr(r.month, 6, 2), r.number) as cds_unique_id,
    concat(r.provider, '01') as site,
    case when r.kind = 'walk_in' and happens(r.c, 2, rate_overseas_exempt()) then 'TDH00' else r.commissioner end as commissioner,
    case when happens(r.d, 0, rate_elsewhere()) then 'ELSEW=' else 'ACUTE1' end as csn,
    concat(substr(r.month, 3, 2), substr(r.month, 6, 2), r.number) as attendance_id,
    p.nhs_number,
    pick(r.d, 1, 1000000) < rate_untraced() * q.untraced // 1000 as untraced,
    p.dob,
    p.sex,
    p.ethnic,
    concat(r.outward, ' ', p.inward) as postcode,
    p.person,
    case when happens(r.d, 2, rate_unregistered()) then 'V81997' else r.practice end as practice,
    r.arrival,
    r.arrival + (r.departure - r.arrival) // 8 as assessed,
    r.arrival + (r.departure - r.arrival) // 3 as seen,
    r.departure - (r.departure - r.arrival) // 10 as concluded,
    r.departure,
    case when r.kind = 'walk_in' and happens(r.e, 0, rate_planned_follow_up()) then '2' else '1' end as attendance_category,
    case when r.kind = 'admitted' and happens(r.e, 1, 700000) or happens(r.e, 1, rate_by_ambulance()) then '1' else '2' end
        as arrival_mode,
    case
        when r.kind = 'admitted' then '01'
        when happens(r.e, 2, rate_left_untreated()) then '12'
        else one_of('02 03 03 03 05 06 11', r.e, 2)
    end as disposal,
    one_of('80 80 80 80 60 60 60 40 20 10', r.c, 2) as patient_group,
    one_of('01 01 01 03 03 00 08', r.d, 0) as referral_source,
    h.hrg
from timed as r
inner join person as p on r.person = p.person
inner join quality as q on r.provider = q.provider
inner join attendance_slot as h on r.kind = h.kind and h.slot = pick(r.d, 1, 7919) % 1024;
