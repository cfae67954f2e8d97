-- The contract's totals held against what stands behind them, by point of delivery. The law is rules/reconciliation.py.
-- Amounts in pence: care priced here (days beyond the trim point as a point of delivery of their own), the patient's
-- lines, drugs and devices, and the totals themselves.
create or replace table reconciled_amount as
with care as (
    select
        provider,
        coalesce(commissioner, '') as commissioner,
        coalesce(pod, '') as pod,
        charge,
        case
            when long_stay <> 0 and pre_mff > 0
                then round_div(cast(charge as bigint) * cast(long_stay as bigint), pre_mff)
            else 0
        end as beyond,
        long_stay,
        pre_mff
    from priced
    where stream in ('apc', 'op', 'ae') and charge is not null
),

amount as (
    select provider, commissioner, pod, '' as category, 'care' as source, charge - beyond as pence, false as outside_tariff
    from care
    union all
    select provider, commissioner, concat(pod, 'XBD') as pod, '' as category, 'care' as source, beyond as pence,
           false as outside_tariff
    from care
    where long_stay <> 0 and pre_mff <> 0
    union all
    select c.provider, c.commissioner, coalesce(c.pod, '') as pod, coalesce(c.service_category, '') as category,
           c.stream as source, case when s.mff = 'within' then c.price else c.price + c.mff end as pence,
           coalesce(c.outside_tariff, false) as outside_tariff
    from accepted_contract as c
    cross join contract_settings as s
)

select
    a.provider,
    a.commissioner,
    a.pod,
    a.category,
    a.source,
    a.outside_tariff,
    n.code is not null as no_patient,
    cast(sum(a.pence) as bigint) as pence,
    count(*) as lines
from amount as a
left join check_code as n on n.field = 'pod.no_patient' and n.code = a.pod
where a.provider in (select provider from accepted_contract where stream = 'acm')
group by a.provider, a.commissioner, a.pod, a.category, a.source, a.outside_tariff, n.code;

create or replace table reconciled_sum as
select
    provider,
    commissioner,
    pod,
    cast(sum(case when source = 'acm' then pence else 0 end) as bigint) as acm,
    cast(sum(case when source = 'care' then pence else 0 end) as bigint) as care,
    cast(sum(case when source = 'plcm' then pence else 0 end) as bigint) as plcm,
    cast(sum(case when source = 'drplcm' then pence else 0 end) as bigint) as drplcm,
    cast(sum(case when source = 'deplcm' then pence else 0 end) as bigint) as deplcm,
    cast(sum(case when source = 'acm' and no_patient then pence else 0 end) as bigint) as no_patient,
    cast(sum(case when source = 'acm' and outside_tariff and not no_patient then pence else 0 end) as bigint)
        as outside_tariff
from reconciled_amount
group by provider, commissioner, pod;

create or replace table reconciliation as
with compared as (
    select *, acm - care - plcm - drplcm - deplcm - no_patient as residual from reconciled_sum
),

judged as (
    select
        c.*,
        case
            when abs(c.residual) <= s.tolerance then 'AGREES'
            when c.residual > 0 then 'UNBACKED'
            else 'UNCHARGED'
        end as verdict
    from compared as c
    cross join contract_settings as s
)

select
    provider,
    commissioner,
    pod,
    acm,
    care,
    plcm,
    drplcm,
    deplcm,
    no_patient,
    outside_tariff,
    residual,
    case
        when verdict = 'UNBACKED' and outside_tariff > 0 then least(residual, outside_tariff)
        else 0
    end as held,
    verdict
from judged;
