"""Put the database's own guards on schemes of delegation and kept levels."""

from django.db import migrations

from openpbc.governance import triggers

TABLES = ("scheme", "schemeforce", "matterlevel")


def guard(apps, schema_editor):
    """Create the triggers of the database in use."""
    for table in TABLES:
        for statement in triggers.kept(table, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Schemes and levels are only added."""

    dependencies = [
        ("governance", "0007_delegation"),
    ]
    operations = [migrations.RunPython(guard)]
