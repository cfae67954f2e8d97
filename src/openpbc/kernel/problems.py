"""A person's mistake, told in one sentence: what is wrong, where, and what to do."""

from __future__ import annotations

from typing import Self


class UserError(Exception):
    """A mistake that a person can mend; shown as one sentence, never as a traceback (exit code 2 in the shell).

    ``kept`` are those that the log keeps: somebody tried what a rule on interests, or on two people, forbids.
    """

    kept = False

    def __init__(self, what: str, where: str = "", do: str = "") -> None:
        """Keep the three parts; ``where`` names the file, row or field, ``do`` the next step."""
        self.what, self.where, self.do = what, where, do
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        """The whole message on one line."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        text = text if text.endswith((".", "?", "!")) else text + "."
        return " ".join(f"{text} {self.do}".split())

    @classmethod
    def whole(cls, sentence: str, where: str = "") -> Self:
        """Give one of which the sentence is whole: a rule told why, and who can or what to do, in one text."""
        what, dot, do = sentence.partition(". ")
        return cls(what + dot.strip(), where, do)

    def for_the_log(self) -> Self:
        """Mark the refusal as one that the log keeps, and give it to be raised."""
        self.kept = True
        return self


class Stale(UserError):
    """Somebody changed the thing since it was looked at: the sentence says who changed what and when."""

    status = 409


class Withheld(UserError):
    """The thing is kept from this person, whatever their role: the sentence says why and until when."""

    kept = True
    status = 403
