-- The lines of contract monitoring of all its streams: totals, patients, drugs and devices. All have the same fields, so
-- one view judges them; which checks are made of which stream is said in each. The law is rules/checks/contract.py.
create or replace view canonical_contract as
select 'acm' as stream, * from canonical_acm
union all
select 'plcm' as stream, * from canonical_plcm
union all
select 'drplcm' as stream, * from canonical_drplcm
union all
select 'deplcm' as stream, * from canonical_deplcm;

-- Lines of totals that repeat an earlier one in everything but their measures.
create or replace table repeated_total as
with ranked as (
    select
        file,
        line,
        row_number() over (
            partition by
                provider,
                site,
                commissioner,
                practice,
                gp_practice,
                residence_org,
                fin_month,
                fin_year,
                created_at,
                reporting_type,
                tfc,
                main_spec,
                sub_spec,
                ward,
                service_category,
                service_code,
                mh_category,
                pod,
                pod_detail,
                pod_detail_words,
                local_pod,
                local_pod_words,
                local_contract,
                local_contract_words,
                local_monitoring,
                local_monitoring_words,
                detail,
                detail_words,
                tariff_code,
                national_tariff,
                csn,
                prov_ref,
                line_no
            order by file, line
        ) as place
    from canonical_acm
)

select file, line from ranked where place > 1;

create or replace macro pounds_wrong(text) as text is null or not regexp_matches(text, '^-?[0-9]{1,13}([.][0-9]{1,4})?$');

create or replace macro activity_bad(text) as text is null or not regexp_matches(text, '^-?[0-9]{1,10}([.][0-9]{1,3})?$');

-- One column a check of a line, named RULE:field, true where the check is broken.
create or replace view judged_contract as
with written as (
    select
        *,
        day_of(activity_date) as cared,
        coalesce(day_of(activity_date), period_first) as active,
        ten_digits(nhs_number) as number,
        whole_number(fin_month) as fin,
        case
            when regexp_matches(fin_year, '^20[0-9]{4}$') then cast(substr(fin_year, 1, 4) as integer)
        end as fin_from,
        stream in ('acm', 'plcm') as of_money,
        stream <> 'acm' as of_patient,
        stream in ('drplcm', 'deplcm') as of_item
    from canonical_contract
),

dated as (
    select
        *,
        fin is null or fin > 13 as month_wrong,
        fin_from is null or fin_from < 2005 or fin_from > 2050
        or cast(substr(fin_year, 5, 2) as integer) <> (fin_from + 1) % 100 as year_wrong
    from written
)

select
    c.stream,
    c.file,
    c.line,
    c.notes,
    provider_wrong(c.provider, known.provider, c.by_place) as "V-ALL-01:provider",
    c.commissioner is null or listed_commissioner(c.commissioner) as "V-ALL-02:commissioner",
    provider_match(c.provider) <> c.sender as "T-05:provider",
    c.provider like '%00' as "CM-01:provider",
    c.month_wrong as "CM-02:fin_month",
    c.year_wrong as "CM-02:fin_year",
    not c.month_wrong and not c.year_wrong and c.fin between 1 and 12 and (
        c.fin_from <> cast(substr(c.period_first, 1, 4) as integer)
        - case when cast(substr(c.period_first, 6, 2) as integer) < 4 then 1 else 0 end
        or c.fin <> (cast(substr(c.period_first, 6, 2) as integer) + 8) % 12 + 1
    ) as "CM-03:fin_month",
    c.created_at is null
    or not regexp_matches(c.created_at, '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$')
        as "CM-04:created_at",
    not regexp_matches(c.site, '^[A-Z0-9]{5,9}$') as "CM-05:site",
    not regexp_matches(c.commissioner, '^[A-Z0-9]{3,5}$') as "CM-05:commissioner",
    not regexp_matches(c.residence_org, '^[A-Z0-9]{3,5}$') as "CM-05:residence_org",
    c.of_money and c.site is not null and listed_pod_no_activity(c.pod) as "CM-06:site",
    c.of_money and c.tfc is null and not listed_pod_no_activity(c.pod) as "CM-07:tfc",
    c.of_money and c.service_category is null as "CM-08:service_category",
    c.of_money and c.pod is null as "CM-09:pod",
    c.of_money and not listed_pod_no_hrg(c.pod) and not regexp_matches(c.tariff_code, g.shape) as "CM-10:tariff_code",
    c.of_money and (c.national_tariff is null or c.national_tariff not in ('Y', 'N')) as "CM-11:national_tariff",
    c.of_money and activity_bad(c.activity) as "CM-12:activity",
    c.of_money and pounds_wrong(c.price) as "CM-12:price",
    c.of_money and pounds_wrong(c.mff) as "CM-12:mff",
    c.of_item and pounds_wrong(c.total_cost) as "CM-12:total_cost",
    c.of_money and listed_pod_no_activity(c.pod) and not activity_bad(c.activity)
    and not regexp_matches(c.activity, '^-?0+([.]0+)?$') as "CM-13:activity",
    c.of_patient and c.practice is null as "CM-14:practice",
    c.of_item and c.item_name is null as "CM-15:item_name",
    c.of_item and c.activity_date is null as "CM-16:activity_date",
    c.stream = 'acm' and again.line is not null as "CM-17:pod",
    wrong_tfc(c.tfc, c.active) as "V-ALL-10:tfc",
    wrong_main_spec(c.main_spec, c.active) as "V-ALL-10:main_spec",
    wrong_service_category(c.service_category, c.active) as "V-ALL-10:service_category",
    wrong_pod(c.pod, c.active) as "V-ALL-10:pod",
    c.of_patient and nhs_number_wrong(c.nhs_number, c.number) as "V-ALL-03:nhs_number",
    c.of_patient and wrong_sex(c.sex, c.active) as "V-ALL-10:sex",
    c.of_patient and wrong_ethnic(c.ethnic, c.active) as "V-ALL-10:ethnic",
    c.of_patient and c.dob is not null and day_of(c.dob) is null as "T-01:dob",
    c.of_patient and c.activity_date is not null and c.cared is null as "T-01:activity_date",
    c.of_patient and stands_in_sex(c.sex, c.active) as "D-01:sex",
    c.of_patient and stands_in_ethnic(c.ethnic, c.active) as "D-01:ethnic"
from dated as c
cross join check_group as g
left join check_provider as known on known.provider = provider_match(c.provider)
left join repeated_total as again on again.file = c.file and again.line = c.line;
