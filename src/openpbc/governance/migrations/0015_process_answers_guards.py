"""Put the database's own guards on what groups say of the process."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.governance import triggers


class Migration(migrations.Migration):
    """What groups say of the process is only added."""

    dependencies = [
        ("governance", "0014_process_answers"),
    ]
    operations = [Guards(lambda vendor: list(triggers.kept("processanswer", vendor)))]
