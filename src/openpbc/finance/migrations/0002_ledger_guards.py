"""Put the database's own guards on the ledger."""

from django.db import migrations

from openpbc.finance import triggers


def guard(apps, schema_editor):
    """Create the triggers of the database in use."""
    statements = triggers.SQLITE if schema_editor.connection.vendor == "sqlite" else triggers.POSTGRESQL
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Rows that are only added, journals that add up to nought, accounts that are not overdrawn."""

    dependencies = [("finance", "0001_ledger")]
    operations = [migrations.RunPython(guard)]
