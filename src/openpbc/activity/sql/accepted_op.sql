-- The accepted out-patient appointments with typed fields, as pricing and attribution read them; columns as said in flow.
create or replace view accepted_op as
select
    'op' as stream,
    c.file,
    c.line,
    provider_match(c.provider) as provider,
    c.site,
    c.commissioner,
    c.csn,
    c.attendance_id,
    c.sex,
    coalesce(whole_years(day_of(c.dob), day_of(c.appointment_date)), whole_number(c.age)) as age,
    c.postcode,
    c.practice,
    c.admin_category,
    cast(day_of(c.appointment_date) as date) as appointment_date,
    c.first_attendance,
    c.attended_or_dna,
    c.outcome,
    c.priority_type,
    c.source_of_referral,
    cast(day_of(c.referral_received_date) as date) as referral_received_date,
    c.multi_professional_ind,
    c.main_spec,
    c.tfc,
    c.consultant,
    replace(c.diag_01, '.', '') as diag_01,
    replace(c.proc_01, '.', '') as proc_01,
    c.hrg,
    c.unbundled_hrg,
    c.bpt_flag,
    c.pathway_id
from canonical_op as c
left join unaccepted as u on u.stream = 'op' and u.file = c.file and u.line = c.line
where u.line is null;
