"""Put the database's own guards on who took part in a decision."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.governance import triggers


class Migration(migrations.Migration):
    """Who took part is only added."""

    dependencies = [
        ("governance", "0012_deciders"),
    ]
    operations = [Guards(lambda vendor: list(triggers.kept("decider", vendor)))]
