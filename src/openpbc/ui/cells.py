"""Cells as HTML, in Python: a page may hold thousands of cells, and a macro call costs fifty times more."""

from __future__ import annotations

from markupsafe import Markup, escape

from openpbc.ui.figures import Cell, Figure, Hidden, Link, Missing, Tag


def figure_html(figure: Figure) -> Markup:
    """A figure as a link to its explanation, carrying the whole number that the explanation must give."""
    if not figure.address:
        return escape(figure.text)
    return Markup('<a class="openpbc-figure" data-figure="{}" data-value="{}" href="{}">{}</a>').format(
        figure.address, figure.value, figure.href, figure.text
    )


def tag_html(tag: Tag) -> Markup:
    """A status in a box."""
    return Markup('<strong class="nhsuk-tag nhsuk-tag--{}">{}</strong>').format(tag.colour, tag.text)


def missing_html(missing: Missing) -> Markup:
    """The words "not set", with the file to fill for those who point at them or listen to them."""
    return Markup(
        '<span class="openpbc-not-set" title="{0}">not set<span class="nhsuk-u-visually-hidden">. {0}</span></span>'
    ).format(missing.hint)


def cell_html(cell: Cell) -> Markup:
    """Any cell as HTML; text is escaped, an empty cell is empty."""
    match cell:
        case None:
            return Markup("")
        case Figure():
            return figure_html(cell)
        case Link(text, href):
            return Markup('<a href="{}">{}</a>').format(href, text)
        case Tag():
            return tag_html(cell)
        case Missing():
            return missing_html(cell)
        case int():
            return escape(f"{cell:,}")
        case Hidden():
            return Markup('<span title="{}">{}</span>').format(f"Hidden by the rule {cell.rule}", cell.mark)
        case _:
            return escape(cell)


def words_html(words: str | tuple[Cell, ...]) -> Markup:
    """Words with figures among them as HTML, each figure with its explanation."""
    return cell_html(words) if isinstance(words, str) else Markup("").join(cell_html(piece) for piece in words)
