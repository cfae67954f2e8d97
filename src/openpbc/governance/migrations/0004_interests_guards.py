"""Put the database's own guards on interests and what is said of them."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.governance import triggers

TABLES = ("interest", "interestevent", "nilreturn", "link", "matterparties", "ruling", "opening")


class Migration(migrations.Migration):
    """Interests are only added."""

    dependencies = [("governance", "0003_interests")]
    operations = [Guards(lambda vendor: [made for table in TABLES for made in triggers.kept(table, vendor)])]
