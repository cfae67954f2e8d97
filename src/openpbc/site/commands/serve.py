"""Setting up the database, and serving the site."""

from __future__ import annotations

import contextlib
import socket
import threading

import click

from openpbc.kernel.problems import UserError
from openpbc.site.database import migrate_database, missing_migrations
from openpbc.site.privileges import refuse_unwalled

TIDY_EVERY = 900  # seconds
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@click.command()
def migrate() -> None:
    """Set up the database, or bring it to this version; on PostgreSQL also put up the wall between places.

    Run it as the owner of the tables.
    """
    done = migrate_database()
    click.echo(f"Applied {done} migrations." if done else "The database is up to date.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Processes; one a core is a good start.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the site. In use by many, put a proxy that ends TLS in front and set OPENPBC_URL.

    On PostgreSQL it is served only as a role for which the wall between places counts: neither superuser nor owner.
    """
    run_server(host, port, workers)


def run_server(host: str, port: int, workers: int) -> None:
    """Serve until stopped, after checking that it may be done."""
    if missing_migrations():
        raise UserError("the database is not set up, or is of an older version", do="Run openpbc migrate.")
    _refuse_public_demo(host)
    refuse_unwalled()
    refuse_taken_port(host, port)
    _tidy()
    from granian import Granian
    from granian.constants import Interfaces

    server = Granian(
        "openpbc.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=1,
        backpressure=64,
        websockets=False,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
    )
    stopped = threading.Event()
    threading.Thread(target=_keep_tidy, args=(stopped,), daemon=True).start()
    try:
        server.serve()
    finally:
        stopped.set()


def _refuse_public_demo(host: str) -> None:
    from openpbc.organisations import reads

    if host not in LOOPBACK and any(person.demo and person.active for person in reads.people()):
        raise UserError(
            "this home holds demo users, whose password everybody knows",
            host,
            "Serve it on 127.0.0.1, or use a home without demo users.",
        )


def refuse_taken_port(host: str, port: int) -> None:
    """Two servers could share a port and answer in turns; nobody would know which."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            where = f"{host}:{port}"
            raise UserError(
                f"the site cannot be served ({problem.strerror})", where, "Choose another --port."
            ) from problem


def _keep_tidy(stopped: threading.Event) -> None:
    """Tidy again and again while the site is served, so that nothing stays long past the hours that pages state."""
    from django.db import DatabaseError, connections

    while not stopped.wait(TIDY_EVERY):
        with contextlib.suppress(DatabaseError):  # a database that is busy or away is tidied next time
            _tidy()
        connections.close_all()


def _tidy() -> None:
    """Remove what no longer counts: ended sessions, receipts of old forms, old failed sign-ins, files nobody wants."""
    from django.contrib.sessions.backends.db import SessionStore

    from openpbc.activity.actions import sweep_drafts
    from openpbc.kernel.actor import SYSTEM
    from openpbc.organisations import actions
    from openpbc.site.idempotency import forget_old_receipts

    SessionStore.clear_expired()
    forget_old_receipts()
    actions.forget_attempts(by=SYSTEM)
    sweep_drafts(by=SYSTEM)
