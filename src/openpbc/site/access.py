"""Who may open what: decided by one reviewed file, ``access.yaml``; what it does not name is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from openpbc.kernel.problems import UserError, Withheld
from openpbc.organisations import reads
from openpbc.organisations.reads import ROLES, Assignment, Viewer
from openpbc.site import problems, sealing

FILE = Path(__file__).with_name("access.yaml")
ALL_ROLES = ("public", *ROLES)
_NO_ROLE = "Pages open to you once an administrator gives you a role. An invited administrator waits for a second one."


class Decision(Enum):
    """How a request is answered, before its view is asked."""

    ALLOW = "allow"
    SIGN_IN = "sign in"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not found"


@dataclass(frozen=True)
class Rule:
    """Who may use one method of one route: for everything, or for what is their own.

    ``repeatable`` says why sending the form twice does no harm, so that it needs no idempotency key. ``lasting`` says
    why the work is too long for one transaction. ``because`` says to who is refused why it is others who do this.
    """

    allow: frozenset[str]
    own: frozenset[str] = frozenset()
    repeatable: str = ""
    lasting: str = ""
    because: str = ""

    def cell(self, role: str) -> str:
        """The answer for a role: allow, own or deny."""
        return "allow" if role in self.allow else "own" if role in self.own else "deny"


@dataclass(frozen=True)
class Matrix:
    """The whole file: route -> method -> rule, and explain address pattern -> rule."""

    routes: Mapping[str, Mapping[str, Rule]]
    addresses: Mapping[str, Rule]


@lru_cache(maxsize=1)
def matrix() -> Matrix:
    """Read the reviewed file."""
    return read_matrix(FILE)


def read_matrix(path: Path) -> Matrix:
    """Read a matrix file; a role that does not exist or a key that means nothing is refused."""
    body = yaml.safe_load(path.read_text(encoding="utf-8"))
    named: dict[str, frozenset[str]] = {role: frozenset({role}) for role in ALL_ROLES}
    for name, members in body["who"].items():
        named[name] = _roles(members, named, path)
    reasons: dict[str, str] = body.get("reasons") or {}
    routes = {
        route: {method: _rule(rule, named, path, reasons) for method, rule in methods.items()}
        for route, methods in body["routes"].items()
    }
    addresses = {pattern: _rule(rule, named, path, reasons) for pattern, rule in (body.get("addresses") or {}).items()}
    return Matrix(routes, addresses)


def _roles(members: str | list[str], named: Mapping[str, frozenset[str]], path: Path) -> frozenset[str]:
    names = [members] if isinstance(members, str) else members
    unknown = [name for name in names if name not in named]
    if unknown:
        raise UserError(f"there is no role '{unknown[0]}'", where=path.name)
    return frozenset().union(*(named[name] for name in names))


def _rule(rule: Mapping[str, Any], named: Mapping[str, frozenset[str]], path: Path, reasons: Mapping[str, str]) -> Rule:
    unknown = set(rule) - {"allow", "own", "repeatable", "lasting", "because"}
    if unknown:
        raise UserError(f"'{sorted(unknown)[0]}' means nothing in a rule", where=path.name)
    if rule.get("because", "") not in ("", *reasons):
        raise UserError(f"there is no reason '{rule['because']}'", where=path.name)
    because = reasons.get(rule.get("because", ""), "")
    allow, own = (_roles(rule.get(name) or [], named, path) for name in ("allow", "own"))
    return Rule(allow, own - allow, rule.get("repeatable", ""), rule.get("lasting", ""), because)


def decide(rule: Rule, viewer: Viewer, about: Mapping[str, Any]) -> Decision:
    """Decide whether somebody may use a route for what its address names (place, unit, practice, provider).

    Roles count in the address's place only. Another place, and another's object, look as if they were not there.
    """
    place = str(about.get("place", ""))
    held = viewer.roles_in(place) if place else viewer.roles
    if held & rule.allow:
        return Decision.ALLOW
    if not viewer.signed_in:
        return Decision.SIGN_IN
    if place and not held:
        return Decision.NOT_FOUND
    owning = held & rule.own
    if not owning:
        return Decision.FORBIDDEN
    own = (each for each in viewer.assignments if each.role in owning and (not place or each.applies_in(place)))
    return Decision.ALLOW if any(_is_own(viewer, each, place, about) for each in own) else Decision.NOT_FOUND


def _is_own(viewer: Viewer, held: Assignment, place: str, about: Mapping[str, Any]) -> bool:
    """A provider's scope looks at the provider named; a unit's or practice's at the practice, else at the unit."""
    if held.scope == "place":
        return True
    kinds = ("provider",) if held.scope == "provider" else ("practice", "unit")
    kind = next((kind for kind in kinds if about.get(kind)), None)
    return kind is not None and viewer.owns(held.role, place, kind, str(about[kind]))


