"""Files of the national register: kept as they came, looked at, and only then taken."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import moment_cell
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.texts import plain_name
from openpbc.organisations import reads
from openpbc.organisations.models import BODY, Link, Organisation, Place, RegisterFile
from openpbc.organisations.reads import register
from openpbc.organisations.reads.installation import store
from openpbc.organisations.rules.clocks import Belief
from openpbc.organisations.rules.links import alone_key
from openpbc.organisations.rules.register_changes import Written
from openpbc.organisations.rules.told import Held, Named

_BATCH = 2_000


@audit.action("organisations.receive_register", late=True)
def receive_register(
    *, by: Actor, place: str, name: str, content: bytes, layout: str, as_at: date, only: Iterable[str] = ()
) -> int:
    """Keep a file of the register and give its number; nothing of it counts yet.

    A file that cannot be read is refused here, with the sentence that says why. ``only`` are the codes of the
    commissioners, boards or practices whose rows are wanted; without any, all rows are.
    """
    asked = register.codes(only)
    if as_at > reads.today():
        raise UserError("the file is of a day to come", "as_at", "Give the day on which it was made.")
    name = plain_name(name, "register.csv")
    register.read(content, name, layout, as_at, asked)
    sha256 = hashlib.sha256(content).hexdigest()
    folder, kept = register.folder(sha256), store()
    with audit.writing():
        _locked(place)
        if not (folder / register.CONTENT).is_file():
            with kept.staging() as staged:
                (staged / register.CONTENT).write_bytes(content)
                kept.keep(staged, folder)
        number = RegisterFile.objects.filter(place_id=place).count() + 1
        RegisterFile.objects.create(
            place_id=place,
            number=number,
            name=name,
            sha256=sha256,
            layout=layout,
            as_at=as_at,
            only=" ".join(sorted(asked)),
            received_by=by.name[:200],
        )
        told = {"sha256": sha256, "name": name, "layout": layout, "as_at": as_at.isoformat(), "bytes": len(content)}
        audit.note(subject=f"register-file/{place}/{number}", after=told)
    return number


@audit.action("organisations.take_register")
def take_register(*, by: Actor, place: str, number: int, seen: int) -> dict[str, int]:
    """Take a file's rows as they were shown; give what became of them.

    ``seen`` is how many files had been taken when it was looked at: after another one its effect may be another.
    """
    _locked(place)
    last = RegisterFile.objects.filter(place_id=place, taken__isnull=False).order_by("-taken").first()
    row = RegisterFile.objects.filter(place_id=place, number=number).first()
    if row is None:
        raise UserError(f"there is no file {number}", where=place)
    if row.taken is not None:
        raise Stale(f"{row.taken_by} took this file already", do="Look at the register.")
    if last is not None and last.taken != seen:
        what = f"{last.taken_by} took {last.name} at {moment_cell(timezone.localtime(last.taken_at))}"
        raise Stale(what, do="What this file would change is shown anew below: look at it and take it again.")
    shown = register.preview(place, number)
    _write(place, [each for change in shown.changes for each in change.written], shown.source)
    counts = shown.counts
    row.taken, row.taken_by, row.taken_at, row.counts = shown.seen + 1, by.name[:200], timezone.now(), counts
    row.save()
    audit.note(subject=f"register-file/{place}/{number}", after=counts | {"sha256": row.sha256})
    return counts


@audit.action("organisations.bring_register")
def bring_register(
    *, by: Actor, place: str, name: str, content: bytes, layout: str, as_at: date, only: Iterable[str] = ()
) -> int:
    """Keep a file of the register and take its rows, both or neither; give its number. Nobody looks at it between."""
    facts = {"name": name, "content": content, "layout": layout, "as_at": as_at, "only": only}
    number = receive_register(by=by, place=place, **facts)  # type: ignore[arg-type]
    taken = take_register(by=by, place=place, number=number, seen=register.preview(place, number).seen)
    audit.note(subject=f"register-file/{place}/{number}", after=taken)
    return number


def _locked(place: str) -> None:
    """Hold back every other writer of a place's organisations."""
    if Place.objects.select_for_update().filter(code=place).first() is None:
        raise UserError(f"the place '{place[:60]}' is not loaded", do="Load it with 'openpbc organisations load'.")


def _write(place: str, written: list[Written], source: str) -> None:
    """End what was believed and write what is, organisations and links apart, in batches."""
    for of_links in (False, True):
        those = [each for each in written if bool(each.kind) is of_links]
        model: Any = Link if of_links else Organisation
        known = {belief.known_from for each in those for belief in each.beliefs}
        ended = [key for each in those for key in each.ended]
        for at in range(0, len(ended), _BATCH):
            model.objects.filter(place_id=place, pk__in=ended[at : at + _BATCH]).update(
                known_to=max(known), recorded=True
            )
        make = _link if of_links else _organisation
        new = [make(place, each, belief, source) for each in those for belief in each.beliefs]
        model.objects.bulk_create(new, batch_size=_BATCH)


def _organisation(place: str, written: Written, belief: Belief[Any], source: str) -> Organisation:
    said: Named = belief.said
    told = {"kind": said.kind, "postcode": said.postcode, "seen": said.seen}
    detail = {name: value for name, value in told.items() if value or name == "kind"}
    return Organisation(
        place_id=place, kind=BODY, code=written.code, name=said.name, detail=detail, **_clocks(belief), source=source
    )


def _link(place: str, written: Written, belief: Belief[Any], source: str) -> Link:
    said: Held = belief.said
    return Link(
        place_id=place,
        kind=written.kind,
        member=written.code,
        holder=said.holder,
        about=said.about,
        alone=alone_key(written.kind, written.code, said.holder, said.about),
        seen=said.seen,
        source=source,
        **_clocks(belief),
    )


def _clocks(belief: Belief[Any]) -> dict[str, Any]:
    clocks = ("valid_from", "valid_to", "known_from", "known_to")
    return {name: getattr(belief, name) for name in clocks} | {"recorded": True}
