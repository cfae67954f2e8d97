-- The checks that all streams share, one macro a rule; each is true where the rule is broken. The law is rules/checks,
-- and tests hold the two equal. Days are texts of the form YYYY-MM-DD, so they compare as they stand. What asks a list of
-- codes (listed_<list>, wrong_<list>, stands_in_<list>) is written from the lists: flow/code_lists.py.

-- by the place's registers where they judge the file, else by the shape of the code alone
create or replace macro provider_wrong(provider, known, by_place) as
    provider is null
    or (by_place and known is null)
    or (not by_place and not regexp_matches(provider, '^[A-Z0-9]{3,6}$'));

create or replace macro bare_number(given) as
    case when length(given) = 10 then given else replace(replace(given, ' ', ''), '-', '') end;

-- ten digits as a whole number; nearly all are written plainly, and only the others pay for taking marks out
create or replace macro ten_digits(given) as
    case
        when regexp_matches(given, '^[0-9]{10}$') then cast(given as bigint)
        when regexp_matches(bare_number(given), '^[0-9]{10}$') then cast(bare_number(given) as bigint)
    end;

create or replace macro nhs_number_wrong(given, number) as
    given is not null and (number is null or not nhs_digits_ok(number));

create or replace macro nhs_status_wrong(given, status) as
    (given is null and status = '01') or (given is not null and status = '07');

create or replace macro born_wrong(born, active) as born < '1880-01-01' or born > active;

create or replace macro practice_wrong(practice, open, stands_in, by_place) as
    practice is null
    or (by_place and open is null and not stands_in)
    or (not by_place and not regexp_matches(practice, '^([A-HJ-NP-WY][0-9]{5}|(ALD|GUE|JER)[0-9]{3})$'));

create or replace macro outside_period(day, period_first, period_last) as day < period_first or day > period_last;

-- a day is looked for as it is written here, and as people write it: day, month, year; first the year alone, which
-- spares most records the rest
create or replace macro names_person(id, nhs_number, number, born) as
    (
        (number is not null and contains(id, bare_number(nhs_number)))
        or (
            contains(id, substr(born, 1, 4))
            and (
                contains(id, replace(born, '-', ''))
                or contains(id, substr(born, 9, 2) || substr(born, 6, 2) || substr(born, 1, 4))
            )
        )
    );

create or replace macro postcode_wrong(postcode) as
    not regexp_matches(postcode, '^([A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2})$') and not starts_with(postcode, 'ZZ99');

create or replace macro diagnosis_wrong(code) as
    not regexp_matches(replace(code, '.', ''), '^[A-Z][0-9]{2}[0-9X][0-9A-Z]{0,2}$');

create or replace macro procedure_wrong(code) as not regexp_matches(replace(code, '.', ''), '^[A-Z][0-9]{2}[0-9]$');
