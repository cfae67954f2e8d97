"""Which kinds of provider a text names, and to which of them something falls."""

from __future__ import annotations

import pytest

from openpbc.organisations.rules.arrangements import ProviderKind, falls_to, named

KINDS = (
    ProviderKind("every", "Every provider", ("all providers",), (), frozenset()),
    ProviderKind("ambulance", "Ambulance", ("ambulance service",), ("ambulance",), frozenset()),
    ProviderKind("community", "Community", ("community providers", "community provider"), (), frozenset()),
    ProviderKind("nursing_home", "Nursing home", ("nursing homes",), ("nursing homes",), frozenset()),
    ProviderKind("pharmacy", "Pharmacy", ("community pharmacy", "A+B (C)"), (), frozenset()),
)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Nursing homes; community providers; ambulance service", {"ambulance", "community", "nursing_home"}),
        ("Ambulance service; acute providers", {"ambulance"}),
        ("All providers, incl. independent sector", {"every"}),
        ("All acute providers", set()),
        ("Primary medical providers; community pharmacy", {"pharmacy"}),
        ("a+b (c)", {"pharmacy"}),
        ("ambulance services", set()),
        ("", set()),
    ],
)
def test_a_kind_is_named_by_whole_words_whatever_the_case(text: str, kinds: set[str]) -> None:
    assert named(text, KINDS) == kinds


@pytest.mark.parametrize(
    ("title", "affected", "kinds"),
    [
        ("Emergency admissions: ambulance", "Nursing homes; community providers; ambulance service", {"ambulance"}),
        ("Emergency admissions: nursing homes", "Nursing homes; ambulance service", {"nursing_home"}),
        ("Thrombolysis", "Ambulance service; community providers", {"ambulance", "community"}),
        ("Ambulances", "Ambulance service; community providers", {"ambulance", "community"}),
        (
            "Ambulance, nursing homes",
            "Nursing homes; ambulance service; all providers",
            {"ambulance", "nursing_home"},
        ),
        ("Ambulance", "Community providers", {"community"}),
        ("Ambulance", "", set()),
    ],
)
def test_of_several_kinds_something_falls_to_those_of_its_title_and_else_to_all(
    title: str, affected: str, kinds: set[str]
) -> None:
    assert falls_to(title, affected, KINDS) == kinds
