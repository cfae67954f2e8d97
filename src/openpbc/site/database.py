"""Setting up the database, or bringing it to this version."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from openpbc.site import wall
from openpbc.site.home import DATABASE


def missing_migrations() -> int:
    """Tell how many migrations the database lacks."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate_database() -> int:
    """Apply the migrations that are missing; give how many there were."""
    settings.HOME.mkdir(parents=True, exist_ok=True, mode=0o750)
    if connection.vendor == "sqlite":
        (settings.HOME / DATABASE).touch(mode=0o640)
    missing = missing_migrations()
    if missing:
        call_command("migrate", interactive=False, verbosity=0)
    else:
        wall.put_up()  # a version may add to the wall without changing a table
    return missing
