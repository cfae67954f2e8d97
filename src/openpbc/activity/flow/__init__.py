"""The activity pipeline of one month: check -> attribute -> price -> monitor, over columns, without Django.

Every stage works on named tables and views of one in-memory ``warehouse.session.Session``. The names and columns
below are the contract between this module (check, conservation, publishing) and ``flow.pricing`` (attribute, price,
monitor).

Set up before ``pricing.attribute(session, book, month)``
---------------------------------------------------------
Views of accepted rows. Text is as sent (trimmed where the layout is padded), empty text is NULL; ``file`` is the first
12 hex digits of the file's SHA-256, ``line`` BIGINT counts data lines from 1. ``(file, line)`` is unique. ``provider``
is the matched code (``RWG00`` -> ``RWG``). Rows that a fatal finding rejects, or that an exclusion rule excludes (X-EQ,
X-PRIV, X-OSV, superseded), are not in these views.

``accepted_apc`` (one row an episode)
    stream VARCHAR ('apc'), file VARCHAR, line BIGINT, provider VARCHAR, site VARCHAR, commissioner VARCHAR (as
    submitted), csn VARCHAR, spell_no VARCHAR, epi_no INTEGER, last_epi VARCHAR, sex VARCHAR, age INTEGER (whole years
    at admission), postcode VARCHAR, practice VARCHAR, admin_category VARCHAR, patient_class VARCHAR, adm_method
    VARCHAR, adm_source VARCHAR, adm_date DATE, dis_method VARCHAR, dis_dest VARCHAR, ready_date DATE, dis_date DATE,
    epi_start DATE, epi_end DATE, los_adj_rehab INTEGER, los_adj_spc INTEGER, critical_care_days INTEGER, main_spec
    VARCHAR, tfc VARCHAR, consultant VARCHAR, diag_01, proc_01 VARCHAR (plain form, no dot), diagnoses, procedures
    VARCHAR (all thirteen of each in their places, parted by semicolons), hrg_spell, hrg_fce, unbundled_hrg, bpt_flag
    (best practice), pathway_id VARCHAR
``accepted_op`` (one row an appointment)
    stream ('op'), file, line, provider, site, commissioner, csn, attendance_id VARCHAR, sex, age INTEGER (at
    appointment), postcode, practice, admin_category, appointment_date DATE, first_attendance, attended_or_dna,
    outcome, priority_type, source_of_referral VARCHAR, referral_received_date DATE, multi_professional_ind, main_spec,
    tfc, consultant, diag_01, proc_01, hrg, unbundled_hrg, bpt_flag, pathway_id VARCHAR
``accepted_ae`` (one row an attendance)
    stream ('ae'), file, line, provider, site, commissioner, csn, attendance_id VARCHAR, sex, age INTEGER (at
    arrival), postcode, practice, admin_category VARCHAR, arrival_date DATE, arrival_time VARCHAR ('HH:MM'),
    departure_date DATE, departure_time VARCHAR ('HH:MM'), attendance_category, arrival_mode, department_type,
    patient_group, referral_source, disposal, diag_01, investigation_01, treatment_01, hrg VARCHAR

Reference tables of the place, as known when the run is made. Dates are inclusive at both ends and never NULL (an open
start is 0001-01-01, an open end 9999-12-31); every column but the dates and ``mff_e7`` is VARCHAR.
    ``memberships``  practice, unit, budget_line, valid_from DATE, valid_to DATE   (no overlaps within a practice)
    ``practices``    practice, commissioner, postcode, valid_from DATE, valid_to DATE
    ``providers``    provider, name, mff_e7 BIGINT (NULL = not set), coordinator
    ``postcodes``    prefix, commissioner
    ``commissioners`` commissioner, name

Made by ``flow.pricing`` (a table or view of each name, exactly these columns, in this order)
---------------------------------------------------------------------------------------------
``attribute(session, book, month)`` -> ``attributed``, one row an accepted row of any stream:
    stream, file, line, key (spell key or attendance id), practice, unit, commissioner, method
``price(session, book, month, terms)`` -> ``priced``, one row a priced unit (spell, appointment, attendance); every
    accepted row belongs to exactly one unit, ``episodes`` counts its rows:
    stream, provider, file, line (first accepted line of the unit), key, month, practice, unit, budget_line,
    commissioner, method, pod, hrg, status, reason, base, topup, long_stay, unbundled, pre_mff, mff_amount, price,
    charge, los, excess_bed_days, episodes   (money BIGINT pence; los, excess_bed_days, episodes BIGINT)
    and ``priced_elements``, one row an unbundled element of a unit that the tariff prices, whose amounts add up to the
    unit's ``unbundled`` (``price`` is NULL where the tariff has none):
    stream, file, line, provider, code, times, price, amount
``monitor(session, month)`` -> ``monitoring``:
    month, unit, budget_line, practice, provider, commissioner, stream, pod, status, activity, charge, price

``month`` is a ``kernel.periods.Month``; ``terms`` is a mapping of table name to (columns, rows) with the contract terms
that pricing needs (may be empty).
"""

from openpbc.activity.flow.running import ConservationBroken, compare, run

__all__ = ["ConservationBroken", "compare", "run"]
