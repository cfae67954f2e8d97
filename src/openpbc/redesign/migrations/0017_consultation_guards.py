"""Put the database's own guard on notes of consultation and on how intentions stand."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.redesign import triggers


class Migration(migrations.Migration):
    """Both are only added."""

    dependencies = [("redesign", "0016_consultations")]
    operations = [Guards(lambda vendor: triggers.later(vendor, triggers.CONSULTING))]
