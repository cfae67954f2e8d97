"""Weighted lists again, naively: fractions, one line for each line of the method, no share of code with the rule."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass
class Naive:
    """What the method says of one practice, exactly."""

    listed: Fraction
    normalised: Fraction
    ages: list[Fraction | None]
    weighted: list[Fraction]
    whole: Fraction
    share: Fraction


def weighted_lists(lists, commissioner, residents, mff, need, curve, mix) -> dict[str, Naive]:
    """``lists`` is practice -> quarters -> (band, sex) -> patients; the other names are those of the method."""
    # 1 the list, averaged over the quarters
    average = {}
    for practice, quarters in lists.items():
        average[practice] = {}
        for quarter in quarters:
            for band, patients in quarter.items():
                average[practice][band] = average[practice].get(band, Fraction(0)) + Fraction(patients, len(quarters))
    listed = {practice: sum(bands.values(), Fraction(0)) for practice, bands in average.items()}
    # 2 normalised to the residents of the commissioner
    normalised = {}
    for practice, bands in average.items():
        mine = commissioner[practice]
        all_lists = sum(size for other, size in listed.items() if commissioner[other] == mine)
        normalised[practice] = {band: patients * residents[mine] / all_lists for band, patients in bands.items()}
    people = {practice: sum(bands.values(), Fraction(0)) for practice, bands in normalised.items()}
    everybody = sum(people.values())
    found = {p: Naive(listed[p], people[p], [], [], Fraction(0), Fraction(0)) for p in lists}
    for number, costs in enumerate(curve):
        # 3 age and sex
        age = {p: sum((n * costs[band] for band, n in normalised[p].items()), Fraction(0)) for p in lists}
        mean = sum(age.values()) / everybody
        # 4 and 5 need and market forces
        raw = {p: age[p] * need[p][number] * mff[commissioner[p]] for p in lists}
        # 6 scaled back to the normalised lists
        scale = everybody / sum(raw.values())
        for p in lists:
            found[p].ages.append(age[p] / people[p] / mean if people[p] else None)
            found[p].weighted.append(raw[p] * scale)
            # 7 mixed
            found[p].whole += Fraction(mix[number], sum(mix)) * raw[p] * scale
    for p in lists:
        found[p].share = found[p].whole / sum(each.whole for each in found.values())
    return found
