"""Explains the figures of a custom group, to whoever may see the group."""

from __future__ import annotations

from openpbc.finance.reads.evidence import book_evidence, no_figure
from openpbc.finance.reads.explained_need import POPULATION, RULE, person_steps
from openpbc.finance.reads.group_need import KIND, Against, GroupNeed, group_need
from openpbc.finance.reads.need import PREFIX
from openpbc.finance.reads.need_on import parse_clocks
from openpbc.finance.reads.practice_groups import Group, group
from openpbc.kernel.money import PPM
from openpbc.kernel.steps import Explanation, Ratio, Step
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

SHARE, INDEX = "share-of-", "index-to-"


def is_of_group(address: str) -> bool:
    """Tell whether an address is that of a custom group's figure."""
    parts = address.split("/")
    return len(parts) > 2 and parts[0] == PREFIX and parts[2].startswith(f"{KIND}~")


def explain_group(book: Book, address: str, viewer: str) -> Explanation:
    """Explain ``need-shares/<place>/group~<number>/<figure>/<column number>?on=``; a group unseen is not there."""
    path, _, query = address.partition("?")
    _, _, named, *parts = path.split("/")
    found, on = group_of(book, named, viewer), parse_clocks(query)
    if found is None or on[0] is None:
        raise no_figure(address)
    need = group_need(book, found, on[0], on[1])
    if isinstance(need, NotSet):
        raise need.problem
    if parts == [POPULATION]:
        return _people(book, need, address, None)
    if len(parts) != 2 or not parts[1].isdecimal() or int(parts[1]) >= len(need.rows.columns.weighted):
        raise no_figure(address)
    figure, number = parts[0], int(parts[1])
    if figure == "weighted":
        return _people(book, need, address, number)
    for against in need.against:
        if figure == SHARE + against.key:
            return _share(book, need, against, address, number)
        if figure == INDEX + against.key and against.need.components[number].index is not None:
            return _index(book, need, against, address, number)
    raise no_figure(address)


def group_of(book: Book, named: str, viewer: str) -> Group | None:
    """Give the group that an address names, if the viewer may see it."""
    number = named.partition("~")[2]
    return group(book.place.id, int(number), viewer) if number.isdecimal() and len(number) < 10 else None


def _people(book: Book, need: GroupNeed, address: str, number: int | None) -> Explanation:
    columns = need.rows.columns
    column = columns.population if number is None else columns.weighted[number].column
    value = need.need.population if number is None else need.need.components[number].weighted
    steps = person_steps(list(need.counted), need.rows, column)
    formula = f"Sum of {column} over {len(need.counted)} practices, rounded once to whole people."
    return _made(book, need, address, _title(need, number), value, "count", formula, steps)


def _share(book: Book, need: GroupNeed, against: Against, address: str, number: int) -> Explanation:
    part, whole = against.need.components[number].weighted, against.whole.components[number].weighted
    title = f"{_title(need, number)}, share of {against.title}"
    formula = f"{part:,} weighted people of the group / {whole:,} of {against.title}"
    share = Ratio(part, whole)
    return _made(book, need, address, title, against.need.components[number].share, "ppm", formula, (), share)


def _index(book: Book, need: GroupNeed, against: Against, address: str, number: int) -> Explanation:
    own, whole = against.need, against.whole
    inputs = (
        ("weighted people", f"{own.components[number].weighted:,}"),
        ("population", f"{own.population:,}"),
        (f"weighted people of {against.title}", f"{whole.components[number].weighted:,}"),
        (f"population of {against.title}", f"{whole.population:,}"),
    )
    value = (own.components[number].index or 0) * PPM // 1000
    step = Step(RULE, "Weighted over unweighted people, over the same of the whole", value, inputs, need.rows.citation)
    formula = "(weighted / population of the group) / (weighted / population of the whole), to three decimals"
    title = f"{_title(need, number)}, need index against {against.title}"
    return _made(book, need, address, title, value, "index", formula, (step,))


def _title(need: GroupNeed, number: int | None) -> str:
    what = "population" if number is None else need.rows.columns.weighted[number].title
    return f"{need.group.name}: {what}"


def _made(
    book: Book, need: GroupNeed, address: str, title: str, value: int, unit: str, formula: str,
    steps: tuple[Step, ...], ratio: Ratio | None = None,
) -> Explanation:  # fmt: skip
    asked = (("group", f"{need.group.name}, revision {need.group.revision}"), ("on", need.on.isoformat()))
    return Explanation(
        address=address,
        title=title,
        value=value,
        unit=unit,
        formula=formula,
        steps=steps,
        ratio=ratio,
        citations=(need.rows.citation,),
        evidence=(*asked, *book_evidence(book, need.rows.path)),
        notes=tuple(finding.sentence for finding in need.findings),
        statuses=(need.rows.status,),
    )
