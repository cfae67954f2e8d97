"""The law is filled from the book; what a pack lacks or mistakes stops with the sentence that names the file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from openpbc.activity.flow import pricing_law
from openpbc.activity.rules.attribution import Dated, Membership, as_known, in_force, outward
from openpbc.activity.rules.exclusions import finding_of
from openpbc.kernel.findings import Level, Place
from openpbc.kernel.problems import UserError
from openpbc.rulebook.files import SHIPPED
from openpbc.rulebook.reader import open_book

PACK = "england/2008-09/payment"


def _overlaid(tmp_path: Path, name: str, right: str, wrong: str) -> Path:
    """An overlay with one pack file changed."""
    text = (SHIPPED / PACK / name).read_text(encoding="utf-8")
    assert right in text
    (tmp_path / PACK).mkdir(parents=True)
    (tmp_path / PACK / name).write_text(text.replace(right, wrong), encoding="utf-8")
    return tmp_path


def test_every_setting_and_table_of_the_shipped_law_is_cited() -> None:
    book = open_book("west-herts-2008")
    subjects = [subject for subject in book.subjects if subject.startswith("payment.")]
    assert len(subjects) >= 40
    for subject in subjects:
        found = book.value(subject) if book.subjects[subject].kind != "table" else book.table(subject)
        # a rule that the year does not have says so in its note
        assert found.citation.section if found.is_set else found.note, subject  # type: ignore[union-attr]


def test_a_word_that_the_scheme_does_not_know_is_refused(tmp_path: Path) -> None:
    book = open_book("west-herts-2008", overlay=_overlaid(tmp_path, "mff_payer.yaml", '"DH"', '"NOBODY"'))
    with pytest.raises(UserError, match=r"mff_payer.yaml: 'NOBODY' is not a choice. Use DH or COMMISSIONER"):
        pricing_law.pricing_law(book)


def test_a_setting_that_is_not_set_names_the_file_to_fill(tmp_path: Path) -> None:
    wrong = _overlaid(
        tmp_path, "sse_age_from.yaml", 'value: "19"\n    status: assumed', "value: null\n    status: not set"
    )
    with pytest.raises(UserError, match=r"payment/sse_age_from.yaml: .* is not set for 2008/09"):
        pricing_law.pricing_law(open_book("west-herts-2008", overlay=wrong))


def test_a_place_without_a_tariff_stops_with_the_file_to_fill() -> None:
    with pytest.raises(UserError, match="not set"):
        pricing_law.pricing_law(open_book("blmk-2023"))


def test_a_top_up_trigger_without_a_rate_is_refused(tmp_path: Path) -> None:
    wrong = _overlaid(tmp_path, "topup_triggers.yaml", "rows: []", 'rows: [{code: "Q2", area: "children"}]')
    with pytest.raises(UserError, match="the area 'children' has no rate"):
        pricing_law.tariff_of(open_book("west-herts-2008", overlay=wrong))


def test_contract_terms_are_read_from_tables() -> None:
    lines = (("provider", "stream", "pod", "code", "arrangement", "price"), [("RWG", "op", None, "100", "LOCAL", 5)])
    flags = (("provider", "multi_professional", "left_before_treatment"), [("RWG", True, None), ("RWH", False, False)])
    terms = pricing_law.contract_terms({"contract_lines": lines, "contract_terms": flags})
    assert terms.line_for("RWG", "op", "OPFASPCL", "", "100") == terms.lines[0]
    assert terms.line_for("RWG", "op", "OPFASPCL", "", "101") is None
    assert (terms.multi_professional, terms.left_before_treatment) == (frozenset({"RWG"}), {"RWH": False})


def test_a_contract_line_twice_is_refused() -> None:
    columns = ("provider", "stream", "pod", "code", "arrangement", "price")
    line = ("RWG", "op", None, "100", "LOCAL", 5)
    with pytest.raises(UserError, match="'RWG op 100' twice"):
        pricing_law.contract_terms({"contract_lines": (columns, [line, line])})


def test_the_law_says_how_firm_it_is() -> None:
    assert pricing_law.statuses(open_book("west-herts-2008")) == ("assumed",)
    assert pricing_law.statuses(open_book("blmk-2023")) == ("assumed",)  # what its payment mechanisms rest on


def test_members_of_a_run_make_the_same_geography_as_the_book() -> None:
    book = open_book("west-herts-2008")
    whole = pricing_law.geography(book)
    assert (whole.held, whole.special["PRIVATE"], whole.not_applicable) == ("PCT-held", "VPP00", "V81998")

    class Member:
        practice, unit, budget_line, commissioner = "E82901", "WATCOM", "WATCOM", "5P4"
        valid_from, valid_to = date.min, date.max

    of_run = pricing_law.geography(book, [Member()])
    assert [m.unit for m in of_run.memberships] == ["WATCOM"]
    assert replace(of_run, practices=(), memberships=()) == replace(whole, practices=(), memberships=())


def test_the_two_clocks_of_a_fact() -> None:
    moved = Membership("P", "A", "A", Dated(date(2008, 4, 1), date(2008, 9, 30), date(2008, 3, 1), date(2008, 11, 10)))
    assert in_force([moved], date(2008, 9, 30)) == [moved]
    assert in_force([moved], date(2008, 10, 1)) == in_force([moved], None) == []
    assert as_known([moved], date(2008, 3, 1)) == as_known([moved], date(2008, 11, 9)) == (moved,)
    assert (
        as_known([moved], date(2008, 2, 28)) == as_known([moved], date(2008, 11, 10)) == as_known([moved], None) == ()
    )


@pytest.mark.parametrize(("postcode", "half"), [("AL10 1AA", "AL10"), ("al11aa", "AL1"), ("AL1", ""), ("", "")])
def test_the_first_half_of_a_postcode(postcode: str, half: str) -> None:
    assert outward(postcode) == half


def test_a_reason_is_told_as_a_finding_only_where_it_weighs() -> None:
    reasons = pricing_law.reason_rules(open_book("west-herts-2008"))
    place = Place("f", 3)
    found = finding_of("X-NOPRICE", reasons, place)
    assert found and (found.rule, found.level, found.place) == ("X-NOPRICE", Level.ERROR, place)
    assert finding_of("LOCAL", reasons, place) is not None
    assert finding_of("X-DNA", reasons, place) is finding_of("", reasons, place) is None
