"""What may be asked about the stamps of the log's head: those kept, what waits for one, and whether they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from openpbc.audit.chain import Head
from openpbc.audit.models import AuditEvent, Stamp, StampTrouble
from openpbc.kernel.periods import moment_cell

# The clocks of two authorities, or of one and ours, may be so far apart.
APART = timedelta(minutes=5)


@dataclass(frozen=True)
class Stamped:
    """A head that was stamped: when, by the authority's own clock, and the host that did it."""

    head: Head
    at: datetime
    authority: str


@dataclass(frozen=True)
class Standing:
    """How it stands with stamps at a moment.

    ``lacking`` names the settings without which none is asked for. ``due`` counts the acts after which one is wanted
    and none was given yet, ``due_since`` is when the first of them was written. ``trouble`` is why the last question
    had no stamp for an answer.
    """

    lacking: str
    limit: timedelta
    count: int
    newest: Stamped | None
    age: timedelta | None
    due: int
    due_since: datetime | None
    trouble: str
    trouble_since: datetime | None

    @property
    def late(self) -> bool:
        """Whether an authority is set and the newest stamp is older than it may be, or there is none."""
        return not self.lacking and (self.age is None or self.age > self.limit)

    @property
    def wanted(self) -> bool:
        """Whether a run that asks only when it must asks now: something is due, or half the time has passed."""
        return bool(self.due) or self.age is None or self.age * 2 >= self.limit

    @property
    def sentences(self) -> tuple[str, ...]:
        """How it stands, for people: what is not set, how old the newest stamp is, what waits, what went wrong."""
        if self.lacking:
            told = [f"No time-stamping authority is asked: {self.lacking} not set."]
        elif self.age is None:
            told = ["There is no stamp yet."]
        else:
            told = [f"The newest stamp is {in_words(self.age)} old."]
        if self.late:
            told.append(f"It may be {in_words(self.limit)} old at most.")
        if self.due and not self.lacking:
            acts = "1 act waits" if self.due == 1 else f"{self.due} acts wait"
            told.append(f"{acts} for a stamp{_since(self.due_since)}.")
        if self.trouble and not self.lacking:
            told.append(f"No stamp was given{_since(self.trouble_since)}: {self.trouble}.")
        return tuple(told)


@dataclass(frozen=True)
class Gap:
    """A stretch longer than allowed in which no head was stamped: what was cut in it, stamps do not show."""

    after: Stamped
    before: Stamped

    @property
    def length(self) -> timedelta:
        """How long it was."""
        return self.before.at - self.after.at


@dataclass(frozen=True)
class Found:
    """What a check of stamps found: those that do not hold with the reason, by sequence, and the gaps.

    ``signatures`` is false when no certificate is set: then it was only looked at what they are stamps of.
    """

    count: int
    signatures: bool
    problems: tuple[tuple[int, str], ...]
    gaps: tuple[Gap, ...]


