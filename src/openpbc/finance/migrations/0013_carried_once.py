"""Put the guard of journals anew: what a year carried is taken back from the next year first."""

from django.db import migrations

from openpbc.finance import triggers


def guard(apps, schema_editor):
    """Replace the trigger of new journals by the one that knows of years' ends."""
    for statement in triggers.again(schema_editor.connection.vendor, "journal"):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """A ledger that was made before gets the refusal too."""

    dependencies = [("finance", "0012_joint_work")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
