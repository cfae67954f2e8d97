-- What each unit is, before any price: class, point of delivery, days, resource group. The law: rules/classing.py,
-- rules/spells.py, rules/outpatients.py.

-- Every resource group that occurs, held against the shapes of the year once.
create or replace table hrg_shape as
with written as (
    select hrg_spell as hrg from care_episode
    union select hrg_fce as hrg from care_episode
    union select hrg from care_appointment
    union select hrg from care_arrival
)
select w.hrg, regexp_matches(w.hrg, s.hrg_ungrouped) as ungrouped, regexp_matches(w.hrg, s.hrg_format) as admitted_shape,
       regexp_matches(w.hrg, s.ae_hrg_format) as ae_shape, regexp_matches(w.hrg, s.op_attendance_hrgs) as attendance_shape
from written w
cross join law_settings s;

create or replace table spell_classed as
with dated as (
    select c.*,
           case when c.dis_date >= c.adm_date then date_diff('day', c.adm_date, c.dis_date) end as unadjusted,
           case when c.ready_date < c.dis_date then date_diff('day', c.ready_date, c.dis_date) else 0 end as delayed,
           coalesce(m.meaning, '') as method, coalesce(p.meaning, '') as recorded
    from care_spell c
    left join law_codes m on m.list = 'admission_method' and m.code = c.adm_method
    left join law_codes p on p.list = 'patient_class' and p.code = c.patient_class
),
kept as (
    select d.*,
           case
               when d.recorded = 'DAY_CASE' and coalesce(d.unadjusted, 0) >= s.day_case_ordinary_from_days then 'ORDINARY'
               when d.recorded in ('REGULAR_DAY', 'REGULAR_NIGHT')
                    and coalesce(d.unadjusted, 0) >= s.regular_attender_ordinary_from_days then 'ORDINARY'
               else d.recorded
           end as kind
    from dated d
    cross join law_settings s
)
select k.*,
       case when k.unadjusted > k.adjusted_days then k.unadjusted - k.adjusted_days
            when k.unadjusted is not null then 0 end as qualifying,
       case
           when k.kind = 'REGULAR_DAY' then 'REGDAY'
           when k.kind = 'REGULAR_NIGHT' then 'REGNIGHT'
           when k.method = 'ELECTIVE' and k.kind = 'DAY_CASE' then 'DC'
           when k.method = 'ELECTIVE' and k.kind = 'ORDINARY' then 'EL'
           when k.method = 'EMERGENCY' then 'EM'
           when k.method = 'NON_EMERGENCY' then 'NE'
           else 'UNKNOWN'
       end as class
from kept k;

-- The price of every resource group in every class that has one.
create or replace table tariff_setting as
select hrg, 'DC' as class, coalesce(combined, day_case) as price, cast(null as bigint) as trim_point from tariff_admitted
union all
select hrg, 'EL' as class, coalesce(combined, elective) as price, el_trim as trim_point from tariff_admitted
union all
select hrg, 'EM' as class, non_elective as price, nel_trim as trim_point from tariff_admitted
union all
select hrg, 'NE' as class, non_elective as price, nel_trim as trim_point from tariff_admitted;

-- Spells without a resource group of their own: the dearest episode with a procedure, else the longest, else the first.
create or replace table spell_chosen as
with candidates as (
    select c.key, e.hrg_fce,
           row_number() over (
               partition by c.key
               order by coalesce(t.price, -1) desc, e.days desc, coalesce(e.epi_no, 1000000000), e.hrg_fce desc
           ) as rank
    from spell_classed c
    join care_episode e on e.key = c.key and e.exclusion = '' and e.hrg_fce <> ''
    left join tariff_setting t on t.hrg = e.hrg_fce and t.class = c.class and e.proc_01 <> ''
    where c.hrg_spell = ''
)
select key, hrg_fce from candidates where rank = 1;

create or replace table unit_apc as
select c.key, c.file, c.line, c.provider, c.tfc, c.age, c.dis_date, c.exclusion, c.episodes, c.unadjusted, c.qualifying,
       c.delayed, c.class, case when c.hrg_spell <> '' then c.hrg_spell else coalesce(x.hrg_fce, '') end as hrg,
       case when x.hrg_fce is not null then 'APPROXIMATE' else '' end as chosen,
       case c.class when 'DC' then 'DC' when 'EL' then 'EL' when 'EM' then 'NEL' when 'NE' then 'NELNE'
                    when 'REGDAY' then 'RADAY' when 'REGNIGHT' then 'RANIGHT' else 'OTHER' end as pod
