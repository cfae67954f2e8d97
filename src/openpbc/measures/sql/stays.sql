-- Finished and open stays of one run, a row each, with what payment made of them. The law is rules/facts.py.

create or replace table episode_ordered as
select a.file, a.line, coalesce(a.provider, '') || '/' || coalesce(a.spell_no, a.file || ':' || cast(a.line as varchar)) as key,
       coalesce(a.tfc, '') as tfc, a.age, coalesce(a.adm_method, '') as adm_method, a.adm_date, a.dis_date,
       coalesce(a.dis_method, '') as dis_method, coalesce(a.dis_dest, '') as dis_dest,
       coalesce(a.diagnoses, '') as diagnoses, coalesce(a.procedures, '') as procedures,
       coalesce(a.proc_01, '') as proc_01, p.person, p.operated_on,
       row_number() over (
           partition by coalesce(a.provider, '') || '/' || coalesce(a.spell_no, a.file || ':' || cast(a.line as varchar))
           order by a.epi_start nulls last, a.epi_no nulls last, a.file, a.line
       ) as place
from accepted_apc a
join person_apc p on p.file = a.file and p.line = a.line;

create or replace table stay as
with totals as (
    select key, min(adm_date) as adm_date, max(dis_date) as dis_date, max(place) as last_place,
           max(case when proc_01 <> '' then 1 else 0 end) as operated,
           min(case when proc_01 <> '' then place end) as operated_place
    from episode_ordered
    group by key
)
select f.key, p.file, p.line, p.provider, p.practice, p.unit, f.tfc, p.hrg, p.status, p.commissioner,
       coalesce(k.kind, '') as kind, f.age, f.adm_method, l.dis_method, l.dis_dest, t.adm_date, t.dis_date,
       case when t.operated = 1 then 'yes' else 'no' end as procedure, o.operated_on, f.person,
       f.diagnoses, f.procedures, p.charge, p.long_stay, p.excess_bed_days as excess
from priced p
join totals t on t.key = p.key
join episode_ordered f on f.key = t.key and f.place = 1
join episode_ordered l on l.key = t.key and l.place = t.last_place
left join episode_ordered o on o.key = t.key and o.place = t.operated_place
left join law_kinds k on k.pod = p.pod
where p.stream = 'apc';
