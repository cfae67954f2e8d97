-- The facts of every stay that a measure may test. The law is rules/facts.py and rules/admissions.py, held equal by tests.

-- Emergency stays by code: D diagnoses and O operations, in their order; a category gets its filler.
create or replace table stay_code as
with place as (
    select 1 as nth
    union all
    select 2 as nth
    union all
    select 3 as nth
    union all
    select 4 as nth
    union all
    select 5 as nth
    union all
    select 6 as nth
    union all
    select 7 as nth
    union all
    select 8 as nth
    union all
    select 9 as nth
    union all
    select 10 as nth
    union all
    select 11 as nth
    union all
    select 12 as nth
    union all
    select 13 as nth
),
coded as (
    select s.file, s.line, 'D' as list, p.nth, split_part(s.diagnoses, ';', p.nth) as code
    from stay s
    cross join place p
    where s.kind = 'EM'
    union all
    select s.file, s.line, 'O' as list, p.nth, split_part(s.procedures, ';', p.nth) as code
    from stay s
    cross join place p
    where s.kind = 'EM'
)
select file, line, list, nth, case when length(code) = 3 then code || 'X' else code end as code
from coded
where code <> '';

-- Every code that occurs is held against every pattern once.
create or replace table code_clause as
with codes as (
    select distinct list, code from stay_code
)
select c.list, c.code, a.clause
from codes c
join law_avoidable a on a.list = c.list and regexp_matches(c.code, a.shape);

create or replace table stay_condition as
with met as (
    select distinct s.file, s.line, a.place, a.way, a.clause, a.demands
    from stay_code s
    join code_clause h on h.list = s.list and h.code = s.code
    join law_avoidable a on a.clause = h.clause
    where a.nth = 'any' or (a.nth = 'first' and s.nth = 1) or (a.nth = 'other' and s.nth > 1)
),
wanted as (
    select place, way, count(case when demands = 'yes' then 1 end) as demanded
    from law_avoidable
    group by place, way
),
fitting as (
    select m.file, m.line, m.place
    from met m
    join wanted w on w.place = m.place and w.way = m.way
    group by m.file, m.line, m.place, m.way, w.demanded
    having count(case when m.demands = 'yes' then 1 end) = w.demanded
       and count(case when m.demands = 'no' then 1 end) = 0
),
first_fit as (
    select file, line, min(place) as place from fitting group by file, line
),
named as (
    select distinct place, condition from law_avoidable
)
select f.file, f.line, n.condition
from first_fit f
join named n on n.place = f.place;

create or replace table stay_readmitted as
with prior as (
    select e.key, e.person, e.adm_date, e.dis_date
    from other_stay e
    left join law_prior_out h on h.field = 'hrg' and h.value = e.hrg
    left join law_prior_out t on t.field = 'tfc' and t.value = e.tfc
    where h.value is null and t.value is null and e.dis_date is not null
)
select distinct s.file, s.line
from stay s
cross join law_measuring m
join prior p on p.person = s.person and p.key <> s.key
where s.kind = 'EM' and s.person <> '' and date_diff('day', p.dis_date, s.adm_date) between 0 and m.readmission_days
  and (s.adm_date > p.adm_date or s.dis_date > p.dis_date);

-- Stays that a readmission can follow, and those that an emergency stay of the same person followed.
create or replace table stay_index as
select s.file, s.line, s.key, s.person, s.adm_date, s.dis_date
from stay s
left join law_prior_out h on h.field = 'hrg' and h.value = s.hrg
left join law_prior_out t on t.field = 'tfc' and t.value = s.tfc
where h.value is null and t.value is null and s.dis_date is not null;

create or replace table stay_followed as
select distinct s.file, s.line
from stay_index s
cross join law_measuring m
join other_stay o on o.person = s.person and o.key <> s.key
where o.kind = 'EM' and s.person <> '' and date_diff('day', s.dis_date, o.adm_date) between 0 and m.readmission_days
  and (o.adm_date > s.adm_date or o.dis_date > s.dis_date);

create or replace table facts_apc as
select s.file, s.line, s.provider, s.tfc, s.hrg, s.practice, s.unit, s.status, s.kind, s.adm_method, s.dis_method,
       s.dis_dest, s.procedure, s.age, s.charge, s.long_stay, s.excess,
       case when s.commissioner = m.own then 'own' else 'other' end as owner,
       case when s.dis_date is null then 'no' else 'yes' end as finished,
       case when s.person = '' then 'no' else 'yes' end as identified,
       case when date_diff('day', m.watched_from, s.adm_date) >= m.readmission_days then 'yes' else 'no' end as watched,
       case when r.line is null then 'no' else 'yes' end as readmission,
       case when i.line is null then 'no' else 'yes' end as index,
       case when date_diff('day', s.dis_date, m.followed_to) >= m.readmission_days then 'yes' else 'no' end as followed,
       case when f.line is null then 'no' else 'yes' end as readmitted,
       coalesce(c.condition, 'none') as condition,
       case when s.dis_date >= s.adm_date then date_diff('day', s.adm_date, s.dis_date) end as los,
       case when s.operated_on >= s.adm_date then date_diff('day', s.adm_date, s.operated_on) end as preop,
       case when s.operated_on >= s.adm_date then 'yes' else 'no' end as preop_known
from stay s
cross join law_measuring m
left join stay_readmitted r on r.file = s.file and r.line = s.line
left join stay_index i on i.file = s.file and i.line = s.line
left join stay_followed f on f.file = s.file and f.line = s.line
left join stay_condition c on c.file = s.file and c.line = s.line;

create or replace table facts_op as
select p.file, p.line, p.provider, coalesce(a.tfc, '') as tfc, p.hrg, p.practice, p.unit, p.status, a.age, p.charge,
       p.long_stay, coalesce(a.attended_or_dna, '') as attended, coalesce(a.first_attendance, '') as first_attendance,
       coalesce(a.source_of_referral, '') as source, coalesce(a.priority_type, '') as priority,
       case when p.commissioner = m.own then 'own' else 'other' end as owner,
       case when p.pod like 'OPPROC%' then 'yes' else 'no' end as procedure
from priced p
cross join law_measuring m
join accepted_op a on a.file = p.file and a.line = p.line
where p.stream = 'op';
