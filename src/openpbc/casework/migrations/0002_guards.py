"""Put the database's own guard on diagrams and on the list of versions."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.casework import triggers


class Migration(migrations.Migration):
    """Diagrams are only added."""

    dependencies = [("casework", "0001_initial")]
    operations = [Guards.either(triggers.SQLITE, triggers.POSTGRESQL)]
