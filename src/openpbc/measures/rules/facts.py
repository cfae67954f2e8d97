"""The facts of one record that measures may test: the law of the statements that tell them for all records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpbc.measures.rules.admissions import (
    Clause,
    Coded,
    ReadmissionRule,
    Stay,
    avoidable,
    is_readmission,
    is_readmitted,
)

Row = Mapping[str, Any]
EMERGENCY = "EM"
_COPIED = ("provider", "hrg", "practice", "unit", "status", "charge", "long_stay")


@dataclass(frozen=True)
class FactLaw:
    """What facts are told by.

    ``kinds`` maps points of delivery to kinds of stay; ``own`` is the place's commissioner; ``watched_from`` the first
    day of the months at hand and ``followed_to`` the last; ``clauses`` the list of avoidable admissions in its order.
    """

    kinds: Mapping[str, str]
    own: str
    watched_from: date
    followed_to: date
    readmission: ReadmissionRule
    clauses: tuple[Clause, ...]


def stay_of(episodes: Sequence[Row], priced: Row, law: FactLaw) -> Stay:
    """Give a stay from its episodes in their order."""
    first = episodes[0]
    admitted = [row["adm_date"] for row in episodes if row["adm_date"] is not None]
    left = [row["dis_date"] for row in episodes if row["dis_date"] is not None]
    return Stay(
        key=priced["key"],
        person=first["person"] or "",
        admitted=min(admitted, default=None),
        discharged=max(left, default=None),
        hrg=priced["hrg"] or "",
        tfc=first["tfc"] or "",
        emergency=law.kinds.get(priced["pod"]) == EMERGENCY,
    )


def spell_facts(episodes: Sequence[Row], priced: Row, others: Sequence[Stay], law: FactLaw) -> dict[str, Any]:
    """Tell the facts of a stay; ``others`` are all stays at hand, before it and after it, itself perhaps among them."""
    first, last = episodes[0], episodes[-1]
    stay, kind = stay_of(episodes, priced, law), law.kinds.get(priced["pod"], "")
    operated = next((row for row in episodes if row["proc_01"]), None)
    preop = _days(stay.admitted, operated["operated_on"] if operated else None)
    emergency = stay.emergency
    codes = Coded(*(tuple((first[name] or "").split(";")) for name in ("diagnoses", "procedures")))
    again = emergency and is_readmission(stay, others, law.readmission)
    return {name: priced[name] for name in _COPIED} | {
        "tfc": first["tfc"] or "",
        "kind": kind,
        "age": first["age"],
        "excess": priced["excess_bed_days"],
        "adm_method": first["adm_method"] or "",
        "dis_method": last["dis_method"] or "",
        "dis_dest": last["dis_dest"] or "",
        "procedure": _yes(operated is not None),
        "owner": "own" if priced["commissioner"] == law.own else "other",
        "finished": _yes(stay.discharged is not None),
        "identified": _yes(bool(stay.person)),
        "watched": _yes(_watched(stay.admitted, law)),
        "readmission": _yes(again),
        "index": _yes(law.readmission.counts(stay)),
        "followed": _yes(_followed(stay.discharged, law)),
        "readmitted": _yes(is_readmitted(stay, others, law.readmission)),
        "condition": (avoidable(codes, law.clauses) if emergency else "") or "none",
        "los": _days(stay.admitted, stay.discharged),
        "preop": preop,
        "preop_known": _yes(preop is not None),
    }


def _watched(admitted: date | None, law: FactLaw) -> bool:
    return admitted is not None and (admitted - law.watched_from).days >= law.readmission.days


def _followed(discharged: date | None, law: FactLaw) -> bool:
    return discharged is not None and (law.followed_to - discharged).days >= law.readmission.days


def _days(first: date | None, last: date | None) -> int | None:
    """Whole days between two days; nothing when one is missing or they are the wrong way round."""
    return (last - first).days if first is not None and last is not None and last >= first else None


def appointment_facts(appointment: Row, priced: Row, law: FactLaw) -> dict[str, Any]:
    """Tell the facts of an appointment."""
    return {name: priced[name] for name in _COPIED} | {
        "tfc": appointment["tfc"] or "",
        "age": appointment["age"],
        "attended": appointment["attended_or_dna"] or "",
        "first_attendance": appointment["first_attendance"] or "",
        "source": appointment["source_of_referral"] or "",
        "priority": appointment["priority_type"] or "",
        "owner": "own" if priced["commissioner"] == law.own else "other",
        "procedure": _yes(priced["pod"].startswith("OPPROC")),
    }


def _yes(told: bool) -> str:
    return "yes" if told else "no"
