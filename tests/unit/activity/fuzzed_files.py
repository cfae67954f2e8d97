"""Files spoilt by chance: a good month's file after one to four accidents, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.unit.activity.rows import rows, text_of

STREAMS = ("apc", "op", "ae")
GOOD = {stream: text_of(stream, rows(stream, 5)).encode() for stream in STREAMS}
ODD = (
    b"\x00", b'"', b"'", b",", b";", b"\t", b"\r", b"\n", b"\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3",
    b"\xe2\x80\xa8", b"=1+1", b"NULL", b"-", b"9" * 40, b"1e9", b"2008-02-30", b"<x>",
    b"\x1b[0m", b"\\", b"''\"", b"\x85", b"\xa0",
)  # fmt: skip
Accident = Callable[[random.Random, bytes], bytes]


def _flip(dice: random.Random, content: bytes) -> bytes:
    spoilt = bytearray(content)
    for _ in range(dice.randint(1, 30)):
        spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
    return bytes(spoilt)


def _insert(dice: random.Random, content: bytes) -> bytes:
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(content) + 1)
        content = content[:at] + dice.choice(ODD) * dice.choice((1, 1, 1, 50)) + content[at:]
    return content


def _cut(dice: random.Random, content: bytes) -> bytes:
    first = dice.randrange(len(content))
    return content[:first] + content[first + dice.randint(1, 400) :]


def _end(dice: random.Random, content: bytes) -> bytes:
    return content[: dice.randrange(len(content))]


def _twice(dice: random.Random, content: bytes) -> bytes:
    first = dice.randrange(len(content))
    return content[:first] + content[first : first + dice.randint(1, 400)] * dice.randint(2, 4) + content[first:]


def _lines(dice: random.Random, content: bytes) -> bytes:
    listed = content.split(b"\n")
    dice.shuffle(listed)
    return b"\n".join(listed[: dice.randint(1, len(listed))])


def _columns(dice: random.Random, content: bytes) -> bytes:
    at = dice.randrange(1, 40)
    listed = [line.split(b",") for line in content.split(b"\n")]
    return b"\n".join(b",".join(line[:at] + line[at + dice.randint(0, 2) :]) for line in listed)


def _field(dice: random.Random, content: bytes) -> bytes:
    listed = [line.split(b",") for line in content.split(b"\n")]
    for _ in range(dice.randint(1, 8)):
        line = dice.choice(listed)
        line[dice.randrange(len(line))] = dice.choice(ODD)
    return b"\n".join(b",".join(line) for line in listed)


def _encoded(dice: random.Random, content: bytes) -> bytes:
    text = content.decode("latin-1")
    return text.encode(dice.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "utf-7")))


ACCIDENTS: tuple[Accident, ...] = (_flip, _insert, _cut, _end, _twice, _lines, _columns, _field, _encoded)


def fuzzed(seed: int) -> tuple[str, bytes]:
    """Give the name and the bytes of one spoilt file."""
    dice = random.Random(seed)
    stream = dice.choice(STREAMS)
    content = GOOD[stream]
    for accident in dice.choices(ACCIDENTS, k=dice.randint(1, 4)):
        content = accident(dice, content) or b"\n"
    return f"RWG_2008-06_{stream}.csv", content
