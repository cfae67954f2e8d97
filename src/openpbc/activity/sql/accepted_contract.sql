-- The accepted lines of contract monitoring, with their amounts in whole pence and activity in thousandths. An amount is
-- rounded once, half away from zero; a drug or device costs what its line says in all.
create or replace macro ten_thousandths(text) as
    case
        when regexp_matches(text, '^-?[0-9]{1,13}([.][0-9]{1,4})?$')
            then cast(concat(split_part(text, '.', 1), rpad(split_part(text, '.', 2), 4, '0')) as bigint)
    end;

create or replace macro pence_of(text) as round_div(ten_thousandths(text), 100);

create or replace view accepted_contract as
select
    c.stream,
    c.file,
    c.line,
    provider_match(c.provider) as provider,
    c.site,
    c.commissioner,
    c.practice,
    c.tfc,
    c.service_category,
    case
        when c.pod is not null then c.pod
        when c.stream = 'drplcm' then 'DRUG'
        when c.stream = 'deplcm' then 'DEVICE'
    end as pod,
    c.tariff_code,
    c.national_tariff = 'N' as outside_tariff,
    cast(day_of(c.activity_date) as date) as activity_date,
    c.item_name,
    coalesce(ten_thousandths(c.activity) // 10, 0) as activity_e3,
    cast(coalesce(pence_of(case when c.stream in ('acm', 'plcm') then c.price else c.total_cost end), 0) as bigint) as price,
    cast(coalesce(case when c.stream in ('acm', 'plcm') then pence_of(c.mff) end, 0) as bigint) as mff
from canonical_contract as c
left join unaccepted as u on u.stream = c.stream and u.file = c.file and u.line = c.line
where u.line is null;
