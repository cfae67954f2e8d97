-- Out-patient and A&E attendances. The law is rules/outpatients.py and rules/emergency.py, held equal by tests.

create or replace table priced_op as
with looked_up as (
    select u.*, s.period_first, s.period_last, l.arrangement, l.price as local_price, m.mff_e7,
           s.nf2f_by_tariff, coalesce(b.unbundled, 0) as unbundled, coalesce(q.how, w.how, '') as best_how,
           coalesce(q.amount, w.amount) as best_amount,
           case when u.hrg <> '' and not h.attendance_shape and not h.ungrouped and h.admitted_shape
                     and u.contact in ('FIRST', 'FOLLOW_UP')
                then r.op_procedure end as procedure_price,
           t.price as attendance_price
    from unit_op u
    cross join law_settings s
    left join hrg_shape h on h.hrg = u.hrg
    left join contract_match l
      on l.stream = 'op' and l.provider = u.provider and l.pod = u.pod and l.hrg = u.hrg and l.tfc = u.tfc
    left join providers m on m.provider = u.provider
    left join tariff_admitted r on r.hrg = u.hrg
    left join tariff_attendances t
      on t.tfc = u.tfc and t.contact = u.contact and t.professions = u.professions and t.age_group = u.age_group
    left join unit_unbundled b on b.stream = 'op' and b.file = u.file and b.line = u.line
    left join tariff_best_practice q
      on q.hrg = u.hrg and q.setting = 'OPPROC' and q.flag <> '' and q.flag = u.bpt_flag
    left join tariff_best_practice w on w.hrg = u.hrg and w.setting = 'OPPROC' and w.flag = ''
),
decided as (
    select k.*,
           case
               when attended = '' then 'UNPRICED N-ATTENDED'
               when attended = 'FUTURE' then 'UNPRICED N-FUTURE'
               when attended = 'MISSED' then 'EXCLUDED X-DNA'
               when appointment_date is null or appointment_date not between period_first and period_last
                    then 'UNPRICED N-YEAR'
               when exclusion <> '' then 'EXCLUDED ' || exclusion
               when contact = 'ADMIN' then 'EXCLUDED X-ADMIN'
               when contact = '' then 'UNPRICED N-FIRST'
               when arrangement = 'BLOCK' then 'EXCLUDED X-LOCAL'
               when arrangement is not null and local_price is null then 'LOCAL LOCAL-UNSET'
               when arrangement is not null then 'LOCAL LOCAL'
               when led = 'NCL' or (contact like 'TELE%' and not nf2f_by_tariff) then 'NO_PRICE X-NOPRICE'
               when procedure_price is null and attendance_price is null then 'NO_PRICE X-NOPRICE'
               when mff_e7 is null then 'UNPRICED N-MFF'
               else 'PRICED '
           end as decision
    from looked_up k
),
named as (
    select d.*, split_part(decision, ' ', 1) as status, split_part(decision, ' ', 2) as reason,
           case when procedure_price is null then attendance_price
                when best_how = 'REPLACE' then best_amount
                when best_how = 'ADD' then procedure_price + best_amount
                else procedure_price end as tariff_price,
           case when (decision like 'PRICED%' or decision = 'UNPRICED N-MFF') and procedure_price is not null
                then case when contact = 'FIRST' then 'OPPROCFA' else 'OPPROCFUP' end
                else pod end as paid_pod
    from decided d
)
select 'op' as stream, file, line, provider, substr(cast(appointment_date as varchar), 1, 7) as own_month,
       paid_pod as pod, hrg, status, reason,
       case status when 'PRICED' then tariff_price when 'LOCAL' then local_price when 'EXCLUDED' then 0 end as base,
       case status when 'PRICED' then unbundled when 'LOCAL' then local_price * 0 when 'EXCLUDED' then 0 end as unbundled,
       mff_e7
from named;

drop table unit_op;

create or replace table priced_ae as
with looked_up as (
    select u.*, s.period_first, s.period_last, l.arrangement, l.price as local_price, m.mff_e7, h.ungrouped, h.ae_shape,
           p.price as band_price
    from unit_ae u
    cross join law_settings s
    left join hrg_shape h on h.hrg = u.hrg
    left join contract_match l
      on l.stream = 'ae' and l.provider = u.provider and l.pod = u.pod and l.hrg = u.hrg and l.tfc = u.tfc
    left join providers m on m.provider = u.provider
    left join tariff_ae_bands b on b.hrg = u.hrg
    left join tariff_band_prices p
      on p.band = case when u.department_band <> '' then u.department_band else b.band end
),
decided as (
    select k.*,
           case
               when arrival_date is null or arrival_date not between period_first and period_last then 'UNPRICED N-YEAR'
               when exclusion <> '' then 'EXCLUDED ' || exclusion
               when left_unpaid = 'yes' then 'EXCLUDED X-LEFT'
               when arrangement = 'BLOCK' then 'EXCLUDED X-LOCAL'
               when arrangement is not null and local_price is null then 'LOCAL LOCAL-UNSET'
               when arrangement is not null then 'LOCAL LOCAL'
               when department_band = '' and hrg = '' then 'UNPRICED N-HRG'
               when department_band = '' and ungrouped then 'EXCLUDED X-UNG'
               when department_band = '' and not ae_shape then 'UNPRICED N-FORMAT'
               when band_price is null then 'NO_PRICE X-NOPRICE'
               when mff_e7 is null then 'UNPRICED N-MFF'
               else 'PRICED '
           end as decision
    from looked_up k
),
named as (
    select d.*, split_part(decision, ' ', 1) as status, split_part(decision, ' ', 2) as reason
    from decided d
)
select 'ae' as stream, file, line, provider, substr(cast(arrival_date as varchar), 1, 7) as own_month, pod, hrg, status,
       reason,
       case status when 'PRICED' then band_price when 'LOCAL' then local_price when 'EXCLUDED' then 0 end as base,
       mff_e7
from named;

drop table unit_ae;
drop table contract_match;
drop table unit_unbundled;
