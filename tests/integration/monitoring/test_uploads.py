"""A file of entries: all of it or nothing, each bad row told, and what comes back can be mended and sent again."""

from __future__ import annotations

import pytest

from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import Stale, UserError
from openpbc.monitoring import actions, reads
from openpbc.monitoring.rules.entry_file import COLUMNS, mend_file, read_entry_file

PLACE = "west-herts-2008"
APRIL = Month(2008, 4)
FINANCE = Actor("finance@demo", "A finance manager", frozenset({"finance_manager"}))
HEAD = ",".join(COLUMNS)
GOOD = "2008-04,WATCOM,,prescribing,actual,1234.56,statement"

pytestmark = pytest.mark.django_db


def send(*rows: str, head: str = HEAD) -> actions.Uploaded:
    content = "\r\n".join((head, *rows)).encode()
    return actions.upload_entries(by=FINANCE, place=PLACE, file_name="entries.csv", content=content)


def entered() -> list[int]:
    return [each.pence for each in reads.entries(PLACE, ["2008-04", "2008-05"])]


def test_a_good_file_is_checked_then_entered_whole_and_once(place):
    sent = send(GOOD, "2008-05,WATCOM,E82901,prescribing,Actual,-10,credit note")
    assert (sent.state, sent.accepted, sent.rejected) == ("checked", 2, 0)
    assert entered() == []
    assert len(actions.enter_upload(by=FINANCE, place=PLACE, number=sent.number)) == 2
    assert entered() == [123_456, -1_000]
    with pytest.raises(UserError, match="is entered"):
        actions.enter_upload(by=FINANCE, place=PLACE, number=sent.number)
    again = send(GOOD)
    assert again.state == "checked"
    assert actions.enter_upload(by=FINANCE, place=PLACE, number=again.number) == ()
    assert entered() == [123_456, -1_000]


def test_several_amounts_are_entered_all_or_none(place):
    def amounts(*pence: int, seen: int = 0) -> list[reads.Amount]:
        return [reads.Amount(APRIL, "WATCOM", "", "prescribing", "actual", each, "statement", seen) for each in pence]

    with pytest.raises(Stale, match="already has £1.00"):
        actions.enter_many(by=FINANCE, place=PLACE, amounts=amounts(100, 200))
    assert actions.enter_many(by=FINANCE, place=PLACE, amounts=[]) == () and entered() == []
    (first,) = actions.enter_many(by=FINANCE, place=PLACE, amounts=amounts(100))
    both = [*amounts(150, seen=1), *amounts(150, seen=2)]
    corrected, stands = actions.enter_many(by=FINANCE, place=PLACE, amounts=both)
    assert (first.number, first.pence, first.total) == (1, 100, 100)
    assert (corrected.number, corrected.pence, corrected.total, corrected.already) == (2, 50, 150, False)
    assert (stands.id, stands.number, stands.pence, stands.already) == (corrected.id, 2, 0, True)
    assert entered() == [100, 50]


def test_one_bad_row_refuses_the_whole_file(place):
    actions.enter(
        by=FINANCE,
        place=PLACE,
        month=APRIL,
        unit="DATCOM",
        service_line="prescribing",
        kind="actual",
        pence=1,
        source="x",
    )
    rows = {
        GOOD: "",
        "2008-04,WATCOM,,prescribing,actual,1,again": "Row 2 holds an amount for the same month",
        "April,WATCOM,,prescribing,actual,1,x": "is not a month",
        "2008-04,NOWHERE,,prescribing,actual,1,x": "there is no group 'NOWHERE'",
        "2008-04,WATCOM,E82921,prescribing,actual,1,x": "is not in the group",
        "2008-04,WATCOM,,acute,actual,1,x": "comes from the published months",
        "2008-04,WATCOM,,prescribing,actual,lots,x": "'lots' is not a number",
        "2008-04,WATCOM,,prescribing,actual,1.234,x": "more than 2 decimals",
        "2008-04,WATCOM,,community,actual,1,": "source is empty.",
        "2008-04,DATCOM,,prescribing,actual,2,x": "£0.01 is entered already",
        "2008-04,WATCOM,,community,actual,1,x,y": "more cells than there are headings",
    }
    sent = send(*rows)
    found = reads.upload(PLACE, sent.number)
    assert (sent.state, sent.accepted, sent.rejected) == ("refused", 1, 10)
    assert len(found.rows) == found.accepted + found.rejected == len(rows)
    for row, told in zip(found.rows, rows.values(), strict=True):
        assert told in " ".join(row["problems"]), row
    with pytest.raises(UserError, match="is refused"):
        actions.enter_upload(by=FINANCE, place=PLACE, number=sent.number)
    assert entered() == [1]


def test_what_comes_back_is_mended_and_sent_again(place):
    sent = send(GOOD, "2008-04,WATCOM,,community,actual,one,=cmd|' /C calc'!A0")
    back = mend_file(reads.upload(PLACE, sent.number).rows)
    assert b"'one' is not a number" in back
    assert b",=cmd" not in back
    mended = back.replace(b",one,", b",1.00,")
    again = actions.upload_entries(by=FINANCE, place=PLACE, file_name="mended.csv", content=mended)
    assert (again.state, again.accepted) == ("checked", 2)


def test_a_locked_month_refuses_its_rows_alone(place):
    actions.lock_position(by=FINANCE, place=PLACE, month=APRIL)
    sent = send(GOOD, GOOD.replace("2008-04", "2008-05"))
    first, second = reads.upload(PLACE, sent.number).rows
    assert "April 2008 is locked by A finance manager" in first["problems"][0]
    assert second["problems"] == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (HEAD.encode(), "headings and no row"),
        (HEAD.replace("amount", "sum").encode() + b"\n1", "the column 'amount' is missing"),
        (HEAD.encode() + b",amount\n1", "the column 'amount' is there twice"),
        (b"\xff\xfe\x00month", "no text in UTF-8"),
        (b"PK\x03\x04\x00\x00", "no text"),
        (HEAD.encode() + b'\n"open', "no CSV file from line"),
        (HEAD.encode() + b"\n2008-04" * 6_000, "has 6,000 rows"),
        (b"x" * 2_000_001, "larger than two megabytes"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_sentence(content, told):
    with pytest.raises(UserError, match=told):
        read_entry_file(content)


def test_headings_stand_in_any_order_and_further_columns_are_left_alone():
    rows = read_entry_file(
        b"Source,Amount,Kind,Service line,Practice,Group,Month,Comment\nx,1,actual,acute,,,2008-04,hm\n"
    )
    assert rows[0].cells == {
        "month": "2008-04", "group": "", "practice": "", "service_line": "acute",
        "kind": "actual", "amount": "1", "source": "x",
    }  # fmt: skip
    assert (rows[0].line, rows[0].problems) == (2, ())
