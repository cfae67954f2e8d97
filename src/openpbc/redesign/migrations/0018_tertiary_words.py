"""Keep what is said of cases and tertiary flows."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("redesign", "0017_consultation_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="TertiaryWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("changes", models.BooleanField()),
                ("asked_by", models.CharField(blank=True, max_length=20)),
                ("reason", models.CharField(max_length=500)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tertiary", to="redesign.case"
                    ),
                ),
            ],
            options={
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="tertiary_word_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("asked_by__in", ("", "specialised", "cancer")),
                            models.Q(("reason", ""), _negated=True),
                            models.Q(("changes", True), ("asked_by", ""), _connector="OR"),
                        ),
                        name="tertiary_word_reasoned",
                    ),
                ],
            },
        ),
    ]
