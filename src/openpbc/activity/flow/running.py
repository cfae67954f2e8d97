"""Runs a month through every stage and publishes it, with rows and pence conserved from stage to stage."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from openpbc.activity.flow import checking, pricing, quality, reconciling
from openpbc.activity.flow.canonical import EVERY, STREAMS
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.layouts import layouts
from openpbc.activity.flow.local_codes import described
from openpbc.activity.flow.reference import MemberRow, lay_places
from openpbc.activity.rules.local_codes import LocalCode
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.warehouse import landing, runs
from openpbc.warehouse.engines import USUAL, Engine
from openpbc.warehouse.runs import Run
from openpbc.warehouse.session import Session, quoted
from openpbc.warehouse.store import Store

Terms = Mapping[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]
Rows = list[dict[str, Any]]

# Every published table with a total order of its rows, which makes its bytes the same each time.
PUBLISHED: Mapping[str, tuple[str, str]] = {
    "findings": ("every_finding", "stream, file, line, rule, field"),
    **{f"rows_{stream}": (f"rows_{stream}", "file, line") for stream in EVERY},
    "attributed": ("attributed", "stream, file, line"),
    "priced": ("priced", "stream, file, line, key"),
    "priced_elements": ("priced_elements", "stream, file, line, code"),
    "supplied_price": ("supplied_price", "stream, file, line"),
    "reconciliation": ("reconciliation", "provider, commissioner, pod"),
    "reconciled_amount": ("reconciled_amount", "provider, commissioner, pod, category, source, outside_tariff"),
    "contract_monitoring": ("accepted_contract", "stream, file, line"),
    "monitoring": (
        "monitoring",
        "month, unit, budget_line, practice, provider, commissioner, stream, pod, status",
    ),
}
# What nothing asks any more once a table is written: the widest one, sorted next, then has their memory.
_GIVEN_BACK: Mapping[str, Sequence[str]] = {"attributed": ("care_attributed", "care_episode", "finding", "flagged")}


class ConservationBroken(RuntimeError):
    """Rows or pence were lost or made between two stages: a fault of the program, so nothing is published."""


def run(
    store: Store,
    book: Book,
    month: Month,
    submissions: Sequence[Submitted],
    members: Sequence[MemberRow],
    terms: Terms | None = None,
    codes: Sequence[LocalCode] = (),
    *,
    engine: Engine = USUAL,
) -> Run:
    """Check, attribute, price and monitor one month's files and publish the run.

    ``submissions`` are all files received for the month, superseded ones among them; ``members`` is the snapshot of
    practice memberships as known; ``terms`` the snapshot of contract terms; ``codes`` that of providers' own codes. The
    same arguments give the same run, and another engine gives the same tables under another run.
    """
    _refuse_strange(submissions, month)
    identity = identity_of(store, book, month, submissions, members, terms or {}, codes, engine)
    return runs.publish(store, identity, _build(store, book, month, submissions, members, terms, codes, engine))


def compare(
    store: Store,
    book: Book,
    month: Month,
    submissions: Sequence[Submitted],
    members: Sequence[MemberRow],
    terms: Terms | None = None,
    codes: Sequence[LocalCode] = (),
    *,
    engine: Engine,
    with_run: str,
) -> dict[str, int]:
    """Compute a published month on an engine and keep nothing: how many rows of which table differ from its run."""
    _refuse_strange(submissions, month)
    return runs.compare(store, with_run, _build(store, book, month, submissions, members, terms, codes, engine))


def _build(
    store: Store,
    book: Book,
    month: Month,
    submissions: Sequence[Submitted],
    members: Sequence[MemberRow],
    terms: Terms | None,
    codes: Sequence[LocalCode],
    engine: Engine,
) -> Callable[[Path], Mapping[str, Any]]:
    """Give what computes the month's tables into a folder and tells the facts of its manifest."""

    def build(folder: Path) -> Mapping[str, Any]:
        with engine.open(store.spill) as session:
            checking.check(session, store, book, layouts(book), submissions, members, codes)
            measured = _measured(session, book, submissions, codes)
            lay_places(session, book, members)
            pricing.attribute(session, book, month)
            reconciling.lay_settings_of(session, book)
            pricing.price(session, book, month, terms or {})
            pricing.monitor(session, month)
            reconciling.reconcile(session)
            reconciling.lay_supplied(session)
            _lay_published(session)
            facts = {"files_in": _by_file(session), "stages": _stages(session), "quality": measured}
            _refuse_loss(session, facts)
            for name, (relation, order) in PUBLISHED.items():
                session.write(relation, folder / f"{name}.parquet", order)
                for done_with in _GIVEN_BACK.get(name, ()):
                    session.execute(f"drop table {done_with}")
        return facts

    return build


def _measured(
    session: Session, book: Book, submissions: Sequence[Submitted], codes: Sequence[LocalCode]
) -> dict[str, dict[str, list[int]]]:
    """Count the quality of the files that stand here as if each stood alone: none where one changes records of another.

    Local codes are mapped here and not where a file is measured by itself: files of a provider with any are left out.
    """
    live = [one for one in submissions if not one.superseded]
    if any(one.changes for one in live):
        return {}
    streams = {one.stream for one in live}
    mapped = _mapped(session, streams, {one.provider for one in codes})
    found = quality.measure_run(session, book, streams)
    return {file: counts for file, counts in found.items() if file not in mapped}


