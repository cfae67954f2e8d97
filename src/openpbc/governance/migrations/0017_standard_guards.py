"""Put the database's own guards on what groups say of themselves against the standard."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.governance import triggers


class Migration(migrations.Migration):
    """What groups say of themselves is only added."""

    dependencies = [
        ("governance", "0016_standard"),
    ]
    operations = [Guards(lambda vendor: list(triggers.kept("standardassessment", vendor)))]
