"""Writes of the parts of a case: words, rows of its tables, and the answers to the limits of shared pathways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpbc import audit
from openpbc.finance.actions.revisions import overtaken, signed
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.redesign import models
from openpbc.redesign.actions.holding import long_text, short_text, writable
from openpbc.redesign.actions.supporting import keep_mark, support_of
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.cited import cited
from openpbc.redesign.reads.parts import LIMIT_PART, ROWS, part, supported
from openpbc.redesign.rules.completeness import ELEMENTS, LIMITS, PATHWAY, PROSE, SHIFTS, SPECIFICATION, may_not_apply
from openpbc.redesign.rules.pathway import SETTINGS
from openpbc.redesign.rules.transitions import CLINICAL
from openpbc.redesign.rules.value import LONGEST_YEARS

MOST_ROWS = 40


@audit.action("redesign.write_prose")
def write_prose(
    *,
    by: Actor,
    place: str,
    number: int,
    part: str,
    revision: int,
    text: str,
    applies: bool = True,
    figures: tuple[str, ...] = (),
) -> None:
    """Write a part in words, with the addresses of the figures that it cites; or mark it as not applying, and why.

    Of an element of a supported business plan the mark counts once the supporters of both sides have said so; one who
    writes it has said so by that.
    """
    known = writable(by, place, number)
    if part not in PROSE:
        raise UserError(f"a case has no part '{part[:20]}'", do="Open it from the page of the case.")
    if not applies and part not in may_not_apply(supported=supported(known)):
        raise UserError("this part always applies", where="applies", do="Write it.")
    told = long_text("text", text)
    if not applies and not told:
        raise UserError("say why this part does not apply", where="text", do="Write the reason in a sentence.")
    for address in figures:
        cited(place, address)  # refuses what is no figure of the place
    _keep(by, known, part, revision, {"text": told, "applies": applies, "figures": list(dict.fromkeys(figures))})
    side = support_of(by.id, known) if not applies and supported(known) and part in ELEMENTS else ""
    if side:
        keep_mark(by, known, part, revision + 1, side)


@audit.action("redesign.write_table")
def write_table(
    *,
    by: Actor,
    place: str,
    number: int,
    part: str,
    revision: int,
    purpose: str = "",
    saving: int = 0,
    new_money: int = 0,
    one_off: int = 0,
    years: int = 0,
) -> None:
    """Write what stands beside the rows of a table: a specification's purpose; what shifts save, need, and how long."""
    known = writable(by, place, number)
    sums = {"saving": saving, "new_money": new_money, "one_off": one_off}
    beside: dict[str, object] = {name: _sum(name, pence) for name, pence in sums.items()}
    if not 0 <= years <= LONGEST_YEARS:
        raise UserError(f"a service is asked for at most {LONGEST_YEARS} years", where="years", do="Give fewer.")
    beside["years"] = years
    if part == SPECIFICATION:
        beside = {"purpose": long_text("purpose", purpose)}
    _keep(by, known, part, revision, {ROWS[part]: _rows(known, part), **beside})


def _sum(name: str, pence: int) -> int:
    if pence < 0:
        raise UserError("a sum here is nought or more", where=name, do="A saving is written as what is saved.")
    return pence


@audit.action("redesign.write_row")
def write_row(
    *,
    by: Actor,
    place: str,
    number: int,
    part: str,
    revision: int,
    values: Mapping[str, Any],
    row: int | None = None,
    position: int | None = None,
) -> None:
    """Add a row to a table of the case, or change the one with a number; it then stands at ``position`` (from 1)."""
    known = writable(by, place, number)
    rows = _rows(known, part)
    if row is not None:
        _known_row(rows, row)
        del rows[row - 1]
    elif len(rows) >= MOST_ROWS:
        raise UserError(f"a table of a case has at most {MOST_ROWS} rows", do="Join some.")
    at = len(rows) + 1 if position is None else position
    if not 1 <= at <= len(rows) + 1:
        raise UserError(f"there are {len(rows)} other rows", where="position", do=f"Give 1 to {len(rows) + 1}.")
    rows.insert(at - 1, _READERS[part](values))
    _keep(by, known, part, revision, {**_beside(known, part), ROWS[part]: rows})


