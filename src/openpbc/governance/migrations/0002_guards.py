"""Put the database's own guard on decisions."""

from django.db import migrations

from openpbc.governance import triggers


def guard(apps, schema_editor):
    """Create the triggers of the database in use."""
    statements = triggers.SQLITE if schema_editor.connection.vendor == "sqlite" else triggers.POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Decisions are only added."""

    dependencies = [("governance", "0001_initial")]
    operations = [migrations.RunPython(guard)]
