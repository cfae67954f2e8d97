-- The SQL twins of kernel functions; tests hold them equal. Everything else that rounds money calls round_div.

create or replace macro round_div(n, d) as
    case when n < 0 then -1 else 1 end
    * ((abs(cast(n as bigint)) * 2 + cast(d as bigint)) // nullif(2 * cast(d as bigint), 0));

create or replace macro apply_ppm(pence, ppm) as round_div(cast(pence as bigint) * cast(ppm as bigint), 1000000);

create or replace macro apply_mff(pence, mff_e7) as round_div(cast(pence as bigint) * cast(mff_e7 as bigint), 10000000);

create or replace macro provider_match(code) as
    case when length(code) = 5 and code like 'R__00' then substr(code, 1, 3) else code end;

-- The modulus-11 check on ten digits as a whole number; all-equal digits are refused. With the check digit at weight 1 the
-- weighted sum is a multiple of 11. A digit is a number less ten times the number without its last digit, so the sum is
-- one of ever shorter numbers, whose factors modulo 11 are 1, 3, 5, 7 ... 19. Give it a column, not an expression: it
-- names its argument eleven times.
create or replace macro nhs_digits_ok(n) as
    (
        n + 3 * (n // 10) + 5 * (n // 100) + 7 * (n // 1000) + 9 * (n // 10000) + 11 * (n // 100000)
        + 13 * (n // 1000000) + 15 * (n // 10000000) + 17 * (n // 100000000) + 19 * (n // 1000000000)
    ) % 11 = 0
    and n % 1111111111 <> 0;

-- A day of the calendar written YYYY-MM-DD, from 1800 to 2199, leap years included: the day read out of the text, written
-- again, must be the text (of ten characters: years before Christ have more). Engines read it once for each text of a
-- dictionary, where they would ask a pattern a row.
create or replace macro iso_day_ok(day) as
    cast(coalesce(try_cast(day as date), cast('0001-01-01' as date)) as varchar) = day
    and day between '1800-01-01' and '2199-12-31'
    and length(day) = 10;

-- Whole years between two days written YYYY-MM-DD; NULL when the second comes first.
create or replace macro whole_years(born, reached) as
    case
        when reached >= born
            then (cast(replace(reached, '-', '') as integer) - cast(replace(born, '-', '') as integer)) // 10000
    end;
