"""Which kinds of provider a text names."""

from __future__ import annotations

import pytest

from openpbc.organisations.rules.arrangements import ProviderKind, named

KINDS = (
    ProviderKind("every", "Every provider", ("all providers",), frozenset()),
    ProviderKind("ambulance", "Ambulance", ("ambulance service",), frozenset()),
    ProviderKind("community", "Community", ("community providers", "community provider"), frozenset()),
    ProviderKind("pharmacy", "Pharmacy", ("community pharmacy", "A+B (C)"), frozenset()),
)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Nursing homes; community providers; ambulance service", {"ambulance", "community"}),
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
