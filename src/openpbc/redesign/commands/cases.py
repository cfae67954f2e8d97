"""Cases from the shell: which are under way, and what keeps one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

import click
from django.utils.timezone import localtime

from openpbc.governance import reads as governance
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.arrangements import provider_kinds
from openpbc.redesign import actions, reads
from openpbc.redesign.reads import clocks, consulting, deciding, registers
from openpbc.redesign.reads import conclave as council
from openpbc.redesign.reads import recommendations as paper
from openpbc.redesign.reads import speed as measured
from openpbc.redesign.reads.belonging import Belonging
from openpbc.redesign.reads.beside import Beside
from openpbc.redesign.reads.facts import decision
from openpbc.redesign.reads.speed import Speed
from openpbc.redesign.reads.tertiary import ASKED_BY, fault, tertiary_keys
from openpbc.redesign.reads.value import agreed_route, decided_elsewhere, decides
from openpbc.redesign.rules.guards import whose
from openpbc.redesign.rules.speed import Round, Spread
from openpbc.redesign.rules.transitions import DECIDED_AT, LANES
from openpbc.rulebook.reader import Book
from openpbc.ui.commands import by_whom


@click.command()
@click.option("--place", required=True, help="The place whose cases they are.")
@click.option("--commissioner", default="", help="Only what belongs to this commissioner, and what is shared.")
@click.option("--json", "as_json", is_flag=True, help="Print the cases as JSON.")
def cases(place: str, commissioner: str, as_json: bool) -> None:
    """List cases, the newest first."""
    book = organisations.book(place)
    belonging, keys = Belonging(book), tertiary_keys(book)
    found = [each for each in reads.cases(place) if belonging.keeps(belonging.of_case(each), commissioner)]
    if as_json:
        rows = [
            asdict(each) | {"belongs_to": sorted(belonging.of_case(each)), "flag": fault(each, keys)} for each in found
        ]
        click.echo(json.dumps(rows, indent=2, default=str))
        return
    for each in found:
        whose = belonging.told(belonging.of_case(each)) or "not set"
        click.echo(f"{each.number}  {each.at.title}  {LANES[each.at.lane]}  {each.title}  ({whose})")
        if wrong := fault(each, keys):
            click.echo(f"    {wrong}")
    if not found:
        click.echo("There is no case yet.")


@click.command()
@click.option("--place", required=True, help="The place whose case it is.")
@click.option("--number", required=True, type=int, help="The number of the case.")
def waits(place: str, number: int) -> None:
    """Say what comes next in a case, for whom it waits and since when, and what keeps each step for whom until when."""
    book, known = organisations.book(place), reads.case(place, number)
    beside = Beside(book, (known,))
    days, taken = clocks.clocks(known, organisations.today()).here, decision(known, beside)
    click.echo(f"Case {known.number}, {known.title}: {known.at.title} since {day_text(known.since)} ({days} days).")
    click.echo(f"It waits for: {LANES[known.at.lane].lower()}.")
    if block := known.block:
        click.echo(f"It is held up: {block.what} {block.owner} clears it.")
    steps = reads.next_steps(book, known, beside)
    if known.stage in DECIDED_AT and taken is None:
        _say_decision(book, known, steps, beside)
    for step in deciding.steps_to_show(known, steps, taken):
        _say_step(step.way.name, LANES[step.way.lane], step.waits, whose(step.way.id))


def _say_decision(book: Book, known: reads.Case, steps: tuple[reads.NextStep, ...], beside: Beside) -> None:
    """Say whose decision a case waits for, and what a yes needs besides."""
    level, bodies = decides(known, agreed_route(known, beside), beside), governance.deciders(book)
    if (now := decided_elsewhere(known, level, beside)) is not None:
        click.echo("  It was sent to somebody else, who does not decide it any more.")
        click.echo(f"    It is for: {bodies.get(now.body, now.body)}. {now.because}")
        return
    found = deciding.before_body(book, known, level)
    body = bodies.get(found.body, found.body)
    _say_step(deciding.DECIDE, body, found.waits, f"It is for: {body}, once nothing keeps it.")
    told = ("" if found.waits else found.told, *deciding.lacks(known, steps), *deciding.plan_told(book, known))
    for sentence in filter(None, told):
        click.echo(f"    {sentence}")


def _say_step(name: str, whom: str, keeps: tuple[str, ...], later: str) -> None:
    click.echo(f"  {name} ({whom})")
    for sentence in keeps:
        click.echo(f"    cannot start yet: {sentence}")
    if keeps:
        click.echo(f"    {later}")


@click.command()
@click.option("--place", required=True, help="The place whose intentions they are.")
@click.option("--kind", default="", help="Only those that fall to this kind of provider, such as ambulance.")
@click.option("--commissioner", default="", help="Only what belongs to this commissioner, and what is shared.")
@click.option("--json", "as_json", is_flag=True, help="Print the intentions as JSON.")
def intentions(place: str, kind: str, commissioner: str, as_json: bool) -> None:
    """List commissioning intentions, or those that fall to a kind of provider, and say which others name it."""
    book = organisations.book(place)
    known = {each.code for each in provider_kinds(book)}
    if kind and kind not in known:
        do = f"Choose one of {', '.join(sorted(known))}." if known else "The rulebook of the place lists none."
        raise UserError(f"there is no kind of provider '{kind[:40]}'", place, do)
    belonging = Belonging(book)
    listed = [
        each for each in registers.intentions(book) if belonging.keeps(belonging.of_intention(each), commissioner)
    ]
    found = [each for each in listed if not kind or kind in each.falls_to]
    if as_json:
        rows = [asdict(each) | {"cases": [case.number for case in each.cases]} for each in found]
        kinds = [{name: sorted(row[name]) for name in ("kinds", "falls_to")} for row in rows]
        click.echo(json.dumps([row | told for row, told in zip(rows, kinds, strict=True)], indent=2, default=str))
        return
    for each in found:
        click.echo(f"{each.key}  {each.action} ({each.providers})")
    if not found:
        click.echo("No intention is listed.")
    beside = [each.key for each in listed if kind in each.kinds - each.falls_to]
    if beside:
        click.echo(f"Others name it, in the narrative or beside the kind in their title: {', '.join(beside)}.")


@click.command()
@click.option("--place", required=True, help="The place whose consultations they are.")
@click.option("--json", "as_json", is_flag=True, help="Print the notes as JSON.")
def consultations(place: str, as_json: bool) -> None:
    """List notes of consultation: who was asked about what, and what they said or why they were not."""
    every = consulting.Consulting(organisations.book(place)).every
    if as_json:
        click.echo(json.dumps([asdict(each) for each in every], indent=2, default=str))
        return
    for each in every:
        when = f"asked on {day_text(each.on)}" if each.on else "not asked"
        click.echo(f"{each.number}  {each.about}  {each.body}  {when}: {each.said}")
    if not every:
        click.echo("Nobody has noted a consultation yet.")


@click.command()
@click.option("--place", required=True, help="The place in which somebody was consulted.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day on which they answered, YYYY-MM-DD.")
@click.option("--asked/--not-asked", default=True, help="Whether the body was asked.")
@click.argument("kind", type=click.Choice(consulting.KINDS))
@click.argument("ref")
@click.argument("body")
@click.argument("said")
def consult(place: str, on: datetime | None, asked: bool, kind: str, ref: str, body: str, said: str) -> None:
    """Note what BODY SAID about a case, an intention or a barrier (KIND and REF), or why it was not asked.

    BODY is a code of the register, or REST for one reason for all that are still to be asked.
    """
    numbers = actions.note_consultation(
        by=by_whom(), place=place, kind=kind, ref=ref, body=body, asked=asked, said=said, on=on.date() if on else None
    )
    many = "Note" if len(numbers) == 1 else "Notes"
    click.echo(f"{many} {', '.join(str(each) for each in numbers)} written.")


@click.command()
@click.option("--place", required=True, help="The place whose case it is.")
@click.option("--number", required=True, type=int, help="The number of the case.")
@click.option("--changes/--changes-none", default=True, help="Whether it changes a tertiary flow.")
@click.option("--asked-by", type=click.Choice(list(ASKED_BY)), default=None, help="Who requires the change.")
@click.argument("reason")
def tertiary(place: str, number: int, changes: bool, asked_by: str | None, reason: str) -> None:
    """Say whether a case changes a tertiary flow, who requires it, and the REASON."""
    revision = reads.case(place, number).revision
    actions.say_tertiary(
        by=by_whom(),
        place=place,
        number=number,
        revision=revision,
        changes=changes,
        asked_by=asked_by or "",
        reason=reason,
    )
    click.echo(fault(reads.case(place, number), tertiary_keys(organisations.book(place))) or "Said.")


@click.command()
@click.option("--place", required=True, help="The place whose case it is.")
@click.option("--number", required=True, type=int, help="The number of the case.")
@click.argument("key")
def serves(place: str, number: int, key: str) -> None:
    """Say that a case serves KEY: an intention, or a priority of its group's own plan in force as GROUP/CODE."""
    link = actions.link_priority if "/" in key else actions.link_intention
    link(by=by_whom(), place=place, number=number, key=key)
    known = reads.case(place, number)
    click.echo(registers.plan_fault(organisations.book(place), known) or f"It serves {', '.join(known.intentions)}.")


