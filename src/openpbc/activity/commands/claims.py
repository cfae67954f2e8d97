"""What every command is told of a file: where it lies, for which place, and what else it does not tell itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

_PARTS = (
    click.argument("file", type=click.Path(path_type=Path)),
    click.option("--place", required=True, help="The place whose activity it is."),
    click.option("--provider", help="Who sent it; else told by the file's name or lines."),
    click.option("--month", metavar="YYYY-MM", help="Month of activity; else told by the file's name or lines."),
    click.option("--layout", help="Layout of the file; else told by its header."),
)


def of_a_file(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the argument FILE, the place, and the claims about provider, month and layout."""
    for part in reversed(_PARTS):
        command = part(command)
    return command
