"""Put the database's own guard on what supporters said."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.redesign import triggers


class Migration(migrations.Migration):
    """What a supporter said of an element is only added."""

    dependencies = [("redesign", "0012_supporters")]
    operations = [Guards(lambda vendor: triggers.later(vendor, triggers.SUPPORT))]