@audit.action("redesign.remove_row")
def remove_row(*, by: Actor, place: str, number: int, part: str, revision: int, row: int) -> None:
    """Take a row out of a table of the case; the log keeps what it said."""
    known = writable(by, place, number)
    rows = _rows(known, part)
    _known_row(rows, row)
    gone = rows.pop(row - 1)
    _keep(by, known, part, revision, {**_beside(known, part), ROWS[part]: rows}, before=gone)


@audit.action("redesign.write_limits")
def write_limits(*, by: Actor, place: str, number: int, revision: int, answers: Mapping[str, str]) -> None:
    """Answer whether a shared pathway keeps within budget, national targets and local strategy."""
    known = writable(by, place, number, also=frozenset({CLINICAL}))
    kept = {code: answers.get(code, "") for code in LIMITS}
    if wrong := next((code for code, answer in kept.items() if answer not in ("", "yes", "no")), ""):
        raise UserError("answer yes or no", where=wrong, do="Choose one of the two.")
    _keep(by, known, LIMIT_PART, revision, kept)


def _rows(known: Case, code: str) -> list[Any]:
    if code not in ROWS:
        raise UserError(f"a case has no table '{code[:20]}'", do="Open it from the page of the case.")
    return list(part(known, code).body.get(ROWS[code], ()))


def _beside(known: Case, code: str) -> dict[str, Any]:
    return {name: value for name, value in part(known, code).body.items() if name != ROWS[code]}


def _known_row(rows: list[Any], row: int) -> None:
    if not 1 <= row <= len(rows):
        raise UserError(f"there is no row {row}", do="Open it from the page of the part.")


def _keep(by: Actor, known: Case, code: str, revision: int, body: Mapping[str, Any], before: object = None) -> None:
    """Keep a part if it still has the revision that the person saw."""
    now = part(known, code)
    if now.revision != revision:
        raise overtaken(f"this part of case {known.number}", now.changed_by, now.changed_at)
    facts = {"body": dict(body), "revision": revision + 1} | signed(by)
    models.Part.objects.update_or_create(case_id=known.id, code=code, defaults=facts)
    audit.note(subject=f"{known.matter}/{code}", before=before, after={"revision": revision + 1})


def _stage(values: Mapping[str, Any]) -> dict[str, Any]:
    setting, before = values.get("setting", ""), values.get("before", "")
    if setting not in SETTINGS:
        raise UserError("this is not one of the choices", where="setting", do="Choose a setting.")
    if before and before not in SETTINGS:
        raise UserError("this is not one of the choices", where="before", do="Choose a setting, or leave it empty.")
    what = short_text("what", values.get("what", ""), 300, required="Say what happens in this stage.")
    return {"setting": setting, "what": what, "who": short_text("who", values.get("who", "")), "before": before}


def _outcome(values: Mapping[str, Any]) -> dict[str, Any]:
    text = short_text("text", values.get("text", ""), 300, required="Say what is to come of the service.")
    names = ("indicator", "baseline", "target", "measure")
    return {"text": text} | {name: short_text(name, values.get(name, "")) for name in names}


def _shift(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "giver": short_text("giver", values.get("giver", ""), required="Say whose money it is now."),
        "receiver": short_text("receiver", values.get("receiver", ""), required="Say whom it reaches."),
        "out": _sum("out", values.get("out", 0)),
        "into": _sum("into", values.get("into", 0)),
        "contract": short_text("contract", values.get("contract", "")),
    }


_READERS = {PATHWAY: _stage, SPECIFICATION: _outcome, SHIFTS: _shift}
