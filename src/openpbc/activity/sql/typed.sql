-- Reads the text of a field as what it means, or as nothing where it is not written so.

create or replace macro day_of(text) as case when iso_day_ok(text) then text end;

create or replace macro whole_number(text) as case when regexp_matches(text, '^[0-9]{1,4}$') then cast(text as integer) end;

create or replace macro minute_of(text) as
    case
        when regexp_matches(text, '^([01][0-9]|2[0-3]):[0-5][0-9]$')
            then cast(substr(text, 1, 2) as integer) * 60 + cast(substr(text, 4, 2) as integer)
    end;
