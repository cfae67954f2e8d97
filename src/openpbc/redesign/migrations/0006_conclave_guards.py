"""Put the database's own guard on reports of the conclave and on their receipts."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.redesign import triggers


class Migration(migrations.Migration):
    """Reports and receipts are only added."""

    dependencies = [("redesign", "0005_conclave")]
    operations = [Guards(lambda vendor: triggers.later(vendor, triggers.CONCLAVE))]
