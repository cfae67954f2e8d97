"""What interests keep back of many matters at once is what they keep back of each alone, in worlds drawn by chance."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.utils import timezone

from openpbc.governance import models
from openpbc.governance.reads import Matters, conflicts, parties, sealed_matters, shut_out, standings, withheld
from openpbc.governance.reads.bases import bases
from openpbc.governance.rules.interests import NATURES, PARTS
from openpbc.governance.rules.withholding import RULINGS
from openpbc.organisations import reads as organisations
from openpbc.organisations.models import User
from tests.integration.site.conftest import HERE

pytestmark = [pytest.mark.usefixtures("people"), pytest.mark.one_database]
PERSONS, FIRMS, MATTERS = 14, 7, 18


class World:
    """People with one account or two, firms that own each other, households, interests, matters, rulings, appeals."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.now, self.today = timezone.now(), organisations.today()
        self.people = [f"p{at}@x" for at in range(PERSONS)]
        self.firms = [f"SYNTHETIC firm {at}" for at in range(FIRMS)]
        self.matters = [f"redesign/{HERE}/{at}" for at in range(1, MATTERS)]
        keys = [self.draw.choice(("", f"key-{at // 2}")) for at in range(PERSONS)]
        User.objects.bulk_create(
            User(sign_in=name, display_name=name, password="!", person_key=key, created_at=self.now)
            for name, key in zip(self.people, keys, strict=True)
        )
        self._connect()
        self._declare()
        self._concern()
        self._appeal()

    def day(self) -> date:
        return self.today + timedelta(days=self.draw.randint(-60, 20))

    def _connect(self) -> None:
        chain = zip(self.firms, self.firms[1:], strict=False)
        homes = zip(self.people[::3], self.people[1::3], strict=False)
        pairs = [("owner", *pair) for pair in chain] + [("household", *pair) for pair in homes]
        models.Link.objects.bulk_create(
            models.Link(place=HERE, kind=kind, one=one, other=other, number=1, held_from=self.day(), source="x",
                        at=self.now, by="x", held_to=self.draw.choice((None, self.today, self.today + timedelta(9))))
            for kind, one, other in pairs
            if self.draw.random() < 0.7
        )  # fmt: skip
        models.Link.objects.filter(held_to__lt=self.today).delete()

    def _declare(self) -> None:
        for person in self.people:
            for _ in range(self.draw.randint(0, 2)):
                start = self.day()
                models.Interest.objects.create(
                    place=HERE, person=person, organisation=self.draw.choice(self.firms), role="x",
                    nature=self.draw.choice(list(NATURES)), held_from=start, declared_by="x",
                    held_to=self.draw.choice((None, start + timedelta(days=40))),
                    declared_at=self.now - timedelta(days=self.draw.randint(0, 50)),
                )  # fmt: skip

    def _concern(self) -> None:
        for matter in self.matters:
            for number in range(1, self.draw.randint(1, 3)):
                listed = self.draw.sample(self.firms, self.draw.randint(0, 3))
                told = [{"organisation": each, "part": self.draw.choice(list(PARTS))} for each in listed]
                facts = {"place": HERE, "matter": matter, "number": number, "at": self.now, "by": "x"}
                models.MatterParties.objects.create(parties=told, **facts)
            for person in self.draw.sample(self.people, 2):
                facts = {"place": HERE, "matter": matter, "reason": "x", "at": self.now, "by": "x", "number": 1}
                models.Ruling.objects.create(person=person, ruling=self.draw.choice(list(RULINGS)), **facts)

    def _appeal(self) -> None:
        """Decisions on matters and on blocks of them, some appealed: each is a matter that stands on another."""
        for number, matter in enumerate(self.draw.sample(self.matters, 6), start=1):
            block = f"{matter}/block/{number}"
            about = self.draw.choice((matter, block))
            taken = models.Decision.objects.create(
                place=HERE, body="board", taken_on=self.today, minute=f"{number}", matter=about, title="x", text="x",
                outcome="refused", recorded_by="x", recorded_at=self.now,
            )  # fmt: skip
            models.Appeal.objects.create(
                place=HERE, number=number, decision=taken, appellant="x", grounds="x", lodged_by="x", person="x",
                lodged_at=self.now,
            )  # fmt: skip
            self.matters += [f"appeal/{HERE}/{number}", *([block] if about == block else [])]


@pytest.mark.parametrize("seed", range(2))
def test_many_matters_are_answered_as_each_alone_and_every_gate_agrees(seed: int) -> None:
    world = World(seed)
    every, before = Matters(HERE, world.matters), world.today - timedelta(days=20)
    for each in world.matters:
        assert every.parties(each) == parties(HERE, each)
        for day in (None, before):
            assert every.conflicts(each, day) == conflicts(HERE, each, day)
            assert every.standings(each, day) == standings(HERE, each, day)
        assert every.shut_out(each) == shut_out(HERE, each)
    assert dict(bases(HERE)) == dict(bases(HERE, world.matters))
    kept_back = 0
    for person in world.people:
        sealed = sealed_matters(person, HERE)
        for each in world.matters:
            why = withheld(person, HERE, each)
            assert sealed.get(each, "") == why, (person, each)
            assert bool(why) == (person in every.shut_out(each)), (person, each)
            kept_back += bool(why)
    assert 20 < kept_back < len(world.people) * len(world.matters) - 20


def test_a_matter_that_was_not_named_at_the_start_is_a_fault() -> None:
    with pytest.raises(KeyError):
        Matters(HERE, ()).standings(f"redesign/{HERE}/1")
