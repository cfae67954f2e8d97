"""SYNTHETIC cases for a demonstration, each at another stage, by the demo users whose turn each step is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from openpbc import audit
from openpbc.governance import actions as governance
from openpbc.governance import reads as interests
from openpbc.governance.reads import items
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.dated import Dated
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer, arrangements
from openpbc.redesign import models
from openpbc.redesign.actions.cases import concern_group, propose, rank_priority
from openpbc.redesign.actions.conclave import issue_conclave_report, receive_conclave_report
from openpbc.redesign.actions.consulting import demonstrate_consultation
from openpbc.redesign.actions.demonstrated_texts import CASES, OUTCOMES, PROSE, SHIFTS, STAGES, WAIVED, Told
from openpbc.redesign.actions.leading import name_lead
from openpbc.redesign.actions.milestones import add_milestone, link_milestone, move_milestone
from openpbc.redesign.actions.public import publish_ending
from openpbc.redesign.actions.registers import (
    adopt_pathway,
    link_intention,
    link_priority,
    raise_barrier,
    review_service,
)
from openpbc.redesign.actions.review import agree, comment, reply, return_review
from openpbc.redesign.actions.steps import take_step
from openpbc.redesign.actions.team import add_member, waive_seat
from openpbc.redesign.actions.tertiary import say_tertiary
from openpbc.redesign.actions.writing import write_limits, write_prose, write_row, write_table
from openpbc.redesign.reads import conclave, registers
from openpbc.redesign.reads.cases import address, case
from openpbc.redesign.reads.cited import cited
from openpbc.redesign.reads.running import variant_in
from openpbc.redesign.reads.versions import function_roles
from openpbc.redesign.rules.completeness import LIMITS
from openpbc.redesign.rules.transitions import ASKED_OF_CONCLAVE, CONCLAVE, RECOMMENDED
from openpbc.rulebook.values import NotSet

_SEATS = (
    ("gp@demo", "commissioner", "", "commissioner", True),
    ("provider@demo", "clinician", "consultant", "provider", False),
    ("practice@demo", "clinician", "nursing", "provider", False),
    ("group@demo", "management", "", "commissioner", False),
)
_ADVISER = "conclave@demo"
_REVIEWERS = ("finance@demo", "analyst@demo", "contracts@demo")
_TOLD = "SYNTHETIC: another review looks at the same service first."
_CLOSED = ("review", "groups", "approval")


@audit.action("redesign.demonstrate_cases")
def demonstrate_cases(*, by: Actor, place: str) -> None:
    """Take SYNTHETIC cases of a place to several stages; a second run changes nothing."""
    book = organisations.book(place)
    here = {each.sign_in for each in organisations.people() if any(held.place == place for held in each.assignments)}
    known = models.Case.objects.filter(place=place).exists()
    if known or not {"gp@demo", "group@demo"} <= here or isinstance(book.value("process.redesign"), NotSet):
        audit.nothing_changed()
        return
    if conclave.audiences(book):
        _seat_conclave(place)
    known_as = cache(organisations.viewer_by_sign_in)
    shown = [told for told in CASES if told.variant in ("", variant_in(place))]
    _together(by, place, [_Walk(by, place, told, known_as) for told in shown])
    _registers(by, place)
    demonstrate_consultation(by, place)
    _milestones(by, place)
    if conclave.audiences(book):
        _report(by, place)
    audit.note(subject=f"place/{place}", after={"cases": "SYNTHETIC"})


@dataclass
class _Walk:
    """One case on its way to the stage that it is to show."""

    by: Actor
    place: str
    told: Told
    known_as: Callable[[str], Viewer | None]
    number: int = 0

    def go(self) -> Iterator[int]:
        """Take the case as far as it is to come, giving the item that waits whenever the conclave has to decide."""
        self._propose()
        for stage in ("prioritised", "chosen", "forming", "drafting", "clinical", "review", "groups", "approval"):
            if self.told.until == "proposed":
                return
            getattr(self, f"_to_{stage}")()
            if stage == self.told.until:
                break
            if stage in ASKED_OF_CONCLAVE and (item := items.open_item(self.place, self._matter)):
                yield item.id
        if self.told.block:
            self._step("group@demo", "T23", reason=self.told.block, owner="SYNTHETIC estates manager")
        if self.told.bidder:
            self._concern_a_company()
        if self.told.withdrawn:
            self._step("group@demo", "T24", reason=self.told.withdrawn)
            if self._conclave:
                publish_ending(by=self.by, place=self.place, number=self.number, revision=self._revision(),
                               text="SYNTHETIC: a class for people with knee pain.", reason=_TOLD)  # fmt: skip

    def _concern_a_company(self) -> None:
        """Let a company that may bid come forward: its owner leaves, and who leads the commissioning carries on."""
        unit = organisations.units(self.place)[0].code
        name_lead(by=self.by, place=self.place, number=self.number, revision=self._revision(), unit=unit,
                  person=_ADVISER)  # fmt: skip
        governance.demonstrate_parties(by=self.by, place=self.place, matter=self._matter)

    @property
    def _matter(self) -> str:
        return address(self.place, self.number)

    @property
    def _conclave(self) -> bool:
        return variant_in(self.place) == CONCLAVE

    def _who(self, sign_in: str) -> Actor:
        viewer = self.known_as(sign_in)
        return viewer.actor if viewer else self.by

    def _on(self, sign_in: str) -> dict[str, Any]:
        return {"by": self._who(sign_in), "place": self.place, "number": self.number}

    def _revision(self) -> int:
        return models.Case.objects.values_list("revision", flat=True).get(place=self.place, number=self.number)

    def _step(self, sign_in: str, way: str, **more: Any) -> None:
        take_step(**self._on(sign_in), way=way, revision=self._revision(), **more)

    def _propose(self) -> None:
        unit = organisations.units(self.place)[0].code
        self.number = propose(
            by=self._who("gp@demo"), place=self.place, unit=unit, title=self.told.title, area=self.told.area,
            need=self.told.need, evidence=self.told.evidence, long_term_condition=self.told.long_term,
            pathway=self.told.pathway if self._conclave else "", synthetic=True,
        )  # fmt: skip

    def _to_prioritised(self) -> None:
        unit = organisations.units(self.place)[0].code
        rank_priority(**self._on("group@demo"), unit=unit, rank=self.told.rank, revision=self._revision())

    def _to_chosen(self) -> None:
        if self._conclave:
            self._step("group@demo", "W01")
            unit = organisations.units(self.place)[0].code
            concern_group(**self._on("gp@demo"), revision=self._revision(), unit=unit, leads=True)

    def _to_forming(self) -> None:
        who, way = ("conclave@demo", "W02") if self._conclave else ("group@demo", "T02")
        self._step(who, way, reason="SYNTHETIC")

    def _to_drafting(self) -> None:
        on = organisations.today()
        for person, kind, sub, side, leads in _SEATS:
            if interests.declared(person, self.place, on) is None:
                governance.declare_none(by=self.by, place=self.place, person=person, synthetic=True)
            add_member(**self._on("gp@demo"), revision=self._revision(), person=person, kind=kind, sub_kind=sub,
                       side=side, leads=leads, on=on)  # fmt: skip
        for seat, reason in WAIVED:
            waive_seat(**self._on("finance@demo"), revision=self._revision(), kind=seat, reason=reason, on=on)
        self._step("gp@demo", "T03")
        self._write(whole=self.told.until in _CLOSED)

    def _write(self, *, whole: bool) -> None:
        gp = self._on("gp@demo")
        short = not whole or self.told.outcome
        for at, stage in enumerate(STAGES[:3] if short else STAGES):
            write_row(**gp, part="pathway", revision=at, values=stage)
        for at, outcome in enumerate(OUTCOMES[:1] if self.told.outcome else OUTCOMES):
            write_row(**gp, part="specification", revision=at, values=outcome)
        prose = PROSE | ({"summary": self.told.summary} if self.told.summary else {})
        for part, text in prose.items() if whole else list(prose.items())[:2]:
            write_prose(**gp, part=part, revision=0, text=text, figures=self._figures() if part == "finance" else ())
        if not whole and self._conclave:  # one supporter has said so, and the other side has nobody who could
            write_prose(**self._on("group@demo"), part="estates", revision=0, applies=False,
                        text="SYNTHETIC: nurses come home to people, so no room is needed.")  # fmt: skip
        if whole:
            for at, shift in enumerate(SHIFTS):
                write_row(**gp, part="shifts", revision=at, values=shift)
            write_table(**gp, part="shifts", revision=len(SHIFTS), saving=40_000_00, one_off=25_000_00, years=3)

    def _figures(self) -> tuple[str, ...]:
        """A published budget of the group, where there is one."""
        unit = organisations.units(self.place)[0].code
        address = f"finance/{self.place}/T4/{unit}/in08"
        try:
            return (cited(self.place, address).address,)
        except UserError:
            return ()

    def _to_clinical(self) -> None:
        if self._conclave:
            self._step("gp@demo", "W03")
            write_limits(**self._on("gp@demo"), revision=0, answers=dict.fromkeys(LIMITS, "yes"))

    def _to_review(self) -> None:
        if self._conclave:
            self._step("conclave@demo", "W04")
            self._step("gp@demo", "W06")
        else:
            self._step("gp@demo", "T04")
        if not self.told.outcome:
            self._talk()
        self._review("finance@demo")

    def _talk(self) -> None:
        asked = comment(**self._on("analyst@demo"), part="activity", function="information",
                        text="SYNTHETIC: which year are the admissions from?")  # fmt: skip
        reply(**self._on("gp@demo"), comment=asked, text="SYNTHETIC: 2007/08, as in the evidence.")
        comment(**self._on("contracts@demo"), part="shifts", function="contracts",
                text="SYNTHETIC: which contract pays for the clinic?")  # fmt: skip

    def _review(self, sign_in: str) -> None:
        actor = self._who(sign_in)
        version = models.Version.objects.filter(case__number=self.number, case__place=self.place).count()
        for function, roles in function_roles(organisations.book(self.place)).items():
            if actor.roles & roles:
                return_review(by=actor, place=self.place, number=self.number, function=function, version=version,
                              outcome="returned", text="SYNTHETIC: read, nothing more is needed.")  # fmt: skip

    def _to_groups(self) -> None:
        for sign_in in _REVIEWERS[1:]:
            self._review(sign_in)
        self._step("analyst@demo", "T06")

    def _to_approval(self) -> None:
        version = models.Version.objects.filter(case__number=self.number, case__place=self.place).count()
        own = organisations.units(self.place)[0].code
        for each in case(self.place, self.number).groups:
            speaks = "group@demo" if each.unit == own else "groups@demo"
            if interests.declared(speaks, self.place, organisations.today()) is None:
                governance.declare_none(by=self.by, place=self.place, person=speaks, synthetic=True)
            agree(**self._on(speaks), unit=each.unit, version=version, agreed=True, route="existing-contract")
        self._step("group@demo", "T08")


def _together(by: Actor, place: str, walks: list[_Walk]) -> None:
    """Let every case go on until it waits for the conclave, let that meet on them, and so on until all have come."""
    going, agreed = [each.go() for each in walks], (RECOMMENDED, "SYNTHETIC: it is wanted by all.")
    for sitting in count(1):
        waiting = [item for each in going if (item := next(each, None)) is not None]
        if not waiting:
            return
        governance.demonstrate_sitting(
            by=by, place=place, body=conclave.BODY, starts_at=f"{9 + sitting:02}:00",
            decided=dict.fromkeys(waiting, agreed),
        )  # fmt: skip


def _seat_conclave(place: str) -> None:
    unit = organisations.units(place)[0].code
    for person, capacity, kind, of in (
        ("conclave@demo", "chair", "clinician", ""),
        ("gp@demo", "member", "clinician", unit),
        ("secretary@demo", "secretary", "other", ""),
    ):
        governance.record_seat(
            by=SYSTEM, place=place, body=conclave.BODY, person=person, capacity=capacity, kind=kind, of=of,
            votes=capacity != "secretary", valid_from=organisations.today(), synthetic=True,
        )  # fmt: skip
    governance.record_terms(
        by=SYSTEM, place=place, body=conclave.BODY, in_force_from=organisations.today(), name="terms_of_reference.txt",
        content=b"SYNTHETIC terms of reference, invented for demonstration.\n", note="SYNTHETIC", synthetic=True,
    )  # fmt: skip


def _report(by: Actor, place: str) -> None:
    """A report that the groups have received, and nobody else yet."""
    number = issue_conclave_report(
        by=by, place=place, note="SYNTHETIC: we agreed one pathway and looked at one block.", seen=0, synthetic=True
    )
    receive_conclave_report(by=SYSTEM, place=place, number=number, audience="groups")


def _milestones(by: Actor, place: str) -> None:
    """Milestones of the review beside what the papers date: one moved and overdue, one to come, one without a date."""
    book, month = organisations.book(place), Month.of(organisations.today())
    area = next(reversed(arrangements.subjects(book, arrangements.PRIORITIES)))
    paper = "SYNTHETIC paper on the review of acute services"
    past, later = Dated.of(month.previous().previous()), Dated.of(Month(month.year + 1, month.month))
    facts: dict[str, Any] = {"by": by, "place": place, "source": paper, "area": area, "synthetic": True}
    name = "SYNTHETIC: emergency beds close at the smaller hospital"
    moved = add_milestone(**facts, name=name, due=Dated.of(month.previous().previous().previous()))
    move_milestone(**facts, code=moved, revision=1, name=name, due=past, reason="SYNTHETIC: the building is late.")
    coming = add_milestone(**facts, name="SYNTHETIC: planned surgery moves to one site", due=later)
    add_milestone(**facts, name="SYNTHETIC: the new local hospital opens")
    for number, code in ((1, moved), (2, moved), (3, coming)):
        revision = models.Case.objects.values_list("revision", flat=True).get(place=place, number=number)
        link_milestone(by=by, place=place, number=number, revision=revision, code=code)


def _registers(by: Actor, place: str) -> None:
    raise_barrier(
        by=by, place=place, title="SYNTHETIC: data on outpatients come two months late", synthetic=True,
        owner="SYNTHETIC information analyst", proposal="SYNTHETIC: send them with the month's file.",
    )  # fmt: skip
    raise_barrier(by=by, place=place, title="SYNTHETIC: no room for a clinic", owner="SYNTHETIC estates manager",
                  case=1, synthetic=True)  # fmt: skip
    book = organisations.book(place)
    units = [unit.code for unit in organisations.units(place)]
    for at, pathway in enumerate(registers.shared_pathways(book)[:2]):
        answer, reason = ("adopted", "") if at == 0 else ("variant", "SYNTHETIC: our hospital has no such clinic.")
        adopt_pathway(by=by, place=place, pathway=pathway.code, unit=units[at], answer=answer, reason=reason)
    for service in registers.services(book)[:2]:
        review_service(by=by, place=place, service=service.code, revision=0, state="existing",
                       reviewed_on=organisations.today(), result="SYNTHETIC: it is used and goes on.")  # fmt: skip
    for key in [each.key for each in registers.intentions(book) if each.key.startswith("4.")][:2]:
        link_intention(by=by, place=place, number=1, key=key)
    for unit, code, _ in registers.own_priorities(book, case(place, 2))[-1:]:
        link_priority(by=by, place=place, number=2, key=f"{unit}/{code}")
    say_tertiary(by=by, place=place, number=1, revision=case(place, 1).revision, changes=True, asked_by="cancer",
                 reason="SYNTHETIC: scans are read at the cancer centre")  # fmt: skip
    say_tertiary(by=by, place=place, number=2, revision=case(place, 2).revision, changes=True,
                 reason="SYNTHETIC: fewer stays with a London provider")  # fmt: skip
