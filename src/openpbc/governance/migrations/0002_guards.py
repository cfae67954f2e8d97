"""Put the database's own guard on decisions."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.governance import triggers


class Migration(migrations.Migration):
    """Decisions are only added."""

    dependencies = [("governance", "0001_initial")]
    operations = [Guards.either(triggers.SQLITE, triggers.POSTGRESQL)]
