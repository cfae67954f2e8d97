-- Units and money by everything that a position is asked by; sums of priced, nothing left out.

create or replace table monitoring as
select month, unit, budget_line, practice, provider, commissioner, stream, pod, status,
       cast(count(*) as bigint) as activity,
       cast(coalesce(sum(charge), 0) as bigint) as charge,
       cast(coalesce(sum(price), 0) as bigint) as price
from priced
group by month, unit, budget_line, practice, provider, commissioner, stream, pod, status;
