"""Looking at a file before it counts, and mending lines of one that does, from the shell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from openpbc.activity import actions, reads
from openpbc.activity.commands.claims import of_a_file
from openpbc.activity.commands.submissions import received
from openpbc.activity.flow.drafting import Preview
from openpbc.activity.flow.pricing_law import reason_rules
from openpbc.activity.flow.receiving import Claim
from openpbc.activity.pages.mending import refuse_untouched
from openpbc.activity.pages.mending_sheets import mending_csv, mending_workbook, read_mending
from openpbc.activity.reads.mending import to_mend
from openpbc.activity.reads.previewing import previewed
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.ui.commands import by_whom


@click.command()
@of_a_file
@click.option("--json", "as_json", is_flag=True, help="Print the preview as JSON.")
def preview(file: Path, place: str, provider: str | None, month: str | None, layout: str | None, as_json: bool) -> None:
    """Say what FILE would change if it were received; nothing of it is kept.

    Example: openpbc activity preview RWG_2008-06_op.csv --place west-herts-2008
    """
    claim = Claim(provider, str(Month.parse(month)) if month else None, layout)
    _say(place, previewed(place, file, claim), as_json)


@click.command()
@click.argument("submission")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Where to write: .xlsx or .csv.")
@click.option("--place", help="The place; needed where two places received the same file.")
def errors(submission: str, output: Path, place: str | None) -> None:
    """Write the lines of a received SUBMISSION that must be mended, as a workbook to be sent back, or as CSV.

    Example: openpbc activity errors RWG_2008-06_op.csv -o to_mend.xlsx
    """
    found = received(submission, place)
    wrong = to_mend(found.place, found.sha256)
    kind = output.suffix.lower()
    if kind not in (".xlsx", ".csv"):
        raise UserError(f"'{output.name}' is neither a workbook nor CSV", do="Name a file that ends in .xlsx or .csv.")
    _write(output, [mending_workbook(wrong)] if kind == ".xlsx" else mending_csv(wrong))
    click.echo(f"{output}: {len(wrong.numbers):,} lines to mend with {wrong.findings:,} findings.", err=True)


def _write(output: Path, blocks: Iterable[bytes]) -> None:
    draft = output.with_name(f".{output.name}.part")
    try:
        with draft.open("wb") as out:
            out.writelines(blocks)
        draft.rename(output)
    except OSError as error:
        raise UserError(f"it cannot be written ({error.strerror})", str(output), "Choose another file.") from error
    finally:
        draft.unlink(missing_ok=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--place", required=True, help="The place whose activity it is.")
@click.option("--dry-run", is_flag=True, help="Say what it would change, and receive nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the preview, or the receipt, as JSON.")
def mend(file: Path, place: str, dry_run: bool, as_json: bool) -> None:
    """Take back a workbook of mended lines: the file with these lines in place of the wrong ones is received.

    Example: openpbc activity mend to_mend.xlsx --place west-herts-2008 --dry-run
    """
    returned = read_mending(place, _content(file), file.name)
    refuse_untouched(returned, file.name)
    found = returned.submission
    claim = Claim(found.provider or None, found.month or None, found.layout)
    by = by_whom()
    if dry_run:
        with _written(returned.name, returned.wrong.mended(returned.changes)) as path:
            _say(place, previewed(place, path, claim), as_json)
        return
    with _written(returned.name, returned.wrong.mended(returned.changes)) as path:
        receipt = actions.receive_mended(
            by=by, place=place, path=path, claim=claim, former=found.sha256, lines=len(returned.changes)
        )
    if as_json:
        click.echo(json.dumps(asdict(receipt), indent=2, default=str))
        return
    click.echo(f"{len(returned.changes):,} lines of {found.file_name} are mended. {receipt.sentence}")


@contextmanager
def _written(name: str, blocks: Iterable[bytes]) -> Iterator[Path]:
    with reads.store().staging() as folder:
        path = folder / name
        with path.open("wb") as out:
            out.writelines(blocks)
        yield path


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UserError(f"the file cannot be read ({error.strerror})", str(file), "Check the path.") from error


def _say(place: str, shown: Preview, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(shown), indent=2))
        return
    click.echo(
        f"{shown.lines:,} lines = {shown.accepted:,} accepted + {shown.rejected:,} rejected"
        f" + {shown.excluded:,} excluded; {sum(count for *_, count in shown.rules):,} findings."
    )
    for rule, level, field, count in shown.rules:
        click.echo(f"{count:>8,}  {level}  {rule:<9} {field}")
    if shown.records:
        held = shown.records
        told = f"{held.new:,} new, {held.changed:,} changed, {held.removed:,} removed, {held.unchanged:,} unchanged"
        click.echo(f"Records: {told}.")
    if shown.runs[1]:
        moved = sum(each.price - each.present_price for each in shown.effect)
        click.echo(f"The price of the month moves by {pounds(moved)}.")
    elif shown.unpriced:
        click.echo(f"The month has no price: {shown.unpriced}")
    book = organisations.book(place)
    sentences = reason_rules(book) if shown.without_price else {}
    for reason, units in shown.without_price:
        told = f": {sentences[reason].sentence}" if reason in sentences else ""
        click.echo(f"{units:>8,}  without a price, {reason}{told}")
    if reads.would_wait(book, shown):
        click.echo(f"It would wait for a decision: {Month.parse(shown.month).name} is frozen.")
