"""The audit log from the shell."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from openpbc.audit import asking, reads, stamps
from openpbc.audit.chain import Head, Verdict
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError


@click.group()
def audit() -> None:
    """Show and verify the log of every write."""


@audit.command()
@click.option("--anchor", "anchors", multiple=True, metavar="SEQUENCE:HASH", help="A head noted outside the system.")
@click.option(
    "--kept",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A file with heads, such as a kept copy of the public feed.",
)
@click.option(
    "--stamp",
    "kept_stamps",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A time stamp (.tsr) that was kept outside.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def verify(anchors: tuple[str, ...], kept: tuple[Path, ...], kept_stamps: tuple[Path, ...], as_json: bool) -> None:
    """Verify the hash chain over all events, and every time stamp of it; exit code 1 when one is broken."""
    noted = [_anchor(text) for text in anchors]
    verdict = reads.verify([*noted, *(head for path in kept for head in _kept(path))])
    found = stamps.check()
    outside = stamps.outside([(str(path), path.read_bytes()) for path in kept_stamps])
    if as_json:
        facts = {"intact": verdict.intact, "events": verdict.events, "head": str(verdict.head)}
        click.echo(json.dumps(facts | {"problem": verdict.problem, "stamps": _told(found), "outside": outside}))
    else:
        _say_chain(verdict)
        _say_stamps(found, len(kept_stamps), outside)
    if not verdict.intact or found.problems or outside:
        raise SystemExit(1)


@audit.command("stamp")
@click.option("--due", is_flag=True, help="Ask only if something waits for a stamp, or half the time has passed.")
@click.option("--json", "as_json", is_flag=True, help="Print the stamp as JSON.")
@click.pass_obj
def ask_stamp(actor: Actor, due: bool, as_json: bool) -> None:
    """Have the present head stamped by the time-stamping authority, and keep its answer; for a timer."""
    given = None
    if not due or stamps.lacking() or stamps.standing(datetime.now(UTC)).wanted:
        given = asking.stamp(actor)
    if as_json:
        click.echo(json.dumps(_stamp(given) if given else None))
    elif given:
        click.echo(f"Stamped by {given.authority} on {_time(given.at)}: {given.head}")
    else:
        click.echo("Nothing is to be stamped.")


@audit.command("stamps")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="How many stamps to list.")
@click.option(
    "--export",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write every stamp (.tsr) and what it is of (.txt) into a folder.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_stamps(limit: int, folder: Path | None, as_json: bool) -> None:
    """Show how it stands with time stamps and list those kept, newest first; or write them to files."""
    if folder:
        count = _export(folder)
        click.echo(json.dumps({"exported": count}) if as_json else f"Wrote {count} stamps to {folder}.")
        return
    standing, found = stamps.standing(datetime.now(UTC)), stamps.newest(limit)
    if as_json:
        facts = {"lacking": standing.lacking, "late": standing.late, "due": standing.due, "trouble": standing.trouble}
        click.echo(json.dumps(facts | {"stamps": [_stamp(each) for each in found]}, indent=2))
        return
    for sentence in standing.sentences:
        click.echo(sentence, err=True)
    for each in found:
        click.echo(f"{_time(each.at)}  {each.authority}  {each.head}")


@audit.command("list")
@click.option("--subject", default="", help="Events on subjects that start so.")
@click.option("--action", default="", help="Events of actions that start so, such as 'organisations.'.")
@click.option("--actor", default="", help="Events of one actor.")
@click.option("--after", default=0, help="Only events after this sequence number.")
@click.option("--limit", default=50, show_default=True, help="How many events to list.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_events(subject: str, action: str, actor: str, after: int, limit: int, as_json: bool) -> None:
    """List events, newest first."""
    found = reads.events(subject=subject, action=action, actor=actor, after=after, limit=limit)
    if as_json:
        click.echo(json.dumps([asdict(event) for event in found], indent=2))
        return
    for event in found:
        click.echo(f"{event.sequence:>7}  {event.at[:19]}  {event.actor_name}  {event.action}  {event.subject}")


@audit.command()
def export() -> None:
    """Write every event as one line of JSON, for offline verification with audit/chain.py."""
    for row in reads.rows():
        click.echo(json.dumps(row, sort_keys=True))


@audit.command("head")
def show_head() -> None:
    """Print the head of the chain, to be noted outside the system and given back as --anchor."""
    click.echo(str(reads.head()))


@audit.command("heads")
@click.option(
    "--days", default=reads.DAYS, show_default=True, type=click.IntRange(1, 3660), help="How many days to go back."
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def show_heads(days: int, as_json: bool) -> None:
    """Print the head of the chain at the end of each day, the latest first, as the public feed has them."""
    found = reads.daily_heads(datetime.now(UTC).date(), days)
    if as_json:
        click.echo(json.dumps([{"day": each.day.isoformat(), "head": str(each.head)} for each in found], indent=2))
        return
    for each in found:
        click.echo(f"{each.day.isoformat()}  {each.head}")


def _say_chain(verdict: Verdict) -> None:
    if verdict.intact:
        click.echo(f"The audit chain is intact: {verdict.events} events, head {verdict.head}.")
    else:
        click.echo(f"The audit chain is BROKEN: {verdict.problem}; intact up to event {verdict.events}.")


def _say_stamps(found: stamps.Found, given: int, outside: tuple[str, ...]) -> None:
    if found.count:
        click.echo(f"Time stamps kept: {found.count}; {len(found.problems)} do not hold.")
    if found.count and not found.signatures:
        click.echo("OPENPBC_TSA_CERTIFICATES is not set, so no signature was checked.")
    for sequence, problem in found.problems:
        click.echo(f"The stamp of event {sequence} does NOT hold: {problem}.")
    for gap in found.gaps:
        click.echo(
            f"No stamp between {_time(gap.after.at)} and {_time(gap.before.at)}: a cut in between would not show."
        )
    for sentence in outside:
        click.echo(f"BROKEN: {sentence}.")
    if given and not outside:
        click.echo(f"The log holds what was stamped in each of the files given ({given}).")


def _told(found: stamps.Found) -> dict[str, object]:
    return {
        "kept": found.count,
        "signatures_checked": found.signatures,
        "problems": [{"sequence": sequence, "problem": problem} for sequence, problem in found.problems],
        "gaps": [{"after": gap.after.at.isoformat(), "before": gap.before.at.isoformat()} for gap in found.gaps],
    }


def _stamp(each: stamps.Stamped) -> dict[str, object]:
    return {"head": str(each.head), "at": each.at.isoformat(), "authority": each.authority}


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _export(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for each, answer in stamps.answers():
        (folder / f"{each.head.sequence}.tsr").write_bytes(answer)
        # Without an end of line: the file is exactly what was stamped.
        (folder / f"{each.head.sequence}.txt").write_text(str(each.head), "ascii")
        count += 1
    return count


def _kept(path: Path) -> tuple[Head, ...]:
    found = Head.found_in(path.read_text("utf-8", "replace"))
    if not found:
        raise UserError("the file holds no head", str(path), "Give a copy of the feed, or lines of SEQUENCE:HASH.")
    return found


def _anchor(text: str) -> Head:
    try:
        return Head.parse(text)
    except ValueError as problem:
        raise UserError(str(problem), "--anchor", "Give what 'openpbc audit head' printed.") from problem
