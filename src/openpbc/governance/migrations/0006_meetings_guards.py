"""Put the database's own guards on terms of reference, declarations, votes and the record of decisions."""

from django.db import migrations

from openpbc.governance import triggers

TABLES = ("terms", "declaration", "decisionrecord", "minutes")


def guard(apps, schema_editor):
    """Create the triggers of the database in use."""
    vendor = schema_editor.connection.vendor
    for table in TABLES:
        for statement in triggers.kept(table, vendor):
            schema_editor.execute(statement, params=None)
    for statement in triggers.meetings(vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """What was decided stays as it was decided."""

    dependencies = [("governance", "0005_meetings")]
    operations = [migrations.RunPython(guard)]
