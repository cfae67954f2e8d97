-- Every draw comes from the MD5 of the seed and the record's own key: the same on every machine and engine version.
-- A hash gives three draws (n = 0, 1, 2) of twenty bits; pick() turns one into a whole number from 0 to size - 1.
create or replace temp macro hashed(text) as md5_number_lower(text);

create or replace temp macro pick(hash, n, size) as cast((((hash >> (20 * n)) & 1048575) * size) >> 20 as integer);

create or replace temp macro happens(hash, n, ppm) as pick(hash, n, 1000000) < ppm;

-- the same for a second question of one draw: its lower ten bits, which do not depend on the upper ones
create or replace temp macro also_happens(hash, n, ppm) as
    cast((hash >> (20 * n)) & 1023 as integer) * 1000000 < ppm * 1024;

-- one of several codes that are written with spaces between them
create or replace temp macro one_of(codes, hash, n) as
    string_split(codes, ' ')[1 + pick(hash, n, array_length(string_split(codes, ' ')))];

create or replace temp table day_slot as select *, unnest(range(lo, hi)) as slot from day_share;
create or replace temp table practice_slot as select *, unnest(range(lo, hi)) as slot from practice_share;
create or replace temp table spell_slot as select *, unnest(range(lo, hi)) as slot from spell_share;
create or replace temp table stay_slot as select *, unnest(range(lo, hi)) as slot from stay_share;
create or replace temp table band_slot as select *, unnest(range(lo, hi)) as slot from band_share;
create or replace temp table clinic_slot as select *, unnest(range(lo, hi)) as slot from clinic_share;
create or replace temp table procedure_slot as select *, unnest(range(lo, hi)) as slot from procedure_share;
create or replace temp table referral_slot as select *, unnest(range(lo, hi)) as slot from referral_share;
create or replace temp table ethnic_slot as select *, unnest(range(lo, hi)) as slot from ethnic_share;
create or replace temp table attendance_slot as select *, unnest(range(lo, hi)) as slot from attendance_share;

-- what every kind of record says of its patient, faults included
create or replace temp macro given_number(number, untraced, fault) as
    case
        when untraced or fault = 'unmarked_nhs_number' then null
        when fault = 'bad_nhs_number' then concat(substr(number, 1, 9), (cast(substr(number, 10, 1) as integer) + 1) % 10)
        else number
    end;

create or replace temp macro given_practice(practice, month, fault) as
    case fault
        when 'missing_practice' then null
        when 'closed_practice' then closed_practice(month)
        when 'practice_not_known' then 'V81999'
        else practice
    end;

create or replace temp macro clock(minutes) as
    concat(lpad(cast(minutes // 60 as varchar), 2, '0'), ':', lpad(cast(minutes % 60 as varchar), 2, '0'));
