-- What is passed through at its cost: patients' lines of contract monitoring, drugs and devices, each a unit of its own,
-- for the unit of its practice on the day of care and the commissioner that the line names. The law is rules/passing.py.
create or replace table passed_through as
with priced_line as (
    select c.*, coalesce(c.activity_date, s.period_first) as day, s.run_month, s.held, m.mff as mff_is
    from accepted_contract as c
    cross join law_settings as s
    cross join contract_settings as m
    where c.stream in ('plcm', 'drplcm', 'deplcm')
),

placed as (
    select p.stream, p.file, p.line, m.unit, m.budget_line,
           row_number() over (partition by p.stream, p.file, p.line order by m.valid_from desc, m.unit desc) as rank
    from priced_line as p
    inner join memberships as m on m.practice = p.practice and p.day between m.valid_from and m.valid_to
)

select
    p.stream, p.provider, p.file, p.line, concat(p.file, '/', cast(p.line as varchar)) as key, p.run_month as month,
    p.practice, coalesce(o.unit, p.held) as unit, coalesce(o.budget_line, p.held) as budget_line,
    coalesce(k.commissioner, 'UNASSIGNED') as commissioner,
    case when k.commissioner is not null then 'PROVIDER_SUPPLIED' else 'UNASSIGNED' end as method,
    coalesce(p.pod, '') as pod, '' as hrg, 'LOCAL' as status, 'PASSED' as reason,
    cast(p.price as bigint) as base, cast(0 as bigint) as topup, cast(0 as bigint) as long_stay,
    cast(0 as bigint) as unbundled, cast(p.price as bigint) as pre_mff,
    cast(case when p.mff_is = 'within' then 0 else p.mff end as bigint) as mff_amount,
    cast(case when p.mff_is = 'within' then p.price else p.price + p.mff end as bigint) as price,
    cast(case when p.mff_is = 'within' then p.price else p.price + p.mff end as bigint) as charge,
    cast(null as bigint) as los, cast(null as bigint) as excess_bed_days, cast(1 as bigint) as episodes
from priced_line as p
left join placed as o on o.stream = p.stream and o.file = p.file and o.line = p.line and o.rank = 1
left join commissioners as k on k.commissioner = p.commissioner;
