"""What one expects of each point of delivery: its share of a kind of record, and its mean charge, from the tariff."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from openpbc.kernel.money import MFF_UNIT, PPM, round_div
from openpbc.synth.county import KINDS, County, Group, Row, pence
from openpbc.synth.shares import case_mix, group_weights, trim_of

Mix = dict[str, tuple[int, int]]  # point of delivery -> (share of records in ppm, mean charge in pence)
Line = tuple[str, int, int]  # point of delivery, share in billionths, price in pence


def expected_mix(county: County, kind: str, provider: str) -> Mix:
    """Give each point of delivery of a kind of record with its share of the records and its mean charge."""
    lines = {"planned": _admitted, "unplanned": _admitted, "appointments": _clinics, "walk_in": _attendances}[kind]
    shares: dict[str, int] = defaultdict(int)
    money: dict[str, int] = defaultdict(int)
    for pod, share, price in lines(county, kind, provider):
        shares[pod] += share
        money[pod] += share * price
    paid = PPM - county.rates["private"] - county.rates["elsewhere"]
    factor = county.mff.get(provider, MFF_UNIT)
    mix = {}
    for pod, share in shares.items():
        local = _local_line(county, kind, provider, pod)
        blocked = local is not None and local["arrangement"] == "BLOCK"  # paid by the block, so not planned by unit
        if share and not blocked:
            tariff = round_div(money[pod] * factor, share * MFF_UNIT)
            mix[pod] = (round_div(share * paid, 1000 * PPM), (pence(local, "price") or 0) if local else tariff)
    return mix


def _local_line(county: County, kind: str, provider: str, pod: str) -> Row | None:
    for row in county.prices["local"]:
        if (row["provider"], row["stream"], row["pod"], row["code"]) == (provider, KINDS[kind], pod, ""):
            return row
    return None


def _admitted(county: County, kind: str, provider: str) -> Iterator[Line]:
    mix = [choice for choice in case_mix(county) if choice[0] == kind]
    whole = sum(choice[4] for choice in mix)
    profiles = {row["chapter"]: row["profile"] for row in county.tables["chapters"]}
    for _, chapter, way, group, weight in mix:
        share = round_div(weight * PPM * 1000, whole)
        if way == "DC":
            regular = county.rates["regular_day"]
            yield "RADAY", round_div(share * regular, PPM), 0
            yield "DC", share - round_div(share * regular, PPM), group.day_case or 0
        elif way == "EL":
            yield "EL", share, (group.ordinary or 0) + _long_stay(county, way, group)
        else:
            yield from _unplanned(county, way, group, share, profiles[chapter])


def _unplanned(county: County, way: str, group: Group, share: int, profile: str) -> Iterator[Line]:
    price = group.unplanned or 0
    if way == "NE":
        yield "NELNE", share, price + _long_stay(county, way, group)
        return
    short = 0
    if group.short_stay is not None:
        adults = PPM - _younger_than(county, profile, county.limits["sse_age_from"])
        short = round_div(share * _short_stays(county, way, group) * adults, PPM * PPM)
        yield "NELST", short, group.short_stay
    yield "NEL", share - short, price + round_div(_long_stay(county, way, group) * share, max(1, share - short))


def _stay_rows(county: County, way: str) -> tuple[list[Row], int]:
    kind = {"EL": "ordinary", "EM": "emergency", "NE": "other"}[way]
    rows = [row for row in county.tables["stay"] if row["kind"] == kind]
    return rows, sum(int(row["spells"]) for row in rows)


def _long_stay(county: County, way: str, group: Group) -> int:
    """Expected payment for days beyond the trim point, in pence a spell."""
    trim = trim_of(way, group) or 0
    rows, whole = _stay_rows(county, way)
    beyond = sum(
        int(row["spells"]) * max(0, (int(row["from_ppm"]) + int(row["to_ppm"])) // 2 - PPM)
        for row in rows
        if int(row["from_ppm"]) >= PPM
    )
    return round_div(beyond * trim * group.per_day, whole * PPM)


def _short_stays(county: County, way: str, group: Group) -> int:
    """The share of spells shorter than two days, in ppm: the stay is rounded from a share of the trim point."""
    trim = trim_of(way, group) or 10
    limit = (county.limits["sse_below_days"] * PPM - PPM // 2) // trim  # the shares below this round to fewer days
    rows, whole = _stay_rows(county, way)
    below = 0
    for row in rows:
        low, high = int(row["from_ppm"]), int(row["to_ppm"])
        inside = min(max(limit - low, 0), high - low)
        below += round_div(int(row["spells"]) * inside * PPM, high - low)
    return round_div(below, whole)


def _younger_than(county: County, profile: str, age: int) -> int:
    """The share of a profile's records that are about people below an age, in ppm."""
    young = whole = 0
    for row in county.tables["people"]:
        low, high = int(row["age_from"]), int(row["age_to"]) + 1
        weight = int(row["people"]) * int(row[profile]) * 1000
        whole += weight
        young += round_div(weight * min(max(age - low, 0), high - low), high - low)
    return round_div(young * PPM, whole)


