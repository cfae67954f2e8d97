-- From broken checks, one text a row, to one finding a check; a layout's files are not held to what they cannot show.
create or replace table finding as
with broken_check as (
    -- a record that deletes another holds nothing but its key, so nothing else is asked of it
    select
        stream,
        file,
        line,
        unnest(string_split(case when contains(broken, 'X-DEL:') then 'X-DEL:update_type' else broken end, ' ')) as mark
    from flagged
),

named_check as (
    select stream, file, line, split_part(mark, ':', 1) as rule, split_part(mark, ':', 2) as field
    from broken_check
),

every_check as (
    select stream, file, line, rule, field from named_check
    union all
    select stream, file, line, rule, '' as field from unparsed_line
)

select distinct c.stream, c.file, c.line, c.rule, r.level, c.field
from every_check as c
inner join check_rule as r on r.rule = c.rule
left join check_without as w on w.file = c.file and w.rule = c.rule
where w.rule is null;

-- A fatal finding rejects; failing that, an exclusion rule excludes. The reason is the first rule by name.
create or replace table unaccepted as
select
    stream,
    file,
    line,
    case when count(case when level = 'F' then 1 end) > 0 then 'rejected' else 'excluded' end as outcome,
    coalesce(min(case when level = 'F' then rule end), min(rule)) as reason
from finding
where level in ('F', 'X') and line > 0
group by stream, file, line;
