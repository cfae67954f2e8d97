"""The hash-chained log, and the decorator through which everything is written.

Every public function of a room's ``actions.py`` is an *action*::

    @audit.action("organisations.record_membership")
    def record_membership(*, by: Actor, practice: str, ...) -> None:
        ...
        audit.note(subject=f"practice/{practice}", before=..., after=..., reason=...)

One call is one transaction and one root event; actions called inside it are its children. An action whose heavy work
must not hold the database (closing a month) is declared ``late=True`` and opens ``audit.writing()`` around its writes.
"""

from openpbc.audit.recording import action, note, nothing_changed, writing

__all__ = ["action", "note", "nothing_changed", "writing"]
