"""Put the database's own guard on diagrams and on the list of versions."""

from django.db import migrations

from openpbc.casework import triggers


def guard(apps, schema_editor):
    """Create the triggers of the database in use."""
    statements = triggers.SQLITE if schema_editor.connection.vendor == "sqlite" else triggers.POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Diagrams are only added."""

    dependencies = [("casework", "0001_initial")]
    operations = [migrations.RunPython(guard)]
