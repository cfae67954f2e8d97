-- Emergency admissions soon after a discharge. The law is rules/adjustments.py, held equal by tests.

create or replace table readmission_pair as
with paired as (
    select r.id, r.provider, i.id as index_id, i.kind as index_kind, i.dis_method as index_dis_method,
           date_diff('day', i.dis_date, r.adm_date) as days, r.charge,
           row_number() over (
               partition by r.id order by i.dis_date desc, i.adm_date desc nulls last, i.id desc
           ) as rank
    from admission r
    cross join readmission_law l
    join admission i on i.person = r.person and i.id <> r.id
    where r.kind = 'EM' and r.person <> '' and i.kind <> ''
      and (i.provider = r.provider or not l.same_provider)
      and date_diff('day', i.dis_date, r.adm_date) between 0 and l.within_days
)
select id, provider, index_id, index_kind, index_dis_method, days, charge from paired where rank = 1;

create or replace table readmission as
with nth as (
    select 1 as place
    union all
    select 2 as place
    union all
    select 3 as place
    union all
    select 4 as place
    union all
    select 5 as place
    union all
    select 6 as place
    union all
    select 7 as place
    union all
    select 8 as place
    union all
    select 9 as place
    union all
    select 10 as place
    union all
    select 11 as place
    union all
    select 12 as place
    union all
    select 13 as place
),
facts as (
    select p.id, 'hrg' as field, a.hrg as code from readmission_pair p join admission a on a.id = p.id
    union all
    select p.id, 'tfc' as field, a.tfc as code from readmission_pair p join admission a on a.id = p.id
    union all
    select p.id, 'adm_method' as field, a.adm_method as code from readmission_pair p join admission a on a.id = p.id
    union all
    select p.id, 'status' as field, a.status as code from readmission_pair p join admission a on a.id = p.id
    union all
    select p.id, case when n.place = 1 then 'diag_first' else 'diag_second' end as field,
           split_part(a.diagnoses, ';', n.place) as code
    from readmission_pair p
    join admission a on a.id = p.id
    cross join nth n
    union all
    select p.id, 'age' as field, lpad(cast(a.age as varchar), 3, '0') as code
    from readmission_pair p
    join admission a on a.id = p.id
    where a.age is not null
    union all
    select id, 'index_dis_method' as field, index_dis_method as code from readmission_pair
),
excluded as (
    select f.id, min(x.place) as place
    from facts f
    join readmission_exclusion x
      on x.field = f.field and f.code <> '' and f.code >= x.first and substr(f.code, 1, length(x.last)) <= x.last
    group by f.id
)
select p.id, p.provider, p.index_id, p.index_kind, p.days, coalesce(x.reason, case when b.status = 'PRICED' then '' else 'no price' end) as reason, p.charge
from readmission_pair p
join admission b on b.id = p.id
left join excluded e on e.id = p.id
left join readmission_exclusion x on x.place = e.place;

-- By provider: what is not paid after elective care, and what of the rest lies above the threshold (null: none agreed).
create or replace table readmission_settled as
with discharges as (
    select provider, count(*) as discharges
    from admission
    where kind in ('EM', 'NE') and dis_date is not null
    group by provider
),
counted as (
    select provider,
           cast(coalesce(sum(case when index_kind in ('EL', 'DC') then charge end), 0) as bigint) as after_elective,
           cast(coalesce(sum(case when index_kind in ('EM', 'NE') then charge end), 0) as bigint) as value,
           count(case when index_kind in ('EM', 'NE') then 1 end) as cases
    from readmission
    where reason = ''
    group by provider
),
allowed as (
    select c.*, cast(coalesce(d.discharges, 0) * t.ppm // 1000000 as bigint) as allowed
    from counted c
    left join discharges d on d.provider = c.provider
    left join readmission_threshold t on t.provider = c.provider
),
settled as (
    select a.*, case when allowed is null then case when cases = 0 then 0 end
                     when cases > allowed then cases - allowed else 0 end as beyond
    from allowed a
)
select provider, after_elective, value, cast(cases as bigint) as cases, allowed, cast(beyond as bigint) as beyond,
       case when cases = 0 then 0 when beyond is not null then round_div(value * beyond, cases) end as after_non_elective
from settled;
