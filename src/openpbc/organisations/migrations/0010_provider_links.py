"""Let it be kept who co-ordinates a provider's contract, and keep the guard where the table is made anew."""

from django.db import migrations, models

from openpbc.audit.guarding import Guards
from openpbc.organisations import triggers

LINK = "organisations_link"
KINDS = (
    "commissioned_by", "network", "within", "part_of", "succeeded_by", "accounts_to", "inspected_by", "consults",
    "coordinated_by", "has_associate",
)  # fmt: skip


class Migration(migrations.Migration):
    """Two more kinds. SQLite copies the table to change its condition and loses its triggers; PostgreSQL keeps them."""

    dependencies = [("organisations", "0009_cover_of_practices")]
    operations = [
        migrations.RemoveConstraint(model_name="link", name="org_link_kind"),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="org_link_kind"),
        ),
        Guards(lambda vendor: triggers.guards(vendor, {LINK: triggers.GUARDED[LINK]}) if vendor == "sqlite" else ()),
    ]
