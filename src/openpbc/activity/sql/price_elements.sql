-- What is paid beside or taken off a unit's own price: unbundled elements, best practice, elements done elsewhere.
-- The law is rules/priced.py, rules/pathways.py and rules/pricing.py.

-- Every unbundled element of a unit, how often it was done, and its price (null: the tariff has none).
create or replace table unit_element as
with written as (
    select 'apc' as stream, c.file, c.line, c.provider, e.unbundled_hrg as list
    from care_episode e
    join care_spell c on c.key = e.key
    where e.exclusion = '' and e.unbundled_hrg <> ''
    union all
    select 'op' as stream, file, line, provider, unbundled_hrg as list
    from care_appointment
    where unbundled_hrg <> ''
),
parted as (
    select stream, file, line, provider, replace(replace(list, ',', ';'), ' ', ';') as list from written
),
listed as (
    select p.stream, p.file, p.line, p.provider, split_part(p.list, ';', cast(n.place as integer)) as code
    from parted p
    join element_place n on n.place <= length(p.list) - length(replace(p.list, ';', '')) + 1
),
counted as (
    select stream, file, line, provider, code, count(*) as times
    from listed
    where code <> ''
    group by stream, file, line, provider, code
)
select c.stream, c.file, c.line, c.provider, c.code, cast(c.times as bigint) as times, u.price
from counted c
left join tariff_unbundled u on u.hrg = c.code;

create or replace table unit_unbundled as
select stream, file, line, cast(sum(times * price) as bigint) as unbundled
from unit_element
where price is not null
group by stream, file, line;

-- The first best practice flag of a spell's included episodes.
create or replace table spell_flag as
with flagged as (
    select key, bpt_flag, row_number() over (partition by key order by place) as rank
    from care_episode
    where exclusion = '' and bpt_flag <> ''
)
select key, bpt_flag from flagged where rank = 1;

-- What a contract leaves out of a spell's price because another provider did it on the same pathway.
create or replace table spell_deduction as
with done as (
    select distinct o.pathway_id, o.provider, o.hrg
    from care_appointment o
    join law_codes a on a.list = 'attendance' and a.code = o.attended_or_dna and a.meaning = 'ATTENDED'
    where o.pathway_id <> '' and o.hrg <> ''
),
taken as (
    select distinct e.key, x.hrg, x.element, x.deduction
    from care_episode e
    join contract_unbundlings x on x.provider = e.provider
    join done d on d.pathway_id = e.pathway_id and d.hrg = x.element and d.provider <> e.provider
)
select key, hrg, cast(sum(deduction) as bigint) as deduction
from taken
group by key, hrg;

-- The records themselves are not asked again: a table gives its memory back as soon as nothing more needs it.
drop table care_spell;
drop table care_appointment;
drop table care_arrival;
