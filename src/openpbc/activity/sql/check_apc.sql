-- Records whose key an equal or earlier one already has: of each set the latest applicable stays, then the first by content.
create or replace table repeated_apc as
with twice as (
    select provider_match(provider) as provider, cds_unique_id
    from canonical_apc
    where cds_unique_id is not null
    group by provider_match(provider), cds_unique_id
    having count(*) > 1
),

ranked as (
    select
        c.file,
        c.line,
        row_number() over (partition by t.provider, c.cds_unique_id order by c.applicable_at desc nulls last, c.content, c.file, c.line) as place,
        first_value(c.file) over (partition by t.provider, c.cds_unique_id order by c.applicable_at desc nulls last, c.content, c.file, c.line) as keeper,
        first_value(c.of_changes) over (partition by t.provider, c.cds_unique_id order by c.applicable_at desc nulls last, c.content, c.file, c.line) as keeper_changes
    from canonical_apc as c
    inner join twice as t on t.provider = provider_match(c.provider) and t.cds_unique_id = c.cds_unique_id
)

-- A record of another file gives way to one of a file of changes by that file's nature: it is renewed, and no fault.
select file, line, keeper_changes and keeper <> file as renewed from ranked where place > 1;

-- Resource groups that say that the record could not be grouped, held against the year's shape once each.
create or replace table ungrouped_hrg as
with written as (
    select distinct hrg_spell as hrg from canonical_apc
)

select w.hrg
from written as w
cross join check_ungrouped as u
where regexp_matches(w.hrg, u.shape);

-- One column a check of an admitted episode, named RULE:field, true where the check is broken.
create or replace view judged_apc as
with written as (
    select
        *,
        day_of(dob) as born,
        ten_digits(nhs_number) as number,
        day_of(adm_date) as admitted,
        day_of(dta_date) as decided,
        day_of(ready_date) as ready,
        day_of(dis_date) as discharged,
        day_of(epi_start) as begun,
        day_of(epi_end) as ended,
        day_of(proc_01_date) as operated,
        coalesce(episode_status = '3', dis_date is not null) as finished,
        replace(diag_01, '.', '') as diagnosis,
        whole_number(los_adj_rehab) as rehab_days,
        whole_number(los_adj_spc) as palliative_days,
        whole_number(critical_care_days) as critical_days
    from canonical_apc
),

dated as (
    select
        *,
        -- the activity date of an episode is its end; an unfinished one has only its start
        coalesce(ended, discharged, begun, admitted) as active,
        case
            when discharged >= admitted then date_diff('day', cast(admitted as date), cast(discharged as date))
        end as los,
        coalesce(whole_years(born, admitted), whole_number(age)) as years
    from written
)

