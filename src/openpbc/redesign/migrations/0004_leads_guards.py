"""Put the database's own guard on commissioning leads and on what was handed over."""

from django.db import migrations

from openpbc.redesign import triggers


def guard(apps, schema_editor):
    """Create the triggers of the database in use."""
    for statement in triggers.later(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Who led, and what was handed over, stays."""

    dependencies = [
        ("redesign", "0003_commissioning_leads"),
    ]
    operations = [migrations.RunPython(guard)]
