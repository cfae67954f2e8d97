"""An activity plan is right, or it is refused with row and column."""

from __future__ import annotations

import pytest

from openpbc.contracts.rules.plan_file import KnownCodes, read_plan
from openpbc.kernel.periods import FinancialYear
from openpbc.kernel.problems import UserError

KNOWN = KnownCodes(FinancialYear(2008), {"RWG"}, {"WATCOM", "DATCOM"}, {"DC", "EL"})
HEAD = "provider,unit,stream,pod,month,activity,price_pence\n"
GOOD = "RWG,WATCOM,apc,DC,2008-04,10,65000\n"


def test_a_good_plan_is_read_whatever_the_order_of_its_columns():
    (row,) = read_plan((HEAD + GOOD).encode(), "plan.csv", KNOWN)
    assert (row.activity, row.price_pence, row.charge) == (10, 65000, 650000)
    mixed = "month,pod,price_pence,activity,stream,unit,provider\n2008-04,DC,65000,10,apc,WATCOM,RWG\n"
    assert read_plan(("\ufeff" + mixed).encode(), "plan.csv", KNOWN) == [row]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "plan.csv: the file is empty"),
        (HEAD, "no rows"),
        ("provider,unit,stream,pod,month,activity\n", "lacks 'price_pence'"),
        (HEAD.replace("pod", "unit"), "names twice 'unit'"),
        (HEAD.replace("pod", "pod,colour"), "unknown column 'colour'"),
        (HEAD + GOOD + "RWX,WATCOM,apc,DC,2008-05,1,1\n", "row 2, column provider: 'RWX' is not a known provider"),
        (HEAD + "RWG,ELSEWHERE,apc,DC,2008-05,1,1\n", "row 1, column unit"),
        (HEAD + "RWG,WATCOM,gp,DC,2008-05,1,1\n", "row 1, column stream"),
        (HEAD + "RWG,WATCOM,apc,XX,2008-05,1,1\n", "row 1, column pod"),
        (HEAD + "RWG,WATCOM,apc,DC,2008-13,1,1\n", "row 1, column month: '2008-13' is not a month"),
        (HEAD + "RWG,WATCOM,apc,DC,2009-04,1,1\n", "column month: 2009-04 lies outside 2008/09"),
        (HEAD + "RWG,WATCOM,apc,DC,2008-05,1.5,1\n", "row 1, column activity"),
        (HEAD + "RWG,WATCOM,apc,DC,2008-05,-1,1\n", "column activity: -1 is out of range"),
        (HEAD + "RWG,WATCOM,apc,DC,2008-05,1,many\n", "column price_pence: 'many' is not a number"),
        (HEAD + "RWG,WATCOM,apc,DC,2008-05,1\n", "row 1: the row has 6 cells, the header 7"),
        (HEAD + GOOD + GOOD, "row 2: this line of the plan also stands in row 1"),
        (HEAD + 'RWG,"WATCOM,apc,DC,2008-05,1,1\n', "is not CSV"),
        ("\x00\x01", "not text"),
    ],
)
def test_a_faulty_plan_names_its_fault(text, says):
    with pytest.raises(UserError) as caught:
        read_plan(text.encode(), "plan.csv", KNOWN)
    assert says in caught.value.sentence


def test_another_encoding_is_refused():
    with pytest.raises(UserError, match="UTF-8"):
        read_plan((HEAD + "RWG,WATCOM£,apc,DC,2008-05,1,1\n").encode("latin-1"), "plan.csv", KNOWN)
