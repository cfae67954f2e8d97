-- What each measure comes to, by everything that a page cuts it by; nothing that was looked at is left out.
create or replace table measured as
select measure, provider, tfc, hrg, practice, unit, reason,
       cast(count(*) as bigint) as records,
       cast(sum(numerator) as bigint) as numerator,
       cast(sum(denominator) as bigint) as denominator,
       cast(sum(priced_units) as bigint) as priced_units,
       cast(sum(pence) as bigint) as pence
from mark
group by measure, provider, tfc, hrg, practice, unit, reason;
