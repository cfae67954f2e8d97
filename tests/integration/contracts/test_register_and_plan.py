"""Register and plan: loaded once, changed by nothing but a change, and nothing half applied."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from openpbc.audit import reads as audit
from openpbc.contracts import actions, models, reads
from openpbc.contracts.actions import contract_register
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as organisations_reads

PLACE = "west-herts-2008"
HEAD = "provider,unit,stream,pod,month,activity,price_pence\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def register():
    organisations.load_place(by=SYSTEM, place=PLACE)
    return actions.load_register(by=SYSTEM, place=PLACE)


def plan_file(tmp_path, *rows: str, name: str = "plan.csv"):
    path = tmp_path / name
    path.write_text(HEAD + "".join(f"{row}\n" for row in rows))
    return path


def test_the_register_comes_from_the_rulebook_and_a_second_load_changes_nothing(register):
    assert (register.contracts, register.already) == (5, False)
    assert actions.load_register(by=SYSTEM, place=PLACE).already
    assert [event.action for event in audit.events(action="contracts.")] == ["contracts.load_register"]
    by_provider = {contract.provider: contract for contract in reads.register(PLACE)}
    assert by_provider["RVL"].coordinator == ""
    assert by_provider["RC9"].starts is None
    assert by_provider["RWG"].multi_professional


def test_terms_are_the_tables_that_pricing_takes(register):
    from openpbc.activity.flow.pricing_law import contract_terms

    terms = contract_terms(reads.terms(PLACE))
    assert terms.multi_professional == {"RWG"}
    assert terms.left_before_treatment == {"RVL": False}
    line = terms.line_for("RWG", "apc", "RADAY", "L01", "361")
    assert line is not None and line.price == 11800


def test_a_place_without_a_register_has_none_and_is_told_so():
    loaded = actions.load_register(by=SYSTEM, place="blmk-2023")
    assert loaded.contracts == 0
    assert "places/blmk-2023/contracts/register.yaml" in loaded.missing


def test_a_plan_counts_until_another_one_does(register, tmp_path):
    first = plan_file(tmp_path, "RWG,WATCOM,apc,DC,2008-04,10,65000", "RWG,WATCOM,apc,DC,2008-05,12,65000")
    loaded = actions.load_plan(by=SYSTEM, place=PLACE, path=first)
    assert (loaded.lines, loaded.activity, loaded.charge, loaded.already) == (2, 22, 22 * 65000, False)
    assert actions.load_plan(by=SYSTEM, place=PLACE, path=first).already
    second = plan_file(tmp_path, "RWG,DATCOM,op,OPFASPCL,2008-04,100,15000", name="second.csv")
    actions.load_plan(by=SYSTEM, place=PLACE, path=second)
    assert [row.unit for row in reads.plan_rows(PLACE)] == ["DATCOM"]
    assert not actions.load_plan(by=SYSTEM, place=PLACE, path=first).already
    plan = reads.plan(PLACE)
    assert plan is not None and plan.charge == 22 * 65000
    assert models.ActivityPlan.objects.count() == 2
    assert len(audit.events(action="contracts.load_plan")) == 3


def test_a_faulty_plan_leaves_everything_as_it_was(register, tmp_path):
    actions.load_plan(by=SYSTEM, place=PLACE, path=plan_file(tmp_path, "RWG,WATCOM,apc,DC,2008-04,10,65000"))
    before = reads.plan_rows(PLACE)
    faulty = plan_file(
        tmp_path, "RWG,WATCOM,apc,DC,2008-04,11,65000", "RWG,WATCOM,apc,DC,2008-04,12,65000", name="f.csv"
    )
    with pytest.raises(UserError, match="f.csv, row 2"):
        actions.load_plan(by=SYSTEM, place=PLACE, path=faulty)
    assert reads.plan_rows(PLACE) == before
    assert len(audit.events(action="contracts.load_plan")) == 1


def test_a_plan_needs_a_register_and_a_file(tmp_path):
    organisations.load_place(by=SYSTEM, place=PLACE)
    with pytest.raises(UserError, match="register"):
        actions.load_plan(by=SYSTEM, place=PLACE, path=plan_file(tmp_path, "RWG,WATCOM,apc,DC,2008-04,10,65000"))
    with pytest.raises(UserError, match="no such file"):
        actions.load_plan(by=SYSTEM, place=PLACE, path=tmp_path / "none.csv")


@pytest.mark.parametrize("change", [{"activity": -1}, {"price_pence": -1}, {"stream": "gp"}])
def test_the_database_refuses_impossible_lines(register, tmp_path, change):
    actions.load_plan(by=SYSTEM, place=PLACE, path=plan_file(tmp_path, "RWG,WATCOM,apc,DC,2008-04,10,65000"))
    with pytest.raises(IntegrityError), transaction.atomic():
        models.PlanLine.objects.update(**change)


def test_an_agreed_price_is_explained_and_a_block_is_not(register):
    from openpbc.kernel.steps import recompute
    from openpbc.organisations.reads import PUBLIC

    explained = reads.explain(f"local-price/{PLACE}/RWG/apc/RADAY/-", PUBLIC)
    assert explained.value == recompute(explained) == 11800
    for address in (f"local-price/{PLACE}/RC9/op/NF2FFA/-", f"local-price/{PLACE}/RWG/apc/DC/-", "local-price/x"):
        with pytest.raises(UserError, match="no agreed price"):
            reads.explain(address, PUBLIC)


def test_the_database_refuses_a_block_with_a_price(register):
    with pytest.raises(IntegrityError), transaction.atomic():
        models.LocalPrice.objects.filter(arrangement="BLOCK").update(price_pence=100)


def test_local_prices_need_a_contract():
    table = organisations_reads.book(PLACE).need_table("contracts.register")
    rows = tuple(row for row in table.rows if row["provider"] != "RWG")
    with pytest.raises(UserError, match="name RWG, which has no contract"):
        contract_register._wanted(
            replace(table, rows=rows), organisations_reads.book(PLACE).need_table("contracts.local_prices")
        )
