"""Receiving files from the shell, and what was found in them."""

from __future__ import annotations

import csv
import itertools
import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from django.utils import timezone

from openpbc.activity import actions, reads
from openpbc.activity.commands.claims import of_a_file
from openpbc.activity.reads import Checked, Submission
from openpbc.kernel.findings import Finding
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.ui.commands import by_whom
from openpbc.ui.exports import inert
from openpbc.warehouse.survey import survey


@click.command()
@of_a_file
@click.option("--arrived", metavar="'YYYY-MM-DD HH:MM'", help="When it came, where that was before now.")
@click.option("--json", "as_json", is_flag=True, help="Print the receipt as JSON.")
def receive(
    file: Path, place: str, provider: str | None, month: str | None, layout: str | None, arrived: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Receive one file; the same file again changes nothing."""
    receipt = actions.receive(
        by=by_whom(),
        place=place,
        path=file,
        provider=provider,
        month=Month.parse(month) if month else None,
        layout=layout,
        arrived=_moment(arrived) if arrived else None,
    )
    checked = reads.checked(place, receipt.sha256)
    if as_json:
        click.echo(json.dumps({**asdict(receipt), **_facts(checked)}, indent=2, default=str))
        return
    click.echo(receipt.sentence)
    _say_outcome(checked)


@click.command()
@click.argument("file")
@click.option("--place", help="The place; needed where two places received the same file.")
@click.option("--rule", default="", help="Only findings of this rule.")
@click.option("--level", default="", type=click.Choice(["", "F", "E", "W"]), help="Only fatal, error or warning.")
@click.option("--limit", default=100, show_default=True, help="How many findings to list.")
@click.option("--offset", default=0, show_default=True, help="How many findings to pass over first.")
@click.option("--json", "as_json", is_flag=True, help="Print counts and findings as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print every finding as CSV, whatever the limit.")
def findings(
    file: str, place: str | None, rule: str, level: str, limit: int, offset: int, as_json: bool, as_csv: bool
) -> None:
    """Show what was found in a received FILE, named by its path or by the start of its hash."""
    found = received(file, place)
    checked = reads.checked(found.place, found.sha256)
    if as_csv:
        _print_csv(found, rule, level)
        return
    listed = reads.findings(found.place, found.sha256, rule=rule, level=level, limit=limit, offset=offset)
    if as_json:
        facts = {**asdict(found), **_facts(checked), "findings": [_told(one) for one in listed]}
        click.echo(json.dumps(facts, indent=2, default=str))
        return
    click.echo(f"{found.file_name} ({found.file})")
    _say_outcome(checked)
    for one in checked.rules:
        click.echo(f"{one.count:>8,}  {one.level}  {one.rule:<9} {one.field:<24} {one.sentence}")
    for each in listed:
        click.echo(f"line {each.place.line:>7}  {each.level.value}  {each.rule:<9} {each.place.field}")


def _print_csv(found: Submission, rule: str, level: str) -> None:
    """Print findings page by page, so that a file full of them fits in memory."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("file", "line", "rule", "level", "field"))
    for offset in itertools.count(0, reads.LARGEST_PAGE):
        page = reads.findings(
            found.place, found.sha256, rule=rule, level=level, limit=reads.LARGEST_PAGE, offset=offset
        )
        writer.writerows((inert(found.file_name), x.place.line, x.rule, x.level.value, x.place.field) for x in page)
        if len(page) < reads.LARGEST_PAGE:
            return


def _moment(text: str) -> datetime:
    try:
        return timezone.make_aware(datetime.strptime(text, "%Y-%m-%d %H:%M"))  # noqa: DTZ007 - local, made aware
    except ValueError as error:
        raise UserError(f"'{text[:30]}' is no day and time", do="Write it as '2008-07-14 16:59'.") from error


def received(file: str, place: str | None) -> Submission:
    """Find the submission of a path, or of the start of a hash."""
    sha256 = survey(Path(file)).sha256 if Path(file).is_file() else file.lower()
    found = [one for one in reads.find(sha256) if place in (None, one.place)]
    if not found:
        where = f" in {place}" if place else ""
        raise UserError(f"this file was not received{where}", file[:200], "Run 'openpbc activity receive' first.")
    if len({one.sha256 for one in found}) > 1:
        raise UserError("more than one received file has such a hash", file[:64], "Give more of its digits.")
    if len(found) > 1:
        raise UserError(f"{len(found)} places received this file", file[:200], "Say which with --place.")
    return found[0]


def _facts(checked: Checked) -> dict[str, object]:
    return {
        "lines": checked.lines,
        "accepted": checked.accepted,
        "rejected": checked.rejected,
        "excluded": checked.excluded,
        "reasons": [{"outcome": how, "reason": why, "lines": lines} for how, why, lines in checked.reasons],
        "rules": [asdict(rule) for rule in checked.rules],
    }


def _told(finding: Finding) -> dict[str, object]:
    return {
        "file": finding.place.file,
        "line": finding.place.line,
        "field": finding.place.field,
        "rule": finding.rule,
        "level": finding.level.value,
        "sentence": finding.sentence,
    }


def _say_outcome(checked: Checked) -> None:
    click.echo(
        f"{checked.lines:,} lines = {checked.accepted:,} accepted + {checked.rejected:,} rejected"
        f" + {checked.excluded:,} excluded; {checked.findings:,} findings."
    )
