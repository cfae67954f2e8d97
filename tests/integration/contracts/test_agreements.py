"""The register of agreements: who holds each, the Compact before anything else, short terms, and what has lapsed."""

from __future__ import annotations

import json
from datetime import date

import pytest

from openpbc.audit import reads as audit
from openpbc.contracts import actions, models, reads
from openpbc.contracts.rules.agreements import Terms, is_short, lacks, months_of, obstacles, standing
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import recompute
from openpbc.organisations import actions as places
from openpbc.organisations.reads import PUBLIC, book, standing_day
from openpbc.site.cli import main
from tests.integration.at_once import at_once
from tests.integration.site.conftest import FOREIGN, HERE, As, as_role, people, quick_hashing, send

__all__ = ["as_role", "people", "quick_hashing"]
AT = f"/p/{HERE}/agreements"
STARTS, ENDS = date(2008, 4, 1), date(2011, 3, 31)
FACTS = {"title": "Support", "partner": "A charity", "sector": "voluntary", "holder": "own"}
SENT = FACTS | {"starts": "1 April 2008", "ends": "31 March 2011", "pence_a_year": "1,200", "revision": "0"}
ANN, BOB = Actor("ann@example.org", "Ann of contracts"), Actor("bob@example.org", "Bob of contracts")


@pytest.mark.parametrize(
    ("starts", "ends", "months"),
    [
        (STARTS, ENDS, 36),
        (STARTS, date(2011, 3, 30), 35),
        (date(2008, 1, 31), date(2008, 2, 28), 0),
        (date(2008, 1, 31), date(2008, 3, 30), 2),
        (date(2007, 3, 1), date(2008, 2, 29), 12),
        (STARTS, STARTS, 0),
    ],
)
def test_a_term_is_counted_in_whole_months(starts: date, ends: date, months: int) -> None:
    assert months_of(starts, ends) == months
    assert is_short(starts, ends, 36) is (months < 36) and not is_short(starts, ends, None)
    assert not is_short(starts, None, 36), "a term without an end is not short"


def terms(**facts: object) -> Terms:
    known = {"title": "Support", "sector": "voluntary", "state": "active", "starts": STARTS, "ends": ENDS,
             "term_reason": "", "last_review": STARTS, "last_meeting": STARTS, "compact": True,
             "followed": False} | facts  # fmt: skip
    return Terms(**known)


@pytest.mark.parametrize(
    ("facts", "on", "stands", "rules"),
    [
        ({}, ENDS, "in force", ()),
        ({}, date(2008, 3, 31), "not begun", ()),
        ({}, date(2011, 4, 1), "expired", ("AG-04",)),
        ({"followed": True}, date(2011, 4, 1), "followed", ()),
        ({"followed": True}, ENDS, "in force", ()),
        ({"last_review": None, "last_meeting": None}, STARTS, "in force", ("AG-05", "AG-06")),
        ({"state": "draft", "compact": None}, STARTS, "draft", ("AG-01",)),
        ({"state": "draft", "compact": False}, date(2012, 1, 1), "draft", ("AG-01",)),
        ({"state": "draft", "compact": None, "sector": "statutory"}, STARTS, "draft", ()),
        ({"state": "draft", "ends": None}, STARTS, "draft", ("AG-02",)),
        ({"state": "draft", "ends": date(2009, 3, 31)}, STARTS, "draft", ("AG-03",)),
        ({"state": "draft", "ends": date(2009, 3, 31), "term_reason": "A trial"}, STARTS, "draft", ()),
    ],
)
def test_where_an_agreement_stands_and_what_it_lacks(facts, on: date, stands: str, rules: tuple[str, ...]) -> None:
    found = terms(**facts)
    assert standing(found, on) == stands
    assert tuple(each.rule for each in lacks(found, 36, on)) == rules
    assert not any(each.rule == "AG-03" for each in obstacles(found, None)), "where no rule is set, none is broken"


