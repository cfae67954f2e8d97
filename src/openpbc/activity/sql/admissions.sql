-- The admitted units of one opened run with what readmission looks at: facts of the first episode, the last way out.

create or replace table admission_of_run as
with ordered as (
    select coalesce(a.provider, '') || '/' || coalesce(a.spell_no, a.file || ':' || cast(a.line as varchar)) as key, a.file,
           a.line, a.age, a.adm_method, a.dis_method, a.diagnoses, a.tfc, a.adm_date, a.dis_date,
           p.person,
           row_number() over (
               partition by coalesce(a.provider, '') || '/' || coalesce(a.spell_no, a.file || ':' || cast(a.line as varchar))
               order by a.epi_start nulls last, a.epi_no nulls last, a.file, a.line
           ) as place
    from accepted_apc a
    join person_apc p on p.file = a.file and p.line = a.line
),
whole as (
    select key, min(adm_date) as adm_date, max(dis_date) as dis_date, max(place) as last_place
    from ordered
    group by key
)
select p.file || ':' || cast(p.line as varchar) as id, p.provider, coalesce(f.person, '') as person,
       coalesce(k.kind, '') as kind, w.adm_date, w.dis_date, f.age, p.hrg, coalesce(f.tfc, '') as tfc,
       coalesce(f.adm_method, '') as adm_method, coalesce(l.dis_method, '') as dis_method,
       coalesce(f.diagnoses, '') as diagnoses,
       p.status, coalesce(p.charge, 0) as charge
from priced p
join whole w on w.key = p.key
join ordered f on f.key = p.key and f.place = 1
join ordered l on l.key = p.key and l.place = w.last_place
left join admission_kind k on k.pod = p.pod
where p.stream = 'apc' and p.commissioner = $own;
