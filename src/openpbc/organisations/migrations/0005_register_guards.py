"""Put the database's own guard on organisations and links: one of each at a time, on both clocks."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.organisations import triggers


class Migration(migrations.Migration):
    """No overlap of one organisation, or of one link, on both clocks."""

    dependencies = [("organisations", "0004_register")]
    operations = [Guards(triggers.guards)]
