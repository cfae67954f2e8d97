-- Our price of a unit beside the one that an extract of the national service supplies; the law is rules/supplied.py.
create or replace view supplied_price as
with told as (
    select 'apc' as stream, file, line, sus_price, sus_excluded from canonical_apc
    where sus_price is not null or sus_excluded is not null
    union all
    select 'op' as stream, file, line, sus_price, sus_excluded from canonical_op
    where sus_price is not null or sus_excluded is not null
    union all
    select 'ae' as stream, file, line, sus_price, sus_excluded from canonical_ae
    where sus_price is not null or sus_excluded is not null
),

beside as (
    select
        p.stream,
        p.file,
        p.line,
        p.provider,
        p.pod,
        p.status,
        case when p.status in ('PRICED', 'LOCAL') then p.price end as ours,
        pence_of(t.sus_price) as supplied,
        upper(coalesce(t.sus_excluded, '')) as excluded
    from told as t
    inner join priced as p on p.stream = t.stream and p.file = t.file and p.line = t.line
)

select
    stream,
    file,
    line,
    provider,
    pod,
    status,
    cast(ours as bigint) as ours,
    cast(supplied as bigint) as supplied,
    cast(ours - supplied as bigint) as difference,
    case
        when ours is not null and excluded in ('1', 'Y', 'TRUE') then 'EXCLUDED_THERE'
        when supplied is null then 'NOT_SUPPLIED'
        when ours is null then 'NOT_PRICED'
        when ours = supplied then 'SAME'
        else 'DIFFERENT'
    end as verdict
from beside;
