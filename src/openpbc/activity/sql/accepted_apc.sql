-- The accepted admitted episodes with typed fields, as pricing and attribution read them; columns as said in flow.
create or replace view accepted_apc as
select
    'apc' as stream,
    c.file,
    c.line,
    provider_match(c.provider) as provider,
    c.site,
    c.commissioner,
    c.csn,
    c.spell_no,
    whole_number(c.epi_no) as epi_no,
    c.last_epi,
    c.sex,
    coalesce(whole_years(day_of(c.dob), day_of(c.adm_date)), whole_number(c.age)) as age,
    c.postcode,
    c.practice,
    c.admin_category,
    c.patient_class,
    c.adm_method,
    c.adm_source,
    cast(day_of(c.adm_date) as date) as adm_date,
    c.dis_method,
    c.dis_dest,
    cast(day_of(c.ready_date) as date) as ready_date,
    cast(day_of(c.dis_date) as date) as dis_date,
    cast(day_of(c.epi_start) as date) as epi_start,
    cast(day_of(c.epi_end) as date) as epi_end,
    whole_number(c.los_adj_rehab) as los_adj_rehab,
    whole_number(c.los_adj_spc) as los_adj_spc,
    whole_number(c.critical_care_days) as critical_care_days,
    c.main_spec,
    c.tfc,
    c.consultant,
    replace(c.diag_01, '.', '') as diag_01,
    replace(c.proc_01, '.', '') as proc_01,
    replace(concat_ws(
        ';',
        coalesce(c.diag_01, ''), coalesce(c.diag_02, ''), coalesce(c.diag_03, ''), coalesce(c.diag_04, ''),
        coalesce(c.diag_05, ''), coalesce(c.diag_06, ''), coalesce(c.diag_07, ''), coalesce(c.diag_08, ''),
        coalesce(c.diag_09, ''), coalesce(c.diag_10, ''), coalesce(c.diag_11, ''), coalesce(c.diag_12, ''),
        coalesce(c.diag_13, '')
    ), '.', '') as diagnoses,
    replace(concat_ws(
        ';',
        coalesce(c.proc_01, ''), coalesce(c.proc_02, ''), coalesce(c.proc_03, ''), coalesce(c.proc_04, ''),
        coalesce(c.proc_05, ''), coalesce(c.proc_06, ''), coalesce(c.proc_07, ''), coalesce(c.proc_08, ''),
        coalesce(c.proc_09, ''), coalesce(c.proc_10, ''), coalesce(c.proc_11, ''), coalesce(c.proc_12, ''),
        coalesce(c.proc_13, '')
    ), '.', '') as procedures,
    c.hrg_spell,
    c.hrg_fce,
    c.unbundled_hrg,
    c.bpt_flag,
    c.pathway_id
from canonical_apc as c
left join unaccepted as u on u.stream = 'apc' and u.file = c.file and u.line = c.line
where u.line is null;
