"""Put the database's own guard on commissioning leads and on what was handed over."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.redesign import triggers


class Migration(migrations.Migration):
    """Who led, and what was handed over, stays."""

    dependencies = [
        ("redesign", "0003_commissioning_leads"),
    ]
    operations = [Guards(triggers.later)]
