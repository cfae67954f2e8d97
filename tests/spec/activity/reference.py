"""Makes the reference page of the checks from the specification; run it as a module to write the page."""

from __future__ import annotations

import re
from pathlib import Path

from openpbc.activity.flow.reference import check_rules
from tests.spec.activity.tables import GIVEN, LAYOUTS, LINES, PAGES, book
from tests.spec.pricing.reference import aligned

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "rules" / "checks.md"

_INTRODUCTION = """\
# Checks

What every received record is held against, and what becomes of it. Every table below is a test: each line is run by
the law for one run of records (`openpbc.activity.rules.checks`) and by its copy for millions
(`openpbc/activity/sql/check_*.sql`), and both must find exactly what stands below the arrows, as rule and field, and
nothing else. Lines with the same letter under `set` lie in one file and are judged together.

| severity | meaning                                                        | what becomes of the record |
| -------- | -------------------------------------------------------------- | -------------------------- |
| F        | the record cannot be used                                      | rejected                   |
| X        | the commissioner does not pay for it, whatever the tariff says | excluded                   |
| E        | counts against the quality of the sender's data                | accepted                   |
| W        | informs                                                        | accepted                   |

Rejected and excluded records are kept, counted and shown: received = accepted + rejected + excluded, where the records
of a file that a later file replaced count as excluded. The rules with their severities are data of the rulebook
(`data.checks`), and so are the code lists (`data.codes.*`), the codes that stand for nothing known
(`data.checks.stand_ins`) and the codes that exclude (`data.checks.exclusions`). A layout may name rules that its files
cannot be held to (`without`).

One rule holds two data sets together: whoever A&E says was admitted has a stay at the same provider that begins on the
day of leaving or beside it (V-AE-03, `tests/spec/activity/test_admission.py`). It is judged in a month's run alone, so
a file that is looked at by itself says nothing of it; and only where the provider's admitted care is in the run, in a
layout that also holds stays that still go on, for patients who left before the last day of the month. A patient is
known by the NHS number or by the provider's own number.

This page is made from `tests/spec/activity` by `python -m tests.spec.activity.reference`.
"""


def page() -> str:
    """The whole page as text."""
    parts = [aligned(_INTRODUCTION), _rules(), *(_section(path) for path in (*PAGES, LAYOUTS, LINES, GIVEN))]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _rules() -> str:
    rows = [
        f"| {rule.code} | {rule.level} | {rule.stream} | {rule.sentence} |"
        for _, rule in sorted(check_rules(book()).items())
    ]
    return aligned(
        "\n".join(["## Rules", "", "| rule | severity | stream | meaning |", "|---|---|---|---|", *rows, ""])
    )


def _section(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^stream: (\w+)$", r"Records: `\1`.", text, flags=re.MULTILINE)
    text = re.sub(r"^layout: ([\w-]+)$", r"Layout: `\1`.", text, flags=re.MULTILINE)
    text = re.sub(
        r"^given: (.*)$", lambda said: f"Different in every line: {_said(said[1])}.", text, flags=re.MULTILINE
    )
    return aligned(re.sub(r"^(#+ )", r"#\1", text, flags=re.MULTILINE).replace("=> ", "→ "))


def _said(given: str) -> str:
    pairs = [pair.strip().partition(" ") for pair in given.split(",")]
    told = [f"`{name}` is {text}" if text else f"`{name}` is empty" for name, _, text in pairs]
    return f"In every line, unless shown: {', '.join(told)}."


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
