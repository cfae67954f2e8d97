"""Put the database's own guard on organisations and links: one of each at a time, on both clocks."""

from django.db import migrations

from openpbc.organisations import triggers


def guard(apps, schema_editor):
    """Create the triggers of the database in use."""
    for statement in triggers.guards(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """No overlap of one organisation, or of one link, on both clocks."""

    dependencies = [("organisations", "0004_register")]
    operations = [migrations.RunPython(guard)]
