"""Net change and bulk replacement against a naive model that keeps every record and takes it out again."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from openpbc.activity.rules.transactions import Scope, Transaction, standing

START = datetime(2023, 4, 1, 9)
Interchange = tuple[Scope | None, datetime, list[Transaction]]


@some.composite
def interchanges(draw) -> list[Interchange]:
    """Some interchanges of two providers at different moments, in the order of their moments."""
    made: list[Interchange] = []
    for number in range(draw(some.integers(0, 7))):
        at = START + timedelta(hours=number)
        group, provider, recipient = draw(some.tuples(
            some.sampled_from(("160", "060")), some.sampled_from(("RWG", "RWH")), some.sampled_from(("5P3", "5P4"))
        ))  # fmt: skip
        first = draw(some.integers(1, 20))
        scope = Scope(group, provider, recipient, date(2023, 4, first), date(2023, 4, draw(some.integers(first, 28))))
        bulk = draw(some.booleans())
        keys = draw(some.lists(some.integers(1, 4), unique=True, max_size=4))
        lines = []
        for key in keys:
            low, high = (scope.first.day, scope.last.day) if bulk else (1, 28)
            activity = date(2023, 4, draw(some.integers(low, high)))
            deletes = not bulk and draw(some.booleans())
            lines.append(Transaction(
                provider, f"K{key}", group, recipient, activity, at, deletes, scope if bulk else None, f"{number}"
            ))  # fmt: skip
        if lines:
            made.append((scope if bulk else None, at, lines))
    return made


def naive(sent: list[Interchange]) -> dict[tuple[str, str], Transaction]:
    """Keep a database: each interchange, in turn, takes out what it replaces and puts in what it brings."""
    held: dict[tuple[str, str], Transaction] = {}
    for scope, _, lines in sent:
        if scope is not None:
            for key, one in list(held.items()):
                same = (one.group, one.provider, one.recipient) == (scope.group, scope.provider, scope.recipient)
                if same and scope.first <= one.activity <= scope.last:
                    del held[key]
        for one in lines:
            held.pop((one.provider, one.key), None)
            if not one.deletes:
                held[one.provider, one.key] = one
    return held


def _every(sent: list[Interchange]) -> list[Transaction]:
    return [one for _, _, lines in sent for one in lines]


@settings(max_examples=300, deadline=None)
@given(interchanges(), some.randoms(use_true_random=False))
def test_what_stands_is_what_a_database_would_hold(sent: list[Interchange], dice) -> None:
    listed = _every(sent)
    dice.shuffle(listed)
    assert standing(listed) == naive(sent)


def test_the_latest_applicable_moment_wins_whatever_came_first() -> None:
    early = Transaction("RWG", "K1", "160", "5P4", date(2023, 4, 2), START, content="early")
    late = Transaction("RWG", "K1", "160", "5P4", date(2023, 4, 2), START + timedelta(hours=1), content="late")
    assert standing([late, early]) == {("RWG", "K1"): late}
    gone = Transaction("RWG", "K1", "160", "5P4", date(2023, 4, 2), START + timedelta(hours=2), deletes=True)
    assert standing([gone, late, early]) == {}


def test_a_bulk_replacement_empties_its_scope_and_nothing_else() -> None:
    scope = Scope("160", "RWG", "5P4", date(2023, 4, 1), date(2023, 4, 30))
    inside = Transaction("RWG", "K1", "160", "5P4", date(2023, 4, 30), START)
    outside = Transaction("RWG", "K2", "160", "5P4", date(2023, 5, 1), START)
    other = Transaction("RWG", "K3", "160", "5P3", date(2023, 4, 2), START)
    brought = Transaction("RWG", "K4", "160", "5P4", date(2023, 4, 3), START + timedelta(hours=1), bulk=scope)
    assert set(standing([inside, outside, other, brought])) == {("RWG", "K2"), ("RWG", "K3"), ("RWG", "K4")}
