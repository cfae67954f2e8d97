"""The furniture around every page: who looks, at which place, and where one may go from here."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from openpbc.kernel.money import PPM, percent_text
from openpbc.organisations import reads
from openpbc.organisations.reads import ANY_PLACE, ROLES, Viewer
from openpbc.rulebook.values import PlaceInfo
from openpbc.site import access, demo, rooms
from openpbc.ui.offers import Tile

HOME = Tile("Today", "place")
SEARCH = Tile("Search", "search")
LAST = (Tile("Organisations", "organisations:listing"), Tile("Rulebook", "rulebook"))


@dataclass(frozen=True)
class Item:
    """One link of the furniture; ``current`` is what ``aria-current`` says when the reader is there."""

    text: str
    href: str
    current: str = ""


@dataclass(frozen=True)
class OtherPlace:
    """A place to which the reader may switch."""

    id: str
    title: str
    year: str
    href: str


@dataclass(frozen=True)
class Shell:
    """What the base template needs to draw the furniture."""

    user_name: str = ""
    roles: str = ""
    account: tuple[Item, ...] = ()
    sign_out: str = ""
    menu: tuple[Item, ...] = ()
    places: tuple[OtherPlace, ...] = ()
    scale: str = ""


def context(request: HttpRequest) -> dict[str, object]:
    """Give every template the furniture; somebody not signed in gets a bare page."""
    viewer: Viewer = getattr(request, "viewer", reads.PUBLIC)
    return {"shell": of(request, viewer) if viewer.signed_in else Shell()}


def of(request: HttpRequest, viewer: Viewer) -> Shell:
    """Give the furniture for a signed-in reader."""
    match = request.resolver_match
    kwargs = match.kwargs if match else {}
    place = kwargs.get("place") or rooms.place_of(kwargs.get("address", ""))
    roles = sorted(ROLES[role] for role in (viewer.roles_in(place) if place else viewer.roles))
    known = {each.id for each in open_places(viewer)}
    return Shell(
        user_name=viewer.actor.name,
        roles=", ".join(roles),
        account=(*_people(viewer), Item("Your account", reverse("account:password"))),
        sign_out=reverse("account:sign-out"),
        menu=_menu(viewer, place, request.path) if place in known else (),
        places=tuple(
            OtherPlace(each.id, each.title, each.year.label, reverse("place", kwargs={"place": each.id}))
            for each in open_places(viewer)
        ),
        scale=_scale(),
    )


def _scale() -> str:
    """What a reader of a demonstration must know of its size; nothing where it is as large as what it stands for."""
    ppm = demo.scale_ppm(settings.HOME)
    if ppm in (0, PPM):
        return ""
    share = percent_text(ppm, 4).removesuffix("%").rstrip("0").removesuffix(".")
    return f"Records of care, and what they cost, are {share} % of a true size; budgets are not made smaller."


def _people(viewer: Viewer) -> tuple[Item, ...]:
    return (Item("People", reverse("people:listing")),) if access.asker(viewer)("people:listing") else ()


def open_places(viewer: Viewer) -> list[PlaceInfo]:
    """The places in which the reader holds a role."""
    return [each for each in rooms.places() if {ANY_PLACE, each.id} & viewer.places]


def _menu(viewer: Viewer, place: str, path: str) -> tuple[Item, ...]:
    may = access.asker(viewer)
    tiles = [tile for tile in (HOME, SEARCH, *rooms.tiles(), *LAST) if may(tile.route, place=place)]
    links = [(tile.text, reverse(tile.route, kwargs={"place": place})) for tile in tiles]
    return tuple(Item(text, href, _here(href, path, is_home=at == 0)) for at, (text, href) in enumerate(links))


def _here(href: str, path: str, *, is_home: bool) -> str:
    """Say whether the reader is on the page, or on one below it; everything lies below home, so home is only itself."""
    if href == path:
        return "page"
    return "true" if path.startswith(f"{href}/") and not is_home else ""
