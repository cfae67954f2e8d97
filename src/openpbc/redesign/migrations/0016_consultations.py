"""Keep notes of consultation, and how people say that commissioning intentions stand."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("redesign", "0015_public_reason_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=60)),
                ("number", models.PositiveIntegerField()),
                ("about", models.CharField(max_length=120)),
                ("body", models.CharField(max_length=30)),
                ("asked", models.BooleanField()),
                ("on", models.DateField(null=True)),
                ("said", models.CharField(max_length=500)),
                ("synthetic", models.BooleanField(default=False)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ("number",),
                "indexes": [models.Index(fields=["place", "about"], name="consultation_about")],
                "constraints": [
                    models.UniqueConstraint(fields=("place", "number"), name="consultation_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("said", ""), _negated=True),
                            models.Q(("body", ""), _negated=True),
                            models.Q(("about", ""), _negated=True),
                        ),
                        name="consultation_said",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked", True), ("on__isnull", False)),
                            models.Q(("asked", False), ("on__isnull", True)),
                            _connector="OR",
                        ),
                        name="consultation_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IntentionState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=60)),
                ("key", models.CharField(max_length=20)),
                ("number", models.PositiveIntegerField()),
                ("state", models.CharField(max_length=20)),
                ("reason", models.CharField(max_length=500)),
                ("synthetic", models.BooleanField(default=False)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ("key", "number"),
                "constraints": [
                    models.UniqueConstraint(fields=("place", "key", "number"), name="intention_state_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("open", "under way", "done", "given up")),
                            models.Q(("reason", ""), _negated=True),
                        ),
                        name="intention_state_reasoned",
                    ),
                ],
            },
        ),
    ]
