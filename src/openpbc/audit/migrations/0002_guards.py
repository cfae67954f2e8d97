"""Put the database's own guards on the log."""

from django.db import migrations

from openpbc.audit import triggers


def guard(apps, schema_editor):
    """Create the triggers of the database in use."""
    statements = triggers.SQLITE if schema_editor.connection.vendor == "sqlite" else triggers.POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Insert-only events, a head that only moves forward."""

    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(guard)]
