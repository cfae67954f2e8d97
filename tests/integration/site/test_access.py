"""Every route, method, role and relation is answered as the reviewed file says; what it does not name is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from openpbc.kernel.problems import UserError
from openpbc.organisations import reads
from openpbc.organisations.reads import ROLES
from openpbc.site import access, access_page, problems
from openpbc.site.access import Decision
from tests.integration.site.conftest import FOREIGN, HERE, As

pytestmark = pytest.mark.one_database

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# A method that a route does not know is refused before anybody asks who wants it: one who is nobody, one who is held to
# an object of their own and one who is held to nothing show that.
ASKING_ALL = ("public", "gp_lead", "administrator")
SCOPED = {"gp_lead": "practice", "practice_staff": "practice", "group_manager": "unit", "provider_lead": "provider"}
REACHED = 299
LEAST_CELLS = 10_000


class Probe:
    """Stands where the view would be reached, so that the answer shows the guards alone."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse:
        """Say that the view was reached."""
        return HttpResponse("reached", status=REACHED)


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> list[tuple[str, dict[str, str]]]:
    """List every route by name, with its parameters and their kinds."""
    found = []
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            found += patterns(each, f"{prefix}{each.namespace}:" if each.namespace else prefix)
        elif isinstance(each, URLPattern):
            assert each.name, f"{each.pattern} has no name"
            kinds = {name: type(kind).__name__ for name, kind in each.pattern.converters.items()}
            found.append((f"{prefix}{each.name}", kinds))
    return found


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    names = [name for name, _ in patterns()]
    assert len(set(names)) == len(names), "two routes share a name"
    assert set(names) == set(access.matrix().routes)


def test_every_explainable_address_has_a_row() -> None:
    from openpbc.site import rooms

    covered = {pattern.partition("/")[0] for pattern in access.matrix().addresses}
    assert set(rooms.explainers()) <= covered


def samples(role: str) -> dict[str, dict[str, str]]:
    """Give, by relation, what an address may name: one's own, another's, and the same in a foreign place."""
    practices = {each.code: each.unit for each in reads.practices(HERE)}
    viewer = reads.viewer(reads.person_by_sign_in("gp@demo").id)
    own_practice = viewer.codes(HERE, "practice")[0]
    own_unit = practices[own_practice]
    own_provider = reads.viewer(reads.person_by_sign_in("provider@demo").id).codes(HERE, "provider")[0]
    other = next(code for code, unit in practices.items() if unit != own_unit)
    other_provider = next(each.code for each in reads.providers(HERE) if each.code != own_provider)
    own = {"place": HERE, "unit": own_unit, "practice": own_practice, "provider": own_provider}
    return {
        "own": own,
        "other": {"place": HERE, "unit": practices[other], "practice": other, "provider": other_provider},
        "foreign": own | {"place": FOREIGN},
    }


def expected(row: dict[str, frozenset[str]], role: str, relation: str, named: set[str]) -> int:
    """Say, from the file's words alone, how a request is answered."""
    here = "place" not in named or relation != "foreign" or role in ("public", "administrator")
    if role in row["allow"] and here:
        return REACHED
    if role == "public":
        return 302
    if not here:
        return 404
    if role not in row["own"]:
        return 403
    scope = SCOPED.get(role, "place")
    looked_at = {"provider"} & named if scope == "provider" else {"practice", "unit"} & named
    owned = scope == "place" or (relation == "own" and bool(looked_at))
    if scope == "practice" and relation == "own" and looked_at:
        owned = True
    return REACHED if owned else 404


@cache
def read_rows() -> dict[str, dict[str, dict[str, frozenset[str]]]]:
    """Read the file afresh, by other means than the site does."""
    body = yaml.safe_load(access.FILE.read_text())

    def roles(names: object) -> frozenset[str]:
        if isinstance(names, str):
            return roles(body["who"][names]) if names in body["who"] else frozenset({names})
        return frozenset(role for name in names or [] for role in roles(name))

    return {
        route: {
            method: {"allow": roles(rule.get("allow")), "own": roles(rule.get("own")) - roles(rule.get("allow"))}
            for method, rule in methods.items()
        }
        for route, methods in body["routes"].items()
    }


def cells(role: str) -> Iterator[tuple[str, str, str, set[str], str]]:
    """Give what a role is answered on: method, route, relation, what the address names, and the address; each once.

    An address that names nothing is the same in every relation.
    """
    asked: set[tuple[str, str]] = set()
    for relation, objects in samples(role).items():
        for name, kinds in patterns():
            given = {key: objects.get(key, 1 if kind == "IntConverter" else "x") for key, kind in kinds.items()}
            path = reverse(name, kwargs=given)
            for method in METHODS if relation == "own" and role in ASKING_ALL else read_rows()[name]:
                if (method, path) not in asked:
                    asked.add((method, path))
                    yield method, name, relation, set(kinds), path


