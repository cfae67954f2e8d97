"""Spells are built from episodes: one admission to discharge at one provider, under one key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from openpbc.activity.rules.classing import Stay, class_of, stay_of
from openpbc.activity.rules.exclusions import exclusion_of, facts_of
from openpbc.activity.rules.law import PricingLaw
from openpbc.activity.rules.tariff import setting_price

_LAST = date.max
_NO_NUMBER = 10**9


@dataclass(frozen=True)
class Episode:
    """One accepted episode of admitted care; text is empty and dates and numbers None where not given."""

    file: str
    line: int
    provider: str
    spell_no: str
    epi_no: int | None
    epi_start: date | None
    epi_end: date | None
    adm_date: date | None
    dis_date: date | None
    ready_date: date | None
    age: int | None
    adm_method: str
    patient_class: str
    admin_category: str
    commissioner: str
    csn: str
    tfc: str
    days: tuple[int, int, int]
    clinical_codes: tuple[str, ...]
    procedure: str
    hrg_spell: str
    hrg_fce: str
    unbundled: tuple[str, ...]
    bpt_flag: str = ""
    pathway: str = ""

    @property
    def key(self) -> str:
        """The spell's key: provider and spell number; a record without a number is a spell of its own."""
        return f"{self.provider}/{self.spell_no or f'{self.file}:{self.line}'}"

    @property
    def length(self) -> int:
        """Days from start to end of the episode; -1 where a date is missing."""
        return (self.epi_end - self.epi_start).days if self.epi_start and self.epi_end else -1

    @property
    def order(self) -> tuple[date, int, str, int]:
        """The order of episodes in a spell: by start, number, and where they stand in the files."""
        number = _NO_NUMBER if self.epi_no is None else self.epi_no
        return (self.epi_start or _LAST, number, self.file, self.line)


@dataclass(frozen=True)
class Spell:
    """One spell, as priced. ``critical_care``, ``rehabilitation`` and ``palliative`` are days, ``episodes`` rows.

    ``bpt_flag`` is the first best practice flag of its included episodes; ``elsewhere`` are the groups of what other
    providers did on the same pathway. ``exclusion`` is the reason of the first episode if every episode is excluded,
    else empty. ``approximate`` says that the resource group was chosen from the episodes.
    """

    key: str
    file: str
    line: int
    provider: str
    adm_method: str
    patient_class: str
    age: int | None
    adm_date: date | None
    dis_date: date | None
    ready_date: date | None
    tfc: str
    hrg: str
    approximate: bool = False
    critical_care: int = 0
    rehabilitation: int = 0
    palliative: int = 0
    unbundled: tuple[str, ...] = ()
    clinical_codes: tuple[str, ...] = ()
    bpt_flag: str = ""
    elsewhere: frozenset[str] = frozenset()
    exclusion: str = ""
    episodes: int = 1
    excluded_episodes: int = 0

    @property
    def stay(self) -> Stay | None:
        """The days of the stay, or None while the spell is open or its dates do not fit."""
        if self.adm_date is None or self.dis_date is None or self.dis_date < self.adm_date:
            return None
        adjusted = self.critical_care + self.rehabilitation + self.palliative
        return stay_of(self.adm_date, self.dis_date, self.ready_date, adjusted)


def _text(row: Mapping[str, Any], name: str) -> str:
    return str(row.get(name) or "")


def unbundled_codes(text: str) -> tuple[str, ...]:
    """Read a list of unbundled groups, parted by semicolons, commas or spaces; a repeated code is paid again."""
    return tuple(text.replace(",", ";").replace(" ", ";").replace(";", " ").split())


