"""Put the database's own guards on appeals."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.governance import triggers

TABLES = ("appeal", "appealend")


class Migration(migrations.Migration):
    """Appeals and their ends are only added."""

    dependencies = [
        ("governance", "0010_appeals"),
    ]
    operations = [Guards(lambda vendor: [made for table in TABLES for made in triggers.kept(table, vendor)])]
