"""What tells who somebody is turns up nowhere but in the part that is kept for it: a run with known SYNTHETIC people.

Files that hold them are received, refused, checked, closed and looked at, by page, download and shell. Then all that
was answered, said, logged, kept or named is searched for them.
"""

from __future__ import annotations

import io
import logging
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from openpbc.activity import actions, reads
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.site import portable, sessions
from openpbc.site.cli import main
from openpbc.warehouse.session import Session
from tests.unit.activity.rows import rows, write

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database]
JUNE = Month(2008, 6)
# All SYNTHETIC: numbers and a postcode of the ranges that are given to nobody, and words that name nobody.
NUMBERS = ("9990000018", "9990000026", "9990000034", "9990000042", "9990000050")
CANARIES = (
    *NUMBERS,
    "999 000 0018",
    "ZZ99 7QX",
    "ZZ997QX",
    "1931-07-19",
    "SYNSURNAME",
    "SYNSTREET",
    "SYNLOCALID",
    "9990000019",
)
PERSON = {"dob": "1931-07-19", "postcode": "ZZ99 7QX", "local_patient_id": "SYNLOCALID"}


def people_of(stream: str) -> list[dict[str, str]]:
    """Records of known people, among them faults of each kind whose finding looks at who somebody is."""
    listed = [{**row, **PERSON, "nhs_number": NUMBERS[at % 5]} for at, row in enumerate(rows(stream, 8))]
    listed[1]["nhs_number"] = "9990000019"  # V-ALL-03
    listed[2]["cds_unique_id"] = f"K{NUMBERS[2]}"  # V-ALL-09
    listed[3]["dob"] = "2031-07-19"  # V-ALL-05
    listed[4]["postcode"] = "SYNSTREET 7"  # V-ALL-12
    listed[5]["nhs_number"] = "999 000 0018"
    return listed


@pytest.fixture
def said(capfd, caplog, place, receive, tmp_path: Path, settings) -> Iterator[dict[str, str]]:
    """Everything that is said and shown in a month's work, by where it was said."""
    from openpbc.contracts import actions as contracts
    from openpbc.monitoring import actions as monitoring
    from openpbc.organisations import actions as organisations

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    caplog.set_level(logging.DEBUG, logger="openpbc")
    caplog.set_level(logging.INFO)
    found: dict[str, str] = {}
    organisations.create_demo_users(by=SYSTEM, place=place, password="demo")
    contracts.load_register(by=SYSTEM, place=place)
    actions.make_keys(by=SYSTEM, place=place)
    for stream in ("apc", "op", "ae"):
        path = with_more(write(tmp_path, stream, people_of(stream)))
        shell(found, capfd, "activity", "receive", str(path), "--place", place)
        shell(found, capfd, "activity", "findings", str(path), "--place", place, "--json")
    for name, text in refused(tmp_path).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        shell(found, capfd, "activity", "receive", str(tmp_path / name), "--place", place)
    register = tmp_path / "register.csv"
    register.write_text("\n".join([*NUMBERS[3:], "9990000019", "SYNSURNAME"]))
    shell(found, capfd, "people", "optouts", "load", str(register), "--place", place)
    for purpose in ("care", "measures"):
        shell(found, capfd, "people", "link", "--place", place, "--month", "2008-06", "--purpose", purpose)
    monitoring.close(by=SYSTEM, place=place, month=JUNE)
    for who in ("analyst@demo", "contracts@demo"):
        found |= walked(who, place)
    found["logs"] = caplog.text
    yield found


def with_more(path: Path) -> Path:
    """Give a file a column that no layout knows, and a line that does not fit."""
    header, *lines = path.read_text().splitlines()
    lines = [f"{line},SYNSURNAME" for line in lines]
    lines.insert(4, f"{NUMBERS[4]},SYNSURNAME,SYNSTREET")
    path.write_text("\n".join([f"{header},surname", *lines]) + "\n")
    return path


