"""Search a place from the shell."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.site import access, searching
from openpbc.site.commands.explain import shell_viewer


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--place", required=True, help="The place to search.")
@click.option("--as", "sign_in", help="Find what the person with this sign-in name would find, and nothing else.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.pass_obj
def search(actor: Actor, words: tuple[str, ...], place: str, sign_in: str | None, as_json: bool) -> None:
    """Find everything in a place that bears all WORDS, grouped by kind."""
    viewer = organisations.viewer_by_sign_in(sign_in) if sign_in else shell_viewer(actor)
    if viewer is None:
        raise UserError(
            f"there is no user '{str(sign_in)[:150]}' who may sign in", do="'openpbc users list' shows them."
        )
    found = searching.search(organisations.book(place), viewer, access.asker(viewer), " ".join(words))
    if as_json:
        click.echo(json.dumps([asdict(group) for group in found], indent=2))
        return
    for group in found:
        click.echo(f"{group.kind} ({len(group.hits)})")
        for hit in group.hits:
            click.echo(f"  {hit.title} · {hit.line} · {hit.href}")
    if not found:
        click.echo("Nothing bears these words.")
