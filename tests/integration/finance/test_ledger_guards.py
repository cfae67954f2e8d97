"""Whoever writes past the actions, with SQL of their own, is refused by the database itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from openpbc.finance import actions, reads
from openpbc.finance.models import LedgerAccount, LedgerJournal, LedgerLine
from openpbc.finance.rules.ledger import Entry
from openpbc.site import portable
from tests.integration.finance.conftest import ANN, DAY, EAST, MILLION, WEST, YEAR

pytestmark = pytest.mark.django_db(transaction=True)
HELD = "held/unallocated"


@pytest.fixture
def funded(funded: str, transactional_db: None) -> str:
    """The place with its groups funded, committed, so that the end of a transaction counts."""
    return funded


def account(code: str) -> LedgerAccount:
    return LedgerAccount.objects.get(code=code)


def line(code: str, amount: int, position: int, journal: str, **changes: object) -> LedgerLine:
    """A line that carries on its account as it should, unless changed."""
    row = account(code)
    last = row.lines.order_by("-number").first()
    number, balance = (last.number, last.balance_after) if last else (0, 0)
    given = {"number": number + 1, "balance_after": balance + amount} | changes
    return LedgerLine.objects.create(account=row, journal_id=journal, position=position, amount=amount, **given)


def header(journal: str, place: str, number: int = 3, lines: int = 2, **changes: object) -> LedgerJournal:
    given = {"kind": "virement", "on": DAY, "reason": "forged", "year": YEAR, "by_id": "x", "by_name": "X"} | changes
    return LedgerJournal.objects.create(id=journal, place=place, number=number, lines=lines, at=timezone.now(), **given)


def pair(journal: str, taken: int = -50, given: int = 50) -> None:
    line(EAST, taken, 1, journal)
    line(WEST, given, 2, journal)


Attack = Callable[[str, str], object]


def unbalanced(place: str, id: str) -> None:
    pair(id, -50, 51)
    header(id, place)


def of_one_line(place: str, id: str) -> None:
    line(WEST, 50, 1, id)
    header(id, place, lines=1)


def of_no_line(place: str, id: str) -> None:
    header(id, place)


def without_posting(place: str, id: str) -> None:
    pair(id)


def added_after_posting(place: str, id: str) -> None:
    pair(id)
    header(id, place)
    line(EAST, -50, 3, id)


def into_a_journal_of_before(place: str, id: str) -> None:
    line(EAST, -50, 4, f"{place}/{YEAR}/2")
    line(WEST, 50, 5, f"{place}/{YEAR}/2")


def with_a_gap(place: str, id: str) -> None:
    pair(f"{place}/{YEAR}/4")
    header(f"{place}/{YEAR}/4", place, number=4)


def under_another_name(place: str, id: str) -> None:
    pair("x")
    header("x", place)


def counting_wrongly(place: str, id: str) -> None:
    pair(id)
    header(id, place, lines=3)


def with_a_gap_in_positions(place: str, id: str) -> None:
    line(EAST, -50, 1, id)
    line(WEST, 50, 3, id)
    header(id, place)


def overdrawing(place: str, id: str) -> None:
    pair(id, -4 * MILLION - 1, 4 * MILLION + 1)
    header(id, place)


def skipping_a_line(place: str, id: str) -> None:
    line(EAST, -50, 1, id, number=3)
    line(WEST, 50, 2, id)
    header(id, place)


def with_a_false_balance(place: str, id: str) -> None:
    line(EAST, -50, 1, id, balance_after=4 * MILLION)
    line(WEST, 50, 2, id)
    header(id, place)


def of_an_unknown_kind(place: str, id: str) -> None:
    pair(id)
    header(id, place, kind="gift")


def into_another_year(place: str, id: str) -> None:
    pair(f"{place}/2009-10/1")
    header(f"{place}/2009-10/1", place, number=1, year="2009-10")


def out_of_the_ring_fence(place: str, id: str) -> None:
    line("innovation/fund", -50, 1, id)
    line(HELD, 50, 2, id)
    header(id, place, number=4)


def undoing_by_half(place: str, id: str) -> None:
    line(EAST, -50, 1, id)
    line(HELD, 50, 2, id)
    header(id, place, kind="reversal", reverses_id=f"{place}/{YEAR}/2")


def under_a_used_key(place: str, id: str) -> None:
    pair(id)
    header(id, place, key="first")
    pair(f"{place}/{YEAR}/4")
    header(f"{place}/{YEAR}/4", place, number=4, key="first")


def edit(place: str, id: str) -> None:
    LedgerLine.objects.filter(account__code=WEST).update(amount=1)


def edit_a_journal(place: str, id: str) -> None:
    LedgerJournal.objects.update(reason="another")


def raise_the_floor(place: str, id: str) -> None:
    LedgerAccount.objects.filter(code=EAST).update(title="Other")


def delete(place: str, id: str) -> None:
    LedgerLine.objects.filter(account__code=WEST)._raw_delete("default")


def delete_a_journal(place: str, id: str) -> None:
    LedgerJournal.objects.all()._raw_delete("default")


def delete_an_account(place: str, id: str) -> None:
    LedgerAccount.objects.all()._raw_delete("default")


def an_account_without_floor(place: str, id: str) -> None:
    LedgerAccount.objects.create(place=place, year=YEAR, code="held/bottomless", kind="held", may_go_below=True)


def write_over(place: str, id: str) -> None:
    row = LedgerLine.objects.filter(account__code=EAST).first()
    assert row is not None
    values = (row.pk, row.account_id, id, 1, row.number + 1, row.balance_after - 50, -50)
    with connection.cursor() as cursor:
        cursor.execute(
            f"{_REPLACE} INTO finance_ledgerline (id, account_id, journal_id, position, number, balance_after, amount) "
            f"VALUES (%s, %s, %s, %s, %s, %s, %s){_ON_CONFLICT}",
            values,
        )
    line(WEST, 50, 2, id)
    header(id, place)


_REPLACE = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
_ON_CONFLICT = "" if connection.vendor == "sqlite" else " ON CONFLICT (id) DO UPDATE SET amount = EXCLUDED.amount"
ATTACKS: Sequence[Attack] = (
    unbalanced,
    of_one_line,
    of_no_line,
    without_posting,
    added_after_posting,
    into_a_journal_of_before,
    with_a_gap,
    under_another_name,
    counting_wrongly,
    with_a_gap_in_positions,
    overdrawing,
    skipping_a_line,
    with_a_false_balance,
    of_an_unknown_kind,
    into_another_year,
    undoing_by_half,
    under_a_used_key,
    edit,
    edit_a_journal,
    raise_the_floor,
    delete,
    delete_a_journal,
    delete_an_account,
    an_account_without_floor,
    write_over,
)


def everything() -> list[list[tuple[object, ...]]]:
    return [list(model.objects.order_by("pk").values_list()) for model in (LedgerAccount, LedgerLine, LedgerJournal)]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_the_database_refuses(funded: str, attack: Attack) -> None:
    before = everything()
    with pytest.raises(DatabaseError), transaction.atomic():
        attack(funded, f"{funded}/{YEAR}/3")
    assert everything() == before


def test_the_ring_fence_is_the_database_s_own(funded: str) -> None:
    entries = (Entry(HELD, -90), Entry("innovation/fund", 90))
    actions.post(by=ANN, place=funded, kind="innovation", entries=entries, on=DAY, reason="fund")
    with pytest.raises(DatabaseError, match="ring-fenced"), transaction.atomic():
        out_of_the_ring_fence(funded, f"{funded}/{YEAR}/4")


def test_an_honest_journal_of_the_same_making_is_taken(funded: str) -> None:
    """The attacks fail for their fault, not for how they are written."""
    with transaction.atomic():
        pair(f"{funded}/{YEAR}/3")
        header(f"{funded}/{YEAR}/3", funded)
    assert reads.journal(funded, YEAR, 3).moved == 50


@pytest.mark.parametrize("table", ["finance_ledgerline", "finance_ledgerjournal", "finance_ledgeraccount"])
def test_truncation_is_refused_on_postgresql(funded: str, table: str) -> None:
    if connection.vendor != "postgresql":
        return  # SQLite has no TRUNCATE
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_a_line_slipped_into_a_posting_is_refused_at_the_commit(funded: str) -> None:
    """Two transactions of one moment: the second writes its line before it can see the posting of the first."""
    if connection.vendor != "postgresql":
        return  # SQLite has one writer at a time
    id = f"{funded}/{YEAR}/3"
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT max(number) FROM finance_ledgerline WHERE account_id = %s", [account(HELD).pk])
            number = cursor.fetchone()[0]
            cursor.execute(
                "INSERT INTO finance_ledgerline (account_id, journal_id, position, number, amount, balance_after) "
                "VALUES (%s, %s, 3, %s, -50, %s)",
                [account(HELD).pk, id, number + 1, 3 * MILLION - 50],
            )
        actions.virement(by=ANN, place=funded, source=EAST, target=WEST, pence=50, on=DAY, reason="honest")
        with pytest.raises(DatabaseError, match="takes no more lines"):
            other.commit()
    finally:
        other.rollback()
        other.close()
    assert [entry.pence for entry in reads.journal(funded, YEAR, 3).entries] == [-50, 50]


def test_a_ledger_is_kept_as_rows_and_restored_past_its_guards(funded: str, tmp_path: Path, guards_off) -> None:
    actions.virement(by=ANN, place=funded, source=EAST, target=WEST, pence=50, on=DAY, reason="a while")
    actions.reverse(by=ANN, place=funded, number=3, on=date(2008, 6, 1), reason="not so")
    before = everything()
    portable.dump(tmp_path / "rows")
    with guards_off(), transaction.atomic():
        for model in reversed(portable.kept_models()):
            model.objects.all()._raw_delete("default")
    assert portable.is_empty()
    portable.load(tmp_path / "rows")
    assert everything() == before
