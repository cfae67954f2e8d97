"""Time stamps of the head of the log, and why one was not given: both are only added."""

from django.db import migrations, models

from openpbc.audit import triggers
from openpbc.audit.guarding import Guards


class Migration(migrations.Migration):
    """The tables and the database's own guards on them."""

    dependencies = [
        ("audit", "0003_events_by_day"),
    ]

    operations = [
        migrations.CreateModel(
            name="Stamp",
            fields=[
                ("sequence", models.BigIntegerField(primary_key=True, serialize=False)),
                ("hash", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("authority", models.CharField(max_length=253)),
                ("answer", models.BinaryField()),
            ],
            options={
                "ordering": ("sequence",),
            },
        ),
        migrations.CreateModel(
            name="StampTrouble",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.BigIntegerField()),
                ("why", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        Guards.either(triggers.STAMPS_SQLITE, triggers.STAMPS_POSTGRESQL),
    ]
