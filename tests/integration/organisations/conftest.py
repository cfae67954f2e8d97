"""A place of three practices in two groups, written as a pack of its own, so that no shipped pack is needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.site.conftest import as_role, people, quick_hashing

__all__ = ["as_role", "people", "quick_hashing"]

HEAD = "id: organisations.{id}\nmeaning: The place's {id}\nunit: table\n"
SOURCE = "source: {document: synthetic-county, section: tests, mark: SYN}"
UNITS = """code,name,kind,aliases,budget_line,valid_from,valid_to,known_from,known_to
EAST,East group,group,Easties;EAST GROUP,EAST,,,,
WEST,West group,group,,WEST,,,,
"""
PRACTICES = """code,name,unit,commissioner,postcode,list_size,valid_from,valid_to,known_from,known_to
P00001,SYNTHETIC One,EAST,9Z9,ZZ1 1ZZ,1000,,,,
P00002,SYNTHETIC Two,EAST,9Z9,ZZ1 2ZZ,2000,,2008-09-30,,
P00002,SYNTHETIC Two,WEST,9Z9,ZZ1 2ZZ,2100,2008-10-01,,,
P00003,SYNTHETIC Three,WEST,9Z9,ZZ1 3ZZ,,,,,
"""
PROVIDERS = "code,name,short_name,kind,mff_e7,coordinator\nRZ1,SYNTHETIC Trust,Trust,acute,11000000,9Z9\n"
COMMISSIONERS = "code,name\n9Z9,SYNTHETIC commissioner\n"
PLACE = "test-2008"


def write_table(folder: Path, id: str, text: str) -> None:
    """Write one table of the place as rows in its file."""
    header, *lines = text.strip().splitlines()
    names = header.split(",")
    rows = [dict(zip(names, line.split(","), strict=True)) for line in lines]
    cells = "".join(f"      - {{{', '.join(f'{name}: {value!r}' for name, value in row.items())}}}\n" for row in rows)
    body = (
        f"{HEAD.format(id=id)}tables:\n  always:\n    status: assumed\n    known_from: 2007-01-01\n    {SOURCE}\n"
        f"    rows:\n{cells}"
    )
    (folder / "organisations").mkdir(parents=True, exist_ok=True)
    (folder / "organisations" / f"{id}.yaml").write_text(body)


@pytest.fixture
def pack(tmp_path: Path, settings) -> Callable[[str, str], None]:
    """Lay a place over the shipped packs; give a function that changes one of its tables."""
    folder = tmp_path / "packs" / "places" / PLACE
    folder.mkdir(parents=True)
    (folder / "place.yaml").write_text(
        f"id: {PLACE}\ntitle: Test county\nyear: 2008-09\ncommissioner: 9Z9\npacks: [england/common]\n"
    )
    for id, text in (
        ("units", UNITS),
        ("practices", PRACTICES),
        ("providers", PROVIDERS),
        ("commissioners", COMMISSIONERS),
    ):
        write_table(folder, id, text)
    settings.RULEBOOK = tmp_path / "packs"
    return lambda id, text: write_table(folder, id, text)
