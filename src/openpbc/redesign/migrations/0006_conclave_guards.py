"""Put the database's own guard on reports of the conclave and on their receipts."""

from django.db import migrations

from openpbc.redesign import triggers


def guard(apps, schema_editor):
    """Create the triggers of the database in use."""
    for statement in triggers.later(schema_editor.connection.vendor, triggers.CONCLAVE):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Reports and receipts are only added."""

    dependencies = [("redesign", "0005_conclave")]
    operations = [migrations.RunPython(guard)]
