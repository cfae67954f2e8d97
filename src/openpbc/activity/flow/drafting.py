"""Works a file through before it counts: landed, checked, priced and compared in a folder of its own.

Nothing of it touches the warehouse: the draft's folder has a store of its own, with links to the landed files of the
month. Run as a program, it does the work of one draft folder; it needs no database, so it lives and dies by itself. The
lock that it inherits tells others that it is alive, however it ends.

``sent/<name>``      the file as it came
``task.json``        what is asked: place, claims, files received, memberships, terms
``stage``            which stage the work is at; its time is when the stage began
``preview.json``     what came of it, or
``refusal.json``     the sentence by which the file is refused
``work/``            the draft's own store
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from openpbc.activity.flow import checking, reading, receiving
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.comparing import Change, Compared, compare
from openpbc.activity.flow.layouts import layouts
from openpbc.activity.flow.local_codes import described, read_described
from openpbc.activity.flow.receiving import Claim
from openpbc.activity.flow.reference import MemberRow
from openpbc.activity.flow.running import Terms, identity_of
from openpbc.activity.flow.running import run as run_month
from openpbc.activity.rules.local_codes import LocalCode, of_month
from openpbc.activity.rules.scheme import COUNTED
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book, open_book
from openpbc.warehouse import runs
from openpbc.warehouse.session import Session, quoted
from openpbc.warehouse.store import Store, canonical_json

TASK, STAGE, PREVIEW, REFUSAL, SENT, WORK = "task.json", "stage", "preview.json", "refusal.json", "sent", "work"
STAGES: Mapping[str, str] = {
    "land": "Reading every line",
    "check": "Checking every record",
    "compare": "Comparing with the present file",
    "price": "Pricing the month with and without this file",
}


@dataclass(frozen=True)
class Task:
    """What is asked of one piece of work; ``received`` are all files of the place that take part in some month."""

    place: str
    rulebook: str
    warehouse: str
    name: str
    claim: Claim
    received: tuple[Submitted, ...]
    members: tuple[MemberRow, ...]
    terms: Terms = field(default_factory=dict)
    codes: tuple[LocalCode, ...] = ()

    def codes_of(self, month: str) -> list[LocalCode]:
        """Give the mappings that count in a month; all of them where a file belongs to none."""
        return of_month(self.codes, Month.parse(month)) if month else list(self.codes)


@dataclass(frozen=True)
class EffectRow:
    """What counts of one point of delivery and group in the month, with the present file and with this one."""

    pod: str
    unit: str
    present_activity: int
    present_charge: int
    present_price: int
    activity: int
    charge: int
    price: int


@dataclass(frozen=True)
class Preview:
    """What would become of a file: of its lines, of the records of the present file, and of the month's price.

    ``lines = accepted + rejected + excluded``. ``present`` is the hash of the file that it would replace,
    or of the last one whose records it ``changes``; ``runs`` are
    the month without and with it (empty where there is none). ``unpriced`` says why there is no price;
    ``without_price`` counts, by reason, the units of care of this provider and data set that get none.
    """

    sha256: str
    provider: str
    month: str
    stream: str
    layout: str
    lines: int
    unparsed: int
    accepted: int
    rejected: int
    excluded: int
    reasons: tuple[tuple[str, str, int], ...]
    rules: tuple[tuple[str, str, str, int], ...]
    present: str
    already: bool
    records: Compared | None
    runs: tuple[str, str] = ("", "")
    effect: tuple[EffectRow, ...] = ()
    elsewhere: int = 0
    unpriced: str = ""
    without_price: tuple[tuple[str, int], ...] = ()
    changes: bool = False

    @property
    def submitted(self) -> Submitted:
        """The file as a run takes it in."""
        return Submitted(self.sha256, self.stream, self.layout, self.provider, self.month, changes=self.changes)


def work(folder: Path, tell: Callable[[str], None]) -> Preview:
    """Do the work of a draft folder; a file that cannot be received raises the sentence."""
    task = read_task(folder)
    book = open_book(task.place, None, Path(task.rulebook) if task.rulebook else None)
    store, kept = Store(folder / WORK), Store(Path(task.warehouse))
    tell("land")
    with reading.surveyed(folder / SENT / task.name) as surveyed:
        accepted = receiving.accept(store, book, surveyed, task.claim)
    whose = (accepted.stream, accepted.layout, accepted.provider, accepted.month)
    own = Submitted(accepted.landed.sha256, *whose, changes=accepted.changes)
    month = [one for one in task.received if own.month and one.month == own.month]
    for one in month:
        _link(kept.identity / one.sha256, store.identity / one.sha256)
        _link(kept.landed / one.sha256, store.landed / one.sha256)
    tell("check")
    preview = _checked(store, book, task, own, accepted.landed.unparsed)
    present = [one for one in month if _stands(one, own)]
    preview = replace(preview, present=present[-1].sha256 if present else "")
    preview = replace(preview, already=any(one.sha256 == own.sha256 for one in task.received))
    if not own.month:
        return preview
    tell("compare")
    with Session(temp_directory=store.spill) as session:
        preview = replace(preview, records=compare(session, store, layouts(book), present, own))
    tell("price")
    return _priced(store, kept, book, task, preview, month)


def _stands(one: Submitted, own: Submitted) -> bool:
    """Tell whether a file's records stand now, of those with which the new one is compared."""
    return not one.superseded and (one.provider, one.stream) == (own.provider, own.stream)


