"""Cases of redesign and the registers beside them."""

from __future__ import annotations

from openpbc.governance.models import Item, MatterLevel
from openpbc.kernel.actor import SYSTEM
from openpbc.redesign import actions
from openpbc.redesign.models import Case, Comment, Member
from openpbc.redesign.reads import address
from tests.integration.redesign.conftest import (
    UNIT,
    agreed,
    as_actor,
    drafting,
    forming,
    handed_in,
    prioritised,
    proposed,
    reviewed,
    revision,
    seated,
    step,
)
from tests.integration.site.conftest import HERE, form, send

CASES, CASE, CONCLAVE = f"/p/{HERE}/cases", f"/p/{HERE}/cases/1", f"/p/{HERE}/conclave"
MILESTONES = f"/p/{HERE}/milestones"
MILESTONE = {"name": "Beds close", "source": "SYNTHETIC paper"}
SURE = {"confirmed": "yes"}
SAYS = {"title": "Knees", "area": "Orthopaedics", "need": "SYNTHETIC", "long_term_condition": "no"}
STAGE = {"setting": "self", "what": "Walks"}


def _row() -> None:
    drafting()
    actions.write_row(by=as_actor("gp_lead"), place=HERE, number=1, part="pathway", revision=0, values=STAGE)


def _commented() -> None:
    drafting()
    actions.comment(by=as_actor("analyst"), place=HERE, number=1, part="risks", text="SYNTHETIC")


def _seated() -> None:
    seated(forming())


def _risen() -> None:
    """A case that was sent to its group for decision, and is decided by the committee today."""
    number = agreed()
    row = MatterLevel.objects.latest("pk")
    row.pk, row.number, row.level = None, row.number + 1, "D1"
    row.save()
    Item.objects.filter(matter=address(HERE, number)).update(state="withdrawn")


def _barrier() -> None:
    actions.raise_barrier(by=SYSTEM, place=HERE, title="No rooms", owner="Somebody")


def _marked() -> None:
    """An element of a case with the conclave that somebody marked, and of which no supporter has said so."""
    number = drafting()
    Case.objects.filter(number=number).update(variant="conclave")
    actions.write_prose(
        by=as_actor("gp_lead"), place=HERE, number=number, part="estates", revision=0, text="No room.", applies=False
    )


def _reported() -> None:
    actions.issue_conclave_report(by=SYSTEM, place=HERE, note="SYNTHETIC", seen=0)


def _blocked() -> None:
    number = prioritised(conclave=True)
    step("group_manager", "W01", number)
    step("conclave_chair", "T23", number, reason="No rooms.", owner="The trust")


def _now(role: str, path: str, given: dict[str, str], ready=lambda: None, field: str = "revision"):
    """Like ``form``, with the case's revision, its last comment and its last member as they are at that moment."""

    def do(as_role):
        browser = as_role(role)
        ready()
        told = given | ({field: str(revision())} if field else {})
        found = {"COMMENT": Comment.objects.values_list("pk", flat=True).last() or 0,
                 "MEMBER": Member.objects.values_list("pk", flat=True).last() or 0}  # fmt: skip
        where = path
        for name, value in found.items():
            where = where.replace(name, str(value))
        return lambda: send(browser, where, told)

    return do


