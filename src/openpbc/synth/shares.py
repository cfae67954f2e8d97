"""Small tables of shares from which the statements draw: a choice owns a run of slots in proportion to its weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openpbc.kernel.money import PPM, share_out
from openpbc.kernel.periods import Month
from openpbc.synth.county import KINDS, County, Group
from openpbc.synth.volumes import Expectations, day_weights

Cell = str | int | None
PEOPLE_LIMIT = 900_000  # so many NHS numbers of the test range 999 can be told apart by the formula in people.sql


@dataclass(frozen=True)
class SmallTable:
    """A table to be put before the statements: columns with their SQL types, and rows."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Cell, ...], ...]


def table(name: str, columns: str, rows: Iterable[tuple[Cell, ...]]) -> SmallTable:
    """Write a small table with its columns as text: ``kind varchar, lo integer``."""
    pairs = tuple((column.split()[0], column.split()[1]) for column in columns.split(", "))
    return SmallTable(name, pairs, tuple(rows))


def slots(size: int, weights: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """Share out slots 0..size-1 by weight: (code, first slot, first slot after it), codes without a slot left out."""
    runs, start = [], 0
    for code, count in sorted(share_out(size, weights).items()):
        if count:
            runs.append((code, start, start + count))
            start += count
    return runs


def small_tables(county: County, expectations: Expectations, months: tuple[Month, ...]) -> list[SmallTable]:
    """Give every small table that the statements need for the months."""
    cells, practices = _cells_and_practices(county, expectations, months)
    return [
        cells,
        practices,
        _days(county, months),
        *_people(county),
        *_case_mix(county),
        _stays(county),
        *_clinics(county),
        _chosen("referral_share", 1024, county.numbers("referrals", "source", "weight")),
        _chosen("ethnic_share", 1024, county.numbers("ethnicity", "code", "weight")),
        _attendances(county),
        _faults(county),
        table("quality", "provider varchar, untraced integer", _quality(county, "untraced").items()),
        table(
            "wanted_month",
            "month varchar, next_month varchar, first date, last date",
            # the last of the months is only there for those who lie in hospital over the end of the one before
            ((str(m), str(m.next()), str(m.first), str(m.last)) for m in months[:-1]),
        ),
    ]


def _chosen(name: str, size: int, weights: Mapping[str, int]) -> SmallTable:
    return table(name, "code varchar, lo integer, hi integer", slots(size, weights))


def _cells_and_practices(
    county: County, expectations: Expectations, months: tuple[Month, ...]
) -> tuple[SmallTable, SmallTable]:
    # Practices come and go rarely, so months with the same weights share one era and one set of slots.
    eras: dict[tuple[str, str], list[dict[str, int]]] = {}
    cells: list[tuple[Cell, ...]] = []
    homes: list[tuple[Cell, ...]] = []
    for kind, stream in KINDS.items():
        for provider in county.providers:
            for month in months:
                weights = expectations.practices(kind, month, provider)
                known = eras.setdefault((stream, provider), [])
                if weights not in known:
                    known.append(weights)
                    homes += _homes(county, stream, provider, len(known) - 1, weights, month)
                records = expectations.happening(kind, month, provider)
                cells.append((kind, str(month), provider, known.index(weights), records))
    return (
        table("cell", "kind varchar, month varchar, provider varchar, era integer, records integer", cells),
        table(
            "practice_share",
            "stream varchar, provider varchar, era integer, practice varchar, commissioner varchar, outward varchar, "
            "lo integer, hi integer",
            homes,
        ),
    )


def _homes(
    county: County, stream: str, provider: str, era: int, weights: dict[str, int], month: Month
) -> list[tuple[Cell, ...]]:
    here = {practice.code: practice for practice in county.practices_in(month)}
    return [
        (stream, provider, era, code, here[code].commissioner, here[code].outward, lo, hi)
        for code, lo, hi in slots(8192, weights)
    ]


def _days(county: County, months: tuple[Month, ...]) -> SmallTable:
    rows = [
        (kind, str(month), day, lo, hi)
        for kind in KINDS
        for month in months
        for day, lo, hi in slots(1024, {str(d): w for d, w in day_weights(county, kind, month).items()})
    ]
    return table("day_share", "kind varchar, month varchar, day date, lo integer, hi integer", rows)


def _people(county: County) -> list[SmallTable]:
    bands = county.tables["people"]
    lists: dict[str, int] = {}
    for practice in county.practices:
        lists[practice.code] = max(practice.people, lists.get(practice.code, 0))
    crowd, first = [], 0
    for code, people in sorted(share_out(min(PEOPLE_LIMIT, sum(lists.values())), lists).items()):
        shares = share_out(people, {f"{i:02d}": int(row["people"]) for i, row in enumerate(bands)})
        for band, count in sorted(shares.items()):
            crowd.append((code, int(band), first, count))
            first += count
    profiles = [name for name in bands[0] if name not in ("age_from", "age_to", "sex", "people")]
    use = [
        (profile, int(band), lo, hi)
        for profile in profiles
        for band, lo, hi in slots(4096, {f"{i:02d}": int(r["people"]) * int(r[profile]) for i, r in enumerate(bands)})
    ]
    ages = [(i, row["sex"], int(row["age_from"]), int(row["age_to"])) for i, row in enumerate(bands)]
    return [
        table("crowd", "practice varchar, band integer, first integer, people integer", crowd),
        table("band_share", "profile varchar, band integer, lo integer, hi integer", use),
        table("band", "band integer, sex varchar, age_from integer, age_to integer", ages),
    ]


def group_weights(groups: Iterable[Group], price: str) -> dict[Group, int]:
    """Share a chapter's spells over its priced groups: dear ones are rarer, and no two are alike."""
    weights = {}
    for group in groups:
        pence = getattr(group, price)
        if pence:
            liking = 3 + sum(ord(letter) * (place + 5) for place, letter in enumerate(group.code)) % 11
            weights[group] = liking * 10_000_000 // (pence + 60_000)
    return weights


def case_mix(county: County) -> list[tuple[str, str, str, Group, int]]:
    """Give (kind, chapter, way of admission, group, weight) for every priced group of the chapters."""
    ways = (
        ("planned", "day_case", "DC", "day_case"),
        ("planned", "ordinary", "EL", "ordinary"),
        ("unplanned", "emergency", "EM", "unplanned"),
        ("unplanned", "other", "NE", "unplanned"),
    )
    mix = []
    for row in county.tables["chapters"]:
        inside = [group for group in county.groups if group.code.startswith(row["chapter"])]
        for kind, column, way, price in ways:
            weights = group_weights(inside, price)
            whole = sum(weights.values())
            for group, weight in weights.items():
                mix.append((kind, row["chapter"], way, group, int(row[column]) * weight * PPM // whole))
    return mix


def trim_of(way: str, group: Group) -> int | None:
    """Give the trim point that a spell of this way of admission is measured against."""
    return {"DC": None, "EL": group.ordinary_trim}.get(way, group.unplanned_trim)


def _case_mix(county: County) -> list[SmallTable]:
    rows: list[tuple[Cell, ...]] = []
    for kind in ("planned", "unplanned"):
        choices = {
            f"{way} {group.code}": (chapter, way, group, w)
            for k, chapter, way, group, w in case_mix(county)
            if k == kind
        }
        for code, lo, hi in slots(32768, {code: choice[3] for code, choice in choices.items()}):
            chapter, way, group, _ = choices[code]
            rows.append((kind, chapter, way, group.code, trim_of(way, group) or 10, lo, hi))
    words = ("chapter", "profile", "specialties", "diagnoses", "procedures")
    chapters = [tuple(row[word] for word in words) for row in county.tables["chapters"]]
    return [
        table(
            "spell_share",
            "kind varchar, chapter varchar, way varchar, hrg varchar, trim_days integer, lo integer, hi integer",
            rows,
        ),
        table("chapter", ", ".join(f"{word} varchar" for word in words), chapters),
    ]


def _stays(county: County) -> SmallTable:
    rows: list[tuple[Cell, ...]] = []
    for way, kind in (("EL", "ordinary"), ("EM", "emergency"), ("NE", "other")):
        lines = [row for row in county.tables["stay"] if row["kind"] == kind]
        for place, lo, hi in slots(1024, {f"{i:02d}": int(row["spells"]) for i, row in enumerate(lines)}):
            row = lines[int(place)]
            rows.append((way, int(row["from_ppm"]), int(row["to_ppm"]), lo, hi))
    return table("stay_share", "way varchar, from_ppm integer, to_ppm integer, lo integer, hi integer", rows)


def _clinics(county: County) -> list[SmallTable]:
    clinics = {row["tfc"]: row for row in county.tables["clinics"]}
    rows = [
        (
            tfc,
            clinics[tfc]["main_spec"],
            int(clinics[tfc]["first"]),
            clinics[tfc]["profile"],
            _procedure_ppm(county, tfc),
            lo,
            hi,
        )
        for tfc, lo, hi in slots(4096, county.numbers("clinics", "tfc", "weight"))
    ]
    procedures = [(tfc, code, lo, hi) for tfc in clinics for code, lo, hi in slots(1024, procedure_mix(county, tfc))]
    return [
        table(
            "clinic_share",
            "tfc varchar, main_spec varchar, first integer, profile varchar, procedure_ppm integer, "
            "lo integer, hi integer",
            rows,
        ),
        table("procedure_share", "tfc varchar, hrg varchar, lo integer, hi integer", procedures),
    ]


def procedure_mix(county: County, tfc: str) -> dict[str, int]:
    """Give the groups with an out-patient procedure price that a treatment function's clinics do, with weights."""
    chapters = {row["chapter"] for row in county.tables["chapters"] if tfc in row["specialties"].split()}
    inside = [group for group in county.groups if group.code[0] in chapters]
    return {group.code: weight for group, weight in group_weights(inside, "procedure").items()} or {"": 1}


def _procedure_ppm(county: County, tfc: str) -> int:
    share = county.numbers("clinics", "tfc", "procedure_ppm")[tfc]
    return share if "" not in procedure_mix(county, tfc) else 0


def _attendances(county: County) -> SmallTable:
    rows = [
        (kind, code, lo, hi)
        for kind in ("admitted", "walk_in")
        for code, lo, hi in slots(1024, county.numbers("attendances", "hrg", kind))
    ]
    return table("attendance_share", "kind varchar, hrg varchar, lo integer, hi integer", rows)


def _quality(county: County, column: str) -> dict[str, int]:
    named = county.numbers("quality", "provider", column)
    return {provider: named.get(provider, 1000) for provider in county.providers}


def _faults(county: County) -> SmallTable:
    rows: list[tuple[Cell, ...]] = []
    for provider, factor in _quality(county, "faults").items():
        for stream in ("apc", "op", "ae"):
            low = 0
            for row in county.tables["faults"]:
                if row["stream"] in ("all", stream):
                    high = low + int(row["ppm"]) * factor // 1000
                    rows.append((stream, provider, row["code"], row["rule"], row["field"], low, high))
                    low = high
    return table(
        "fault_share",
        "stream varchar, provider varchar, fault varchar, rule varchar, field varchar, lo integer, hi integer",
        rows,
    )
