"""Put the database's own guards on terms of reference, declarations, votes and the record of decisions."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.governance import triggers

TABLES = ("terms", "declaration", "decisionrecord", "minutes")


def guards(vendor):
    """Keep what is only added, and the order of a meeting."""
    kept = [made for table in TABLES for made in triggers.kept(table, vendor)]
    return [*kept, *triggers.meetings(vendor)]


class Migration(migrations.Migration):
    """What was decided stays as it was decided."""

    dependencies = [("governance", "0005_meetings")]
    operations = [Guards(guards)]
