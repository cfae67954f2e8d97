"""Seeded accepted rows that reach every branch of pricing and attribution, and the laws to price them under."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from openpbc.activity.flow.pricing_law import geography, pricing_law
from openpbc.activity.rules.attribution import Dated, Geography, Hosting, Membership, Practice, as_known
from openpbc.activity.rules.law import PricingLaw
from openpbc.activity.rules.scheme import ContractLine, ContractTerms, Unbundling
from openpbc.activity.rules.tariff import BestPractice, TopUps
from openpbc.rulebook.reader import open_book
from tests.property.pricing.engines import Row, row

PLACE = "west-herts-2008"
_DAY = timedelta(days=1)
_PROVIDERS = ("RWG", "RWH", "RVL", "RC9", "RNO")  # the last one has no market forces factor
_METHODS = ("11", "12", "13", "21", "21", "21", "22", "24", "28", "2B", "31", "81", "82", "99", "")
_TURNS = tuple(
    date(2008, month, day)
    for month, day in ((3, 31), (4, 1), (6, 30), (7, 1), (7, 31), (8, 1), (9, 30), (10, 1), (10, 31), (11, 1))
)
_CLASSES = ("1", "1", "1", "2", "2", "3", "4", "5", "8", "")


def shipped_law() -> PricingLaw:
    """The law of the shipped place, as its book gives it."""
    return pricing_law(open_book(PLACE))


def rich_law() -> PricingLaw:
    """The shipped law with what its year leaves empty: top-ups, contract lines, terms."""
    law = shipped_law()
    topups = TopUps(
        {"children": 120_000, "spinal": 321_987},
        frozenset({("RWG", "children"), ("RWG", "spinal"), ("RC9", "spinal")}),
        (("Q", "children"), ("M54", "spinal"), ("V38", "spinal")),
    )
    lines = (
        ContractLine("RVL", "apc", "RADAY", "", "LOCAL", 12_345),
        ContractLine("RVL", "apc", "", "A05", "LOCAL", None),
        ContractLine("RVL", "apc", "NEL", "A04", "LOCAL", 99_901),
        ContractLine("RVL", "apc", "", "A04", "LOCAL", 50_001),
        ContractLine("RVL", "apc", "", "303", "BLOCK", None),
        ContractLine("RWH", "op", "NF2FFUP", "", "LOCAL", 2_150),
        ContractLine("RWH", "op", "", "143", "BLOCK", None),
        ContractLine("RWH", "op", "OPFASPCL", "143", "LOCAL", 6_001),
        ContractLine("RWH", "op", "", "B01", "LOCAL", 6_002),
        ContractLine("RWH", "op", "OPFASPNCL", "", "LOCAL", 4_400),
        ContractLine("RWH", "op", "", "430", "LOCAL", None),
        ContractLine("RC9", "ae", "AE", "V08", "LOCAL", 3_333),
        ContractLine("RC9", "ae", "", "V07", "BLOCK", None),
        ContractLine("RC9", "ae", "AE", "V06", "LOCAL", None),
    )
    unbundlings = (
        Unbundling("RWG", "A01", "B01", 10_000),
        Unbundling("RWG", "A02", "B01", 7_001),
        Unbundling("RWG", "A02", "J01", 9_999_999),
        Unbundling("RWH", "A03", "WF01", 3_333),
    )
    best = {
        ("A01", "DC", "BP1"): BestPractice("REPLACE", 44_401),
        ("A01", "EL", ""): BestPractice("ADD", 5_050),
        ("A01", "EL", "BP2"): BestPractice("REPLACE", 0),
        ("A02", "NEL", "BP1"): BestPractice("ADD", 12_345),
        ("A03", "NEL", ""): BestPractice("REPLACE", 90_001),
        ("B01", "OPPROC", "BP1"): BestPractice("REPLACE", 20_002),
        ("J01", "OPPROC", ""): BestPractice("ADD", 1_001),
    }
    remote = {("100", "TELE_FIRST", "SINGLE", "ADULT"): 4_400, ("100", "TELE_FOLLOW_UP", "SINGLE", "CHILD"): None}
    tariff = replace(law.tariff, topups=topups, best_practice=best, attendances={**law.tariff.attendances, **remote})
    terms = ContractTerms(lines, unbundlings, frozenset({"RWG", "RC9"}), {"RWH": False, "RC9": True})
    return replace(law, terms=terms, tariff=tariff)


def rich_places() -> Geography:
    """The shipped geography as known in November 2008, with hosting and a specialised service."""
    places = geography(open_book(PLACE))
    known = date(2008, 11, 30)
    hostings = (
        Hosting("RWG02", "5P9", Dated(date(2008, 4, 1), date(2008, 9, 30))),
        Hosting("RC9", "5GC", Dated(None, date(2008, 6, 30))),
    )
    return replace(
        places,
        practices=(*as_known(places.practices, known), Practice("E82990", "5P3", Dated(date(2008, 7, 1), None))),
        memberships=(
            *as_known(places.memberships, known),
            Membership("E82990", "DATCOM", "DATCOM", Dated(date(2008, 7, 1), date(2008, 10, 31))),
        ),
        hostings=hostings,
        specialised={"370": "Y54"},
        hosts={**places.hosts, "RVL09": "5A9"},
    )


class County:
    """Draws rows; the same seed gives the same rows."""

    def __init__(self, seed: int, law: PricingLaw, places: Geography) -> None:
        self.draw = random.Random(seed)
        self.groups = [*sorted(law.tariff.admitted)] * 2 + ["U01", "Z99", "AA22C", *[""] * 8]
        self.functions = sorted({key[0] for key in law.tariff.attendances})
        self.practices = [p.practice for p in places.practices] + ["E82990", "V81997", "V81998", "V81999", "X99999", ""]
        self.line = 0

    def pick(self, *choices: str) -> str:
        return self.draw.choice(choices)

    def rarely(self, text: str, otherwise: str = "", chance: int = 25) -> str:
        return text if self.draw.randrange(chance) == 0 else otherwise

    def day(self) -> date:
        """Draw a day of the year or a little outside; often one on which something begins or ends."""
        if self.draw.randrange(6) == 0:
            return self.draw.choice(_TURNS)
        return date(2008, 3, 20) + self.draw.randrange(390) * _DAY

    def whose(self) -> dict[str, str]:
        admin = self.rarely(self.pick("02", "03", "04"), "01")
        csn = self.rarely("12345=", self.pick("123450", "", "9"))
        codes = self.pick("VPP00", "TDH00", "XMD00", "ZZZ99", "")
        return {
            "provider": self.pick(*_PROVIDERS), "site": self.pick("RWG01", "RWG02", "RVL09", ""),
            "commissioner": self.rarely(codes, self.pick("5P4", "5P3"), 8), "csn": csn,
            "admin_category": admin, "practice": self.draw.choice(self.practices),
            "postcode": self.pick(  # the first half decides, the longest listed start of it wins
                "AL1 1AA", "AL101AA", "hp23 4xx", "SG8 7YY", "ZZ993WZ", "W", "", "WD17 2BB", "HA4 1AA",
                "HP11 1AA", "HP201AA", "W1A 1AA",
            ),
        }  # fmt: skip

    def pathway(self) -> str:
        return self.rarely(f"P{self.draw.randrange(300)}", "", 3)

    def next(self) -> tuple[int, str]:
        self.line += 1
        return self.line, f"f{self.draw.randrange(3):011d}"

    def spell(self, number: int) -> list[Row]:
        """One spell of one to three episodes, sometimes with a number missing, dates reversed or still open."""
        episodes = self.draw.choice((1, 1, 1, 1, 2, 3))
        admitted = self.day()
        stay = self.draw.choice((0, 0, 1, 1, 2, 3, 5, 8, 13, 21, 40, 90))
        discharged = None if self.draw.randrange(20) == 0 else admitted + stay * _DAY
        if self.draw.randrange(60) == 0:
            discharged = admitted - _DAY
        delay = self.draw.choice((0, 0, 0, 1, 4, 30))
        spell = {
            **self.whose(), "spell_no": self.rarely("", f"S{number}", 40), "adm_method": self.pick(*_METHODS),
            "patient_class": self.pick(*_CLASSES), "adm_date": None if self.draw.randrange(80) == 0 else admitted,
            "dis_date": discharged, "age": self.draw.choice((0, 5, 16, 17, 18, 19, 20, 45, 70, 91, None)),
            "ready_date": discharged - delay * _DAY if discharged and delay else None,
            "adm_source": self.rarely("39", "19"), "hrg_spell": self.draw.choice(self.groups),
        }  # fmt: skip
        return [self._episode(spell, at, admitted, stay) for at in range(1, episodes + 1)]

    def _episode(self, spell: dict[str, object], at: int, admitted: date, stay: int) -> Row:
        line, file = self.next()
        start = admitted + min(stay, at - 1) * _DAY
        own: dict[str, object] = {
            "epi_no": None if self.draw.randrange(30) == 0 else at,
            "epi_start": None if self.draw.randrange(40) == 0 else start,
            "epi_end": start + self.draw.randrange(stay + 1) * _DAY,
            "tfc": self.pick("100", "110", "303", "370", "711", "420", ""),
            "critical_care_days": self.draw.choice((None, 0, 0, 0, 1, 3, 9)),
            "los_adj_rehab": self.draw.choice((None, 0, 0, 0, 2)),
            "los_adj_spc": self.draw.choice((None, 0, 0, 0, 4)),
            "hrg_fce": self.draw.choice(self.groups), "proc_01": self.pick("W371", "V382", "", ""),
            "diagnoses": self.pick("M545", "Q210", "I10X", "") + self.pick(";M541", ";;;;;;;;;;;;M541", ""),
            "unbundled_hrg": self.rarely(self.pick("XU1", "XU1;XU2", "XU2;XU2", "XU3", "XU9, XU1", ";XU2,"), "", 8),
            "bpt_flag": self.pick("BP1", "BP2", "", ""), "pathway_id": self.pathway(),
        }  # fmt: skip
        if spell["ready_date"] and self.draw.randrange(3) == 0:
            own["ready_date"] = admitted
        return row("apc", line, file=file, **(spell | own))

    def appointment(self) -> Row:
        line, file = self.next()
        return row(
            "op", line, file=file, **self.whose(), attendance_id=self.rarely("", f"A{line}"),
            appointment_date=None if self.draw.randrange(80) == 0 else self.day(),
            age=self.draw.choice((0, 10, 16, 17, 40, 80, None)),
            first_attendance=self.pick("1", "1", "2", "2", "2", "3", "4", "5", ""),
            attended_or_dna=self.pick("5", "5", "5", "5", "6", "2", "3", "4", "7", "0", ""),
            multi_professional_ind=self.pick("", "0", "1", "Y"), main_spec=self.pick("100", "300", "950", "560", ""),
            tfc=self.draw.choice([*self.functions, "711", "999", ""]),
            hrg=self.draw.choice([*self.groups, *[""] * 100, *("WF01", "B01", "C01", "F01", "J01", "J02") * 3]),
            unbundled_hrg=self.rarely(self.pick("XU1", "XU1 XU3", "XU2,XU9"), "", 12),
            bpt_flag=self.pick("BP1", "BP2", "", ""), pathway_id=self.pathway(),
        )  # fmt: skip

    def arrival(self) -> Row:
        line, file = self.next()
        return row(
            "ae", line, file=file, **self.whose(), attendance_id=self.rarely("", f"E{line}"),
            arrival_date=None if self.draw.randrange(80) == 0 else self.day(), age=self.draw.choice((4, 40, None)),
            department_type=self.pick("01", "01", "01", "02", "03", "04", ""), disposal=self.pick("03", "01", "12"),
            hrg=self.pick("V01", "V02", "V03", "V04", "V05", "V06", "V07", "V08", "DOA", "V99", "U06", "A01", ""),
        )  # fmt: skip

    def rows(self, spells: int, appointments: int, arrivals: int) -> dict[str, list[Row]]:
        """Rows of the three streams, shuffled."""
        made = {
            "apc": [episode for number in range(spells) for episode in self.spell(number)],
            "op": [self.appointment() for _ in range(appointments)],
            "ae": [self.arrival() for _ in range(arrivals)],
        }
        for rows in made.values():
            self.draw.shuffle(rows)
        return made
