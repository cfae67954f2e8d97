"""How a published figure hangs together with the others: through the sums that the checks of its place name."""

from __future__ import annotations

from openpbc.finance.reads import cells
from openpbc.finance.reads.checking import Check, checks
from openpbc.kernel.steps import Step
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

RULE = "printed-against-recomputed"


def published_grounds(book: Book, found: cells.Named, derived: Check | None) -> tuple[Step, ...]:
    """Tell a printed figure by another table that gives it, else by the total of which it is a part.

    ``derived`` is the check whose sum is told already. What is printed beyond a sum is a step of its own.
    """
    listed = checks(book)
    if isinstance(listed, NotSet):
        return ()
    usable = [check for check in listed if check is not derived and _is_sum(check)]
    for check in usable:
        if check.printed_name == found.name and _from_another_table(check, found.name):
            return _as_sum(book, check)
    for check in usable:
        if found.name in _names(check):
            return _as_part(book, check, found)
    return ()


def _is_sum(check: Check) -> bool:
    return check.operation == "sum" and check.difference is not None and not check.printed_name.startswith("=")


def _names(check: Check) -> list[str]:
    return [name.removeprefix("-") for name in check.arguments.split()]


def _from_another_table(check: Check, name: str) -> bool:
    return all(each.partition(".")[0] != name.partition(".")[0] for each in _names(check))


def _as_sum(book: Book, check: Check) -> tuple[Step, ...]:
    terms = cells.terms(book, check.arguments)
    assert not isinstance(terms, NotSet)
    return (*(_step(term.figure, term.sign) for term in terms), *_beyond(check, 1))


def _as_part(book: Book, check: Check, found: cells.Named) -> tuple[Step, ...]:
    """The whole, less all other parts; turned round where the part itself is taken off in the sum."""
    whole, terms = cells.figure(book, check.printed_name, check.unit), cells.terms(book, check.arguments)
    assert not isinstance(whole, NotSet) and not isinstance(terms, NotSet)
    own = next(term for term in terms if term.figure.name == found.name)
    others = [_step(term.figure, -own.sign * term.sign) for term in terms if term is not own]
    return (_step(whole, own.sign), *others, *_beyond(check, -own.sign))


def _step(figure: cells.Named, sign: int) -> Step:
    table = figure.name.partition(".")[0]
    label = f"{'Less: ' if sign < 0 else ''}{figure.label} ({table})"
    return Step("printed-figure", label, sign * figure.value, (), figure.citation, figure.address)


def _beyond(check: Check, sign: int) -> tuple[Step, ...]:
    if not check.difference:
        return ()
    label = f"Printed less recomputed ({check.verdict}): kept as printed, not mended"
    return (Step(RULE, label, sign * check.difference, (("check", check.id), ("note", check.note))),)
