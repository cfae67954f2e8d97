"""Put the database's own guard on versions and steps of cases."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.redesign import triggers


class Migration(migrations.Migration):
    """What was handed in and what was done stays."""

    dependencies = [("redesign", "0001_cases")]
    operations = [Guards.either(triggers.SQLITE, triggers.POSTGRESQL)]
