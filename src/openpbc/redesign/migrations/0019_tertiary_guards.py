"""Put the database's own guard on what was said of tertiary flows."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.redesign import triggers


class Migration(migrations.Migration):
    """It is only added."""

    dependencies = [("redesign", "0018_tertiary_words")]
    operations = [Guards(lambda vendor: triggers.later(vendor, triggers.TERTIARY))]
