-- The accepted A&E attendances with typed fields, as pricing and attribution read them; columns as said in flow.
create or replace view accepted_ae as
select
    'ae' as stream,
    c.file,
    c.line,
    provider_match(c.provider) as provider,
    c.site,
    c.commissioner,
    c.csn,
    c.attendance_id,
    c.sex,
    coalesce(whole_years(day_of(c.dob), day_of(c.arrival_date)), whole_number(c.age)) as age,
    c.postcode,
    c.practice,
    c.admin_category,
    cast(day_of(c.arrival_date) as date) as arrival_date,
    case when minute_of(c.arrival_time) is not null then c.arrival_time end as arrival_time,
    cast(day_of(c.departure_date) as date) as departure_date,
    case when minute_of(c.departure_time) is not null then c.departure_time end as departure_time,
    c.attendance_category,
    c.arrival_mode,
    c.department_type,
    c.patient_group,
    c.referral_source,
    c.disposal,
    c.diag_01,
    c.investigation_01,
    c.treatment_01,
    c.hrg
from canonical_ae as c
left join unaccepted as u on u.stream = 'ae' and u.file = c.file and u.line = c.line
where u.line is null;