FORMS = {
    "redesign:propose": form("gp_lead", f"{CASES}/propose", {"unit": UNIT} | SAYS | SURE),
    "redesign:change": _now("gp_lead", f"{CASE}/change", SAYS, proposed),
    "redesign:concern": _now("gp_lead", f"{CASE}/groups/add", {"unit": "WATCOM", "leads": "no"}, proposed),
    "redesign:rank": _now("gp_lead", f"{CASE}/groups/{UNIT}/rank", {"rank": "1"} | SURE, proposed),
    "redesign:step": _now("group_manager", f"{CASE}/steps/T02", {"reason": "SYNTHETIC"} | SURE, prioritised),
    "redesign:put-to-body": _now("committee_secretary", f"{CASE}/body", SURE, _risen),
    "redesign:member-add": _now(
        "gp_lead",
        f"{CASE}/team/add",
        {"person": "gp@demo", "seat": "commissioner", "side": "commissioner", "leads": "yes"},
        forming,
    ),
    "redesign:waive": _now(
        "finance_manager", f"{CASE}/team/waive", {"kind": "patient", "reason": "SYNTHETIC"}, forming
    ),
    "redesign:member-end": _now("gp_lead", f"{CASE}/team/MEMBER/left", {"on": "1/4/2020"}, _seated),
    "redesign:lead": _now("group_manager", f"{CASE}/team/{UNIT}/lead", {"person": "conclave@demo"}, forming),
    "redesign:part-write": form("gp_lead", f"{CASE}/parts/risks/write", {"text": "x", "revision": "0"}, drafting),
    "redesign:part-not-applying": form(
        "group_manager", f"{CASE}/parts/estates/does-not-apply", {"revision": "1"}, _marked
    ),
    "redesign:row-add": form("gp_lead", f"{CASE}/parts/pathway/add", STAGE | {"revision": "0"}, drafting),
    "redesign:row": form("gp_lead", f"{CASE}/parts/pathway/1", STAGE | {"revision": "1"}, _row),
    "redesign:row-remove": form("gp_lead", f"{CASE}/parts/pathway/1/remove", {"revision": "1"}, _row),
    "redesign:review": form(
        "finance_manager",
        f"{CASE}/reviews/finance",
        {"outcome": "returned", "text": "Good.", "version": "1"},
        handed_in,
    ),
    "redesign:comment": form("analyst", f"{CASE}/comments/add", {"part": "risks", "text": "SYNTHETIC"}, proposed),
    "redesign:reply": _now("gp_lead", f"{CASE}/comments/COMMENT/reply", {"text": "SYNTHETIC"}, _commented, ""),
    "redesign:agree": form(
        "group_manager",
        f"{CASE}/groups/{UNIT}/answer",
        {"agreed": "yes", "route": "tender", "version": "1"} | SURE,
        reviewed,
    ),
    "redesign:intention-link": form("gp_lead", f"{CASE}/intentions/add", {"key": "2.5"}, proposed),
    "redesign:intention-state": form(
        "contract_manager", f"/p/{HERE}/intentions/2.5/state", {"state": "under way", "reason": "x", "seen": "0"}
    ),
    "redesign:consultation-add": form(
        "gp_lead",
        f"/p/{HERE}/consultations/intention/2.5/add",
        {"body": "LMC", "asked": "yes", "on": "3/3/2008", "said": "SYNTHETIC"},
    ),
    "redesign:tertiary": _now(
        "gp_lead", f"{CASE}/tertiary", {"changes": "yes", "asked_by": "cancer", "reason": "SYNTHETIC"}, proposed
    ),
    "redesign:adopt": form("gp_lead", f"/p/{HERE}/shared-pathways/copd/{UNIT}", {"answer": "adopted"}),
    "redesign:service": form(
        "contract_manager",
        f"/p/{HERE}/assessment-services/WATCOM/watcom-dermatology",
        {"state": "existing", "revision": "0"},
    ),
    "redesign:conclave-report-new": form(
        "conclave_chair", f"{CONCLAVE}/reports/new", {"note": "SYNTHETIC", "seen": "0"} | SURE
    ),
    "redesign:conclave-received": form("gp_lead", f"{CONCLAVE}/reports/1/received/groups", {}, _reported),
    "redesign:recommendation-put": form(
        "committee_secretary", f"{CONCLAVE}/recommendations/approach/body", {"body": "board"}
    ),
    "redesign:conclave-blocks": form("conclave_chair", f"{CONCLAVE}/blocks", SURE, _blocked),
    "redesign:milestone-add": form("analyst", f"{MILESTONES}/add", MILESTONE),
    "redesign:milestone-move": form(
        "analyst",
        f"{MILESTONES}/of/AR-1/move",
        MILESTONE | {"due": "May 2008", "dropped": "no", "reason": "SYNTHETIC", "revision": "0"},
    ),
    "redesign:milestone-link": _now("gp_lead", f"{CASE}/milestone", {"code": "AR-1"} | SURE, proposed),
    "redesign:barrier-add": form("gp_lead", f"/p/{HERE}/barriers/add", {"title": "No rooms", "owner": "Somebody"}),
    "redesign:barrier": form(
        "gp_lead",
        f"/p/{HERE}/barriers/1",
        {"title": "No rooms", "owner": "Somebody", "state": "in hand", "revision": "1"},
        _barrier,
    ),
}
