"""The names that a service task of a diagram may call: each room registers its own functions, nothing else can run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from openpbc.kernel.problems import UserError

Fact = str | int | bool | None
# Takes the facts that the case holds and gives those to store.
Service = Callable[[Mapping[str, Fact]], Mapping[str, Fact]]

_registered: dict[str, Service] = {}


def register(room: str, services: Mapping[str, Service]) -> None:
    """Let diagrams call a room's functions as ``room.name``; a name is given once."""
    for name, service in services.items():
        key = f"{room}.{name}"
        if _registered.get(key, service) is not service:
            raise TypeError(f"the service {key} is registered twice")
        _registered[key] = service


def registered() -> frozenset[str]:
    """Give the names that a diagram may call."""
    return frozenset(_registered)


def service(name: str) -> Service:
    """Give a registered function."""
    if name not in _registered:
        raise UserError(f"the program knows no service '{name}'", do="Use another diagram.")
    return _registered[name]
