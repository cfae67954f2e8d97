-- Faults are drawn for finished episodes only, at most one each, and only where the fault can show.
create or replace temp table apc_planted as
with drawn as (
    select *, pick(hashed(concat(seed(), '|fault|', cds_unique_id)), 0, 1000000) as luck from apc_clean where not open
)

select d.month, d.cds_unique_id, f.fault, f.rule, f.field
from drawn as d
inner join fault_share as f on f.stream = 'apc' and d.provider = f.provider and d.luck >= f.lo and d.luck < f.hi
where case f.fault
    when 'bad_nhs_number' then not d.untraced
    when 'identity_in_key' then not d.untraced
    when 'undecided_admission' then d.dta_date is not null
    when 'day_case_with_stay' then d.patient_class = '1' and d.dta_date is not null and d.los > 0 and d.epi_no = '01'
    when 'died_but_went_home' then d.dis_method = '4'
    when 'external_cause_first' then d.diag_01 <> ''
    when 'badly_coded_procedure' then d.proc_01 <> ''
    else true
end;

create or replace temp table apc_rows as
with faulty as (
    select r.*, coalesce(p.fault, '') as fault
    from apc_clean as r
    left join apc_planted as p on r.month = p.month and r.cds_unique_id = p.cds_unique_id and not r.open
),

copies as (
    select *, 0 as copy from faulty
    union all
    select *, 1 as copy from faulty where fault = 'duplicate_record'
),

-- a record from outside the month keeps its shape: all its dates move together
moved as (
    select *, case when fault = 'outside_month' then 35 else 0 end as back from copies
)

select
    r.month,
    r.provider as sender,
    r.cared_on,
    r.cds_unique_id as sort_id,
    r.copy,
    r.fault,
    case
        when r.fault = 'identity_in_key' then concat('SYN', r.nhs_number, substr(r.cds_unique_id, 8)) else r.cds_unique_id
    end as cds_unique_id,
    r.provider,
    r.site,
    case r.fault
        when 'commissioner_not_known' then 'Q99'
        when 'other_commissioner' then other_commissioner()
        else r.commissioner
    end as commissioner,
    r.csn,
    r.spell_no,
    r.epi_no,
    r.last_epi,
    given_number(r.nhs_number, r.untraced, r.fault) as nhs_number,
    case when r.untraced and r.fault <> 'unmarked_nhs_number' then '03' else '01' end as nhs_number_status,
    concat('P', lpad(cast(r.person as varchar), 7, '0')) as local_patient_id,
    cast(case when r.fault = 'born_later' then r.dis_date + 30 else least(r.dob, r.adm_date) end as varchar) as dob,
    r.sex,
    r.ethnic,
    case when r.fault = 'odd_postcode' then 'UNKNOWN' else r.postcode end as postcode,
    given_practice(r.practice, r.month, r.fault) as practice,
    'G9999998' as gp,
    r.admin_category,
    case when r.fault = 'day_case_with_stay' then '2' else r.patient_class end as patient_class,
    r.adm_method,
    r.adm_source,
    cast(case when r.fault = 'discharged_before' then r.dis_date + 1 else r.adm_date - r.back end as varchar) as adm_date,
    cast(case when r.dta_date is not null and r.fault <> 'undecided_admission' then greatest(r.dta_date - r.back, r.dob) end
        as varchar) as dta_date,
    r.dis_method,
    case when r.fault = 'died_but_went_home' then '19' else r.dis_dest end as dis_dest,
    cast(case when r.fault = 'ready_after_discharge' then r.dis_date + 3 else r.ready_date - r.back end as varchar)
        as ready_date,
    cast(r.dis_date - r.back as varchar) as dis_date,
    cast(r.epi_start - r.back as varchar) as epi_start,
    cast(r.epi_end - r.back as varchar) as epi_end,
    cast(case when r.fault = 'days_beyond_stay' then r.los + 5 else r.los_adj_rehab end as varchar) as los_adj_rehab,
    cast(r.los_adj_spc as varchar) as los_adj_spc,
    cast(r.critical_care_days as varchar) as critical_care_days,
    coalesce(s.main_spec, r.tfc) as main_spec,
    case when r.fault = 'wrong_specialty' then '999' else r.tfc end as tfc,
    'C9999998' as consultant,
    case r.fault when 'missing_diagnosis' then null when 'external_cause_first' then 'W190' else r.diag_01 end as diag_01,
    nullif(r.diag_02, '') as diag_02,
    nullif(r.diag_03, '') as diag_03,
    case when r.fault = 'badly_coded_procedure' then concat(substr(r.proc_01, 1, 2), '-X') else nullif(r.proc_01, '') end
        as proc_01,
    case when r.proc_01 <> '' then cast(r.adm_date - r.back as varchar) end as proc_01_date,
    cast(null as varchar) as proc_02,
    case when r.fault <> 'ungrouped' then r.hrg_spell end as hrg_spell,
    case when r.fault <> 'ungrouped' then r.hrg_fce end as hrg_fce,
    cast(null as varchar) as unbundled_hrg
from moved as r
left join clinic_share as s on r.tfc = s.tfc;
