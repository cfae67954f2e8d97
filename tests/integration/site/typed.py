"""Each command of the shell that writes: a function that makes everything ready, and gives the words to be typed.

They are typed with a folder of their own. ``tests.integration.site.test_one_event_commands`` tries them all.
"""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import openpyxl

from openpbc.activity.actions.local_codes import COLUMNS
from openpbc.audit import reads as audit
from openpbc.contracts import actions as contracts
from openpbc.finance import actions as finance
from openpbc.finance.pages.plan_sheets import plan_workbook
from openpbc.finance.reads import plan_versions
from openpbc.governance import actions as governance
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.monitoring import actions as monitoring
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads
from openpbc.redesign import actions as redesign
from openpbc.rulebook.files import SHIPPED
from openpbc.site.actions import choose_digest
from tests.integration.activity.test_price_lists import LIST
from tests.integration.finance import budget_setting as budgets
from tests.integration.governance.standards import POINTS, lay
from tests.integration.measures.extracts import extract
from tests.integration.site.conftest import HERE, SIGN_INS
from tests.integration.site.forms import agreements, in_year, joint, ledger, months, register
from tests.unit.activity.rows import rows, write

Typed = Callable[[Path], Sequence[str]]
AT = ("--place", HERE)
WHY = ("--reason", "SYNTHETIC")
ON = ("--on", "2008-04-01", *WHY)
JUNE = "2008-06"

SIGNED = ("--signed-on", "2008-04-01", "--body", "board", "--group", "DATCOM=gp_lead")


def ready(*words: str, after: Callable[[], object] = lambda: None) -> Typed:
    """Say what is typed once what comes before was done."""

    def typed(folder: Path) -> Sequence[str]:
        after()
        return words

    return typed


def a_file(content: bytes | str, *words: str, name: str = "SYNTHETIC.csv", option: str = "") -> Typed:
    """Say that a file is named, with the words after it."""

    def typed(folder: Path) -> Sequence[str]:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return ([option] if option else []) + [str(path), *words]

    return typed


def _number(subject: str) -> str:
    """The number at the end of what the last event of a kind is about."""
    return next(each for each in reversed(audit.events()) if each.subject.startswith(subject)).subject.split("/")[-1]


