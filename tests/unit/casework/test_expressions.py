"""Conditions: the subset gives Python's answers, and everything else is refused with a sentence, never run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbc.casework.expressions import read_expression
from openpbc.kernel.problems import UserError

FACTS = {"outcome": "approved", "value_pence": 5000, "routes": ["tender", "existing"], "urgent": False}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ('outcome == "approved"', True),
        ('outcome != "approved" or urgent', False),
        ("value_pence <= 5000 and not urgent", True),
        ("0 < value_pence < 5000", False),
        ('"tender" in routes', True),
        ('outcome in ["approved", "noted"]', True),
        ('outcome not in ("approved", "noted")', False),
        ("nobody_stored_it is None", True),
        ("outcome is not None", True),
        ("len(routes) == 2", True),
        ("value_pence > -1", True),
        ("False", False),
    ],
)
def test_the_subset_gives_the_answer_of_the_language(text, answer):
    expression = read_expression(text)
    assert expression.value(FACTS) is answer
    assert expression.holds(FACTS) is answer


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "import os",
        "outcome.__class__",
        "().__class__.__bases__",
        "[x for x in routes]",
        "(lambda: 1)()",
        "9 ** 9 ** 9",
        "value_pence + 1",
        "routes[0]",
        "f'{outcome}'",
        "open('x')",
        "len(object)(1)",
        "len(*routes)",
        "max(routes, key=len)",
        "(x := 1)",
        "1.5 < 2",
        "b'x' == outcome",
        "{'a': 1}",
        "__builtins__",
        "_private == 1",
        "outcome = 'approved'",
        "outcome is 'approved'",
        "urgent == true",
        "len == 1",
        "",
        "1 if urgent else 2",
        "await outcome",
        "(" * 300 + ")" * 300,
        "not " * 119 + "urgent",
        " or ".join(["urgent"] * 200),
        "'\x00'" + "\x00",
    ],
)
def test_everything_else_is_refused_with_a_sentence(text):
    with pytest.raises(UserError) as refused:
        read_expression(text, "gateway G1")
    assert "gateway G1" in refused.value.sentence


def test_an_expression_names_the_facts_that_it_looks_at():
    assert read_expression('len(routes) > 1 and outcome == "x"').names == {"routes", "outcome"}


def test_facts_that_cannot_be_compared_are_a_sentence():
    with pytest.raises(UserError, match="'value_pence < outcome' cannot be worked out"):
        read_expression("value_pence < outcome").value(FACTS)
    with pytest.raises(UserError, match="cannot be worked out"):
        read_expression("missing < 3").value(FACTS)


@given(st.text(max_size=60))
def test_no_text_does_anything_but_read_or_be_refused(text):
    try:
        read_expression(text).value({})
    except UserError:
        pass
