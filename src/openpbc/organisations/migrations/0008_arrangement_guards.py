"""Put the database's own guard on arrangements: one of each at a time, on both clocks."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.organisations import triggers


class Migration(migrations.Migration):
    """No overlap of one area, function or group, on both clocks."""

    dependencies = [("organisations", "0007_group_forms")]
    operations = [Guards(lambda vendor: triggers.guards(vendor, triggers.ARRANGED))]