select
    c.file,
    c.line,
    c.notes,
    provider_wrong(c.provider, known.provider, c.by_place) as "V-ALL-01:provider",
    c.commissioner is null or listed_commissioner(c.commissioner) as "V-ALL-02:commissioner",
    nhs_number_wrong(c.nhs_number, c.number) as "V-ALL-03:nhs_number",
    nhs_status_wrong(c.nhs_number, c.nhs_number_status) as "V-ALL-04:nhs_number",
    born_wrong(c.born, c.active) as "V-ALL-05:dob",
    practice_wrong(c.practice, open.practice, listed_practice(c.practice), c.by_place) as "V-ALL-06:practice",
    outside_period(c.discharged, c.period_first, c.period_last) as "V-ALL-07:dis_date",
    repeated.line is not null and not repeated.renewed as "V-ALL-08:cds_unique_id",
    coalesce(repeated.renewed, false) as "X-NET:cds_unique_id",
    names_person(c.cds_unique_id, c.nhs_number, c.number, c.born) as "V-ALL-09:cds_unique_id",
    wrong_sex(c.sex, c.active) as "V-ALL-10:sex",
    wrong_ethnic(c.ethnic, c.active) as "V-ALL-10:ethnic",
    wrong_admin_category(c.admin_category, c.active) as "V-ALL-10:admin_category",
    wrong_nhs_number_status(c.nhs_number_status, c.active) as "V-ALL-10:nhs_number_status",
    wrong_patient_class(c.patient_class, c.active) as "V-ALL-10:patient_class",
    wrong_adm_method(c.adm_method, c.active) as "V-ALL-10:adm_method",
    wrong_adm_source(c.adm_source, c.active) as "V-ALL-10:adm_source",
    wrong_dis_method(c.dis_method, c.active) as "V-ALL-10:dis_method",
    wrong_dis_dest(c.dis_dest, c.active) as "V-ALL-10:dis_dest",
    wrong_last_epi(c.last_epi, c.active) as "V-ALL-10:last_epi",
    c.tfc is null or wrong_tfc(c.tfc, c.active) as "V-ALL-11:tfc",
    wrong_main_spec(c.main_spec, c.active) as "V-ALL-11:main_spec",
    wrong_rtt_status(c.rtt_status, c.active) as "V-ALL-10:rtt_status",
    wrong_wt_type(c.wt_type, c.active) as "V-ALL-10:wt_type",
    wrong_episode_status(c.episode_status, c.active) as "V-ALL-10:episode_status",
    wrong_intended_mgmt(c.intended_mgmt, c.active) as "V-ALL-10:intended_mgmt",
    wrong_operation_status(c.operation_status, c.active) as "V-ALL-10:operation_status",
    coalesce(day_of(c.rtt_start) > day_of(c.rtt_end), false)
    or (c.rtt_end is null and c.rtt_status in ('30', '31', '32', '33', '34', '35', '36')) as "V-RTT-01:rtt_end",
    postcode_wrong(c.postcode) as "V-ALL-12:postcode",
    c.admitted > c.discharged as "V-APC-01:dis_date",
    c.begun < c.admitted as "V-APC-01:epi_start",
    c.ended > c.discharged as "V-APC-01:epi_end",
    c.ended < c.begun as "V-APC-02:epi_end",
    c.finished and c.epi_end is null as "V-APC-03:epi_end",
    (c.dis_method in ('1', '2', '3', '4', '5', '6', '7') and c.dis_date is null)
    or (c.dis_method = '8' and c.dis_date is not null) as "V-APC-04:dis_method",
    coalesce(c.dis_method in ('4', '5'), false) <> coalesce(c.dis_dest = '79', false) as "V-APC-05:dis_dest",
    c.adm_method in ('11', '12', '13') and (c.dta_date is null or c.decided > c.admitted) as "V-APC-08:dta_date",
    c.finished and (c.diag_01 is null or c.diagnosis = 'R69X') as "V-APC-09:diag_01",
    diagnosis_wrong(c.diag_01) as "V-APC-10:diag_01",
    diagnosis_wrong(c.diag_02) as "V-APC-10:diag_02",
    diagnosis_wrong(c.diag_03) as "V-APC-10:diag_03",
    procedure_wrong(c.proc_01) as "V-APC-10:proc_01",
    procedure_wrong(c.proc_02) as "V-APC-10:proc_02",
    substr(c.diag_01, 1, 1) in ('V', 'W', 'X', 'Y') as "V-APC-11:diag_01",
    substr(c.proc_01, 1, 1) in ('Y', 'Z') as "V-APC-11:proc_01",
    c.operated < c.admitted or c.operated > c.discharged as "V-APC-12:proc_01_date",
    (c.adm_method = '82' and (c.born < c.admitted or (c.born is null and c.years > 0)))
    or (c.adm_method in ('31', '32') and (c.sex = '1' or c.years < 10 or c.years > 60)) as "V-APC-13:adm_method",
    c.patient_class = '2' and (c.adm_method is null or c.adm_method not in ('11', '12', '13') or c.los > 0)
        as "V-APC-14:patient_class",
    c.patient_class in ('3', '4') and c.los > 1 as "V-APC-15:patient_class",
    coalesce(c.rehab_days, 0) + coalesce(c.palliative_days, 0) + coalesce(c.critical_days, 0) > c.los
        as "V-APC-16:los_adj_rehab",
    c.ready < c.admitted or c.ready > c.discharged as "V-APC-17:ready_date",
    c.finished and (c.hrg_spell is null or ungrouped.hrg is not null) as "V-APC-18:hrg_spell",
    (c.sex = '1' and c.diagnosis like 'O%') or (c.sex = '2' and substr(c.diagnosis, 1, 3) between 'N40' and 'N51')
        as "V-APC-19:diag_01",
    c.dob is not null and c.born is null as "T-01:dob",
    c.dta_date is not null and c.decided is null as "T-01:dta_date",
    c.ready_date is not null and c.ready is null as "T-01:ready_date",
    c.dis_date is not null and c.discharged is null as "T-01:dis_date",
    c.epi_start is not null and c.begun is null as "T-01:epi_start",
    c.epi_end is not null and c.ended is null as "T-01:epi_end",
    c.proc_01_date is not null and c.operated is null as "T-01:proc_01_date",
    c.epi_no is not null and whole_number(c.epi_no) is null as "T-02:epi_no",
    c.los_adj_rehab is not null and c.rehab_days is null as "T-02:los_adj_rehab",
    c.los_adj_spc is not null and c.palliative_days is null as "T-02:los_adj_spc",
    c.critical_care_days is not null and c.critical_days is null as "T-02:critical_care_days",
    c.admitted is null as "T-03:adm_date",
    c.spell_no is null as "T-04:spell_no",
    provider_match(c.provider) <> c.sender as "T-05:provider",
    c.update_type = '1' as "X-DEL:update_type",
    contains(c.csn, '=') and regexp_matches(c.csn, '= *$') as "X-EQ:csn",
    listed_x_priv(c.admin_category) as "X-PRIV:admin_category",
    listed_x_osv(c.commissioner) as "X-OSV:commissioner",
    listed_practice(c.practice) as "D-01:practice",
    stands_in_sex(c.sex, c.active) as "D-01:sex",
    stands_in_ethnic(c.ethnic, c.active) as "D-01:ethnic",
    stands_in_admin_category(c.admin_category, c.active) as "D-01:admin_category",
    stands_in_patient_class(c.patient_class, c.active) as "D-01:patient_class",
    stands_in_adm_method(c.adm_method, c.active) as "D-01:adm_method",
    stands_in_adm_source(c.adm_source, c.active) as "D-01:adm_source",
    stands_in_dis_method(c.dis_method, c.active) as "D-01:dis_method",
    stands_in_dis_dest(c.dis_dest, c.active) as "D-01:dis_dest"