def _new_place(folder: Path) -> Sequence[str]:
    """A place that nobody loaded yet, in the user's own packs: loading once more what is there writes nothing."""
    shutil.copytree(SHIPPED / "places" / "blmk-2023", folder / "book" / "places" / "blmk-2024")
    for path in (folder / "book").rglob("*.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("blmk-2023", "blmk-2024"), encoding="utf-8")
    return ["--place", "blmk-2024"]


def _price_list(folder: Path) -> Sequence[str]:
    return a_file(LIST, "--mark", "SYN", "--status", "assumed", "--note", "SYNTHETIC: a test", *AT)(folder)


def _withdrawn(folder: Path) -> Sequence[str]:
    facts = {"regulator": "HCCOM", "status": "accredited", "on": date(2007, 10, 18), "finding": "SYNTHETIC"}
    number = organisations.record_review(by=SYSTEM, place=HERE, provider="RWG", **facts)  # type: ignore[arg-type]
    return ["--number", str(number), *AT, *WHY]


def _disabled() -> None:
    organisations.disable_user(by=SYSTEM, user_id=reads.person_by_sign_in("gp@demo").id, reason="SYNTHETIC")


def _ended(folder: Path) -> Sequence[str]:
    told = {"organisation": "SYNTHETIC Co", "nature": "professional", "role": "x", "held_from": date(2024, 4, 1)}
    number = governance.declare_interest(by=SYSTEM, place=HERE, person="gp@demo", **told)  # type: ignore[arg-type]
    return [str(number), "--last-day", "2024-05-01", *AT, *WHY]


def _assessed(folder: Path) -> Sequence[str]:
    """A group says how it meets a standard that stands in the rulebook folder of the test."""
    lay(folder / "book", *POINTS)
    return ["--unit", "DATCOM", "--on", "2008-04-01", "--say", "Lead=met", *AT]


def _received(folder: Path) -> Sequence[str]:
    return [str(write(folder, "op", rows("op", 3))), *AT]


def _mended(folder: Path) -> Sequence[str]:
    """A file with one wrong line, and its workbook with the line put right."""
    from openpbc.activity import actions
    from openpbc.activity.pages.mending_sheets import mending_workbook
    from openpbc.activity.reads.mending import to_mend

    given = rows("op", 4)
    given[1]["practice"] = ""
    sent = actions.receive(by=SYSTEM, place=HERE, path=write(folder, "op", given))
    book = openpyxl.load_workbook(io.BytesIO(mending_workbook(to_mend(HERE, sent.sha256))))
    sheet = book["Lines to mend"]
    column = next(at for at, cell in enumerate(sheet[1]) if cell.value == "practice")
    sheet[2][column].value = rows("op", 4)[1]["practice"]
    book.save(folder / "mended.xlsx")
    return [str(folder / "mended.xlsx"), *AT]


def _late(folder: Path) -> Sequence[str]:
    months.received()
    return [months.received(4, months.LATE)[:12], *AT, *WHY]


def _closed() -> None:
    months.received()
    monitoring.close(by=SYSTEM, place=HERE, month=Month.parse(JUNE))


def _reopened(folder: Path) -> Sequence[str]:
    months._published()
    number = governance.record_decision(
        by=SYSTEM, place=HERE, body="board", taken_on=date(2008, 9, 1), minute="1", outcome="approved",
        text="SYNTHETIC", matter=f"month/{HERE}/{JUNE}", title="Reopen June", synthetic=True,
    )  # fmt: skip
    return [JUNE, "--decision", str(number), *AT, *WHY]


def _keys() -> None:
    from openpbc.activity import actions

    actions.make_keys(by=SYSTEM, place=HERE)


def _opt_outs(folder: Path) -> Sequence[str]:
    _keys()
    return a_file("nhs_number\n9434765919\n", *AT)(folder)


def _a_case() -> None:
    redesign.propose(by=SYSTEM, place=HERE, unit=reads.units(HERE)[0].code, title="Knees", area="Bones", need="x")


def _wanted(folder: Path) -> Sequence[str]:
    """Somebody for whom something waits wants the day's mail."""
    _a_case()
    choose_digest(by=reads.viewer_by_sign_in(SIGN_INS["committee_secretary"]).actor, wants=True)
    return []


def _proposed(folder: Path) -> Sequence[str]:
    number = budgets.drafted()
    budgets.finish_steps()
    return [str(number), *AT]


def _published() -> None:
    finance.load_published_plan(by=SYSTEM, place=HERE)


def _plan_workbook(folder: Path) -> Sequence[str]:
    _published()
    made = plan_workbook(reads.book(HERE), plan_versions.version(reads.book(HERE), "1"))
    book = openpyxl.load_workbook(io.BytesIO(made))
    next(row for row in book["Plan"].iter_rows() if row[0].value == "prescribing")[16].value = "SYNTHETIC"
    book.save(folder / "plan.xlsx")
    return [str(folder / "plan.xlsx"), "--version", "1", "--yes", *AT]


def _opening(folder: Path) -> Sequence[str]:
    return a_file("account,amount\nallocation,-5\nheld/contingency,5\n", "--post", *AT)(folder)


def _posted() -> None:
    ledger.posted()


def _freed() -> None:
    ledger._group_money()
    ledger._freed()


def _activity_plan(folder: Path) -> Sequence[str]:
    contracts.load_register(by=SYSTEM, place=HERE)
    return a_file(PLAN, *AT)(folder)


def _division(folder: Path) -> Sequence[str]:
    in_year._budget()
    rows = "service_line,amount\nprescribing,100\n"
    return a_file(rows, "--unit", in_year.UNIT, *ON, *AT, option="--file")(folder)


def _codes() -> str:
    out = io.StringIO()
    csv.writer(out).writerows((COLUMNS, ("tfc", "RWG", "LOC1", "100", "2008-04-01", "", "SYNTHETIC")))
    return out.getvalue()


PLAN = "provider,unit,stream,pod,month,activity,price_pence\nRWG,WATCOM,apc,DC,2008-04,2,65000\n"
INTEREST = ("--organisation", "SYNTHETIC Co", "--nature", "professional", "--role", "Adviser", "--from", "2024-04-01")
DECIDED = ("--body", "board", "--on", "2008-03-25", "--minute", "1", "--outcome", "noted", "--text", "SYNTHETIC")
COMMANDS: dict[str, Typed] = {
    "organisations load": _new_place,
    "organisations member": ready(
        "E82901", "Hertsmere", "--from", "2008-06-01", "--known-from", "2008-07-01", *AT, *WHY
    ),
    "organisations arrange": ready(
        "--kind",
        "priorities",
        "--subject",
        "WEST",
        "--holder",
        "SYNTHETIC board",
        "--other",
        "RWG",
        "--from",
        "2008-04-01",
        *AT,
        *WHY,
    ),
    "organisations record-review": ready(
        "--provider", "RWG", "--regulator", "HCCOM", "--status", "accredited", "--on", "2007-10-18", *AT
    ),
    "organisations record-outcome": ready(
        "--commissioner", "5P4", "--reviewer", "Q35", "--on", "2008-05-01", "--finding", "SYNTHETIC", *AT
    ),
    "organisations withdraw-review": _withdrawn,
    "organisations register": ready(str(register.FILE), "--layout", "boards", "--as-at", "2026-04-01", "--take", *AT),
    "redesign consult": ready("intention", "N3.1", "LMC", "SYNTHETIC: content", "--on", "2008-03-03", *AT),
    "redesign intention-state": ready("N3.1", "under way", "SYNTHETIC", *AT),
    "redesign milestone-add": ready("SYNTHETIC beds close", "SYNTHETIC paper", "--due", JUNE, *AT),
    "redesign milestone-move": ready("AR-1", "SYNTHETIC delay", "--due", JUNE, *AT),
    "redesign serves": ready("N3.1", "--number", "1", *AT, after=_a_case),
    "redesign tertiary": ready("--number", "1", "--asked-by", "cancer", "SYNTHETIC", *AT, after=_a_case),
    "users invite": ready("bob@example.org", "Bob", "--role", "analyst", *AT),
    "users disable": ready("gp@demo", *WHY),
    "users enable": ready("gp@demo", *WHY, after=_disabled),
    "users join": ready("gp@demo", "chair@demo", *WHY),
    "users password": ready("gp@demo", "--from-stdin"),
    "users role": ready("gp@demo", "--role", "analyst", *AT),
    "governance assess-standard": _assessed,
    "governance record-route-map": a_file("SYNTHETIC rules", *SIGNED, *AT, name="map.txt"),
    "governance declare": ready("--person", "gp@demo", *INTEREST, *AT),
    "governance declare-none": ready("--person", "gp@demo", *AT),
    "governance end-interest": _ended,
    "governance parties": ready("--matter", f"case/{HERE}/17", "possible-bidder=SYNTHETIC Co", *AT),
    "governance record": ready(*DECIDED, "--title", "SYNTHETIC", *AT),
    "activity codes load": a_file(_codes(), *AT),
    "activity codes map": ready("tfc", "RWG", "LOC1", "100", "--from", "2008-04-01", *AT, *WHY),
    "activity receive": _received,
    "activity mend": _mended,
    "activity tariff load": _price_list,
    "activity late accept": _late,
    "activity late refuse": _late,
    "activity measure": ready(JUNE, *AT, after=months.received),
    "people key make": ready(*AT),
    "people optouts load": _opt_outs,
    "contracts load-register": ready(*AT),
    "contracts load-plan": _activity_plan,
    "contracts agreements add": ready("--starts", "2008-04-01", "--ends", "2011-03-31", "Support", "A charity", *AT),
    "contracts agreements record": ready(
        "--on", "2008-03-01", "--note", "Fine", "AG01", "compact", *AT, after=agreements._draft
    ),
    "contracts agreements activate": ready("--revision", "2", "AG01", *AT, after=agreements._checked),
    "audit stamp": ready(),
    "digest send": _wanted,
    "finance budgets draft": ready("Budgets", "--scenario", "no_deposit", *AT),
    "finance budgets propose": _proposed,
    "finance funds pay": ready("equipment", "county", "5", *ON, *AT, after=_posted),
    "finance funds spend": ready("equipment", "beds", "5", *ON, *AT, after=ledger._pooled),
    "finance funds free-up": ready("group/WATCOM/in-scope", "9", *ON, *AT, after=ledger._group_money),
    "finance funds use": ready("WATCOM", "9", "--purpose", "scanner", *ON, *AT, after=_freed),
    "finance joint load-transfers": ready(*AT),
    "finance joint write": ready("--kind", "new", "--state", "under way", "Clinic", "VOLUNTARY", *AT),
    "finance joint milestone": ready(
        "--due", "2008-06-30", "--revision", "1", "JI01", "Boards agree", *AT, after=joint._item
    ),
    "finance joint run-on": ready(*AT, after=joint._item),
    "finance ledger import": _opening,
    "finance ledger post": ready(
        "--kind", "reserve", "held/unallocated=-1", "held/contingency=1", *ON, *AT, after=_posted
    ),
    "finance ledger roll-over": ready("--on", "2009-03-31", *WHY, *AT, after=_posted),
    "finance ledger reverse": ready("1", *ON, *AT, after=_posted),
    "finance ledger turn-down": ready("1", *WHY, *AT, after=ledger.waiting),
    "finance ledger virement": ready("held/unallocated", "held/contingency", "1", *ON, *AT, after=_posted),
    "finance ledger issue-indicative": ready(
        "--unit", "WATCOM", "--method", "registered-list", *ON, *AT, after=ledger._group_money
    ),
    "finance operational-plan write": ready("--kind", "pledge", "A pledge", *AT),
    "finance priorities add": ready("--kind", "local", "Fewer falls", *AT),
    "finance plan draft": ready("--from", "book", "--title", "Draft", *AT),
    "finance plan import": _plan_workbook,
    "finance plan submit": ready("1", "--scenario", "no_deposit", "--unlinked", "a test", *AT, after=_published),
    "finance scenarios": ready("--save", "Small", "--settings", "scenario=no_deposit&cap=68000", *AT),
    "measures waits": a_file(extract(), *AT),
    "monitoring enter": a_file(in_year.ROWS, *AT, option="--file"),
    "monitoring divide": _division,
    "monitoring lock": ready("2008-04", *AT),
    "month close": ready(JUNE, *AT, after=months.received),
    "month measure": ready(JUNE, *AT, after=_closed),
    "month reopen": _reopened,
}
