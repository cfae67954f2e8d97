"""Put the database's own guard on membership."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.organisations import triggers


class Migration(migrations.Migration):
    """No overlap of one practice's membership on both clocks."""

    dependencies = [("organisations", "0001_initial")]
    operations = [Guards.either(triggers.SQLITE, triggers.POSTGRESQL)]
