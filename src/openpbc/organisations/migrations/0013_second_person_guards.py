"""Put the database's own guards on acts that wait for a second person."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.organisations import triggers


class Migration(migrations.Migration):
    """What was put up and what was answered is only added."""

    dependencies = [("organisations", "0012_second_person")]
    operations = [Guards(lambda vendor: triggers.kept(("secondasked", "secondanswered"), vendor))]