def _clinics(county: County, kind: str, provider: str) -> Iterator[Line]:
    rates = county.rates
    missed = sum(
        rates[code] for code in ("did_not_attend", "cancelled_by_patient", "cancelled_by_provider", "late_not_seen")
    )
    several = rates["many_professionals"] if provider in _paying_for_several(county) else 0
    prices = {
        (row["tfc"], row["attendance"], row["professionals"], row["age"]): price
        for row in county.prices["op"]
        if (price := pence(row, "price")) is not None
    }
    whole = sum(county.numbers("clinics", "tfc", "weight").values())
    for row in county.tables["clinics"]:
        seen = round_div(int(row["weight"]) * (PPM - missed) * 1000, whole)
        for turn, contact, share in (
            ("FA", "FIRST", int(row["first"])),
            ("FUP", "FOLLOW_UP", 1000 - int(row["first"])),
        ):
            part = round_div(seen * share, 1000)
            apart = round_div(part * rates["telephone"], PPM)
            yield f"NF2F{turn}", apart, 0
            done = _procedures(county, row)
            procedures = round_div((part - apart) * done[0], PPM)
            yield f"OPPROC{turn}", procedures, done[1]
            rest = part - apart - procedures
            for letter, professionals, many in (("S", "SINGLE", PPM - several), ("M", "MULTI", several)):
                price = _mean_attendance(county, prices, row, contact, professionals)
                yield f"OP{turn}{letter}PCL", round_div(rest * many, PPM), price


def _paying_for_several(county: County) -> set[str]:
    return {row["provider"] for row in county.prices["contracts"] if row["multi_professional"] == "yes"}


def _procedures(county: County, clinic: Row) -> tuple[int, int]:
    chapters = {row["chapter"] for row in county.tables["chapters"] if clinic["tfc"] in row["specialties"].split()}
    weights = group_weights((group for group in county.groups if group.code[0] in chapters), "procedure")
    if not weights:
        return 0, 0
    money = sum(weight * (group.procedure or 0) for group, weight in weights.items())
    return int(clinic["procedure_ppm"]), round_div(money, sum(weights.values()))


def _mean_attendance(
    county: County, prices: dict[tuple[str, str, str, str], int], clinic: Row, contact: str, professionals: str
) -> int:
    children = _younger_than(county, clinic["profile"], county.limits["child_below_age"])
    adult = prices.get((clinic["tfc"], contact, professionals, "ADULT"), 0)
    child = prices.get((clinic["tfc"], contact, professionals, "CHILD"), adult)
    return round_div(adult * (PPM - children) + child * children, PPM)


def _attendances(county: County, kind: str, provider: str) -> Iterator[Line]:
    """A&E is planned from the walk-ins; those who are admitted come on top in proportion to the emergency spells."""
    prices = {row["hrg_code"]: pence(row, "price") or 0 for row in county.prices["ae"]}
    for column, share in (("walk_in", PPM * 1000), ("admitted", _admitted_share(county))):
        weights = county.numbers("attendances", "hrg", column)
        whole = sum(weights.values())
        for code, weight in weights.items():
            yield "AE", round_div(share * weight, whole), prices.get(code, 0)


def _admitted_share(county: County) -> int:
    """A&E attendances that end in an admission beside a billion walk-ins."""
    volumes = county.numbers("volumes", "kind", "per_year")
    mix = [choice for choice in case_mix(county) if choice[0] == "unplanned"]
    emergencies = sum(choice[4] for choice in mix if choice[2] == "EM")
    admitted = volumes["unplanned"] * county.rates["via_accident_and_emergency"] * emergencies
    return round_div(admitted * 1000, volumes["walk_in"] * sum(choice[4] for choice in mix))