def refused(folder: Path) -> dict[str, str]:
    """Files that cannot be received, each with known people where the fault is."""
    good = write(folder, "op", people_of("op"), name="good.csv").read_text()
    header, *lines = good.splitlines()
    shifted = [line.replace(",RWG,", f",{NUMBERS[0]},") for line in lines]
    quoted = [lines[0].replace("SYNLOCALID", '"SYNLOCALID'), *lines[1:]]
    return {
        "no header.csv": "\n".join(lines) + "\n",
        "shifted.csv": "\n".join([header, *shifted]) + "\n",
        "open quote.csv": "\n".join([header, *quoted]) + "\n",
        "cut off.csv": "\n".join([header, *lines, f"K9,{NUMBERS[1]}"]),
        "twin.csv": "\n".join([f"{header},{NUMBERS[0]},{NUMBERS[0]}", *(f"{line},," for line in lines)]) + "\n",
        "mostly short.csv": "\n".join([header, *(f"{NUMBERS[0]},SYNSURNAME" for _ in lines)]) + "\n",
        f"letter {NUMBERS[0]}.csv": good,
    }


def shell(found: dict[str, str], capfd: Any, *words: str) -> None:
    main(list(words))
    told = capfd.readouterr()
    # the shell may repeat what its user typed; what it adds may name nobody
    typed = [word for word in words if any(canary in word for canary in CANARIES)]
    text = told.out + told.err
    for word in typed:
        text = text.replace(word, "")
    found[f"shell {' '.join(words)}"] = text


def walked(who: str, place: str) -> dict[str, str]:
    """Every page of the month's files and figures that somebody may open, with its downloads."""
    from openpbc.organisations.models import User

    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(sign_in=who))
    session = client.session
    session[sessions.STARTED] = session[sessions.SEEN] = int(time.time())
    session.save()
    here = f"/p/{place}"
    asked = [f"{here}/submissions", f"{here}/months/2008-06", f"{here}/months/2008-06?by=practice", f"{here}/quality"]
    asked += [
        f"{here}/submissions/new",
        f"{here}/submissions/{NUMBERS[0]}",
    ]
    asked += [f"{here}/submissions/{one.file}" for one in reads.submissions(place)]
    asked += [f"/explain/price/{place}/2008-06/{one.stream}/{one.file}/1" for one in reads.submissions(place)]
    seen: dict[str, str] = {}
    while asked:
        address = asked.pop()
        if address in seen:
            continue
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        seen[address] = told_by(body).replace(address, "") + str(answer.headers)
        page = address.partition("?")[0]
        links = re.findall(r'href="(\?[^"]*download=[^"]*)"', seen[address])
        asked += [page + link.replace("&amp;", "&") for link in links if "/submissions/" in page or ".csv" in link]
    return {f"{who} {address}": text for address, text in seen.items()}


def told_by(body: bytes) -> str:
    """The text of an answer; of a workbook, that of its parts."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def kept(home: Path, dump: Path) -> dict[str, str]:
    """All that a thief of database and warehouse reads, without the part that is kept for identities."""
    portable.dump(dump)
    found = {"database": dump.read_text(encoding="utf-8")}
    with Session() as session:
        for path in sorted(home.rglob("*")):
            if not path.is_file() or "identity" in path.parts:
                continue
            text = str(path.relative_to(home)) + path.read_bytes().decode("latin-1")
            if path.suffix == ".parquet":
                text += "\n".join(map(str, session.rows(f"select * from read_parquet('{path}')")))
            found[str(path.relative_to(home))] = text
    return found


def hits(told: dict[str, str]) -> list[tuple[str, str, str]]:
    return [
        (where[-60:], canary, text[max(0, text.index(canary) - 60) :][:130])
        for where, text in told.items()
        for canary in CANARIES
        if canary in text
    ]


def test_nobody_is_named_anywhere(said: dict[str, str], settings, tmp_path: Path) -> None:
    assert sum("/submissions/" in where for where in said) > 12 and len(said) > 30
    assert not hits(said), "\n".join(map(repr, hits(said)))
    everything = kept(settings.HOME, tmp_path / "dump.jsonl")
    assert any(name.endswith("people.parquet") for name in everything)
    assert any(name.startswith("warehouse/runs/") for name in everything)
    assert not hits(everything), "\n".join(map(repr, hits(everything)))
    with Session() as session:
        (rows_of, *_) = sorted((settings.HOME / "warehouse/identity").rglob("rows.parquet"))
        there = str(session.rows(f"select * from read_parquet('{rows_of}')"))
    assert NUMBERS[0] in there, "the search finds what is there"
