-- One row an episode: finished spells in the month of discharge, and in the month before it, unfinished, those who lay
-- in hospital over the month's end.
create or replace temp table apc_clean as
with reported as (
    select s.*, s.month as file_month, false as open, cast(null as date) as month_last from spell as s
    inner join wanted_month as m on s.month = m.month
    union all
    select s.*, m.month as file_month, true as open, m.last as month_last
    from spell as s
    inner join wanted_month as m on s.month = m.next_month and s.adm_date <= m.last
),

numbered as (
    select *, cast(unnest(range(1, episodes + 1)) as integer) as epi_no from reported
),

timed as (
    select
        *,
        adm_date + (los * (epi_no - 1)) // nullif(episodes, 0) as epi_start,
        adm_date + (los * epi_no) // nullif(episodes, 0) as epi_end,
        concat(kind, month, provider, lpad(cast(number as varchar), 7, '0')) as spell_key,
        hashed(concat(key, '|', epi_no)) as e,
        hashed(concat(key, '|f', epi_no)) as f,
        hashed(concat(key, '|g')) as g,
        hashed(concat(key, '|h')) as h
    from numbered
),

flagged as (
    select
        *,
        way = 'EM' and happens(g, 0, rate_died()) as died,
        happens(g, 1, rate_private()) as private,
        happens(g, 1, rate_private() + rate_unregistered()) and not happens(g, 1, rate_private()) as unregistered,
        way = 'EM' and los > 7 and happens(g, 2, rate_delayed()) as delayed,
        case when los > 4 and happens(h, 0, rate_critical_care()) then 1 + pick(h, 0, 7919) % 3 else 0 end as critical,
        case when way = 'EM' and los > 10 and happens(h, 1, rate_rehabilitation()) then 2 + pick(h, 1, 7919) % 4 else 0 end
            as rehab,
        case when way = 'EM' and los > 10 and happens(h, 2, rate_palliative()) then 3 else 0 end as palliative
    from timed
    where not open or epi_start <= month_last
)

select
    r.file_month as month,
    r.provider,
    r.key,
    r.open,
    r.los,
    r.adm_date as cared_on,
    concat('SYNA', r.provider, substr(r.month, 3, 2), substr(r.month, 6, 2), substr(upper(r.kind), 1, 1),
        lpad(cast(r.number as varchar), 6, '0'), r.epi_no) as cds_unique_id,
    concat(r.provider, '01') as site,
    case when r.private then 'VPP00' else r.commissioner end as commissioner,
    case when happens(r.e, 0, rate_elsewhere()) then 'ELSEW=' else 'ACUTE1' end as csn,
    concat(substr(r.month, 3, 2), substr(r.month, 6, 2), substr(upper(r.kind), 1, 1), lpad(cast(r.number as varchar), 6, '0'))
        as spell_no,
    lpad(cast(r.epi_no as varchar), 2, '0') as epi_no,
    case when not r.open and r.epi_no = r.episodes then '1' else '2' end as last_epi,
    p.nhs_number,
    pick(r.e, 1, 1000000) < rate_untraced() * q.untraced // 1000 as untraced,
    p.dob,
    p.sex,
    p.ethnic,
    concat(r.outward, ' ', p.inward) as postcode,
    p.person,
    case when r.unregistered then 'V81997' else r.practice end as practice,
    case
        when r.private then '02' when happens(r.e, 2, rate_amenity()) then '03' else '01'
    end as admin_category,
    case when r.way = 'RD' then '3' when r.way = 'DC' then '2' else '1' end as patient_class,
    r.adm_method,
    case when r.adm_method = '81' then '51' else '19' end as adm_source,
    r.adm_date,
    case when r.kind = 'planned' then r.adm_date - 7 - pick(r.f, 0, 100) end as dta_date,
    case when r.open then '8' when r.died then '4' else '1' end as dis_method,
    case
        when r.open then '98'
        when r.died then '79'
        when happens(r.f, 1, rate_to_other_hospital()) then '51'
        when r.way = 'EM' and happens(r.f, 1, rate_to_other_hospital() + rate_to_care_home()) then '54'
        else '19'
    end as dis_dest,
    case when not r.open and r.delayed and not r.died then r.dis_date - 1 - pick(r.g, 2, 7919) % nullif(least(9, r.los - 3), 0) end
        as ready_date,
    case when not r.open then r.dis_date end as dis_date,
    r.epi_start,
    case when not r.open or r.epi_end <= r.month_last then r.epi_end end as epi_end,
    r.rehab as los_adj_rehab,
    r.palliative as los_adj_spc,
    r.critical as critical_care_days,
    one_of(r.specialties, r.e, 2) as tfc,
    one_of(r.diagnoses, r.f, 2) as diag_01,
    case when happens(r.f, 0, rate_second_diagnosis()) then 'I10X' else '' end as diag_02,
    case when happens(r.f, 0, rate_third_diagnosis()) then 'Z874' else '' end as diag_03,
    case
        when r.kind = 'planned' or happens(r.e, 1, rate_emergency_procedure()) then one_of(r.procedures, r.f, 0) else ''
    end as proc_01,
    r.hrg as hrg_spell,
    r.hrg as hrg_fce
from flagged as r
inner join person as p on r.person = p.person
inner join quality as q on r.provider = q.provider;
