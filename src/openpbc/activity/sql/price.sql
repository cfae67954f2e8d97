-- All priced units in one narrow table: parts, market forces factor (one rounding), price and charge, and whose it is.

create or replace table priced as
with units as (
    select stream, file, line, provider, own_month, pod, hrg, status, reason, base, topup, long_stay, unbundled, pre_mff,
           mff_e7, los, excess_bed_days, episodes
    from priced_apc
    union all
    select stream, file, line, provider, own_month, pod, hrg, status, reason, base, base * 0 as topup,
           base * 0 as long_stay, unbundled, base + unbundled as pre_mff, mff_e7, cast(null as bigint) as los,
           cast(null as bigint) as excess_bed_days, 1 as episodes
    from priced_op
    union all
    select stream, file, line, provider, own_month, pod, hrg, status, reason, base, base * 0 as topup,
           base * 0 as long_stay, base * 0 as unbundled, base as pre_mff, mff_e7, cast(null as bigint) as los,
           cast(null as bigint) as excess_bed_days, 1 as episodes
    from priced_ae
),
with_factor as (
    select u.*, case when u.status = 'PRICED' then apply_mff(u.pre_mff, u.mff_e7) else u.pre_mff end as price
    from units u
)
select p.stream, p.provider, p.file, p.line, a.key, coalesce(p.own_month, s.run_month) as month, a.practice, a.unit,
       a.budget_line, a.commissioner, a.method, p.pod, p.hrg, p.status, p.reason, cast(p.base as bigint) as base,
       cast(p.topup as bigint) as topup, cast(p.long_stay as bigint) as long_stay,
       cast(p.unbundled as bigint) as unbundled, cast(p.pre_mff as bigint) as pre_mff,
       cast(p.price - p.pre_mff as bigint) as mff_amount, cast(p.price as bigint) as price,
       cast(case when s.commissioner_pays_mff then p.price else p.pre_mff end as bigint) as charge,
       cast(p.los as bigint) as los, cast(p.excess_bed_days as bigint) as excess_bed_days,
       cast(p.episodes as bigint) as episodes
from with_factor p
cross join law_settings s
join care_attributed a on a.stream = p.stream and a.file = p.file and a.line = p.line
union all
select stream, provider, file, line, key, month, practice, unit, budget_line, commissioner, method, pod, hrg, status,
       reason, base, topup, long_stay, unbundled, pre_mff, mff_amount, price, charge, los, excess_bed_days, episodes
from passed_through;

-- The unbundled elements of what the tariff prices, each a line of its own; an element without a price adds nothing.
create or replace table priced_elements as
select e.stream, e.file, e.line, e.provider, e.code, e.times, e.price,
       cast(e.times * coalesce(e.price, 0) as bigint) as amount
from unit_element e
join priced p on p.stream = e.stream and p.file = e.file and p.line = e.line and p.status = 'PRICED';

-- Decisions that a person should know of, as findings in the columns of the checks.
create or replace view price_findings as
select p.stream, p.file, p.line, r.code as rule, r.level, '' as field
from priced p
join law_reasons r on r.code = p.reason
where r.level <> ''
union all
select distinct e.stream, e.file, e.line, r.code as rule, r.level, 'unbundled_hrg' as field
from priced_elements e
join law_reasons r on r.code = 'N-UNBUNDLED'
where e.price is null and r.level <> '';

-- What only the statements above needed gives its memory back.
drop table unit_element;
drop table priced_apc;
drop table priced_op;
drop table priced_ae;