@click.command("intention-state")
@click.option("--place", required=True, help="The place whose intention it is.")
@click.argument("key")
@click.argument("state", type=click.Choice(consulting.INTENTION_STATES))
@click.argument("reason")
def intention_state(place: str, key: str, state: str, reason: str) -> None:
    """Say that the intention KEY is in STATE, and the REASON."""
    stood = consulting.states(place).get(key, ())
    seen = stood[-1].number if stood else 0
    actions.say_how_intention_stands(by=by_whom(), place=place, key=key, state=state, reason=reason, seen=seen)
    click.echo(f"{key} is {state}.")


@click.command("conclave")
@click.option("--place", required=True, help="The place whose conclave it is.")
def of_conclave(place: str) -> None:
    """Say how the conclave's paper stands, which seats it lacks, what blocks are before it, and who got its reports."""
    book, on = organisations.book(place), organisations.today()
    known = council.audiences(book)
    if not known:
        raise book.table(council.AUDIENCES).problem  # type: ignore[union-attr]
    _say_recommendations(paper.recommendations(book))
    for gap in council.gaps(book, on):
        click.echo(f"missing: {gap}")
    for each in council.blocks(book, council.shared(place), on):
        state = "holds" if each.is_open else "cleared"
        click.echo(f"case {each.case.number}: {each.block.what} ({each.block.owner}, {each.days} days, {state})")
    for report in council.reports(place):
        told = [f"{each.title}: {'received' if report.receipt(each.code) else 'not received'}" for each in known]
        click.echo(f"report {report.number}, {day_text(localtime(report.issued_at))}: {'; '.join(told)}")


def _say_recommendations(asked: tuple[paper.Recommendation, ...]) -> None:
    for each in asked:
        taken = each.decision
        told = f"{taken.outcome} by {taken.body}, {taken.when.name}" if taken else "not decided"
        click.echo(f"recommendation {each.code}: {told}")
    if asked:
        click.echo(f"the paper as a whole: {paper.state(asked)}")


@click.command()
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
    for line in _overdue_words(book, found):
        click.echo(line)
    for late in found.late():
        click.echo(f"late: {_late_line(late, found)}")


def _overdue_words(book: Book, found: Speed) -> list[str]:
    """Overdue cases of long-term conditions and of the others in words, one a line."""
    called = measured.names(book, measured.CONDITION)
    told = [
        f"Overdue, {called[key].lower()}: {len(held.late)} of {len(held.measured)} put to a decision"
        for key, held in found.conditions.items()
    ]
    return told or ["Overdue: not set, since no target is; fill redesign.decision_weeks."]


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