def episode_of(row: Mapping[str, Any]) -> Episode:
    """Read an accepted row of admitted care (typed, by canonical column names) as an episode."""
    lists = (_text(row, name).split(";") for name in ("diagnoses", "procedures"))
    clinical = tuple(code for listed in lists for code in listed if code)
    days = tuple(int(row.get(name) or 0) for name in ("critical_care_days", "los_adj_rehab", "los_adj_spc"))
    return Episode(
        file=_text(row, "file"), line=int(row["line"]), provider=_text(row, "provider"),
        spell_no=_text(row, "spell_no"), epi_no=row.get("epi_no"), epi_start=row.get("epi_start"),
        epi_end=row.get("epi_end"), adm_date=row.get("adm_date"), dis_date=row.get("dis_date"),
        ready_date=row.get("ready_date"), age=row.get("age"), adm_method=_text(row, "adm_method"),
        patient_class=_text(row, "patient_class"), admin_category=_text(row, "admin_category"),
        commissioner=_text(row, "commissioner"), csn=_text(row, "csn"), tfc=_text(row, "tfc"),
        days=(days[0], days[1], days[2]), clinical_codes=clinical, procedure=_text(row, "proc_01"),
        hrg_spell=_text(row, "hrg_spell"), hrg_fce=_text(row, "hrg_fce"),
        unbundled=unbundled_codes(_text(row, "unbundled_hrg")), bpt_flag=_text(row, "bpt_flag"),
        pathway=_text(row, "pathway_id"),
    )  # fmt: skip


def pathways(episodes: Sequence[Episode]) -> frozenset[str]:
    """Give the pathways that a spell's episodes name."""
    return frozenset(each.pathway for each in episodes if each.pathway)


def spell_of(episodes: Sequence[Episode], law: PricingLaw, elsewhere: frozenset[str] = frozenset()) -> Spell:
    """Build one spell from the episodes that share its key, in any order.

    Admission facts come from its first episode, days add up, and the latest discharge date counts. Excluded
    episodes are dropped before the resource group is chosen, but their days remain days of the stay.
    """
    rows = sorted(episodes, key=lambda episode: episode.order)
    reasons = [_exclusion(episode, law) for episode in rows]
    included = [episode for episode, reason in zip(rows, reasons, strict=True) if not reason]
    first, supplied = rows[0], next((episode.hrg_spell for episode in included if episode.hrg_spell), "")
    spell = Spell(
        key=first.key, file=first.file, line=first.line, provider=first.provider, adm_method=first.adm_method,
        patient_class=first.patient_class, age=first.age, tfc=first.tfc, hrg=supplied,
        adm_date=min((e.adm_date for e in rows if e.adm_date), default=None),
        dis_date=max((e.dis_date for e in rows if e.dis_date), default=None),
        ready_date=max((e.ready_date for e in rows if e.ready_date), default=None),
        critical_care=sum(e.days[0] for e in rows), rehabilitation=sum(e.days[1] for e in rows),
        palliative=sum(e.days[2] for e in rows),
        unbundled=tuple(code for e in included for code in e.unbundled),
        clinical_codes=tuple(code for e in included for code in e.clinical_codes),
        bpt_flag=next((e.bpt_flag for e in included if e.bpt_flag), ""), elsewhere=elsewhere,
        exclusion="" if included else reasons[0], episodes=len(rows), excluded_episodes=len(rows) - len(included),
    )  # fmt: skip
    if supplied or not (chosen := _approximate_hrg(spell, included, law)):
        return spell
    return replace(spell, hrg=chosen, approximate=True)


def _exclusion(episode: Episode, law: PricingLaw) -> str:
    facts = facts_of(episode.admin_category, episode.commissioner, episode.tfc, episode.csn)
    return exclusion_of(facts, law.exclusions)


def _approximate_hrg(spell: Spell, included: Sequence[Episode], law: PricingLaw) -> str:
    """Choose a resource group among the episodes' own: dearest with a procedure, else longest, else lowest number."""
    days = spell.stay.unadjusted if spell.stay else None
    kind = class_of(spell.adm_method, spell.patient_class, days, law.codes, law.scheme)

    def rank(episode: Episode) -> tuple[int, int, int, str]:
        row = law.tariff.admitted.get(episode.hrg_fce) if episode.procedure else None
        price = setting_price(kind, row) if row else None
        number = _NO_NUMBER if episode.epi_no is None else episode.epi_no
        return (-1 if price is None else price, episode.length, -number, episode.hrg_fce)

    grouped = [episode for episode in included if episode.hrg_fce]
    return max(grouped, key=rank).hrg_fce if grouped else ""
