"""The template environment: our templates, every room's templates, and the NHS design system's macros."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.templatetags.static import static
from django.urls import reverse
from django.utils.timezone import localtime
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader

from openpbc.kernel import money
from openpbc.kernel.periods import day_text, moment_cell
from openpbc.ui import cells
from openpbc.ui.figures import status_tag

SOURCE = Path(__file__).resolve().parent.parent


def template_folders() -> list[str]:
    """Every ``templates`` folder of the package, this one's first; a room adds templates by having the folder."""
    return [str(SOURCE / "ui" / "templates"), *sorted(str(path) for path in SOURCE.glob("*/templates"))]


def environment(**options: Any) -> Environment:
    """Build the environment for Django's Jinja2 backend; ``options`` are what the backend passes."""
    options["loader"] = ChoiceLoader([FileSystemLoader(template_folders()), PackageLoader("nhsuk_frontend_jinja")])
    options["undefined"] = ChainableUndefined  # the NHS macros chain through parameters that were not given
    options.update(trim_blocks=True, lstrip_blocks=True)
    env = Environment(**options)  # noqa: S701 - Django's backend passes autoescape=True, and a test holds it
    env.globals.update(static=static, url=reverse)
    env.filters |= {"day": day_text, "moment": moment_cell}
    env.filters["here"] = localtime  # moments are kept in UTC, and shown in the time of the place
    env.filters.update(
        crumbs=lambda trail: [{"text": crumb.text, "href": crumb.href} for crumb in trail],
        cell=cells.cell_html,
        words=cells.words_html,
        status_tag=lambda status: cells.tag_html(status_tag(status)),
        pounds=money.pounds,
        whole_pounds=money.whole_pounds,
        thousands=money.thousands,
        percent=money.percent_text,
        query=lambda parameters: "?" + urlencode(parameters),
        upper_first=lambda text: text[:1].upper() + text[1:],
    )
    return env
