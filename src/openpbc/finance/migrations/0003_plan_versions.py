"""Versions of the plan, their lines and their changes, with the database's own guards."""

import django.db.models.deletion
from django.db import migrations, models

from openpbc.audit.guarding import Guards
from openpbc.finance.models import plan_version_guards


class Migration(migrations.Migration):
    dependencies = [("finance", "0002_ledger_guards")]

    operations = [
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=60)),
                ("year", models.CharField(max_length=7)),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("state", models.CharField(default="draft", max_length=10)),
                ("dated", models.DateField()),
                ("scenario", models.CharField(blank=True, max_length=4000)),
                ("deposit_assumed", models.BigIntegerField(null=True)),
                ("parent", models.PositiveIntegerField(null=True)),
                ("basis", models.CharField(blank=True, max_length=120)),
                ("printed", models.JSONField(default=dict)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("made_by", models.CharField(max_length=200)),
                ("made_at", models.DateTimeField()),
                ("submitted_by", models.CharField(blank=True, max_length=200)),
                ("submitted_at", models.DateTimeField(null=True)),
                ("decision", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("place", "year", "number"), name="plan_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "approved")),
                        fields=("place", "year"),
                        name="plan_version_one_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("draft", "submitted", "approved", "superseded", "withdrawn"))
                        ),
                        name="plan_version_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("title", ""), _negated=True), ("revision__gte", 1)),
                        name="plan_version_named",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("draft", "withdrawn")),
                            models.Q(("scenario", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="plan_version_scenario",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("approved", "superseded")), _negated=True),
                            models.Q(("decision", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="plan_version_decision",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField()),
                ("what", models.CharField(max_length=400)),
                ("effect", models.BigIntegerField(default=0)),
                ("by", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="finance.planversion"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "revision"), name="plan_change_once"),
                    models.CheckConstraint(condition=models.Q(("what", ""), _negated=True), name="plan_change_told"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanVersionLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("code", models.CharField(max_length=60)),
                ("label", models.CharField(max_length=200)),
                ("section", models.CharField(max_length=20)),
                ("method", models.CharField(max_length=20)),
                ("recurrence", models.CharField(blank=True, max_length=20)),
                ("provisional", models.BooleanField(default=False)),
                ("amount", models.BigIntegerField()),
                ("base", models.BigIntegerField(null=True)),
                ("rate", models.BigIntegerField(null=True)),
                ("rate_source", models.CharField(blank=True, max_length=80)),
                ("origin", models.CharField(blank=True, max_length=20)),
                ("link", models.CharField(blank=True, max_length=60)),
                ("priority", models.CharField(blank=True, max_length=200)),
                ("scope", models.CharField(blank=True, max_length=3)),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("citation", models.CharField(blank=True, max_length=300)),
                ("heading", models.CharField(blank=True, max_length=60)),
                ("runs_on", models.BooleanField(default=False)),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="finance.planversion"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "code"), name="plan_version_line_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "section__in",
                                (
                                    "allocation",
                                    "outturn",
                                    "inflation",
                                    "full-year effect",
                                    "cost pressure",
                                    "investment",
                                    "saving",
                                    "reserve",
                                    "deposit",
                                ),
                            )
                        ),
                        name="plan_version_line_section",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "method__in",
                                (
                                    "entered",
                                    "uplift",
                                    "growth",
                                    "full-year effect",
                                    "cost pressure",
                                    "investment",
                                    "saving",
                                    "reserve",
                                ),
                            )
                        ),
                        name="plan_version_line_method",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recurrence__in", ("", "recurrent", "non-recurrent", "mixed", "one-off release"))
                        ),
                        name="plan_version_line_recurrence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ("", "business case", "new"))),
                        name="plan_version_line_origin",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ("", "in", "out"))), name="plan_version_line_scope"
                    ),
                ],
            },
        ),
        Guards.either(plan_version_guards.SQLITE, plan_version_guards.POSTGRESQL),
    ]