from spell_classed c
left join spell_chosen x on x.key = c.key;

drop table spell_classed;
drop table spell_chosen;

create or replace table unit_op as
with contacts as (
    select o.file, o.line, o.provider, o.commissioner, o.tfc, o.admin_category, o.csn_last, o.appointment_date, o.hrg,
           o.bpt_flag,
           coalesce(a.meaning, '') as attended, coalesce(f.meaning, '') as contact,
           case when n.code is null then 'CL' else 'NCL' end as led,
           case when m.code is not null and t.multi_professional then 'MULTI' else 'SINGLE' end as professions,
           case when c.code is not null or o.age < s.child_below_age then 'CHILD' else 'ADULT' end as age_group
    from care_appointment o
    cross join law_settings s
    left join law_codes a on a.list = 'attendance' and a.code = o.attended_or_dna
    left join law_codes f on f.list = 'first_attendance' and f.code = o.first_attendance
    left join law_codes n on n.list = 'not_consultant_led' and n.code = o.main_spec
    left join law_codes m on m.list = 'multi_professional' and m.code = o.multi_professional_ind
    left join law_codes c on c.list = 'child_function' and c.code = o.tfc
    left join contract_terms t on t.provider = o.provider
)
select k.file, k.line, k.provider, k.tfc, k.appointment_date, k.hrg, k.bpt_flag, k.attended, k.contact, k.led,
       k.professions, k.age_group, coalesce(x.reason, '') as exclusion,
       case
           when k.contact = 'TELE_FIRST' then 'NF2FFA'
           when k.contact = 'TELE_FOLLOW_UP' then 'NF2FFUP'
           when k.contact not in ('FIRST', 'FOLLOW_UP') then 'OTHER'
           else 'OP' || case when k.contact = 'FIRST' then 'FA' else 'FUP' end
                || case when k.professions = 'MULTI' then 'MP' else 'SP' end || k.led
       end as pod
from contacts k
left join care_excluded x
  on x.admin_category = k.admin_category and x.commissioner = k.commissioner
 and x.tfc = k.tfc and x.csn_last = k.csn_last;

create or replace table unit_ae as
select a.file, a.line, a.provider, a.tfc, a.arrival_date, a.hrg, 'AE' as pod,
       coalesce(d.meaning, '') as department_band, coalesce(x.reason, '') as exclusion,
       case when g.code is not null and not coalesce(t.left_before_treatment, s.pay_left_before_treatment)
            then 'yes' else 'no' end as left_unpaid
from care_arrival a
cross join law_settings s
left join law_codes d on d.list = 'ae_department' and d.code = a.department_type
left join law_codes g on g.list = 'ae_left' and g.code = a.disposal
left join contract_terms t on t.provider = a.provider
left join care_excluded x
  on x.admin_category = a.admin_category and x.commissioner = a.commissioner
 and x.tfc = a.tfc and x.csn_last = a.csn_last;

-- The contract line that fits best: by resource group, then treatment function, then any; own POD before any.
create or replace table contract_match as
with combinations as (
    select 'apc' as stream, provider, pod, hrg, tfc from unit_apc
    union select 'op' as stream, provider, pod, hrg, tfc from unit_op
    union select 'ae' as stream, provider, pod, hrg, tfc from unit_ae
),
fitting as (
    select c.stream, c.provider, c.pod, c.hrg, c.tfc, l.arrangement, l.price,
           row_number() over (
               partition by c.stream, c.provider, c.pod, c.hrg, c.tfc
               order by case when l.code = '' then 2 when l.code = c.hrg then 0 else 1 end,
                        case when l.pod = '' then 1 else 0 end
           ) as rank
    from combinations c
    join contract_lines l
      on l.stream = c.stream and l.provider = c.provider
     and (l.pod = c.pod or l.pod = '') and (l.code = c.hrg or l.code = c.tfc or l.code = '')
)
select stream, provider, pod, hrg, tfc, arrangement, price from fitting where rank = 1;
