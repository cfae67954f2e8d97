"""Put the database's own guards on signed route maps."""

from django.db import migrations

from openpbc.audit.guarding import Guards
from openpbc.governance import triggers


class Migration(migrations.Migration):
    """Signed route maps are only added."""

    dependencies = [
        ("governance", "0018_route_maps"),
    ]
    operations = [Guards(lambda vendor: list(triggers.kept("routemap", vendor)))]
