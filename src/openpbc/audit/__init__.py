"""The hash-chained log, and the decorator through which everything is written.

Every public function of a room's ``actions.py`` is an *action*::

    @audit.action("organisations.record_membership")
    def record_membership(*, by: Actor, practice: str, ...) -> None:
        ...
        audit.note(subject=f"practice/{practice}", before=..., after=..., reason=...)

One call is one transaction and one root event; actions called inside it are its children. An action whose heavy work
must not hold the database (closing a month) is declared ``late=True`` and opens ``audit.writing()`` around its writes.

A refusal that a rule on interests or on two people gives (``UserError.kept``) is an event of its own, ``audit.refuse``:
who tried what, and the sentence with which they were refused.
"""

from openpbc.audit.recording import REFUSED, action, keep, note, nothing_changed, refused, trial, writing

__all__ = ["REFUSED", "action", "keep", "note", "nothing_changed", "refused", "trial", "writing"]
