"""Put the database's own guard on milestones and on what hangs on them."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.redesign import triggers


class Migration(migrations.Migration):
    """What was said of a milestone stays."""

    dependencies = [("redesign", "0009_milestones")]
    operations = [Guards(lambda vendor: triggers.later(vendor, triggers.MILESTONES))]
