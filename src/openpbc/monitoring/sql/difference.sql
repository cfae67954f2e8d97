-- Why two runs of one month differ, a line and cause a row: the copy of rules.differences. The units of the two runs are
-- in old_unit and new_unit; units with one key (or none) are held against each other in the order of their lines.
create or replace view old_matched as
select *, coalesce(key, '') as own, row_number() over (partition by stream, provider, key order by file, line) as nth
from old_unit;

create or replace view new_matched as
select *, coalesce(key, '') as own, row_number() over (partition by stream, provider, key order by file, line) as nth
from new_unit;

create or replace table pair as
select
    o.stream is not null as had,
    n.stream is not null as has,
    coalesce(o.stream, n.stream) as stream,
    coalesce(o.provider, n.provider) as provider,
    coalesce(o.unit, '') as o_unit,
    coalesce(o.budget_line, '') as o_budget_line,
    coalesce(o.practice, '') as o_practice,
    coalesce(o.commissioner, '') as o_commissioner,
    coalesce(o.pod, '') as o_pod,
    coalesce(o.status, '') as o_status,
    coalesce(o.charge, 0) as o_charge,
    coalesce(o.price, 0) as o_price,
    coalesce(n.unit, '') as n_unit,
    coalesce(n.budget_line, '') as n_budget_line,
    coalesce(n.practice, '') as n_practice,
    coalesce(n.commissioner, '') as n_commissioner,
    coalesce(n.pod, '') as n_pod,
    coalesce(n.status, '') as n_status,
    coalesce(n.charge, 0) as n_charge,
    coalesce(n.price, 0) as n_price,
    coalesce(o.hrg, '') = coalesce(n.hrg, '')
    and coalesce(o.pod, '') = coalesce(n.pod, '')
    and coalesce(o.los, 0) = coalesce(n.los, 0)
    and coalesce(o.excess_bed_days, 0) = coalesce(n.excess_bed_days, 0)
    and coalesce(o.episodes, 0) = coalesce(n.episodes, 0) as same_content
from old_matched as o
full join new_matched as n
    on o.stream = n.stream and o.provider = n.provider and o.own = n.own and o.nth = n.nth;

create or replace view judged_pair as
select
    *,
    had and has and (
        o_unit <> n_unit or o_budget_line <> n_budget_line or o_practice <> n_practice
        or o_commissioner <> n_commissioner
    ) as moves,
    had and has and (
        not same_content or o_status <> n_status or o_charge <> n_charge or o_price <> n_price
    ) as alters
from pair;

create or replace view every_effect as
select 'new' as cause, n_unit as unit, n_budget_line as budget_line, n_practice as practice,
    n_commissioner as commissioner, provider, stream, n_pod as pod, n_status as status,
    1 as activity, n_charge as charge, n_price as price
from judged_pair where has and not had
union all
select 'removed' as cause, o_unit, o_budget_line, o_practice, o_commissioner, provider, stream, o_pod, o_status,
    -1 as activity, -o_charge as charge, -o_price as price
from judged_pair where had and not has
union all
select 'reattributed' as cause, o_unit, o_budget_line, o_practice, o_commissioner, provider, stream, o_pod, o_status,
    -1 as activity, -o_charge as charge, -o_price as price
from judged_pair where moves
union all
select 'reattributed' as cause, n_unit, n_budget_line, n_practice, n_commissioner, provider, stream, o_pod, o_status,
    1 as activity, o_charge as charge, o_price as price
from judged_pair where moves
union all
select case when same_content then 'repriced' else 'changed' end as cause, n_unit, n_budget_line, n_practice, n_commissioner,
    provider, stream, o_pod, o_status, -1 as activity, -o_charge as charge, -o_price as price
from judged_pair where alters
union all
select case when same_content then 'repriced' else 'changed' end as cause, n_unit, n_budget_line, n_practice, n_commissioner,
    provider, stream, n_pod, n_status, 1 as activity, n_charge as charge, n_price as price
from judged_pair where alters;

create or replace table effect as
select cause, unit, budget_line, practice, commissioner, provider, stream, pod, status,
    cast(sum(activity) as bigint) as activity,
    cast(sum(charge) as bigint) as charge,
    cast(sum(price) as bigint) as price
from every_effect
group by cause, unit, budget_line, practice, commissioner, provider, stream, pod, status;
