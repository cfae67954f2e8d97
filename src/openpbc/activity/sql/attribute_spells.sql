-- Spells are built from episodes. The law is rules/spells.py; the two are held equal by tests.

-- Accepted rows with what pricing and attribution read of them, empty text instead of NULL: one pass over each stream.
create or replace table care_admitted as
select file, line, coalesce(provider, '') as provider, coalesce(site, '') as site,
       coalesce(commissioner, '') as commissioner, coalesce(practice, '') as practice,
       coalesce(postcode, '') as postcode, coalesce(admin_category, '') as admin_category,
       coalesce(adm_source, '') as adm_source, coalesce(tfc, '') as tfc,
       right(rtrim(coalesce(csn, '')), 1) as csn_last, coalesce(adm_method, '') as adm_method,
       coalesce(patient_class, '') as patient_class, age, adm_date, dis_date, ready_date, epi_start, epi_no,
       case when epi_start is not null and epi_end is not null then date_diff('day', epi_start, epi_end)
            else -1 end as days,
       coalesce(critical_care_days, 0) as critical_care, coalesce(los_adj_rehab, 0) as rehabilitation,
       coalesce(los_adj_spc, 0) as palliative, coalesce(hrg_spell, '') as hrg_spell, coalesce(hrg_fce, '') as hrg_fce,
       coalesce(proc_01, '') as proc_01,
       ';' || coalesce(diagnoses, '') || ';' || coalesce(procedures, '') as clinical,
       coalesce(unbundled_hrg, '') as unbundled_hrg, coalesce(bpt_flag, '') as bpt_flag, coalesce(pathway_id, '') as pathway_id,
       coalesce(provider, '') || '/' || coalesce(spell_no, file || ':' || cast(line as varchar)) as key
from accepted_apc;

create or replace table care_appointment as
select file, line, coalesce(attendance_id, file || ':' || cast(line as varchar)) as key, coalesce(provider, '') as provider,
       coalesce(site, '') as site, coalesce(commissioner, '') as commissioner, coalesce(practice, '') as practice,
       coalesce(postcode, '') as postcode, coalesce(admin_category, '') as admin_category, coalesce(tfc, '') as tfc,
       right(rtrim(coalesce(csn, '')), 1) as csn_last, age, appointment_date, coalesce(hrg, '') as hrg,
       attended_or_dna, first_attendance, main_spec, multi_professional_ind,
       coalesce(unbundled_hrg, '') as unbundled_hrg, coalesce(bpt_flag, '') as bpt_flag,
       coalesce(pathway_id, '') as pathway_id
from accepted_op;

create or replace table care_arrival as
select file, line, coalesce(attendance_id, file || ':' || cast(line as varchar)) as key, coalesce(provider, '') as provider,
       coalesce(site, '') as site, coalesce(commissioner, '') as commissioner, coalesce(practice, '') as practice,
       coalesce(postcode, '') as postcode, coalesce(admin_category, '') as admin_category, '' as tfc,
       right(rtrim(coalesce(csn, '')), 1) as csn_last, arrival_date, coalesce(hrg, '') as hrg, department_type, disposal
from accepted_ae;

-- What the exclusion rules look at, and the first rule that fits: every combination that occurs, decided once.
create or replace table care_excluded as
with combinations as (
    select admin_category, commissioner, tfc, csn_last from care_admitted
    union
    select admin_category, commissioner, tfc, csn_last from care_appointment
    union
    select admin_category, commissioner, tfc, csn_last from care_arrival
),
first_rule as (
    select c.admin_category, c.commissioner, c.tfc, c.csn_last, min(x.place) as place
    from combinations c
    join law_exclusions x
      on (x.field = 'admin_category' and c.admin_category between x.first and x.last)
      or (x.field = 'commissioner' and c.commissioner between x.first and x.last)
      or (x.field = 'tfc' and c.tfc between x.first and x.last)
      or (x.field = 'csn_last' and c.csn_last between x.first and x.last)
    group by c.admin_category, c.commissioner, c.tfc, c.csn_last
)
select f.admin_category, f.commissioner, f.tfc, f.csn_last, x.reason
from first_rule f
join law_exclusions x on x.place = f.place;

-- Episodes in the order of their spell, with the reason that excludes each.
create or replace table care_episode as
select a.*, coalesce(x.reason, '') as exclusion,
       row_number() over (
           partition by a.key order by a.epi_start nulls last, a.epi_no nulls last, a.file, a.line
       ) as place
from care_admitted a
left join care_excluded x
  on x.admin_category = a.admin_category and x.commissioner = a.commissioner
 and x.tfc = a.tfc and x.csn_last = a.csn_last;

-- One row a spell: admission facts from the first episode, days added up, the latest discharge date.
create or replace table care_spell as
with totals as (
    select key, min(adm_date) as adm_date, max(dis_date) as dis_date, max(ready_date) as ready_date,
           cast(sum(critical_care + rehabilitation + palliative) as bigint) as adjusted_days,
           count(*) as episodes,
           count(case when exclusion = '' then 1 end) as included
    from care_episode
    group by key
),
supplied as (
    select key, hrg_spell,
           row_number() over (partition by key order by place) as rank
    from care_episode
    where exclusion = '' and hrg_spell <> ''
)
select f.key, f.file, f.line, f.provider, f.site, f.commissioner, f.practice, f.postcode, f.admin_category, f.adm_source,
       f.tfc, f.adm_method, f.patient_class, f.age, t.adm_date, t.dis_date, t.ready_date, t.adjusted_days, t.episodes,
       case when t.included = 0 then f.exclusion else '' end as exclusion,
       coalesce(h.hrg_spell, '') as hrg_spell
from care_episode f
join totals t on t.key = f.key
left join supplied h on h.key = f.key and h.rank = 1
where f.place = 1;
