"""Put the database's own guards on appeals."""

from django.db import migrations

from openpbc.governance import triggers

TABLES = ("appeal", "appealend")


def guard(apps, schema_editor):
    """Create the triggers of the database in use."""
    for table in TABLES:
        for statement in triggers.kept(table, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Appeals and their ends are only added."""

    dependencies = [
        ("governance", "0010_appeals"),
    ]
    operations = [migrations.RunPython(guard)]
