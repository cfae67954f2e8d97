-- The SQL twins of kernel functions; tests hold them equal. Everything else that rounds money calls round_div.

create or replace macro round_div(n, d) as
    cast(sign(n) * ((abs(cast(n as bigint)) * 2 + cast(d as bigint)) // (2 * cast(d as bigint))) as bigint);

create or replace macro apply_ppm(pence, ppm) as round_div(cast(pence as bigint) * cast(ppm as bigint), 1000000);

create or replace macro apply_mff(pence, mff_e7) as round_div(cast(pence as bigint) * cast(mff_e7 as bigint), 10000000);

create or replace macro provider_match(code) as
    case when length(code) = 5 and code like 'R__00' then substr(code, 1, 3) else code end;

-- The modulus-11 check on a number that is already known to be ten digits; all-equal digits are refused.
create or replace macro nhs_digits_ok(n) as
    n % 1111111111 <> 0
    and (11 - (
        (n // 1000000000) * 10
        + (n // 100000000) % 10 * 9
        + (n // 10000000) % 10 * 8
        + (n // 1000000) % 10 * 7
        + (n // 100000) % 10 * 6
        + (n // 10000) % 10 * 5
        + (n // 1000) % 10 * 4
        + (n // 100) % 10 * 3
        + (n // 10) % 10 * 2
    ) % 11) % 11 = n % 10;

-- Whole years between two dates, written with whole numbers of the form YYYYMMDD.
create or replace macro whole_years(born, reached) as (reached - born) // 10000;
