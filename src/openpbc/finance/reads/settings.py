"""What fair shares may be asked for: a scenario of the pack, and everything that a what-if changes in it.

The query of the settings is part of the address of every figure made under them, and a saved scenario is a name for
such a query. So it is canonical: the same settings always give the same text, and no sign in it needs quoting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from openpbc.finance.rules.scope_moves import Changes, ScopeChange
from openpbc.kernel.problems import UserError

_CHANGE = re.compile(r"([A-Za-z0-9_-]{1,30})\.(-?\d{1,15})\.(-?\d{1,15})\.(-?\d{1,15})", re.ASCII)
_TEXTS = ("scenario", "scope")
_LONGEST = 4_000


@dataclass(frozen=True)
class Settings:
    """A what-if: each setting that is none is taken from the scenario and the rulebook.

    Rates in parts per million, ``deposit`` and ``pot`` in pence. A deposit without a cap solves the cap that releases
    it; a cap without a deposit is applied as it is. ``scope`` holds what items moved in or out of scope change, group
    by group; ``pot`` is the money in scope before these moves.
    """

    scenario: str = ""
    floor: int | None = None
    extra: int | None = None
    cap: int | None = None
    deposit: int | None = None
    pot: int | None = None
    scope: str = ""

    def __post_init__(self) -> None:
        """Write the moves in the one order that they have."""
        if self.scope:
            object.__setattr__(self, "scope", scope_text(read_scope(self.scope)))

    @property
    def query(self) -> str:
        """The settings as the query of an address: parts per million and pence, empty ones left out."""
        return urlencode({name: value for name, value in vars(self).items() if value not in (None, "")})

    @property
    def scope_changes(self) -> Mapping[str, ScopeChange]:
        """What the moves change, by group."""
        return read_scope(self.scope) if self.scope else {}

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the settings that are not the scenario's own."""
        return tuple(name for name, value in vars(self).items() if name != "scenario" and value not in (None, ""))

    @classmethod
    def parse(cls, query: str) -> Settings:
        """Read the query of an address back; anything else than :attr:`query` writes is a person's mistake."""
        found: dict[str, str | int] = {}
        for name, text in parse_qsl(query[:_LONGEST]):
            if name not in cls.__dataclass_fields__ or (name not in _TEXTS and not text.isdecimal()):
                raise UserError(f"'{name[:20]}={text[:20]}' is no setting of fair shares", do="Open the figure again.")
            found[name] = text if name in _TEXTS else int(text)
        return cls(**found)  # type: ignore[arg-type]  # the names were checked just above


AS_IT_IS = Settings()
"""Nothing changed: the place's first scenario."""


def scope_text(changes: Changes) -> str:
    """Write moves as text: group, base, out of scope last year, out of scope this year; groups in order."""
    return "~".join(
        f"{code}.{each.base}.{each.excluded_before}.{each.excluded}"
        for code, each in sorted(changes.items())
        if each != ScopeChange()
    )


def read_scope(text: str) -> dict[str, ScopeChange]:
    """Read moves back; a text that :func:`scope_text` cannot have written is a person's mistake."""
    found: dict[str, ScopeChange] = {}
    for part in text.split("~"):
        read = _CHANGE.fullmatch(part)
        if read is None or read[1] in found:
            raise UserError(f"'{part[:40]}' is no move in or out of scope", do="Open the figure from its page again.")
        found[read[1]] = ScopeChange(int(read[2]), int(read[3]), int(read[4]))
    return found


def share_address(place: str, group: str, figure: str, settings: Settings) -> str:
    """Give the address of a figure of a fair-share result."""
    return f"fair-shares/{place}/{group}/{figure}?{settings.query}"
