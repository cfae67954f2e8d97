"""The pound effect of a file that waits: the month with it less the month as it is, each figure explained.

``draft/<place>/<provider>/<code>/<pod or all>/<unit or all>/<measure>``, where a measure is a quantity (``activity``,
``charge``, ``price``) alone (with this file), or after ``present-`` (with the present one) or ``effect-`` (the move).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openpbc.activity.flow.drafting import EffectRow, counted_by
from openpbc.activity.reads.drafts import Draft, draft
from openpbc.activity.reads.viewers import may_read, may_send
from openpbc.kernel.citations import Citation
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation, Step
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer

PREFIX, ALL, NONE = "draft", "all", "-"
QUANTITIES = {"activity": "Activity", "charge": "Charge", "price": "Price with market forces factor"}
FIGURES = {"": "with this file", "present-": "with the present file", "effect-": "moved by this file"}
MEASURES = tuple(f"{figure}{quantity}" for figure in FIGURES for quantity in QUANTITIES)
RULE = "activity.draft_effect"
COUNTING = Citation("openpbc-domain-notes", "Payment by Results, pricing of spells and attendances", "S")


@dataclass(frozen=True)
class _Asked:
    address: str
    draft: Draft
    pod: str
    unit: str
    measure: str

    @property
    def quantity(self) -> str:
        return self.measure.rpartition("-")[2]

    @property
    def figure(self) -> str:
        return self.measure.removesuffix(self.quantity)

    @property
    def rows(self) -> tuple[EffectRow, ...]:
        preview = self.draft.preview
        held = preview.effect if preview else ()
        return tuple(row for row in held if self.pod in (ALL, row.pod) and self.unit in (ALL, row.unit))


def address(shown: Draft, pod: str, unit: str, measure: str) -> str:
    """Give the address of one figure; the provider in it tells whose people may see it."""
    provider = shown.preview.provider if shown.preview else ""
    return f"{PREFIX}/{shown.place}/{shown.scope or provider or NONE}/{shown.code}/{pod}/{unit}/{measure}"


def value_of(row: EffectRow, measure: str) -> int:
    """Give one figure of a row."""
    quantity = measure.rpartition("-")[2]
    present, coming = int(getattr(row, f"present_{quantity}")), int(getattr(row, quantity))
    return {"": coming, "present-": present, "effect-": coming - present}[measure.removesuffix(quantity)]


def total(shown: Draft, measure: str) -> int:
    """Give one figure of all rows."""
    return sum(value_of(row, measure) for row in (shown.preview.effect if shown.preview else ()))


def explain_effect(wanted: str, viewer: Viewer) -> Explanation:
    """Explain one figure of a draft, to those who may see the draft."""
    asked = _parsed(wanted, viewer)
    preview, rows = asked.draft.preview, asked.rows
    assert preview is not None
    value = sum(value_of(row, asked.measure) for row in rows)
    whole = len({asked.pod, asked.unit} & {ALL})
    steps = tuple(_parts(asked)) if whole else tuple(_codes(asked))
    return Explanation(
        address=asked.address,
        title=f"{QUANTITIES[asked.quantity]} of {preview.provider}, {Month.parse(preview.month).name}, "
        f"{FIGURES[asked.figure]}",
        value=value,
        unit="count" if asked.quantity == "activity" else "pence",
        formula=_formula(asked),
        steps=steps,
        citations=(COUNTING,),
        evidence=(
            ("file", preview.sha256),
            ("present file", preview.present or "none"),
            ("run without this file", preview.runs[0] or "none"),
            ("run with this file", preview.runs[1]),
        ),
        notes=("Nothing of this counts until the file is received.",),
    )


def may_see(viewer: Viewer, place: str, scope: str) -> bool:
    """Tell whether a viewer is among those who see a draft: its provider's people, or the commissioner's analysts."""
    return may_send(viewer, place, scope) if scope else may_read(viewer, place)


def _parsed(wanted: str, viewer: Viewer) -> _Asked:
    parts = wanted.split("/")
    if len(parts) != 7 or parts[0] != PREFIX or parts[6] not in MEASURES:
        raise _nowhere(wanted)
    place, provider, code = parts[1:4]
    for scope in (provider, ""):
        if may_see(viewer, place, scope):
            try:
                found = draft(place, scope, code)
            except UserError:
                continue
            asked = _Asked(wanted, found, parts[4], parts[5], parts[6])
            if found.preview is not None and asked.rows and address(found, *parts[4:]) == wanted:
                return asked
    raise _nowhere(wanted)


def _nowhere(wanted: str) -> UserError:
    return UserError(
        f"'{wanted[:120]}' names no figure of a file that waits", do="Open the figure from its page again."
    )


def _formula(asked: _Asked) -> str:
    if asked.figure == "effect-":
        return "the month with this file in place of the present one - the month as it is"
    return "sum over the counted records of the provider in the month's run"


def _parts(asked: _Asked) -> Iterator[Step]:
    """The rows of which a total is the sum, each with its own explanation; what does not move is no step of a move."""
    pods, units = names(asked.draft.place)
    for row in asked.rows:
        if asked.figure == "effect-" and not value_of(row, asked.measure):
            continue
        yield Step(
            rule=RULE,
            label=f"{pods.get(row.pod, row.pod)}, {units.get(row.unit, row.unit)}",
            effect=value_of(row, asked.measure),
            inputs=tuple(
                (words, _shown(asked, value_of(row, figure + asked.quantity))) for figure, words in FIGURES.items()
            ),
            address=address(asked.draft, row.pod, row.unit, asked.measure),
        )


def _codes(asked: _Asked) -> Iterator[Step]:
    """The groupings (or, where records have none, the practices) from which a row's figure comes."""
    preview = asked.draft.preview
    assert preview is not None
    place = organisations.book(asked.draft.place).place
    found = counted_by(
        asked.draft.store, place.commissioner, preview.provider, preview.runs, asked.pod, asked.unit, asked.quantity
    )
    for code, present, coming in found:
        effect = {"": coming, "present-": present, "effect-": coming - present}[asked.figure]
        inputs = (("with the present file", _shown(asked, present)), ("with this file", _shown(asked, coming)))
        if effect or asked.figure != "effect-":
            yield Step(rule=RULE, label=code, effect=effect, inputs=inputs)


def _shown(asked: _Asked, value: int) -> str:
    return f"{value:,}" if asked.quantity == "activity" else pounds(value)


def names(place: str) -> tuple[dict[str, str], dict[str, str]]:
    """Give what points of delivery and groups are called."""
    listed = organisations.book(place).table("data.codes.pod")
    pods = {row["code"]: row["description"] or row["code"] for row in getattr(listed, "rows", ())}
    units = {unit.code: unit.name for unit in organisations.units(place)}
    return pods | {NONE: "Not stated"}, units | {NONE: "No group"}
