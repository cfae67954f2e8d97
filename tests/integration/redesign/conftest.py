"""The personas of the site, and a case that has come as far as a test wants."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.utils import timezone

import openpbc
from openpbc.casework import actions as casework
from openpbc.casework import reads as casework_reads
from openpbc.governance import actions as governance
from openpbc.governance import reads as governance_reads
from openpbc.governance.models import Decider, Decision
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions, reads
from openpbc.redesign.models import Case
from tests.integration.site.conftest import HERE, SIGN_INS, as_role, people, quick_hashing

__all__ = ["as_role", "people", "quick_hashing"]

PROCESSES = Path(openpbc.__file__).parent / "rulebook/packs/england/common/processes"
UNIT = "DATCOM"
DAY = date(2008, 4, 1)
SEATS = {
    "gp_lead": ("commissioner", ""),
    "provider_lead": ("clinician", "consultant"),
    "practice_staff": ("clinician", "nursing"),
    "group_manager": ("management", ""),
}
WAIVED = ("clinician/allied", "finance", "public-health", "patient")


def as_actor(role: str) -> Actor:
    """The persona of a role, as who acts."""
    return organisations.viewer(organisations.person_by_sign_in(SIGN_INS[role]).id).actor


def revision(number: int = 1) -> int:
    return reads.case(HERE, number).revision


def run_commonly() -> None:
    """Let the place run the common process; its own is the one with the conclave."""
    if not casework_reads.versions(HERE, "redesign"):
        text = (PROCESSES / "common.bpmn").read_bytes()
        casework.store(
            by=SYSTEM, place=HERE, process="redesign", name="common", text=text, reason="SYNTHETIC", seen=0
        )  # fmt: skip


def proposed(*, conclave: bool = False, **more: object) -> int:
    if not conclave:
        run_commonly()
    facts = {"title": "Breathing clinics", "area": "Respiratory", "need": "SYNTHETIC: people wait."} | more
    return actions.propose(by=as_actor("gp_lead"), place=HERE, unit=UNIT, **facts)


def step(role: str, way: str, number: int = 1, **more: object) -> None:
    actions.take_step(
        by=as_actor(role), place=HERE, number=number, way=way, revision=revision(number), **more  # type: ignore[arg-type]
    )  # fmt: skip


def prioritised(**more: object) -> int:
    number = proposed(**more)
    actions.rank_priority(
        by=as_actor("group_manager"), place=HERE, number=number, unit=UNIT, rank=1, revision=revision(number)
    )
    return number


def forming(**more: object) -> int:
    number = prioritised(**more)
    step("group_manager", "T02", number, reason="SYNTHETIC")
    return number


def side_of(kind: str) -> str:
    """What somebody who sits for a kind is, unless a test says otherwise."""
    return "provider" if kind == "clinician" else "commissioner"


def seated(number: int) -> None:
    for role, (kind, sub) in SEATS.items():
        actions.add_member(
            by=SYSTEM, place=HERE, number=number, revision=revision(number), person=SIGN_INS[role], kind=kind,
            sub_kind=sub, side=side_of(kind), leads=role == "gp_lead", on=DAY,
        )  # fmt: skip
        if governance_reads.declared(SIGN_INS[role], HERE, organisations.today()) is None:
            governance.declare_none(by=SYSTEM, place=HERE, person=SIGN_INS[role])
    for seat in WAIVED:
        actions.waive_seat(
            by=SYSTEM, place=HERE, number=number, revision=revision(number), kind=seat, reason="SYNTHETIC", on=DAY
        )


def drafting(**more: object) -> int:
    number = forming(**more)
    seated(number)
    step("gp_lead", "T03", number)
    return number


def written(number: int) -> None:
    lead = as_actor("gp_lead")
    own = {"by": lead, "place": HERE, "number": number}
    for at, setting in enumerate(("self", "primary", "acute", "primary")):
        values = {"setting": setting, "what": f"Stage {at}", "before": "acute" if at == 1 else ""}
        actions.write_row(**own, part="pathway", revision=at, values=values)  # type: ignore[arg-type]
    outcome = {"text": "Fewer admissions", "indicator": "admissions in 1,000"}
    actions.write_row(**own, part="specification", revision=0, values=outcome)  # type: ignore[arg-type]
    shift = {"giver": "Trust", "receiver": "Clinic", "out": 100_00, "into": 80_00}
    actions.write_row(**own, part="shifts", revision=0, values=shift)  # type: ignore[arg-type]
    actions.write_table(**own, part="shifts", revision=1, saving=20_00)  # type: ignore[arg-type]
    for part in ("activity", "finance", "estates", "workforce", "risks", "safety", "summary", "other"):
        actions.write_prose(**own, part=part, revision=0, text=f"SYNTHETIC {part}.")  # type: ignore[arg-type]


def handed_in(**more: object) -> int:
    number = drafting(**more)
    written(number)
    step("gp_lead", "T04", number)
    return number


def reviewed(**more: object) -> int:
    number = handed_in(**more)
    review(number)
    return number


def review(number: int, version: int = 1) -> None:
    """Return every review of a version, and close it."""
    by_function = {"finance": "finance_manager", "public-health": "analyst", "information": "analyst",
                   "contracts": "contract_manager"}  # fmt: skip
    for function, role in by_function.items():
        actions.return_review(
            by=as_actor(role),
            place=HERE,
            number=number,
            function=function,
            version=version,
            outcome="returned",
            text="Good.",
        )
    step("finance_manager", "T06", number)


def agreed(route: str = "existing-contract", **more: object) -> int:
    number = reviewed(**more)
    send_for_approval(number, route)
    return number


def send_for_approval(number: int, route: str = "existing-contract") -> None:
    actions.agree(
        by=as_actor("group_manager"), place=HERE, number=number, unit=UNIT, version=1, agreed=True, route=route
    )
    step("group_manager", "T08", number)


def decide(number: int, outcome: str = "approved", minute: str = "", body: str = "governance_committee") -> None:
    """Put a decision into the register as a meeting leaves it there; how a meeting decides is tried with meetings."""
    made = Decision.objects.create(
        place=HERE, body=body, taken_on=organisations.today(),
        minute=minute or f"08/{number}-{outcome}",
        matter=reads.address(HERE, number), title="The case", outcome=outcome, text="SYNTHETIC",
        recorded_by="The secretary", recorded_at=timezone.now(),
    )  # fmt: skip
    Decider.objects.create(decision=made, person="chair@demo")


def case_row(number: int = 1) -> Case:
    return Case.objects.get(place=HERE, number=number)
