"""Explains what a first submission earned, and how good a field is: shares as ratios, the rest as steps."""

from __future__ import annotations

from openpbc.activity.reads.log import Result, month_log, results, standard
from openpbc.activity.reads.quality import StreamQuality, provider_quality
from openpbc.activity.rules.quality import Quality
from openpbc.activity.rules.timeliness import Judged, Share, Standard
from openpbc.kernel.citations import Citation
from openpbc.kernel.money import ratio_ppm
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation, Ratio, Step
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

RESULT, QUALITY = "first-result", "data-quality"
RESULT_MEASURES = ("working-day", "nhs-number", "hrg", "amount")
STATES = ("valid", "stand_in", "invalid", "missing")
INCENTIVE = Citation("west-herts-intentions-2008-09", "Coding, target 1.2", "S")
MEASURED = Citation("openpbc-domain-notes", "Data quality", "R")


def result_address(place: str, result: Result, measure: str) -> str:
    """Give the address of one figure of a first submission's result."""
    slot = result.slot
    return f"{RESULT}/{place}/{slot.provider}/{slot.month}/{slot.stream}/{measure}"


def quality_address(place: str, provider: str, month: Month, stream: str, field: str, measure: str) -> str:
    """Give the address of one figure of a field's quality; measure is a state, or share."""
    return f"{QUALITY}/{place}/{provider}/{month}/{stream}/{field}/{measure}"


def _nowhere(address: str) -> UserError:
    return UserError(f"'{address[:120]}' names no figure of a submission", do="Open the figure from its page again.")


def explain_result(address: str) -> Explanation:
    """Explain ``first-result/<place>/<provider>/<month>/<stream>/<measure>``."""
    parts = address.split("/")
    if len(parts) != 6 or parts[5] not in RESULT_MEASURES:
        raise _nowhere(address)
    book, month, measure = organisations.book(parts[1]), Month.parse(parts[3]), parts[5]
    held = standard(book)
    found = next((r for r in results(book, month_log(book, month, parts[2])) if r.slot.stream == parts[4]), None)
    if found is None or found.judged is None or found.slot.first is None or not isinstance(held, Standard):
        raise _nowhere(address)
    title = f"{found.slot.provider}, {found.slot.stream}, {month.name}: first complete submission"
    evidence = (("file", found.slot.first.submission.sha256), ("book", book.hash))
    if measure in ("nhs-number", "hrg"):
        return _share(address, title, measure, found.judged, evidence)
    if measure == "amount":
        return _amount(address, title, found, held, evidence)
    arrived = found.slot.first.submission.arrived_at
    day = found.judged.working_day
    step = Step("activity.working_day", "Working days after the month, up to the day it counts for", day,
                (("arrived", arrived.isoformat()),), INCENTIVE)  # fmt: skip
    formula = "weekends and holidays count as the next working day; at or after the cut-off the next day counts"
    return Explanation(address, title, day, "count", formula, (step,), citations=(INCENTIVE,), evidence=evidence)


def _share(
    address: str, title: str, measure: str, judged: Judged, evidence: tuple[tuple[str, str], ...]
) -> Explanation:
    share: Share | None = judged.nhs_number if measure == "nhs-number" else judged.hrg
    if share is None or not share.whole:
        raise _nowhere(address)
    what = "carry a valid NHS number" if measure == "nhs-number" else "are grouped to a valid resource group"
    return Explanation(
        address,
        f"{title}: records that {what}",
        ratio_ppm(share.part, share.whole),
        "ppm",
        f"{share.part:,} of {share.whole:,} records; the standard is held against the counts, not the rounded share",
        ratio=Ratio(share.part, share.whole),
        citations=(INCENTIVE,),
        evidence=evidence,
    )


def _amount(
    address: str, title: str, found: Result, held: Standard, evidence: tuple[tuple[str, str], ...]
) -> Explanation:
    judged = found.judged
    if found.amount is None or judged is None:
        raise _nowhere(address)
    inputs = (
        ("working day", f"{judged.working_day}"),
        ("class by day", judged.timely.value),
        ("NHS number reached", "yes" if judged.nhs_number_ok else "no"),
        ("resource group reached", _groups_reached(judged)),
        ("scope", held.scope),
    )
    step = Step("activity.incentive", f"Incentive, class {found.paid.value}", found.amount, inputs, INCENTIVE)
    formula = "the class of the working day if both standards are reached, else none"
    return Explanation(
        address, f"{title}: incentive", found.amount, "pence", formula, (step,), citations=(INCENTIVE,),
        evidence=evidence,
    )  # fmt: skip


def _groups_reached(judged: Judged) -> str:
    if judged.hrg is None:
        return "not judged, no record is to be grouped"
    return "yes" if judged.hrg_ok else "no"


def explain_quality(address: str) -> Explanation:
    """Explain ``data-quality/<place>/<provider>/<month>/<stream>/<field>/<state or share>``."""
    parts = address.split("/")
    if len(parts) != 7 or parts[6] not in (*STATES, "share"):
        raise _nowhere(address)
    book, month = organisations.book(parts[1]), Month.parse(parts[3])
    stream = _stream(book, parts[2], month, parts[4])
    found = next((each for _, each in stream.fields if each.field == parts[5]), None) if stream else None
    if stream is None or stream.file is None or found is None:
        raise _nowhere(address)
    title = f"{parts[2]}, {month.name}: {parts[5]} in {parts[4]}"
    evidence = (("file", stream.file.submission.sha256), ("book", book.hash))
    if parts[6] == "share":
        if not found.whole:
            raise _nowhere(address)
        formula = "valid / (valid + stand-in + invalid + missing)"
        return Explanation(
            address, title, ratio_ppm(found.valid, found.whole), "ppm", formula,
            ratio=Ratio(found.valid, found.whole), citations=(MEASURED,), evidence=evidence,
        )  # fmt: skip
    return _count(address, title, found, parts[6], evidence)


def _count(address: str, title: str, found: Quality, state: str, evidence: tuple[tuple[str, str], ...]) -> Explanation:
    value: int = getattr(found, state)
    others = tuple((name.replace("_", "-"), f"{getattr(found, name):,}") for name in STATES if name != state)
    step = Step("activity.quality", f"Records whose field is {state.replace('_', '-')}", value, others, MEASURED)
    formula = "counted over the records of the file that counts"
    return Explanation(address, title, value, "count", formula, (step,), citations=(MEASURED,), evidence=evidence)


def _stream(book: Book, provider: str, month: Month, stream: str) -> StreamQuality | None:
    found = provider_quality(book, provider, month)
    return next((each for each in found.streams if each.stream == stream), None)