from dated as c
left join ungrouped_hrg as ungrouped on ungrouped.hrg = c.hrg_spell
left join check_provider as known on known.provider = provider_match(c.provider)
left join check_practice as open
    on open.practice = c.practice and c.active between open.first_day and open.last_day
left join repeated_apc as repeated on repeated.file = c.file and repeated.line = c.line;

-- Numbers that more than one episode of a spell bears: only among these is the order by content asked for.
create or replace table shared_number as
select
    coalesce(provider_match(provider), '') as provider,
    spell_no,
    coalesce(whole_number(epi_no), -1) as epi_no
from canonical_apc
where spell_no is not null
group by coalesce(provider_match(provider), ''), spell_no, coalesce(whole_number(epi_no), -1)
having count(*) > 1;

-- The checks that hold the episodes of a spell together; a spell is provider and spell number. A record that repeats
-- another is no episode of its own, or the ones after it would seem to be numbered wrongly.
create or replace view judged_spell as
with numbered as (
    select
        c.file,
        c.line,
        provider_match(c.provider) as provider,
        c.spell_no,
        whole_number(c.epi_no) as epi_no,
        day_of(c.epi_start) as begun,
        day_of(c.epi_end) as ended,
        c.last_epi,
        c.dis_date,
        case when shared.spell_no is not null then c.content end as content
    from canonical_apc as c
    left join repeated_apc as again on again.file = c.file and again.line = c.line
    left join shared_number as shared
        on shared.provider = coalesce(provider_match(c.provider), '')
        and shared.spell_no = c.spell_no
        and shared.epi_no = coalesce(whole_number(c.epi_no), -1)
    where c.spell_no is not null and again.line is null and coalesce(c.update_type, '') <> '1'
),

placed as (
    select
        *,
        row_number() over spell as place,
        lag(ended) over (
            partition by provider, spell_no order by epi_no nulls last, begun nulls last, content, file, line
        ) as ended_before,
        count(*) over (partition by provider, spell_no) as episodes,
        count(case when last_epi = '1' then 1 end) over (partition by provider, spell_no) as flags,
        count(case when last_epi = '1' then 1 end) over spell as flags_so_far,
        count(dis_date) over (partition by provider, spell_no) as discharges
    from numbered
    window spell as (
        partition by provider, spell_no order by epi_no nulls last, begun nulls last, content, file, line
        rows between unbounded preceding and current row
    )
)

select
    file,
    line,
    cast(null as varchar) as notes,
    epi_no <> place as "V-APC-06:epi_no",
    begun <> ended_before as "V-APC-06:epi_start",
    (last_epi = '1' and flags_so_far > 1) or (place = episodes and flags = 0 and discharges > 0) as "V-APC-07:last_epi"
from placed;
