"""Put the database's own guard on membership."""

from django.db import migrations

from openpbc.organisations import triggers


def guard(apps, schema_editor):
    """Create the triggers of the database in use."""
    statements = triggers.SQLITE if schema_editor.connection.vendor == "sqlite" else triggers.POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """No overlap of one practice's membership on both clocks."""

    dependencies = [("organisations", "0001_initial")]
    operations = [migrations.RunPython(guard)]