def may_explain(viewer: Viewer, address: str) -> Decision:
    """Decide whether somebody may see the explanation at an address, by the file's address patterns."""
    for pattern, rule in matrix().addresses.items():
        if found := _pattern(pattern).fullmatch(address.partition("?")[0]):
            return decide(rule, viewer, found.groupdict())
    return Decision.NOT_FOUND


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", text)
    named = [f"(?P<{part}>[^/]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts)]
    return re.compile("".join(named))


def asker(viewer: Viewer) -> Callable[..., bool]:
    """Give the question that pages and templates ask before they show a link or a form: ``may(route, place=...)``."""

    def may(route: str, method: str = "GET", **about: Any) -> bool:
        rule = matrix().routes.get(route, {}).get(method)
        return rule is not None and decide(rule, viewer, about) is Decision.ALLOW

    return may


def rule_for(request: HttpRequest) -> Rule | None:
    """Give the rule of a resolved request's route and method; a HEAD is a GET."""
    match = request.resolver_match
    methods = matrix().routes.get(match.view_name if match else "", {})
    return methods.get("GET" if request.method == "HEAD" else str(request.method))


class Access:
    """Asks the file before every view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, with the question that pages may ask; the decision falls when the route is known."""
        request.may_as, request.may = asker, asker(getattr(request, "viewer", reads.PUBLIC))
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Answer what may not be used, and let the rest through to the view."""
        rule = rule_for(request)
        if rule is None:
            match = request.resolver_match
            methods = sorted(matrix().routes.get(match.view_name if match else "", {}))
            return _not_allowed(request, methods) if methods else problems.page(request, 404)
        viewer: Viewer = getattr(request, "viewer", reads.PUBLIC)
        refused = refusal(request, decide(rule, viewer, kwargs), rule)
        if refused is not None:
            return refused
        why = sealing.why_closed(sealing.closed_pages(viewer, str(kwargs.get("place", ""))), request.path)
        return problems.user_error(request, Withheld(why)) if why else None


def _not_allowed(request: HttpRequest, methods: list[str]) -> HttpResponse:
    answer = problems.page(request, 405)
    answer.headers["Allow"] = ", ".join(methods)
    return answer


def whose(rule: Rule) -> str:
    """Say why a page is closed, for whom it is, and what has to happen before it is for somebody else."""
    names = [name for role, name in ROLES.items() if role in rule.allow | rule.own]
    told = f"It is for: {'; '.join(names)}. " if names else ""
    why = f"{rule.because} " if rule.because else ""
    return (
        f"Your role does not cover this page. {why}{told}It opens to you once an administrator gives you such a role."
    )


def refusal(request: HttpRequest, decision: Decision, rule: Rule | None = None) -> HttpResponse | None:
    """Give the answer to a refused request, or None when it is allowed; where a rule refuses, say for whom it is."""
    if decision is Decision.SIGN_IN:
        where = f"?{urlencode({'next': request.get_full_path()})}" if request.method in ("GET", "HEAD") else ""
        return HttpResponseRedirect(reverse("account:sign-in") + where)
    viewer: Viewer = getattr(request, "viewer", reads.PUBLIC)
    if decision is Decision.FORBIDDEN and viewer.signed_in and not viewer.roles:
        return problems.page(request, 403, _NO_ROLE, "You hold no role today")
    if decision is Decision.FORBIDDEN:
        return problems.page(request, 403, whose(rule) if rule else "")
    return problems.page(request, 404) if decision is Decision.NOT_FOUND else None
