"""Keep which priorities of a group's own plan a case serves."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("redesign", "0019_tertiary_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="CasePriority",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unit", models.CharField(max_length=30)),
                ("code", models.CharField(max_length=20)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="priorities", to="redesign.case"
                    ),
                ),
            ],
            options={
                "ordering": ("unit", "code"),
                "constraints": [models.UniqueConstraint(fields=("case", "unit", "code"), name="case_priority_once")],
            },
        ),
    ]
