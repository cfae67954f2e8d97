-- One row a spell, in the month of its discharge: who, where, why, for how long.
create or replace temp table spell_number as
select *, unnest(range(records)) as number from cell where kind in ('planned', 'unplanned');

create or replace temp table spell as
with keyed as (
    select *, concat(seed(), '|', kind, '|', month, '|', provider, '|', number) as key from spell_number
),

drawn as (
    select
        *,
        hashed(concat(key, '|a')) as a,
        hashed(concat(key, '|b')) as b,
        hashed(concat(key, '|c')) as c,
        hashed(concat(key, '|d')) as d
    from keyed
),

placed as (
    select
        d.*,
        s.chapter,
        s.hrg,
        s.trim_days,
        case when s.way = 'DC' and happens(d.d, 0, rate_regular_day()) then 'RD' else s.way end as way,
        day.day as dis_date,
        p.practice,
        p.commissioner,
        p.outward,
        c.specialties,
        c.diagnoses,
        c.procedures,
        w.first + pick(d.b, 2, w.people) as person
    from drawn as d
    inner join day_slot as day on d.kind = day.kind and d.month = day.month and day.slot = pick(d.a, 0, 1024)
    inner join spell_slot as s on d.kind = s.kind and s.slot = pick(d.a, 1, 32768)
    inner join chapter as c on s.chapter = c.chapter
    inner join practice_slot as p
        on p.stream = 'apc' and d.provider = p.provider and d.era = p.era and p.slot = pick(d.a, 2, 8192)
    inner join band_slot as u on c.profile = u.profile and u.slot = pick(d.b, 0, 4096)
    inner join crowd as w on p.practice = w.practice and u.band = w.band
),

stayed as (
    select
        p.*,
        case
            when p.way in ('DC', 'RD') then 0
            else cast(
                (p.trim_days * (t.from_ppm + pick(p.c, 1, t.to_ppm - t.from_ppm + 1)) + 500000) // 1000000 as integer
            )
        end as los
    from placed as p
    left join stay_slot as t on p.way = t.way and t.slot = pick(p.c, 0, 1024)
)

select
    *,
    dis_date - los as adm_date,
    case
        when way = 'RD' then 1
        when happens(d, 1, rate_episodes_three()) then 3
        when happens(d, 1, rate_episodes_three() + rate_episodes_two()) then 2
        else 1
    end as episodes,
    case
        when kind = 'planned' and happens(d, 2, rate_planned_in_advance()) then '13'
        when kind = 'planned' and happens(d, 2, rate_planned_in_advance() + rate_booked()) then '12'
        when kind = 'planned' then '11'
        when way = 'EM' and happens(d, 2, rate_via_accident_and_emergency()) then '21'
        when way = 'EM' then concat('2', 2 + pick(c, 2, 3))
        when chapter = 'N' then concat('3', 1 + cast(happens(c, 2, 150000) as integer))
        else '81'
    end as adm_method
from stayed;
