-- What became of every line of every file of the run. Lines of superseded files are excluded whole.
create or replace view outcome as
select c.stream, c.file, c.line, coalesce(u.outcome, 'accepted') as outcome, u.reason
from run_line as c
left join unaccepted as u on u.stream = c.stream and u.file = c.file and u.line = c.line
where not c.superseded
union all
select stream, file, line, 'excluded' as outcome, 'superseded' as reason
from run_line
where superseded;
