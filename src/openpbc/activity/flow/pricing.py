"""Attributes, prices and monitors the accepted rows of a month, over columns, without Django.

Called by ``running`` in this order; the tables and their columns are described in the package. Parameters come from the
rulebook as small tables, so that the statements name no year, place or amount.

    attribute(session, book, month)      -> attributed
    price(session, book, month, terms)   -> priced, priced_elements (a line an unbundled element), price_findings
    monitor(session, month)              -> monitoring
    imbalances(session)                  -> sentences; empty when rows and pence are conserved
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from openpbc.activity.flow.pricing_law import Terms, geography, pricing_law
from openpbc.activity.rules.attribution import Geography
from openpbc.activity.rules.law import PricingLaw
from openpbc.activity.rules.scheme import ContractTerms
from openpbc.activity.rules.tariff import Tariff
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import Book
from openpbc.warehouse.session import Session

_SQL = "openpbc.activity.sql"
_OPEN_START, _OPEN_END = date.min, date.max


_MONEY = ("base", "topup", "long_stay", "unbundled", "pre_mff", "mff_amount", "price", "charge")
_PASSED = {
    **dict.fromkeys(("stream", "provider", "file"), "VARCHAR"),
    "line": "BIGINT",
    **dict.fromkeys("key month practice unit budget_line commissioner method pod hrg status reason".split(), "VARCHAR"),
    **dict.fromkeys((*_MONEY, "los", "excess_bed_days", "episodes"), "BIGINT"),
}


def attribute(session: Session, book: Book, month: Month) -> None:
    """Make ``attributed``: practice, unit, commissioner and method of every accepted row, as of the date of care."""
    attribute_by(session, pricing_law(book), geography(book), month)


def price(session: Session, book: Book, month: Month, terms: Terms) -> None:
    """Make ``priced``, one row a spell, appointment or attendance, and ``price_findings``; ``attribute`` goes before.

    ``month`` is already laid down by ``attribute``; it dates the units that have no date of their own.
    """
    price_by(session, pricing_law(book, terms), passed=True)


def attribute_by(session: Session, law: PricingLaw, places: Geography, month: Month) -> None:
    """Attribute under a law and a geography already filled."""
    lay_law(session, law, places, month)
    session.script(_SQL, "attribute_spells.sql")
    session.script(_SQL, "attribute_commissioner.sql")


def price_by(session: Session, law: PricingLaw, *, passed: bool = False) -> None:
    """Price under a law already filled; the reference table ``providers`` gives the market forces factors.

    ``passed`` says that lines of contract monitoring were checked too, and are passed through at their cost.
    """
    if passed:
        session.script(_SQL, "price_passed.sql")
    else:
        session.table("passed_through", _PASSED, [])
    lay_tariff(session, law.tariff)
    lay_terms(session, law.terms)
    session.table(
        "law_reasons",
        _text("code", "level", "sentence"),
        [(r.code, r.level.value if r.level else "", r.sentence) for r in law.reasons.values()],
    )
    session.table("element_place", {"place": "BIGINT"}, [(at + 1,) for at in range(_most_elements(session))])
    for name in ("price_units.sql", "price_elements.sql", "price_spells.sql", "price_attendances.sql", "price.sql"):
        session.script(_SQL, name)


def _most_elements(session: Session) -> int:
    """Count how many places the longest list of unbundled elements has."""
    separators = "length(regexp_replace(unbundled_hrg, '[^,; ]', '', 'g')) + 1"
    lists = ("care_episode", "care_appointment")
    longest = [session.number(f"select max({separators}) as n from {each}") for each in lists]
    return max(1, *longest)


def monitor(session: Session, month: Month) -> None:
    """Make ``monitoring``, the sums of ``priced``.

    ``activity`` counts units of every status, so that nothing is lost; the activity that a commissioner answers for is
    that of the statuses in ``rules.scheme.COUNTED``.
    """
    session.script(_SQL, "monitor.sql")


def imbalances(session: Session) -> tuple[str, ...]:
    """Compare rows and pence between the stages; every sentence is a fault of the program."""
    found = []
    for stream in ("apc", "op", "ae"):
        accepted = session.number(f"select count(*) as n from accepted_{stream}")
        of_stream = {"stream": stream}
        for table, measure in (("attributed", "count(*)"), ("priced", "cast(sum(episodes) as bigint)")):
            held = session.number(f"select {measure} as n from {table} where stream = $stream", of_stream)
            if held != accepted:
                found.append(f"{stream}: {accepted} accepted rows, but {table} holds {held}.")
    for measure, in_priced in (("activity", "count(*)"), ("charge", "sum(charge)"), ("price", "sum(price)")):
        one = session.number(f"select cast({in_priced} as bigint) as n from priced")
        other = session.number(f"select cast(sum({measure}) as bigint) as n from monitoring")
        if one != other:
            found.append(f"The {measure} of monitoring is {other}, of priced {one}.")
    lines = session.number("select cast(sum(amount) as bigint) as n from priced_elements")
    if lines != (held := session.number("select cast(sum(unbundled) as bigint) as n from priced")):
        found.append(f"The lines of unbundled elements add up to {lines}, priced holds {held}.")
    return tuple(found)


def lay_law(session: Session, law: PricingLaw, places: Geography, month: Month) -> None:
    """Lay down, as small tables, the settings, code lists and exclusions, and what attribution looks up."""
    _lay_settings(session, law, places, month)
    lists = {name: dict(pairs) for name, pairs in _code_lists(law, places)}
    rows = [(name, code, meaning) for name, codes in lists.items() for code, meaning in sorted(codes.items())]
    session.table("law_codes", _text("list", "code", "meaning"), rows)
    session.table(
        "law_exclusions",
        {"place": "BIGINT", **_text("field", "first", "last", "reason")},
        [(at, x.field, x.first, x.last, x.reason) for at, x in enumerate(law.exclusions)],
    )
    session.table("site_hosts", _text("site", "commissioner"), sorted(places.hosts.items()))
    session.table("specialised_services", _text("tfc", "commissioner"), sorted(places.specialised.items()))
    session.table(
        "ae_hostings",
        {**_text("site", "host"), "valid_from": "DATE", "valid_to": "DATE"},
        [(h.site, h.host, h.dated.valid_from or _OPEN_START, h.dated.valid_to or _OPEN_END) for h in places.hostings],
    )


def lay_terms(session: Session, held: ContractTerms) -> None:
    """Lay the contract terms down as tables, empty where a contract says nothing."""
    session.table(
        "contract_lines",
        {**_text("provider", "stream", "pod", "code", "arrangement"), "price": "BIGINT"},
        [(x.provider, x.stream, x.pod, x.code, x.arrangement, x.price) for x in held.lines],
    )
    session.table(
        "contract_unbundlings",
        {**_text("provider", "hrg", "element"), "deduction": "BIGINT"},
        [(x.provider, x.hrg, x.element, x.deduction) for x in held.unbundlings],
    )
    providers = sorted({*held.multi_professional, *held.left_before_treatment})
    session.table(
        "contract_terms",
        {"provider": "VARCHAR", "multi_professional": "BOOLEAN", "left_before_treatment": "BOOLEAN"},
        [(p, p in held.multi_professional, held.left_before_treatment.get(p)) for p in providers],
    )


def _text(*names: str) -> dict[str, str]:
    return dict.fromkeys(names, "VARCHAR")


def _code_lists(law: PricingLaw, places: Geography) -> Iterable[tuple[str, Mapping[str, str] | dict[str, str]]]:
    codes = law.codes
    yield "admission_method", codes.admission_methods
    yield "patient_class", codes.patient_classes
    yield "attendance", codes.attendance
    yield "first_attendance", codes.first_attendance
    yield "ae_department", codes.ae_departments
    for name, listed in (
        ("not_consultant_led", codes.not_consultant_led),
        ("child_function", codes.child_functions),
        ("multi_professional", codes.multi_professional),
        ("ae_left", codes.ae_left),
        ("unregistered", places.unregistered),
        ("private_category", places.private_categories),
        ("prison_source", places.prison_sources),
    ):
        yield name, dict.fromkeys(listed, "")


def _lay_settings(session: Session, law: PricingLaw, places: Geography, month: Month) -> None:
    scheme = law.scheme
    settings: dict[str, tuple[str, Any]] = {
        "run_month": ("VARCHAR", str(month)),
        "period_first": ("DATE", law.period.first),
        "period_last": ("DATE", law.period.last),
        "assign_on": ("VARCHAR", scheme.assign_on),
        "sse_los": ("VARCHAR", scheme.sse_los),
        "sse_below_days": ("BIGINT", scheme.sse_below_days),
        "sse_age_from": ("BIGINT", scheme.sse_age_from),
        "delayed_discharge_relief": ("BOOLEAN", scheme.delayed_discharge_relief),
        "topup_base": ("VARCHAR", scheme.topup_base),
        "commissioner_pays_mff": ("BOOLEAN", scheme.commissioner_pays_mff),
        "nf2f_by_tariff": ("BOOLEAN", scheme.nf2f_by_tariff),
        "child_below_age": ("BIGINT", scheme.child_below_age),
        "day_case_ordinary_from_days": ("BIGINT", scheme.day_case_ordinary_from_days),
        "regular_attender_ordinary_from_days": ("BIGINT", scheme.regular_attender_ordinary_from_days),
        "pay_left_before_treatment": ("BOOLEAN", scheme.pay_left_before_treatment),
        "private_code": ("VARCHAR", places.special.get("PRIVATE")),
        "overseas_chargeable_code": ("VARCHAR", places.special.get("OVERSEAS_CHARGEABLE", "")),
        "overseas_exempt_code": ("VARCHAR", places.special.get("OVERSEAS_EXEMPT", "")),
        "armed_forces_code": ("VARCHAR", places.special.get("ARMED_FORCES")),
        "not_applicable_practice": ("VARCHAR", places.not_applicable),
        "held": ("VARCHAR", places.held),
    }
    for name in ("hrg_format", "hrg_ungrouped", "ae_hrg_format", "op_attendance_hrgs"):
        settings[name] = ("VARCHAR", f"^({getattr(scheme, name)})$")
    columns = {name: kind for name, (kind, _) in settings.items()}
    session.table("law_settings", columns, [tuple(value for _, value in settings.values())])


def lay_tariff(session: Session, tariff: Tariff) -> None:
    """Lay the prices down as tables."""
    money = dict.fromkeys(("op_procedure", "combined", "day_case", "elective", "non_elective", "per_day"), "BIGINT")
    shape = {"hrg": "VARCHAR", **money, "el_trim": "BIGINT", "nel_trim": "BIGINT"}
    shape |= {"sse_applies": "BOOLEAN", "sse_ppm": "BIGINT", "sse_price": "BIGINT"}
    session.table("tariff_admitted", shape, [[getattr(r, name) for name in shape] for r in tariff.admitted.values()])
    session.table(
        "tariff_attendances",
        {**_text("tfc", "contact", "professions", "age_group"), "price": "BIGINT"},
        [(*key, price) for key, price in tariff.attendances.items()],
    )
    session.table("tariff_ae_bands", _text("hrg", "band"), sorted(tariff.ae_bands.items()))
    session.table("tariff_band_prices", {"band": "VARCHAR", "price": "BIGINT"}, list(tariff.band_prices.items()))
    session.table("tariff_unbundled", {"hrg": "VARCHAR", "price": "BIGINT"}, list(tariff.unbundled.items()))
    session.table(
        "tariff_best_practice",
        {**_text("hrg", "setting", "flag", "how"), "amount": "BIGINT"},
        [(*key, found.how, found.amount) for key, found in tariff.best_practice.items()],
    )
    topups = tariff.topups
    session.table(
        "topup_eligible",
        {"provider": "VARCHAR", "code": "VARCHAR", "ppm": "BIGINT"},
        [
            (provider, code, topups.rates[area])
            for provider, own in sorted(topups.providers)
            for code, area in topups.triggers
            if area == own
        ],
    )