def in_words(time: timedelta) -> str:
    """Give a length of time in minutes, or in whole hours and minutes, or in days from two on."""
    minutes = max(0, int(time.total_seconds() // 60))
    if minutes >= 2 * 24 * 60:
        return f"{minutes // (24 * 60)} days"
    hours, minutes = divmod(minutes, 60)
    told = [f"{hours} hour{'' if hours == 1 else 's'}"] if hours else []
    if minutes or not hours:
        told.append(f"{minutes} minute{'' if minutes == 1 else 's'}")
    return " and ".join(told)


def _since(at: datetime | None) -> str:
    return f", since {moment_cell(timezone.localtime(at))}" if at else ""


def lacking() -> str:
    """Name the settings without which no stamp is asked for; empty when all are there."""
    named = (("OPENPBC_TSA", settings.TSA), ("OPENPBC_TSA_CERTIFICATES", settings.TSA_CERTIFICATES))
    return ", ".join(name for name, value in named if not value)


def authority() -> str:
    """The host of the authority that is set; empty when none is."""
    return urlsplit(settings.TSA).hostname or ""


def limit() -> timedelta:
    """How old the newest stamp may be."""
    return timedelta(minutes=settings.TSA_MINUTES)


def trusted() -> bytes:
    """The certificates that are set, as their file's bytes; empty if none are. UserError if they cannot be read."""
    if not settings.TSA_CERTIFICATES:
        return b""
    from openpbc.audit import tokens  # its library is loaded for a stamp, not for every start

    return tokens.certificates(Path(settings.TSA_CERTIFICATES))


def standing(now: datetime) -> Standing:
    """Tell how it stands with stamps."""
    row = Stamp.objects.order_by("-sequence").defer("answer").first()
    last = StampTrouble.objects.order_by("-id").first()
    stands = bool(last and (row is None or row.sequence <= last.sequence))
    acts = AuditEvent.objects.filter(action__in=settings.STAMPED_ACTS, sequence__gt=row.sequence if row else 0)
    first = acts.order_by("sequence").values_list("at", flat=True).first() or ""
    return Standing(
        lacking=lacking(),
        limit=limit(),
        count=Stamp.objects.count(),
        newest=_stamped(row) if row else None,
        age=now - row.at if row else None,
        due=acts.values("root_id").distinct().count() if first else 0,
        due_since=datetime.fromisoformat(first) if first else None,
        trouble=last.why if last and stands else "",
        trouble_since=last.at if last and stands else None,
    )


def newest(count: int, start: int = 0) -> tuple[Stamped, ...]:
    """Give so many stamps, the latest first, after leaving out ``start`` of them."""
    return tuple(map(_stamped, Stamp.objects.order_by("-sequence").defer("answer")[start : start + count]))


def answer(sequence: int) -> bytes:
    """The authority's answer about a head, as it came; empty if none is kept."""
    held = Stamp.objects.filter(sequence=sequence).values_list("answer", flat=True).first()
    return bytes(held) if held is not None else b""


def answers() -> Iterator[tuple[Stamped, bytes]]:
    """Give every stamp with the authority's answer, in order of the log."""
    for row in Stamp.objects.order_by("sequence").iterator(chunk_size=500):
        yield _stamped(row), bytes(row.answer)


def check(sequences: Sequence[int] | None = None) -> Found:
    """Hold kept stamps, all or those of some heads, against their heads, the chain and the certificates set."""
    pem = trusted()
    rows = Stamp.objects.order_by("sequence")
    if sequences is not None:
        rows = rows.filter(sequence__in=sequences)
    problems, stamped = [], []
    hashes = dict(AuditEvent.objects.filter(sequence__in=rows.values("sequence")).values_list("sequence", "hash"))
    for row in rows.iterator(chunk_size=500):
        stamped.append(_stamped(row))
        if problem := _problem(row, hashes.get(row.sequence), pem):
            problems.append((row.sequence, problem))
    problems += [
        (later.head.sequence, "its time is before that of the stamp before it")
        for earlier, later in pairwise(stamped)
        if later.at < earlier.at - APART
    ]
    gaps = (Gap(earlier, later) for earlier, later in pairwise(stamped) if later.at - earlier.at > limit())
    return Found(len(stamped), bool(pem), tuple(sorted(problems)), tuple(gaps))


def outside(answers: Sequence[tuple[str, bytes]]) -> tuple[str, ...]:
    """Hold answers that were kept outside against the chain: each must be a stamp of one of its heads.

    Gives a sentence for each that is not, beginning with the name under which it was given.
    """
    if not answers:
        return ()
    from openpbc.audit import tokens  # its library is loaded for a stamp, not for every start

    pem = trusted()
    told, said = [], {}
    for name, kept in answers:
        try:
            said[name] = tokens.check(kept, tokens.read(kept).imprint, pem) if pem else tokens.read(kept)
        except tokens.Refused as problem:
            told.append(f"{name}: {problem}")
    unseen = {token.imprint for token in said.values()}
    for sequence, hash_ in AuditEvent.objects.order_by("sequence").values_list("sequence", "hash").iterator():
        unseen.discard(tokens.imprint(Head(sequence, hash_)))
    told += [
        f"{name}: the log does not hold what was stamped on {timezone.localtime(token.at):%-d %B %Y, %H:%M:%S}"
        for name, token in said.items()
        if token.imprint in unseen
    ]
    return tuple(told)


def _problem(row: Stamp, hash_: str | None, pem: bytes) -> str:
    from openpbc.audit import tokens  # its library is loaded for a stamp, not for every start

    stamped = tokens.imprint(Head(row.sequence, row.hash))
    try:
        token = tokens.check(bytes(row.answer), stamped, pem) if pem else tokens.read(bytes(row.answer))
    except tokens.Refused as problem:
        return str(problem)
    if token.imprint != stamped:
        return "it is a stamp of something else"
    if token.at != row.at.astimezone(UTC):
        return "its time is not the one that is written beside it"
    if hash_ is None:
        return "the log no longer holds the event that was stamped"
    return "" if hash_ == row.hash else "the log was written anew before this stamp"


def _stamped(row: Stamp) -> Stamped:
    return Stamped(Head(row.sequence, row.hash), row.at, row.authority)
