"""One line of a financial plan: what it is for, how its amount is made, and what is wrong with it.

Amounts are in pence and signed as the plan counts them: money of the year (section *allocation*) and uses of money
(every other section) are both positive, a saving or a reduction is negative.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.money import LARGEST_SUM, apply_ppm, pounds

ALLOCATION, DEPOSIT = "allocation", "deposit"
SECTIONS = (
    ALLOCATION,
    "outturn",
    "inflation",
    "full-year effect",
    "cost pressure",
    "investment",
    "saving",
    "reserve",
    DEPOSIT,
)
COMMITTED = tuple(section for section in SECTIONS if section not in (ALLOCATION, DEPOSIT))
METHODS = (
    "entered",
    "uplift",
    "growth",
    "full-year effect",
    "cost pressure",
    "investment",
    "saving",
    "reserve",
)
COMPUTED = ("uplift", "growth", "reserve")
RECURRENCES = ("", "recurrent", "non-recurrent", "mixed", "one-off release")
NON_RECURRENT = "non-recurrent"
BUSINESS_CASE, NEW = "business case", "new"
ORIGINS = ("", BUSINESS_CASE, NEW)
SCOPES = ("", "in", "out")
LONGEST = {"label": 200, "heading": 60, "rate_source": 80, "link": 60, "priority": 200, "note": 1000, "citation": 300}
FILE = "plan"

_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
# Which ways of making an amount make sense where; "entered" does everywhere.
_FITTING = {
    ALLOCATION: ("uplift", "growth"),
    "outturn": (),
    "inflation": ("uplift", "growth"),
    "full-year effect": ("full-year effect",),
    "cost pressure": ("cost pressure",),
    "investment": ("investment", "saving"),
    "saving": ("saving",),
    "reserve": ("reserve",),
    DEPOSIT: (),
}


@dataclass(frozen=True)
class PlanLine:
    """One line. ``code`` names it in its version; ``heading`` is the budget that it changes (such as prescribing).

    ``base`` and ``rate`` (parts per million) make the amount where the method computes it, and ``rate_source`` says
    where the rate comes from: a rate of the plan (``tariff``), an id of the rulebook, or nothing if a person entered
    it. ``link`` is the code of a group with a plan, or the commissioner's own mark. ``runs_on`` says that the
    development may start and not finish within the year.
    """

    code: str
    label: str
    section: str
    method: str = "entered"
    recurrence: str = ""
    provisional: bool = False
    amount: int = 0
    base: int | None = None
    rate: int | None = None
    rate_source: str = ""
    origin: str = ""
    link: str = ""
    priority: str = ""
    scope: str = ""
    note: str = ""
    citation: str = ""
    heading: str = ""
    runs_on: bool = False

    @property
    def effect(self) -> int:
        """What the line does to the balance: money of the year adds, a use of money takes away."""
        return self.amount if self.section == ALLOCATION else -self.amount


def amount_of(line: PlanLine) -> int:
    """Give the amount that a line's method makes: base times rate, rounded once, or the amount as entered.

    A non-recurrent line takes no uplift unless somebody enters its rate, so its missing rate counts as nought.
    """
    if line.method not in COMPUTED:
        return line.amount
    return apply_ppm(line.base or 0, line.rate or 0)


def names_no_plan(line: PlanLine) -> bool:
    """Whether a line invests and names neither a group's plan nor the commissioner: not submitted without a reason."""
    return line.section == "investment" and line.amount > 0 and not line.link


def code_from(label: str, taken: Collection[str]) -> str:
    """Make a line's code from its name: letters, digits and underscores, and a number where it is taken already."""
    made = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:50].strip("_")
    stem = made if made[:1].isalpha() else f"line_{made}".strip("_")
    numbered = (f"{stem}_{number}" for number in count(2))
    return stem if stem not in taken else next(code for code in numbered if code not in taken)


def check_lines(lines: Sequence[PlanLine], links: Collection[str] | None = None) -> tuple[Finding, ...]:
    """Give what is wrong with the lines of a plan; fatal and error findings keep a line out, warnings do not.

    ``links`` are the codes that a line may be linked to; none means that they are not known here. Lines are counted
    from 1, in the order given.
    """
    seen = Counter(line.code for line in lines)
    return tuple(
        Finding(rule, level, Place(FILE, number, field), sentence)
        for number, line in enumerate(lines, start=1)
        for rule, level, field, sentence in _faults(line, seen[line.code], links)
    )


