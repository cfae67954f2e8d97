"""Put the guard of journals anew: what a year carried is taken back from the next year first."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.finance import triggers


class Migration(migrations.Migration):
    """A ledger that was made before gets the refusal too."""

    dependencies = [("finance", "0012_joint_work")]
    operations = [Guards(lambda vendor: triggers.again(vendor, "journal"))]
