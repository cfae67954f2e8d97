"""Files that come twice, late, revised, out of order and retried end as a simple model says.

The decision alone is held to the model on 10,000 schedules; the real action, with files, database and log, on hundreds
of steps.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from openpbc.activity import actions, models, reads
from openpbc.activity.rules import versions
from openpbc.activity.rules.versions import COUNTS, REFUSED, WAITING, Version
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.organisations import actions as organisations
from tests.unit.activity.rows import PLACE, rows, write

PROVIDERS = ("RWG", "RWH")
MONTHS = ("2008-06", "2008-07")
VERSIONS = (1, 2, 3)
CHANGES = (4, 5)  # files that replace and delete single records
SCHEDULES, STEPS = 10_000, 14
REAL_SCHEDULES, REAL_STEPS = 16, 16
SEND, DECIDE, FREEZE = "send", "decide", "freeze"

Kind = tuple[str, str]


@dataclass(frozen=True)
class Step:
    """One step of a schedule: a file comes (perhaps again), somebody decides on one, or a month is frozen."""

    what: str
    kind: Kind
    version: int = 0
    arrived: datetime | None = None
    accept: bool = False
    changes: bool = False


def schedule(dice: random.Random, freezes: dict[str, datetime], steps: int, *, changing: bool = False) -> list[Step]:
    """Draw a schedule: arrivals lie around the freeze and in any order, some files are sent again, some decided on."""
    drawn = []
    for _ in range(steps):
        kind = dice.choice(PROVIDERS), dice.choice(MONTHS)
        what = dice.choices((SEND, DECIDE, FREEZE), (10, 4, 1))[0]
        arrived = freezes[kind[1]] + timedelta(hours=dice.randint(-30, 30))
        version = dice.choice((*VERSIONS, *CHANGES) if changing else VERSIONS)
        drawn.append(Step(what, kind, version, arrived, dice.random() < 0.6, version in CHANGES))
    return drawn


@dataclass
class Model:
    """The reference: what a clerk would keep on cards, one a file, in the order in which they were written."""

    freezes: dict[str, datetime]
    cards: dict[tuple[Kind, int], tuple[datetime, str]] = field(default_factory=dict)
    frozen: set[str] = field(default_factory=set)

    def take(self, step: Step) -> None:
        card, month = (step.kind, step.version), step.kind[1]
        if step.what == FREEZE:
            self.frozen.add(month)
        elif step.what == DECIDE and self.standing(card) == WAITING:
            self.cards[card] = (self.cards[card][0], COUNTS if step.accept else REFUSED)
        elif step.what == SEND and card not in self.cards:
            after = step.arrived >= self.freezes[month]
            others = [at for (kind, _), (at, how) in self.cards.items() if kind == step.kind and how == COUNTS]
            something_froze = month in self.frozen or any(at < self.freezes[month] for at in others)
            self.cards[card] = (step.arrived, WAITING if after and something_froze else COUNTS)

    def standing(self, card: tuple[Kind, int]) -> str:
        return self.cards[card][1] if card in self.cards else ""

    def current(self, kind: Kind) -> list[int]:
        """The last whole file to arrive, and the changes since; of two that arrived together, as written down."""
        order = list(self.cards)
        counting = [
            (at, order.index(card), card[1])
            for card, (at, how) in self.cards.items()
            if card[0] == kind and how == COUNTS
        ]
        stack: list[int] = []
        for _, _, version in sorted(counting):
            stack = [*stack, version] if version in CHANGES else [version]
        return stack


@dataclass
class Decided:
    """The same schedule by the rule: what the action keeps, in memory."""

    freezes: dict[str, datetime]
    held: dict[Kind, tuple[Version, ...]] = field(default_factory=dict)
    frozen: set[str] = field(default_factory=set)

    def take(self, step: Step) -> None:
        held, name = self.held.get(step.kind, ()), f"{step.version}"
        own = next((each for each in held if each.sha256 == name), None)
        if step.what == FREEZE:
            self.frozen.add(step.kind[1])
        elif step.what == DECIDE and own is not None and own.standing == WAITING:
            change = versions.accepted(name, held) if step.accept else versions.Change(REFUSED)
            self.held[step.kind] = versions.applied(held, own, change)
        elif step.what == SEND and own is None:
            new = Version(name, len(held) + 1, step.arrived, COUNTS, changes=step.changes)
            freeze, frozen = self.freezes[step.kind[1]], step.kind[1] in self.frozen
            change = versions.received(step.arrived, new.number, held, freeze, frozen, step.changes)
            self.held[step.kind] = versions.applied(held, new, change)


FREEZES = {"2008-06": datetime(2008, 8, 21, 16, tzinfo=UTC), "2008-07": datetime(2008, 9, 19, 16, tzinfo=UTC)}


def test_ten_thousand_schedules_end_as_the_model_says() -> None:
    met = set()
    for seed in range(SCHEDULES):
        model, decided = Model(FREEZES), Decided(FREEZES)
        for step in schedule(random.Random(seed), FREEZES, STEPS, changing=seed % 2 == 1):
            model.take(step)
            decided.take(step)
        for kind in {card[0] for card in model.cards}:
            held = decided.held[kind]
            assert {(kind, int(v.sha256)): (v.arrived, v.standing) for v in held} == {
                card: told for card, told in model.cards.items() if card[0] == kind
            }
            now = [v.sha256 for v in versions.standing(held)]
            assert list(map(int, now)) == model.current(kind), (seed, kind)
            counting = [v for v in held if v.standing == COUNTS]
            assert {v.sha256 for v in counting if not v.superseded_by} == set(now)
            assert all(not v.superseded_by for v in held if v.standing != COUNTS)
            met |= {v.standing for v in held} | {"superseded" for v in held if v.superseded_by}
            met |= {"accepted" for v in counting if v.arrived >= FREEZES[kind[1]] and (kind[1] in decided.frozen)}
    assert met == {COUNTS, WAITING, REFUSED, "superseded", "accepted"}, "every case must be met"


@pytest.fixture
def files(settings, tmp_path: Path) -> dict[tuple[Kind, int], Path]:
    settings.HOME = tmp_path / "home"
    organisations.load_place(by=SYSTEM, place=PLACE)
    made = {}
    for provider in PROVIDERS:
        for month in MONTHS:
            for version in VERSIONS:
                folder = tmp_path / str(version)
                folder.mkdir(exist_ok=True)
                records = rows("op", version, provider=provider, appointment_date=f"{month}-02")
                made[(provider, month), version] = write(folder, "op", records, f"{provider}_{month}_op.csv")
    return made


def _really(files: dict[tuple[Kind, int], Path], hashes: dict[tuple[Kind, int], str], step: Step) -> None:
    card, month = (step.kind, step.version), Month.parse(step.kind[1])
    if step.what == FREEZE:
        actions.freeze_month(by=SYSTEM, place=PLACE, month=month)
    elif step.what == SEND:
        receipt = actions.receive(by=SYSTEM, place=PLACE, path=files[card], arrived=step.arrived)
        assert receipt.already == (card in hashes)
        hashes[card] = receipt.sha256
    elif card in hashes and reads.submission(PLACE, hashes[card]).standing == WAITING:
        actions.decide_late(
            by=SYSTEM, place=PLACE, sha256=hashes[card], accept=step.accept, reason="SYNTHETIC", agreed_by="SYNTHETIC"
        )


@pytest.mark.django_db
def test_the_real_action_ends_as_the_model_says(files) -> None:
    for seed in range(REAL_SCHEDULES):
        for table in (models.Submission, models.LateDecision, models.FrozenMonth):
            table.objects.all().delete()
        model, hashes = Model(FREEZES), {}
        for step in schedule(random.Random(seed), FREEZES, REAL_STEPS):
            model.take(step)
            _really(files, hashes, step)
        held = reads.submissions(PLACE)
        cards = {sha256: card for card, sha256 in hashes.items()}
        assert {cards[one.sha256]: one.standing for one in held} == {c: how for c, (_, how) in model.cards.items()}
        for month in MONTHS:
            current = {(p, month): model.current((p, month)) for p in PROVIDERS}
            taken = reads.submitted(PLACE, Month.parse(month))
            assert {cards[one.sha256] for one in taken if not one.superseded} == {
                (kind, version) for kind, versions in current.items() for version in versions
            }
            assert all(reads.submission(PLACE, one.sha256).counts for one in taken), "what waits changes nothing"
