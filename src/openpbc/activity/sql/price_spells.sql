-- Admitted spells, step by step. The law is rules/pricing.py; the two are held equal to the penny by tests.

create or replace table spell_topup as
select e.key, max(t.ppm) as ppm
from care_episode e
join topup_eligible t
  on t.provider = e.provider
 and contains(e.clinical, ';' || t.code)
where e.exclusion = ''
group by e.key;

create or replace table priced_apc as
with looked_up as (
    select u.*, s.period_first, s.period_last, s.delayed_discharge_relief, s.commissioner_pays_mff, s.topup_base,
           h.ungrouped, h.admitted_shape, l.arrangement, l.price as local_price, m.mff_e7,
           t.price as full_price, t.trim_point, r.per_day, coalesce(p.ppm, 0) as topup_ppm,
           coalesce(b.unbundled, 0) as unbundled, coalesce(x.deduction, 0) as deduction,
           coalesce(q.how, w.how, '') as best_how, coalesce(q.amount, w.amount) as best_amount,
           case when u.class = 'EM' and r.sse_applies and u.age >= s.sse_age_from
                     and case when s.sse_los = 'ADJUSTED' then u.qualifying else u.unadjusted end < s.sse_below_days
                then coalesce(r.sse_price, apply_ppm(t.price, r.sse_ppm)) end as short_stay_price
    from unit_apc u
    cross join law_settings s
    left join hrg_shape h on h.hrg = u.hrg
    left join contract_match l
      on l.stream = 'apc' and l.provider = u.provider and l.pod = u.pod and l.hrg = u.hrg and l.tfc = u.tfc
    left join providers m on m.provider = u.provider
    left join tariff_admitted r on r.hrg = u.hrg
    left join tariff_setting t on t.hrg = u.hrg and t.class = u.class
    left join unit_unbundled b on b.stream = 'apc' and b.file = u.file and b.line = u.line
    left join spell_topup p on p.key = u.key
    left join spell_flag f on f.key = u.key
    left join tariff_best_practice q
      on q.hrg = u.hrg and q.setting = case u.class when 'EM' then 'NEL' when 'NE' then 'NEL' else u.class end
     and q.flag <> '' and q.flag = f.bpt_flag
    left join tariff_best_practice w
      on w.hrg = u.hrg and w.setting = case u.class when 'EM' then 'NEL' when 'NE' then 'NEL' else u.class end
     and w.flag = ''
    left join spell_deduction x on x.key = u.key and x.hrg = u.hrg
),
decided as (
    select k.*,
           case
               when dis_date is null then 'UNPRICED X-OPEN'
               when unadjusted is null then 'UNPRICED N-DATES'
               when dis_date not between period_first and period_last then 'UNPRICED N-YEAR'
               when exclusion <> '' then 'EXCLUDED ' || exclusion
               when class = 'UNKNOWN' then 'UNPRICED N-CLASS'
               when arrangement = 'BLOCK' then 'EXCLUDED X-LOCAL'
               when arrangement is not null and local_price is null then 'LOCAL LOCAL-UNSET'
               when arrangement is not null then 'LOCAL LOCAL'
               when class in ('REGDAY', 'REGNIGHT') then 'EXCLUDED X-REG'
               when hrg = '' then 'UNPRICED N-HRG'
               when ungrouped then 'EXCLUDED X-UNG'
               when not admitted_shape then 'UNPRICED N-FORMAT'
               when full_price is null then 'NO_PRICE X-NOPRICE'
               when mff_e7 is null then 'UNPRICED N-MFF'
               else 'PRICED ' || chosen
           end as decision
    from looked_up k
),
days as (
    select d.*, split_part(decision, ' ', 1) as status, split_part(decision, ' ', 2) as reason,
           case when decision like 'PRICED%' or decision = 'UNPRICED N-MFF' then 'yes' else 'no' end as by_tariff,
           case when qualifying > trim_point then qualifying - trim_point else 0 end as beyond
    from decided d
),
parts as (
    select d.*,
           case best_how
               when 'REPLACE' then best_amount
               when 'ADD' then coalesce(short_stay_price, full_price) + best_amount
               else coalesce(short_stay_price, full_price) end as earned,
           case when by_tariff = 'no' then 0
                when not delayed_discharge_relief then beyond
                when beyond > delayed then beyond - delayed
                else 0 end as excess
    from days d
),
summed as (
    select p.*, case when earned > deduction then earned - deduction else 0 end as base,
           apply_ppm(case when topup_base = 'AFTER_SSE' then earned else full_price end, topup_ppm) as topup,
           excess * coalesce(per_day, 0) as long_stay
    from parts p
)
select 'apc' as stream, file, line, key, provider, substr(cast(dis_date as varchar), 1, 7) as own_month,
       case when by_tariff = 'yes' and short_stay_price is not null then 'NELST' else pod end as pod,
       hrg, status, reason,
       case status when 'PRICED' then base when 'LOCAL' then local_price when 'EXCLUDED' then 0 end as base,
       case status when 'PRICED' then topup when 'LOCAL' then local_price * 0 when 'EXCLUDED' then 0 end as topup,
       case status when 'PRICED' then long_stay when 'LOCAL' then local_price * 0 when 'EXCLUDED' then 0 end as long_stay,
       case status when 'PRICED' then unbundled when 'LOCAL' then local_price * 0 when 'EXCLUDED' then 0 end as unbundled,
       case status when 'PRICED' then base + topup + long_stay + unbundled when 'LOCAL' then local_price
                   when 'EXCLUDED' then 0 end as pre_mff,
       mff_e7,
       case when dis_date is null then null else qualifying end as los,
       case when unadjusted is not null then excess end as excess_bed_days,
       episodes
from summed;

drop table unit_apc;
drop table spell_flag;
drop table spell_deduction;