def _mapped(session: Session, streams: Collection[str], providers: Collection[str]) -> set[str]:
    """Give the files with a record of a provider whose own codes are mapped."""
    if not providers:
        return set()
    theirs = f"provider_match(provider) in ({', '.join(map(quoted, sorted(providers)))})"
    wanted = (f"select distinct file from canonical_{stream} where {theirs}" for stream in sorted(streams))
    return {str(file) for query in wanted for (file,) in session.rows(query)}


def _refuse_strange(submissions: Sequence[Submitted], month: Month) -> None:
    if not submissions:
        raise UserError(f"no file has been received for {month.name}", do="Receive the month's files first.")
    for one in submissions:
        if one.month != str(month):
            raise UserError(f"the file belongs to {one.month or 'no month'}, not to {month}", one.file)


def identity_of(
    store: Store,
    book: Book,
    month: Month,
    submissions: Sequence[Submitted],
    members: Sequence[MemberRow],
    terms: Terms,
    codes: Sequence[LocalCode] = (),
    engine: Engine = USUAL,
) -> dict[str, Any]:
    """Gather all that a figure of the run depends on; times of day and names of people are not among it."""
    landed = {one.sha256: landing.landed(store, one.sha256) for one in submissions}
    lines = {sha256: found.lines if found else None for sha256, found in landed.items()}
    members = sorted(members, key=lambda m: (m.practice, m.valid_from))
    return {
        "place": book.place.id,
        "month": str(month),
        "inputs": [{**asdict(one), "rows": lines[one.sha256]} for one in sorted(submissions)],
        "book": {"hash": book.hash, "known_on": book.known_on.isoformat() if book.known_on else None},
        "memberships": [{**asdict(m), "valid_from": str(m.valid_from), "valid_to": str(m.valid_to)} for m in members],
        "terms": {
            name: [list(columns), [list(row) for row in rows]] for name, (columns, rows) in sorted(terms.items())
        },
        "local_codes": described(codes),
        **runs.made_by(engine.version),
    }


def _lay_published(session: Session) -> None:
    """Name the relations that are published but not yet made: all findings, and each stream's outcomes."""
    session.execute(
        "create or replace view every_finding as "
        "select stream, file, line, rule, level, field from finding where level <> 'X' "
        "union all select stream, file, line, rule, level, field from price_findings"
    )
    for stream in EVERY:
        session.execute(
            f"create or replace view rows_{stream} as "
            f"select file, line, outcome, reason from outcome where stream = '{stream}'"
        )


def _by_file(session: Session) -> Rows:
    """Say for each file and stream how many lines came in and what became of them."""
    return session.records(
        "select stream, file, count(*) as lines, "
        "count(case when outcome = 'accepted' then 1 end) as accepted, "
        "count(case when outcome = 'rejected' then 1 end) as rejected, "
        "count(case when outcome = 'excluded' then 1 end) as excluded "
        "from outcome group by stream, file order by stream, file"
    )


def _stages(session: Session) -> dict[str, Any]:
    """Count rows and pence stage by stage."""
    return {
        "received": session.records(
            "select stream, count(*) as files, cast(sum(lines) as bigint) as lines from run_file "
            "group by stream order by stream"
        ),
        "checked": session.records(
            "select stream, outcome, coalesce(reason, '') as reason, count(*) as lines from outcome "
            "group by all order by all"
        ),
        "attributed": session.records("select stream, count(*) as lines from attributed group by all order by all"),
        "priced": session.records(
            "select stream, status, count(*) as units, cast(sum(episodes) as bigint) as lines, "
            "cast(coalesce(sum(charge), 0) as bigint) as charge, cast(coalesce(sum(price), 0) as bigint) as price "
            "from priced group by stream, status order by stream, status"
        ),
        "monitored": session.records(
            "select stream, status, cast(sum(activity) as bigint) as units, "
            "cast(coalesce(sum(charge), 0) as bigint) as charge, cast(coalesce(sum(price), 0) as bigint) as price "
            "from monitoring group by stream, status order by stream, status"
        ),
    }


def _refuse_loss(session: Session, facts: Mapping[str, Any]) -> None:
    """Hold each stage against the one before: every line in has one outcome, every pence priced is monitored."""
    problems = [*pricing.imbalances(session), *reconciling.imbalances(session)]
    stages = facts["stages"]
    for stream in STREAMS:
        received = _sum(stages["received"], "lines", stream=stream)
        checked = _sum(stages["checked"], "lines", stream=stream)
        accepted = _sum(stages["checked"], "lines", stream=stream, outcome="accepted")
        if received != checked:
            problems.append(f"{stream}: {received} lines were received, {checked} have an outcome.")
        for stage in ("attributed", "priced"):
            if (held := _sum(stages[stage], "lines", stream=stream)) != accepted:
                problems.append(f"{stream}: {accepted} lines were accepted, {held} are {stage}.")
    for one in facts["files_in"]:
        if one["lines"] != one["accepted"] + one["rejected"] + one["excluded"]:
            problems.append(f"{one['stream']} {one['file']}: outcomes do not add up to {one['lines']} lines.")
    for measure in ("units", "charge", "price"):
        priced, monitored = _sum(stages["priced"], measure), _sum(stages["monitored"], measure)
        if priced != monitored:
            problems.append(f"{measure}: {priced} priced, {monitored} monitored.")
    if problems:
        raise ConservationBroken(" ".join(problems))


def _sum(rows: Rows, measure: str, **where: str) -> int:
    return sum(row[measure] for row in rows if all(row[column] == value for column, value in where.items()))
