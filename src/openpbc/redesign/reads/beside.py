"""What is asked beside cases themselves, of many at once: what was said, decided and declared, each read only once.

One case is asked in the same way, as the only one of its kind, so that there is one way to each answer. What is read is
kept: whoever changed something since makes another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property

from openpbc.finance.reads import Budget, NoBudget, budget_of
from openpbc.governance import reads as governance
from openpbc.governance.reads.appeals import appealed_of
from openpbc.governance.reads.decisions import People, people_of
from openpbc.governance.reads.delegation import Judges
from openpbc.governance.reads.items import Item, items_of_decisions
from openpbc.governance.reads.seats import Terms, terms_in_force_of
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Assignment, Person, Viewer, arrangements
from openpbc.organisations.reads.persons import accounts_of, roles_of_persons
from openpbc.redesign.reads.cases import Case, cases
from openpbc.redesign.reads.consulting import Consulting
from openpbc.redesign.reads.providers import gp_providers, identities
from openpbc.redesign.reads.seeing import seen
from openpbc.redesign.reads.tertiary import tertiary_keys
from openpbc.redesign.reads.versions import (
    Agreement,
    Comment,
    Review,
    agreements_in_force,
    agreements_of,
    comments_of,
    reviews_of,
)
from openpbc.rulebook.reader import Book


class Beside:
    """What stands beside some cases of a place; each thing is read for all of them when one of them asks for it.

    ``among`` are all cases of the place, where somebody has read them. Other cases are named as far as ``viewer`` may
    see them. A case that was not named at the start is a fault of the program.
    """

    def __init__(
        self, book: Book, asked: Iterable[Case], among: Iterable[Case] | None = None, viewer: Viewer | None = None
    ) -> None:
        self.book, self.place, self.viewer = book, book.place.id, viewer
        self.today: date = organisations.today()
        self._cases, self._among = tuple(asked), among
        self._interested: dict[str, frozenset[str]] = {}
        self._undeclared: dict[str, str] = {}
        self._budgets: dict[tuple[str, date | None], Budget | NoBudget] = {}

    # What was said of the cases.

    @cached_property
    def agreements(self) -> Mapping[int, tuple[Agreement, ...]]:
        """What groups said of every version, by the case's id."""
        return agreements_of(self._cases)

    def answers(self, case: Case) -> dict[str, Agreement]:
        """What each group says of the newest version of a case, without answers that an interest made void."""
        return agreements_in_force(case, self.agreements[case.id], self.matters)

    @cached_property
    def reviews(self) -> Mapping[int, tuple[Review, ...]]:
        """Every review, by the case's id."""
        return reviews_of(self._cases)

    @cached_property
    def comments(self) -> Mapping[int, tuple[Comment, ...]]:
        """Every comment, by the case's id."""
        return comments_of(self._cases)

    @cached_property
    def consulting(self) -> Consulting:
        """Which of them fall on primary care, and who was consulted on each."""
        return Consulting(self.book)

    @cached_property
    def tertiary(self) -> frozenset[str]:
        """The intentions that are about tertiary flows."""
        return tertiary_keys(self.book)

    # What was decided on them.

    @cached_property
    def decisions(self) -> Mapping[str, tuple[governance.Decision, ...]]:
        """The decisions on each case, the latest taken first, by its matter."""
        return governance.decisions_on(self.place, self._matters)

    @cached_property
    def approvals(self) -> Mapping[str, governance.Decision]:
        """The decision that stands and approves a case, for those that have one, by its matter."""
        found = ((matter, governance.approving(known)) for matter, known in self.decisions.items())
        return {matter: approved for matter, approved in found if approved}

    @cached_property
    def items(self) -> Mapping[int, Item]:
        """The item in which each approval was decided, or which it corrects, by the decision's number."""
        return items_of_decisions(self.place, {each.id for each in self.approvals.values()})

    @cached_property
    def deciders(self) -> Mapping[int, People]:
        """Who took part in each approval as the register has it, by the decision's number."""
        return people_of([each.id for each in self.approvals.values()])

    @cached_property
    def appealed(self) -> Mapping[int, str]:
        """Why each decision on a case is not carried out, by its number; empty where it may be."""
        return appealed_of(self.book, [each.id for known in self.decisions.values() for each in known])

    @cached_property
    def levels(self) -> Mapping[str, governance.MatterLevel]:
        """The level that was last worked out for a case, for those that have one, by its matter."""
        return governance.levels_kept(self.place, self._matters)

    @cached_property
    def judges(self) -> Judges:
        """By whom a case is decided, valued together with those that may be one with it."""
        return Judges(self.place, [(each.unit, governance.folded(each.area)) for each in self._cases])

    # Whose interests touch them.

    @cached_property
    def matters(self) -> governance.Matters:
        """Whom each case concerns, and who has an interest in it."""
        return governance.Matters(self.place, self._matters)

    def interested(self, case: Case) -> frozenset[str]:
        """Everybody with a material interest in a case, by sign-in name."""
        if case.matter not in self._interested:
            found = self.matters.conflicts(case.matter, self.today)
            self._interested[case.matter] = frozenset(
                person for person, own in found.items() if any(each.material for each in own)
            )
        return self._interested[case.matter]

    @cached_property
    def declared(self) -> Mapping[str, date | None]:
        """The day on which each member and commissioning lead last declared, or confirmed; none if never."""
        members = {each.person for case in self._cases for each in case.present}
        leads = {each.person for case in self._cases for each in case.leads_now.values()}
        return governance.last_declared(members | leads, self.place, self.today)

    def undeclared(self, person: str) -> str:
        """Say why somebody may not answer today by what they declared; empty where they may."""
        if person not in self._undeclared:
            called = self.people[person].name if person in self.people else person
            self._undeclared[person] = governance.undeclared(self.place, person, self.today, called)
        return self._undeclared[person]

    # Who is who.

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Everybody who may sign in or once could, by sign-in name."""
        return {each.sign_in: each for each in organisations.people()}

    @cached_property
    def accounts(self) -> Mapping[str, frozenset[str]]:
        """All accounts of each person who has several."""
        return organisations.accounts()

    def accounts_of(self, person: str) -> frozenset[str]:
        """All sign-in names of a person."""
        return accounts_of(person, self.accounts)

    @cached_property
    def roles(self) -> Mapping[str, tuple[Assignment, ...]]:
        """What each person holds today under any of their accounts, by each of these."""
        return roles_of_persons(self.people.values(), self.accounts)

    @cached_property
    def units(self) -> Mapping[str, organisations.Unit]:
        """The groups of the place, by code."""
        return {each.code: each for each in organisations.units(self.place)}

    def group(self, unit: str) -> str:
        """What a group is called."""
        return self.units[unit].name if unit in self.units else unit

    @cached_property
    def forms(self) -> Mapping[str, str]:
        """The form of each group today, by code."""
        return arrangements.forms(self.place, self.today)

    def budget(self, unit: str, on: date | None) -> Budget | NoBudget:
        """What the ledger gives a group, as it was known on a day."""
        if (unit, on) not in self._budgets:
            self._budgets[unit, on] = budget_of(self.book, unit=unit, as_at=on)
        return self._budgets[unit, on]

    @cached_property
    def standing_orders(self) -> Mapping[str, Terms]:
        """The terms of reference in force today of each group that a case concerns."""
        return terms_in_force_of(self.place, {each.unit for case in self._cases for each in case.groups}, self.today)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What every organisation of the place is called, by code."""
        return governance.organisation_names(self.place)

    @cached_property
    def identities(self) -> Callable[[str], str]:
        """What tells organisations apart."""
        return identities(self.place)

    @cached_property
    def gp_providers(self) -> Mapping[str, tuple[str, ...]]:
        """Providers run by GPs in the area of each group."""
        return gp_providers(self.place)

    # Which other cases there are.

    def of_area(self, area: str) -> tuple[Case, ...]:
        """All cases of the place that are of an area."""
        return tuple(self._areas.get(area.casefold(), ()))

    @cached_property
    def _areas(self) -> Mapping[str, list[Case]]:
        found: dict[str, list[Case]] = defaultdict(list)
        for each in self._every:
            found[each.area.casefold()].append(each)
        return found

    @cached_property
    def shown(self) -> frozenset[int]:
        """The numbers of all cases of the place that the viewer may see; none without a viewer."""
        mine = seen(self.viewer, self.place, self._every) if self.viewer else ()
        return frozenset(each.number for each in mine)

    @cached_property
    def _every(self) -> tuple[Case, ...]:
        return tuple(cases(self.place) if self._among is None else self._among)

    @cached_property
    def _matters(self) -> tuple[str, ...]:
        return tuple(each.matter for each in self._cases)
