"""Cases from the shell: which are under way, and what keeps one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

import click
from django.utils.timezone import localtime

from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.arrangements import provider_kinds
from openpbc.redesign import reads
from openpbc.redesign.reads import conclave as council
from openpbc.redesign.reads import registers
from openpbc.redesign.reads import speed as measured
from openpbc.redesign.reads.speed import Speed
from openpbc.redesign.rules.speed import Round, Spread
from openpbc.redesign.rules.transitions import LANES


@click.group()
def redesign() -> None:
    """Show cases of redesign, and what each waits for."""


@redesign.command()
@click.option("--place", required=True, help="The place whose cases they are.")
@click.option("--json", "as_json", is_flag=True, help="Print the cases as JSON.")
def cases(place: str, as_json: bool) -> None:
    """List cases, the newest first."""
    found = reads.cases(place)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=2, default=str))
        return
    for each in found:
        click.echo(f"{each.number}  {each.at.title}  {LANES[each.at.lane]}  {each.title}")
    if not found:
        click.echo("There is no case yet.")


@redesign.command()
@click.option("--place", required=True, help="The place whose case it is.")
@click.option("--number", required=True, type=int, help="The number of the case.")
def waits(place: str, number: int) -> None:
    """Say what comes next in a case, whose turn it is, and what keeps it."""
    known = reads.case(place, number)
    click.echo(f"Case {known.number}, {known.title}: {known.at.title} since {known.since:%-d %B %Y}.")
    for step in reads.next_steps(organisations.book(place), known):
        click.echo(f"  {step.way.name} ({LANES[step.way.lane]})")
        for sentence in step.waits:
            click.echo(f"    cannot start yet: {sentence}")


@redesign.command()
@click.option("--place", required=True, help="The place whose intentions they are.")
@click.option("--kind", default="", help="Only those that name this kind of provider, such as ambulance.")
@click.option("--json", "as_json", is_flag=True, help="Print the intentions as JSON.")
def intentions(place: str, kind: str, as_json: bool) -> None:
    """List commissioning intentions, or those that name a kind of provider."""
    book = organisations.book(place)
    known = {each.code for each in provider_kinds(book)}
    if kind and kind not in known:
        do = f"Choose one of {', '.join(sorted(known))}." if known else "The rulebook of the place lists none."
        raise UserError(f"there is no kind of provider '{kind[:40]}'", place, do)
    found = [each for each in registers.intentions(book) if not kind or kind in each.kinds]
    if as_json:
        rows = [asdict(each) | {"cases": [case.number for case in each.cases]} for each in found]
        click.echo(json.dumps([row | {"kinds": sorted(row["kinds"])} for row in rows], indent=2, default=str))
        return
    for each in found:
        click.echo(f"{each.key}  {each.action} ({each.providers})")
    if not found:
        click.echo("No intention is listed.")


@redesign.command("conclave")
@click.option("--place", required=True, help="The place whose conclave it is.")
def of_conclave(place: str) -> None:
    """Say which seats the conclave lacks, which blocks are before it, and which of its reports were received."""
    book, on = organisations.book(place), organisations.today()
    known = council.audiences(book)
    if not known:
        raise book.table(council.AUDIENCES).problem  # type: ignore[union-attr]
    for gap in council.gaps(book, on):
        click.echo(f"missing: {gap}")
    for each in council.blocks(book, council.shared(place), on):
        state = "holds" if each.is_open else "cleared"
        click.echo(f"case {each.case.number}: {each.block.what} ({each.block.owner}, {each.days} days, {state})")
    for report in council.reports(place):
        told = [f"{each.title}: {'received' if report.receipt(each.code) else 'not received'}" for each in known]
        click.echo(f"report {report.number}, {localtime(report.issued_at):%-d %B %Y}: {'; '.join(told)}")


@redesign.command()
@click.option("--place", required=True, help="The place whose cases are measured.")
@click.option("--json", "as_json", is_flag=True, help="Print every figure with the cases behind it as JSON.")
def speed(place: str, as_json: bool) -> None:
    """Say how long cases take, what waits for whom and why, and what each group gets beside all."""
    book, known = organisations.book(place), reads.cases(place)
    found, waiting = measured.speed_of(book, known), measured.waits(book, known, known)
    if as_json:
        facts = asdict(found) | {"waits": [asdict(each) | {"case": each.case.number} for each in waiting]}
        click.echo(json.dumps(facts, indent=2, default=str))
        return
    if not known:
        click.echo("There is no case yet.")
    for line in _spread_words(found.clocks, measured.CLOCKS):
        click.echo(line)
    for kind in (measured.GROUP, measured.BODY, measured.ROUTE):
        spreads = {key: each.spread for key, each in found.fairness[kind].items()}
        for line in _spread_words(spreads, measured.names(book, kind)):
            click.echo(f"By {kind}: {line}")
    for each in waiting:
        click.echo(f"case {each.case.number} waits {each.days} days for {each.lane.lower()}: {each.case.title}")
        for sentence in each.why:
            click.echo(f"    cannot go on yet: {sentence}")
    for late in found.late():
        click.echo(f"late: {_late_line(late, found)}")


def _late_line(each: Round, found: Speed) -> str:
    """A late hand-in in words."""
    return f"case {each.number}, {each.title}: {each.days(found.on)} days, {each.outcome or 'not decided'}"


def _spread_words(held: Mapping[str, Spread], called: Mapping[str, str]) -> list[str]:
    """Spreads in words, one a line."""
    return [
        f"{called.get(key, key)}: {each.count} cases, median {each.median}, average {each.mean}, longest {each.longest}"
        for key, each in held.items()
        if each.count
    ]
