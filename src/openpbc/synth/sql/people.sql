-- SYNTHETIC people: every NHS number starts with 999 (the test range) and has a valid check digit.
-- Of the ten numbers that share their first eight digits, at most one has no check digit; nine are used, the tenth left.
create or replace temp table person_number as
select practice, band, first + cast(unnest(range(people)) as integer) as person from crowd;

create or replace temp table person as
with hashed_people as (
    select *, hashed(concat(seed(), '|person|', person)) as h from person_number
),

front as (
    select
        *,
        person // 9 as five,
        243 + 7 * (person // 90000) + 6 * ((person // 9000) % 10) + 5 * ((person // 900) % 10)
        + 4 * ((person // 90) % 10) + 3 * ((person // 9) % 10) as weighted
    from hashed_people
),

ninth as (
    select
        *,
        person % 9 + cast(person % 9 >= (6 * (12 - weighted % 11)) % 11 and (6 * (12 - weighted % 11)) % 11 < 10 as integer)
            as digit
    from front
)

select
    n.person,
    n.practice,
    n.band,
    b.sex,
    concat('999', lpad(cast(n.five as varchar), 5, '0'), n.digit, (11 - (n.weighted + 2 * n.digit) % 11) % 11) as nhs_number,
    year_first() - cast((b.age_from * 36525 + pick(n.h, 0, (b.age_to - b.age_from + 1) * 36525)) // 100 as integer) as dob,
    e.code as ethnic,
    -- The second half of a real postcode never uses C, I, K, M, O or V: these look right and lead nowhere.
    concat(pick(n.h, 2, 9), substr('CIKMOV', 1 + n.person % 6, 1), substr('CIKMOV', 1 + (n.person // 6) % 6, 1)) as inward
from ninth as n
inner join band as b on n.band = b.band
inner join ethnic_slot as e on e.slot = pick(n.h, 1, 1024);
