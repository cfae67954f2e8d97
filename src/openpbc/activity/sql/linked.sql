-- What analysis is given of each record instead of who it is: pseudonym, age, and the sector of the postcode. The law is
-- kernel/pseudonyms.py; tests hold the two equal. The pads are the two blocks into which the key is mixed.
create or replace view linkable as
select
    c.line,
    c.withheld_reason,
    ten_digits(c.nhs_number) as number,
    coalesce(whole_years(day_of(c.dob), c.care_day), whole_number(c.age)) as age,
    case when regexp_matches(c.postcode, '^[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}$') then
        concat(rtrim(substr(c.postcode, 1, length(c.postcode) - 3)), ' ', substr(c.postcode, length(c.postcode) - 2, 1))
    end as sector,
    exists (
        select 1 from restricted_diagnosis as r
        where contains(c.diagnoses, concat(' ', r.starts))
    ) as is_restricted
from linked_record as c;

create or replace view linked as
with judged as (
    select
        *,
        case
            when withheld_reason is not null then 'withheld'
            when is_restricted then 'restricted'
            when number is null or not nhs_digits_ok(number) then 'no valid number'
            else 'linked'
        end as state
    from linkable
)

select
    line,
    state,
    case
        when state = 'linked'
            then sha256(outer_pad() || unhex(sha256(inner_pad() || encode(lpad(cast(number as varchar), 10, '0')))))
    end as pid,
    age,
    sector
from judged;
