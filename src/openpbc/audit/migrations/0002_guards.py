"""Put the database's own guards on the log."""

from django.db import migrations

from openpbc.audit import triggers
from openpbc.audit.guarding import Guards


class Migration(migrations.Migration):
    """Insert-only events, a head that only moves forward."""

    dependencies = [("audit", "0001_initial")]
    operations = [Guards.either(triggers.SQLITE, triggers.POSTGRESQL)]
