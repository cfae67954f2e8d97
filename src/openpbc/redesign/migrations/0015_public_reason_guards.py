"""Put the database's own guard on the reasons that the public was told."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.redesign import triggers


class Migration(migrations.Migration):
    """What was published stays."""

    dependencies = [("redesign", "0014_public_reasons")]
    operations = [Guards(lambda vendor: triggers.later(vendor, triggers.PUBLIC_REASONS))]
