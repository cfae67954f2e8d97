"""Let what is arranged for single practices be kept, and keep the guard where the table is made anew."""

from django.db import migrations, models

from openpbc.audit.guarding import Guards
from openpbc.organisations import triggers


class Migration(migrations.Migration):
    """Two more kinds. SQLite copies the table to change its condition and loses its triggers; PostgreSQL keeps them."""

    dependencies = [("organisations", "0008_arrangement_guards")]
    operations = [
        migrations.RemoveConstraint(model_name="arrangement", name="arrangement_kind"),
        migrations.AddConstraint(
            model_name="arrangement",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("priorities", "function", "form", "cover", "level"))),
                name="arrangement_kind",
            ),
        ),
        Guards(lambda vendor: triggers.guards(vendor, triggers.ARRANGED) if vendor == "sqlite" else ()),
    ]
