"""Put the database's own guards on interests and what is said of them."""

from django.db import migrations

from openpbc.governance import triggers

TABLES = ("interest", "interestevent", "nilreturn", "link", "matterparties", "ruling", "opening")


def guard(apps, schema_editor):
    """Create the triggers of the database in use."""
    for table in TABLES:
        for statement in triggers.kept(table, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Interests are only added."""

    dependencies = [("governance", "0003_interests")]
    operations = [migrations.RunPython(guard)]
