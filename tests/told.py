"""What every refusal of a person has to tell: why, who can, and until when."""

from __future__ import annotations


def told(sentence: str, *, why: str, who: str, until: str) -> None:
    """Hold a refusal to its three parts: none is empty, and why stands before the other two."""
    assert why and who and until, "a refusal is held to three parts"
    for part in (why, who, until):
        assert part in sentence, f"'{sentence}' does not tell '{part}'"
    assert sentence.index(why) < min(sentence.index(who), sentence.index(until)), f"'{sentence}' begins with why"
    assert sentence.endswith("."), f"'{sentence}' does not end"