_Fault = tuple[str, Level, str, str]


def _faults(line: PlanLine, times: int, links: Collection[str] | None) -> Iterator[_Fault]:
    yield from _naming(line, times)
    wrong_words = tuple(_words(line))
    yield from wrong_words
    if not wrong_words:
        yield from _making(line)
        yield from _signs(line)
        yield from _tracing(line, links)


def _naming(line: PlanLine, times: int) -> Iterator[_Fault]:
    if not _CODE.fullmatch(line.code):
        what = f"'{line.code[:40]}' is no code: write lower-case letters, digits and underscores, a letter first."
        yield "PV-01", Level.FATAL, "code", what
    if times > 1:
        yield "PV-02", Level.FATAL, "code", f"The code {line.code[:60]} names {times} lines: give each its own."
    if not line.label.strip():
        yield "PV-03", Level.FATAL, "label", "The line has no name: say what the money is for."
    for field, longest in LONGEST.items():
        if len(getattr(line, field)) > longest:
            yield "PV-04", Level.FATAL, field, f"The text is longer than {longest} characters: shorten it."


def _words(line: PlanLine) -> Iterator[_Fault]:
    allowed = {
        "section": SECTIONS, "method": METHODS, "recurrence": RECURRENCES, "origin": ORIGINS, "scope": SCOPES
    }  # fmt: skip
    for field, words in allowed.items():
        written = getattr(line, field)
        if written not in words:
            choice = ", ".join(word or "(empty)" for word in words)
            yield "PV-05", Level.FATAL, field, f"'{written[:40]}' is no {field} of a plan: choose one of {choice}."


def _making(line: PlanLine) -> Iterator[_Fault]:
    if line.method != "entered" and line.method not in _FITTING[line.section]:
        fitting = ", ".join(("entered", *_FITTING[line.section]))
        what = f"The method {line.method} does not fit the section {line.section}: choose {fitting}."
        yield "PV-06", Level.ERROR, "method", what
    for field in ("amount", "base", "rate"):
        if abs(getattr(line, field) or 0) > LARGEST_SUM:
            yield "PV-07", Level.FATAL, field, "The number is too large for a plan: check its decimals and its unit."
            return
    if line.method in COMPUTED and line.base is None:
        yield "PV-08", Level.ERROR, "base", f"The method {line.method} needs the amount that the rate is applied to."
    if line.method in COMPUTED and line.rate is None and line.recurrence != NON_RECURRENT:
        yield "PV-09", Level.ERROR, "rate", f"The method {line.method} needs a rate: name its source or enter it."
    made = amount_of(line)
    if made != line.amount:
        what = f"The amount is {pounds(line.amount)}, but base and rate make {pounds(made)}: take one of them."
        yield "PV-10", Level.ERROR, "amount", what


def _signs(line: PlanLine) -> Iterator[_Fault]:
    if "saving" in (line.method, line.section) and line.amount > 0:
        what = "A saving is written with a minus, since it lowers spending."
        yield "PV-11", Level.ERROR, "amount", what
    if line.section in ("reserve", DEPOSIT) and line.amount < 0:
        what = f"A {line.section} is money that is set aside: write it without a minus."
        yield "PV-12", Level.ERROR, "amount", what


def _tracing(line: PlanLine, links: Collection[str] | None) -> Iterator[_Fault]:
    if line.link and links is not None and line.link not in links:
        what = f"'{line.link}' is no plan that a line can be linked to: choose one of {', '.join(sorted(links))}."
        yield "PV-13", Level.ERROR, "link", what
    if line.section == "investment" and line.amount > 0:
        if names_no_plan(line):
            yield "PV-14", Level.WARNING, "link", f"{line.label} names no plan that asks for it."
        if line.origin == NEW and not line.priority.strip():
            what = f"{line.label} is new and names no national or local target that it serves."
            yield "PV-15", Level.WARNING, "priority", what
    if line.section in ("cost pressure", "investment") and not line.amount:
        yield "PV-17", Level.WARNING, "amount", f"{line.label} came without its cost."
    if line.section in ("cost pressure", "investment") and line.amount > 0 and not line.origin:
        what = f"{line.label} does not say whether the business case had it or it is new."
        yield "PV-16", Level.WARNING, "origin", what
