"""A page asks the database as often for three times as many cases, and what it says of each is what the case says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openpbc.governance import actions as governance
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions, reads
from openpbc.redesign.reads.beside import Beside
from openpbc.redesign.reads.cases import is_open
from openpbc.redesign.reads.facts import decision, facts_of, next_steps
from openpbc.redesign.reads.interests import constraints
from openpbc.redesign.reads.seeing import seen, seen_by, withheld
from openpbc.redesign.reads.value import decided_elsewhere, decides
from openpbc.redesign.rules.transitions import STAGES
from openpbc.site.digests import mail_for
from tests.integration.redesign.conftest import UNIT, agreed, revision
from tests.integration.redesign.many import COMPANY, copy_to_every_stage
from tests.integration.site.conftest import HERE, SIGN_INS, As

pytestmark = [pytest.mark.usefixtures("people"), pytest.mark.one_database]
PAGES = (
    "cases", "cases/speed", "conclave", "shared-pathways", "intentions", "barriers", "changes", "matters", "decisions",
    "milestones", "milestones/of/AR-1",
    "appeals", "search?q=Copy",
)  # fmt: skip
ROLES = ("committee_chair", "committee_secretary", "gp_lead", "finance_manager", "provider_lead", "conclave_chair")
# What a question is about: the numbers, words and lists in it.
_ABOUT = re.compile(r"\((?:'[^']*'|[\d, ])+\)|'[^']*'|\b\d+\b")
K = tuple(f"K{number}" for number in range(1, 13))


@pytest.fixture
def spread(people: None) -> None:
    """One case of every stage, beside the one from which they were copied; somebody has an interest in every other."""
    agreed(title="Knees", area="Bones")
    actions.name_lead(
        by=organisations.viewer_by_sign_in(SIGN_INS["group_manager"]).actor, place=HERE, number=1,
        revision=revision(), unit=UNIT, person=SIGN_INS["conclave_chair"],
    )  # fmt: skip
    for role in ("finance_manager", "provider_lead", "conclave_chair"):
        governance.declare_interest(
            by=SYSTEM, place=HERE, person=SIGN_INS[role], organisation=COMPANY, role="owner",
            nature="financial-personal", held_from=organisations.today() - timedelta(days=30),
        )  # fmt: skip
    copy_to_every_stage(1)


def asked(what: Callable[[], object]) -> Counter[str]:
    """How often each question is put to the database, whatever it is asked about."""
    connection.queries_log.clear()  # it keeps nine thousand and drops the first ones
    with CaptureQueriesContext(connection) as told:
        what()
    return Counter(_ABOUT.sub("?", each["sql"]) for each in told if each["sql"].startswith("SELECT"))


def test_three_times_as_many_cases_ask_no_more_queries(spread: None, as_role: As) -> None:
    browsers = {role: as_role(role) for role in ROLES}
    chair = browsers["committee_chair"]
    ways: dict[str, Callable[[], object]] = {page: lambda page=page: chair.get(f"/p/{HERE}/{page}") for page in PAGES}
    ways |= {f"today of {role}": lambda role=role: browsers[role].get(f"/p/{HERE}") for role in ROLES}
    ways["blocks"] = lambda: browsers["conclave_chair"].get(f"/p/{HERE}/conclave/blocks")
    ways["digest"] = lambda: mail_for(SIGN_INS["committee_chair"])
    ways["explained"] = lambda: chair.get(f"/explain/speed/{HERE}/all/all/handed-in")
    for way in ways.values():
        way()  # what is read once for the whole process is not counted
    few = {name: asked(way) for name, way in ways.items()}
    copy_to_every_stage(1, times=2)
    assert len(reads.cases(HERE)) == 1 + 3 * len(STAGES)
    many = {name: asked(way) for name, way in ways.items()}
    assert {name: told - few[name] for name, told in many.items() if told.total() > few[name].total()} == {}


def test_a_case_says_among_many_what_it_says_alone(spread: None) -> None:
    book, every = organisations.book(HERE), reads.cases(HERE)
    viewer = organisations.viewer_by_sign_in(SIGN_INS["analyst"])
    beside = Beside(book, every, every, viewer)
    for each in every:
        assert reads.case(HERE, each.number) == each
        assert facts_of(book, each, beside) == facts_of(book, each, viewer=viewer), each.stage
        assert next_steps(book, each, beside) == next_steps(book, each, viewer=viewer), each.stage
        assert constraints(book, each, K, beside) == constraints(book, each, K), each.stage
        assert decision(each, beside) == decision(each)
        assert decides(each, "tender", beside) == decides(each, "tender")
        assert decided_elsewhere(each, beside=beside) == decided_elsewhere(each)
    found = [constraints(book, each, K, beside) for each in every]
    assert {code for told in found for code, said in told.items() if said} >= {"K3", "K5", "K6"}
    assert any(decision(each, beside) for each in every if is_open(each)) and any(beside.appealed.values())
    for role in ("analyst", "finance_manager", "provider_lead"):
        who = organisations.viewer_by_sign_in(SIGN_INS[role])
        kept = [each for each in every if not withheld(who, each)]
        assert seen(who, HERE, every) == kept and len(kept) < len(every), role
        assert seen_by(who.actor, HERE, every) == kept and (kept or role == "provider_lead")
