"""Put the database's own guards on schemes of delegation and kept levels."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.governance import triggers

TABLES = ("scheme", "schemeforce", "matterlevel")


class Migration(migrations.Migration):
    """Schemes and levels are only added."""

    dependencies = [
        ("governance", "0007_delegation"),
    ]
    operations = [Guards(lambda vendor: [made for table in TABLES for made in triggers.kept(table, vendor)])]
