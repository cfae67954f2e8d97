"""The access matrix as people read it: ``docs/reference/access.md``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from openpbc.organisations.reads import ROLES
from openpbc.site.access import ALL_ROLES, Matrix, Rule, matrix

PAGE = Path("docs/reference/access.md")
_SIGNS = {"allow": "yes", "own": "own", "deny": "–"}
_HEAD = """# Who may open what

Made from `src/openpbc/site/access.yaml` by `openpbc access write`; a test fails when the two differ, when an address
of the site has no row, and when the site answers differently from its row.

- **yes**: for everything in the places where the role is held.
- **own**: for what is the reader's own: the unit, practice or provider that the address names lies within the scope of
  the role. Another's looks as if it were not there (404).
- **–**: refused. The page says so to somebody signed in (403), and asks anybody else to sign in.

A role counts in the place where it is held; another place looks as if it were not there. What has no row is refused.
"""


def markdown(shown: Matrix | None = None) -> str:
    """Print the whole matrix, with the words for the roles."""
    shown = shown or matrix()
    parts = [_HEAD, "## Roles\n", *_roles(), "## Addresses of the site\n", *_table(_routes(shown))]
    if shown.addresses:
        parts += ["## Figures that can be explained\n", *_table(shown.addresses.items())]
    parts += ["## Reasons that are told to who is refused\n", *_reasons(shown)]
    parts += ["## Forms without an idempotency key, or beyond one transaction\n", *_exceptions(shown)]
    return "\n".join(parts)


def _roles() -> Iterator[str]:
    yield "| role | who |\n|---|---|\n| public | anybody who has not signed in |"
    yield "\n".join(f"| {role} | {who} |" for role, who in ROLES.items()) + "\n"


def _routes(shown: Matrix) -> Iterator[tuple[str, Rule]]:
    for route, methods in sorted(shown.routes.items()):
        for method, rule in sorted(methods.items()):
            yield f"{method} {route}", rule


def _table(rules: Iterable[tuple[str, Rule]]) -> Iterator[str]:
    yield f"| | {' | '.join(ALL_ROLES)} |\n|---|{'---|' * len(ALL_ROLES)}"
    rows = []
    for name, rule in rules:
        cells = " | ".join(_SIGNS[rule.cell(role)] for role in ALL_ROLES)
        rows.append(f"| `{name}` | {cells} |")
    yield "\n".join(rows) + "\n"


def _reasons(shown: Matrix) -> Iterator[str]:
    for name, rule in _routes(shown):
        if rule.because:
            yield f"- `{name}`: {rule.because}"
    yield ""


def _exceptions(shown: Matrix) -> Iterator[str]:
    for name, rule in _routes(shown):
        if rule.repeatable:
            yield f"- `{name}` needs no key: {rule.repeatable}."
        if rule.lasting:
            yield f"- `{name}` is claimed before and settled after its work: {rule.lasting}."
    yield ""
