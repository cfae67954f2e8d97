"""A rulebook of one's own that says which acts take two people; the shipped one sets none of them."""

from __future__ import annotations

from pathlib import Path

from openpbc.rulebook import files

LARGE_JOURNALS = "england/common/finance/second_person_from.yaml"
CLOSING = "england/common/monitoring/close_by_two.yaml"
_TOLD = 'value: "{value}"\n    status: approved\n    source: {{document: openpbc-domain-notes, section: "SYNTHETIC"}}'


def set_in_a_book(settings, folder: Path, **values: object) -> None:
    """Lay values over the shipped ones: ``large`` a sum in pence, ``closing`` yes or no."""
    settings.RULEBOOK = folder / "book"
    for name, path in (("large", LARGE_JOURNALS), ("closing", CLOSING)):
        if name in values:
            own = settings.RULEBOOK / path
            own.parent.mkdir(parents=True)
            shipped = (files.SHIPPED / path).read_text("utf-8")
            told = _TOLD.format(value=values[name])
            own.write_text(shipped.replace("value: null\n    status: not set", told), encoding="utf-8")
