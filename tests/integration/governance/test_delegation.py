"""The scheme of delegation: uploaded, in force by a decision alone, and by whom a case is then decided."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from openpbc.governance import actions, reads
from openpbc.governance.reads import Facts
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as people_reads
from tests.integration.at_once import at_once
from tests.integration.site.conftest import HERE

pytestmark = pytest.mark.usefixtures("people")
TABLE = (Path(__file__).parents[2] / "fixtures" / "governance" / "delegation.dmn").read_text()
SECRETARY, CHAIR = Actor("secretary@demo", "The secretary"), Actor("chair@demo", "The chair")
ANSWERS = dict.fromkeys(("who", "what", "how", "where", "when", "why"), "SYNTHETIC answer.")
DAY = date(2026, 4, 1)
LIMIT = 10_000_000


def upload(**changes: object) -> int:
    told = {"by": SECRETARY, "title": "SYNTHETIC scheme", "table": TABLE, "scope": "both", "answers": ANSWERS}
    return actions.upload_scheme(place=HERE, **(told | changes))


def decided(number: int, **changes: object) -> int:
    said = {
        "body": "board", "taken_on": date(2026, 3, 1), "minute": "9", "matter": f"scheme/{HERE}/{number}",
        "title": "Scheme", "outcome": "approved", "text": "Approved.",
    }  # fmt: skip
    return actions.record_decision(by=SYSTEM, place=HERE, **(said | changes))


def in_force() -> int:
    number = upload()
    actions.put_scheme_in_force(by=CHAIR, place=HERE, number=number, valid_from=DAY, decision=decided(number))
    return number


def level(value: int | None, on: date = DAY, **facts: bool) -> tuple[str, int]:
    found = reads.level(HERE, value, "tender", facts.pop("conflicted", False), on=on, **facts)
    return found.code, found.scheme


def test_without_a_scheme_every_case_goes_to_the_committee_and_says_so() -> None:
    upload()
    found = reads.level(HERE, 1, "tender", False)
    assert (found.code, found.body, found.scheme) == ("D3", "governance_committee", 0)
    assert "No scheme of delegation is in force" in found.because


def test_a_case_at_the_limit_goes_to_the_director_and_a_penny_more_to_the_committee() -> None:
    number = in_force()
    assert level(2_500_000, budget_held=True) == ("D1", number)
    assert level(2_500_001, budget_held=True) == ("D2", number)
    assert level(LIMIT) == ("D2", number)
    assert level(LIMIT + 1) == ("D3", number)
    assert level(50_000_001) == ("D4", number)
    assert level(LIMIT, new_provider=True) == ("D3", number)
    assert level(1, budget_held=True, conflicted=True) == ("D3", number)
    assert level(1, budget_held=True, disputed=True) == ("D3", number)
    assert level(None) == ("D3", number)
    assert level(1, on=date(2026, 3, 31)) == ("D3", 0)


def test_a_scheme_comes_into_force_by_a_decision_and_by_another_person() -> None:
    number = upload()
    facts = {"place": HERE, "number": number, "valid_from": DAY}
    with pytest.raises(UserError, match="there is no decision 99"):
        actions.put_scheme_in_force(by=CHAIR, decision=99, **facts)
    for minute, wrong in (("1", {"outcome": "noted"}), ("2", {"body": "clinical_committee"}), ("3", {"matter": ""})):
        with pytest.raises(UserError, match=f"does not approve scheme {number}"):
            actions.put_scheme_in_force(by=CHAIR, decision=decided(number, minute=minute, **wrong), **facts)
    right = decided(number)
    with pytest.raises(UserError, match="by somebody else: it was you"):
        actions.put_scheme_in_force(by=SECRETARY, decision=right, **facts)
    one, two = (people_reads.person_by_sign_in(each).id for each in ("secretary@demo", "finance@demo"))
    organisations.join_accounts(by=SYSTEM, user_id=one, with_user_id=two, reason="Two accounts")
    with pytest.raises(UserError, match="it was you, as secretary@demo"):
        actions.put_scheme_in_force(by=Actor("finance@demo", "F"), decision=right, **facts)
    with pytest.raises(UserError, match="it was decided on"):
        actions.put_scheme_in_force(by=CHAIR, decision=right, **(facts | {"valid_from": date(2026, 2, 1)}))
    actions.put_scheme_in_force(by=CHAIR, decision=right, **facts)
    with pytest.raises(Stale, match="was put in force from 1 April 2026"):
        actions.put_scheme_in_force(by=CHAIR, decision=right, **(facts | {"valid_from": date(2026, 5, 1)}))


def test_whoever_is_acted_for_has_put_the_version_up_too() -> None:
    """Else a deputy puts it up, and the person whose deputy it is puts it in force alone."""
    number = upload(by=Actor(SECRETARY.id, SECRETARY.name, SECRETARY.roles, acting_for=CHAIR.id))
    facts = {"place": HERE, "number": number, "valid_from": DAY, "decision": decided(number)}
    for by in (CHAIR, SECRETARY, Actor("finance@demo", "F", acting_for=CHAIR.id)):
        with pytest.raises(UserError, match="a scheme is put in force by somebody else: (it was you|you act for)"):
            actions.put_scheme_in_force(by=by, **facts)
    actions.put_scheme_in_force(by=Actor("finance@demo", "F"), **facts)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"scope": ""}, "not said for whom the scheme holds"),
        ({"answers": ANSWERS | {"why": " "}}, "the answer to 'Why is it so.' is empty"),
        ({"table": TABLE.replace("<text>value_pence<", "<text>mood<")}, "no case tells mood"),
        ({"table": TABLE.replace('"D4"', '"D9"')}, "gives no level"),
        ({"table": TABLE.replace("]10000000..50000000]", "]10000000..40000000]")}, "no rule fits"),
        ({"table": "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"}, "."),
        ({"table": "x" * 1_048_577}, "larger than 1 MiB"),
    ],
)
def test_a_scheme_that_could_not_decide_is_refused(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        upload(**changes)
    assert reads.schemes(HERE) == ()


def test_the_level_is_kept_with_the_scheme_and_worked_out_again_when_the_value_changes() -> None:
    number, matter = in_force(), f"case/{HERE}/17"
    facts = {"place": HERE, "matter": matter, "unit": "DACCOM", "specialty": "respiratory", "on": DAY}
    assert actions.set_level(by=SECRETARY, facts=Facts(LIMIT, "tender"), **facts).code == "D2"
    assert actions.set_level(by=SECRETARY, facts=Facts(LIMIT + 1, "tender"), **facts).code == "D3"
    kept = reads.level_kept(HERE, matter)
    assert (kept.number, kept.level.scheme, kept.facts.value_pence) == (2, number, LIMIT + 1)


def test_a_case_that_was_split_is_judged_by_the_whole() -> None:
    in_force()
    half = Facts(LIMIT // 2 + 1, "tender")
    about = {"by": SECRETARY, "place": HERE, "unit": "DACCOM", "specialty": "respiratory", "facts": half}
    assert actions.set_level(matter=f"case/{HERE}/1", on=DAY, **about).code == "D2"
    second = actions.set_level(matter=f"case/{HERE}/2", on=date(2027, 4, 1), **about)
    assert (second.code, second.with_matters) == ("D3", (f"case/{HERE}/1",))
    assert "Valued together with" in reads.level_kept(HERE, f"case/{HERE}/2").level.because
    assert actions.set_level(matter=f"case/{HERE}/3", on=date(2028, 4, 2), **about).code == "D2"


@pytest.mark.django_db(transaction=True)
def test_two_schemes_uploaded_at_once_are_two_versions_or_one_is_told() -> None:
    told = at_once(*(lambda name=name: upload(title=f"SYNTHETIC {name}") for name in ("one", "two")))
    kept = reads.schemes(HERE)
    assert sorted(each for each in told if isinstance(each, int)) == sorted(each.number for each in kept)
    assert all("uploaded version" in each for each in told if isinstance(each, str))
