"""Many cases at once: copies of one case at every stage of both processes, with all that belongs to each."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils import timezone

from openpbc.governance import models as governing
from openpbc.organisations import reads as organisations
from openpbc.redesign import models, reads
from openpbc.redesign.rules.transitions import APPROVAL, CLINICAL, HELD, LIVE, MEASURED, STAGES, VARIANTS
from tests.integration.redesign.conftest import UNIT
from tests.integration.site.conftest import HERE, SIGN_INS

COMPANY = "SYNTHETIC Company"
_OF_CASE: tuple[type[Model], ...] = (
    models.ConcernedGroup, models.Member, models.Waiver, models.Part, models.Passage, models.Block,
    models.CaseIntention, models.CasePriority, models.CaseMilestone, models.CommissioningLead, models.Handover,
    models.Comment, models.NotApplying,
)  # fmt: skip
_OF_VERSION: tuple[type[Model], ...] = (models.Review, models.Agreement)


def copy_to_every_stage(number: int, times: int = 1) -> None:
    """Copy a case to each stage, its process in turn, as often as asked: each round holds the same once more.

    The copies have decisions, appeals, parties and rulings, by their place in the round.
    """
    row = models.Case.objects.get(place=HERE, number=number)
    first = models.Case.objects.order_by("-number").values_list("number", flat=True)[0] + 1
    for at in range(times * len(STAGES)):
        turn = at % len(STAGES)
        _copy(row, first + at, turn, list(STAGES)[turn], list(VARIANTS)[turn % 2])


def _again(row: Model, **changes: object) -> Model:
    """The same row once more."""
    told = {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields if not each.primary_key}
    return type(row)(**told | changes)


def _kept(row: Model, **changes: object) -> Any:
    made = _again(row, **changes)
    made.save()
    return made


def _copy(row: models.Case, number: int, turn: int, stage: str, variant: str) -> None:
    made = _kept(row, number=number, stage=stage, variant=variant, title=f"Copy {number}", process=None,
                 held_from=APPROVAL if stage == HELD else "")  # fmt: skip
    for model in _OF_CASE:
        model._default_manager.bulk_create(
            _again(each, case_id=made.pk) for each in model._default_manager.filter(case_id=row.pk)
        )
    for version in models.Version.objects.filter(case=row):
        own = _kept(version, case_id=made.pk)
        for model in _OF_VERSION:
            model._default_manager.bulk_create(
                _again(each, version_id=own.pk) for each in model._default_manager.filter(version=version)
            )
    came = timezone.now()
    models.Passage.objects.create(
        case=made, way="T23", start=APPROVAL, to=APPROVAL if stage == HELD else stage, by="x", person="x", at=came
    )
    if stage == HELD:
        facts = {"what": "SYNTHETIC estates.", "owner": "x", "raised_by": "x", "raised_at": came}
        models.Passage.objects.create(case=made, way="T23", start=APPROVAL, to=HELD, by="x", person="x", at=came)
        models.Block.objects.create(case=made, **facts)
    if stage in (LIVE, MEASURED):
        models.PublicSummary.objects.create(
            case=made, number=1, version=1, title=made.title, area="Bones", groups=["x"], text="SYNTHETIC",
            published_by="x", published_at=came,
        )  # fmt: skip
    _judged(reads.address(HERE, row.number), made, turn)


def _judged(matter: str, made: models.Case, turn: int) -> None:
    """What governance knows of a copy: its level, its parties, a ruling, a decision and whether that was appealed."""
    now, own = timezone.now(), reads.address(HERE, made.number)
    for level in governing.MatterLevel.objects.filter(matter=matter):
        _kept(level, matter=own)
    if turn % 2:
        governing.MatterParties.objects.create(
            place=HERE, matter=own, number=1, by="x", at=now,
            parties=[{"organisation": COMPANY, "part": "possible-bidder"}],
        )  # fmt: skip
    if turn % 4 == 0:
        governing.Ruling.objects.create(
            place=HERE, matter=own, person=SIGN_INS["analyst"], number=1, ruling="leaves", reason="x", at=now, by="x"
        )
    if turn % 4 < 3:
        _decided(own, made, turn, outcome="agreed" if made.stage == CLINICAL else "approved")


def _decided(own: str, made: models.Case, turn: int, outcome: str) -> None:
    """A decision, from the register or (of every other copy) taken in an item; one in three is appealed."""
    now, put = timezone.now(), {"place": HERE, "matter": own, "title": made.title}
    taken = governing.Decision.objects.create(
        **put, body="conclave" if outcome == "agreed" else "governance_committee", taken_on=organisations.today(),
        minute=f"08/{made.number}", outcome=outcome, text="SYNTHETIC", recorded_by="x", recorded_at=now,
    )  # fmt: skip
    if turn % 2:
        item = governing.Item.objects.create(
            **put, body=taken.body, state="withdrawn", decision=taken, put_by="x", put_at=now, changed_by="x",
            changed_at=now,
        )  # fmt: skip
        who = [SIGN_INS["committee_chair"], SIGN_INS["finance_manager"]]
        facts = {"present": who, "left": [], "recused": [], "counted": who, "votes": dict.fromkeys(who, "for")}
        governing.DecisionRecord.objects.create(item=item, decision=taken, facts=facts, sha256="0", recorded_at=now)
    else:
        governing.Decider.objects.create(decision=taken, person=SIGN_INS["finance_manager"])
    if turn % 3 == 0:
        governing.Appeal.objects.create(
            place=HERE, number=made.number, decision=taken, appellant=UNIT, grounds="SYNTHETIC", lodged_by="x",
            person=SIGN_INS["group_manager"], lodged_at=now,
        )  # fmt: skip
