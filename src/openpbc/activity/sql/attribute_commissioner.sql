-- Whose care it was: unit and budget by membership on the date of care, commissioner by the first step that fits.
-- The law is rules/attribution.py; the two are held equal by tests.

create or replace view care_unit as
select 'apc' as stream, c.file, c.line, c.key, c.provider, c.site, c.commissioner, c.practice, c.postcode,
       c.admin_category, c.adm_source, c.tfc,
       case when s.assign_on = 'DISCHARGE' then coalesce(c.dis_date, c.adm_date) else c.adm_date end as day
from care_spell c
cross join law_settings s
union all
select 'op' as stream, file, line, key, provider, site, commissioner, practice, postcode, admin_category,
       '' as adm_source, tfc, appointment_date as day
from care_appointment
union all
select 'ae' as stream, file, line, key, provider, site, commissioner, practice, postcode, admin_category,
       '' as adm_source, tfc, arrival_date as day
from care_arrival;

-- Each practice and day that occurs, decided once.
create or replace table practice_day as
with days as (
    select distinct practice, day from care_unit where day is not null
),
placed as (
    select d.practice, d.day, m.unit, m.budget_line,
           row_number() over (partition by d.practice, d.day order by m.valid_from desc, m.unit desc) as rank
    from days d
    join memberships m on m.practice = d.practice and d.day between m.valid_from and m.valid_to
),
owned as (
    select d.practice, d.day, p.commissioner,
           row_number() over (partition by d.practice, d.day order by p.valid_from desc, p.commissioner desc) as rank
    from days d
    join practices p on p.practice = d.practice and d.day between p.valid_from and p.valid_to
    left join law_codes u on u.list = 'unregistered' and u.code = d.practice
    where u.code is null
)
select d.practice, d.day, m.unit, m.budget_line, o.commissioner
from days d
left join placed m on m.practice = d.practice and m.day = d.day and m.rank = 1
left join owned o on o.practice = d.practice and o.day = d.day and o.rank = 1;

-- Each postcode that occurs: the longest start of its first half that is listed and ends where letters and digits meet.
create or replace table postcode_commissioner as
with written as (
    select distinct postcode, replace(upper(postcode), ' ', '') as plain from care_unit
),
halves as (
    select postcode, substr(plain, 1, length(plain) - 3) as half from written where length(plain) >= 5
),
fitting as (
    select h.postcode, p.commissioner,
           row_number() over (partition by h.postcode order by length(p.prefix) desc) as rank
    from halves h
    join postcodes p on substr(h.half, 1, length(p.prefix)) = p.prefix
    where h.half = p.prefix or regexp_matches(substr(h.half, length(p.prefix), 2), '^([0-9][A-Z]|[A-Z][0-9])$')
)
select postcode, commissioner from fitting where rank = 1;

-- Hosted A&E sites: a host listed for the site goes before one listed for its provider.
create or replace table ae_host as
with days as (
    select distinct site, provider, day from care_unit where stream = 'ae' and day is not null
),
fitting as (
    select d.site, d.provider, d.day, h.host,
           row_number() over (
               partition by d.site, d.provider, d.day
               order by case when h.site = d.site then 0 else 1 end, h.valid_from desc, h.host desc
           ) as rank
    from days d
    join ae_hostings h on (h.site = d.site or h.site = d.provider) and d.day between h.valid_from and h.valid_to
)
select site, provider, day, host from fitting where rank = 1;

create or replace table care_attributed as
with answers as (
    select c.stream, c.file, c.line, c.key, c.practice, d.unit, d.budget_line, s.held,
           case when private.code is not null then s.private_code end as of_private,
           case when c.commissioner <> '' and c.commissioner in (s.overseas_chargeable_code, s.overseas_exempt_code)
                then c.commissioner end as of_overseas,
           case when c.commissioner = s.armed_forces_code and c.practice = s.not_applicable_practice
                then s.armed_forces_code end as of_forces,
           case when prison.code is not null and c.practice = s.not_applicable_practice
                then p.commissioner end as of_prison,
           special.commissioner as of_special,
           case when c.stream = 'ae' then host.host end as of_ae_host,
           d.commissioner as of_practice,
           p.commissioner as of_postcode,
           coalesce(own_site.commissioner, own_provider.commissioner) as of_site,
           known.commissioner as of_supplied
    from care_unit c
    cross join law_settings s
    left join practice_day d on d.practice = c.practice and d.day = c.day
    left join postcode_commissioner p on p.postcode = c.postcode
    left join law_codes private on private.list = 'private_category' and private.code = c.admin_category
    left join law_codes prison on prison.list = 'prison_source' and prison.code = c.adm_source
    left join specialised_services special on special.tfc = c.tfc
    left join ae_host host on host.site = c.site and host.provider = c.provider and host.day = c.day
    left join site_hosts own_site on own_site.site = c.site
    left join site_hosts own_provider on own_provider.site = c.provider
    left join commissioners known on known.commissioner = c.commissioner
)
select stream, file, line, key, practice, coalesce(unit, held) as unit, coalesce(budget_line, held) as budget_line,
       coalesce(of_private, of_overseas, of_forces, of_prison, of_special, of_ae_host, of_practice, of_postcode, of_site,
                of_supplied, 'UNASSIGNED') as commissioner,
       case
           when of_private is not null then 'PRIVATE'
           when of_overseas is not null then 'OVERSEAS'
           when of_forces is not null then 'ARMED_FORCES'
           when of_prison is not null then 'PRISON'
           when of_special is not null then 'SPECIALISED'
           when of_ae_host is not null then 'HOST'
           when of_practice is not null then 'PRACTICE'
           when of_postcode is not null then 'POSTCODE'
           when of_site is not null then 'HOST'
           when of_supplied is not null then 'PROVIDER_SUPPLIED'
           else 'UNASSIGNED'
       end as method
from answers;

-- One row an accepted row: every episode carries its spell's answer.
create or replace view attributed as
select a.stream, e.file, e.line, a.key, a.practice, a.unit, a.commissioner, a.method
from care_attributed a
join care_episode e on a.stream = 'apc' and e.key = a.key
union all
select stream, file, line, key, practice, unit, commissioner, method
from care_attributed
where stream <> 'apc';

-- What only the statements above needed gives its memory back.
drop table care_admitted;
drop view care_unit;
drop table practice_day;
drop table postcode_commissioner;
drop table ae_host;
