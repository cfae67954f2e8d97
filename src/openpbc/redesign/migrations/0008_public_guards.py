"""Put the database's own guard on what the public was told."""

from django.db import migrations

from openpbc.redesign import triggers


def guard(apps, schema_editor):
    """Create the triggers of the database in use."""
    for statement in triggers.later(schema_editor.connection.vendor, triggers.PUBLIC):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """What was published stays."""

    dependencies = [("redesign", "0007_public_summaries")]
    operations = [migrations.RunPython(guard)]