def test_from_a_draft_to_an_active_agreement_and_to_one_that_lapsed(as_role: As) -> None:
    keeper, group = as_role("contract_manager"), as_role("group_manager")
    assert "No agreement is on the register" in group.get(AT).content.decode()
    assert group.get(f"{AT}/add").status_code == 403 and group.get(AT).status_code == 200
    assert send(keeper, f"{AT}/add", SENT | {"holder": "joint"}).status_code == 422, "jointly, but with whom?"
    assert send(keeper, f"{AT}/add", SENT | {"ends": "1 March 2008"}).status_code == 422
    assert send(keeper, f"{AT}/add", SENT).headers["Location"] == f"{AT}/AG01"
    refused = send(keeper, f"{AT}/AG01/activate", {"revision": "1", "confirmed": "yes"})
    assert "No check against the Compact" in refused.content.decode() and refused.status_code == 422
    compact = {"kind": "compact", "on": "1/3/2008", "in_order": "no", "note": "No notice period", "confirmed": "yes"}
    send(keeper, f"{AT}/AG01/record", compact)
    with pytest.raises(UserError, match="breaks the Compact"):
        actions.activate_agreement(by=SYSTEM, place=HERE, code="AG01", revision=2)
    send(keeper, f"{AT}/AG01/record", compact | {"on": "2/3/2008", "in_order": "yes"})
    late = send(keeper, f"{AT}/AG01/activate", {"revision": "2", "confirmed": "yes"})
    assert late.status_code == 409, "a check came in after the page was opened"
    assert send(keeper, f"{AT}/AG01/activate", {"revision": "3", "confirmed": "yes"}).status_code == 302
    shown = group.get(f"{AT}?on=2008-11-30").content.decode()
    assert "in force" in shown and "1,200.00" in shown and "(36 months)" in shown and "never" not in shown
    assert "It was never reviewed" in group.get(f"{AT}/AG01").content.decode()
    assert "1 has run out" in group.get(f"{AT}?on=2011-04-01").content.decode()
    assert group.get(f"{AT}?on=soon").status_code == 200
    assert [each.code for each in reads.lapsed(reads.agreements(book(HERE)), date(2011, 4, 1))] == ["AG01"]
    short = send(keeper, f"{AT}/AG01/change", SENT | {"ends": "31 March 2009", "revision": "4"})
    assert "less than 36 months" in short.content.decode(), "what is active stays fit to be"
    assert reads.agreement(book(HERE), "AG01").ends == ENDS
    assert audit.verify().intact
    assert audit.events(action="contracts.activate_agreement")[0].subject == f"agreement/{HERE}/AG01"


def test_a_place_without_contracts_shows_no_invented_agreements(people: None) -> None:
    assert actions.demonstrate_agreements(by=SYSTEM, place=FOREIGN) == 0
    assert not models.Agreement.objects.exists()
    assert reads.least_months(book(FOREIGN)) is None


@pytest.fixture
def shown(people: None) -> None:
    actions.load_register(by=SYSTEM, place=HERE)
    assert actions.demonstrate_agreements(by=SYSTEM, place=HERE) == 5
    assert actions.demonstrate_agreements(by=SYSTEM, place=HERE) == 0


def test_sums_are_explained_and_the_draft_in_its_place_does_not_count(shown: None) -> None:
    found = reads.agreements(book(HERE))
    on = date(2008, 11, 30)
    assert {each.title.startswith("SYNTHETIC") for each in found} == {True}
    gone = reads.lapsed(found, on)
    assert [each.replaced_by for each in gone] == ["AG05", ""], "what is to follow is a draft still"
    explained = reads.explain_agreement(f"agreement/{HERE}/in-force/sum?on=2008-11-30", PUBLIC)
    assert explained.value == recompute(explained) == 186_000_00
    one = reads.explain_agreement(f"agreement/{HERE}/{gone[0].code}/sum", PUBLIC)
    assert one.value == recompute(one) == 54_500_00
    for address in (f"agreement/{HERE}/AG99/sum", f"agreement/{HERE}/in-force/sum?on=never", "agreement/x"):
        with pytest.raises(UserError, match="names no figure"):
            reads.explain_agreement(address, PUBLIC)
    actions.record_of_agreement(by=SYSTEM, place=HERE, code="AG05", kind="compact", on=STARTS, in_order=True, note="x")
    with pytest.raises(UserError, match="less than 36 months"):
        actions.activate_agreement(by=SYSTEM, place=HERE, code="AG05", revision=2)


def test_a_replacement_begins_later_and_a_record_is_of_the_past(shown: None) -> None:
    def change(code: str, **facts: object) -> str:
        known = reads.agreement(book(HERE), code)
        dated = {"starts": known.starts, "ends": known.ends}
        return actions.write_agreement(
            by=SYSTEM, place=HERE, code=code, revision=known.revision, **(FACTS | dated | facts)
        )

    with pytest.raises(UserError, match="no other agreement"):
        change("AG01", replaced_by="AG01")
    with pytest.raises(UserError, match="does not begin after"):
        change("AG05", replaced_by="AG02")
    with pytest.raises(UserError, match="negative"):
        change("AG05", pence_a_year=-1)
    with pytest.raises(UserError, match="has not come yet"):
        actions.record_of_agreement(
            by=SYSTEM, place=HERE, code="AG01", kind="review", on=date(2099, 1, 1), in_order=True, note="x"
        )
    with pytest.raises(UserError, match="no agreement 'AG77'"):
        reads.agreement(book(HERE), "AG77")
    with pytest.raises(UserError, match="active already"):
        actions.activate_agreement(by=SYSTEM, place=HERE, code="AG01", revision=5)


