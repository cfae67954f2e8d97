"""Put the database's own guard on versions and steps of cases."""

from django.db import migrations

from openpbc.redesign import triggers


def guard(apps, schema_editor):
    """Create the triggers of the database in use."""
    statements = triggers.SQLITE if schema_editor.connection.vendor == "sqlite" else triggers.POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """What was handed in and what was done stays."""

    dependencies = [("redesign", "0001_cases")]
    operations = [migrations.RunPython(guard)]
