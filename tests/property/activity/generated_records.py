"""Invents records with every kind of fault, by a seed: mostly sensible values, with awkward ones in between."""

from __future__ import annotations

import random
from datetime import date, timedelta

from openpbc.activity.flow.canonical import CODED, DATES, FIELDS, NUMBERS, TIMES
from openpbc.activity.rules.checks import Lists
from openpbc.kernel.periods import Month

Record = dict[str, str | None]

MONTH = Month(2008, 6)
ODD_DAYS = (
    "1879-12-31", "1880-01-01", "1800-01-01", "2008-02-29", "2007-02-29", "1900-02-29", "2000-02-29", "2008-06-31",
    "2008-13-01", "2008-6-1", "20080601", "01/06/2008", "2008-06-01 ", "2199-12-31", "2200-01-01", "0000-00-00", "x",
)  # fmt: skip
ODD_TIMES = ("00:00", "23:59", "24:00", "9:30", "12:60", "1200", "noon")
ODD_NUMBERS = ("0", "00", "9999", "10000", "-1", "1.0", "1e2", "", "0x1F", "x")
NHS_NUMBERS = (
    "9990000018", "9990000026", "9990000034", "9434765919", "999 000 0018", "999-000-0026", "9990000019", "999000001",
    "1111111111", "1111122222", "ABCDEFGHIJ", "99900000181", " 990000018", "4444499999",
)  # fmt: skip
PROVIDERS = ("RWG", "RWG00", "RWH", "rwg", "RXX", "R", "RWG0000", "RWG-1")
COMMISSIONERS = ("5P4", "5P3", "Q99", "X98", "VPP00", "TDH00")
PRACTICES = ("E82901", "E82904", "E82001", "V81997", "V81999", "e82901", "ALD001", "12345", "Y00001")
POSTCODES = ("WD17 9IV", "WD179IV", "AL1 1AA", "ZZ99 3VZ", "ZZ99", "wd17 1aa", "UNKNOWN", "EC1A 1BB")
DIAGNOSES = (
    "I10X",
    "I10",
    "R69X",
    "R69.X",
    "O80.0",
    "N40X",
    "N514",
    "N52X",
    "W190",
    "V011",
    "Y836",
    "x",
    "F32.1D",
    "Z37",
)
PROCEDURES = ("W371", "W37.1", "Y828", "Z942", "W37", "1234", "w371", "O161")
GROUPS = ("A01", "U06", "U0", "UZ01Z", "H80", "")
SERIALS = ("ACUTE1", "ELSEW=", "X=  ", "=Y", "=")
BELONGS = {
    "nhs_number": NHS_NUMBERS, "provider": PROVIDERS, "commissioner": COMMISSIONERS, "practice": PRACTICES,
    "postcode": POSTCODES, "csn": SERIALS, "diag_01": DIAGNOSES, "diag_02": DIAGNOSES, "diag_03": DIAGNOSES,
    "proc_01": PROCEDURES, "proc_02": PROCEDURES, "hrg_spell": GROUPS, "hrg_fce": GROUPS, "hrg": GROUPS,
    "episode_status": ("1", "3"),
}  # fmt: skip


class Inventor:
    """Draws records of one stream; the same seed gives the same records."""

    def __init__(self, stream: str, lists: Lists, seed: int) -> None:
        self.stream, self.lists, self.dice = stream, lists, random.Random(f"{stream} {seed}")

    def records(self, number: int) -> list[Record]:
        """Draw records; now and then one repeats an earlier key, sometimes with all its content."""
        made: list[Record] = []
        for at in range(number):
            record = self._record(at)
            if made and self.dice.random() < 0.02:
                twin = self.dice.choice(made)
                record = dict(twin) if self.dice.random() < 0.4 else {**record, "cds_unique_id": twin["cds_unique_id"]}
            made.append(record)
        return made

    def _record(self, at: int) -> Record:
        start = MONTH.first + timedelta(days=self.dice.randrange(-8, 38))
        record: Record = {name: self._value(name, start) for name in FIELDS[self.stream]}
        number = record["nhs_number"] or ""
        record["cds_unique_id"] = self.dice.choice(
            [f"K{at:08d}", f"K{at:08d}", f"K{at:08d}", f"K{number}", f"K{(record['dob'] or '').replace('-', '')}", None]
        )
        if self.stream == "apc":
            record["spell_no"] = self.dice.choice([f"S{at // 3}", f"S{at // 3}", f"S{self.dice.randrange(40)}", None])
            record["epi_no"] = self.dice.choice([f"{at % 3 + 1:02d}", str(at % 3 + 1), record["epi_no"]])
            record["last_epi"] = self.dice.choice(["1" if at % 3 == 2 else "2", record["last_epi"]])
        else:
            record["attendance_id"] = self.dice.choice([f"A{at}", f"A{at}", None])
        return record

    def _value(self, name: str, start: date) -> str | None:
        if self.dice.random() < 0.08:
            return None
        if name in DATES:
            return self._day(name, start)
        if name in TIMES:
            odd = self.dice.random() < 0.05
            return (
                self.dice.choice(ODD_TIMES) if odd else f"{self.dice.randrange(24):02d}:{self.dice.randrange(60):02d}"
            )
        if name in NUMBERS:
            odd = self.dice.random() < 0.1
            return (
                (self.dice.choice(ODD_NUMBERS) or None) if odd else str(self.dice.randrange(90 if name == "age" else 5))
            )
        if name in BELONGS:
            return self.dice.choice(BELONGS[name]) or None
        if name in CODED[self.stream]:
            listed = sorted(self.lists.codes[name])
            return self.dice.choice([*listed, "77", "?"]) if self.dice.random() < 0.2 else self.dice.choice(listed)
        return self.dice.choice(["a", "b"])

    def _day(self, name: str, start: date) -> str:
        if self.dice.random() < 0.06:
            return self.dice.choice(ODD_DAYS)
        if name == "dob":
            return (start - timedelta(days=self.dice.choice([0, 1, -3, *range(300, 30_000, 371)]))).isoformat()
        return (start + timedelta(days=self.dice.choice([0, 0, 0, 0, 1, 2, -1, 3, 9, -30]))).isoformat()
