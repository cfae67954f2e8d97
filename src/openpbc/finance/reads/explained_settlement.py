"""Explains the sums that people stated: the deposit, the deposit that a submission assumes, what a group asks for."""

from __future__ import annotations

from openpbc.finance.reads.deposits import STATED, deposit_states
from openpbc.finance.reads.evidence import book_evidence, no_figure
from openpbc.finance.reads.replies import REPLY, Replies, replies
from openpbc.finance.reads.submissions import SUBMISSION, plan_submissions
from openpbc.kernel.periods import day_text
from openpbc.kernel.steps import Explanation, Step
from openpbc.rulebook.reader import Book

RULE = "stated"
FORMULA = "As it was stated by the person named."


def explain_stated(book: Book, address: str) -> Explanation:
    """Explain ``deposit-stated/<place>/<number>``, ``submission/…/<number>/deposit``, ``reply/…/<scenario>/<unit>``."""
    prefix, _, *rest = (*address.split("/"), "", "")
    explain = {STATED: _deposit, SUBMISSION: _submission, REPLY: _reply}.get(prefix)
    if explain is None:
        raise no_figure(address)
    return explain(book, address, rest)


def _deposit(book: Book, address: str, rest: list[str]) -> Explanation:
    for each in deposit_states(book):
        if str(each.number) == rest[0]:
            label = f"{each.status.capitalize()}, as stated by {each.by}"
            inputs = (("on", day_text(each.on)), ("scenario", each.scenario), ("reason", each.reason))
            return _explanation(book, address, f"Deposit, {each.status}", each.pence, (label, inputs))
    raise no_figure(address)


def _submission(book: Book, address: str, rest: list[str]) -> Explanation:
    for each in plan_submissions(book):
        if [str(each.number), "deposit"] == rest[:2]:
            inputs = (("scenario", each.settings), ("sent on", day_text(each.on)), ("basis", each.basis))
            label = f"Assumed by draft {each.number}, recorded by {each.by}"
            return _explanation(book, address, f"Deposit assumed by draft {each.number}", each.deposit, (label, inputs))
    raise no_figure(address)


def _reply(book: Book, address: str, rest: list[str]) -> Explanation:
    found = replies(book, rest[0])
    if isinstance(found, Replies):
        each = found.of(rest[1])
        if each.pence is not None:
            inputs = (("scenario", found.title), ("reason", each.reason))
            label = f"{each.answer.capitalize()}, as replied by {each.by}"
            return _explanation(book, address, f"{each.name}: {each.answer} by", each.pence, (label, inputs))
    raise no_figure(address)


def _explanation(
    book: Book, address: str, title: str, pence: int, stated: tuple[str, tuple[tuple[str, str], ...]]
) -> Explanation:
    label, inputs = stated
    told = tuple((name, text) for name, text in inputs if text)
    steps = (Step(RULE, label, pence, told),)
    return Explanation(address, title, pence, "pence", FORMULA, steps, evidence=book_evidence(book))
