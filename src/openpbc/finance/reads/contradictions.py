"""What stands behind a statement on the deposit, held against each other: scenario, version of the plan, and sum."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from openpbc.finance.reads import plan_versions as plans
from openpbc.finance.reads.settings import Settings
from openpbc.finance.rules.contradictions import Claim, Contradiction, contradictions
from openpbc.finance.rules.plan_versions import APPROVED, SUBMITTED, SUPERSEDED
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

# A version in another state may still change, or was taken back: nothing can be said to rest on it.
FIXED = (SUBMITTED, APPROVED, SUPERSEDED)


def of_deposit(book: Book, settings: Settings, stated: int) -> tuple[Contradiction, ...]:
    """Hold a stated deposit against what its scenario sets aside."""
    return contradictions(stated, tuple(_scenario(book, settings)))


def of_submission(book: Book, settings: Settings, version: int | None, stated: int) -> tuple[Contradiction, ...]:
    """Hold the deposit of a draft against its scenario and its version; without a version the published plan counts."""
    found = _version(book, version)
    claims = list(_scenario(book, settings))
    if found is None:
        return contradictions(stated, claims)
    claims.append(Claim(f"The plan ({found.name})", found.totals.deposit))
    return (*_other_scenario(book, found, settings), *contradictions(stated, claims))


def sendable(book: Book) -> tuple[plans.Version, ...]:
    """The versions on which a draft can rest: the published plan first, then those whose lines are fixed."""
    printed = plans.printed_version(book)
    made = plans.plan_versions(book.place.id, str(book.place.year))
    fixed = tuple(each for each in made if each.facts and each.facts.state in FIXED)
    return fixed if isinstance(printed, NotSet) else (printed, *fixed)


def check_reason(found: Collection[Contradiction], reason: str, where: str, sum_: str) -> None:
    """Refuse what no reason can mend, at the field of the sum; ask for a reason for anything else that disagrees."""
    hopeless = next((each for each in found if each.refused), None)
    if hopeless is not None:
        raise UserError(hopeless.sentence, sum_, "Choose the scenario, the plan and the sum that belong together.")
    if found and not reason.strip():
        told = "; ".join(each.sentence for each in found)
        raise UserError(told, where, "Say why they may differ: the reason is kept and printed.")


def _scenario(book: Book, settings: Settings) -> Iterator[Claim]:
    held = plans.scenario_deposit(book, settings)
    if held is not None:
        yield Claim(f"The scenario “{plans.scenario_title(book, settings.query)}”", held)


def _version(book: Book, number: int | None) -> plans.Version | None:
    if number is None:
        printed = plans.printed_version(book)
        return None if isinstance(printed, NotSet) else printed
    found = plans.plan_version(book.place.id, str(book.place.year), number)
    assert found.facts is not None
    if found.facts.state not in FIXED:
        do = "Submit it first, or choose another." if found.is_draft else "Choose another."
        raise UserError(f"{found.name} is {found.facts.state}: no draft can rest on it", "plan_version", do)
    return found


def _other_scenario(book: Book, found: plans.Version, settings: Settings) -> Iterator[Contradiction]:
    if found.facts is not None and found.facts.scenario != settings.query:
        before = plans.scenario_title(book, found.facts.scenario)
        now = plans.scenario_title(book, settings.query)
        yield Contradiction(f"{found.name}, was submitted under “{before}”, and this names “{now}”")
