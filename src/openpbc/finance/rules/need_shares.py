"""Relative need of places from weighted populations of GP practices: the arithmetic of NHS England's place tool.

Sum the practices, round each sum to whole people, divide:

    need index of a place = (weighted / population of the place) / (weighted / population of the whole selection)

to three decimals, for each component of need and for the overall weighted population.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpbc.kernel.money import PPM, ratio_ppm, round_div, share_out

INDEX_UNIT = 1_000


@dataclass(frozen=True)
class PracticeNeed:
    """One practice: its population and weighted populations, as whole counts of 1/``scale`` of a person."""

    code: str
    place: str
    population: int
    weighted: tuple[int, ...]


@dataclass(frozen=True)
class Component:
    """One component of need in one place: whole weighted people, share of the selection, need index in thousandths.

    ``share`` is in parts per million; shares of all places add up to a whole. ``index`` is none where a population is
    nought.
    """

    weighted: int
    share: int
    index: int | None


@dataclass(frozen=True)
class PlaceNeed:
    """One place (or the whole selection): practices, whole people, their share, and the components in order."""

    place: str
    practices: int
    population: int
    population_share: int
    components: tuple[Component, ...]


@dataclass(frozen=True)
class NeedShares:
    """The places in order of name, and the selection that they are measured against."""

    places: tuple[PlaceNeed, ...]
    selection: PlaceNeed


@dataclass(frozen=True)
class _Sums:
    place: str
    practices: int
    population: int
    weighted: tuple[int, ...]


def need_shares(practices: Sequence[PracticeNeed], scale: int) -> NeedShares:
    """Compute need shares and indices of the places that the practices name; all practices are the selection."""
    if not practices:
        raise ValueError("a selection holds at least one practice")
    whole = _sums("", practices, scale)
    by_place: dict[str, list[PracticeNeed]] = {}
    for practice in practices:
        by_place.setdefault(practice.place, []).append(practice)
    sums = [_sums(place, by_place[place], scale) for place in sorted(by_place)]
    population_shares = _shares({place.place: place.population for place in sums})
    weighted_shares = [
        _shares({place.place: place.weighted[number] for place in sums}) for number in range(len(whole.weighted))
    ]
    places = tuple(
        _need(place, whole, population_shares[place.place], tuple(shares[place.place] for shares in weighted_shares))
        for place in sums
    )
    return NeedShares(places, _need(whole, whole, PPM, tuple(PPM for _ in whole.weighted)))


def need_of(name: str, practices: Sequence[PracticeNeed], whole: Sequence[PracticeNeed], scale: int) -> PlaceNeed:
    """Compute the need of any practices against any whole, whether or not the whole holds them; shares are ratios."""
    part, all_ = _sums(name, practices, scale), _sums("", whole, scale)
    shares = tuple(
        ratio_ppm(weighted, of) if of else 0 for weighted, of in zip(part.weighted, all_.weighted, strict=True)
    )
    return _need(part, all_, ratio_ppm(part.population, all_.population) if all_.population else 0, shares)


def _sums(place: str, practices: Sequence[PracticeNeed], scale: int) -> _Sums:
    columns = zip(*(practice.weighted for practice in practices), strict=True)
    return _Sums(
        place,
        len(practices),
        round_div(sum(practice.population for practice in practices), scale),
        tuple(round_div(sum(column), scale) for column in columns),
    )


def _shares(people: dict[str, int]) -> dict[str, int]:
    return share_out(PPM, people) if any(people.values()) else dict.fromkeys(people, 0)


def _need(place: _Sums, whole: _Sums, population_share: int, shares: tuple[int, ...]) -> PlaceNeed:
    components = tuple(
        Component(weighted, share, _index(weighted, place.population, all_weighted, whole.population))
        for weighted, share, all_weighted in zip(place.weighted, shares, whole.weighted, strict=True)
    )
    return PlaceNeed(place.place, place.practices, place.population, population_share, components)


def _index(weighted: int, population: int, all_weighted: int, all_population: int) -> int | None:
    """Divide once: (weighted / population) / (all weighted / all population), in thousandths."""
    if not population or not all_weighted:
        return None
    return round_div(weighted * all_population * INDEX_UNIT, population * all_weighted)