def test_whoever_keeps_contracts_is_told_what_has_lapsed(shown: None, as_role: As) -> None:
    assert standing_day(book(HERE)) == date(2009, 3, 31), "a year long past is shown as it stood at its end"
    assert "2 agreements that have run out" in as_role("contract_manager").get(f"/p/{HERE}").content.decode()
    assert "agreements that have run out" not in as_role("group_manager").get(f"/p/{HERE}").content.decode()


def test_the_register_from_the_shell(people: None, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--place", HERE]
    group = ["contracts", "agreements"]
    assert main([*group, "show", *at]) == 0 and "No agreement" in capsys.readouterr().out
    assert main([*group, "add", *at, "--starts", "2008-04-01", "--ends", "2011-03-31", "--a-year", "12.50",
                 "Support", "A charity"]) == 0  # fmt: skip
    assert main([*group, "activate", *at, "--revision", "1", "AG01"]) == 2
    assert "No check against the Compact" in capsys.readouterr().err
    assert main([*group, "record", *at, "--on", "2008-03-01", "--note", "Fine", "AG01", "compact"]) == 0
    assert main([*group, "activate", *at, "--revision", "2", "AG01"]) == 0
    capsys.readouterr()
    assert main([*group, "show", *at, "--on", "2008-11-30", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["least_months"] == 36
    entry = told["agreements"][0]
    assert (entry["standing"], entry["pence_a_year"], entry["last_compact"]) == ("in force", 1250, "2008-03-01")
    assert main([*group, "show", *at, "--on", "2011-04-01", "--lapsed"]) == 0
    assert "It has run out" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_of_two_who_change_or_make_active_one_is_told(transactional_db: None) -> None:
    places.load_place(by=SYSTEM, place=HERE)
    add = [lambda by=by: actions.write_agreement(by=by, place=HERE, **FACTS) for by in (ANN, BOB)]
    assert sorted(at_once(*add)) == ["AG01", "AG02"]
    change = [
        lambda by=by: actions.write_agreement(
            by=by, place=HERE, code="AG01", revision=1, starts=STARTS, ends=ENDS, **FACTS
        )
        for by in (ANN, BOB)
    ]
    assert sum("after you looked" in str(each) for each in at_once(*change)) == 1
    actions.record_of_agreement(by=ANN, place=HERE, code="AG01", kind="compact", on=STARTS, in_order=True, note="x")
    activate = [
        lambda by=by: actions.activate_agreement(by=by, place=HERE, code="AG01", revision=3) for by in (ANN, BOB)
    ]
    told = [str(each) for each in at_once(*activate) if each]
    assert len(told) == 1 and ("after you looked" in told[0] or "active already" in told[0])


def test_a_partner_is_of_the_register_and_only_a_voluntary_body_may_be_named_in_plain_words(as_role: As) -> None:
    keeper = as_role("contract_manager")
    listed = SENT | {"partner": "", "listed": "HCC-ACS", "sector": "statutory"}
    assert send(keeper, f"{AT}/add", listed).headers["Location"] == f"{AT}/AG01"
    (kept,) = reads.agreements(book(HERE))
    assert (kept.partner, kept.partner_code) == ("Adult Care Services", "HCC-ACS")
    assert send(keeper, f"{AT}/add", listed | {"partner": "A charity"}).status_code == 422, "two are named"
    assert send(keeper, f"{AT}/add", SENT | {"sector": "statutory"}).status_code == 422, (
        "the register holds no such body"
    )
    joint = SENT | {"holder": "joint", "held_with": "Adult Care Services"}
    assert send(keeper, f"{AT}/add", joint).headers["Location"] == f"{AT}/AG02"
    for facts, sentence in (
        ({"sector": "statutory"}, "no one partner called 'A charity'"),
        ({"holder": "joint", "held_with": "Somebody"}, "no one partner called 'Somebody'"),
    ):
        with pytest.raises(UserError, match=sentence):
            actions.write_agreement(by=ANN, place=HERE, **(FACTS | facts))
    models.Agreement.objects.filter(code="AG01").update(partner="A bureau", partner_code="", held_with="A board")
    typed = {"holder": "joint", "held_with": "A board", "partner": "A bureau", "sector": "statutory"}
    actions.write_agreement(by=ANN, place=HERE, code="AG01", revision=1, **(FACTS | typed))
    assert "A board (not in the register)" in keeper.get(f"{AT}/AG01/change").content.decode()