def test_there_are_as_many_cells_as_the_goal_asks_for(people: None) -> None:
    assert sum(1 for role in access.ALL_ROLES for _ in cells(role)) >= LEAST_CELLS


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer a refusal by its status alone, and read the roles of whoever asks once: neither is in question here."""
    monkeypatch.setattr(problems, "page", lambda request, status, *told: HttpResponse(status=status))
    monkeypatch.setattr(reads, "viewer", cache(reads.viewer))


@pytest.mark.parametrize("role", access.ALL_ROLES)
def test_the_site_answers_as_the_file_says(role: str, as_role: As, bare: None, settings) -> None:
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "idempotency" not in each] + [
        f"{__name__}.{Probe.__name__}"
    ]
    rows, wrong, client = read_rows(), [], as_role(role)
    for method, name, relation, named, path in cells(role):
        row = rows[name].get("GET" if method == "HEAD" else method)
        wanted = expected(row, role, relation, named) if row else 405
        response = client.generic(method, path)
        if response.status_code != wanted:
            wrong.append((method, name, relation, wanted, response.status_code))
        if response.status_code == 302:
            assert response.headers["Location"].startswith("/sign-in")
        assert "Content-Security-Policy" in response.headers
    assert wrong == []


def test_a_foreign_object_looks_as_if_it_were_not_there(as_role: As) -> None:
    client = as_role("analyst")
    foreign, nothing = client.get(f"/p/{FOREIGN}"), client.get("/p/nowhere-2008")
    assert (foreign.status_code, nothing.status_code) == (404, 404)
    bodies = [re.sub(rb' value="[^"]*"', b"", answer.content) for answer in (foreign, nothing)]
    assert bodies[0].replace(FOREIGN.encode(), b"") == bodies[1].replace(b"nowhere-2008", b"")


def test_explanations_follow_the_same_rules(people: None) -> None:
    gp = reads.viewer(reads.person_by_sign_in("gp@demo").id)
    assert access.may_explain(gp, "nothing/at/all") is Decision.NOT_FOUND
    for pattern, rule in access.matrix().addresses.items():
        for role in ROLES:
            holder = reads.Viewer(gp.actor, (reads.Assignment(role, HERE),), signed_in=True)
            address = pattern.replace("{place}", HERE)
            for name in ("unit", "provider", "practice"):
                address = address.replace("{" + name + "}", "X")
            address = address.replace("{", "").replace("}", "")
            wanted = Decision.FORBIDDEN if rule.cell(role) == "deny" else Decision.ALLOW
            assert access.may_explain(holder, address) is wanted, (pattern, role)
            foreign = address.replace(HERE, FOREIGN)
            assert access.may_explain(holder, foreign) is Decision.NOT_FOUND


def test_roles_end_at_the_next_request(as_role: As) -> None:
    from datetime import timedelta

    from openpbc.kernel.actor import SYSTEM
    from openpbc.organisations import actions

    client = as_role("administrator")
    assert client.get("/people").status_code == 200
    user_id = reads.person_by_sign_in("admin@demo").id
    yesterday = reads.today() - timedelta(days=1)
    actions.end_role(by=SYSTEM, user_id=user_id, role="administrator", place="*", last_day=yesterday, reason="x")
    assert client.get("/people").status_code == 403


def test_a_closed_page_says_for_whom_it_is_and_when_it_opens(as_role: As) -> None:
    told = as_role("analyst").get("/people").content.decode()
    assert "It is for: Administrator of this system." in told
    assert "once an administrator gives you such a role" in told


def test_a_group_that_would_place_a_contract_is_told_why_others_do(as_role: As) -> None:
    group, path = as_role("group_manager"), f"/p/{HERE}/agreements/add"
    for answer in (group.get(path), group.post(path, {"title": "SYNTHETIC"})):
        told = answer.content.decode()
        assert answer.status_code == 403
        assert "placed by the commissioner. Groups and practices say what is to be bought" in told
        assert "It is for:" in told
    assert "placed by" not in as_role("analyst").get("/people").content.decode()


def test_a_file_with_a_mistake_is_refused(tmp_path: Path) -> None:
    def read(text: str) -> None:
        (tmp_path / "access.yaml").write_text(text)
        access.read_matrix(tmp_path / "access.yaml")

    with pytest.raises(UserError, match="no role 'king'"):
        read("who: {}\nroutes: {a: {GET: {allow: king}}}\n")
    with pytest.raises(UserError, match="'alow' means nothing"):
        read("who: {}\nroutes: {a: {GET: {alow: analyst}}}\n")
    with pytest.raises(UserError, match="no reason 'mood'"):
        read("who: {}\nreasons: {rank: It is so.}\nroutes: {a: {GET: {allow: analyst, because: mood}}}\n")


def test_the_page_of_the_documentation_is_up_to_date() -> None:
    page = Path(__file__).parents[3] / access_page.PAGE
    assert page.read_text(encoding="utf-8") == access_page.markdown(), "run 'openpbc access write'"


@pytest.mark.django_db
def test_pages_ask_the_same_file_before_they_show_a_link(as_role):
    for role, expected in (("administrator", True), ("analyst", False)):
        request = as_role(role).get("/account").wsgi_request
        assert request.may("people:listing") is expected
        assert request.may("people:invite", "POST") is expected
        assert not request.may("no:such-route")