def _replaced(one: Submitted, own: Submitted) -> bool:
    return _stands(one, own) and not own.changes


def _link(landed: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    if landed.is_dir() and not place.exists():
        place.symlink_to(landed.absolute(), target_is_directory=True)


def _checked(store: Store, book: Book, task: Task, own: Submitted, unparsed: int) -> Preview:
    with Session(temp_directory=store.spill) as session:
        checking.check(session, store, book, layouts(book), [own], task.members, task.codes_of(own.month))
        outcomes = session.rows(
            "select outcome, coalesce(reason, '') as reason, count(*) as lines from outcome group by all order by all"
        )
        rules = session.rows(
            "select rule, level, field, count(*) as n from finding where level <> 'X' group by all order by all"
        )
    counts = dict.fromkeys(("accepted", "rejected", "excluded"), 0)
    for outcome, _, number in outcomes:
        counts[outcome] += number
    return Preview(
        sha256=own.sha256,
        provider=own.provider,
        month=own.month,
        stream=own.stream,
        layout=own.layout,
        changes=own.changes,
        lines=sum(counts.values()),
        unparsed=unparsed,
        accepted=counts["accepted"],
        rejected=counts["rejected"],
        excluded=counts["excluded"],
        reasons=tuple(one for one in outcomes if one[0] != "accepted"),
        rules=tuple(rules),
        present="",
        already=False,
        records=None,
    )


def _priced(store: Store, kept: Store, book: Book, task: Task, preview: Preview, month: Sequence[Submitted]) -> Preview:
    """Price the month twice; a place that lacks what pricing needs says what, and the file can still be received."""
    own = preview.submitted
    others = [one for one in month if one.sha256 != own.sha256]
    coming = [replace(one, superseded=one.superseded or _replaced(one, own)) for one in others]
    try:
        before = _run(store, kept, book, task, own.month, month) if month else ""
        after = _run(store, kept, book, task, own.month, [*coming, own])
    except UserError as problem:
        return replace(preview, unpriced=problem.sentence)
    rows, elsewhere = effect(store, book.place.commissioner, own, before, after)
    without = without_price(store, own, after)
    return replace(preview, runs=(before, after), effect=rows, elsewhere=elsewhere, without_price=without)


def _run(store: Store, kept: Store, book: Book, task: Task, month: str, submissions: Sequence[Submitted]) -> str:
    """Give the run of a month over some files: the one that was made for a close, else a fresh one of the draft's."""
    codes = task.codes_of(month)
    identity = identity_of(store, book, Month.parse(month), submissions, task.members, task.terms, codes)
    run_id = runs.run_id_of(identity)
    made = kept.runs / run_id
    if (made / runs.MANIFEST).is_file():
        _link(made, store.runs / run_id)
        return run_id
    return run_month(store, book, Month.parse(month), submissions, task.members, task.terms, codes).run_id


def effect(
    store: Store, commissioner: str, own: Submitted, before: str, after: str
) -> tuple[tuple[EffectRow, ...], int]:
    """Sum what counts for the commissioner in two runs by point of delivery and group, for the file's own stream.

    The second value is by how many pence the price of all other providers and streams moves: nought, unless their
    records touch.
    """
    counted = ", ".join(quoted(status.value) for status in sorted(COUNTED))
    found = runs.query(
        store,
        [run for run in (before, after) if run],
        "select run_id, provider = $provider and stream = $stream as own, coalesce(nullif(pod, ''), '-') as pod, "
        "coalesce(nullif(unit, ''), '-') as unit, cast(sum(activity) as bigint) as activity, "
        "cast(sum(charge) as bigint) as charge, cast(sum(price) as bigint) as price from monitoring "
        f"where commissioner = $commissioner and status in ({counted}) group by all order by all",
        {"provider": own.provider, "stream": own.stream, "commissioner": commissioner},
    )
    elsewhere = sum(row["price"] * _sign(row["run_id"], before, after) for row in found if not row["own"])
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for row in found:
        if row["own"]:
            held = sums.setdefault((row["pod"], row["unit"]), {})
            for name in ("activity", "charge", "price"):
                for run, key in ((before, f"present_{name}"), (after, name)):
                    held[key] = held.get(key, 0) + (row[name] if row["run_id"] == run else 0)
    return tuple(EffectRow(pod, unit, **held) for (pod, unit), held in sorted(sums.items())), elsewhere


def without_price(store: Store, own: Submitted, run: str) -> tuple[tuple[str, int], ...]:
    """Count the units of care of the file's provider and data set that a run gives no price, by reason."""
    found = runs.query(
        store,
        [run],
        "select reason, cast(count(*) as bigint) as units from priced "
        "where provider = $provider and stream = $stream and charge is null "
        "group by reason order by units desc, reason",
        {"provider": own.provider, "stream": own.stream},
    )
    return tuple((str(row["reason"]), int(row["units"])) for row in found)


def counted_by(
    store: Store,
    commissioner: str,
    provider: str,
    pair: tuple[str, str],
    pod: str,
    unit: str,
    quantity: str,
) -> list[tuple[str, int, int]]:
    """Sum a quantity of one point of delivery and group in two runs by grouping, else by practice."""
    counted = ", ".join(quoted(status.value) for status in sorted(COUNTED))
    measure = "count(*)" if quantity == "activity" else f"sum({quantity})"
    found = runs.query(
        store,
        [run for run in pair if run],
        "select run_id, coalesce(nullif(hrg, ''), nullif(practice, ''), '-') as code, "
        f"cast(coalesce({measure}, 0) as bigint) as amount from priced "
        f"where commissioner = $commissioner and provider = $provider and status in ({counted}) "
        "and coalesce(nullif(pod, ''), '-') = $pod and coalesce(nullif(unit, ''), '-') = $unit "
        "group by all order by all",
        {"commissioner": commissioner, "provider": provider, "pod": pod, "unit": unit},
    )
    codes = sorted({row["code"] for row in found})
    held = {(row["run_id"], row["code"]): row["amount"] for row in found}
    return [(code, held.get((pair[0], code), 0), held.get((pair[1], code), 0)) for code in codes]


def _sign(run: str, before: str, after: str) -> int:
    return int(run == after) - int(run == before)


def write_task(folder: Path, task: Task) -> None:
    """Write down what is asked."""
    body = asdict(task) | {
        "members": [
            {**asdict(one), "valid_from": str(one.valid_from), "valid_to": str(one.valid_to)} for one in task.members
        ],
        "codes": described(task.codes),
    }
    _write(folder / TASK, canonical_json(body))


def read_task(folder: Path) -> Task:
    """Read what is asked."""
    body: dict[str, Any] = json.loads((folder / TASK).read_text(encoding="utf-8"))
    days = ("valid_from", "valid_to")
    return Task(
        **{
            **body,
            "claim": Claim(**body["claim"]),
            "received": tuple(Submitted(**one) for one in body["received"]),
            "members": tuple(
                MemberRow(**{**one, **{day: date.fromisoformat(one[day]) for day in days}}) for one in body["members"]
            ),
            "codes": tuple(read_described(body.get("codes", ()))),
            "terms": {name: (columns, rows) for name, (columns, rows) in body["terms"].items()},
        }
    )


def write_preview(folder: Path, preview: Preview) -> None:
    """Write down what came of it."""
    _write(folder / PREVIEW, canonical_json(asdict(preview)))


def read_preview(folder: Path) -> Preview | None:
    """Read what came of it; None while nothing has."""
    path = folder / PREVIEW
    if not path.is_file():
        return None
    body: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    records = body["records"]
    return Preview(
        **{
            **body,
            "reasons": tuple(tuple(one) for one in body["reasons"]),
            "rules": tuple(tuple(one) for one in body["rules"]),
            "runs": tuple(body["runs"]),
            "without_price": tuple(tuple(one) for one in body["without_price"]),
            "effect": tuple(EffectRow(**one) for one in body["effect"]),
            "records": _compared(records) if records else None,
        }
    )


def _compared(body: Mapping[str, Any]) -> Compared:
    fields = tuple((name, number) for name, number in body["fields"])
    return Compared(**{**body, "fields": fields, "changes": tuple(Change(**one) for one in body["changes"])})


def _write(path: Path, text: str) -> None:
    """Write a small file whole or not at all."""
    draft = path.with_name(f".{path.name}")
    draft.write_text(text, encoding="utf-8")
    draft.rename(path)


def do(folder: Path) -> None:
    """Do the work of a folder and leave a preview or a refusal."""
    for name in (PREVIEW, REFUSAL):
        (folder / name).unlink(missing_ok=True)
    try:
        preview = work(folder, lambda stage: _write(folder / STAGE, stage))
    except UserError as problem:
        _write(folder / REFUSAL, canonical_json({"sentence": problem.sentence}))
    else:
        write_preview(folder, preview)


if __name__ == "__main__":
    do(Path(sys.argv[1]))
