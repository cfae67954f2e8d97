"""How organisations are joined: who belongs to whom, who came after whom, who answers to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

COMMISSIONED, NETWORK, WITHIN, PART = "commissioned_by", "network", "within", "part_of"
SUCCEEDED, ACCOUNTS, INSPECTED, CONSULTS = "succeeded_by", "accounts_to", "inspected_by", "consults"
COORDINATED, ASSOCIATED = "coordinated_by", "has_associate"
MEMBER = "member"


@dataclass(frozen=True)
class LinkKind:
    """A kind of link: how it reads from the one side and from the other, and whether there is one at a time."""

    forward: str
    backward: str
    alone: bool


LINKS: Mapping[str, LinkKind] = {
    COMMISSIONED: LinkKind("is commissioned by", "commissions", alone=True),
    NETWORK: LinkKind("is in the network", "has in its network", alone=True),
    WITHIN: LinkKind("lies within", "takes in", alone=True),
    PART: LinkKind("is part of", "has as a part", alone=True),
    SUCCEEDED: LinkKind("was succeeded by", "succeeded", alone=False),
    ACCOUNTS: LinkKind("accounts to", "is accounted to by", alone=False),
    INSPECTED: LinkKind("is inspected by", "inspects", alone=False),
    CONSULTS: LinkKind("consults", "is consulted by", alone=False),
    COORDINATED: LinkKind("has its contract co-ordinated by", "co-ordinates the contract of", alone=True),
    ASSOCIATED: LinkKind("has as an associate", "is an associate for", alone=False),
}
"""The kinds that are kept as links. ``MEMBER``, a practice's membership in a unit, is kept apart: money follows it."""

MEMBERSHIP = LinkKind("is a member of", "has as a member", alone=True)
# From the smaller to the larger: the way up along which a population is looked for.
UPWARD = (MEMBER, COMMISSIONED, WITHIN, PART)


def reads(kind: str) -> LinkKind:
    """Give the kind of a link, a membership included."""
    return MEMBERSHIP if kind == MEMBER else LINKS[kind]


def alone_key(kind: str, member: str, holder: str, about: str = "") -> str:
    """Name what there may be only one of at a time: all links of the kind, or those with this holder about this."""
    return f"{kind}/{member}" if LINKS[kind].alone else f"{kind}/{member}/{holder}/{about}"
