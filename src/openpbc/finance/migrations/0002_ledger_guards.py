"""Put the database's own guards on the ledger."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.finance import triggers


class Migration(migrations.Migration):
    """Rows that are only added, journals that add up to nought, accounts that are not overdrawn."""

    dependencies = [("finance", "0001_ledger")]
    operations = [Guards.either(triggers.SQLITE, triggers.POSTGRESQL)]
