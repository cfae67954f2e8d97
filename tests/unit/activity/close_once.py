"""A process that lands a folder's files in a store of its own, runs April, and prints what it published.

``python -m tests.unit.activity.close_once FOLDER STORE THREADS MEMORY``
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from openpbc.activity.flow import receiving, run
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.receiving import Claim
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import open_book
from openpbc.warehouse.engines import Engine
from openpbc.warehouse.store import Store, file_hash
from openpbc.warehouse.survey import survey
from tests.unit.activity.rows import PLACE, members_of


def main(folder: str, where: str, threads: str, memory: str) -> None:
    book, store, files = open_book(PLACE), Store(Path(where)), []
    for path in sorted(Path(folder).glob("*_2008-04_*.csv")):
        one = receiving.accept(store, book, survey(path), Claim(), threads=int(threads))
        files.append(Submitted(one.landed.sha256, one.stream, one.layout, one.provider, one.month))
    made = run(store, book, Month(2008, 4), files, members_of(book), engine=Engine("", int(threads), memory))
    print(json.dumps({path.name: file_hash(path) for path in sorted(made.folder.iterdir())}))


if __name__ == "__main__":
    main(*sys.argv[1:])
