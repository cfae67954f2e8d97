"""What the SYNTHETIC cases of a demonstration say."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.redesign.rules.transitions import COMMON, CONCLAVE, NO, YES


@dataclass(frozen=True)
class Told:
    """A case to show: what it is about, and the stage to which it is taken.

    ``variant`` keeps it to places with one of the processes; ``outcome`` is what a meeting decides, for ``reasons``.
    """

    title: str
    area: str
    need: str
    rank: int
    until: str
    pathway: str = ""
    evidence: str = ""
    long_term: bool = False
    variant: str = ""
    block: str = ""
    withdrawn: str = ""
    bidder: bool = False
    outcome: str = ""
    reasons: str = ""
    summary: str = ""
    published: bool = False


CASES = (
    Told("SYNTHETIC: breathing clinics near home", "Respiratory", "SYNTHETIC: people with COPD come to hospital as"
         " emergencies, since nobody sees them in time.", 1, "review", "copd",
         "SYNTHETIC: admissions grew by a tenth in a year.", long_term=True),
    Told("SYNTHETIC: heart failure nurses", "Heart failure", "SYNTHETIC: people leave hospital and are back within"
         " four weeks.", 2, "approval", "heart-failure", "SYNTHETIC: one in five returns.", long_term=True,
         bidder=True),
    Told("SYNTHETIC: diabetes care in practices", "Diabetes", "SYNTHETIC: feet and eyes are looked at in hospital"
         " alone.", 3, "drafting", "diabetes", long_term=True, variant=CONCLAVE),
    Told("SYNTHETIC: one front door for urgent care", "Urgent care", "SYNTHETIC: people do not know where to go at"
         " night.", 4, "drafting", "urgent-care", variant=CONCLAVE, block="SYNTHETIC: the trust has no room to give."),
    Told("SYNTHETIC: beds between hospital and home", "Intermediate care", "SYNTHETIC: older people wait in hospital"
         " for a place to go.", 5, "groups", "intermediate-care", variant=CONCLAVE),
    Told("SYNTHETIC: skin clinics by telephone", "Dermatology", "SYNTHETIC: a first look takes eleven weeks.", 6,
         "proposed"),
    Told("SYNTHETIC: knee pain class", "Orthopaedics", "SYNTHETIC: people wait for surgery that few need.", 7,
         "prioritised", withdrawn="SYNTHETIC: overtaken by the review of assessment services."),
    Told("SYNTHETIC: wound clinics on Saturdays", "Wound care", "SYNTHETIC: people go to the emergency department to"
         " have a dressing changed.", 8, "approval", variant=CONCLAVE, outcome=YES, published=True,
         reasons="SYNTHETIC: it is fair to every group, can begin in spring, and suits people who work.",
         summary="SYNTHETIC: a nurse near you changes your dressing on Saturdays too, so that you need not wait in the"
         " emergency department."),
    Told("SYNTHETIC: a scanner in a van", "Imaging", "SYNTHETIC: a scan means an hour on the bus.", 9, "approval",
         variant=CONCLAVE, outcome=NO, reasons="SYNTHETIC: it would help few people, and it is not said who reads the"
         " scans on the days when the hospital does not.",
         summary="SYNTHETIC: a van with a scanner would come to your town once a week."),
    Told("SYNTHETIC: memory clinics in two towns", "Dementia", "SYNTHETIC: families wait half a year for an answer.",
         10, "approval", variant=COMMON, outcome=YES, reasons="SYNTHETIC: the money is there and it can begin soon.",
         summary="SYNTHETIC: a memory clinic in your town sees you within six weeks, with whoever cares for you."),
    Told("SYNTHETIC: hearing tests in libraries", "Audiology", "SYNTHETIC: a new hearing aid takes four visits.", 11,
         "approval", variant=COMMON),
)  # fmt: skip
WAIVED = (
    ("clinician/allied", "SYNTHETIC: a physiotherapist joins when the pathway is drawn."),
    ("finance", "SYNTHETIC: finance reviews the case instead."),
    ("public-health", "SYNTHETIC: public health reviews the case instead."),
    ("patient", "SYNTHETIC: a patient is being sought; two were asked."),
)
STAGES: tuple[dict[str, str], ...] = (
    {"setting": "self", "what": "Knows the signs and has a plan at home", "who": "Patient and carers"},
    {"setting": "primary", "what": "Practice nurse looks twice a year", "who": "Practice nurse"},
    {"setting": "primary", "what": "Clinic near home within two days", "who": "Specialist nurse", "before": "acute"},
    {"setting": "acute", "what": "Hospital when the clinic cannot help", "who": "Consultant team"},
    {"setting": "primary", "what": "Called by the nurse a day after", "who": "Specialist nurse"},
    {"setting": "self", "what": "Plan at home is renewed", "who": "Patient and carers"},
)
OUTCOMES: tuple[dict[str, str], ...] = (
    {
        "text": "Fewer people come to hospital as emergencies",
        "indicator": "emergency admissions in 1,000 patients",
        "baseline": "SYNTHETIC: 9.1",
        "target": "SYNTHETIC: 7.5",
    },
    {"text": "People say that they can cope at home"},
)
PROSE = {
    "activity": "SYNTHETIC: 400 people are seen in a year, of whom 90 would have been admitted.",
    "finance": "SYNTHETIC: the clinic costs less than the admissions that it saves. A group's budget is cited.",
    "estates": "SYNTHETIC: one room on two days a week, in a health centre that is there.",
    "workforce": "SYNTHETIC: two specialist nurses, one of whom works in the hospital today.",
    "risks": "SYNTHETIC: the nurses cannot be found. Then the clinic opens on one day a week.",
    "safety": "SYNTHETIC: the same tests are made, and the consultant is on the telephone.",
    "summary": "SYNTHETIC: if your breath gets short, you will be seen near home within two days.",
    "other": "SYNTHETIC: the clinic is looked at again after a year, and can be closed with three months' notice.",
}
SHIFTS: tuple[dict[str, object], ...] = (
    {"giver": "SYNTHETIC hospital", "receiver": "SYNTHETIC clinic", "out": 190_000_00, "into": 150_000_00,
     "contract": "SYNTHETIC acute contract"},
)  # fmt: skip
