"""Files as providers send them, by a seed: records that are right, most of them spoiled in one to three places."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from openpbc.activity.flow.canonical import CODED, FIELDS
from openpbc.activity.flow.layouts import Layout
from openpbc.activity.rules.checks import CHECKS, FileFacts, Kind, Lists
from openpbc.kernel.periods import Month
from tests.property.activity.generated_records import BELONGS, ODD_DAYS, ODD_NUMBERS, ODD_TIMES
from tests.property.activity.layouts import kind_of

Texts = dict[str, str | None]  # canonical field -> the text that stands in the file, None where it is empty

ODD_CODES = ("12", "45", "7", "70", "99", "98", "1 ", " 1", "01", "x", "é", "=", "&", "-")
ODD_TEXTS: Mapping[str, tuple[str, ...]] = {
    "nhs_number": ("999\t0000018", "9990000018\u00a0", "99900\u00a000018", "999 000 001", "1234567890", "10000000000"),
    "csn": ("12=", "12= ", "12=  ", "12=\t", "12=\u00a0", "=12", "=", " "),
    "postcode": ("ZZ993VZ", "ZZ9", "AL1\u00a01AA", "W1A1HQ", "M1 1AE", "CR2 6XH", "AL1 1AA "),
    "provider": ("RWG00", "RWH00", "RWG\u00a0", "R1G00", "AB100", "89999", "ABCDEFG"),
    "diag_01": ("O00", "O999", "N40", "N4X0", "N51.8", "N39X", "R69", "R69X1", "V", "I10.X.", "É10X"),
    "proc_01": ("Z", "Y", "W37.1.", "X403"),
    "hrg_spell": ("U1", "U100", "U99", "u01", "A01"),
}
# What a layout's special texts stand for is told by its words; any of them may stand anywhere.
_CHECKED = {stream: frozenset(check.field for check in listed) for stream, listed in CHECKS.items()}
SPECIAL = ("&", "-", "1800-01-01", "1801-01-01", "3000", "4000", "  ", "\t", "7003", "7003.0", "45.0", "700", "0930")


@dataclass(frozen=True)
class Sent:
    """One file: what is known of it, the texts of its records by line, and the lines that are no records."""

    layout: Layout
    stream: str
    facts: FileFacts
    records: Mapping[int, Texts]
    broken_lines: Mapping[int, tuple[str, str]]  # line -> text, rule

    @property
    def columns(self) -> list[str]:
        """The columns of the file, in order, each once."""
        return list(dict.fromkeys(self.layout.fields[self.stream].values()))

    def bytes(self) -> bytes:
        """Write the file; empty fields stand with and without quotes, and the last line has no end."""
        lines = [self._line(dict(zip(self.columns, self.columns, strict=True)))]
        for at in range(1, len(self.records) + len(self.broken_lines) + 1):
            if at in self.broken_lines:
                lines.append(self.broken_lines[at][0])
            else:
                fields = self.layout.fields[self.stream]
                lines.append(self._line({fields[name]: text for name, text in self.records[at].items()}))
        return "\n".join(lines).encode()

    def _line(self, texts: Mapping[str, str | None]) -> str:
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow([texts.get(column) or "" for column in self.columns])
        return out.getvalue()


class Sender:
    """Draws the records of one file; the same seed gives the same file."""

    def __init__(self, layout: Layout, stream: str, facts: FileFacts, clean: Mapping[str, str], lists: Lists) -> None:
        self.layout, self.stream, self.facts, self.clean, self.lists = layout, stream, facts, clean, lists
        self.dice = random.Random(f"{layout.id} {stream} {facts.sender}")
        self.names = [name for name in FIELDS[stream] if name in layout.fields[stream]]

    def file(self, number: int) -> Sent:
        """Draw a file of about so many records, with some lines that are none."""
        texts = [one for at in range(number) for one in self._records(at)]
        for at in range(len(texts)):
            if self.dice.random() < 0.01:  # the same key again, sometimes with all that goes with it
                twin = self.dice.choice(texts[: at + 1])
                texts[at] = dict(twin) if self.dice.random() < 0.5 else self._with_key(texts[at], twin)
        lines = list(range(1, len(texts) + 1 + number // 100))
        broken = sorted(self.dice.sample(lines[:-1], number // 100))
        whole = [at for at in lines if at not in broken]
        kinds = (("", "L-01"), ("  ", "L-01"), ("1,2", "L-02"), (",".join("x" * 90), "L-02"), ('1"2",3', "L-03"))
        return Sent(
            self.layout, self.stream, self.facts, dict(zip(whole, texts, strict=True)),
            {at: self.dice.choice(kinds) for at in broken},
        )  # fmt: skip

    def _with_key(self, record: Texts, twin: Texts) -> Texts:
        return self._one_text_a_column({**record, "cds_unique_id": twin.get("cds_unique_id")})

    def _one_text_a_column(self, texts: Texts) -> Texts:
        """Give fields that share a column the same text: that of the first."""
        columns = self.layout.fields[self.stream]
        first: dict[str, str] = {}
        for name, column in columns.items():
            first.setdefault(column, name)
        return {name: texts.get(first[column]) for name, column in columns.items()}

    def _records(self, at: int) -> list[Texts]:
        record: dict[str, str] = {**self.clean, "cds_unique_id": f"{self.facts.sender}{at:09d}"}
        record |= {"provider": self.facts.sender or "RZZ"}
        if self.stream != "apc":
            return [self._spoiled({**record, "attendance_id": f"A{at}"})]
        record["spell_no"] = f"S{at}"
        return [self._spoiled(one) for one in self._episodes(record)]

    def _episodes(self, record: dict[str, str]) -> list[dict[str, str]]:
        """Split a stay into one to three episodes that follow each other."""
        number = self.dice.choice((1, 1, 2, 3)) if "last_epi" in self.names else 1
        days = [(date(2008, 6, 2) + timedelta(days=at)).isoformat() for at in range(number)] + [record["dis_date"]]
        episodes = [
            {
                **record, "cds_unique_id": f"{record['cds_unique_id']}/{at}", "epi_no": f"{at + 1:02d}",
                "epi_start": days[at], "epi_end": days[at + 1], "last_epi": "1" if at + 1 == number else "2",
            }
            for at in range(number)
        ]  # fmt: skip
        if self.dice.random() < 0.1:
            self.dice.shuffle(episodes)
        return episodes

    def _spoiled(self, record: Mapping[str, str]) -> Texts:
        texts: Texts = {name: self._written(name, record[name]) for name in self.names if name in record}
        for _ in range(self.dice.choice((0, 0, 1, 1, 2, 3))):
            # mostly what records say and checks read; now and then what is only carried
            told = [each for each in self.names if each in record or each in _CHECKED[self.stream]]
            name = self.dice.choice(told if self.dice.random() < 0.95 else self.names)
            texts[name] = self._odd(name, record)
        return self._one_text_a_column(texts)

    def _written(self, name: str, text: str) -> str:
        """Write a text as the layout does."""
        if self.layout.words.get("times") == "HHMM" and kind_of(name) is Kind.TIME:
            text = text.replace(":", "")
        return f"{text}  " if self.layout.words.get("padded") and self.dice.random() < 0.2 else text

    def _odd(self, name: str, record: Mapping[str, str]) -> str | None:
        if self.dice.random() < 0.2:
            return None
        if name == "cds_unique_id" and self.dice.random() < 0.7:
            born = record.get("dob", "").split("-")
            digits = self.dice.choice((record.get("nhs_number", ""), "".join(born), "".join(reversed(born))))
            return f"K{digits}{self.dice.randrange(10**6)}X"
        if self.dice.random() < 0.15:
            return self.dice.choice(SPECIAL)
        return self._written(name, self.dice.choice(self._pool(name)))

    def _pool(self, name: str) -> Sequence[str]:
        kind = kind_of(name)
        if kind is Kind.DATE:
            near = [(date(2008, 6, 5) + timedelta(days=at)).isoformat() for at in (*range(-5, 6), -40, 26)]
            return [*ODD_DAYS, *near, *near]
        if kind is Kind.TIME:
            return [*ODD_TIMES, *(f"{hour:02d}:{minute:02d}" for hour in (0, 9, 22, 23) for minute in (0, 9, 10, 51))]
        if name in BELONGS:
            return [*BELONGS[name], *ODD_TEXTS.get(name, ())]
        if name in CODED[self.stream]:
            listed = sorted(self.lists.codes[name])
            return [*self.dice.sample(listed, min(12, len(listed))), *ODD_CODES]
        return [*ODD_NUMBERS, "1", "2", "4", "60", "61", *ODD_CODES]


def senders(layouts: Mapping[str, Layout], clean: Mapping[str, Mapping[str, str]], lists: Lists) -> list[Sender]:
    """Give the senders of the month's files, and of the yearly extracts that belong to no month."""
    month = Month(2008, 6)
    own = layouts["openpbc-cds"]
    made = [
        Sender(own, stream, FileFacts(provider, True, month), clean[stream], lists)
        for provider in ("RWG", "RWH")
        for stream in own.fields
    ]
    extracts = [(layouts[name], stream) for name in ("hes-apc", "hes-op", "hes-ae") for stream in layouts[name].fields]
    made += [
        Sender(layout, stream, FileFacts(None, False, None, frozenset(layout.without)), clean[stream], lists)
        for layout, stream in extracts
    ]
    return made
